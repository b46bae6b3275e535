"""What is too easy to guess: not only lists of whole passwords, but what such passwords are made of.

Guessing programs put words, years and keyboard walks together. So everything of that kind is taken out of a password,
and what remains has to be long enough by itself.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = Path(__file__).parent / "data" / "common_passwords.txt"
#: So many signs must remain that no guessing program has in its list.
ENOUGH = 6
# Digits that stand for letters stand between letters; others are just digits.
_LOOSE_DIGITS = re.compile(r"(?<![^\W\d_])\d+|\d+(?![^\W\d_])")
_LEET = str.maketrans("@430157$!", "aaeoistsi")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol",
    "0123456789",
)
_PLAIN = (
    re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])?([0-2]\d|3[01])?"),  # years and days of birth
    re.compile(r"(.)\1{2,}"),  # the same sign again and again
    re.compile(r"(.{2,4}?)\1{2,}"),  # the same few signs again and again
    # Numbers that sound like words of love or luck.
    re.compile(r"5201314|1314520|5211314|520|521|1314|9420|7758|168|188|518|886|666|888|999"),
    re.compile(r"1[3-9]\d{9}"),  # phone numbers
)  # fmt: skip


class GuessableValidator:
    """Refuses passwords that consist of common words, names of companies, years, lucky numbers and keyboard walks."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when too little of the password remains."""
        if len(remaining(password)) < ENOUGH:
            raise ValidationError(
                _("This is made of what everybody tries first: common words, names, years, keys side by side."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Not made of common words, names of companies, years or keys that lie side by side.")


def remaining(password: str) -> str:
    """What no guessing program expects in a password: what is left when everything common is taken out."""
    left = password.casefold()
    for pattern in _PLAIN:
        left = pattern.sub(" ", left)
    left = _LOOSE_DIGITS.sub(" ", _without_runs(left)).translate(_LEET)
    for word in words():
        left = left.replace(word, " ")
    return re.sub(r"[\W_\d]", "", left)


def _without_runs(text: str) -> str:
    """The text without four and more keys that follow each other on the keyboard or in the alphabet, either way."""
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        for length in range(len(run), 3, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], " ")
    return text


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """The common words, the longest first."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    found = {word for line in lines if not line.startswith("#") for word in line.split()}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
