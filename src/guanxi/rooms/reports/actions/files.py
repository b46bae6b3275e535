"""A report as a file: XLSX, CSV or PDF, with its subtotals and its total."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.platform.calendar import local
from guanxi.records import workbooks
from guanxi.records.context import Context
from guanxi.records.reporting.result import Heading, Line, Result, Value
from guanxi.web import taking_out

FORMS = ("xlsx", "csv", "pdf")
_FORMATS = {"money": workbooks.MONEY, "date": workbooks.DATE, "percent": workbooks.PERCENT}
#: A table with more columns lies on its side.
_UPRIGHT = 6


def text_of(heading: Heading, value: Value) -> str:
    """One value as pages and papers show it."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if heading.kind == "money" and not isinstance(value, int):
        return format_money(value)  # type: ignore[arg-type]
    if heading.kind == "percent":
        return f"{value}%"
    return f"{value:,}" if heading.is_number else str(value)


def written(ctx: Context, form: str, title: str, note: str, result: Result) -> bytes:
    """The file's bytes."""
    lines = [*result.lines, *([result.total] if result.total else [])]
    heads = [heading.label for heading in result.headings]
    if form == "csv":
        return taking_out.comma_separated(heads, [line.cells for line in lines])
    if form == "xlsx":
        formats = [_FORMATS.get(heading.kind, "") for heading in result.headings]
        return taking_out.workbook(ctx, title, heads, [line.cells for line in lines], formats)
    return _paper(ctx, title, note, result)


def _paper(ctx: Context, title: str, note: str, result: Result) -> bytes:
    # The library of PDF: loaded by who writes one.
    from guanxi.web import paper

    mark = f"{ctx.actor.name} · {local(ctx.now):%Y-%m-%d %H:%M}"
    sheet = paper.Paper(title, mark=mark, author=ctx.actor.name, wide=len(result.headings) > _UPRIGHT)
    sheet.opening(note)
    heads = [paper.Column(each.label, 1 if each.is_number else 2, numeric=each.is_number) for each in result.headings]
    total = _texts(result.headings, result.total) if result.total else None
    sheet.table(heads, [_texts(result.headings, line) for line in result.lines], total)
    sheet.gap(18)
    sheet.text(_("Checked by: ____________________    Date: ____________________"))
    return sheet.content()


def _texts(headings: Sequence[Heading], line: Line) -> list[Any]:
    return [text_of(heading, value) for heading, value in zip(headings, line.cells, strict=True)]
