"""Pictures are never kept as they came: they are drawn anew, without anything but what is seen."""

import json
import tempfile
from pathlib import Path

from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.files import confined

#: The formats that are drawn anew, by content type. An animation is kept as its first picture, in PNG.
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
#: More than any camera in a telephone makes by default; the header says how many, before a byte is decoded.
MAX_PIXELS = 40_000_000
MEMORY = 768 * 1024 * 1024
SECONDS = 20
_PROGRAM = Path(__file__).with_name("redrawing.py")


def redraw(path: Path, target: Path, content_type: str, limit: int) -> str:
    """Draw the picture at `path` anew to `target`; returns the content type of the new one.

    `limit`: most bytes of the new file. Raises TooLarge for more than MAX_PIXELS, and Invalid (key "file") for what is
    no picture of that type.
    """
    order = {"path": str(path), "target": str(target), "format": FORMATS[content_type], "pixels": MAX_PIXELS}
    with tempfile.TemporaryFile() as answer:
        try:
            confined.run(_PROGRAM, order, answer, memory=MEMORY, seconds=SECONDS, written=limit)
        except (confined.TooLong, confined.TooMuchMemory):
            raise TooLarge(_TOO_MUCH) from None
        except confined.Failed:
            raise Invalid({"file": [Message("This picture is damaged.")]}) from None
        answer.seek(0)
        problem = json.loads(answer.read()).get("problem")
    if problem == "pixels":
        raise TooLarge(Message("The picture has more than %(limit)s million pixels.", limit=MAX_PIXELS // 1_000_000))
    if problem:
        raise TooLarge(_TOO_MUCH)
    return "image/png" if content_type == "image/gif" else content_type


_TOO_MUCH = Message("This picture takes too much to be drawn anew; make it smaller.")
