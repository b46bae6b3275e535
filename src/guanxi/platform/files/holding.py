"""Who copies kept files, and who removes them: never at the same time, on whichever machine they are."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

#: One lock for the whole database; the number only has to be ours.
_LOCK = 0x47755846494C4553
_PATIENCE_SECONDS = 1


@contextmanager
def held(*, exclusive: bool = False) -> Iterator[bool]:
    """Within the block no kept file is removed: whoever removes takes it exclusively, whoever copies shares it.

    Yields whether it was free; an exclusive request never waits. It holds for all processes of this machine, and with
    PostgreSQL for all machines that share the database.
    """
    with _on_this_machine(exclusive) as is_free:
        if not is_free or connection.vendor != "postgresql":
            yield is_free
        else:
            with _in_the_database(exclusive) as is_free:
                yield is_free


@contextmanager
def _on_this_machine(exclusive: bool) -> Iterator[bool]:
    folder = Path(settings.DATA) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".held").open("ab") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX | fcntl.LOCK_NB) if exclusive else fcntl.LOCK_SH)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _in_the_database(exclusive: bool) -> Iterator[bool]:
    # A connection of its own: the lock goes with it, however this ends, and no transaction of the caller is in the way.
    opened = connection.copy()
    take = "pg_try_advisory_lock" if exclusive else "pg_try_advisory_lock_shared"
    try:
        with opened.cursor() as cursor:
            while True:
                cursor.execute(f"SELECT {take}(%s)", [_LOCK])
                is_free = bool(cursor.fetchone()[0])
                if is_free or exclusive:
                    break
                time.sleep(_PATIENCE_SECONDS)
        yield is_free
    finally:
        opened.close()
