"""Charts as lines and boxes of our own: what a template needs to draw columns over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.rooms.compliance.queries.figures import Counts

#: The figures as people read them, in their order.
NAMES: dict[str, Any] = {
    "kept": _("kept in time"),
    "late": _("kept late"),
    "broken": _("broken"),
    "refused": _("refused"),
    "warned": _("went on after a warning"),
    "waived": _("waived"),
    "approved": _("approved"),
    "declined": _("not approved"),
}
WIDTH, HEIGHT, FOOT, HEAD = 560.0, 190.0, 24.0, 16.0
#: At most so many columns have their day below them.
LABELLED = 6


@dataclass(frozen=True)
class Box:
    """One part of a column. `name`: which figure it is."""

    name: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One column: a day or a month, its boxes from the ground up, and what it says when pointed at."""

    x: float
    width: float
    label: str
    boxes: tuple[Box, ...]
    told: str
    first: date


@dataclass(frozen=True)
class Chart:
    """Columns over time within WIDTH × HEIGHT, the value of the highest, and which figures are drawn."""

    bars: tuple[Bar, ...]
    highest: int
    names: tuple[tuple[str, Any, int], ...]
    width: float = WIDTH
    height: float = HEIGHT
    ground: float = HEIGHT - FOOT


def course(counts: Mapping[date, Counts], names: Sequence[str], *, by_day: bool) -> Chart | None:
    """How some of the figures went, day by day or month by month; None where there is nothing to draw."""
    sums = {name: sum(each[name] for each in counts.values()) for name in names}
    highest = max((sum(each[name] for name in names) for each in counts.values()), default=0)
    if not highest:
        return None
    step = WIDTH / len(counts)
    every = -(-len(counts) // LABELLED)
    bars = [
        _bar(place, day, each, names, highest, step, labelled=place % every == 0, by_day=by_day)
        for place, (day, each) in enumerate(counts.items())
    ]
    return Chart(tuple(bars), highest, tuple((name, NAMES[name], sums[name]) for name in names))


def _bar(
    place: int, day: date, counts: Counts, names: Sequence[str], highest: int, step: float, *, labelled: bool,
    by_day: bool,
) -> Bar:  # fmt: skip
    room, top, boxes = HEIGHT - FOOT - HEAD, HEIGHT - FOOT, []
    for name in names:
        height = room * counts[name] / highest
        top -= height
        if counts[name]:
            boxes.append(Box(name, round(top, 1), round(max(height, 0.8), 1)))
    label = f"{day:%m-%d}" if by_day else f"{day:%Y-%m}"
    told = " · ".join([label, *(f"{NAMES[name]} {counts[name]}" for name in names if counts[name])])
    gap = min(step * 0.3, 14)
    return Bar(
        round(place * step + gap / 2, 1), round(step - gap, 1), label if labelled else "", tuple(boxes), told, day
    )
