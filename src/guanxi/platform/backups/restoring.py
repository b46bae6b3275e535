"""Putting a backup back: unpacked and admitted beside the installation first, exchanged for it only when it is good.

To admit is to bring the database to this version, to put it under quarantine, and to verify it. It is done by a command
of its own in a process of its own, which sees only the unpacked folder: the same for a restore and for a trial.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from guanxi.kernel.errors import Conflict, Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform import keys
from guanxi.platform.audit.chain import anchor_file
from guanxi.platform.backups import occupancy, postgresql, reading, shelf
from guanxi.platform.backups.making import BACKUP, make
from guanxi.platform.backups.manifest import ANCHORS, FILES, KEYS, Manifest
from guanxi.platform.backups.shelf import Proof
from guanxi.platform.files.chosen import depot, is_on_disk
from guanxi.platform.people.models import Person

#: What the admitting command says with its exit code: all is well; restored, but the verification found something.
ADMITTED, DOUBTFUL = 0, 3


@dataclass(frozen=True)
class Restored:
    """A restore that was carried out. `before`: the backup of what was replaced; `is_sound`: what verify found.

    `told`: what the admitting command printed.
    """

    manifest: Manifest
    before: Path | None
    is_sound: bool
    told: str


def restore(
    path: Path, at: datetime, *, replace: bool = False, with_keys: bool = True, deletions: Path | None = None
) -> Restored:
    """Make this installation what the backup holds, under quarantine.

    `replace`: even though something is here already, which is backed up first; `with_keys`: also the keys of the
    backup's installation, without which its audit trail and encrypted fields cannot be read; `deletions`: a file of
    `guanxi deletions` with what was deleted for good since, to be deleted again.

    Raises:
        Invalid: the backup cannot be read, or with another key only.
        Conflict: something is here already; the installation is in use; the backup comes from a newer version or from
            the other kind of database; it could not be brought to this version.
    """
    key = _opening_key()
    manifest = reading.manifest_of(path, key)
    require_fitting(manifest)
    with occupancy.alone():
        if not (is_empty := _is_empty()) and not replace:
            raise Conflict(Message("There is something here already. To put the backup in its place, give --replace."))
        _require_nobody_connected()
        before = None
        if not is_empty:
            before = make(shelf.new_path(at, "before-restore"), at).path
        with TemporaryDirectory(dir=settings.DATA, prefix=".restoring-") as scratch:
            folder = Path(scratch)
            reading.unpack(path, key, folder)
            _lay_out(folder, manifest, with_keys)
            told = _told_of(before)
            if manifest.vendor == "sqlite":
                sound, said = _admit(folder, manifest, _environment(folder), deletions)
                _send_files(folder)
                with occupancy.marked(str(told)):
                    _exchange_database(folder)
                    _exchange_rest(folder, with_keys, at)
            else:
                _send_files(folder)
                with occupancy.marked(str(told)):
                    _load(folder / manifest.database, connection.settings_dict, emptied=True)
                    sound, said = _admit(folder, manifest, _environment(folder), deletions)
                    _exchange_rest(folder, with_keys, at)
    connection.close()
    return Restored(manifest, before, sound, said)


def try_out(path: Path, at: datetime) -> Proof:
    """Restore the backup into a place of its own, verify it there, and take everything away again.

    The proof is returned, never raised: also that the backup cannot be read is an answer.
    """
    begun = time.monotonic()
    try:
        ok, told = _tried(path)
    except Problem as problem:
        ok, told = False, str(problem.message)
    except OSError as error:
        ok, told = False, error.strerror or str(error)
    return Proof(at, ok, told, round(time.monotonic() - begun, 1))


def _opening_key() -> bytes:
    """The key under which backups are sealed; never a new one, with which nothing could be opened."""
    if not keys.exists(BACKUP):
        file = str(keys.file_of(BACKUP))
        raise Invalid(
            Message("The key of the backups is missing. Give it by GUANXI_BACKUP_KEY or as %(file)s.", file=file)
        )
    return keys.key(BACKUP)


def _told_of(before: Path | None) -> Message:
    return Message("what was here lies in %(file)s.", file=str(before)) if before else Message("nothing was here.")


def _known_migrations() -> set[tuple[str, str]]:
    """What this version has and what it has folded into one."""
    shipped = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return set(shipped).union(*(migration.replaces for migration in shipped.values()))


def require_fitting(manifest: Manifest) -> None:
    """Raise Conflict when this version cannot read what the backup holds."""
    if manifest.vendor != connection.vendor:
        raise Conflict(
            Message(
                "This backup is of a %(theirs)s database; this installation uses %(ours)s.",
                theirs=manifest.vendor,
                ours=connection.vendor,
            )
        )
    known = _known_migrations()
    unknown = [
        f"{app}.{name}"
        for app, name in map(tuple, manifest.migrations)
        if (app, name) not in known and app not in settings.FORMER_APPS
    ]
    if unknown:
        raise Conflict(
            Message(
                "This backup was made by a newer version (%(version)s); it knows what this one does not: %(names)s. "
                "Install that version first.",
                version=manifest.version,
                names=tuple(unknown[:5]),
            )
        )


def _tried(path: Path) -> tuple[bool, str]:
    key = _opening_key()
    manifest = reading.manifest_of(path, key)
    require_fitting(manifest)
    with TemporaryDirectory(dir=settings.DATA, prefix=".trial-") as scratch:
        folder = Path(scratch)
        reading.unpack(path, key, folder)
        _lay_out(folder, manifest, with_keys=True)
        if manifest.vendor == "sqlite":
            return _admit(folder, manifest, _environment(folder))
        with _database_for_trial() as url:
            database = {**connection.settings_dict, "NAME": urlsplit(url).path.lstrip("/")}
            _load(folder / manifest.database, database)
            return _admit(folder, manifest, _environment(folder, url))


# ---- The unpacked folder -------------------------------------------------------------------------------------------


def _lay_out(folder: Path, manifest: Manifest, with_keys: bool) -> None:
    """Give the unpacked members the places in which an installation looks for them."""
    (folder / FILES).mkdir(exist_ok=True)
    if manifest.vendor == "sqlite":
        (folder / manifest.database).rename(folder / "guanxi.sqlite3")
    if (folder / ANCHORS).exists():
        (folder / ANCHORS).rename(folder / anchor_file().name)
    theirs = folder / KEYS
    contents = {path.name: path.read_bytes() for path in theirs.iterdir()} if theirs.exists() else {}
    shutil.rmtree(theirs, ignore_errors=True)
    ours = keys.all_keys()
    for name, content in (contents if with_keys else {name: ours[name] for name in ours if name != BACKUP}).items():
        target = folder / f"{name}_key"
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(content)


def _environment(folder: Path, url: str | None = None) -> dict[str, str]:
    """The surroundings of a command that is to see the unpacked folder as its installation.

    Keys of this installation's environment would hide the restored ones.
    """
    left_out = {f"GUANXI_{path.name.removesuffix('_key').upper()}_KEY" for path in folder.glob("*_key")}
    inherited = {name: value for name, value in os.environ.items() if name not in left_out | {"GUANXI_SQLITE"}}
    database = {"GUANXI_DATABASE_URL": url} if url else {}
    return {**inherited, **database, "GUANXI_DATA": str(folder), "GUANXI_FILES": ""}


def _admit(
    folder: Path, manifest: Manifest, environment: dict[str, str], deletions: Path | None = None
) -> tuple[bool, str]:
    command: Sequence[str] = [*settings.COMMAND, "admit", manifest.made_at.isoformat()]
    more = ["--deletions", str(deletions)] if deletions else []
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, *more], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode not in (ADMITTED, DOUBTFUL):
        said = (done.stderr.strip() or done.stdout.strip() or "?").splitlines()[-1]
        raise Conflict(Message("The backup could not be brought to this version: %(said)s", said=said))
    return done.returncode == ADMITTED, done.stdout.strip()


def _send_files(folder: Path) -> None:
    """Bring the files of the backup into the object store, where they lie in one, before anything is replaced.

    A file is the same under its key for ever, so those of the present installation are not in the way; which of them
    no row knows afterwards is cleared away by night. On the disk the folder as a whole takes the place of the present.
    """
    if is_on_disk():
        return
    for path in sorted((folder / FILES).rglob("*")):
        if path.is_file():
            depot().put(path, path.relative_to(folder / FILES).as_posix())


# ---- The exchange --------------------------------------------------------------------------------------------------


def _is_empty() -> bool:
    """Whether nobody was ever entered here and no file lies here."""
    files = Path(settings.DATA) / "files"
    # An object store is not asked: of what lies there nothing is replaced.
    if any(path.is_file() and not path.name.startswith(".") for path in files.rglob("*")):
        return False
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return True
    try:
        return not Person.objects.exists()
    except DatabaseError:
        # There is no such table: nothing was ever set up here.
        return True
    finally:
        connection.close()


def _require_nobody_connected() -> None:
    """On PostgreSQL other machines may use the database; their locks are not seen here, but their sessions are."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    connection.close()
    if others:
        raise Conflict(
            Message("%(count)s other sessions use this database. Stop serve and worker everywhere first.", count=others)
        )


