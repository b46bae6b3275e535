"""Reads one table file in a process of its own, under limits, and prints what it found as JSON lines.

The file may be hostile, so this program runs apart from the product, confined in memory and processor time: it imports
nothing of it, and answers on standard output only:

    {"sheets": [[name, rows, columns], …]}                                    for the task "sheets"
    {"headings": […], "line": n, "encoding": "…", "warnings": [[code, …]]}    then one [line, [cells]] for each row,
    {"end": n}                                                                the last line of every complete answer
    {"problem": code, "params": {…}}                                          instead, when the file cannot be taken

A cell is null, text, true/false, a whole number, or {"n": decimal}, {"d": day}, {"m": moment}.
"""

import csv
import datetime
import io
import json
import math
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

MAX_PACKED = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
#: Parts below this size may be packed as tightly as they like: their whole content is small.
RATIO_MATTERS = 4 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
#: So many rows may stand above the headings.
MAX_TITLES = 50
PROLOG = 64 * 1024

Row = tuple[int, list[Any]]


class Refused(Exception):  # noqa: N818 - the file's fault, told to the person
    """The file cannot be taken. `code` names the reason, `params` fills its message."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(code)


# ---- Workbooks -------------------------------------------------------------------------------------------------------


def check_archive(path: Path) -> None:
    """Refuse an archive that would unpack beyond the limits, or whose XML declares a document type."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Refused("entries", limit=MAX_ENTRIES)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Refused("unpacked", limit=MAX_UNPACKED // 1024 // 1024)
            for entry in entries:
                if entry.file_size > RATIO_MATTERS and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
                    raise Refused("ratio", limit=MAX_RATIO)
                if entry.flag_bits & 1:
                    raise Refused("password")
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    check_part(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise Refused("damaged") from error


def check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No part may declare a document type: entities have no place in a workbook."""
    with archive.open(entry) as part:
        head = part.read(PROLOG).replace(b"\x00", b"")
    if b"<!doctype" in head.lower() or b"<!entity" in head.lower():
        raise Refused("doctype")
    if entry.file_size and not re.search(rb"<[A-Za-z_]", head):
        raise Refused("damaged")


def open_workbook(path: Path) -> python_calamine.CalamineWorkbook:
    """The workbook, after its archive was found harmless."""
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"PK"):
        check_archive(path)
    elif magic == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        content = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("password")
    else:
        raise Refused("not_a_workbook")
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise Refused("password") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("damaged") from error


def worksheet(book: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet:
    """The sheet of that name; without a name, the first that has anything in it."""
    try:
        if name:
            if name not in book.sheet_names:
                raise Refused("no_sheet", name=name)
            return book.get_sheet_by_name(name)
        sheets = [metadata.name for metadata in book.sheets_metadata if "Visible" in str(metadata.visible)]
        first = None
        for title in sheets or book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            first = first or sheet
            if sheet.height:
                return sheet
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("damaged") from error
    if first is None:
        raise Refused("empty")
    return first


def sheet_rows(sheet: python_calamine.CalamineSheet) -> Iterator[Row]:
    """The rows that hold anything, with their numbers, cells in their columns."""
    if not sheet.height or sheet.start is None or sheet.end is None:
        return
    left = sheet.start[1]
    if sheet.end[1] + 1 > MAX_COLUMNS:
        raise Refused("columns", limit=MAX_COLUMNS, found=sheet.end[1] + 1)
    padding = [None] * left
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell not in ("", None) for cell in cells):
            yield line, padding + [plain(cell) for cell in cells]


def plain(cell: Any) -> Any:
    """A cell as JSON that keeps its type. Figures have the 15 digits that a spreadsheet shows."""
    match cell:
        case None | "":
            return None
        case bool():
            return cell
        case str():
            return cell[: MAX_CELL + 1]
        case int():
            return cell
        case float():
            return figure(cell)
        case datetime.datetime():
            rounded = (cell + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
            if rounded.time() == datetime.time():
                return {"d": rounded.date().isoformat()}
            return {"m": rounded.isoformat()}
        case datetime.date():
            return {"d": cell.isoformat()}
        case datetime.timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
        case datetime.time():
            return cell.strftime("%H:%M:%S" if cell.second else "%H:%M")
    return str(cell)


def figure(cell: float) -> Any:
    """A number with the 15 digits that a spreadsheet keeps; beyond them it stays in the form 1.23E+19."""
    if not math.isfinite(cell):
        return str(cell)
    if abs(cell) < 10**15 and cell == int(cell):
        return int(cell)
    text = f"{cell:.15g}"
    return {"n": format(Decimal(text), "f") if "e-" in text else text}


def refuse_merged(sheet: python_calamine.CalamineSheet, header: int) -> None:
    """Merged cells at or below the headings hide values: only their first cell has one."""
    merged = sorted(
        {top + 1 for (top, _left), (bottom, _right) in sheet.merged_cell_ranges or [] if bottom + 1 >= header}
    )
    if merged:
        raise Refused("merged", rows="、".join(str(row) for row in merged[:8]), count=len(merged))


# ---- Text files ------------------------------------------------------------------------------------------------------

ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


def decode(content: bytes, encoding: str) -> tuple[str, str]:
    """The text, and the name of its encoding: the given one, else the one its bytes speak for."""
    if not content.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise Refused("empty")
    if encoding:
        if encoding not in ENCODINGS:
            raise Refused("encoding_name", name=encoding)
        try:
            return clean(content.decode(ENCODINGS[encoding])), encoding
        except UnicodeDecodeError as error:
            raise Refused("encoding_wrong", name=encoding, line=content[: error.start].count(b"\n") + 1) from error
    guess = marked(content)
    if guess:
        try:
            return clean(content.decode("utf-8-sig" if guess == "utf-8" else guess)), guess
        except UnicodeDecodeError as error:
            raise Refused("encoding_wrong", name=guess, line=content[: error.start].count(b"\n") + 1) from error
    if b"\x00" in content:
        raise Refused("binary")
    try:
        return clean(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return clean(chinese(content)), "gb18030"


def marked(content: bytes) -> str:
    """The encoding that a byte order mark names, or that the place of the zero bytes gives away; "" for neither."""
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if content.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if content.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = content[: 64 * 1024]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(content) % 2 == 0 and even + odd > len(head) // 50:
        if even == 0 or odd > 20 * even:
            return "utf-16-le"
        if odd == 0 or even > 20 * odd:
            return "utf-16-be"
    return ""


def chinese(content: bytes) -> str:
    """Text in GB 18030, when that reading makes sense throughout."""
    mixed = [
        number
        for number, line in enumerate(content.split(b"\n"), start=1)
        if any(byte > 127 for byte in line) and in_utf8(line)
    ]
    if mixed:
        raise Refused("encoding_mixed", lines="、".join(str(number) for number in mixed[:8]))
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Refused("encoding", line=content[: error.start].count(b"\n") + 1) from error
    letters = [letter for letter in text[:200_000] if ord(letter) > 127]
    # What is not GB 18030 at all often decodes to rare characters; what is, hardly ever holds one.
    rare = sum(1 for letter in letters if not letter.encode("gb2312", "ignore"))
    if rare * 5 > len(letters):
        raise Refused("encoding", line=1)
    return text


def in_utf8(line: bytes) -> bool:
    """Whether a line can only be UTF-8: three or more of its characters have three bytes each in that reading."""
    try:
        return sum(1 for letter in line.decode("utf-8") if ord(letter) > 0x7FF) >= 3
    except UnicodeDecodeError:
        return False


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def clean(text: str) -> str:
    """The text without its byte order mark; Refused when it is no text at all."""
    text = text.removeprefix("\ufeff").removesuffix("\x1a")
    if _CONTROL.search(text):
        raise Refused("binary")
    return text


DELIMITERS = ",\t;|，"


def delimiter_of(text: str) -> str:
    """The sign that divides the first lines into the same number of cells, the more the better."""
    sample = text[:65_536]
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=sign)
        widths = []
        try:
            for cells in reader:
                if any(cells):
                    widths.append(len(cells))
                if len(widths) >= 30:
                    break
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        score = 0.0 if usual < 2 else widths.count(usual) / len(widths) + min(usual, 50) / 1000
        if score > best_score:
            best, best_score = sign, score
    return best


#: A text that begins like this would be a formula to a spreadsheet that opens a text file; blanks, marks that are not
#: drawn, and apostrophes in front do not count. The export puts an apostrophe in front and reading takes it off, so
#: that what was there comes back.
FORMULA = re.compile(
    r"'*(?:[\t\r\n]|[\s\x00-\x1f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)


def text_rows(text: str) -> Iterator[Row]:
    """The rows of a text file that hold anything, with the number of the line on which each begins."""
    csv.field_size_limit(MAX_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    line = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise Refused("columns", limit=MAX_COLUMNS, found=len(cells))
            if any(cell.strip() for cell in cells):
                yield line, [unguarded(cell) if cell.strip() else None for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused("row", line=line) from error


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that an export put in front of it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


# ---- Headings --------------------------------------------------------------------------------------------------------


def split_header(rows: Iterator[Row], chosen: int | None) -> tuple[Row, list[Row]]:
    """The row of the headings, and the rows read beyond it while looking: the first row with two or more texts."""
    seen: list[Row] = []
    for row in rows:
        seen.append(row)
        texts = sum(1 for cell in row[1] if isinstance(cell, str) and cell.strip())
        if chosen is not None:
            if row[0] == chosen:
                return row, []
            if row[0] > chosen:
                break
        elif texts >= 2:
            return row, []
        if len(seen) >= MAX_TITLES and chosen is None:
            break
    if chosen is not None:
        raise Refused("no_header_there", row=chosen)
    if not seen:
        raise Refused("empty")
    # A list of one column has no row with two texts: its first text is the heading.
    for place, row in enumerate(seen):
        filled = [cell for cell in row[1] if cell is not None]
        if (
            len(filled) == 1
            and isinstance(filled[0], str)
            and all(sum(cell is not None for cell in other[1]) <= 1 for other in seen)
        ):
            return row, seen[place + 1 :]
    raise Refused("no_header")


def headings_of(cells: list[Any]) -> list[str]:
    """The headings as text, up to the last that is filled."""
    texts = ["" if cell is None else " ".join(shown(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def shown(cell: Any) -> str:
    """A cell as text."""
    return str(next(iter(cell.values()))) if isinstance(cell, dict) else str(cell)


def doubled(headings: list[str]) -> list[list[str]]:
    """A warning for each heading that stands over several columns."""
    places: dict[str, list[str]] = {}
    for index, heading in enumerate(headings):
        if heading:
            places.setdefault(unicodedata.normalize("NFKC", heading).casefold(), []).append(letters(index))
    named = {unicodedata.normalize("NFKC", heading).casefold(): heading for heading in reversed(headings)}
    return [["doubled", named[key], "、".join(columns)] for key, columns in places.items() if len(columns) > 1]


def letters(index: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


# ---- The program -----------------------------------------------------------------------------------------------------


def put(answer: Any) -> None:
    """Write one line of the answer."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")


