"""The lines of a document on its form: read from what was sent, drawn for what stands and for new ones."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound
from guanxi.records.context import Context
from guanxi.records.links import LINK_KINDS
from guanxi.records.registry import Registered
from guanxi.web import entered, form_fields
from guanxi.web.gate import Request, of_module

#: Empty rows under the lines that stand, so that a form without script can take some more.
SPARE_ROWS = 3
MAX_LINES = 500


def _numbers(posted: QueryDict) -> list[int]:
    found = {int(match[1]) for key in posted if (match := re.match(r"line-(\d{1,4})-", key))}
    return sorted(found)[:MAX_LINES]


def _prefix(number: int) -> str:
    return f"line-{number}-"


def lines_of_post(ctx: Context, known: Registered, posted: QueryDict) -> list[dict[str, Any]]:
    """The lines as the record engine takes them; rows that were struck out or never filled in are left out."""
    lines = []
    specs = list(known.line_fields.values())
    for number in _numbers(posted):
        prefix = _prefix(number)
        if posted.get(f"{prefix}remove"):
            continue
        values = entered.values(ctx, specs, posted, prefix=prefix)
        key = posted.get(f"{prefix}id", "")
        if not key and _is_untouched(known, values):
            continue
        lines.append({**values, **({"id": key} if key else {})})
    return lines


def _is_untouched(known: Registered, values: dict[str, Any]) -> bool:
    for name, value in values.items():
        spec = known.line_fields[name]
        default = form_fields.as_entered(spec, spec.default)
        if value not in ("", None, False, [], default):
            return False
    return True


def rows_for(ctx: Context, known: Registered, record: Any, posted: QueryDict | None = None) -> list[dict[str, Any]]:
    """The rows of the editor: those that were sent, else those that stand, then some empty ones."""
    lines = known.module.lines
    assert lines is not None
    rows = []
    if posted is not None:
        rows = [_row(ctx, known, number, posted=posted) for number in _numbers(posted)]
        return rows or [_row(ctx, known, number) for number in range(SPARE_ROWS)]
    if record is not None:
        links = [name for name, spec in known.line_fields.items() if spec.kind.name in LINK_KINDS]
        standing = lines.model._default_manager.filter(**{lines.parent: record}).select_related(*links).order_by("pk")
        rows = [_row(ctx, known, number, line=line) for number, line in enumerate(standing)]
    return rows + [_row(ctx, known, len(rows) + number) for number in range(1 if rows else SPARE_ROWS)]


def _row(
    ctx: Context, known: Registered, number: int, line: Any = None, posted: QueryDict | None = None
) -> dict[str, Any]:
    prefix = _prefix(number)
    fields = []
    for spec in known.line_fields.values():
        value = spec.value(line) if line is not None else spec.default
        fields.append(form_fields.field(ctx, spec, value, posted=posted, prefix=prefix, required=False))
    key = str(line.pk) if line is not None else posted.get(f"{prefix}id", "") if posted else ""
    return {
        "number": number,
        "prefix": prefix,
        "id": key,
        "fields": fields,
        "boxes": form_fields.mask_boxes(known.line_fields.values(), prefix),
        "removed": bool(posted and posted.get(f"{prefix}remove")),
    }


@require_GET
@of_module
def new_line(request: Request, known: Registered) -> HttpResponseBase:
    """One more empty row."""
    if known.module.lines is None:
        raise NotFound
    number = max(_numbers(request.GET), default=-1) + 1
    return render(request, "web/parts/line.html", {"row": _row(request.ctx, known, number)})