def _exchange_database(folder: Path) -> None:
    """Put the unpacked SQLite file in the place of the present one; the log of the old must not be read for the new."""
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    _sync_file(folder / "guanxi.sqlite3")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder / "guanxi.sqlite3", target)


def _exchange_rest(folder: Path, with_keys: bool, at: datetime) -> None:
    """Files, anchors and keys take the places of the present ones. The former anchors stay beside them."""
    data = Path(settings.DATA)
    if is_on_disk():
        if (data / "files").exists():
            (data / "files").rename(folder / "replaced-files")
        (folder / FILES).rename(data / "files")
    if anchor_file().exists():
        anchor_file().rename(anchor_file().with_suffix(f".before-{at:%Y%m%dT%H%M%S}.log"))
    if (folder / anchor_file().name).exists():
        shutil.move(folder / anchor_file().name, anchor_file())
        anchor_file().chmod(0o600)
    for path in folder.glob("*_key") if with_keys else ():
        keys.keep(path.name.removesuffix("_key"), path.read_bytes())


def _load(dump: Path, database: dict[str, object], *, emptied: bool = False) -> None:
    """Load a dump into a PostgreSQL database, which with `emptied` is cleared first."""
    if emptied:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
        connection.close()
    program = postgresql.program("pg_restore", _server_major())
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    postgresql.call([program, *options, *postgresql.place(database), str(dump)], database)


def _server_major() -> int:
    major = postgresql.server_major(connection)
    connection.close()
    return major


@contextmanager
def _database_for_trial() -> Iterator[str]:
    """An empty database beside ours that is dropped again; yields its URL.

    Raises:
        Conflict: our database user may not create one.
    """
    name = f"guanxi_trial_{uuid4().hex[:12]}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DatabaseError as error:
        raise Conflict(Message("No trial: the database user may not create a database. Grant it CREATEDB.")) from error
    try:
        yield urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
