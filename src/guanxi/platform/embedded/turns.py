"""Whose turn it is to write: a queue between all threads and processes of this machine that use one database file.

SQLite lets one write at a time; whoever finds it busy sleeps ever longer and tries again, so that who came last gets in
first, and one who is unlucky waits until he is refused. Here everybody draws a number and holds a lock on the byte of
that number; his turn has come when no lower byte is locked. The kernel drops the locks of a process that dies.

This is about order alone. That only one writes is SQLite's own business: without the queue (another system, a file
system that cannot lock, a program of somebody else's) everything goes on as SQLite does it.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

#: struct flock of 64-bit Linux: type, whence, start, length, process (0: the lock belongs to the open file).
_FLOCK = "hhqqi4x"
_NUMBER = "q"
_CAN_QUEUE = sys.platform == "linux" and sys.maxsize > 2**32 and hasattr(fcntl, "F_OFD_SETLK")
#: Whoever is next looks this often; whoever stands further back, as many times more seldom.
LOOK_SECONDS = 0.0005
SELDOM_SECONDS = 0.02


class Turns:
    """One connection's place in the queue of a database file. `patience`: seconds to wait for a turn."""

    def __init__(self, database: Path, patience: float) -> None:
        self._path = Path(f"{database}-turns")
        self._patience = patience
        self._file = -1
        self._number = 0

    @property
    def is_waiting_or_on(self) -> bool:
        """Whether a number is held."""
        return self._number > 0

    def take(self) -> bool:
        """Wait for the turn; False when patience came to an end. Without a queue it is always one's turn."""
        if not _CAN_QUEUE:
            return True
        try:
            self._draw()
        except OSError:
            self.end()
            return True
        end = time.monotonic() + self._patience
        while (ahead := self._ahead()) > 0:
            if time.monotonic() > end:
                self.end()
                return False
            time.sleep(min(LOOK_SECONDS * ahead, SELDOM_SECONDS))
        return True

    def end(self) -> None:
        """Let the next one write."""
        if self._number:
            number, self._number = self._number, 0
            self._lock(fcntl.F_OFD_SETLK, fcntl.F_UNLCK, number)

    def close(self) -> None:
        """Leave the queue for good."""
        if self._file >= 0:
            file, self._file, self._number = self._file, -1, 0
            os.close(file)

    def _draw(self) -> None:
        """Draw the next number. Holding its byte is what makes the drawing one's own."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            drawn = self._drawn()
            try:
                self._lock(fcntl.F_OFD_SETLK, fcntl.F_WRLCK, drawn + 1)
            except BlockingIOError:  # somebody is drawing it this moment
                time.sleep(0)
                continue
            self._number = drawn + 1
            if self._drawn() == drawn:
                os.pwrite(self._file, struct.pack(_NUMBER, self._number), 0)
                return
            self.end()

    def _drawn(self) -> int:
        held = os.pread(self._file, struct.calcsize(_NUMBER), 0)
        return max(struct.unpack(_NUMBER, held)[0], 0) if len(held) == struct.calcsize(_NUMBER) else 0

    def _ahead(self) -> int:
        """About how many stand before us: 0 when it is our turn."""
        if self._number == 1:
            return 0
        answer = self._lock(fcntl.F_OFD_GETLK, fcntl.F_WRLCK, 1, self._number - 1)
        kind, _whence, start, _length, _process = struct.unpack(_FLOCK, answer)
        return 0 if kind == fcntl.F_UNLCK else self._number - start

    def _lock(self, command: int, kind: int, start: int, length: int = 1) -> bytes:
        return bytes(fcntl.fcntl(self._file, command, struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0)))
