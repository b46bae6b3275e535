"""Reading table files: what is honest is read as it was meant, what is hostile gets its reason in time."""

import datetime
import time
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.kernel.errors import Invalid, Problem, TooLarge
from guanxi.platform.files.models import StoredFile
from guanxi.records.importing import reading
from guanxi.records.importing.reading import SheetInfo, read, sheets_of
from tests.records.tables import inline, placed, raw_workbook, workbook


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def refusal(stored: StoredFile, **options) -> str:
    with pytest.raises((Invalid, TooLarge)) as caught:
        read(stored, **options)
    return caught.value.message.plain


HEAD = ("Name", "Phone")


def test_cells_keep_their_types(folder: Path) -> None:
    when = datetime.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - spreadsheets know no zones
    content = workbook(
        ("Name", "Count", "Rate", "Day", "Moment", "Yes", "Nothing"),
        ("川兴酒业", 13800138000, 0.1 + 0.2, datetime.date(2026, 2, 28), when, True, None),
    )
    table = read(placed(folder, "a.xlsx", content))
    assert table.headings == ["Name", "Count", "Rate", "Day", "Moment", "Yes", "Nothing"]
    assert table.rows == [["川兴酒业", 13800138000, Decimal("0.3"), datetime.date(2026, 2, 28), when, True, None]]
    assert (table.header_row, table.lines, table.total, table.warnings) == (1, [2], 1, [])


def test_titles_above_the_headings_are_skipped_unless_the_person_chooses(folder: Path) -> None:
    content = workbook(("客户一览表",), (), (None, "名称", "电话"), (None, "甲", "021"), (None, "乙", "022"))
    stored = placed(folder, "a.xlsx", content)
    table = read(stored)
    assert (table.headings, table.header_row, table.lines) == (["", "名称", "电话"], 3, [4, 5])
    assert table.rows == [[None, "甲", "021"], [None, "乙", "022"]]
    chosen = read(stored, header_row=4)
    assert (chosen.headings, chosen.lines) == (["", "甲", "021"], [5])
    assert refusal(stored, header_row=2) == "Row 2 is empty; choose the row of the headings."
    assert refusal(stored, header_row=5) == "The table has headings but no rows below them."


def test_a_list_of_one_column_has_its_first_text_as_heading(folder: Path) -> None:
    table = read(placed(folder, "a.csv", "名称\n甲\n乙\n".encode()))
    assert (table.headings, table.rows) == (["名称"], [["甲"], ["乙"]])


def test_sheets_are_listed_and_chosen_by_name(folder: Path) -> None:
    def second(book) -> None:
        sheet = book.create_sheet("第二张")
        sheet.append(["A", "B", "C"])
        sheet.append([1, 2, 3])

    stored = placed(folder, "a.xlsx", workbook(prepare=second))
    assert sheets_of(stored) == [SheetInfo("Sheet", 0, 0), SheetInfo("第二张", 2, 3)]
    assert read(stored).sheet == "第二张"
    assert read(stored, sheet="第二张").rows == [[1, 2, 3]]
    assert refusal(stored, sheet="第三张") == "There is no sheet called “第三张”."
    assert sheets_of(placed(folder, "a.csv", b"a,b\n1,2\n")) == [SheetInfo("", 2, 2)]


def test_formulas_are_never_evaluated(folder: Path) -> None:
    cells = '<row r="1">' + inline("A1", "Name") + inline("B1", "Sum") + "</row>"
    cells += '<row r="2">' + inline("A2", "=1+1") + '<c r="B2"><f>1+2</f><v>7</v></c></row>'
    table = read(placed(folder, "a.xlsx", raw_workbook(cells)))
    assert table.rows == [["=1+1", 7]]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b""), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"")],
)  # fmt: skip
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_encodings_and_delimiters_are_recognised(folder: Path, encoding: str, mark: bytes, sign: str) -> None:
    text = f'客户名称{sign}联系电话\r\n川兴酒业有限公司{sign}13800138000\r\n"含{sign}分隔\r\n符"{sign}x\r\n'
    stored = placed(folder, "a.csv", mark + text.encode(encoding))
    table = read(stored)
    assert table.headings == ["客户名称", "联系电话"]
    assert table.rows == [["川兴酒业有限公司", "13800138000"], [f"含{sign}分隔\r\n符", "x"]]
    assert (table.encoding, table.lines) == (encoding, [2, 3])
    assert read(stored, encoding=encoding).rows == table.rows


def test_text_that_cannot_be_told_asks_for_its_encoding(folder: Path) -> None:
    mixed = "名称,电话\n".encode("gb18030") + "四川兴业有限公司,1\n".encode()
    assert refusal(placed(folder, "a.csv", mixed)) == "This text mixes encodings: line 2 is in UTF-8, the rest is not."
    latin = "Name,Straße\nMüller,Größe é è ü ö\n".encode("latin-1")
    assert "could not be recognised" in refusal(placed(folder, "a.csv", latin))
    chosen = placed(folder, "a.csv", "名称,电话\n甲,1\n".encode("gb18030"))
    assert refusal(chosen, encoding="utf-8") == "This text is not written in utf-8 (line 1); choose another encoding."
    assert refusal(chosen, encoding="klingon") == "There is no encoding called klingon here."
    assert refusal(placed(folder, "a.csv", b"a,b\n\x00\x01\x02\x03,x\n")) == (
        "This is not a text file: it contains bytes that are no text."
    )


