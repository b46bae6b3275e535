"""Hostile files, made anew for each run: what attackers and broken programs send to whoever takes files."""

from __future__ import annotations

import gzip
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, PngImagePlugin

from tests.platform.files.pictures import picture, telling
from tests.records.tables import SHEET, inline, raw_workbook, workbook

SCRIPT = b"<script>alert('Secret')</script>"
# In two parts, so that no scanner stops at this very file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"


@dataclass(frozen=True)
class Hostile:
    """One file. `kept`: whether an upload may keep it (made harmless), must refuse it, or (None) may do either."""

    family: str
    name: str
    content: bytes
    kept: bool | None = None


@cache
def corpus() -> tuple[Hostile, ...]:
    """All of them."""
    families = (
        polyglots, pages, programs, hidden_in_pictures, floods, broken_pictures, archives, workbooks, formulas, texts,
        documents, names, truncated,
    )  # fmt: skip
    return tuple(file for family in families for file in family())


def polyglots() -> Iterator[Hostile]:
    """Two kinds of file in one: a picture for us, a program for the browser."""
    tails = {
        "html": b"<html>" + SCRIPT,
        "js": b"*/=1;alert('Secret')//",
        "pdf": b"%PDF-1.4\n/JavaScript Secret",
        "php": b"<?php system('Secret'); ?>",
        "zip": zipped({"Secret.txt": b"Secret"}),
    }
    for format, extension in (("GIF", "gif"), ("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")):
        for kind, tail in tails.items():
            yield Hostile(f"{format}+{kind} behind", f"a.{extension}", picture(format) + tail, None)
            yield Hostile(f"{kind}+{format} before", f"a.{extension}", tail + picture(format), False)
    yield Hostile("GIF as script", "a.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert('Secret')", False)
    yield Hostile("PDF behind HTML", "a.pdf", b"<html>" + SCRIPT + b"%PDF-1.4", False)
    yield Hostile("HTML behind PDF", "a.pdf", b"%PDF-1.4\n" + SCRIPT, True)
    yield Hostile("PDF as picture", "a.png", b"%PDF-1.4\n", False)


