"""Where an address really leads: one strict reading of it, and a check of every network address behind its name.

A program inside a company's network must not be made to ask that network on somebody else's behalf. So what does not
lead to a public address is refused, however it is written: loopback, private and link-local networks, the metadata
services of clouds, and all of these wrapped into IPv6.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.outgoing.recipients import Recipients

Address = IPv4Address | IPv6Address

MAX_LENGTH = 500
_PORTS = {"http": 80, "https": 443}
# Nothing that two programs could read differently: no user part, no backslash, no fragment, no blank.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/?#@\\\[\]:%]+|\[[0-9a-fA-F:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!-~]*|\?[!-~]*)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "home.arpa")

#: Not marked as special by the standard library, and still not the public internet.
_CLOSED = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # between provider and customer; one cloud's metadata service
        "168.63.129.16/32",  # a cloud's host agent
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "::/96",  # IPv4 in IPv6, the oldest way
        "64:ff9b:1::/48",  # local translation between IPv4 and IPv6
        "2001::/32",  # Teredo: carries an IPv4 address of anybody's choice
        "2001:20::/28",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",  # site-local, withdrawn and still routed
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True)
class Target:
    """An address taken apart: `host` in ASCII, lower case, without a dot at its end; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> Address | None:
        """The host as a network address, where it is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def target_of(url: str) -> Target:
    """The address taken apart. Raises Invalid for all that is not plainly http(s)://host[:port]/path."""
    match = _URL.fullmatch(url.strip()) if len(url) <= MAX_LENGTH else None
    if match is None:
        raise Invalid(Message("Give a full address that begins with https:// or http://, without user name."))
    scheme = match["scheme"].lower()
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not 0 < port < 65536:
        raise Invalid(Message("%(port)s is not a port.", port=str(port)))
    path = match["path"] or "/"
    return Target(scheme, host_of(match["host"]), port, path if path.startswith("/") else f"/{path}")


def host_of(text: str) -> str:
    """A host as somebody wrote it, in the one way in which it is compared. Raises Invalid for what is none."""
    if text.startswith("["):
        try:
            return str(ip_address(text[1:-1]))
        except ValueError:
            raise _unreadable(text) from None
    try:
        host = text.rstrip(".").encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        raise _unreadable(text) from None
    if _is_number(host):
        try:
            return str(IPv4Address(host))
        except ValueError:
            # 127.1, 0177.0.0.1, 0x7f000001, 2130706433: read as addresses by some programs and as names by others.
            raise _unreadable(text) from None
    if not _NAME.fullmatch(host):
        raise _unreadable(text)
    return host


def _is_number(host: str) -> bool:
    """Whether the resolver would take this for an address rather than a name, in whichever notation."""
    last = host.rpartition(".")[2]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _unreadable(host: str) -> Invalid:
    return Invalid(Message("“%(host)s” is not a host that can be reached.", host=host[:80]))


def require_registered(target: Target, recipients: Recipients) -> None:
    """Refuse, without asking the network, a host that is not registered or plainly not a public one. Raises Invalid."""
    if not recipients.cover(target.host, target.port):
        raise Invalid(
            Message(
                "Nothing may be sent to %(host)s, port %(port)s: the operator has not registered it as a recipient.",
                host=target.host,
                port=str(target.port),
            )
        )
    if target.literal is not None:
        require_open([target.literal], target.host, recipients)
    elif any(target.host == name or target.host.endswith(f".{name}") for name in _LOCAL_NAMES) and not (
        recipients.networks
    ):
        raise _closed(target.host)


def require_open(addresses: Sequence[Address], host: str, recipients: Recipients) -> None:
    """Refuse a host when any one of its addresses is not public nor of a network of the company. Raises Invalid."""
    if not addresses or not all(is_open(address, recipients) for address in addresses):
        raise _closed(host)


def _closed(host: str) -> Invalid:
    return Invalid(Message("%(host)s does not lead to a public address; nothing is sent there.", host=host))


def is_open(address: Address, recipients: Recipients) -> bool:
    """Whether something may be sent to this network address."""
    meant = _meant(address)
    if any(meant.version == network.version and meant in network for network in recipients.networks):
        return True
    return is_public(address)


def is_public(address: Address) -> bool:
    """Whether this is an address of the public internet; of one that wraps another, whether the wrapped one is."""
    meant = _meant(address)
    if meant is not address:
        return is_public(meant)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return not (isinstance(address, IPv6Address) and (int(address) >> 32) & 0xFFFFFFFF in _ISATAP)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def lookup(host: str, port: int) -> list[Address]:
    """Every network address that the host's name stands for now, each once. Raises OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(place[4][0])) for place in found))


def resolve(target: Target, recipients: Recipients, seconds: float) -> list[Address]:
    """The checked addresses of a target, asked for once.

    Raises Invalid when one of them must not be spoken to, OSError when the name is not known or not in time.
    """
    literal = target.literal
    addresses = [literal] if literal is not None else _lookup_within(target, seconds)
    require_open(addresses, target.host, recipients)
    return addresses


def _lookup_within(target: Target, seconds: float) -> list[Address]:
    """The resolver has no time limit of its own: it is asked in a thread that we do not wait for longer."""
    answers: list[list[Address] | OSError] = []

    def ask() -> None:
        try:
            answers.append(lookup(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=ask, daemon=True, name="name-lookup")
    thread.start()
    thread.join(max(0.0, seconds))
    if not answers:
        raise TimeoutError(f"the address of {target.host} was not found in time")
    answer = answers[0]
    if isinstance(answer, OSError):
        raise answer
    return answer
