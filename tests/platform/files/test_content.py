import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.files.content import content_type_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
OOXML = "application/vnd.openxmlformats-officedocument."


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return content.getvalue()


def workbook() -> bytes:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLS = OLE + "Workbook".encode("utf-16-le")

GENUINE = [
    ("a.xlsx", workbook(), OOXML + "spreadsheetml.sheet"),
    ("a.docx", DOCX, OOXML + "wordprocessingml.document"),
    ("a.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), OOXML + "presentationml.presentation"),
    ("a.xls", XLS, "application/vnd.ms-excel"),
    ("a.csv", "客户,电话\n川兴,028\n".encode(), "text/csv"),
    ("a.csv", "客户,电话\r\n川兴酒业,028\r\n".encode("gb18030"), "text/csv"),
    ("a.csv", "\ufeff客户".encode(), "text/csv"),
    ("a.txt", "客户".encode("utf-16"), "text/plain"),
    ("a.tsv", "客户\t电话".encode(), "text/tab-separated-values"),
    ("a.txt", ("长" * 40_000).encode(), "text/plain"),
    ("A.PDF", b"%PDF-1.7\n", "application/pdf"),
    ("a.png", b"\x89PNG\r\n\x1a\n\x00", "image/png"),
    ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("a.jpeg", b"\xff\xd8\xff\xe1", "image/jpeg"),
    ("a.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
    ("a.gif", b"GIF89a\x01", "image/gif"),
    ("a.zip", archive("x.txt"), "application/zip"),
]

FALSE = [
    ("a.xlsx", DOCX),
    ("a.xlsx", archive("x.txt")),
    ("a.xlsx", XLS),
    ("a.xlsx", workbook()[:200]),
    ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
    ("a.xls", OLE),
    ("a.xls", XLS + "_VBA_PROJECT".encode("utf-16-le")),
    ("a.csv", b"MZ\x90\x00"),
    ("a.csv", b"\xff\xff\xff"),
    ("a.txt", b"\x89PNG\r\n\x1a\n"),
    ("a.pdf", b"<html>%PDF-"),
    ("a.png", b"<svg onload=alert(1)>"),
    ("a.png", b"\xff\xd8\xff\xe0"),
    ("a.jpg", b"GIF89a/*"),
    ("a.webp", b"RIFF\x10\x00\x00\x00WAVE"),
    ("a.zip", b"PK\x03\x04 broken"),
    ("a.exe", b"MZ"),
    ("a.html", b"<html>"),
    ("a.svg", b"<svg>"),
    ("a.xlsm", workbook()),
    ("a.pdf.exe", b"%PDF-1.7"),
    ("a", b"text"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), GENUINE)
def test_genuine_content_has_its_type(tmp_path: Path, name: str, content: bytes, content_type: str) -> None:
    (tmp_path / "x").write_bytes(content)
    assert content_type_of(tmp_path / "x", name) == content_type


@pytest.mark.parametrize(("name", "content"), FALSE)
def test_anything_else_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(Invalid) as refusal:
        content_type_of(tmp_path / "x", name)
    assert set(refusal.value.errors) == {"file"}
