"""The shape of a document number, such as "KH-{year}-{seq:05}".

Read by our own few lines: the pattern is typed by an administrator, and Python's format language would let it reach
into objects.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

PATTERN_LENGTH = 60
SEQUENCE_DIGITS = 12

_PLACE = re.compile(
    r"\{(?:(?P<year>year)|(?P<month>month):02|(?P<day>day):02|(?P<seq>seq)(?::0(?P<digits>[0-9]{1,2}))?)\}"
)
_LITERAL = re.compile(r"[\w\-/.#()\[\]〔〕（）【】 ]*")


@dataclass(frozen=True)
class NumberPattern:
    """A parsed pattern.

    Places: `{year}` (4 digits), `{month:02}`, `{day:02}`, `{seq}` or `{seq:05}` (the running number, padded with zeros
    to that width; it grows beyond the width rather than repeat itself). The running number starts again with each
    period that the pattern shows; a month needs its year and a day its month, or two periods would share numbers.
    """

    text: str
    parts: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> "NumberPattern":
        """Read a pattern. Raises Invalid naming the part that is not understood or missing."""
        return _parse(text)

    @property
    def period_kind(self) -> str:
        """The finest period the pattern shows: "day", "month", "year", or "" when the number runs for ever."""
        places = {place for place, _ in self.parts}
        return next((place for place in ("day", "month", "year") if place in places), "")

    def period(self, on: date) -> str:
        """The period that `on` falls into, as the sequence is kept: "2026-11-21", "2026-11", "2026" or ""."""
        return on.isoformat()[: {"day": 10, "month": 7, "year": 4, "": 0}[self.period_kind]]

    def number(self, sequence: int, on: date) -> str:
        """The document number for one running number on one day."""
        shown = {"year": f"{on.year:04}", "month": f"{on.month:02}", "day": f"{on.day:02}"}
        return "".join(
            detail if place == "" else str(sequence).zfill(int(detail)) if place == "seq" else shown[place]
            for place, detail in self.parts
        )


@lru_cache(maxsize=256)
def _parse(text: str) -> NumberPattern:
    if not text or len(text) > PATTERN_LENGTH:
        raise Invalid(Message("A number pattern has 1 to %(limit)s characters.", limit=PATTERN_LENGTH))
    parts: list[tuple[str, str]] = []
    position = 0
    for found in _PLACE.finditer(text):
        _add_literal(parts, text[position : found.start()])
        parts.append(_place(found))
        position = found.end()
    _add_literal(parts, text[position:])
    _check_places([place for place, _ in parts if place])
    return NumberPattern(text, tuple(parts))


def _place(found: re.Match[str]) -> tuple[str, str]:
    place = next(name for name in ("year", "month", "day", "seq") if found[name])
    if place != "seq":
        return place, ""
    digits = int(found["digits"] or 1)
    if not 1 <= digits <= SEQUENCE_DIGITS:
        raise Invalid(Message("The running number has 1 to %(limit)s digits.", limit=SEQUENCE_DIGITS))
    return place, str(digits)


def _add_literal(parts: list[tuple[str, str]], text: str) -> None:
    if not _LITERAL.fullmatch(text):
        raise Invalid(
            Message(
                "“%(text)s” is not understood in a number pattern. Allowed: letters, digits, - / . # brackets, and the "
                "places %(places)s.",
                text=text,
                places="{year} {month:02} {day:02} {seq} {seq:05}",
            )
        )
    if text:
        parts.append(("", text))


def _check_places(places: list[str]) -> None:
    if places.count("seq") != 1:
        raise Invalid(Message("A number pattern contains the running number {seq} exactly once."))
    if len(places) != len(set(places)):
        raise Invalid(Message("A number pattern shows each part of the date at most once."))
    if ("month" in places and "year" not in places) or ("day" in places and "month" not in places):
        raise Invalid(
            Message(
                "A month needs its year and a day its month in a number pattern, or numbers would repeat themselves."
            )
        )
