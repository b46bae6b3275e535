"""What the page of a duty shows beside its fields: what it is about, what shows it, what happened to it."""

from __future__ import annotations

from typing import Any

from guanxi.platform.obligations.models import Obligation
from guanxi.records.context import Context
from guanxi.rooms.compliance.module import OBLIGATION
from guanxi.rooms.compliance.queries import course_of, is_broken, named
from guanxi.web import looks
from guanxi.web.panels import panel


@panel(OBLIGATION.key)
def of_duty(ctx: Context, row: Obligation) -> dict[str, Any]:
    """The records that it names, and its course."""
    return {
        "title": str(row),
        "about": named(ctx, row.module, row.record_id),
        "evidence": named(ctx, row.evidence_module, row.evidence_id),
        "course": course_of(row),
        "broken": is_broken(row),
    }


looks.declare(OBLIGATION.key, "state", tones={"open": "blue", "kept": "green", "late": "amber", "waived": "amber"})
