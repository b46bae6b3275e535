"""The place in which this installation keeps the bytes of its files."""

import functools
import os
from pathlib import Path

from django.conf import settings

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.files.depot import Depot
from guanxi.platform.files.disk import DiskDepot


def depot() -> Depot:
    """The place that settings.FILES names: the disk, or an object store.

    Raises Invalid when the setting cannot be used, or the extra for object stores is not installed.
    """
    # A client of the network is not carried over into a process that was forked off.
    return _chosen(os.getpid(), settings.FILES, Path(settings.DATA), tuple(settings.S3.items()))


def is_on_disk() -> bool:
    """Whether kept files lie in the data folder of this machine."""
    return not settings.FILES


@functools.lru_cache(maxsize=4)
def _chosen(process: int, files: str, data: Path, options: tuple[tuple[str, str], ...]) -> Depot:
    if not files:
        return DiskDepot(data / "files")
    try:
        from guanxi.platform.files.objects import ObjectDepot
    except ModuleNotFoundError as error:
        raise Invalid(
            Message("This needs the extra for object stores: pip install --require-hashes -r requirements/s3.txt")
        ) from error
    return ObjectDepot.of(files, dict(options))
