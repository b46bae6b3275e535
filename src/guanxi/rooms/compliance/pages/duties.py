"""What the page of a duty shows beside its fields: what it is about, what shows it, what happened to it."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.platform.obligations.models import Obligation
from guanxi.records.context import Context
from guanxi.rooms.compliance.module import OBLIGATION
from guanxi.rooms.compliance.queries import course_of, is_broken, named, standing
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
        "strip": _strip(row),
    }


def _strip(row: Obligation) -> list[dict[str, Any]]:
    """How it stands, in red once its day has passed; nothing where it was kept in time or ended otherwise."""
    text = standing(row)
    tone = "red" if is_broken(row) else ""
    return [{"label": capfirst(str(_("how it stands"))), "value": text, "tone": tone}] if text else []


looks.declare(OBLIGATION.key, "state", tones={"open": "blue", "kept": "green", "late": "amber", "waived": "amber"})
