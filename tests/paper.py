"""What a PDF of ours says: the texts of its pages, as a reader would copy them."""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_DRAWN = re.compile(rb"/(F\d+)(?:\+\d+)? [\d.]+ Tf|\(((?:\\.|[^\\()])*)\)\s*Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME = re.compile(rb"/Name\s*/(F\d+)")


def texts_of(content: bytes) -> str:
    """The texts in the order in which they were drawn; what stands in one line without a break is not parted."""
    wide = {name for part in content.split(b"endobj") if b"/Type0" in part for name in _NAME.findall(part)}
    texts: list[str] = []
    for stream in _STREAM.findall(content):
        font = b""
        for named, text in _DRAWN.findall(_unpacked(stream)):
            if named:
                font = named
            else:
                texts.append(_ESCAPED.sub(_meant, text).decode("utf-16-be" if font in wide else "cp1252", "replace"))
    return "".join(texts)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
    except (ValueError, zlib.error):
        return stream


def _meant(found: re.Match[bytes]) -> bytes:
    code = found.group(1)
    return bytes([int(code, 8)]) if code.isdigit() else _PLAIN.get(code, code)
