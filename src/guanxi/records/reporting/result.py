"""What a report comes to: headings and lines of plain values, which pages draw, files hold and jobs keep as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = str | int | Decimal | datetime.date | None


@dataclass(frozen=True)
class Heading:
    """One column. `kind`: text, date, count, number, money or percent."""

    label: str
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in ("count", "number", "money", "percent")


@dataclass(frozen=True)
class Line:
    """One line. `level` 0 is a row or a finest group, more a subtotal; `leads`: the filter of exactly its records."""

    cells: tuple[Value, ...]
    level: int = 0
    leads: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Point:
    """One mark of a chart."""

    label: str
    value: Decimal


@dataclass(frozen=True)
class Result:
    """A report as it was worked out. `rows`: how many rows it is about; `shown`: how many lines it has in all.

    `listing`: the module in whose list `leads` filters; `gone`: names of columns that do not exist any more.
    """

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    total: Line | None
    rows: int
    shown: int
    listing: str = ""
    points: tuple[Point, ...] = ()
    drawn: Heading | None = None
    gone: tuple[str, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether there are more lines than these."""
        return sum(1 for line in self.lines if line.level == 0) < self.shown

    def as_dict(self) -> dict[str, Any]:
        """JSON from which `from_dict` makes the same result."""
        return {
            "headings": [[each.label, each.kind] for each in self.headings],
            "lines": [_packed(line) for line in self.lines],
            "total": _packed(self.total) if self.total else None,
            "rows": self.rows, "shown": self.shown, "listing": self.listing, "gone": list(self.gone),
            "points": [[point.label, str(point.value)] for point in self.points],
            "drawn": [self.drawn.label, self.drawn.kind] if self.drawn else None,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Result:
        """What `as_dict` gave."""
        return cls(
            headings=tuple(Heading(*each) for each in kept["headings"]),
            lines=tuple(_unpacked(line) for line in kept["lines"]),
            total=_unpacked(kept["total"]) if kept["total"] else None,
            rows=kept["rows"], shown=kept["shown"], listing=kept["listing"], gone=tuple(kept["gone"]),
            points=tuple(Point(label, Decimal(value)) for label, value in kept["points"]),
            drawn=Heading(*kept["drawn"]) if kept["drawn"] else None,
        )  # fmt: skip


def _packed(line: Line) -> list[Any]:
    return [[_cell(value) for value in line.cells], line.level, line.leads]


def _cell(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return {"date": value.isoformat()} if isinstance(value, datetime.date) else value


def _unpacked(kept: list[Any]) -> Line:
    return Line(tuple(_value(cell) for cell in kept[0]), kept[1], kept[2])


def _value(cell: Any) -> Value:
    if not isinstance(cell, dict):
        return cell
    return Decimal(cell["number"]) if "number" in cell else datetime.date.fromisoformat(cell["date"])
