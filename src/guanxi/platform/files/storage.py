"""Keeping files: their bytes in the store of files, their rows in the database."""

import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db.models import ProtectedError, QuerySet

from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.files.chosen import depot, is_on_disk
from guanxi.platform.files.content import content_type_of
from guanxi.platform.files.depot import require_no_transaction
from guanxi.platform.files.disk import DiskDepot
from guanxi.platform.files.drafts import clear, draft
from guanxi.platform.files.holding import held
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.names import display_name, with_extension
from guanxi.platform.files.pictures import FORMATS, redraw
from guanxi.platform.files.room import megabytes, require_room
from guanxi.platform.files.scanning import scan
from guanxi.platform.people.models import Person

CHUNK_BYTES = 256 * 1024
# Longer than any transaction lives: younger files may belong to a row that is not committed yet.
ORPHAN_AGE = timedelta(days=1)


class Readable(Protocol):
    """Anything that gives its bytes piece by piece: an upload, an open file."""

    def read(self, size: int = -1, /) -> bytes: ...


def store(
    content: Readable | bytes,
    name: str,
    by: Person | None,
    at: datetime,
    kind: str = StoredFile.Kind.ATTACHMENT,
    module: str = "",
    record_id: uuid.UUID | None = None,
    limit: int | None = None,
    *,
    with_row: bool = True,
) -> StoredFile:
    """Keep a file: its bytes, before any transaction, then its row.

    `content`: bytes or something readable; `name`: as the person calls it; `by`: who gave it (None: the system);
    `module` and `record_id`: the record it belongs to; `limit`: most bytes, by default settings.MAX_UPLOAD_BYTES;
    `with_row`: False for a caller that saves the row itself, in one transaction with something else.
    Pictures are drawn anew; everything else is kept as it came. Raises TooLarge beyond the limit or the room that
    files may take, Invalid for an empty file, a type that is not accepted, content that is not what the name says, and
    what the virus scanner refuses, Away when the store is out of reach, and TransactionManagementError within a
    transaction. Bytes whose row is never saved are cleared away by `remove_orphans`.
    """
    require_no_transaction()
    kept = StoredFile(
        name=display_name(name), kind=StoredFile.Kind(kind).value, module=module, record_id=record_id,
        path=_new_path(), created_at=at, changed_at=at, created_by=by, changed_by=by,
    )  # fmt: skip
    most = settings.MAX_UPLOAD_BYTES if limit is None else limit
    with draft() as part:
        _write(part, content, most)
        _admit(kept, part, most)
        kept.size, kept.sha256 = _sealed(part)
        require_room(kept, by, at)
        depot().put(part, kept.path)
    if with_row:
        kept.save(force_insert=True)
    return kept


def open_file(stored: StoredFile) -> io.BufferedReader:
    """The bytes for reading; the caller closes it. Raises NotFound when they are gone, Away when out of reach."""
    return depot().open(stored.path)


@contextmanager
def at_hand(stored: StoredFile) -> Iterator[Path]:
    """The bytes as a file of this machine, for programs that take apart files only; nobody changes it.

    Raises NotFound when they are gone, and Away when out of reach. Once asked for, it is there without asking the
    store again, for at least as long as a transaction lasts.
    """
    with depot().at_hand(stored.path) as path:
        yield path


def is_intact(stored: StoredFile) -> bool:
    """Whether the bytes that are kept are still those that were stored."""
    with open_file(stored) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == stored.sha256


def discard(files: QuerySet[StoredFile], at: datetime) -> int:
    """Give files up: from now on nobody gets them, and the nightly clearing removes their bytes. Returns how many.

    The rows stay, with name and SHA-256, for what still names them.
    """
    return files.filter(deleted_at=None).update(deleted_at=at, changed_at=at)


def remove_unbound(older_than: datetime) -> int:
    """Delete what came with a form or a call before that moment and never became part of a record; returns how many.

    A file that a record refers to stays, whoever gave it.
    """
    removed = 0
    unbound = StoredFile.objects.filter(
        kind__in=(StoredFile.Kind.ATTACHMENT, StoredFile.Kind.IMAGE), record_id=None, created_at__lt=older_than
    )
    for stored in unbound.order_by("pk").iterator():
        with suppress(ProtectedError):
            stored.delete()
            removed += 1
    return removed


def remove_orphans(older_than: timedelta = ORPHAN_AGE) -> int:
    """Delete kept bytes that no row knows (their transaction rolled back) once they are that old, and old drafts.

    Returns how many; none while a backup is being made, which may still have to copy them, and none for a database
    that knows no file at all: then it is a new one, and what lies there is somebody else's.
    """
    if not StoredFile.objects.exists():
        return 0
    with held(exclusive=True) as is_free:
        if not is_free:
            return 0
        removed = clear(now() - older_than)
        for key in orphans(older_than):
            depot().remove(key)
            removed += 1
    return removed


def orphans(older_than: timedelta) -> Iterator[str]:
    """The keys of bytes that no row knows, or whose row was given up, and that are at least that old."""
    for old in depot().older_than(now() - older_than):
        kept = StoredFile.objects.filter(path__in=old, deleted_at=None)
        known = set(kept.values_list("path", flat=True)) if old else set()
        yield from sorted(set(old) - known)


def move_in(folder: Path) -> int:
    """Move files from a folder of this machine, laid out as the disk keeps them, to where they are kept now.

    Only those that a row knows and that are what it says; everything else stays. Returns how many. A move that was cut
    off is simply repeated.
    """
    require_no_transaction()
    moved = 0
    source = DiskDepot(folder)
    for stored in StoredFile.objects.filter(deleted_at=None).order_by("pk").iterator():
        path = source.path_of(stored.path)
        if path.is_file() and _sealed(path) == (stored.size, stored.sha256):
            depot().put(path, stored.path)
            if not is_on_disk():  # there it was renamed, perhaps to its own name
                path.unlink()
            moved += 1
    return moved


def _new_path() -> str:
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name[2:4]}/{name}"


def _admit(kept: StoredFile, part: Path, limit: int) -> None:
    """Find out what a draft really contains and whether it may be kept; a picture is drawn anew in its place."""
    kept.content_type = content_type_of(part, kept.name)
    if kept.kind != StoredFile.Kind.EXPORT:
        scan(part)
    if kept.content_type in FORMATS:
        with draft() as drawn:
            kept.content_type = redraw(part, drawn, kept.content_type, limit)
            drawn.replace(part)
        kept.name = with_extension(kept.name, kept.content_type)


def _write(path: Path, content: Readable | bytes, limit: int) -> None:
    source: Readable = io.BytesIO(content) if isinstance(content, bytes) else content
    size = 0
    with path.open("xb") as file:
        while chunk := source.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise TooLarge(Message("The file is larger than %(limit)s MB.", limit=megabytes(limit)))
            file.write(chunk)
    if not size:
        raise Invalid({"file": [Message("The file is empty.")]})


def _sealed(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of what is kept, once it is safely on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
