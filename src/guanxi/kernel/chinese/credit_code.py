"""The unified social credit code (统一社会信用代码), by which every organisation in China is known. GB 32100-2015."""

import re
import unicodedata
from operator import mul

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the code; I, O, S, V and Z are left out because they are misread."""

LENGTH = 18
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def check(code: str) -> str:
    """`code` in upper case without spaces or dashes. Raises Invalid saying what is wrong with it."""
    compact = _compact(code)
    if len(compact) != LENGTH:
        raise Invalid(
            Message(
                "The unified social credit code has %(expected)s characters; this one has %(found)s.",
                expected=LENGTH,
                found=len(compact),
            )
        )
    _check_characters(compact)
    if not re.fullmatch(r"\d{6}", compact[2:8], re.ASCII):
        raise Invalid(
            Message(
                "Characters 3 to 8 of the unified social credit code name the registering district and must be digits, "
                "not “%(found)s”.",
                found=compact[2:8],
            )
        )
    expected = _check_character(compact[:-1])
    if compact[-1] != expected:
        raise Invalid(
            Message(
                "The last character of the unified social credit code should be %(expected)s, not %(found)s; "
                "probably one of the characters is mistyped.",
                expected=expected,
                found=compact[-1],
            )
        )
    return compact


def make(body: str) -> str:
    """The whole code for its first 17 characters. Raises Invalid for a wrong length or character."""
    compact = _compact(body)
    if len(compact) != LENGTH - 1:
        raise Invalid(
            Message(
                "The unified social credit code has %(expected)s characters before its check character; "
                "this one has %(found)s.",
                expected=LENGTH - 1,
                found=len(compact),
            )
        )
    _check_characters(compact)
    return check(compact + _check_character(compact))


def _compact(code: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()


def _check_characters(compact: str) -> None:
    if _VALUES.keys() >= set(compact):
        return
    for place, character in enumerate(compact, start=1):
        if character not in _VALUES:
            raise Invalid(
                Message(
                    "“%(character)s” in place %(place)s cannot occur in a unified social credit code "
                    "(digits and capital letters without I, O, S, V, Z).",
                    character=character,
                    place=place,
                )
            )


def _check_character(body: str) -> str:
    total = sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS))
    return ALPHABET[-total % 31]
