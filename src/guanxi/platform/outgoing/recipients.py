"""To whom anything may leave: the hosts that the operator has registered. Without any, nothing leaves.

`GUANXI_OUTGOING` names them, separated by commas: "hooks.example.com", "erp.example.com:8443", "*.example.cn", or "*"
for every public host. Without a port 443 and 80 are meant. Pages cannot widen this list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.conf import settings
from django.core.checks import CheckMessage, Error

USUAL_PORTS = frozenset({443, 80})
EVERYBODY = "*"
_ENTRY = re.compile(r"(?P<host>\*|(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?")

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Recipient:
    """One registered host, or the hosts below a domain, with the ports that may be spoken to."""

    host: str
    ports: frozenset[int] = USUAL_PORTS

    def covers(self, host: str, port: int) -> bool:
        """Whether a host (in lower case, without a dot at its end) at a port is meant."""
        if port not in self.ports:
            return False
        if self.host == EVERYBODY:
            return True
        return host.endswith(self.host[1:]) if self.host.startswith("*.") else host == self.host


@dataclass(frozen=True)
class Recipients:
    """Everybody to whom something may leave, and the networks of the company that are reachable beyond public ones."""

    hosts: tuple[Recipient, ...] = ()
    networks: tuple[Network, ...] = ()

    def cover(self, host: str, port: int) -> bool:
        """Whether this host is registered for this port."""
        return any(recipient.covers(host, port) for recipient in self.hosts)


def registered() -> Recipients:
    """The recipients of this installation."""
    return Recipients(
        tuple(recipients_in(settings.OUTGOING)), tuple(ip_network(text) for text in settings.OUTGOING_NETWORKS)
    )


def recipients_in(entries: Iterable[str]) -> Iterator[Recipient]:
    """The recipients that these entries of the setting name. Raises ValueError for one that cannot be read."""
    for entry in entries:
        match = _ENTRY.fullmatch(entry.strip().lower())
        if match is None:
            raise ValueError(f"GUANXI_OUTGOING: “{entry}” is not a host name with an optional port")
        ports = frozenset({int(match["port"])}) if match["port"] else USUAL_PORTS
        yield Recipient(match["host"].strip("[]"), ports)


def check_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A misspelt recipient is told when the program starts, not when the first message is refused."""
    try:
        registered()
    except ValueError as problem:
        return [Error(str(problem), id="guanxi.E010")]
    return []
