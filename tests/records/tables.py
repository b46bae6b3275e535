"""Table files for the tests of import and export, honest and hostile ones."""

import io
import uuid
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from guanxi.platform.files.models import StoredFile

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(*rows: Sequence[Any], prepare: Callable[[Any], None] | None = None) -> bytes:
    """An XLSX with these rows on its first sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if prepare:
        prepare(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def raw_workbook(sheet_data: str, **parts: str) -> bytes:
    """An XLSX whose sheet holds exactly this XML; further parts by name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": SHEET.format(sheet_data), **parts}.items():
            archive.writestr(name, text)
    return target.getvalue()


def inline(cell: str, text: str) -> str:
    """A cell of raw sheet XML with a text."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def placed(folder: Path, name: str, content: bytes) -> StoredFile:
    """A stored file that has no row in the database, for tests of reading alone. `folder`: settings.DATA."""
    stored = StoredFile(name=name, size=len(content), path=f"aa/bb/{uuid.uuid4().hex}")
    path = folder / "files" / stored.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return stored
