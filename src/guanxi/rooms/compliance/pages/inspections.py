"""The sheet of a self-inspection: the sample with its criteria, filled in on the page of the inspection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.actions import require_possible, run
from guanxi.records.context import Context
from guanxi.records.picklists import choices, label
from guanxi.rooms.compliance.actions import RECORD_RESULTS
from guanxi.rooms.compliance.models import InspectedPoint, Inspection
from guanxi.rooms.compliance.module import INSPECTION
from guanxi.rooms.compliance.picklists import CRITERIA, MET, NOT_MET, RESULT
from guanxi.web import addresses, errors, flashes, looks
from guanxi.web.gate import Request
from guanxi.web.once import new_token, once
from guanxi.web.panels import panel
from guanxi.web.rendering import page


@dataclass(frozen=True)
class File:
    """One file of the sample: its points by criterion, in the order of the criteria."""

    place: int
    subject: str
    href: str
    points: list[InspectedPoint]


def files_of(ctx: Context, inspection: Inspection) -> list[File]:
    """The sample as its sheet shows it; a file leads to its page where the reader may see it."""
    points: dict[int, list[InspectedPoint]] = {}
    for point in inspection.points.all():
        points.setdefault(point.place, []).append(point)
    module = registry.find(inspection.population)
    wanted = {group[0].record_id for group in points.values()} - {None}
    seen = set()
    if module is not None and wanted and ctx.may(module):
        seen = set(ctx.search(module).filter(pk__in=wanted).values_list("pk", flat=True))
    order = {criterion: number for number, criterion in enumerate(inspection.criteria)}
    return [
        File(
            place, group[0].subject or _("(erased)"),
            addresses.record(module, group[0].record_id) if module and group[0].record_id in seen else "",
            sorted(group, key=lambda point: order.get(point.criterion, len(order))),
        )
        for place, group in sorted(points.items())
    ]  # fmt: skip


@panel(INSPECTION.key)
def of_inspection(ctx: Context, inspection: Inspection) -> dict[str, Any]:
    """The sheet as it stands, and what came of each criterion."""
    files = files_of(ctx, inspection)
    results = [point for file in files for point in file.points]
    shares = []
    for criterion in inspection.criteria:
        judged = [point.result for point in results if point.criterion == criterion and point.result in (MET, NOT_MET)]
        share = judged.count(MET) * 100 // len(judged) if judged else 0
        shares.append(
            {"label": label(CRITERIA, criterion), "share": share, "hot": bool(judged) and share < 80,
             "value": f"{judged.count(MET)} / {len(judged)}"}
        )  # fmt: skip
    return {
        "files": files,
        "criteria": [label(CRITERIA, criterion) for criterion in inspection.criteria],
        "result_of": {value: str(text) for value, text in choices(RESULT, inactive=True)},
        "shares": shares if results else [],
    }


@require_http_methods(["GET", "POST"])
def sheet(request: Request, pk: Any) -> HttpResponseBase:
    """Filling in the sheet: for each file under each criterion a result, and a remark where one is called for."""
    inspection = request.ctx.get(INSPECTION, pk)
    require_possible(request.ctx, INSPECTION, RECORD_RESULTS, inspection)
    if request.method == "GET":
        return _draw(request, inspection)

    def act() -> str:
        points = {
            str(key): {"result": request.POST.get(f"result-{key}", ""), "remark": request.POST.get(f"remark-{key}", "")}
            for key in inspection.points.values_list("pk", flat=True)
        }
        version = request.POST.get("version", "")
        run(RECORD_RESULTS, request.ctx, INSPECTION, inspection, {"points": points},
            version=int(version) if version.isdigit() else None)  # fmt: skip
        return addresses.record(INSPECTION, inspection.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, inspection, problem)
    return flashes.redirect(address, Message("Saved."))


def _draw(request: Request, inspection: Inspection, problem: Problem | None = None) -> HttpResponseBase:
    found = problem.errors if isinstance(problem, Invalid) else {}
    posted = request.POST if request.method == "POST" else {}
    files = files_of(request.ctx, inspection)
    for file in files:
        for point in file.points:
            point.result = posted.get(f"result-{point.pk}", point.result)
            point.remark = posted.get(f"remark-{point.pk}", point.remark)
    given = {
        "inspection": inspection,
        "files": files,
        "criteria": [label(CRITERIA, criterion) for criterion in inspection.criteria],
        "results": [("", "—"), *choices(RESULT)],
        "wrong": {key: [str(message) for message in messages] for key, messages in found.items()},
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "list": addresses.listing(INSPECTION),
        "back": addresses.record(INSPECTION, inspection.pk),
    }
    return page(request, "compliance/sheet.html", given, status=problem.status if problem else 200)


looks.declare(INSPECTION.key, "state", tones={"planned": "", "drawn": "blue", "finished": "green"})
