"""The wizard: first the primary module and what depends on it, then the settings top to bottom (CRM-43 to CRM-45)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.module import Module
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import Definition, Figure, read
from guanxi.records.reporting.tables import Tables, offers
from guanxi.records.standard import create, edit
from guanxi.rooms.reports.models import Report
from guanxi.rooms.reports.module import FOLDER, REPORT
from guanxi.rooms.reports.pages import asking
from guanxi.web import addresses, menu
from guanxi.web.flashes import redirect
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page

#: What a report starts from when nobody says otherwise.
_FIRST = "customers.customer"


def modules_for(ctx: Context) -> list[Module]:
    """The modules that a report of this person can be made of, by name."""
    found = [module for module in registry.modules() if ctx.may(module)]
    return sorted(found, key=lambda module: str(module.label_plural))


def _choice(ctx: Context, key: str, chosen: list[str]) -> dict[str, Any]:
    modules = modules_for(ctx)
    known = {module.key for module in modules}
    wanted = key if key in known else _FIRST if _FIRST in known else modules[0].key
    return {
        "modules": _grouped(modules, wanted),
        "module": registry.module(wanted),
        "offers": [(offer, offer.key in chosen) for offer in offers(ctx, registry.module(wanted))],
    }


def _grouped(modules: list[Module], wanted: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The modules under the headings of the menu, in its order; what has no place in the menu comes last."""
    everyday, more = _("Everyday"), _("More")
    named = {group: str(heading) or everyday for group, heading in menu.GROUPS.items()}
    found: dict[str, list[tuple[str, str, bool]]] = {heading: [] for heading in (*named.values(), more)}
    for module in modules:
        heading = named[module.menu.group] if module.menu else more
        found[heading].append((module.key, capfirst(str(module.label_plural)), module.key == wanted))
    return [(heading, choices) for heading, choices in found.items() if choices]


@require_GET
def related(request: Request) -> HttpResponseBase:
    """The modules really related to the one that was chosen: the part of the first step that depends on it."""
    require(request.ctx, registry.entry(REPORT), "create", _("New report"))
    given = _choice(request.ctx, request.GET.get("module", ""), [])
    return page(request, "reports/parts/related.html", given)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponseBase:
    """The first step, then the second; at last the report is kept and run."""
    ctx = request.ctx
    require(ctx, registry.entry(REPORT), "create", _("New report"))
    if request.method == "POST":
        return _sent(request, None)
    if request.GET.get("step") != "2":
        given = _choice(ctx, request.GET.get("module", ""), request.GET.getlist("related"))
        return page(request, "reports/first.html", {**given, "here": request.path})
    definition = Definition(
        request.GET.get("module", ""), tuple(key for key in request.GET.getlist("related") if key),
        figures=(Figure("count"),),
    )  # fmt: skip
    try:
        return _second(request, None, definition)
    except Invalid as problem:
        given = _choice(ctx, definition.module, list(definition.related))
        return page(
            request, "reports/first.html", {**given, "here": request.path, "problems": _texts(problem)}, status=422
        )


@require_http_methods(["GET", "POST"])
def change(request: Request, pk: UUID) -> HttpResponseBase:
    """The second step for a report that is kept."""
    report = request.ctx.get(REPORT, pk)
    if not request.ctx.may(REPORT, "edit"):
        raise NotAllowed(Message("You may not do this: %(action)s, %(module)s.", action=_("Edit"), module=REPORT.label))
    if request.method == "POST":
        return _sent(request, report)
    return _second(request, report, read(report.definition))


