"""Tables that chance has spoiled: read, or refused in words; nothing else ever comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.platform.files.models import StoredFile
from guanxi.records.importing.reading import read
from tests.records.tables import workbook

BOOK = workbook(["名称", "price", "on"], ["Box", 1.5, "2026-01-02"], ["箱", 2, None])
FUZZ = settings(max_examples=30, derandomize=True)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
CUTS = st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.binary(max_size=6)), min_size=1, max_size=6)


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def outcome(folder: Path, name: str, content: bytes) -> None:
    (folder / "x").write_bytes(content)
    try:
        table = read(StoredFile(name=name, path="x", size=len(content)))
    except (Invalid, TooLarge) as refused:
        assert refused.status in (413, 422)
    else:
        assert len(table.rows) == len(table.lines) == table.total


@FUZZ
@given(st.text(max_size=200), ENCODINGS, st.binary(max_size=8), st.integers(0, 200))
def test_spoiled_texts(folder: Path, text: str, encoding: str, spoiled: bytes, place: int) -> None:
    content = ("name,price\n" + text).encode(encoding, "ignore")
    outcome(folder, "a.csv", content[:place] + spoiled + content[place:])


@FUZZ
@given(CUTS)
def test_spoiled_workbooks(folder: Path, cuts: list[tuple[int, bytes]]) -> None:
    content = bytearray(BOOK)
    for place, spoiled in cuts:
        content[place : place + len(spoiled)] = spoiled
    outcome(folder, "a.xlsx", bytes(content))