def pages() -> Iterator[Hostile]:
    """What a browser would run, under its own and under other names."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg">'
    bodies = {
        "script": svg + SCRIPT + b"</svg>",
        "foreign": svg
        + b"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/></foreignObject></svg>",
        "entity": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg + b"&x;</svg>",
        "link": svg + b'<image href="http://evil.example/x.png"/></svg>',
        "html": b"<!doctype html>" + SCRIPT,
        "xhtml": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT + b"</html>",
    }
    for kind, body in bodies.items():
        for extension in ("svg", "html", "htm", "xml", "png", "jpg", "gif", "pdf"):
            yield Hostile(f"page {kind}", f"a.{extension}", body, False)
        yield Hostile(f"page {kind} as text", "a.txt", body, True)
        yield Hostile(f"page {kind} as table", "a.csv", body, True)


def programs() -> Iterator[Hostile]:
    """Programs, plainly and in disguise."""
    for extension in (
        "exe",
        "dll",
        "php",
        "pHp5",
        "phar",
        "py",
        "jsp",
        "sh",
        "bat",
        "hta",
        "lnk",
        "js",
        "jar",
        "htaccess",
    ):
        yield Hostile("program", f"a.{extension}", b"MZ" + bytes(100), False)
    for name in ("a.php.jpg", "a.jpg.php", "a.pdf.exe", "a.exe.pdf", "a.html.png", "a.php%00.jpg", "a.php;.jpg"):
        yield Hostile("two extensions", name, b"<?php system('Secret'); ?>", False)
    for extension in ("png", "jpg", "webp", "gif", "pdf", "xlsx", "xls", "docx", "zip", "csv", "txt"):
        yield Hostile("program in disguise", f"a.{extension}", b"MZ\x90\x00" + bytes(200), False)
    yield Hostile("EICAR", "eicar.com", EICAR, False)
    yield Hostile("EICAR as text", "eicar.txt", EICAR, True)
    yield Hostile("EICAR in a zip", "eicar.zip", zipped({"eicar.com": EICAR}), True)


def hidden_in_pictures() -> Iterator[Hostile]:
    """Place, camera, comments: what nobody meant to send."""
    for orientation in range(1, 9):
        yield Hostile(f"place, turned {orientation}", "a.jpg", picture("JPEG", exif=telling(orientation)), True)
    yield Hostile("place in WebP", "a.webp", picture("WEBP", exif=telling()), True)
    yield Hostile("place in PNG", "a.png", picture("PNG", exif=telling()), True)
    yield Hostile("comment in JPEG", "a.jpg", picture("JPEG", comment=b"Secret"), True)
    yield Hostile("comment in GIF", "a.gif", picture("GIF", comment=b"Secret"), True)
    yield Hostile("profile", "a.jpg", picture("JPEG", icc_profile=b"Secret profile"), True)
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Secret", zip=True)
    told.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Secret</x:xmpmeta>")
    yield Hostile("texts in PNG", "a.png", picture("PNG", pnginfo=told), True)


def floods() -> Iterator[Hostile]:
    """A few bytes that claim to be a wall of pixels."""
    side = 30_000
    png = bytearray(picture("PNG"))
    png[16:24] = struct.pack(">II", side, side)
    png[29:33] = struct.pack(">I", zlib.crc32(bytes(png[12:29])))
    gif = bytearray(picture("GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    jpeg = bytearray(picture("JPEG"))
    place = jpeg.index(b"\xff\xc0")
    jpeg[place + 5 : place + 9] = struct.pack(">HH", side, side)
    tiff = b"II*\0" + struct.pack("<IHHHIIHHII", 8, 2, 256, 4, 1, side, 257, 4, 1, side)
    webp = (
        b"RIFF"
        + struct.pack("<I", 22)
        + b"WEBPVP8L"
        + struct.pack("<I", 10)
        + b"\x2f"
        + struct.pack("<I", 0xFFFFFFF)
        + bytes(5)
    )
    for name, content in {
        "a.png": png,
        "a.gif": gif,
        "a.jpg": jpeg,
        "a.tiff": tiff,
        "a.tif": tiff,
        "a.webp": webp,
    }.items():
        yield Hostile("flood", name, bytes(content), False)
    wide = bytearray(png)
    wide[16:24] = struct.pack(">II", 0x7FFFFFFF, 0x7FFFFFFF)
    wide[29:33] = struct.pack(">I", zlib.crc32(bytes(wide[12:29])))
    yield Hostile("flood beyond all", "a.png", bytes(wide), False)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 30_000_000, zip=True)
    yield Hostile("text bomb in a picture", "a.png", picture("PNG", pnginfo=text), None)


def broken_pictures() -> Iterator[Hostile]:
    """Pictures with a right beginning and a wrong rest."""
    for format, extension in (("GIF", "gif"), ("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")):
        whole = picture(format, (64, 64))
        yield Hostile("head only", f"a.{extension}", whole[:24], False)
        yield Hostile("middle missing", f"a.{extension}", whole[:30] + whole[-10:], None)
        yield Hostile("zeros behind the head", f"a.{extension}", whole[:24] + bytes(5000), False)
    yield Hostile("another picture's name", "a.png", picture("JPEG"), False)
    target = io.BytesIO()
    frames = [Image.new("P", (4, 4), colour) for colour in range(200)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    yield Hostile("many frames", "a.gif", target.getvalue(), True)


def zipped(parts: dict[str, bytes], stored: bool = False) -> bytes:
    """An archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def archives() -> Iterator[Hostile]:
    """Archives that lead out of their folder, or unpack without end."""
    for inside in (
        "../canary.txt",
        "/etc/passwd",
        "..\\..\\canary.txt",
        "C:\\canary.txt",
        "a/../../canary.txt",
        "a" * 3000,
    ):
        yield Hostile("zip slip", "a.zip", zipped({inside: b"x"}), True)
        yield Hostile("zip slip as workbook", "a.xlsx", zipped({TYPES: b"<a/>", BOOK: b"<a/>", inside: b"x"}), None)
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield Hostile("symbolic link", "a.zip", target.getvalue(), True)
    bomb = zipped({"bomb": bytes(20_000_000)})
    yield Hostile("zip bomb", "a.zip", bomb, True)
    yield Hostile("zip bombs in a zip", "a.zip", zipped({f"{n}.zip": bomb for n in range(5)}), True)
    yield Hostile("gzip bomb", "a.gz", gzip.compress(bytes(20_000_000)), False)
    yield Hostile("gzip bomb as table", "a.csv", gzip.compress(bytes(20_000_000)), False)
    yield Hostile("many entries", "a.zip", zipped({f"{n}": b"" for n in range(10_001)}, stored=True), False)
    yield Hostile(
        "many entries as workbook",
        "a.xlsx",
        zipped({TYPES: b"<a/>", BOOK: b"<a/>"} | {f"{n}": b"" for n in range(2_100)}, stored=True),
        None,
    )
    yield Hostile("tar", "a.tar", bytes(1024), False)


