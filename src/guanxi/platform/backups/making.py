"""Making a backup: the database at one moment, every file it knows, anchors and keys, in one sealed file."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

import pysqlite3
from django.db import connection

from guanxi.kernel.errors import Conflict, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.audit.chain import anchor_file
from guanxi.platform.backups import snapshot
from guanxi.platform.backups.manifest import ANCHORS, DAMAGED, DATABASES, FILES, KEYS, MANIFEST, Manifest
from guanxi.platform.backups.reading import examine
from guanxi.platform.backups.sealing import SealingWriter
from guanxi.platform.files.chosen import depot
from guanxi.platform.files.holding import held
from guanxi.platform.keys import all_keys, key

#: The purpose of the key under which backups are sealed. It is never part of a backup.
BACKUP = "backup"

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """A finished backup that was read again and found good. `damaged`: files that were not whole in the store."""

    path: Path
    size: int
    manifest: Manifest
    damaged: tuple[str, ...]


def make(path: Path, at: datetime, told: Told | None = None) -> Made:
    """Write a backup of this installation to `path`, read it again, and only then let it appear under that name.

    `told(done, total)` hears how many files are in. A file that is missing in the store or changed there does not stop
    the backup; it is named in the answer. Raises Conflict when `path` exists, or the disk is full or out of reach.
    """
    if path.exists():
        raise Conflict(Message("%(file)s exists already; a backup never overwrites anything.", file=str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            draft = Path(folder) / "draft"
            _write(draft, Path(folder), at, told)
            content = examine(draft, key(BACKUP), Path(folder))
            # A link appears whole or not at all, and never over another file.
            os.link(draft, path)
            _sync(path.parent)
    except (OSError, pysqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Conflict(Message("The backup cannot be written: %(reason)s.", reason=reason)) from error
    return Made(path, path.stat().st_size, content.manifest, content.damaged)


def _write(draft: Path, folder: Path, at: datetime, told: Told | None) -> None:
    # Before the database's moment: anchors of a later one would name links that the backup does not have.
    beside = _beside()
    database = folder / "database"
    with held():
        found = snapshot.take(database)
        vendor = connection.vendor
        manifest = Manifest(
            made_at=at, version=version("guanxi"), vendor=vendor, migrations=found.migrations, counts=found.counts,
            audit_seq=found.audit_seq, audit_hash=found.audit_hash,
            members={
                DATABASES[vendor]: _digest(database),
                **{name: hashlib.sha256(content).hexdigest() for name, content in beside.items()},
                **{f"{FILES}{name}": sha256 for name, sha256 in found.files},
            },
        )  # fmt: skip
        head = {"made_at": at.isoformat(), "version": manifest.version, "vendor": vendor}
        with draft.open("xb") as target, _archive(target, head) as archive:
            draft.chmod(0o600)
            _add(archive, MANIFEST, manifest.dumped())
            with database.open("rb") as content:
                _add_file(archive, DATABASES[vendor], content)
            database.unlink()
            for name, text in beside.items():
                _add(archive, name, text)
            damaged = list(_add_files(archive, found.files, told))
            _add(archive, DAMAGED, json.dumps(damaged).encode())


def _beside() -> dict[str, bytes]:
    """What lies outside database and file store and is needed to go on: anchors of the audit, and the keys."""
    anchors = {ANCHORS: anchor_file().read_bytes()} if anchor_file().exists() else {}
    return {**anchors, **{f"{KEYS}{name}": kept for name, kept in all_keys().items() if name != BACKUP}}


@contextmanager
def _archive(target: BinaryIO, head: dict[str, Any]) -> Iterator[tarfile.TarFile]:
    sealed = SealingWriter(target, key(BACKUP), head)
    # Much of it (dumps, pictures) is packed already: the quickest level takes the rest.
    with (
        gzip.GzipFile(fileobj=cast(Any, sealed), mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield archive
    sealed.finish()
    target.flush()
    os.fsync(target.fileno())


def _add_files(archive: tarfile.TarFile, files: list[tuple[str, str]], told: Told | None) -> Iterator[str]:
    """Put the kept files in, and name those that are not what their rows say."""
    for done, (name, sha256) in enumerate(files, start=1):
        try:
            content = depot().open(name)
        except NotFound:
            yield f"{FILES}{name}"
            continue
        with content:
            if _add_file(archive, f"{FILES}{name}", content) != sha256:
                yield f"{FILES}{name}"
        if told is not None:
            told(done, len(files))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    _add_file(archive, name, io.BytesIO(content))


def _add_file(archive: tarfile.TarFile, name: str, content: BinaryIO) -> str:
    """Put one member in and return its SHA-256."""
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    reader = _Digesting(content)
    archive.addfile(member, cast(Any, reader))
    return reader.digest.hexdigest()


class _Digesting:
    """Passes bytes on and digests them."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        self.digest.update(data)
        return data


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
