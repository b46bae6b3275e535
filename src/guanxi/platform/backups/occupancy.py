"""Who uses the installation now: servers, workers and commands share it; a restore has it alone.

Held by a lock of the operating system on a file of the data folder, so that it ends with the process however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message

#: The open file of the lock; closing it would give the lock away.
_held: list[int] = []


def _file() -> Path:
    return Path(settings.DATA) / "in-use.lock"


def _unfinished() -> Path:
    return Path(settings.DATA) / "restore-unfinished"


def share() -> None:
    """Use the installation until this process ends.

    Raises:
        Conflict: it is being restored now, or a restore was cut off and has to be repeated.
    """
    if _unfinished().exists():
        raise Conflict(
            Message("A restore was cut off: %(told)s Repeat it with --replace.", told=_unfinished().read_text())
        )
    if _held:
        return
    file = os.open(_file(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise Conflict(Message("This installation is being restored. Wait until that is done.")) from None
    _held.append(file)


@contextmanager
def alone() -> Iterator[None]:
    """Within the block nobody else uses the installation.

    Raises:
        Conflict: somebody does.
    """
    with _file().open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(Message("Guanxi is running here. Stop serve and worker first.")) from None
        yield


@contextmanager
def marked(told: str) -> Iterator[None]:
    """Within the block what is there is neither the old nor the new; if it is cut off, nothing else starts."""
    _unfinished().write_text(told)
    yield
    _unfinished().unlink()
