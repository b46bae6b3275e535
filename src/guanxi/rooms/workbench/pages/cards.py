"""The cards of the workbench: each answers one question of the person who opens the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from guanxi.records.context import Context


@dataclass(frozen=True)
class Card:
    """One sheet of the page: its template and what that shows. Several cards stand below each other in a column."""

    name: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


class CardSource(Protocol):
    """Makes one card for a person, or none when there is nothing to say to him."""

    def __call__(self, ctx: Context) -> Card | None: ...


@dataclass(frozen=True)
class Place:
    """Where a card stands: column 1 to 3 from the left, and its order in the column."""

    column: int
    order: int
    source: CardSource


_places: list[Place] = []


def register(source: CardSource, *, column: int, order: int) -> None:
    """Put a card onto the workbench."""
    if column not in (1, 2, 3):
        raise ValueError(f"the workbench has no column {column}")
    _places.append(Place(column, order, source))


def columns(ctx: Context) -> list[list[Card]]:
    """The cards for a person, column by column; a column in which nothing stands is left out."""
    found: dict[int, list[Card]] = {1: [], 2: [], 3: []}
    for place in sorted(_places, key=lambda place: (place.column, place.order)):
        card = place.source(ctx)
        if card is not None:
            found[place.column].append(card)
    return [cards for cards in found.values() if cards]
