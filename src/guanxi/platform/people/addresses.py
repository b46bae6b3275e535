"""From where a request comes: the socket's own peer, unless that is a proxy of ours and tells whom it speaks for."""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LENGTH = 45


def client_address(meta: Mapping[str, str]) -> str:
    """The address that lock-outs and the audit go by. `meta`: the request's, as WSGI gives it.

    X-Forwarded-For is read from its end, and only through addresses named in TRUSTED_PROXIES: anybody can write the
    rest of it.
    """
    peer = str(meta.get("REMOTE_ADDR", ""))
    trusted = trusted_networks(tuple(settings.TRUSTED_PROXIES))
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
    address = peer
    while hops and _within(address, trusted):
        before = hops.pop()
        if _parsed(before) is None:
            break
        address = before
    return address[:LENGTH]


@lru_cache(maxsize=4)
def trusted_networks(given: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks of the setting; ValueError for what is none."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in given if text.strip())


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether the address lies in one of the networks, which are given as settings have them ("10.0.0.0/8")."""
    return _within(address, trusted_networks(tuple(networks)))


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
