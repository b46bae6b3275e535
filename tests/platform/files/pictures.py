"""Small pictures for the tests, with things in them that must not be kept."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(format: str = "PNG", size: tuple[int, int] = (8, 4), mode: str = "RGB", **saved: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", size, (0, 0, 255))
    drawn.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    drawn.convert(mode).save(target, format, **saved)
    return target.getvalue()


def telling(orientation: int = 6) -> bytes:
    """The EXIF data of a telephone: the place, the camera, and how it was held."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Secretphone", "Model X", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 39.0, 26.0), 3: "E", 4: (104.0, 3.0, 57.0)})
    return exif.tobytes()
