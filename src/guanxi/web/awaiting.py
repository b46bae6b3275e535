"""Where a row of a batch or an import waits for approval: the request it waits for, and what became of that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guanxi.records import problems
from guanxi.records.approvals.asking import PENDING
from guanxi.records.context import Context
from guanxi.web import addresses


def requests_shown(ctx: Context, rows: Iterable[Any]) -> dict[str, dict[str, str]]:
    """By id the requests that rows (as the problems each keeps) wait for, as far as the person sees them."""
    keys = {key for kept in rows if (key := problems.request_of(kept))}
    found = ctx.search(PENDING).filter(pk__in=keys) if keys else ()
    return {
        str(pending.pk): {"href": addresses.record(PENDING, pending.pk), "state": pending.get_state_display()}
        for pending in found
    }
