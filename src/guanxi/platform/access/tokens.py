"""Access tokens: making their secret, and finding out whose call it is that shows one."""

import hashlib
import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from guanxi.platform.access.models import AccessToken, TokenUse
from guanxi.platform.access.rights import Limits
from guanxi.platform.calendar import local

PREFIX = "gx_"
SECRET_BYTES = 32
HINT_LENGTH = 7
#: How long a token may be valid, in days.
LONGEST = 366
#: How long one is valid unless its owner says otherwise, in days.
USUAL = 90
#: How old "last used" may become before a call renews it.
USED_EVERY = timedelta(minutes=1)
READING = "view"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class UsedToken:
    """Which token a call came through, as the audit keeps it: the id, and the name of that moment."""

    id: UUID
    name: str

    def __str__(self) -> str:
        return self.name

    def as_dict(self) -> dict[str, str]:
        """JSON, to be kept with what goes on later."""
        return {"id": str(self.id), "name": self.name}

    @classmethod
    def from_dict(cls, kept: Mapping[str, str]) -> "UsedToken":
        """The token that `as_dict` gave."""
        return cls(UUID(kept["id"]), kept["name"])


def new_secret() -> str:
    """A secret of 256 random bits, recognisable as ours by whoever finds it where it should not be."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a secret. A plain hash is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint_of(secret: str) -> str:
    """The beginning of a secret, by which its owner recognises it."""
    return secret[:HINT_LENGTH]


def latest_day(today: date) -> date:
    """The last day up to which a token made today may be valid."""
    return today + timedelta(days=LONGEST)


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list as people type it (separated by commas, blanks or lines) or choose it (|a|b|), each once."""
    for sign in "，、;；|\n":
        text = text.replace(sign, ",")
    return tuple(dict.fromkeys(part.strip() for part in text.replace(" ", ",").split(",") if part.strip()))


def network_of(text: str) -> Network:
    """One address or network; raises ValueError for anything else."""
    return ipaddress.ip_network(text, strict=False)


def find(secret: str, address: str, at: datetime, use: str = TokenUse.PROGRAM) -> AccessToken | None:
    """The token of this secret if it may be used now, by this door, from this network address, with its owner; or None.

    Whether it never existed, expired, was revoked, is used from elsewhere, was made for another door, or belongs to
    somebody who may not log in is not told apart.
    """
    if not secret.startswith(PREFIX):
        return None
    tokens = AccessToken.objects.select_related("owner").filter(digest=digest_of(secret), use=use, deleted_at=None)
    token = tokens.first()
    return token if token is not None and _is_usable(token, address, at) else None


def _is_usable(token: AccessToken, address: str, at: datetime) -> bool:
    owner = token.owner
    return (
        token.revoked_at is None
        and local(at).date() <= token.expires_on
        and owner.is_active
        and owner.deleted_at is None
        and _admits(listed(token.addresses), address)
    )


def _admits(networks: Iterable[str], address: str) -> bool:
    allowed = [network_of(text) for text in networks]
    if not allowed:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(caller, "ipv4_mapped", None)
    return any((mapped or caller) in network for network in allowed)


def limits_of(token: AccessToken) -> Limits:
    """What the token leaves of its owner's rights. Who may do something to a record may also see it."""
    actions = frozenset({READING}) if token.read_only else frozenset(listed(token.actions))
    return Limits(frozenset(listed(token.modules)), actions | {READING} if actions else actions)


def mark_used(token: AccessToken, address: str, at: datetime) -> None:
    """Note when and from where it was used, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - USED_EVERY:
        AccessToken.objects.filter(stale, pk=token.pk).update(last_used_at=at, last_used_from=address[:45])
