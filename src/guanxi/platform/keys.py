"""The keys of this installation: each for one purpose, each outside the database, readable by us only."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: What there are keys for, besides the signatures and forms ("secret"), whose key the settings make.
PURPOSES = ("audit", "backup", "blind", "factor", "field", "webhook")

_SHORTEST_KEY = 32
_OTHERS_MAY_READ = 0o077
_NONCE_BYTES = 12
_FORMAT = "g1."
_ENDING = "_key"


def key(purpose: str) -> bytes:
    """The key for a purpose ("audit"): from GUANXI_AUDIT_KEY, else one made at first use in the data folder.

    ImproperlyConfigured when it has fewer than 32 characters, or others may read the file.
    """
    assert purpose in PURPOSES, purpose  # or it would be made too late for the other servers
    if given := os.environ.get(_variable(purpose)):
        return _checked(purpose, given.encode())
    path = file_of(purpose)
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OTHERS_MAY_READ:
        raise ImproperlyConfigured(f"{path} can be read by others; allow only its owner (mode 0600)")
    return _checked(purpose, path.read_bytes().strip())


def exists(purpose: str) -> bool:
    """Whether there is a key for that purpose already."""
    return bool(os.environ.get(_variable(purpose))) or file_of(purpose).exists()


def file_of(purpose: str) -> Path:
    """The file of a key that the environment does not give."""
    return Path(settings.DATA) / f"{purpose}{_ENDING}"


def all_keys() -> dict[str, bytes]:
    """Every key of this installation by purpose, whether from the environment or a file: what a backup takes along."""
    files = sorted(Path(settings.DATA).glob(f"*{_ENDING}"))
    kept = {path.name.removesuffix(_ENDING): path.read_bytes() for path in files}
    given = {purpose: os.environ.get(_variable(purpose), "") for purpose in ("secret", *PURPOSES)}
    return kept | {purpose: value.encode() for purpose, value in given.items() if value}


def make_all() -> list[str]:
    """Make the keys that are not there yet, before they are needed; returns for what."""
    made = [purpose for purpose in PURPOSES if not exists(purpose)]
    for purpose in made:
        _make(file_of(purpose))
    return made


def keep(purpose: str, content: bytes) -> None:
    """Put a key in the place of whatever is there, as a restore does; it appears whole or not at all."""
    _drafted(file_of(purpose), content).replace(file_of(purpose))


def seal(purpose: str, text: str, belongs_to: str) -> str:
    """The text encrypted (AES-256-GCM). `belongs_to`: whose it is; under another owner it cannot be opened."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(purpose).encrypt(nonce, text.encode(), belongs_to.encode())
    return _FORMAT + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(purpose: str, sealed: str, belongs_to: str) -> str:
    """What was sealed for this owner; ValueError when it was changed, moved to another owner, or sealed otherwise."""
    if not sealed.startswith(_FORMAT):
        raise ValueError("this is not a sealed text")
    raw = base64.urlsafe_b64decode(sealed.removeprefix(_FORMAT))
    try:
        return _cipher(purpose).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], belongs_to.encode()).decode()
    except InvalidTag:
        raise ValueError("the sealed text does not open: another key, another owner, or it was changed") from None


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(hashlib.sha256(key(purpose)).digest())


def _checked(purpose: str, value: bytes) -> bytes:
    if len(value) < _SHORTEST_KEY:
        raise ImproperlyConfigured(f"the {purpose} key needs at least {_SHORTEST_KEY} characters")
    return value


def _make(path: Path) -> None:
    draft = _drafted(path, secrets.token_urlsafe(48).encode())
    try:
        # A link appears whole or not at all, and never replaces the key that another process made first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _drafted(path: Path, content: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _variable(purpose: str) -> str:
    return f"GUANXI_{purpose.upper()}_KEY"
