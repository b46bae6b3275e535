"""Texts for descriptions, notes and talks: a stock of sentence halves, joined anew for every record."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

STOCK = Path(__file__).parent / "data" / "sentences.txt"


@cache
def stock() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Section name to (heads, tails); a section without tails holds whole sentences."""
    sections: dict[str, tuple[list[str], list[str]]] = {}
    part: list[str] = []
    for line in STOCK.read_text("utf-8").splitlines():
        if line.startswith("= "):
            part = []
            sections[line[2:].strip()] = (part, [])
        elif line == "--":
            part = next(reversed(sections.values()))[1]
        elif line and not line.startswith("#"):
            part.append(line)
    return {name: (tuple(heads), tuple(tails)) for name, (heads, tails) in sections.items()}


def sentence(chance: Random, section: str, **facts: object) -> str:
    """One text of a section with the customer's facts filled in."""
    heads, tails = stock()[section]
    text = chance.choice(heads) + (chance.choice(tails) if tails else "")
    return text.format(n=chance.randint(2, 9), **facts)
