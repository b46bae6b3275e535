"""Where the bytes of kept files lie: what a place for them has to offer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import transaction

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message


class Depot(Protocol):
    """A place for the bytes of kept files, each under the key that its row names (`StoredFile.path`).

    Bytes never change under a key: to put the same ones again is harmless. Every method raises NotFound for a key that
    leads out of the place or under which nothing lies, and Away when the place is out of reach.
    """

    def put(self, path: Path, key: str) -> None:
        """Take the finished file at `path`, which may be gone afterwards. It appears whole or not at all."""

    def open(self, key: str) -> io.BufferedReader:
        """The bytes for reading, with `seek`; the caller closes it."""

    def at_hand(self, key: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, which stays at least as long as the block and is not to be changed."""

    def remove(self, key: str) -> None:
        """Give the bytes up for good; nothing happens where there are none."""

    def older_than(self, moment: datetime) -> Iterator[list[str]]:
        """The keys under which bytes have lain since before that moment, in portions."""


def require_no_transaction() -> None:
    """Raise TransactionManagementError within a transaction: nothing waits for files with the database held.

    The transaction that a test is wrapped in does not count, as for Django's own `durable`.
    """
    opened = transaction.get_connection().atomic_blocks
    if any(not block._from_testcase for block in opened):
        raise transaction.TransactionManagementError("bytes of files are moved before the transaction begins")


def missing() -> NotFound:
    """Nothing lies under a key."""
    return NotFound(Message("The content of this file cannot be found."))