def test_guards_of_exported_texts_are_taken_off(folder: Path) -> None:
    table = read(placed(folder, "a.csv", b"A,B,C,D\n'=1+1,''-x,'plain,-5\n"))
    assert table.rows == [["=1+1", "'-x", "'plain", "-5"]]


def test_doubled_headings_are_warned_about(folder: Path) -> None:
    table = read(placed(folder, "a.xlsx", workbook(("Name", "电话", "电话"), ("a", "1", "2"))))
    assert [warning.plain for warning in table.warnings] == [
        "The heading “电话” stands over several columns (B、C); only one of them can fill a field."
    ]


def merge(book) -> None:
    book.active.merge_cells("A2:A3")


def protect(content: bytes) -> bytes:
    """What a spreadsheet program writes for a workbook with a password: an OLE container with an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2048)


ROW = '<row r="1">' + inline("A1", "Name") + inline("B1", "Phone") + "</row>"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"Name,Phone\nx,1\n", "This file is called a workbook but is none"),
        ("a.xlsx", b"PK\x03\x04 damaged", "This file is damaged"),
        ("a.xlsx", workbook(HEAD, ("a", "1"))[:-200], "This file is damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This file is damaged"),
        ("a.xlsx", protect(b""), "This workbook is protected by a password"),
        ("a.xlsx", workbook(), "There is nothing in this table."),
        ("a.csv", b"\xef\xbb\xbf\r\n", "There is nothing in this table."),
        ("a.csv", b" , \n , \n", "There is nothing in this table."),
        ("a.xlsx", workbook(HEAD), "The table has headings but no rows below them."),
        ("a.xlsx", workbook((1, 2), (3, 4)), "No row with headings was found"),
        ("a.xlsx", workbook(HEAD, ("a", "1"), (None, "2"), prepare=merge), "Cells are merged in row 2"),
        ("a.xlsx", workbook([f"H{n}" for n in range(300)], range(300)), "more than 200 columns (300)"),
        ("a.csv", ("," * 299 + "\n").encode() * 2, "more than 200 columns (300)"),
        ("a.xlsx", raw_workbook(ROW, **{"xl/worksheets/sheet1.xml": DOCTYPE}), "declares document types"),
        ("a.xlsx", raw_workbook(ROW, **{f"x{n}.xml": "<a/>" for n in range(2100)}), "more than 2000 parts"),
        ("a.xlsx", raw_workbook(ROW, **{"xl/big.bin": "0" * 30_000_000}), "packed more than 100-fold"),
        ("a.xlsx", raw_workbook(ROW, **{f"{n}.bin": "0" * 70_000_000 for n in range(3)}), "larger than 200 MB"),
        ("a.xlsx", raw_workbook(ROW + f'<row r="1048576">{inline("GR1048576", "x")}</row>'), "too large to be read"),
        ("a.csv", b"a,b\n" + b"1,2\n" * 200_001, "more than 200000 rows"),
        ("a.csv", b'a,b\n1,"never closed' + b"x" * 200_000, "Line 2 cannot be read"),
        ("a.pdf", b"%PDF-1.7", "A table is needed here"),
    ],
)  # fmt: skip
def test_every_bad_file_gets_its_reason(folder: Path, name: str, content: bytes, said: str) -> None:
    started = time.monotonic()
    assert said in refusal(placed(folder, name, content))
    assert time.monotonic() - started < 10


def test_a_sheet_packed_300_fold_is_refused_unopened(folder: Path) -> None:
    rows = '<row r="2"><c r="A2"/></row>' * 1_200_000
    content = raw_workbook(ROW + rows)
    assert len(rows) > 250 * len(content)
    assert "packed more than 100-fold" in refusal(placed(folder, "a.xlsx", content))


def test_a_million_empty_rows_cost_little(folder: Path) -> None:
    empty = "".join(f'<row r="{n}" spans="1:2"/>' for n in range(3, 1_000_003))
    content = raw_workbook(ROW + '<row r="2">' + inline("A2", "甲") + inline("B2", "021") + "</row>" + empty)
    started = time.monotonic()
    table = read(placed(folder, "a.xlsx", content))
    assert (table.rows, table.total) == ([["甲", "021"]], 1)
    assert time.monotonic() - started < 5


def test_files_beyond_the_packed_limit_are_not_looked_at(folder: Path) -> None:
    stored = placed(folder, "a.csv", b"a,b\n1,2\n")
    stored.size = 20 * 1024 * 1024 + 1
    assert refusal(stored) == "The file is larger than 20 MB; please split it."


def test_a_reader_that_hangs_is_ended(folder: Path, monkeypatch, tmp_path: Path) -> None:
    program = tmp_path / "endless.py"
    program.write_text("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass\n")
    monkeypatch.setattr(reading, "PARSER", program)
    assert refusal(placed(folder, "a.csv", b"a,b\n1,2\n")) == "Reading this file takes too long; please split it."


def test_a_preview_reads_the_first_rows_only(folder: Path) -> None:
    stored = placed(folder, "a.csv", b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(1000)))
    assert [row[0] for row in read(stored, limit=3).rows] == ["0", "1", "2"]
    assert read(stored).total == 1000


def test_every_problem_is_one_a_person_is_told(folder: Path) -> None:
    with pytest.raises(Problem) as caught:
        sheets_of(placed(folder, "a.xlsx", b"not a workbook"))
    assert caught.value.status == 422
