"""The lines of a document on its form: read from what was sent, drawn for what stands and for new ones."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound
from guanxi.records.context import Context
from guanxi.records.links import LINK_KINDS, candidates, unseen
from guanxi.records.registry import Registered
from guanxi.records.standard import stand_below
from guanxi.web import entered, form_fields
from guanxi.web.gate import Request, of_module

#: Empty rows under the lines that stand, so that a form without script can take some more.
SPARE_ROWS = 3
MAX_LINES = 500
#: The number of a row that the script copies for a new line.
BLANK = "blank"


def _numbers(posted: QueryDict) -> list[int]:
    """The numbers of the rows in the order in which they stood on the form, whatever they are."""
    return list(dict.fromkeys(int(match[1]) for key in posted if (match := re.match(r"line-(\d{1,4})-", key))))[
        :MAX_LINES
    ]


def _prefix(number: int | str) -> str:
    return f"line-{number}-"


def lines_of_post(ctx: Context, known: Registered, posted: QueryDict) -> list[dict[str, Any]]:
    """The lines as the record engine takes them; rows that were struck out or never filled in are left out."""
    lines = []
    specs = list(known.line_inputs.values())
    numbers = _numbers(posted)
    rows = _linked(ctx, known, posted, numbers)
    for number in numbers:
        prefix = _prefix(number)
        if posted.get(f"{prefix}remove"):
            continue
        values = entered.values(ctx, specs, posted, prefix=prefix, rows=rows)
        key = posted.get(f"{prefix}id", "")
        if not key and _is_untouched(known, values):
            continue
        lines.append({**values, **({"id": key} if key else {})})
    return lines


def _linked(ctx: Context, known: Registered, posted: QueryDict, numbers: list[int]) -> dict[str, dict[str, Any]]:
    """What the lines lead to, by column and id: asked for once, however many lines there are."""
    found = {}
    for name, spec in known.line_inputs.items():
        if spec.kind.name in LINK_KINDS:
            keys = {key for number in numbers if entered.is_id(key := posted.get(f"{_prefix(number)}{name}", ""))}
            found[name] = {str(pk): row for pk, row in candidates(ctx, spec).in_bulk(list(keys)).items()}
    return found


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
        standing = stand_below(lines, record)
        veiled = _veiled(ctx, known, standing)
        rows = [_row(ctx, known, number, line=line, veiled=veiled) for number, line in enumerate(standing)]
    return rows + [_row(ctx, known, len(rows) + number) for number in range(1 if rows else SPARE_ROWS)]


def blank_row(ctx: Context, known: Registered) -> dict[str, Any]:
    """The empty row that the script copies for another line."""
    return _row(ctx, known, BLANK)


def _veiled(ctx: Context, known: Registered, lines: list[Any]) -> dict[str, Any]:
    """Of what the lines lead to, the ids that the person may not see, by column."""
    return {
        name: unseen(ctx, spec.target, {spec.stored(line) for line in lines} - {None})
        for name, spec in known.line_fields.items()
        if spec.kind.name == "link"
    }


def _row(
    ctx: Context,
    known: Registered,
    number: int | str,
    line: Any = None,
    posted: QueryDict | None = None,
    veiled: dict[str, Any] | None = None,
) -> dict[str, Any]:
    prefix = _prefix(number)
    fields = []
    for name, spec in known.line_fields.items():
        if not spec.editable:
            fields.append({"name": name, "label": spec.label, "output": spec.text(line) if line is not None else ""})
            continue
        value = spec.value(line) if line is not None else spec.default
        hidden = (veiled or {}).get(name) if spec.kind.name == "link" else ()
        fields.append(form_fields.field(ctx, spec, value, posted=posted, prefix=prefix, required=False, veiled=hidden))
    key = str(line.pk) if line is not None else posted.get(f"{prefix}id", "") if posted else ""
    return {
        "number": number,
        "prefix": prefix,
        "id": key,
        "fields": fields,
        "boxes": form_fields.mask_boxes(known.line_inputs.values(), prefix),
        "removed": bool(posted and posted.get(f"{prefix}remove")),
    }


@require_GET
@of_module
def offered(request: Request, known: Registered) -> HttpResponseBase:
    """What lines are offered for what was chosen on them: {id: {column: text}}, as the document would fill it in.

    `pk`: what was chosen, once for each; the rest of the address are values of the form, such as its price book.
    """
    lines = known.module.lines
    if lines is None or lines.offer is None:
        raise NotFound
    keys = [key for key in request.GET.getlist("pk")[:MAX_LINES] if entered.is_id(key)]
    spec = next(iter(known.line_inputs.values()))
    chosen = list(candidates(request.ctx, spec).in_bulk(keys).values())
    form = {name: str(value) for name, value in request.GET.items() if name != "pk"}
    return JsonResponse(lines.offer(request.ctx, chosen, form))
