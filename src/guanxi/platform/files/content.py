"""What a file really is: judged by its bytes and held against what its name claims."""

import codecs
import mmap
import zipfile
from collections.abc import Callable
from pathlib import Path

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.files.names import extension_of

HEAD_BYTES = 64 * 1024
ZIP_ENTRIES = 10_000

_OOXML = "application/vnd.openxmlformats-officedocument."
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def content_type_of(path: Path, name: str) -> str:
    """The content type of the file at `path` that a person calls `name`.

    Raises Invalid (key "file") when files of that extension are not accepted, or when the bytes are something else than
    the extension says, and for Office files that carry macros.
    """
    extension = extension_of(name)
    if extension not in ACCEPTED:
        accepted = ", ".join(sorted(ACCEPTED))
        raise Invalid(
            {"file": [Message("Files of this type are not accepted. Accepted: %(accepted)s.", accepted=accepted)]}
        )
    content_type, fits = ACCEPTED[extension]
    if not fits(path):
        raise Invalid(
            {
                "file": [
                    Message("The content of this file is not what its name says (.%(extension)s).", extension=extension)
                ]
            }
        )
    return content_type


def _head(path: Path, size: int = HEAD_BYTES) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _begins_with(*marks: bytes) -> Callable[[Path], bool]:
    return lambda path: _head(path, 16).startswith(marks)


def _is_webp(path: Path) -> bool:
    head = _head(path, 12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _is_text(path: Path) -> bool:
    """Text in UTF-8, UTF-16 with its mark, or the Chinese GB 18030; never anything with control bytes."""
    head = _head(path)
    if head.startswith(_UTF_16_MARKS):
        return _decodes(head, "utf-16")
    # Old programs end a text with Ctrl-Z.
    if any(byte < 32 and byte not in b"\t\n\v\f\r" for byte in head.removesuffix(b"\x1a")):
        return False
    return _decodes(head, "utf-8") or _decodes(head, "gb18030")


def _decodes(head: bytes, encoding: str) -> bool:
    # Not final: the head may end in the middle of a character.
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def _entries(path: Path) -> set[str]:
    """The names in a zip archive, empty for anything else. Only the table of contents is read, nothing is unpacked."""
    if not _head(path, 4).startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return set()
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OSError):
        return set()
    return set(names) if len(names) <= ZIP_ENTRIES else set()


def _is_zip(path: Path) -> bool:
    return bool(_entries(path))


def _is_office(part: str) -> Callable[[Path], bool]:
    def fits(path: Path) -> bool:
        names = _entries(path)
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and part in names and not macros

    return fits


def _is_xls(path: Path) -> bool:
    """An OLE container with a workbook in it, and without a macro project."""
    if not _head(path, 8).startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        book = any(content.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook", "Book"))
        return book and content.find("_VBA_PROJECT".encode("utf-16-le")) < 0


ACCEPTED: dict[str, tuple[str, Callable[[Path], bool]]] = {
    "xlsx": (_OOXML + "spreadsheetml.sheet", _is_office("xl/workbook.xml")),
    "docx": (_OOXML + "wordprocessingml.document", _is_office("word/document.xml")),
    "pptx": (_OOXML + "presentationml.presentation", _is_office("ppt/presentation.xml")),
    "xls": ("application/vnd.ms-excel", _is_xls),
    "csv": ("text/csv", _is_text),
    "tsv": ("text/tab-separated-values", _is_text),
    "txt": ("text/plain", _is_text),
    "pdf": ("application/pdf", _begins_with(b"%PDF-")),
    "png": ("image/png", _begins_with(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins_with(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins_with(b"\xff\xd8\xff")),
    "webp": ("image/webp", _is_webp),
    "gif": ("image/gif", _begins_with(b"GIF87a", b"GIF89a")),
    "zip": ("application/zip", _is_zip),
}