def workbooks() -> Iterator[Hostile]:
    """Workbooks that are bombs, ask for other files, or carry programs."""
    row = inline("A1", "name") + inline("B1", "price")
    plain = f"<row r='1'>{row}</row><row r='2'>{inline('A2', 'Box')}{inline('B2', '1')}</row>"
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "Secret"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    ) + "]>"  # fmt: skip
    for kind, prolog in (("entity", entity), ("laughs", laughs)):
        for part in ("xl/sharedStrings.xml", BOOK, "xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"):
            yield Hostile(f"{kind} in {part}", "a.xlsx", raw_workbook(plain, **{part: prolog + "<x>&a;</x>"}), None)
    utf16 = (entity + "<x>&a;</x>").encode("utf-16")
    yield Hostile("entity in UTF-16", "a.xlsx", _with(raw_workbook(plain), "xl/sharedStrings.xml", utf16), None)
    yield Hostile("ratio", "a.xlsx", _with(raw_workbook(plain), "xl/media/x.bin", bytes(20_000_000)), None)
    yield Hostile(
        "unpacked",
        "a.xlsx",
        _with(raw_workbook(plain), "xl/worksheets/sheet1.xml", SHEET.format(" " * 20_000_000).encode()),
        None,
    )
    links = "<externalLink xmlns='x'><externalBook r:id='rId1'/></externalLink>"
    yield Hostile("external link", "a.xlsx", raw_workbook(plain, **{"xl/externalLinks/externalLink1.xml": links}), None)
    relation = (
        "<Relationships><Relationship Id='r' Target='http://evil.example/' TargetMode='External'/></Relationships>"
    )
    yield Hostile(
        "external relation", "a.xlsx", raw_workbook(plain, **{"xl/worksheets/_rels/sheet1.xml.rels": relation}), None
    )
    macro = raw_workbook(plain, **{"xl/vbaProject.bin": "Secret"})
    for name in ("a.xlsx", "a.xlsm", "a.xlsb", "a.xltm", "a.docm", "a.docx", "a.pptm"):
        yield Hostile("macro", name, macro, False)
    yield Hostile(
        "macro in XLS", "a.xls", OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), False
    )
    yield Hostile(
        "encrypted", "a.xls", OLE + "Workbook".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le"), None
    )
    far = f"<row r='1'>{row}</row><row r='1048576'>{inline('XFD1048576', 'x')}</row>"
    yield Hostile("far cell", "a.xlsx", raw_workbook(far), None)
    yield Hostile("wide", "a.xlsx", workbook([f"c{n}" for n in range(10_000)], ["x"] * 10_000), None)
    yield Hostile("no sheet", "a.xlsx", zipped({TYPES: b"<a/>", BOOK: b"<workbook/>"}), None)


def _with(book: bytes, part: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, part: content})


def formulas() -> Iterator[Hostile]:
    """Cells that a spreadsheet would run."""
    for cell in (
        "=cmd|'/C calc'!A0", "+cmd|'/C calc'!A0", "-2+3+cmd|'/C calc'!A0", "@SUM(1+1)*cmd|'/C calc'!A0", "\t=1+1",
        '=HYPERLINK("http://evil.example","Secret")', '=IMPORTXML("http://evil.example","//a")', "＝1+1", "=DDE(\"x\")",
    ):  # fmt: skip
        quoted = cell.replace('"', '""')
        yield Hostile("formula", "a.csv", f'name,price\n"{quoted}",1\n'.encode(), True)
    yield Hostile("formula in XLSX", "a.xlsx", workbook(["name", "price"], ["=1+1", "=cmd|'/C calc'!A0"]), True)


