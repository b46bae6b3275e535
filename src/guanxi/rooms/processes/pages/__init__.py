"""What the pages of work items, requests and processes show beside the fields, and sending work back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.prepared import Prepared
from guanxi.platform.workflow import running, tables
from guanxi.platform.workflow.models import Copied, DecisionTable, ProcessInstance, ProcessVersion, WorkItem
from guanxi.records import registry
from guanxi.records.actions import require_possible, run
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.wording import in_words
from guanxi.rooms.processes.actions import SEND_BACK, SET_CONDITION, step_of
from guanxi.rooms.processes.module import APPROVAL_RULE, COPIED, INSTANCE, PENDING, TABLE, VERSION, WORK_ITEM
from guanxi.rooms.processes.pages import drawing, interchanging, starting, tabling
from guanxi.rooms.processes.queries import Course, as_drawn, course_of, request_of, trail_of, waits_of
from guanxi.web import addresses, conditions_form, errors, flashes, looks, menu
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.panels import panel
from guanxi.web.rendering import page

app_name = "processes"


@panel(WORK_ITEM.key)
def of_item(ctx: Context, item: WorkItem) -> dict[str, Any]:
    """What is to be decided, where the process stands, who did what so far."""
    waits = item.state == WorkItem.State.OPEN
    return {
        "note": step_of(item).note if waits else "",
        "asked": request_of(ctx, item.instance, judged=waits),
        "course": course_of(item.instance),
        "trail": trail_of(item.instance),
    }


@panel(INSTANCE.key)
def of_instance(ctx: Context, instance: ProcessInstance) -> dict[str, Any]:
    """The process drawn, its trail, and what it is about."""
    return {
        "asked": request_of(ctx, instance, judged=False),
        "course": course_of(instance),
        "trail": trail_of(instance),
    }


@panel(PENDING.key)
def of_request(ctx: Context, pending: PendingAction) -> dict[str, Any]:
    """What was asked for, how far it is, and what the asker may still do."""
    instance = pending.process
    buttons = []
    if instance is not None and pending.state == PendingAction.State.WAITING and pending.owner_id == ctx.actor.pk:
        for name, label, icon in (("remind", _("Remind"), "bell"), ("withdraw", _("Withdraw"), "arrow-back-up")):
            href = addresses.record(INSTANCE, instance.pk) + f"do/{name}/"
            buttons.append({"label": label, "href": href, "icon": icon, "attrs": {"data-gx-window": "small"}})
    if pending.job_id is not None and pending.owner_id == ctx.actor.pk:
        # A job is shown to whom it was started for.
        buttons.append({"label": _("How far it is"), "href": f"/jobs/{pending.job_id}/", "icon": "clock"})
    return {
        "asked": request_of(ctx, instance, judged=False),
        "course": course_of(instance) if instance else None,
        "trail": trail_of(instance) if instance else [],
        "buttons": buttons,
        "seals": _seal(pending),
    }


def _seal(pending: PendingAction) -> list[dict[str, Any]]:
    if pending.state != PendingAction.State.DONE:
        return []
    return [{"text": str(_("Approved")), "shape": "ro", "tone": ""}]


@panel(VERSION.key)
def of_version(ctx: Context, version: ProcessVersion) -> dict[str, Any]:
    """The process as it is drawn, as a file, and beside its other versions."""
    here = {"pk": version.pk}
    buttons = [{"label": _("Download"), "href": reverse("processes:file", kwargs=here), "icon": "download"}]
    if ProcessVersion.objects.filter(key=version.key).exclude(pk=version.pk).exists():
        compared = reverse("processes:compare", kwargs=here)
        buttons.append({"label": _("Compare"), "href": compared, "icon": "file-diff"})
    course = Course(as_drawn(version), frozenset(), frozenset())
    return {"course": course, "buttons": buttons, "waits": waits_of(version)}


@panel(COPIED.key)
def of_copy(ctx: Context, copy: Copied) -> dict[str, Any]:
    """What the process that one was told of is about, and who did what so far."""
    return {
        "asked": request_of(ctx, copy.instance, judged=False),
        "course": course_of(copy.instance),
        "trail": trail_of(copy.instance),
    }


@panel(TABLE.key)
def of_table(ctx: Context, row: DecisionTable) -> dict[str, Any]:
    """The lines of the table."""
    return {"table": tables.table_of(row)}


@require_http_methods(["GET", "POST"])
def send_back(request: Request, pk: Any) -> HttpResponseBase:
    """To which of the steps before the work goes back, and why."""
    item = request.ctx.get(WORK_ITEM, pk)
    require_possible(request.ctx, WORK_ITEM, SEND_BACK, item)
    if request.method == "GET":
        return _draw(request, item)

    def act() -> str:
        data = {"node": request.POST.get("node", ""), "comment": request.POST.get("comment", "").strip()}
        run(SEND_BACK, request.ctx, WORK_ITEM, item, data)
        return addresses.listing(WORK_ITEM)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, item, problem)
    return flashes.redirect(address, Message("Sent back: %(what)s", what=item.subject))


def _draw(request: Request, item: WorkItem, problem: Problem | None = None) -> HttpResponseBase:
    found = problem.errors if isinstance(problem, Invalid) else {}
    chosen = request.POST.get("node", "")
    steps = [(step.id, step.label, step.id == chosen) for step in running.earlier_steps(item)]
    given = {
        "item": item,
        "title": f"{SEND_BACK.label} · {item.subject}",
        "fields": [
            {"name": "node", "label": _("To which step"), "widget": "radio", "required": True, "choices": steps,
             "errors": [str(message) for message in found.get("node", ())]},
            {"name": "comment", "label": _("Reason"), "widget": "textarea", "required": True,
             "value": request.POST.get("comment", ""),
             "errors": [str(message) for message in found.get("comment", ())]},
        ],
        "problem": None if found else problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "inbox": addresses.listing(WORK_ITEM),
        "back": addresses.record(WORK_ITEM, item.pk),
    }  # fmt: skip
    return page(request, "processes/send_back.html", given, status=problem.status if problem else 200)


# ---- Where an approval is asked for ----------------------------------------------------------------------------------


@panel(APPROVAL_RULE.key)
def of_rule(ctx: Context, rule: ApprovalRule) -> dict[str, Any]:
    """Where the rule asks for approval, in words."""
    module = registry.find(rule.module)
    return {"where": in_words(ctx, module, rule.condition) if module is not None else []}


@require_http_methods(["GET", "POST"])
def condition(request: Request, pk: Any) -> HttpResponseBase:
    """On which records a rule asks for approval: of those as they would be."""
    rule = request.ctx.get(APPROVAL_RULE, pk)
    require_possible(request.ctx, APPROVAL_RULE, SET_CONDITION, rule)
    require(request.ctx, registry.entry(APPROVAL_RULE), SET_CONDITION.name, SET_CONDITION.label)
    known = registry.entry(rule.module)
    if request.method == "GET":
        return _draw_condition(request, known, rule)

    def act() -> str:
        data = {"condition": conditions_form.posted(request, known, "condition")}
        version = request.POST.get("version", "")
        run(SET_CONDITION, request.ctx, APPROVAL_RULE, rule, data, version=int(version) if version.isdigit() else None)
        return addresses.record(APPROVAL_RULE, rule.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw_condition(request, known, rule, problem)
    return flashes.redirect(address, Message("Saved."))


def _draw_condition(
    request: Request, known: Registered, rule: ApprovalRule, problem: Problem | None = None
) -> HttpResponseBase:
    found = problem.errors if isinstance(problem, Invalid) else {}
    given = {
        "rule": rule,
        "known": known,
        "condition": conditions_form.drawn(
            request, known, "condition", _("Only where"), rule.condition, conditions_form.offered(known),
            found.get("condition", ()),
        ),
        "problem": None if found else problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "version": rule.version,
        "rules": addresses.listing(APPROVAL_RULE),
        "back": addresses.record(APPROVAL_RULE, rule.pk),
    }  # fmt: skip
    return page(request, "processes/condition.html", given, status=problem.status if problem else 200)


_WAITING = Prepared(lambda person, state: WorkItem.objects.filter(owner=person, state=state, deleted_at=None))


def _waiting(ctx: Context) -> int:
    """What waits for the person himself, on every page: without his deputies' share, and without building a query."""
    return _WAITING.count(person=ctx.actor.pk, state=WorkItem.State.OPEN.value)


