"""Table files as people upload them: their sheets, headings and rows, read by a process that may come to no good.

The work is done by `parsing`, a program without any of the product in it, under limits of memory and time.
"""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from guanxi.kernel.errors import Invalid, Problem, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.files import confined
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.names import extension_of
from guanxi.platform.files.storage import at_hand

PARSER = Path(__file__).with_name("parsing.py")
MEMORY = 768 * 1024 * 1024
SHORTEST_SECONDS = 10
LONGEST_SECONDS = 30
LONGEST_ANSWER = 1024 * 1024 * 1024
BYTES_PER_SECOND = 700_000
#: More than the last line of an answer can be long.
TAIL = 256 * 1024

FORMATS = {"xlsx": "workbook", "xls": "workbook", "csv": "text", "tsv": "text", "txt": "text"}
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class SheetInfo:
    """One sheet of a file: its name ("" for a text file), how many rows and columns are in use."""

    name: str
    rows: int
    columns: int


@dataclass
class Table:
    """What a file holds: headings, rows of values, and the row of the file on which each row stands.

    A value is None, text, bool, int, Decimal, date or datetime (without a time zone: as the file says). `header_row` is
    the row of the headings in the file, counted from 1; `warnings` are to be shown before the import goes on;
    `total` counts the rows (with a limit, only as far as they were read).
    """

    headings: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    header_row: int = 1
    encoding: str = ""
    sheet: str = ""
    warnings: list[Message] = field(default_factory=list)
    total: int = 0


def sheets_of(stored_file: StoredFile, encoding: str = "") -> list[SheetInfo]:
    """The sheets of a file in their order; a text file has one without a name. Raises Invalid or TooLarge."""
    with _parser("sheets", stored_file, encoding=encoding) as (answers, _total):
        found = next(answers)["sheets"]
    return [SheetInfo(name, rows, columns) for name, rows, columns in found]


def read(
    stored_file: StoredFile,
    encoding: str = "",
    sheet: str = "",
    limit: int | None = None,
    header_row: int | None = None,
) -> Table:
    """Headings and rows of a file; `limit` for the first rows only, as a preview.

    `encoding`: one of ENCODINGS, else guessed; `sheet`: its name, else the first that is not empty; `header_row`:
    counted from 1, else the first row with two or more texts. Raises Invalid or TooLarge, saying what is wrong.
    """
    with open_table(stored_file, encoding, sheet, header_row, limit) as (table, rows):
        for line, cells in rows:
            table.lines.append(line)
            table.rows.append([value_of(cell) for cell in cells])
    return table


@contextmanager
def open_table(
    stored_file: StoredFile,
    encoding: str = "",
    sheet: str = "",
    header_row: int | None = None,
    limit: int | None = None,
) -> Iterator[tuple[Table, Iterator[tuple[int, list[Any]]]]]:
    """The table without its rows, and its rows one by one as (row of the file, cells in their stored form)."""
    options = {"encoding": encoding, "sheet": sheet, "header_row": header_row, "limit": limit}
    with _parser("rows", stored_file, **options) as (answers, total):
        head = next(answers)
        table = Table(
            headings=head["headings"],
            header_row=head["line"],
            encoding=head["encoding"],
            sheet=head["sheet"],
            warnings=[_warning(*warning) for warning in head["warnings"]],
            total=total,
        )
        yield table, ((line, cells) for line, cells in answers)


def value_of(cell: Any) -> Any:
    """A cell in its stored form as a value: {"d": "2026-11-21"} is a date."""
    if not isinstance(cell, dict):
        return cell
    kind, text = next(iter(cell.items()))
    if kind == "n":
        return Decimal(text)
    return datetime.date.fromisoformat(text) if kind == "d" else datetime.datetime.fromisoformat(text)


def _warning(code: str, heading: str, columns: str) -> Message:
    return Message(
        "The heading “%(heading)s” stands over several columns (%(columns)s); only one of them can fill a field.",
        heading=heading,
        columns=columns,
    )


def fetch(stored_file: StoredFile) -> None:
    """Have the file on this machine, so that it can be read within a transaction. Raises Away when out of reach."""
    with at_hand(stored_file):
        pass


