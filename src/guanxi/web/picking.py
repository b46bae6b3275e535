"""The lists that open in a window to fill a link of a form."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.platform.people.models import Person
from guanxi.records import listing, registry
from guanxi.records.links import choosable
from guanxi.records.registry import Registered
from guanxi.web import cells
from guanxi.web.gate import Request
from guanxi.web.list_state import ListState

ROWS = 40


@require_GET
def show(request: Request, app: str, noun: str) -> HttpResponseBase:
    """The records of a type that the person may choose, searched by `q`."""
    key = f"{app}.{noun}"
    if key == Person._meta.label_lower:
        return _plain(request, _people(request), ("department", "position"))
    known = registry.entry(key)
    if not request.ctx.may(known.module):
        raise NotAllowed
    return _module(request, known)


def _people(request: Request) -> list[Person]:
    rows = choosable(request.ctx, Person).select_related("department", "position")
    words = request.GET.get("q", "").strip()[:60]
    if words:
        spoken = Q(name_pinyin__icontains=words) | Q(initials__istartswith=words)
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(number=words) | spoken)
    return list(rows[:ROWS])


def _plain(request: Request, rows: list[Any], extra: tuple[str, ...]) -> HttpResponseBase:
    given = {"rows": [(row, str(row), [str(getattr(row, name) or "") for name in extra]) for row in rows]}
    return render(request, "web/parts/pick_plain.html", given)


def _module(request: Request, known: Registered) -> HttpResponseBase:
    state = ListState(request.ctx, known, request.GET)
    try:
        found = listing.page(request.ctx, known.module, state.query, narrow=True)
    except Invalid as problem:
        raise NotFound from problem
    columns = found.columns[:5]
    given = {
        "module": known.module,
        "state": state,
        "found": found,
        "columns": columns,
        "lines": cells.lines_of(request.ctx, known, found.rows, columns),
        "next": state.url(path=request.path, cursor=found.next_cursor) if found.next_cursor else "",
        "previous": state.url(path=request.path, cursor=found.previous_cursor) if found.previous_cursor else "",
    }
    return render(request, "web/parts/pick.html", given)
