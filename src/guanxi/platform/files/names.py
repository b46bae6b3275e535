"""File names as people typed them: made harmless for showing."""

import re
import unicodedata

NAME_LENGTH = 200
EXTENSION_LENGTH = 16
UNNAMED = "file"

# Marks that turn the reading direction around, so that "exe.pdf" is read where "fdp.exe" is written, and marks without
# width.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')


def display_name(name: str) -> str:
    """The name without folders, control characters and marks that hide or turn its letters, at most 200 characters.

    The extension survives the cut. A name of which nothing remains becomes "file".
    """
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(letter for letter in unicodedata.normalize("NFC", last) if not _is_control(letter))
    clean = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", visible.translate(_INVISIBLE))).strip(" .")
    if len(clean) > NAME_LENGTH:
        stem, extension = _split(clean)
        clean = stem[: NAME_LENGTH - len(extension)] + extension
    return clean or UNNAMED


def extension_of(name: str) -> str:
    """The last extension in lower case without its dot: "xlsx", or ""."""
    return _split(name)[1][1:].lower()


def with_extension(name: str, content_type: str) -> str:
    """The name, with another extension where its own is not one of that type: "a.gif" kept as PNG is "a.png"."""
    fitting = {"image/jpeg": ("jpg", "jpeg"), "image/png": ("png",), "image/webp": ("webp",)}[content_type]
    return name if extension_of(name) in fitting else f"{_split(name)[0]}.{fitting[0]}"


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn")


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > EXTENSION_LENGTH:
        return name, ""
    return stem, f".{extension}"