@contextmanager
def _parser(task: str, stored_file: StoredFile, **options: Any) -> Iterator[tuple[Iterator[Any], int]]:
    """Run the parsing program on a file; gives its answers and the number of rows; raises what it reports."""
    extension = extension_of(stored_file.name)
    if extension not in FORMATS:
        raise Invalid(
            {"file": [Message("A table is needed here: an Excel workbook (.xlsx, .xls) or a text file (.csv, .txt).")]}
        )
    size = stored_file.size
    seconds = max(SHORTEST_SECONDS, min(LONGEST_SECONDS, size // BYTES_PER_SECOND))
    order = {
        "task": task,
        "format": FORMATS[extension],
        "size": size,
        "sheet": "",
        "header_row": None,
        "limit": None,
        **options,
    }
    # The answer goes through a file: the reader's transactions then never wait for the parser, and a parser's death is
    # known before its rows are used.
    with tempfile.TemporaryFile() as answer:
        with at_hand(stored_file) as path:
            _run({**order, "path": str(path)}, answer, seconds)
        yield _answers(answer), _outcome(answer)


def _run(order: dict[str, Any], answer: IO[bytes], seconds: int) -> None:
    try:
        confined.run(PARSER, order, answer, memory=MEMORY, seconds=seconds, written=LONGEST_ANSWER)
    except confined.TooLong:
        raise _too_long() from None
    except confined.TooMuchMemory:
        raise _problem("memory", {}) from None
    except confined.Failed:
        raise _problem("damaged", {}) from None


def _too_long() -> Problem:
    return TooLarge(Message("Reading this file takes too long; please split it."))


def _outcome(answer: IO[bytes]) -> int:
    """A problem stands on the last line: it is known before the first row is used."""
    answer.seek(max(0, answer.seek(0, 2) - TAIL))
    lines = answer.read().splitlines()
    last = json.loads(lines[-1]) if lines and lines[-1].startswith(b"{") else {}
    if "problem" in last:
        raise _problem(last["problem"], last["params"])
    if not last.keys() & {"end", "sheets"}:
        raise _problem("damaged", {})
    answer.seek(0)
    return int(last.get("end", 0))


def _answers(answer: IO[bytes]) -> Iterator[Any]:
    for line in answer:
        found = json.loads(line)
        if isinstance(found, dict) and "end" in found:
            return
        yield found


_PROBLEMS: dict[str, Message] = {
    "entries": Message("This workbook has more than %(limit)s parts; save it again with a spreadsheet program."),
    "unpacked": Message("Unpacked, this workbook is larger than %(limit)s MB; please split it."),
    "ratio": Message("This workbook is packed more than %(limit)s-fold, as no honest table is; it was not opened."),
    "packed": Message("The file is larger than %(limit)s MB; please split it."),
    "memory": Message(
        "This table is too large to be read at once; remove stray cells far below or to the right, or split it."
    ),
    "rows": Message("The table has more than %(limit)s rows; please split it."),
    "columns": Message("The table has more than %(limit)s columns (%(found)s)."),
    "password": Message("This workbook is protected by a password; save it without one."),
    "doctype": Message(
        "This workbook declares document types in its XML, as no spreadsheet program does; it was not opened."
    ),
    "damaged": Message("This file is damaged and cannot be read; save it again with a spreadsheet program."),
    "not_a_workbook": Message("This file is called a workbook but is none; export the table again as .xlsx or .csv."),
    "no_sheet": Message("There is no sheet called “%(name)s”."),
    "merged": Message("Cells are merged in row %(rows)s; unmerge them so that each row has its own values."),
    "empty": Message("There is nothing in this table."),
    "only_header": Message("The table has headings but no rows below them."),
    "no_header": Message("No row with headings was found in the first rows; choose the row of the headings."),
    "no_header_there": Message("Row %(row)s is empty; choose the row of the headings."),
    "binary": Message("This is not a text file: it contains bytes that are no text."),
    "encoding": Message("The encoding of this text could not be recognised (line %(line)s); choose it."),
    "encoding_wrong": Message("This text is not written in %(name)s (line %(line)s); choose another encoding."),
    "encoding_mixed": Message("This text mixes encodings: line %(lines)s is in UTF-8, the rest is not."),
    "encoding_name": Message("There is no encoding called %(name)s here."),
    "row": Message("Line %(line)s cannot be read: an opening quotation mark has no end, or a cell is too long."),
}
_TOO_LARGE = frozenset({"entries", "unpacked", "ratio", "packed", "memory", "rows", "columns"})


def _problem(code: str, params: dict[str, Any]) -> Problem:
    message = _PROBLEMS[code].filled(**params)
    return TooLarge(message) if code in _TOO_LARGE else Invalid({"file": [message]})
