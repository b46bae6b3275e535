"""The message catalogues: `python tools/messages.py update | compile`.

`update` collects the texts of the sources into each package's zh_Hans catalogue: translations are kept, texts that are
no longer used go, new ones appear with an empty translation (which a test refuses). `compile` writes the binary files
that the running product reads; they are made, not committed.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "guanxi"
LOCALE = "zh_Hans"
CATALOGUE = Path("locale") / LOCALE / "LC_MESSAGES" / "django.po"
# Not named "locale": what lies there is made, and belongs to no package.
BINARY = SOURCE / "messages" / LOCALE / "LC_MESSAGES" / "django.mo"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "Message": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}
# One word has one translation in the whole product, because Django joins all catalogues into one.
Key = tuple[str | None, str]


@dataclass(frozen=True)
class Text:
    """One text of the sources: its message id (a pair when it has a plural), its context, the file that shows it."""

    msgid: str | tuple[str, ...]
    context: str | None
    file: str


def owner(file: Path) -> Path:
    """The package whose catalogue holds the texts of a source file.

    The deepest folder above the file that has a catalogue; else its floor (for a room: the room). The kernel knows no
    catalogues: its texts live on the platform.
    """
    for folder in file.parents:
        if folder == SOURCE:
            break
        if (folder / CATALOGUE).exists():
            return folder
    parts = file.relative_to(SOURCE).parts
    if parts[0] == "rooms" and len(parts) > 2:
        return SOURCE / "rooms" / parts[1]
    return SOURCE / ("platform" if parts[0] == "kernel" else parts[0])


def source_files() -> Iterator[Path]:
    """Every file of the product that may show a text: Python and templates."""
    for file in sorted(SOURCE.rglob("*")):
        in_template = "templates" in file.parts
        if file.is_file() and (file.suffix == ".py" or (in_template and file.suffix in METHODS)):
            yield file


def texts_of(file: Path) -> Iterator[Text]:
    """The texts that one source file shows."""
    options = {"encoding": "utf-8", "silent": "false"}
    for _line, msgid, _comments, context in extract_from_file(METHODS[file.suffix], file, KEYWORDS, (), options):
        if msgid and msgid != ("", ""):
            yield Text(msgid, context, file.relative_to(SOURCE).as_posix())


def texts_by_package() -> dict[Path, list[Text]]:
    """The texts of the whole product, by the package whose catalogue must translate them."""
    found: dict[Path, list[Text]] = {}
    for file in source_files():
        if texts := list(texts_of(file)):
            found.setdefault(owner(file), []).extend(texts)
    return found


def catalogue_files() -> list[Path]:
    """Every catalogue of the product."""
    return sorted(SOURCE.glob(f"**/{CATALOGUE.as_posix()}"))


def empty_catalogue() -> Catalog:
    """A Chinese catalogue without texts."""
    return Catalog(locale=LOCALE, fuzzy=False, charset="utf-8", header_comment="#")


def read(path: Path) -> Catalog:
    """The catalogue of a file."""
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def key(message: Message) -> Key:
    """What identifies a message in the joined catalogue: its context and its (singular) id."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def known_translations() -> dict[Key, Message]:
    """Every translated text of the product, so that a text that moved to another package keeps its translation."""
    entries = (message for path in catalogue_files() for message in read(path))
    return {key(message): message for message in entries if message.id and message.string and not message.fuzzy}


def renewed(translated: dict[Key, Message], texts: list[Text]) -> Catalog:
    """A catalogue of exactly these texts with the translations that are known."""
    fresh = empty_catalogue()
    for text in texts:
        entry = fresh.add(text.msgid, context=text.context, locations=[(text.file, 0)])
        known = translated.get(key(entry))
        if known and isinstance(known.id, str) == isinstance(entry.id, str):
            entry.string = known.string
    return fresh


def rendered(catalogue: Catalog) -> bytes:
    """The catalogue as a file: sorted, without dates and line numbers, so that only texts make a difference."""
    body = io.BytesIO()
    write_po(body, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return header.encode() + body.getvalue()


def missing(catalogue: Catalog) -> list[Key]:
    """The texts of a catalogue that nobody has translated yet, or whose translation is only a guess (fuzzy)."""

    def untranslated(message: Message) -> bool:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        return message.fuzzy or not all(strings)

    return [key(message) for message in catalogue if message.id and untranslated(message)]


def update() -> int:
    """Writes every catalogue anew; prints what is still to be translated and returns its number."""
    wanted = texts_by_package()
    translated = known_translations()
    open_texts = 0
    for package in sorted({*wanted, *(path.parents[3] for path in catalogue_files())}):
        path = package / CATALOGUE
        catalogue = renewed(translated, wanted.get(package, []))
        content = rendered(catalogue)
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for _context, msgid in missing(catalogue):
            print(f"{path.relative_to(SOURCE)}: {msgid!r} has no translation")
            open_texts += 1
    return open_texts


def compile_all() -> int:
    """Writes the binary form of all catalogues into one file; returns how many there are.

    One file, because the framework asks catalogue after catalogue for each text of a page.
    """
    files = catalogue_files()
    whole = empty_catalogue()
    for path in files:
        path.with_suffix(".mo").unlink(missing_ok=True)
        for message in read(path):
            if message.id:
                whole.add(message.id, message.string, context=message.context)
    BINARY.parent.mkdir(parents=True, exist_ok=True)
    with BINARY.open("wb") as target:
        write_mo(target, whole)
    return len(files)


def main(arguments: list[str]) -> int:
    """Runs `update` or `compile`; exit code 1 when texts are left without translation."""
    parser = argparse.ArgumentParser(description="Update or compile the message catalogues.")
    parser.add_argument("task", choices=["update", "compile"])
    if parser.parse_args(arguments).task == "compile":
        print(f"{compile_all()} catalogues compiled")
        return 0
    return 1 if update() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
