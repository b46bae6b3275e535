"""Reports: tables of figures that a room works out, drawn on a printable page and taken out as XLSX, CSV or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.platform.calendar import local
from guanxi.records import workbooks
from guanxi.records.context import Context
from guanxi.web import taking_out

_FORMATS = {"money": workbooks.MONEY, "date": workbooks.DATE}
#: A table with more columns lies on its side.
UPRIGHT_COLUMNS = 6


@dataclass(frozen=True)
class Column:
    """One column of a report; `kind`: text, count, days, percent, money or date."""

    label: Any
    kind: str = "text"

    @property
    def numeric(self) -> bool:
        return self.kind in ("count", "days", "percent", "money")

    @property
    def is_summed(self) -> bool:
        """Whether the column has a sum below it; shares and places have none."""
        return self.kind in ("count", "money")


@dataclass(frozen=True)
class Cell:
    """One value of a report, and where it leads."""

    value: Any
    href: str = ""
    tone: str = ""

    def text(self, column: Column) -> str:
        """The value as the page shows it."""
        if column.kind in ("days", "percent") and self.value is not None:
            return f"{self.value}%" if column.kind == "percent" else f"{self.value:,}"
        if self.value in (None, "", 0):
            return ""
        if column.kind == "money":
            return format_money(self.value)
        if column.kind == "count":
            return f"{self.value:,}"
        return str(self.value)


class Subtotal(tuple[Cell, ...]):
    """A row that adds up rows above it: it stands out, and is not added up again."""

    is_sum = True


def subtotal(label: object, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Subtotal:
    """The sums of some rows under a name that stands in the first column."""
    return Subtotal([Cell(str(label)), *sums(columns, rows)[1:]])


def sums(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Below each column its sum; nothing below texts, days and shares. Subtotals among the rows are left out."""
    added = [row for row in rows if not getattr(row, "is_sum", False)]
    return [
        Cell(sum((row[n].value or 0 for row in added), Decimal(0) if column.kind == "money" else 0))
        if column.is_summed
        else Cell(None)
        for n, column in enumerate(columns)
    ]


def totals(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[Cell] | None:
    """The last line of a report; None for a single row, and where nothing can be added up."""
    if len(rows) < 2 or not any(column.is_summed for column in columns):
        return None
    return sums(columns, rows)


# ---- Files -----------------------------------------------------------------------------------------------------------


def written(
    ctx: Context, form: str, title: str, note: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> bytes:
    """The report as a file: "xlsx", "csv" or "pdf"."""
    heads, values = [str(column.label) for column in columns], [[cell.value for cell in row] for row in rows]
    if form == "csv":
        return taking_out.comma_separated(heads, values)
    if form == "xlsx":
        return taking_out.workbook(ctx, title, heads, values, [_FORMATS.get(column.kind, "") for column in columns])
    return _paper(ctx, title, note, columns, rows)


def _paper(ctx: Context, title: str, note: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
    # The library of PDF: loaded by who writes one.
    from guanxi.web import paper

    mark = f"{ctx.actor.name} · {local(ctx.now):%Y-%m-%d %H:%M}"
    sheet = paper.Paper(title, mark=mark, author=ctx.actor.name, wide=len(columns) > UPRIGHT_COLUMNS)
    sheet.opening(note)
    heads = [paper.Column(column.label, 1 if column.numeric else 2, numeric=column.numeric) for column in columns]
    last = totals(columns, rows)
    lines = [[_marked(paper, cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
    total = [cell.text(column) for cell, column in zip(last, columns, strict=True)] if last is not None else None
    sheet.table(heads, lines, [total[0] or _("Total"), *total[1:]] if total is not None else None)
    sheet.gap(18)
    sheet.text(_("Checked by: ____________________    Date: ____________________"))
    return sheet.content()


def _marked(paper: Any, cell: Cell, column: Column) -> Any:
    text = cell.text(column)
    return paper.Marked(text) if cell.tone == "red" and text else text
