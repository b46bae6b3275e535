"""Kept files on the disk of this machine, or on a file system that several machines share."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from guanxi.platform.files.depot import missing


class DiskDepot:
    """The files below one folder. See `Depot`."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()

    def path_of(self, key: str) -> Path:
        """Where the bytes lie. Raises NotFound for a key that leads out of the folder."""
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root):
            raise missing()
        return path

    def put(self, path: Path, key: str) -> None:
        """Move the file, which has to be on the same file system, to its place, and wait for the disk."""
        target = self.path_of(key)
        _make_folder(target.parent)
        path.replace(target)
        _sync_folder(target.parent)

    def open(self, key: str) -> io.BufferedReader:
        """The bytes for reading."""
        try:
            return self.path_of(key).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise missing() from None

    @contextmanager
    def at_hand(self, key: str) -> Iterator[Path]:
        """The file itself."""
        path = self.path_of(key)
        if not path.is_file():
            raise missing()
        yield path

    def remove(self, key: str) -> None:
        """Delete the file."""
        self.path_of(key).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[list[str]]:
        """The files last written before that moment, folder by folder; also what a crash left unfinished."""
        hexadecimal = "[0-9a-f][0-9a-f]"
        for folder in self._root.glob(f"{hexadecimal}/{hexadecimal}"):
            if folder.is_dir():
                yield [path.relative_to(self._root).as_posix() for path in old_files(folder, moment)]


def old_files(folder: Path, moment: datetime) -> Iterator[Path]:
    """The files of a folder that were last written before that moment."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < moment.timestamp():
                yield path


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing, each so that it outlasts a power cut."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    # A new name is itself an entry that must reach the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