def texts() -> Iterator[Hostile]:
    """Tables that are too wide, too long, or in no encoding."""
    yield Hostile("long line", "a.csv", b"name,price\n" + b"x" * 2_000_000, True)
    yield Hostile("columns", "a.csv", ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", True)
    yield Hostile("open quote", "a.csv", b'name,price\n"' + b"x,1\n" * 50_000, True)
    yield Hostile("many rows", "a.csv", b"name,price\n" + b"x,1\n" * 200_001, True)
    yield Hostile("only delimiters", "a.csv", b"," * 100_000 + b"\n", True)
    yield Hostile("only newlines", "a.csv", b"\n" * 100_000, True)
    yield Hostile("zero bytes", "a.csv", b"name\0,price\nx,1\n", False)
    yield Hostile("half UTF-16", "a.csv", "名称,价格\n".encode("utf-16")[:-1], None)
    yield Hostile("lone surrogates", "a.csv", b"\xff\xfe" + b"\x00\xd8" * 40, None)
    yield Hostile("UTF-16 without mark", "a.csv", "name,price\nx,1\n".encode("utf-16-le"), False)
    yield Hostile("broken GB 18030", "a.csv", "名称,价格\n".encode("gb18030") + b"\x81\xff\xfe\x80", None)
    yield Hostile("broken UTF-8", "a.csv", "名称,价格\n".encode() + b"\xc3\x28\xa0\xa1", None)
    yield Hostile(
        "mixed encodings", "a.csv", "名称,价格\n客户名称,1\n".encode() + "客户名称,1\n".encode("gb18030"), None
    )
    yield Hostile("escapes", "a.txt", b"\x1b]0;Secret\x07\x1b[2J", False)
    yield Hostile("UTF-7", "a.txt", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", True)
    yield Hostile("UTF-32", "a.csv", "name,price".encode("utf-32"), None)


def documents() -> Iterator[Hostile]:
    """PDF and Office documents with something in them that acts."""
    pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\('Secret'\\))>>>>endobj\n%%EOF"
    yield Hostile("script in PDF", "a.pdf", pdf, True)
    yield Hostile("file in PDF", "a.pdf", b"%PDF-1.7\n<</Type/EmbeddedFile>>stream\nMZSecret\nendstream\n%%EOF", True)
    yield Hostile("link in PDF", "a.pdf", b"%PDF-1.7\n<</S/Launch/F(cmd.exe)>>\n%%EOF", True)
    yield Hostile(
        "macro document", "a.docx", zipped({TYPES: b"", "word/document.xml": b"", "word/vbaProject.bin": b""}), False
    )
    yield Hostile(
        "DDE document",
        "a.docx",
        zipped({TYPES: b"", "word/document.xml": b"<w:instrText>DDEAUTO cmd</w:instrText>"}),
        True,
    )
    yield Hostile("OLE package", "a.doc", OLE, False)


#: What people and programs call their files.
NAMES = (
    "../canary.txt", "../../../../etc/passwd.txt", "..\\..\\canary.txt", "/etc/passwd.txt", "C:\\Windows\\win.txt",
    "....//canary.txt", "%2e%2e%2fcanary.txt", "..%c0%afcanary.txt", "…/canary.txt", "file:///etc/passwd.txt",
    "\\\\server\\share\\a.txt", "~/a.txt", ".txt", "..txt", "a..txt", "a.txt.", "a.txt ", " a.txt", "a.txt...",
    "CON.txt", "NUL.txt", "com1.txt", "aux", "a:b.txt", "a.txt:stream", "a.txt::$DATA", "a*?.txt", "a|b.txt",
    "<script>alert(1)</script>.txt", "a'onload='x.txt", "a;rm -rf.txt", "$(id).txt", "`id`.txt", "{{7*7}}.txt",
    "${7*7}.txt", "%s%n.txt", "a\u202etxt.exe", "exe\u202e.txt", "a\u200b.txt", "\ufeffa.txt", "a\u2028b.txt",
    unicodedata.normalize("NFC", "é客户.txt"), unicodedata.normalize("NFD", "é客户.txt"), "x" * 300 + ".txt",
    "长" * 300 + ".txt", "a." + "x" * 300, "😀.txt", "a\x00.txt", "a.php\x00.txt", "a\x1b[31m.txt", "a\x7f.txt",
    "ａ．ｔｘｔ",
)  # fmt: skip


def names() -> Iterator[Hostile]:
    """A harmless text under each of these names."""
    return (Hostile("name", name, b"hello", None) for name in NAMES)


def truncated() -> Iterator[Hostile]:
    """Files that end too early, or hold nothing."""
    whole = workbook(["name", "price"], ["Box", 1])
    for extension in ("txt", "csv", "xlsx", "png", "pdf", "zip"):
        yield Hostile("empty", f"a.{extension}", b"", False)
    for size in (1, 30, 200, len(whole) // 2, len(whole) - 1):
        yield Hostile("cut workbook", "a.xlsx", whole[:size], False if size < len(whole) - 1 else None)
    yield Hostile("swapped bytes", "a.xlsx", whole[:60] + whole[60:600][::-1] + whole[600:], None)
    yield Hostile("no name", "", b"hello", None)