def _second(
    request: Request, report: Report | None, definition: Definition, problems: list[str] | None = None,
    *, asks: bool = False,
) -> HttpResponseBase:  # fmt: skip
    ctx = request.ctx
    tables = Tables(ctx, definition)
    sent = request.POST
    folder = sent.get("folder", "") or (str(report.folder_id) if report else "")
    given = {
        "report": report,
        "module": tables.module,
        "definition": definition,
        "related": [(key, tables.offered[key].label) for key in definition.related if key in tables.offered],
        "form": asking.form(ctx, tables, definition),
        "here": request.path,
        "back": addresses.record(REPORT, report.pk) if report else addresses.of_module(
            REPORT, "new", query={"module": definition.module, "related": list(definition.related)}),
        "problems": problems or [],
        "asks": asks,
        "saving": saving(ctx, sent.get("name") or (report.name if report else ""),
                         sent.get("description") or (report.description if report else ""), folder),
        "is_mine": report is None or ctx.search(REPORT, "edit").filter(pk=report.pk).exists(),
    }  # fmt: skip
    return page(request, "reports/second.html", given, status=422 if problems else 200)


def saving(ctx: Context, name: str, description: str, folder: str) -> dict[str, Any]:
    """What the dialog of “Save and run” asks for."""
    found = ctx.search(FOLDER).order_by("position", "pk")
    folders = [(str(each.pk), each.name, str(each.pk) == folder) for each in found]
    return {"name": name, "description": description, "folders": [("", "", not folder), *folders]}


def _sent(request: Request, report: Report | None) -> HttpResponseBase:
    ctx, sent = request.ctx, request.POST
    try:
        definition = asking.posted(ctx, sent)
    except Invalid as problem:
        related = tuple(key for key in sent.getlist("related") if key)
        base = read(report.definition) if report is not None else Definition(sent.get("module", ""), related)
        return _second(request, report, _as_typed(ctx, sent, base), _texts(problem))
    what = sent.get("do", "")
    try:
        if what == "run":
            running.check(ctx, definition)
            return redirect(addresses.with_query("/reports/run/", {"d": asking.packed(definition)}))
        if what == "ask":
            return _second(request, report, definition, asks=True)
        kept = _keep(ctx, sent, report, definition)
    except NotFound:
        raise
    except Problem as problem:
        return _second(request, report, definition, _texts(problem), asks=what == "save")
    return redirect(addresses.record(REPORT, kept.pk), Message("“%(name)s” is kept.", name=kept.name))


def _keep(ctx: Context, sent: Any, report: Report | None, definition: Definition) -> Report:
    values = {name: sent.get(name, "").strip() for name in ("name", "description")}
    values |= {"folder": sent.get("folder") or None, "definition": definition.as_dict()}
    if report is None:
        made: Report = create(ctx, REPORT, **values)
        return made
    text = sent.get("version", "")
    edit(ctx, REPORT, report, version=int(text) if text.isdigit() else None, **values)
    return report


def _as_typed(ctx: Context, sent: Any, base: Definition) -> Definition:
    """What was typed as far as it can be shown again: nothing is lost by one field that is wrong."""
    lenient = sent.copy()
    for name in ("within", "days", "first", "last", *(f"f{n}" for n in range(asking.CONDITIONS))):
        lenient.pop(name, None)
    for attempt in (lenient, _with_a_column(lenient)):
        try:
            return asking.posted(ctx, attempt)
        except Invalid:
            continue
    return base


def _with_a_column(sent: Any) -> Any:
    """The same as a list of nothing yet: a form that lacks its columns or groups shows the rest."""
    sent = sent.copy()
    sent["kind"] = sent.get("kind") or "groups"
    module = registry.find(sent.get("module", ""))
    if module is not None:
        if not sent.get("group0"):
            sent["group0"] = "created_at"
        if not sent.get("column0"):
            sent["column0"] = module.title
    for n in range(asking.FIGURES):
        if sent.get(f"how{n}") not in ("", "count") and not sent.get(f"of{n}"):
            sent[f"how{n}"] = ""
    return sent


def _texts(problem: Problem) -> list[str]:
    if isinstance(problem, Invalid):
        labels = {"name": _("report name"), "folder": _("report folder"), "description": _("description of the report")}
        return [
            f"{capfirst(labels[name])}: {text}" if name in labels else str(text)
            for name, found in problem.errors.items() for text in found
        ]  # fmt: skip
    return [str(problem)]
