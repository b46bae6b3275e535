"""Writing tables as workbooks: texts are never formulas, figures stay figures, dates stay dates."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

#: A spreadsheet computes with 15 digits; a longer figure is written as text so that none is lost.
EXACT_DIGITS = 15
MAX_TEXT = 32_767
MAX_ROWS = 1_048_575
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
# A reader of workbooks takes _x0041_ for the letter A; the underscore itself can be written that way.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_EXACT_DAY = datetime.date(1900, 3, 1)

MONEY, PERCENT, DATE, MOMENT = "#,##0.00", '0.00"%"', "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


class Sheet:
    """A workbook of one sheet, written row by row; `formats` are the number formats of the columns ("" for none).

    `note` (who, when, which export) is printed at the foot of every page and kept in the file's properties.
    """

    def __init__(
        self,
        path: Path,
        title: str,
        headings: Sequence[str],
        *,
        note: str,
        author: str = "",
        formats: Sequence[str] = (),
        widths: Sequence[int] = (),
    ) -> None:
        self.path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1")
        self._formats = [*formats, *[""] * (len(headings) - len(formats))]
        self._styled: dict[str, Any] = {}
        self._sheet.freeze_panes = "A2"
        for place in range(len(headings)):
            width = widths[place] if place < len(widths) else 16
            self._sheet.column_dimensions[get_column_letter(place + 1)].width = width
        if headings:
            self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}1"
        self._mark(note, author, title)
        self._sheet.append([self._heading(heading) for heading in headings])

    def _mark(self, note: str, author: str, title: str) -> None:
        properties = self._book.properties
        properties.creator = properties.lastModifiedBy = author or "Guanxi"
        properties.title, properties.description = title, note
        shown = note.replace("&", "&&")
        self._sheet.oddFooter.left.text = shown
        self._sheet.oddFooter.right.text = "&P / &N"
        self._sheet.oddHeader.right.text = shown
        self._sheet.print_title_rows = "1:1"

    def _heading(self, text: str) -> Any:
        cell = self._text(text)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3EFE6")
        cell.border = Border(bottom=Side("thin", color="8C8577"))
        return cell

    def _text(self, text: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value="")
        cell._value = text
        cell.data_type = "s"
        return cell

    def write(self, values: Sequence[Any]) -> None:
        """Append one row: None, text, bool, int, Decimal, date or datetime (local, without a zone)."""
        self._sheet.append([self._cell(value, form) for value, form in zip(values, self._formats, strict=True)])

    def _cell(self, value: Any, form: str) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._plain_text(value)
        if isinstance(value, bool):
            return value
        if isinstance(value, datetime.date):
            day = value.date() if isinstance(value, datetime.datetime) else value
            if day < _FIRST_EXACT_DAY:  # the calendar of spreadsheets has a day too many before it
                return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
            return self._styled_cell(value, form or (MOMENT if isinstance(value, datetime.datetime) else DATE))
        if isinstance(value, Decimal | int):
            digits = len(Decimal(value).normalize().as_tuple().digits)
            if digits > EXACT_DIGITS or abs(value) >= 10**EXACT_DIGITS:
                return self._text(format(value, "f") if isinstance(value, Decimal) else str(value))
            return self._styled_cell(value, form) if form else value
        return self._plain_text(str(value))

    def _plain_text(self, value: str) -> Any:
        text = _ESCAPE.sub("_x005F_", _UNREADABLE.sub("", value))[:MAX_TEXT]
        # Only these could be taken for a formula or an error value; plain strings are written much faster.
        return self._text(text) if text[:1] in ("=", "#") else text

    def _styled_cell(self, value: Any, form: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value=value)
        cell.number_format = form
        return cell

    def close(self) -> None:
        """Finish the file."""
        self._book.save(self.path)


def fingerprint(path: Path) -> str:
    """The SHA-256 of a written file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
