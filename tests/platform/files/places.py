"""The places in which kept files may lie, for tests: each with a way past the product to the bytes in it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import obstore

from guanxi.platform.files.chosen import depot
from guanxi.platform.files.models import StoredFile
from tests import s3_server

#: Another server than ours, to try the client against: its address; key, secret and bucket "kept" are those of ours.
SERVER = os.environ.get("GUANXI_TEST_S3", "")


class Disk:
    """The folder of files of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lying(self) -> set[str]:
        """Everything that lies there, also what is only passing through."""
        found = (path for path in self._folder.rglob("*") if path.is_file() and path.name != ".held")
        return {path.relative_to(self._folder).as_posix() for path in found}

    def write(self, stored: StoredFile, content: bytes) -> None:
        """Put other bytes under the key of a file."""
        (self._folder / stored.path).write_bytes(content)

    def lose(self, stored: StoredFile) -> None:
        """Take the bytes of a file away."""
        (self._folder / stored.path).unlink()


class Objects:
    """A bucket below a prefix of its own."""

    def __init__(self, drafts: Path) -> None:
        self._drafts = drafts

    @property
    def _store(self) -> Any:
        place: Any = depot()
        return place._store

    def lying(self) -> set[str]:
        """Everything that lies there; with what is only passing through this machine."""
        passing = {path.name for path in self._drafts.glob("incoming/*")}
        return passing | {meta["path"] for page in obstore.list(self._store) for meta in page}

    def write(self, stored: StoredFile, content: bytes) -> None:
        """Put other bytes under the key of a file."""
        obstore.put(self._store, stored.path, content)

    def lose(self, stored: StoredFile) -> None:
        """Take the bytes of a file away."""
        obstore.delete(self._store, stored.path)


def use_objects(settings: Any, endpoint: str) -> None:
    """Keep files in the bucket of a server, each time below another prefix."""
    settings.FILES = f"s3://{s3_server.BUCKET}/tests/{uuid.uuid4().hex}"
    settings.S3 = {
        "endpoint": endpoint, "region": s3_server.REGION, "key": s3_server.KEY, "secret": s3_server.SECRET,
        "style": "path", "ca": "",
    }  # fmt: skip


@contextmanager
def server() -> Iterator[str]:
    """The address of an object store."""
    if SERVER:
        yield SERVER
    else:
        with s3_server.served() as bucket:
            yield bucket.endpoint
