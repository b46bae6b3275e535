"""How a value looks beyond its text: the tone of a state, a grade drawn as a seal. Rooms declare it in their pages.

looks.declare("customers.customer", "stage", tones={"lost": "red", "won": "green"})
looks.declare("customers.customer", "grade", style="grade", strong=("A",))
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

STYLES = ("text", "tag", "grade", "seal", "bar")


@dataclass(frozen=True)
class Look:
    """How one field is drawn. `tones`: stored value to red, green, amber, blue; `strong`: values drawn in seal red."""

    style: str = "tag"
    tones: Mapping[str, str] = field(default_factory=dict)
    strong: frozenset[str] = frozenset()


_PLAIN = Look(style="text")
_declared: dict[tuple[str, str], Look] = {}


def declare(
    module: str, name: str, *, style: str = "tag", tones: Mapping[str, str] | None = None, strong: Collection[str] = ()
) -> None:
    """Say how a field of a record type is drawn in lists and at the head of its page."""
    if style not in STYLES:
        raise ValueError(f"unknown style {style}")
    _declared[module, name] = Look(style, dict(tones or {}), frozenset(strong))


def look_of(module: str, name: str) -> Look:
    """How the field is drawn; plain text unless declared."""
    return _declared.get((module, name), _PLAIN)


def tone_of(module: str, name: str, value: Any) -> str:
    """The tone of a stored value, "" for none."""
    return look_of(module, name).tones.get(str(value), "")


def seals_of(module: str) -> list[tuple[str, Look]]:
    """The fields of a record type that stand as seals beside its name."""
    return [
        (name, look) for (key, name), look in _declared.items() if key == module and look.style in ("grade", "seal")
    ]
