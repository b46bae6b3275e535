"""The key of the audit chain. It lies outside the database: who can change rows there cannot forge their seals."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY = 32
_OTHERS_MAY_READ = 0o077


def audit_key() -> bytes:
    """The key from GUANXI_AUDIT_KEY, else one made at first use in the data folder, readable by us only.

    ImproperlyConfigured when it has fewer than 32 characters, or others may read the file.
    """
    if key := os.environ.get("GUANXI_AUDIT_KEY"):
        return _checked(key.encode())
    path = Path(settings.DATA) / "audit_key"
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OTHERS_MAY_READ:
        raise ImproperlyConfigured(f"{path} can be read by others; allow only its owner (mode 0600)")
    return _checked(path.read_bytes().strip())


def _checked(key: bytes) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ImproperlyConfigured(f"the audit key needs at least {_SHORTEST_KEY} characters")
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link appears whole or not at all, and never replaces the key that another process made first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
