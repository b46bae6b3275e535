"""Charts of reports as shapes of our own: bars, a line, a pie, a funnel; they print, and need no script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.records.reporting.result import Heading, Point, Result
from guanxi.rooms.reports.actions.files import text_of

WIDTH, HEIGHT, FOOT, HEAD = 560.0, 220.0, 26.0, 18.0
#: At most so many columns have their name below them, at most so many letters of it.
LABELLED, LETTERS = 8, 7
#: So many tones there are; what comes after begins again.
TONES = 8


@dataclass(frozen=True)
class Mark:
    """One mark: where it stands (x, y, width, height, or a path), its tone, its name below, what it says."""

    told: str
    tone: int
    label: str = ""
    value: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    path: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart within WIDTH × HEIGHT. `path`: the line; `top`: the value of the highest mark."""

    kind: str
    title: str
    marks: tuple[Mark, ...]
    top: str = ""
    path: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    ground: float = HEIGHT - FOOT


def chart_of(kind: str, result: Result) -> Chart | None:
    """The chart of a result; None where there is nothing to draw."""
    heading, points = result.drawn, list(result.points)
    if not kind or heading is None or not points or all(point.value <= 0 for point in points):
        return None
    if kind in ("pie", "funnel"):
        points = [point for point in points if point.value > 0]
    draw = {"bar": _bars, "line": _line, "pie": _pie, "funnel": _funnel}[kind]
    return draw(heading, points)


def _told(heading: Heading, point: Point) -> str:
    return text_of(heading, _plain(heading, point.value))


def _plain(heading: Heading, value: Decimal) -> Decimal | int:
    return int(value) if heading.kind == "count" else value


def _short(text: str) -> str:
    """A name as it fits below a mark; Latin letters take half the room."""
    most = LETTERS * 2 if text.isascii() else LETTERS
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _places(count: int) -> tuple[float, int]:
    return WIDTH / count, -(-count // LABELLED)


def _bars(heading: Heading, points: Sequence[Point]) -> Chart:
    highest = max(point.value for point in points)
    step, every = _places(len(points))
    gap, room = min(step * 0.35, 26), HEIGHT - FOOT - HEAD
    marks = []
    for n, point in enumerate(points):
        height = float(max(point.value, Decimal(0)) / highest) * room
        marks.append(
            Mark(f"{point.label}: {_told(heading, point)}", 0, _short(point.label) if n % every == 0 else "",
                 x=round(n * step + gap / 2, 1), y=round(HEIGHT - FOOT - height, 1), width=round(step - gap, 1),
                 height=round(height, 1))
        )  # fmt: skip
    return Chart("bar", heading.label, tuple(marks), text_of(heading, _plain(heading, highest)))


def _line(heading: Heading, points: Sequence[Point]) -> Chart:
    highest = max(point.value for point in points)
    step, every = _places(len(points))
    room = HEIGHT - FOOT - HEAD
    marks = []
    for n, point in enumerate(points):
        y = HEIGHT - FOOT - float(max(point.value, Decimal(0)) / highest) * room
        marks.append(
            Mark(f"{point.label}: {_told(heading, point)}", 0, _short(point.label) if n % every == 0 else "",
                 x=round((n + 0.5) * step, 1), y=round(y, 1))
        )  # fmt: skip
    path = "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks)
    return Chart("line", heading.label, tuple(marks), text_of(heading, _plain(heading, highest)), path)


def _pie(heading: Heading, points: Sequence[Point]) -> Chart:
    whole = sum((point.value for point in points), Decimal(0))
    centre, radius, turned, marks = (110.0, 110.0), 100.0, 0.0, []
    for n, point in enumerate(points):
        share = float(point.value / whole)
        marks.append(
            Mark(f"{point.label}: {_told(heading, point)} ({share:.0%})", n % TONES, point.label,
                 f"{_told(heading, point)} · {share:.0%}", path=_slice(centre, radius, turned, share))
        )  # fmt: skip
        turned += share
    return Chart("pie", heading.label, tuple(marks), width=220.0)


def _slice(centre: tuple[float, float], radius: float, start: float, share: float) -> str:
    x, y = centre
    if share > 0.9999:
        return f"M{x} {y - radius} A{radius} {radius} 0 1 1 {x - 0.01} {y - radius} Z"
    ends = []
    for at in (start, start + share):
        angle = 2 * math.pi * at - math.pi / 2
        ends.append(f"{x + radius * math.cos(angle):.2f} {y + radius * math.sin(angle):.2f}")
    return f"M{x} {y} L{ends[0]} A{radius} {radius} 0 {int(share > 0.5)} 1 {ends[1]} Z"


def _funnel(heading: Heading, points: Sequence[Point]) -> Chart:
    widest = max(point.value for point in points)
    step, marks = 34.0, []
    for n, point in enumerate(points):
        width = max(float(point.value / widest) * 300, 2)
        marks.append(
            Mark(f"{point.label}: {_told(heading, point)}", n % TONES, point.label, _told(heading, point),
                 x=round(300 - width / 2, 1), y=round(n * step + 4, 1), width=round(width, 1), height=step - 6)
        )  # fmt: skip
    return Chart("funnel", heading.label, tuple(marks), height=round(len(points) * step + 4, 1))
