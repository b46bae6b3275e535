"""How a value is encrypted: AES-256-GCM as shipped; another algorithm (SM4 for 密评) is one more entry of the table."""

import secrets
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Cipher(Protocol):
    """Encryption with authentication: what was changed, or belongs elsewhere, does not open (ValueError)."""

    key_bytes: int

    def encrypt(self, key: bytes, text: bytes, belongs_to: bytes) -> bytes:
        """The text, encrypted for its place."""

    def decrypt(self, key: bytes, sealed: bytes, belongs_to: bytes) -> bytes:
        """The text again."""


class Aes256Gcm:
    """AES-256 in Galois/Counter Mode with a random nonce in front of each value."""

    key_bytes = 32

    def encrypt(self, key: bytes, text: bytes, belongs_to: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, text, belongs_to)

    def decrypt(self, key: bytes, sealed: bytes, belongs_to: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], belongs_to)
        except InvalidTag:
            raise ValueError("the sealed value does not open: another key, another place, or it was changed") from None


CIPHERS: dict[str, Cipher] = {"aes-256-gcm": Aes256Gcm()}
#: What new keys are made for.
CURRENT = "aes-256-gcm"
