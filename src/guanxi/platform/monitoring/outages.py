"""When the database cannot do its work for a while: told as what it is, not as a defect."""

import errno

from django.db import InterfaceError, OperationalError

from guanxi.kernel.errors import Away, NoRoom, Problem

#: What SQLite and PostgreSQL say when the disk is full.
_FULL = ("disk is full", "no space left on device", "could not extend file", "disk full")


def problem_of(error: BaseException | None) -> Problem | None:
    """NoRoom for a full disk, Away for a database that is out of reach or too busy, None for anything else."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoRoom()
    if isinstance(error, OperationalError) and any(text in str(error).lower() for text in _FULL):
        return NoRoom()
    if isinstance(error, OperationalError | InterfaceError):
        return Away()
    return None
