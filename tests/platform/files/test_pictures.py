"""Pictures are kept as they are seen, and with nothing else in them."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.platform.files import pictures
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from tests.platform.files.pictures import picture, telling
from tests.stored import path_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "files"


def drawn(stored: StoredFile) -> tuple[bytes, Image.Image]:
    content = path_of(stored).read_bytes()
    image = Image.open(io.BytesIO(content))
    image.load()
    return content, image


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
def test_place_and_camera_are_dropped_and_the_picture_stands_upright(format: str) -> None:
    stored = store(picture(format, (40, 20), exif=telling(), icc_profile=b"Secretprofile"), f"a.{format}", None, AT)
    content, image = drawn(stored)
    assert image.size == (20, 40) and stored.content_type == f"image/{format.lower()}"
    red, _green, blue = image.convert("RGB").getpixel((10, 3))
    assert red > 200 and blue < 60  # what was left is now above
    assert not image.getexif() and not image.info.get("icc_profile")
    for word in (b"Secret", b"Exif\0", b"Model X"):
        assert word not in content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_comments_texts_and_what_hangs_on_are_dropped() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "Secret one")
    told.add_itxt("XML:com.adobe.xmp", "Secret two")
    files = {
        "a.png": picture("PNG", pnginfo=told) + b"Secret three<script>alert(1)</script>",
        "a.jpg": picture("JPEG", comment=b"Secret") + b"PK\x03\x04Secret",
        "a.gif": picture("GIF", comment=b"Secret") + b"<?php Secret",
        "a.webp": picture("WEBP", xmp=b"Secret"),
    }
    for name, content in files.items():
        assert b"Secret" in content
        kept, _image = drawn(store(content, name, None, AT))
        assert b"Secret" not in kept and b"script" not in kept


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16", "CMYK"])
def test_pictures_of_every_kind_of_colour_are_kept(mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"
    if mode == "I;16":
        target = io.BytesIO()
        Image.new("I;16", (8, 4), 40_000).save(target, "PNG")
        content = target.getvalue()
    else:
        content = picture(format, mode=mode)
    _content, image = drawn(store(content, "a.jpg" if format == "JPEG" else "a.png", None, AT))
    assert image.size == (8, 4)


def test_a_gif_is_kept_as_png_holes_and_all() -> None:
    target = io.BytesIO()
    moving = [Image.new("RGBA", (8, 4), (255, 0, 0, 0)), Image.new("RGBA", (8, 4), (0, 255, 0, 255))]
    moving[0].save(target, "GIF", save_all=True, append_images=moving[1:])
    stored = store(target.getvalue(), "标志.GIF", None, AT)
    assert (stored.name, stored.content_type) == ("标志.png", "image/png")
    _content, image = drawn(stored)
    assert (image.format, image.size, image.convert("RGBA").getpixel((0, 0))[3]) == ("PNG", (8, 4), 0)


def flood(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_more_pixels_than_are_allowed_are_never_decoded(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MEMORY", 300 * 1024 * 1024)
    for size in ((30_000, 30_000), (40_000_001, 1)):
        with pytest.raises(TooLarge, match="40 million pixels"):
            store(flood(*size), "a.png", None, AT)
    with pytest.raises((TooLarge, Invalid)):  # allowed, but there is no such picture in it
        store(flood(6000, 6000), "a.png", None, AT)
    assert not [path for path in folder.rglob("*") if path.is_file()] and not StoredFile.objects.exists()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp"])
def test_a_damaged_picture_is_refused(name: str, folder: Path) -> None:
    format = {"jpg": "JPEG"}.get(name[2:], name[2:].upper())
    whole = picture(format, (200, 200))
    for content in (whole[:40], whole[:20] + bytes(200)):
        with pytest.raises(Invalid) as caught:
            store(content, name, None, AT)
        assert "damaged" in str(caught.value.errors["file"][0])
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_too_little_memory_is_said(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MEMORY", 200 * 1024 * 1024)
    with pytest.raises(TooLarge, match="smaller"):
        store(picture("JPEG", (6300, 6300)), "a.jpg", None, AT, limit=50_000_000)
