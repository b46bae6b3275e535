"""Sealing and opening values: envelope encryption, and a keyed fingerprint by which equal values are found.

A stored value is "s1.<fingerprint>.<number of its key>.<what is encrypted>". The fingerprint is an HMAC with a key of
its own: without that key nobody can try out which number it stands for.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from django.db import transaction

from guanxi.platform.calendar import now
from guanxi.platform.keys import key, seal, unseal
from guanxi.platform.sealing.ciphers import CIPHERS, CURRENT
from guanxi.platform.sealing.models import SealingKey

FORMAT = "s1"
_PURPOSE, _BLIND = "field", "blind"
_BLIND_BYTES = 16

_opened: dict[int, tuple[str, bytes]] = {}


def seal_value(text: str, place: str) -> str:
    """The value as it is stored; `place` is the column it belongs to, and in no other one does it open."""
    number = newest_key()
    algorithm, data_key = _key(number)
    sealed = CIPHERS[algorithm].encrypt(data_key, text.encode(), place.encode())
    return f"{FORMAT}.{fingerprint(text, place)}.{number}.{base64.urlsafe_b64encode(sealed).decode()}"


def open_value(stored: str, place: str) -> str:
    """What was sealed; ValueError when it was changed or moved to another column."""
    _format, _fingerprint, number, body = stored.split(".")
    algorithm, data_key = _key(int(number))
    return CIPHERS[algorithm].decrypt(data_key, base64.urlsafe_b64decode(body), place.encode()).decode()


def is_sealed(stored: str) -> bool:
    """Whether a stored text is a sealed value."""
    return stored.startswith(f"{FORMAT}.") and stored.count(".") == 3


def fingerprint(text: str, place: str) -> str:
    """By what equal values of one column are found without being opened."""
    digest = hmac.digest(key(_BLIND), f"{place}\0{text}".encode(), "sha256")[:_BLIND_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def key_number(stored: str) -> int:
    """The number of the key that a value was sealed with."""
    return int(stored.split(".")[2])


def newest_key() -> int:
    """The number of the key that seals what is written now; the first one is made at first use."""
    number = SealingKey.objects.order_by("-pk").values_list("pk", flat=True).first()
    return number if number is not None else make_key()


def make_key() -> int:
    """A new data key, from now on the newest; returns its number."""
    data_key = secrets.token_bytes(CIPHERS[CURRENT].key_bytes)
    with transaction.atomic():
        row = SealingKey.objects.create(algorithm=CURRENT, wrapped="", made_at=now())
        row.wrapped = seal(_PURPOSE, base64.b64encode(data_key).decode(), str(row.pk))
        row.save(update_fields=["wrapped"])
    return row.pk


def _key(number: int) -> tuple[str, bytes]:
    if number not in _opened:
        row = SealingKey.objects.get(pk=number)
        _opened[number] = (row.algorithm, base64.b64decode(unseal(_PURPOSE, row.wrapped, str(number))))
    return _opened[number]


def forget() -> None:
    """Open the keys anew: when another database stands behind this process."""
    _opened.clear()
