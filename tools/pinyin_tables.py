"""Makes the table of readings in kernel/chinese/data from pypinyin's: `python -m tools.pinyin_tables`.

The product needs one reading of each character and the few words that read otherwise; pypinyin's tables hold all
readings with tones, take a third of a second to load and 60 MB to hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from guanxi.kernel.chinese.pinyin import TABLE, usual_reading

#: Longer words do not occur in names.
LONGEST_WORD = 4
HEAD = """\
# What characters and words are read as, without tones; made by tools/pinyin_tables.py from the tables of
# pypinyin {version} (MIT licence, Copyright (c) 2016 mozillazg, 闲耘). First each syllable with its characters,
# then the words that read otherwise than their characters do.
"""


def toneless(syllable: str) -> str:
    """A syllable without its tone; ü is written v."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def characters() -> dict[str, str]:
    """The first reading of each character."""
    return {chr(code): toneless(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}


def words(known: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The words of which a character is read otherwise than by itself."""
    for phrase, syllables in PHRASES_DICT.items():
        reading = [toneless(options[0]) for options in syllables]
        usual = [usual_reading(character) or known.get(character, "") for character in phrase]
        if len(phrase) <= LONGEST_WORD and reading != usual[: len(reading)]:
            yield phrase, reading


def table(version: str) -> str:
    """The whole file."""
    known = characters()
    by_syllable: dict[str, list[str]] = {}
    for character in sorted(known):
        by_syllable.setdefault(known[character], []).append(character)
    lines = [f"{syllable} {''.join(found)}" for syllable, found in sorted(by_syllable.items())]
    others = [" ".join([phrase, *reading]) for phrase, reading in sorted(words(known))]
    return HEAD.format(version=version) + "\n".join([*lines, "", *others, ""])


if __name__ == "__main__":
    import pypinyin

    TABLE.write_text(table(pypinyin.__version__), "utf-8")
