"""Addresses of our own styles, scripts and pictures: each carries a digest, so that browsers may keep it for ever."""

import hashlib
from functools import cache

from django.conf import settings


def static(path: str) -> str:
    """The address of a file below `web/static`, with the digest of its content."""
    digest = _digest(path) if not settings.DEBUG else ""
    return f"{settings.STATIC_URL}{path}" + (f"?v={digest}" if digest else "")


@cache
def _digest(path: str) -> str:
    """The first figures of the file's SHA-256; empty for a file that has not been built."""
    file = settings.STATIC_ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