def list_sheets(order: dict[str, Any]) -> None:
    """Answer the task "sheets"."""
    if order["format"] == "text":
        text, _encoding = decode(Path(order["path"]).read_bytes(), order["encoding"])
        rows = list(text_rows(text))
        put({"sheets": [["", len(rows), max((len(cells) for _line, cells in rows), default=0)]]})
        return
    book = open_workbook(Path(order["path"]))
    try:
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("damaged") from error
    put({"sheets": [[sheet.name, sheet.height, sheet.width] for sheet in sheets]})


def read_rows(order: dict[str, Any]) -> None:
    """Answer the task "rows"."""
    encoding = ""
    sheet = None
    if order["format"] == "text":
        text, encoding = decode(Path(order["path"]).read_bytes(), order["encoding"])
        rows = text_rows(text)
    else:
        sheet = worksheet(open_workbook(Path(order["path"])), order["sheet"])
        rows = sheet_rows(sheet)
    header, ahead = split_header(rows, order["header_row"])
    if sheet is not None:
        refuse_merged(sheet, header[0])
    headings = headings_of(header[1])
    name = sheet.name if sheet is not None else ""
    put({"headings": headings, "line": header[0], "encoding": encoding, "sheet": name, "warnings": doubled(headings)})
    count = 0
    for line, cells in chain(ahead, rows):
        count += 1
        if count > MAX_ROWS:
            raise Refused("rows", limit=MAX_ROWS)
        if order["limit"] is None or count <= order["limit"]:
            put([line, cells])
        else:
            break
    if not count:
        raise Refused("only_header")
    put({"end": count})


def chain(ahead: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    """First the rows that were read ahead, then the rest."""
    yield from ahead
    yield from rows


def main(order: dict[str, Any]) -> None:
    """Do one task."""
    try:
        if order["size"] > MAX_PACKED:
            raise Refused("packed", limit=MAX_PACKED // 1024 // 1024)
        (list_sheets if order["task"] == "sheets" else read_rows)(order)
    except Refused as refused:
        put({"problem": refused.code, "params": refused.params})
    except MemoryError:
        put({"problem": "memory", "params": {}})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
