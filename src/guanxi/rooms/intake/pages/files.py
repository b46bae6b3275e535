"""What the page of an information file and of its review show beside the fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.platform.workflow.models import WorkItem
from guanxi.records import duplicates, registry
from guanxi.records.context import Context
from guanxi.rooms.intake.models import InformationFile
from guanxi.rooms.intake.queries import CUSTOMER, FILE, NOTE, OPEN_STATES, conflicting
from guanxi.rooms.intake.rules import Recorded, leading, proposed_level
from guanxi.web import addresses, looks
from guanxi.web.panels import panel


@panel(FILE)
def of_file(ctx: Context, file: InformationFile) -> dict[str, Any]:
    """The level that follows from what is known, who else has recorded the company, and whom it may be."""
    asides = [{"template": "intake/parts/level.html", "proposal": _proposal(file)}]
    if file.state in OPEN_STATES:
        asides += _company(ctx, file)
    return {"asides": asides, "buttons": _buttons(ctx, file)}


def _buttons(ctx: Context, file: InformationFile) -> list[dict[str, Any]]:
    if not ctx.may(NOTE, "create"):
        return []
    href = f"{addresses.of_module(NOTE, 'new')}?file={file.pk}"
    return [{"label": _("Note a development"), "href": href, "icon": "note"}]


def _proposal(file: InformationFile) -> dict[str, Any]:
    found = proposed_level(file.size, file.demand_size, file.urgency)
    return {"level": found.level, "reasons": found.reasons, "chosen": file.demand_level}


def _company(ctx: Context, file: InformationFile) -> list[dict[str, Any]]:
    """What stands of the company already: who was earlier (WF-14), and customers that may be it (WF-09)."""
    asides: list[dict[str, Any]] = []
    if records := conflicting(file):
        first = leading(records)
        lines = [_line(ctx, one, file, is_first=first is not None and one.id == first.id) for one in records]
        asides.append({"template": "intake/parts/conflict.html", "records": lines, "first": first})
    known = registry.entry(CUSTOMER)
    alike = duplicates.find(ctx, known, {"name": file.name, "phone": file.phone})
    asides.append({"template": "intake/parts/known.html", "alike": alike})
    return asides


def _line(ctx: Context, one: Recorded, file: InformationFile, *, is_first: bool) -> dict[str, Any]:
    module = CUSTOMER if one.is_customer else FILE
    sees = ctx.search(module).filter(pk=one.id).exists()
    return {
        "record": one, "is_this": one.id == file.pk, "is_first": is_first,
        "href": addresses.record(module, one.id) if sees and one.id != file.pk else "",
    }  # fmt: skip


@panel("workflow.workitem")
def of_review(ctx: Context, item: WorkItem) -> dict[str, Any]:
    """Who reviews a file reads it where he decides (WF-09)."""
    if item.module != FILE or item.record_id is None:
        return {}
    file = ctx.search(FILE).select_related("owner", "card").filter(pk=item.record_id).first()
    if file is None:
        return {}
    known = registry.entry(FILE)
    names = [name for section in known.sections[:3] for name in section.fields]
    facts = [{"label": known.fields[name].label, "value": known.fields[name].text(file)} for name in names]
    told = {"template": "intake/parts/file.html", "file": file, "facts": [fact for fact in facts if fact["value"]]}
    return {"asides": [told, *of_file(ctx, file)["asides"]]}


_TONES = {
    "draft": "", "review": "amber", "returned": "red", "approved": "blue", "entered": "green", "sent": "green",
    "filed": "green", "closed": "",
}  # fmt: skip
looks.declare(FILE, "state", tones=_TONES)
looks.declare(FILE, "proposed", style="grade", strong=("A",))
