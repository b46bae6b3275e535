"""Text as search compares it: one spelling for what people call the same, and pairs of characters to look up by."""

import re
import unicodedata
from operator import add

_PUNCTUATION = re.compile(r"[^\w\s]|_")


def normalise(text: str) -> str:
    """`text` in the one form that index and query share: width and case folded, punctuation gone, single spaces.

    Traditional characters stay as they are. Normalising twice changes nothing.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if folded.isalnum():
        return folded
    kept = _PUNCTUATION.sub("", folded)
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring characters in each word of `text`, each once, in order: 川兴酒业 gives 川兴 兴酒 酒业.

    A word of one character gives itself. The same function serves indexing and querying.
    """
    return pairs_of(normalise(text))


def pairs_of(normalised: str) -> list[str]:
    """The same of a text that is in its one form already, of one or more lines."""
    found: list[str] = []
    for run in normalised.split():
        found += map(add, run, run[1:]) if len(run) > 1 else run
    return list(dict.fromkeys(found))
