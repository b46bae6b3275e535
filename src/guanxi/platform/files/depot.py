"""Where the bytes of kept files lie: what a place for them has to offer, and the one that this installation uses."""

from __future__ import annotations

import functools
import io
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message


class Depot(Protocol):
    """A place for the bytes of kept files, each under the key that its row names (`StoredFile.path`).

    Bytes never change under a key: to put the same ones again is harmless. Every method raises NotFound for a key that
    leads out of the place or under which nothing lies, and Away when the place is out of reach.
    """

    def put(self, path: Path, key: str) -> None:
        """Take over the finished file at `path`, which is gone afterwards. It appears under its key whole or not."""

    def open(self, key: str) -> io.BufferedReader:
        """The bytes for reading, with `seek`; the caller closes it."""

    def at_hand(self, key: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, which stays at least as long as the block and is not to be changed."""

    def remove(self, key: str) -> None:
        """Give the bytes up for good; nothing happens where there are none."""

    def older_than(self, moment: datetime) -> Iterator[list[str]]:
        """The keys under which bytes have lain since before that moment, in portions."""


def depot() -> Depot:
    """The place that settings.FILES names: the disk, or an object store.

    Raises Invalid when the setting cannot be used, or the extra for object stores is not installed.
    """
    # A client of the network is not carried over into a process that was forked off.
    return _chosen(os.getpid(), settings.FILES, Path(settings.DATA), tuple(settings.S3.items()))


@functools.lru_cache(maxsize=4)
def _chosen(process: int, files: str, data: Path, options: tuple[tuple[str, str], ...]) -> Depot:
    if not files:
        from guanxi.platform.files.disk import DiskDepot

        return DiskDepot(data / "files")
    from guanxi.platform.files.objects import ObjectDepot

    return ObjectDepot.of(files, dict(options))


def is_on_disk() -> bool:
    """Whether kept files lie in the data folder of this machine."""
    return not settings.FILES


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
