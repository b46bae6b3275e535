"""Writing tables as workbooks: texts are never formulas, figures stay figures, dates stay dates.

openpyxl makes the workbook with its styles, headings and properties; the rows are written beside it, as XML, and put
in at the end. Through openpyxl they would cost five times as much. It is loaded by whoever writes a workbook: no page
needs it, and it takes a tenth of the time in which the program starts.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

#: A spreadsheet computes with 15 digits; a longer figure is written as text so that none is lost.
EXACT_DIGITS = 15
MAX_TEXT = 32_767
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
# A reader of workbooks takes _x0041_ for the letter A; the underscore itself can be written that way.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_EXACT_DAY = datetime.date(1900, 3, 1)

MONEY, PERCENT, DATE, MOMENT = "#,##0.00", '0.00"%"', "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"

_SHEET = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"


class Sheet:
    """A workbook of one sheet, written row by row; `formats` are the number formats of the columns ("" for none).

    `note` (who, when, which export) is printed on every page and kept in the file's properties.
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
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter
        from openpyxl.utils.datetime import to_excel

        self.path = path
        self._to_excel = to_excel
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1")
        self._formats = [*formats, *[""] * (len(headings) - len(formats))]
        self._columns = [get_column_letter(place + 1) for place in range(len(headings))]
        self._styles = {form: self._style(form) for form in {*self._formats, DATE, MOMENT} if form}
        #: How a value stands in each column, for whoever makes the cells of whole columns and gives them to `put`.
        self.forms = [self._form(form) for form in self._formats]
        self._rows = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._line = 1
        self._sheet.freeze_panes = "A2"
        for place, column in enumerate(self._columns):
            self._sheet.column_dimensions[column].width = widths[place] if place < len(widths) else 16
        if headings:
            self._sheet.auto_filter.ref = f"A1:{self._columns[-1]}1"
        self._mark(note, author, title)
        self._sheet.append([self._heading(heading) for heading in headings])

    def _style(self, form: str) -> int:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value=0)
        cell.number_format = form
        return int(cell.style_id)

    def _mark(self, note: str, author: str, title: str) -> None:
        properties = self._book.properties
        properties.creator = properties.lastModifiedBy = author or "Guanxi"
        properties.title, properties.description = title, note
        if note:  # an empty part would leave a lone code behind, which readers refuse
            shown = note.replace("&", "&&")
            self._sheet.oddFooter.left.text = shown
            self._sheet.oddHeader.right.text = shown
        self._sheet.oddFooter.right.text = "&P / &N"
        self._sheet.print_title_rows = "1:1"

    def _heading(self, text: str) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Border, Font, PatternFill, Side

        cell = WriteOnlyCell(self._sheet, value="")
        # Set past openpyxl's guessing: a heading that begins with = is no formula either.
        cell._value, cell.data_type = _readable(text), "s"
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3EFE6")
        cell.border = Border(bottom=Side("thin", color="8C8577"))
        return cell

    def write(self, values: Sequence[Any]) -> None:
        """Append one row: None, text, bool, int, Decimal, date or datetime (local, without a zone)."""
        self.put([form(value) for form, value in zip(self.forms, values, strict=True)])

    def put(self, cells: Sequence[str]) -> None:
        """Append one row of cells as `forms` gives them; an empty one is left out."""
        self._line += 1
        line = str(self._line)
        shown = [f'<c r="{column}{line}{cell}' for column, cell in zip(self._columns, cells, strict=True) if cell]
        self._rows.write(f'<row r="{line}">{"".join(shown)}</row>'.encode())

    def _form(self, form: str) -> Callable[[Any], str]:
        return lambda value: self._cell(value, form)

    def _cell(self, value: Any, form: str) -> str:
        """What follows a cell's place; nothing for an empty one."""
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, bool):
            return f'" t="b"><v>{value:d}</v></c>'
        if isinstance(value, datetime.date):
            moment = isinstance(value, datetime.datetime)
            day = value.date() if isinstance(value, datetime.datetime) else value
            if day < _FIRST_EXACT_DAY:  # the calendar of spreadsheets has a day too many before it
                return _text(value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat())
            style = self._styles[form or (MOMENT if moment else DATE)]
            return f'" s="{style}"><v>{self._to_excel(value)}</v></c>'
        if isinstance(value, Decimal | int):
            figure = format(value, "f") if isinstance(value, Decimal) else str(value)
            if len(figure.strip("-0").replace(".", "")) > EXACT_DIGITS:
                return _text(figure)
            return f'" s="{self._styles.get(form, 0)}"><v>{figure}</v></c>'
        return _text(str(value))

    def close(self) -> None:
        """Finish the file: the rows go where the sheet of the prepared workbook ends."""
        with tempfile.TemporaryDirectory() as folder, self._rows:
            frame = Path(folder) / "frame.xlsx"
            self._book.save(frame)
            self._rows.seek(0)
            with zipfile.ZipFile(frame) as source, zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as target:
                for entry in source.infolist():
                    content = source.read(entry)
                    with target.open(entry.filename, "w", force_zip64=True) as part:
                        before, end, after = (
                            content.partition(_END) if entry.filename == _SHEET else (content, b"", b"")
                        )
                        part.write(before)
                        if end:
                            shutil.copyfileobj(self._rows, part, 1024 * 1024)
                        part.write(end + after)


def _readable(value: str) -> str:
    """The text as a workbook can hold it."""
    return _ESCAPE.sub("_x005F_", _UNREADABLE.sub("", value))[:MAX_TEXT]


def _text(value: str) -> str:
    return f'" t="inlineStr"><is><t xml:space="preserve">{escape(_readable(value))}</t></is></c>'


def fingerprint(path: Path) -> str:
    """The SHA-256 of a written file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
