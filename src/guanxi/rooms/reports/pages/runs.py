"""A report as it is run: table, chart, other filters for this run, keeping it, files, the way to the records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.jobs.models import Job
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import Definition, read
from guanxi.records.reporting.result import Line, Result
from guanxi.records.reporting.tables import Tables
from guanxi.records.standard import create, edit
from guanxi.rooms.reports.actions import SHARE_REPORT
from guanxi.rooms.reports.actions.files import FORMS, text_of, written
from guanxi.rooms.reports.actions.making import MOST_IN_FILE, RUN, require_export, said, start_run
from guanxi.rooms.reports.models import Report
from guanxi.rooms.reports.module import REPORT
from guanxi.rooms.reports.pages import asking
from guanxi.rooms.reports.pages.charts import chart_of
from guanxi.rooms.reports.pages.wizard import saving
from guanxi.web import addresses, job_pages, taking_out
from guanxi.web.flashes import redirect
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page


@dataclass(frozen=True)
class Asked:
    """What is to be run: a report that is kept, as it is or changed for this run, or one that is kept nowhere."""

    report: Report | None
    definition: Definition
    is_changed: bool = False

    @property
    def title(self) -> str:
        return self.report.name if self.report else _("Report that is not kept")

    @property
    def query(self) -> dict[str, str]:
        """The same as the query of an address."""
        kept = {"report": str(self.report.pk)} if self.report else {}
        return kept if self.report and not self.is_changed else {**kept, "d": asking.packed(self.definition)}


def asked(request: Request, report: Report | None) -> Asked:
    """What an address asks for; `run` in it means that period and conditions were changed."""
    given = request.GET
    if report is None and given.get("report"):
        report = request.ctx.get(REPORT, given["report"])
    if given.get("d"):
        definition, is_changed = asking.unpacked(given["d"]), report is not None
    elif report is not None:
        definition, is_changed = read(report.definition), False
    else:
        raise NotFound
    if given.get("run"):
        period, filters = asking.narrowed(request.ctx, Tables(request.ctx, definition), given)
        definition, is_changed = definition.within(period, filters), True
    return Asked(report, definition, is_changed)


@require_GET
def of_report(request: Request, pk: UUID) -> HttpResponseBase:
    """A report that is kept, run now."""
    report = request.ctx.get(REPORT, pk)
    return _run(request, report)


@require_GET
def run(request: Request) -> HttpResponseBase:
    """A report that is not kept, or one that is changed for this run."""
    require(request.ctx, registry.entry(REPORT), "view", _("Reports"))
    return _run(request, None) if request.GET.get("d") or request.GET.get("report") else redirect("/reports/all/")


def _run(request: Request, report: Report | None) -> HttpResponseBase:
    ctx = request.ctx
    try:
        wanted = asked(request, report)
        tables = Tables(ctx, wanted.definition)
    except (Invalid, NotAllowed) as problem:
        return _page(request, _unread(report), None, None, problem)
    try:
        if running.is_large(ctx, wanted.definition):
            job = start_run(ctx, wanted.report, wanted.title, wanted.definition)
            return redirect(f"/jobs/{job.pk}/")
        result = running.run(ctx, wanted.definition)
    except Problem as problem:
        return _page(request, wanted, tables, None, problem)
    _note(ctx, tables, wanted, result)
    return _page(request, wanted, tables, result)


def _unread(report: Report | None) -> Asked:
    if report is None:
        return Asked(None, Definition(""))
    try:
        return Asked(report, read(report.definition))
    except Invalid:
        return Asked(report, Definition(""))


def _note(ctx: Context, tables: Tables, wanted: Asked, result: Result) -> None:
    """A list of single records of a confidential module goes on record like every list that is narrowed."""
    if wanted.definition.kind == "rows":
        disclosing.asked(ctx, tables.module, "", {"report": wanted.title}, len(result.lines), result.is_cut)


@require_GET
def of_job(request: Request, pk: UUID) -> HttpResponseBase:
    """A large report that a job has made, for who asked for it."""
    job = job_pages.mine(request, pk)
    if job.kind != RUN or job.state != Job.State.DONE or not job.result:
        return redirect(f"/jobs/{job.pk}/")
    kept = job.result
    report = request.ctx.search(REPORT).filter(pk=kept["report"]).first() if kept["report"] else None
    definition = read(kept["definition"])
    is_changed = report is not None and definition.as_dict() != read(report.definition).as_dict()
    wanted = Asked(report, definition, is_changed)
    # What somebody may no longer see is not shown to him from a result of before.
    tables = Tables(request.ctx, definition)
    running.check(request.ctx, definition)
    return _page(request, wanted, tables, Result.from_dict(kept["result"]), made_at=job.finished_at)


def _page(
    request: Request, wanted: Asked, tables: Tables | None, result: Result | None, problem: Problem | None = None,
    made_at: Any = None,
) -> HttpResponseBase:  # fmt: skip
    ctx, report = request.ctx, wanted.report
    is_mine = report is not None and ctx.search(REPORT, "edit").filter(pk=report.pk).exists()
    given: dict[str, Any] = {
        "wanted": wanted, "report": report, "result": result, "is_mine": is_mine, "made_at": made_at,
        "shelf": "/reports/all/",
        "problems": _texts(problem) if problem else [],
        "edit": addresses.record(REPORT, report.pk, "edit") if is_mine and report else "",
        "share": reverse("reports:share", args=[report.pk])
        if report and is_mine and ctx.may(REPORT, SHARE_REPORT.name) else "",
        "history": addresses.record(REPORT, report.pk, "history") if report else "",
        "delete": addresses.record(REPORT, report.pk, "do", "delete")
        if report and is_mine and ctx.may(REPORT, "delete") else "",
        "may_make": ctx.may(REPORT, "create"),
        "here": addresses.record(REPORT, report.pk) if report else "/reports/run/",
        "packed": asking.packed(wanted.definition) if wanted.definition.module else "",
        "saving": saving(ctx, f"{report.name} ({_('copy')})" if report else "", report.description if report else "",
                         str(report.folder_id) if report else ""),
    }  # fmt: skip
    if tables is not None:
        given |= {
            "module": tables.module,
            "narrow": asking.narrowing(ctx, tables, wanted.definition),
            "told": asking.conditions_in_words(tables, ctx, wanted.definition),
        }
    if result is not None:
        given |= table_of(result) | {
            "chart": chart_of(wanted.definition.chart, result),
            "export": addresses.with_query("/reports/file/", wanted.query) if _may_export(ctx, wanted) else "",
            "count": said(result),
            "gone": ", ".join(name.rpartition("/")[2] for name in result.gone),
            "most": running.SHOWN_ROWS,
        }
    return page(request, "reports/run.html", given, status=422 if problem and not report else 200)


def table_of(result: Result) -> dict[str, Any]:
    """The result as the template of a table draws it."""

    def cells(line: Line) -> list[dict[str, Any]]:
        return [
            {"text": text_of(heading, value), "num": heading.is_number}
            for heading, value in zip(result.headings, line.cells, strict=True)
        ]

    lines: list[dict[str, Any]] = []
    before: list[str] = []
    for line in result.lines:
        found = cells(line)
        texts = [cell["text"] for cell in found]
        if line.level == 0:
            for place, cell in enumerate(found):
                # What is the same as above is not said again; a phone, where rows stand alone, says it.
                cell["again"] = not cell["num"] and bool(result.total) and texts[: place + 1] == before[: place + 1]
            before = texts
        lines.append({"cells": found, "level": line.level, "href": lead_of(result.listing, line)})
    total = cells(result.total) if result.total else None
    return {"headings": result.headings, "lines": lines, "total": total}


def lead_of(listing: str, line: Line) -> str:
    """The address of exactly the records a line is about; "" where no list can say it."""
    if not line.leads or not listing:
        return ""
    if "pk" in line.leads:
        return addresses.record(listing, line.leads["pk"])
    return addresses.listing(listing, filter=json.dumps(line.leads, ensure_ascii=False))


def _texts(problem: Problem) -> list[str]:
    if isinstance(problem, Invalid):
        return [str(text) for found in problem.errors.values() for text in found]
    return [str(problem)]


def _may_export(ctx: Context, wanted: Asked) -> bool:
    """Without asking as an export would: a button that is not shown is no refused attempt."""
    modules = [table.module for table in Tables(ctx, wanted.definition).tables.values() if table.module is not None]
    return all(
        module.can("export_rows") and ctx.may(module, "export")
        and ctx.scope(module, "export") >= ctx.scope(module, "view")
        for module in modules
    )  # fmt: skip


@require_POST
def keep(request: Request) -> HttpResponseBase:
    """Keep what was run: over the report it came from, or as another one."""
    ctx, sent = request.ctx, request.POST
    definition = asking.unpacked(sent.get("d", ""))
    if sent.get("report"):
        report = ctx.get(REPORT, sent["report"])
        edit(ctx, REPORT, report, definition=definition.as_dict())
        return redirect(addresses.record(REPORT, report.pk), Message("“%(name)s” is kept.", name=report.name))
    values: dict[str, Any] = {name: sent.get(name, "").strip() for name in ("name", "description")}
    try:
        made = create(ctx, REPORT, **values, folder=sent.get("folder") or None, definition=definition.as_dict())
    except Invalid as problem:
        given = {
            "packed": sent.get("d", ""), "errors": problem.errors,
            "saving": saving(ctx, values["name"], values["description"], sent.get("folder", "")),
        }  # fmt: skip
        return page(request, "reports/keep.html", given, status=422)
    return redirect(addresses.record(REPORT, made.pk), Message("“%(name)s” is kept.", name=made.name))


@require_http_methods(["GET", "POST"])
def file(request: Request) -> HttpResponseBase:
    """The report as XLSX, CSV or PDF, on record with who took it and what for."""
    require(request.ctx, registry.entry(REPORT), "view", _("Reports"))
    wanted = asked(request, None)
    require_export(request.ctx, wanted.definition)
    result = running.run(request.ctx, wanted.definition, most=MOST_IN_FILE)

    def write(ctx: Context, form: str) -> bytes:
        return written(ctx, form, wanted.title, said(result), result)

    back = addresses.with_query("/reports/run/", wanted.query)
    module = Tables(request.ctx, wanted.definition).module
    told = {"report": wanted.title}
    return taking_out.answer(
        request, taking_out.TakingOut(module, wanted.title, back, len(result.lines), FORMS, write, told)
    )


job_pages.NEXT[RUN] = lambda job: f"/reports/made/{job.pk}/"
