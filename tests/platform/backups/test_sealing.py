"""The sealed file: what went in comes out, and nothing else is ever taken for it."""

import io
import random

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.backups import sealing
from guanxi.platform.backups.sealing import PIECE, SealedReader, SealingWriter, head_of, key_id

KEY = b"k" * 40


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    writer = SealingWriter(target, key, {"made_at": "2026-11-21"})
    for start in range(0, len(content), 300_000):
        writer.write(content[start : start + 300_000])
    writer.finish()
    return target.getvalue()


def opened(content: bytes, key: bytes = KEY) -> bytes:
    return SealedReader(io.BytesIO(content), key).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_went_in_comes_out(size):
    content = random.Random(size).randbytes(size)
    assert opened(sealed(content)) == content
    reader = SealedReader(io.BytesIO(sealed(content)), KEY)
    assert b"".join(iter(lambda: reader.read(70_001), b"")) == content


def test_the_head_is_readable_without_the_key_and_names_it():
    head = head_of(io.BytesIO(sealed(b"x")))
    assert head["made_at"] == "2026-11-21" and head["key"] == key_id(KEY)
    assert KEY not in sealed(b"x") and b"x" * 40 not in sealed(b"x" * 40)


def test_two_files_share_nothing():
    assert sealed(b"the same")[-30:] != sealed(b"the same")[-30:]


def test_another_key_is_told_by_its_name():
    with pytest.raises(Invalid) as refusal:
        opened(sealed(b"x"), b"other" * 10)
    assert key_id(KEY) in refusal.value.message.plain and key_id(b"other" * 10) in refusal.value.message.plain


def test_every_flipped_byte_is_noticed():
    whole = sealed(b"content of a backup" * 40)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 + place % 255
        with pytest.raises(Invalid):
            opened(bytes(changed))


def test_every_cut_and_every_addition_is_noticed():
    whole = sealed(b"c" * (2 * PIECE + 5))
    for size in (0, 5, len(sealing.MARK) + 2, 100, PIECE, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Invalid):
            opened(whole[:size])
    with pytest.raises(Invalid):
        opened(whole + b"\0")


def test_pieces_cannot_change_places_or_be_left_out():
    whole = sealed(bytes(3 * PIECE))
    start = len(sealing.MARK) + 4 + int.from_bytes(whole[len(sealing.MARK) : len(sealing.MARK) + 4], "big")
    step = 4 + PIECE + 16
    pieces = [whole[start + n * step : start + (n + 1) * step] for n in range(3)]
    assert whole == whole[:start] + b"".join(pieces)
    for order in ((1, 0, 2), (0, 2), (2,), (0, 1), (0, 0, 1, 2)):
        with pytest.raises(Invalid):
            opened(whole[:start] + b"".join(pieces[n] for n in order))