menu.add(
    menu.Entry(
        "inbox",
        _("To decide"),
        addresses.listing(WORK_ITEM, view="waiting"),
        "inbox",
        order=2,
        badge=_waiting,
        letter="i",
    )
)
urlpatterns = [
    path("processes/work/<uuid:pk>/back/", send_back, name="send_back"),
    path("processes/rule/<uuid:pk>/where/", condition, name="condition"),
    path("processes/start/", starting.start, name="start"),
    path("processes/table/take-in/", interchanging.take_in_table, name="take_in_table"),
    path("processes/table/<uuid:pk>/", tabling.write, name="table"),
    path("processes/table/<uuid:pk>/file/", interchanging.table_file, name="table_file"),
    path("processes/version/take-in/", interchanging.take_in, name="take_in"),
    path("processes/version/<uuid:pk>/draw/", drawing.draw, name="draw"),
    path("processes/version/<uuid:pk>/check/", drawing.check, name="check"),
    path("processes/version/<uuid:pk>/file/", interchanging.drawing_file, name="file"),
    path("processes/version/<uuid:pk>/compare/", drawing.compare, name="compare"),
]

looks.declare(WORK_ITEM.key, "state", tones={"open": "blue", "done": "green"})
looks.declare(INSTANCE.key, "state", tones={"running": "blue", "ended": "green"})
looks.declare(VERSION.key, "state", tones={"draft": "amber", "published": "green"})
looks.declare(TABLE.key, "state", tones={"draft": "amber", "published": "green"})
looks.declare(PENDING.key, "state", tones={"waiting": "blue", "done": "green", "refused": "red"})
