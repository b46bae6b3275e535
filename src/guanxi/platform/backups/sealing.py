"""The sealed file that a backup is: encrypted and authenticated piece by piece, so that any size passes through.

Layout: the mark, four bytes with the length of the head, the head as JSON in clear text, then pieces of at most 1 MiB,
each four bytes with its length and AES-256-GCM under a key derived for this one file. The number of a piece and whether
it is the last are part of its nonce, and the head is authenticated with every piece: nothing can be changed, exchanged,
cut off or joined unnoticed.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

MARK = b"GUANXI BACKUP 1\n"
PIECE = 1024 * 1024
HEAD_LIMIT = 64 * 1024
_TAG = 16


def key_id(key: bytes) -> str:
    """By which name a key is recognised without telling it: 16 hexadecimal digits."""
    return _derived(key, b"", b"guanxi backup key id", 8).hex()


class SealingWriter:
    """Takes bytes and writes them sealed. `finish` must be called; what was not finished can never be opened."""

    def __init__(self, target: BinaryIO, key: bytes, head: Mapping[str, Any]) -> None:
        salt = secrets.token_bytes(32)
        told = json.dumps({**head, "key": key_id(key), "salt": salt.hex()}, ensure_ascii=False).encode()
        target.write(MARK + len(told).to_bytes(4, "big") + told)
        self._target = target
        self._cipher, self._head = _cipher(key, salt), hashlib.sha256(told).digest()
        self._number = 0
        self._waiting = bytearray()

    def write(self, data: bytes, /) -> int:
        """Seal further bytes."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full."""

    def finish(self) -> None:
        """Seal what is left as the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), piece, self._head)
        self._target.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class SealedReader:
    """Gives the bytes of a sealed file, each piece only after it was proved. Invalid for anything that does not fit."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self.head, told = _head(source)
        if self.head.get("key") != key_id(key):
            raise Invalid(
                Message(
                    "This backup was sealed with the key %(theirs)s; the key here is %(ours)s. Give the right one by "
                    "GUANXI_BACKUP_KEY.",
                    theirs=str(self.head.get("key")),
                    ours=key_id(key),
                )
            )
        self._source = source
        self._cipher = _cipher(key, bytes.fromhex(str(self.head["salt"])))
        self._head = hashlib.sha256(told).digest()
        self._number = 0
        self._ready = memoryview(b"")
        self._is_over = False

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        parts = []
        while size != 0 and (self._ready or self._open()):
            part = self._ready if size < 0 else self._ready[:size]
            self._ready = self._ready[len(part) :]
            size = size if size < 0 else size - len(part)
            parts.append(part)
        return b"".join(parts)

    def _open(self) -> bool:
        while not self._is_over and not self._ready:
            length = int.from_bytes(_exactly(self._source, 4), "big")
            if not _TAG <= length <= PIECE + _TAG:
                raise _damaged()
            sealed = _exactly(self._source, length)
            self._ready = memoryview(self._opened(sealed))
            self._number += 1
            if self._is_over and self._source.read(1):
                raise _damaged()
        return bool(self._ready)

    def _opened(self, sealed: bytes) -> bytes:
        for last in (False, True):
            try:
                piece = self._cipher.decrypt(_nonce(self._number, last), sealed, self._head)
            except InvalidTag:
                continue
            self._is_over = last
            return piece
        raise _damaged()


def head_of(source: BinaryIO) -> dict[str, Any]:
    """What a sealed file says of itself without its key. Not proved: only for showing."""
    return _head(source)[0]


def _head(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    if source.read(len(MARK)) != MARK:
        raise Invalid(Message("This file is not a backup made by this program."))
    length = int.from_bytes(_exactly(source, 4), "big")
    if length > HEAD_LIMIT:
        raise _damaged()
    told = _exactly(source, length)
    try:
        head = json.loads(told)
        bytes.fromhex(head["salt"])
    except (ValueError, KeyError, TypeError):
        raise _damaged() from None
    return head, told


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = source.read(size)
    if len(found) != size:
        raise Invalid(Message("This backup is cut off: its end is missing."))
    return found


def _damaged() -> Invalid:
    return Invalid(Message("This backup is damaged: its bytes are not those that were written."))


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(_derived(key, salt, b"guanxi backup 1", 32))


def _derived(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=purpose).derive(key)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
