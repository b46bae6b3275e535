"""The versions of a document's file: which it was from when on, who put it there, why, and who agreed (ARC-24)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guanxi.platform.audit import entries, erasures
from guanxi.platform.files.models import StoredFile
from guanxi.records import history
from guanxi.rooms.dossiers.models import Document

DOCUMENT = "dossiers.document"
#: So many entries of a document's trail are read: more than anybody makes versions of a paper.
MOST = 400


@dataclass(frozen=True)
class FileVersion:
    """One version of a document's file. `number` counts from the first; `file_id` is None once the bytes are gone."""

    number: int
    file_id: UUID | None
    name: str
    since: datetime.datetime
    actor: str
    reason: str
    approved_by: tuple[str, ...]
    is_current: bool


def versions_of(document: Document) -> list[FileVersion]:
    """Every version of the file, the newest first; the trail of the document is what tells of them.

    Who may see the document may see them: give it a document that came through a person's scope.
    """
    told = [entry for entry in entries.newest(DOCUMENT, document.pk, MOST) if entry.outcome == "done"]
    changes = [(entry, entry.changes["file"][1]) for entry in erasures.veil(told) if "file" in (entry.changes or {})]
    named = [(entry, new) for entry, new in changes if isinstance(new, Mapping) and "id" in new]
    there = _there([new["id"] for _entry, new in named])
    return [
        FileVersion(
            number=len(named) - at,
            file_id=UUID(new["id"]) if new["id"] in there else None,
            name=str(new.get("title", "")),
            since=entry.at,
            actor=entry.actor_name,
            reason=entry.reason,
            approved_by=history.approved_by(entry),
            is_current=str(document.file_id) == new["id"],
        )
        for at, (entry, new) in enumerate(named)
    ]


def _there(keys: list[Any]) -> set[str]:
    found = StoredFile.objects.filter(pk__in=keys, deleted_at=None).values_list("pk", flat=True) if keys else ()
    return {str(key) for key in found}
