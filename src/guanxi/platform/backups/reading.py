"""Reading a backup: every byte proved against its table of contents, wherever it is put."""

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pysqlite3
from django.db import connection

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.backups import postgresql
from guanxi.platform.backups.manifest import DAMAGED, MANIFEST, Manifest
from guanxi.platform.backups.sealing import SealedReader, head_of

_CHUNK = 1024 * 1024
#: What a damaged gzip or tar raises in the middle of reading; sealed bytes that were proved cannot be either.
_UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class Content:
    """A backup that was read to its end. `damaged`: members that were not whole when the backup was made."""

    manifest: Manifest
    damaged: tuple[str, ...]


def head(path: Path) -> dict[str, Any]:
    """What the backup says of itself without its key: moment, version, database, id of the key. Not proved."""
    with _opened(path) as source:
        return head_of(cast(Any, source))


def manifest_of(path: Path, key: bytes) -> Manifest:
    """The table of contents, proved; the rest is not read."""
    with _members(path, key) as members:
        return _manifest(members)


def examine(path: Path, key: bytes, scratch: Path) -> Content:
    """Read everything, compare every digest, and let the database's own program judge its dump.

    `scratch`: an existing folder for the database. Raises Invalid naming what does not fit.
    """
    database = scratch / "examined"
    try:
        content = _walk(path, key, lambda name, manifest: database if name == manifest.database else None)
        judge_database(content.manifest, database)
    finally:
        database.unlink(missing_ok=True)
    return content


def unpack(path: Path, key: bytes, folder: Path) -> Content:
    """Write everything below `folder`, proved on the way: the members under their names. Raises Invalid like `examine`.

    What was written until then is of no use after a problem.
    """
    content = _walk(path, key, lambda name, _manifest: _below(folder, name))
    judge_database(content.manifest, folder / content.manifest.database)
    return content


def judge_database(manifest: Manifest, database: Path) -> None:
    """Raise Invalid unless the database in the file is whole and has the rows that the table of contents names."""
    if manifest.vendor == "sqlite":
        _judge_sqlite(manifest, database)
        return
    major = postgresql.server_major(connection) if connection.vendor == "postgresql" else 0
    try:
        # Writing the script to nowhere reads and unpacks everything.
        postgresql.call([postgresql.program("pg_restore", major), "--file=/dev/null", str(database)], {})
    except Conflict as problem:
        raise Invalid(problem.message) from problem


def _judge_sqlite(manifest: Manifest, database: Path) -> None:
    try:
        with closing(pysqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as opened:
            told = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
            counts = {
                table: opened.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - proved names
                for table in manifest.counts
            }
    except pysqlite3.DatabaseError as error:
        told, counts = str(error), manifest.counts
    if told != "ok" or counts != manifest.counts:
        raise Invalid(Message("The database in this backup is damaged: %(said)s", said=told))


def _walk(path: Path, key: bytes, place: Any) -> Content:
    with _members(path, key) as members:
        manifest = _manifest(members)
        missing = dict(manifest.members)
        wrong: list[str] = []
        damaged: list[str] | None = None
        for name, stream in members:
            if name == DAMAGED:
                damaged = json.loads(stream.read())
                continue
            if name not in missing:
                raise Invalid(Message("The backup holds %(name)s, which its contents do not name.", name=name))
            if _copied(stream, place(name, manifest)) != missing.pop(name):
                wrong.append(name)
    # What was not whole in the store when the backup was made is no fault of the backup.
    bad = sorted((set(missing) | set(wrong)) - set(damaged or ()))
    if bad or damaged is None:
        raise Invalid(Message("The backup is incomplete: %(names)s.", names=tuple(bad[:5]) or DAMAGED))
    return Content(manifest, tuple(damaged))


def _manifest(members: Iterator[tuple[str, IO[bytes]]]) -> Manifest:
    name, stream = next(members, ("", None))
    if name != MANIFEST or stream is None:
        raise Invalid(Message("The backup is incomplete: %(names)s.", names=MANIFEST))
    return Manifest.loaded(stream.read())


@contextmanager
def _members(path: Path, key: bytes) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    with _opened(path) as source:
        reader = SealedReader(cast(Any, source), key)
        try:
            with (
                gzip.GzipFile(fileobj=cast(Any, reader), mode="rb") as packed,
                tarfile.open(fileobj=packed, mode="r|") as archive,
            ):
                yield _each(archive, packed)
        except _UNREADABLE as error:
            raise Invalid(Message("This backup cannot be read: %(reason)s.", reason=str(error))) from error


def _each(archive: tarfile.TarFile, packed: gzip.GzipFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in archive:
        stream = archive.extractfile(member)
        if not member.isfile() or stream is None:
            raise Invalid(Message("The backup holds %(name)s, which is no plain file.", name=member.name))
        yield member.name, stream
    # To the very end, or what comes after the last member would not have been proved.
    while packed.read(_CHUNK):
        pass


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        source = path.open("rb")
    except OSError as error:
        raise Invalid(
            Message("%(file)s cannot be read: %(reason)s.", file=str(path), reason=error.strerror or str(error))
        ) from error
    with source:
        yield source


def _below(folder: Path, name: str) -> Path:
    """The place of a member below a folder; Invalid for a name that leads elsewhere."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise Invalid(Message("The backup holds %(name)s, which is no plain file.", name=name))
    path = folder / parts
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _copied(stream: IO[bytes], target: Path | None) -> str:
    """Read a member to its end, into `target` where one is given; its SHA-256."""
    digest = hashlib.sha256()
    if target is None:
        while data := stream.read(_CHUNK):
            digest.update(data)
        return digest.hexdigest()
    with target.open("wb") as file:
        while data := stream.read(_CHUNK):
            digest.update(data)
            file.write(data)
    return digest.hexdigest()
