"""Sealing: each audit entry gets a keyed hash that also covers the hash before it, so that the chain shows tampering.

Writers never wait for the chain: a job seals what they wrote a few seconds later, and copies the head of the chain to a
file outside the database (`anchor`), against which a cut tail shows.
"""

import hmac
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Func, QuerySet

from guanxi.platform.audit.keys import audit_key
from guanxi.platform.audit.models import AuditEntry, AuditSeal
from guanxi.platform.audit.texts import IdText, JsonText, MomentText
from guanxi.platform.calendar import now

# A transaction gets its entry's number before it commits, so that a lower number may show up after a higher one was
# sealed. The database ends transactions after a minute; an hour is ample.
LATE_COMMIT = timedelta(hours=1)

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def sealed_values(prefix: str = "") -> list[Func | F]:
    """What of an entry is sealed, as expressions for `values_list`: the number and then texts or None.

    The texts are the same on every database. `prefix` leads to the entry ("entry__").
    """
    return [
        F(f"{prefix}id"),
        MomentText(f"{prefix}at"),
        IdText(f"{prefix}actor_id"),
        *(F(f"{prefix}{name}") for name in ("actor_name", "source", "action", "module")),
        IdText(f"{prefix}record_id"),
        *(F(f"{prefix}{name}") for name in ("record_label", "reason", "outcome")),
        IdText(f"{prefix}batch"),
        F(f"{prefix}address"),
        IdText(f"{prefix}token"),
        F(f"{prefix}token_name"),
        JsonText(f"{prefix}changes"),
        JsonText(f"{prefix}decision"),
    ]


def link_hash(key: bytes, seq: int, sealed_at: str, previous: str, entry: Sequence[Any]) -> str:
    """The hash of one link over its place, its time (as `MomentText` gives it), the link before and `sealed_values`."""
    *columns, token, token_name, changes, decision = entry
    # Entries were sealed before there were access tokens: one that names none is sealed as they were.
    if token is not None or token_name is not None:
        columns += [token, token_name]
    # Databases store JSON in different ways; only its meaning is sealed.
    meaning = [seq, sealed_at, previous, columns, json.loads(changes), decision and json.loads(decision)]
    return hmac.digest(key, _encode(meaning).encode("ascii"), "sha256").hex()


def seal_pending(limit: int = 5000) -> int:
    """Seal up to `limit` entries, the lowest numbers first; returns how many.

    Of two sealers at once one wins and the other returns 0: no place in the chain exists twice.
    """
    key = audit_key()
    try:
        with transaction.atomic():
            head = _head()
            links = _links_after(head, key, pending().order_by("id").values_list(*sealed_values())[:limit])
            AuditSeal.objects.bulk_create(links, batch_size=1000)
    except IntegrityError:
        return 0
    return len(links)


def pending() -> QuerySet[AuditEntry]:
    """The entries that wait for their seal: none, unless they could still have been under way an hour ago."""
    return AuditEntry.objects.filter(seal__isnull=True, id__gt=settled_number())


def settled_number() -> int:
    """The entry number up to which everything was written long enough ago to be sealed; 0 at the beginning."""
    head = _head()
    if head is None:
        return 0
    settled = AuditSeal.objects.filter(sealed_at__lte=head.sealed_at - LATE_COMMIT).order_by("-seq")
    return settled.values_list("entry_id", flat=True).first() or 0


def anchor_file() -> Path:
    """Where the heads of the chain are kept outside the database: one line "time seq hash" each."""
    return Path(settings.DATA) / "audit-anchors.log"


def anchor() -> str | None:
    """Append the head of the chain to the anchor file when it has moved; returns the line, or None when it has not."""
    head = _head()
    if head is None:
        return None
    anchors = read_anchors()
    if anchors and anchors[-1] == (head.seq, head.hash):
        return None
    line = f"{now().isoformat()} {head.seq} {head.hash}"
    with os.fdopen(os.open(anchor_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def read_anchors() -> list[tuple[int, str]]:
    """The anchored heads (seq, hash), oldest first. A line that is none raises ValueError naming it."""
    try:
        lines = anchor_file().read_text().splitlines()
    except FileNotFoundError:
        return []
    return [_anchor(number, line) for number, line in enumerate(lines, start=1)]


def _anchor(number: int, line: str) -> tuple[int, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not parts[1].isdecimal():
        raise ValueError(f"line {number}")
    return int(parts[1]), parts[2]


def _head() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-seq").first()


def _links_after(head: AuditSeal | None, key: bytes, entries: QuerySet[AuditEntry, Any]) -> list[AuditSeal]:
    seq, previous, sealed_at = (head.seq, head.hash, max(now(), head.sealed_at)) if head else (0, "", now())
    sealed_text = _moment_text(sealed_at)
    links = []
    for entry in entries:
        seq += 1
        digest = link_hash(key, seq, sealed_text, previous, entry)
        links.append(AuditSeal(seq=seq, entry_id=entry[0], sealed_at=sealed_at, hash=digest, previous=previous))
        previous = digest
    return links


def _moment_text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
