"""Starting a process by hand: which one, and about what."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.workflow import versions
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.rooms.processes.actions import START
from guanxi.rooms.processes.module import INSTANCE
from guanxi.web import addresses, errors, flashes
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.panels import panel
from guanxi.web.rendering import page

#: The record types on whose pages a process can be started.
ABOUT = ("customers.customer", "sales.opportunity")


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponseBase:
    """Which process, and about what: a record that one comes from, or anything that is written down."""
    require(request.ctx, registry.entry(INSTANCE), START.name, START.label)
    given = request.POST if request.method == "POST" else request.GET
    module, record = _about(request.ctx, given.get("module", ""), given.get("record", ""))
    if request.method == "GET":
        return _draw(request, module, record)

    def act() -> str:
        data = {name: request.POST.get(name, "").strip() for name in ("process", "subject", "module", "record")}
        return addresses.record(INSTANCE, run(START, request.ctx, INSTANCE, None, data).pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, module, record, problem)
    return flashes.redirect(address, Message("Started. Whoever is asked first has been told."))


def _about(ctx: Context, key: str, pk: str) -> tuple[Any, Any]:
    if not key:
        return None, None
    module = registry.find(key)
    if module is None:
        raise NotFound
    return module, ctx.get(module, pk)


def _draw(request: Request, module: Any, record: Any, problem: Problem | None = None) -> HttpResponse:
    found = problem.errors if isinstance(problem, Invalid) else {}
    offered = versions.startable_by(request.person)
    only = offered[0].key if len(offered) == 1 else ""
    chosen = request.POST.get("process", request.GET.get("process", only))
    given = {
        "fields": [
            {"name": "process", "label": _("Business process"), "widget": "radio", "required": True,
             "choices": [(version.key, version.name, version.key == chosen) for version in offered],
             "errors": [str(message) for message in found.get("process", ())]},
            {"name": "subject", "label": _("About"), "widget": "text", "required": True,
             "value": request.POST.get("subject", str(record) if record is not None else ""),
             "errors": [str(message) for message in found.get("subject", ())]},
        ],
        "offered": offered,
        "module": module,
        "record": record,
        "problem": None if found else problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "processes": addresses.listing(INSTANCE),
        "back": addresses.record(module, record.pk) if record is not None else addresses.listing(INSTANCE),
    }  # fmt: skip
    return page(request, "processes/start.html", given, status=problem.status if problem else 200)


def _button(module: str) -> None:
    @panel(module)
    def offer(ctx: Context, record: Any) -> dict[str, Any]:
        if not ctx.may(INSTANCE, START.name):
            return {}
        href = reverse("processes:start") + f"?module={module}&record={record.pk}"
        return {"buttons": [{"label": START.label, "href": href, "icon": START.icon}]}


for _key in ABOUT:
    _button(_key)
