"""Where the bytes of a kept file lie when they lie on the disk."""

from pathlib import Path

from django.conf import settings

from guanxi.platform.files.disk import DiskDepot
from guanxi.platform.files.models import StoredFile


def path_of(stored: StoredFile) -> Path:
    """The file on the disk; NotFound for a path that leads out of the folder of files."""
    return DiskDepot(Path(settings.DATA) / "files").path_of(stored.path)
