"""Files that are only passing through this machine: what comes in, before it is kept, and copies of what lies far away.

They lie beside the kept files on the disk, so that to keep one there is to rename it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from guanxi.platform.files.disk import old_files


def folder() -> Path:
    """The folder of the drafts, made where it is not there yet."""
    found = Path(settings.DATA) / "files" / "incoming"
    found.mkdir(parents=True, exist_ok=True)
    return found


@contextmanager
def draft() -> Iterator[Path]:
    """A name for a new file, gone after the block unless it was moved away."""
    path = folder() / f"{uuid4().hex}.part"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def clear(moment: datetime) -> int:
    """Delete what has lain here since before that moment: left by a crash, or a copy nobody asked for again."""
    old = list(old_files(folder(), moment))
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
