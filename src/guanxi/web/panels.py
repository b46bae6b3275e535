"""What rooms add to the page of a record: figures, lists, seals; merged into the page's context under their own names.

    @panel("customers.customer")
    def credit_panel(ctx, record): return {"strip": [...], "credit": credit_position(ctx, record)}

A room's template (`<app>/<noun>/detail.html`) draws them; the kit's own page draws `strip` (figures at the head),
`seals` (dicts of text, shape, tone), `buttons` (dicts of label, href, icon, tone)
`asides` (dicts of template and context)
and `later` (addresses of parts that are asked for once the page is there: what costs too much for every look).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guanxi.records.context import Context

Panel = Callable[[Context, Any], dict[str, Any]]
_panels: dict[str, list[Panel]] = {}
#: Names whose lists are joined when several panels give them.
JOINED = ("strip", "seals", "asides", "buttons", "later")


def panel(module: str) -> Callable[[Panel], Panel]:
    """Register the decorated `fn(ctx, record) -> dict` for the pages of a record type."""

    def register(function: Panel) -> Panel:
        _panels.setdefault(module, []).append(function)
        return function

    return register


def of(ctx: Context, module: str, record: Any) -> dict[str, Any]:
    """Everything that the panels of a record type give for one record."""
    context: dict[str, Any] = {}
    for function in _panels.get(module, ()):
        for name, value in function(ctx, record).items():
            context[name] = [*context.get(name, []), *value] if name in JOINED else value
    return context
