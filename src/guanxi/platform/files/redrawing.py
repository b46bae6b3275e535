"""Draws one picture anew in a process of its own, under limits, and says in one line of JSON how it went.

The order is {"path", "target", "format", "pixels"}. Only what is seen is carried over: no place, camera, comment,
preview or other content that hides in the file. The answer is {} or {"problem": code}. See `limits` for what runs this.
"""

import contextlib
import io
import json
import sys
from typing import Any

from PIL import Image, ImageCms, ImageOps

_SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 90},
}
_MODES = {"JPEG": {"L", "RGB"}, "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}, "WEBP": {"RGB", "RGBA"}}


def redraw(path: str, target: str, format: str, pixels: int) -> dict[str, str]:
    """Write the picture at `path` to `target`, turned as it is meant to be seen."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and is asked before anything is decoded
    saved = "PNG" if format == "GIF" else format
    with Image.open(path, formats=[format]) as opened:
        if opened.width * opened.height > pixels:
            return {"problem": "pixels"}
        opened.load()
        picture = in_usual_colours(ImageOps.exif_transpose(opened))
    if picture.mode not in _MODES[saved]:
        picture = picture.convert("RGBA" if has_holes(picture) and saved != "JPEG" else "RGB")
    # What the formats carry besides the picture stands in `info`, and would be written again.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency" and saved == "PNG"}
    picture.save(target, saved, exif=b"", icc_profile=None, **_SAVED[saved])
    return {}


def in_usual_colours(picture: Image.Image) -> Image.Image:
    """The picture in the colours that every screen shows: its own profile is applied, then forgotten."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA"):
        # Where the profile is damaged the colours stay as they are.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), inPlace=True
            )
    return picture


def has_holes(picture: Image.Image) -> bool:
    """Whether parts of the picture let the ground shine through."""
    return "A" in picture.getbands() or "transparency" in picture.info


if __name__ == "__main__":
    try:
        answer = redraw(**json.loads(sys.argv[1]))
    except MemoryError:
        answer = {"problem": "memory"}
    print(json.dumps(answer))
