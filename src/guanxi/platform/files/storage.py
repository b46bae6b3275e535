"""Keeping files on disk beside their rows."""

import fcntl
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

from guanxi.kernel.errors import Invalid, NotFound, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.files.content import content_type_of
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
) -> StoredFile:
    """Keep a file: its bytes safely on disk, then its row in the caller's transaction.

    `content`: bytes or something readable; `name`: as the person calls it; `by`: who gave it (None: the system);
    `module` and `record_id`: the record it belongs to; `limit`: most bytes, by default settings.MAX_UPLOAD_BYTES.
    Pictures are drawn anew; everything else is kept as it came. Raises TooLarge beyond the limit or the room that
    files may take, and Invalid for an empty file, a type that is not accepted, content that is not what the name says,
    and what the virus scanner refuses. When the transaction rolls back, `remove_orphans` clears the bytes away.
    """
    shown = display_name(name)
    kept = StoredFile(
        name=shown, kind=StoredFile.Kind(kind).value, module=module, record_id=record_id, path=_new_path()
    )
    path = path_of(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    part, drawn = path.with_suffix(".part"), path.with_suffix(".drawn.part")
    most = settings.MAX_UPLOAD_BYTES if limit is None else limit
    try:
        _write(part, content, most)
        kept.content_type = content_type_of(part, shown)
        if kept.kind != StoredFile.Kind.EXPORT:
            scan(part)
        if kept.content_type in FORMATS:
            kept.content_type = redraw(part, drawn, kept.content_type, most)
            kept.name = with_extension(shown, kept.content_type)
            drawn.replace(part)
        kept.size, kept.sha256 = _sealed(part)
        require_room(kept, by, at)
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        drawn.unlink(missing_ok=True)
        raise
    kept.created_at = kept.changed_at = at
    kept.created_by = kept.changed_by = by
    kept.save(force_insert=True)
    return kept


def path_of(stored: StoredFile) -> Path:
    """Where the bytes lie. Raises NotFound for a path that leads out of the folder of files."""
    root = _root()
    path = (root / stored.path).resolve()
    if not path.is_relative_to(root):
        raise NotFound(_missing())
    return path


def open_file(stored: StoredFile) -> io.BufferedReader:
    """The bytes for reading; the caller closes it. Raises NotFound when they are gone from the disk."""
    try:
        return path_of(stored).open("rb")
    except FileNotFoundError:
        raise NotFound(_missing()) from None


def is_intact(stored: StoredFile) -> bool:
    """Whether the bytes on disk are still those that were stored."""
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
    """Delete files on disk that no row knows (their transaction rolled back) once they are that old.

    Returns how many; none while a backup is being made, which may still have to copy them.
    """
    with held(exclusive=True) as is_free:
        if not is_free:
            return 0
        removed = 0
        for path in orphans(older_than):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def orphans(older_than: timedelta) -> Iterator[Path]:
    """The files on disk that no row knows, or whose row was given up, and that are at least that old."""
    oldest = (now() - older_than).timestamp()
    for folder in _folders():
        old = {path.relative_to(_root()).as_posix(): path for path in _old_files(folder, oldest)}
        kept = StoredFile.objects.filter(path__in=old, deleted_at=None)
        known = set(kept.values_list("path", flat=True)) if old else set()
        yield from (old[name] for name in sorted(old.keys() - known))


@contextmanager
def held(*, exclusive: bool = False) -> Iterator[bool]:
    """Within the block no file on disk is removed: whoever removes takes it exclusively, whoever copies shares it.

    Yields whether it was free; an exclusive request never waits.
    """
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / ".held").open("ab") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX | fcntl.LOCK_NB) if exclusive else fcntl.LOCK_SH)
        except BlockingIOError:
            yield False
        else:
            yield True


def _root() -> Path:
    return (Path(settings.DATA) / "files").resolve()


def _new_path() -> str:
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name[2:4]}/{name}"


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


def _sync_folder(folder: Path) -> None:
    # The new name is itself an entry that must reach the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folders() -> Iterator[Path]:
    hexadecimal = "[0-9a-f][0-9a-f]"
    return (path for path in _root().glob(f"{hexadecimal}/{hexadecimal}") if path.is_dir())


def _old_files(folder: Path, oldest: float) -> Iterator[Path]:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < oldest:
                yield path


def _missing() -> Message:
    return Message("The content of this file cannot be found.")
