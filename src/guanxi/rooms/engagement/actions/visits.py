"""The verbs of visits: planned, approved, received, on the way, at the customer's; the report and its sequel."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action, run
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, ENTERED, create, edit
from guanxi.records.work import Work
from guanxi.rooms.customers.public import Contact, Stage, stage_reached
from guanxi.rooms.engagement import duties
from guanxi.rooms.engagement.models import PlanState, VisitPlan, VisitReport, VisitState
from guanxi.rooms.engagement.queries.returns import return_visits
from guanxi.rooms.engagement.rules import (
    may_leave,
    may_receive,
    may_report_on,
    may_tick_signing,
    must_have_a_result,
    must_say_what_is_new,
    must_tell_where,
)

PLAN, REPORT, TASK, CONTACT = (
    "engagement.visitplan", "engagement.visitreport", "engagement.task", "customers.contact",
)  # fmt: skip
DECIDES = "decision_maker"
#: The states in which a visit has begun and is not reported yet.
UNDER_WAY = (PlanState.LEFT, PlanState.ARRIVED)


# ---- The plan on its way (WF-24) -------------------------------------------------------------------------------------


def _signer(ctx: Context) -> Person | None:
    """Who agreed last; nobody has while it is only asked for or tried."""
    agreed = asking.signed(ctx.approved) if ctx.approved is not None else []
    return agreed[-1].done_by if agreed else None


def _approve(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.approved_at, plan.approved_by = ctx.now, _signer(ctx)


#: Putting the plan before the manager is approving it, once he has agreed.
SUBMIT_VISIT = Action(
    name="submit_visit", label=_("Submit for approval"), icon="send", tone="ink", states=(PlanState.PLANNED,),
    to_state=PlanState.APPROVED, approval=asking.ByNature("approval.superior", "WF-24"), perform=_approve,
    undoable=False,
)  # fmt: skip


def _is_approved(ctx: Context, plan: Any, values: Mapping[str, Any]) -> Decision:
    return may_receive(plan.approved_at is not None, ctx.actor.pk, plan.owner_id)


def _receive(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.received_at, plan.received_by = ctx.now, ctx.actor
    if plan.owner is not None:
        title = Message("The attendance clerk has your visit plan: %(plan)s", plan=plan.number)
        notify([plan.owner], title, str(plan.customer), PLAN, plan.pk, "visit", at=ctx.now)


RECEIVE_PLAN = Action(
    name="receive_plan", label=_("Receive"), icon="clipboard-check", tone="ink", bulk=True,
    states=(PlanState.PLANNED, PlanState.APPROVED), to_state=PlanState.HANDED_IN, rules=(_is_approved,),
    perform=_receive, undoable=False,
)  # fmt: skip


def _has_both(ctx: Context, plan: Any, values: Mapping[str, Any]) -> Decision:
    return may_leave(plan.approved_at, plan.received_at)


def _leave(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.left_at = ctx.now


LEAVE = Action(
    name="leave", label=_("Leave for the visit"), icon="arrow-right", tone="ink",
    states=(PlanState.PLANNED, PlanState.APPROVED, PlanState.HANDED_IN), to_state=PlanState.LEFT, rules=(_has_both,),
    perform=_leave, undoable=False,
)  # fmt: skip


def _tells_where(ctx: Context, plan: Any, values: Mapping[str, Any]) -> Decision:
    has_position = values["latitude"] is not None and values["longitude"] is not None
    return must_tell_where(has_position, values["position_note"] or "")


def _check_in(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.arrived_at = ctx.now
    for name in ("latitude", "longitude", "accuracy_m", "photo"):
        setattr(plan, name, values[name])
    plan.position_note = values["position_note"] or ""


CHECK_IN = Action(
    name="check_in", label=_("Check in"), icon="map-pin", tone="ink", states=(PlanState.LEFT,),
    to_state=PlanState.ARRIVED,
    inputs=(
        asked(
            "latitude", _("latitude"),
            models.DecimalField(
                max_digits=8, decimal_places=5, null=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
            ),
        ),
        asked(
            "longitude", _("longitude"),
            models.DecimalField(
                max_digits=8, decimal_places=5, null=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
            ),
        ),
        asked("accuracy_m", _("accuracy, metres"), models.PositiveIntegerField(null=True)),
        asked("photo", _("photo"), models.ForeignKey(StoredFile, models.PROTECT, null=True)),
        asked(
            "position_note", _("why there is no position"), models.CharField(max_length=200, blank=True, default=""),
            help=_("Only where the phone tells none, or you do not allow it."),
        ),
    ),
    rules=(_tells_where,), perform=_check_in, undoable=False,
)  # fmt: skip


CALL_OFF_VISIT = Action(
    name="call_off_visit", label=_("Call the visit off"), icon="x", rare=True, asks_reason=True,
    states=(PlanState.PLANNED, PlanState.APPROVED, PlanState.HANDED_IN, PlanState.LEFT),
    to_state=PlanState.CALLED_OFF, perform=lambda ctx, plan, values: None, undoable=False,
)  # fmt: skip

#: What a report does to the plan that it is on. Nobody holds it as a right.
_REPORTED = Action(
    name="visit_reported", label=_("Reported"), states=UNDER_WAY, to_state=PlanState.REPORTED,
    perform=lambda ctx, plan, values: None,
)  # fmt: skip
ENTERED[_REPORTED.name] = _REPORTED.label


# ---- The report (VIS-02, VIS-06, WF-22) ------------------------------------------------------------------------------


def settle_report(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """What a report leaves open about the place, its plan has said."""
    plan = values.get("plan")
    if record is not None or plan is None:
        return values
    return {**values, "place": values.get("place") or plan.place}


def signing_has_a_paper(ctx: Context, report: Any, changed: frozenset[str]) -> Decision:
    """Signing is ticked only with the number of a contract or an order."""
    return may_tick_signing("signing" in report.steps, report.signing_reference)


def is_on_a_visit(ctx: Context, report: Any, changed: frozenset[str]) -> Decision:
    """The plan that a report names is one that was carried out, at the same customer."""
    plan: VisitPlan | None = report.plan
    if plan is None or "plan" not in changed:
        return Decision.allow()
    return may_report_on(plan.state in (*UNDER_WAY, PlanState.REPORTED), plan.customer_id == report.customer_id)


def _execute_report(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        plan = work.result.plan
        if plan is not None and plan.state in UNDER_WAY:
            run(_REPORTED, ctx.as_program(), PLAN, plan)


#: The standard verb: a report settles the plan that it is on.
WRITE_REPORT = dataclasses.replace(CREATE, execute=_execute_report)


def _has_a_result(ctx: Context, report: Any, values: Mapping[str, Any]) -> Decision:
    return must_have_a_result(report.outcome)


def _says_what_is_new(ctx: Context, report: Any, values: Mapping[str, Any]) -> Decision:
    return must_say_what_is_new(values["archive_facts"] or "", bool(values["nothing_new"]))


def _close_visit(ctx: Context, report: Any, values: dict[str, Any]) -> None:
    report.archive_facts = values["archive_facts"] or ""
    report.nothing_new = bool(values["nothing_new"])
    if report.archive_facts.strip():
        create(
            ctx,
            "customers.contribution",
            customer_name=report.customer.number or report.customer.name,
            kind="visit_fact",
            collected_on=report.visited_on,
            source="sales_staff",
            document=report.number,
            content=report.archive_facts,
        )
    _know_who_was_met(ctx.as_program(), report)
    if report.dissatisfaction.strip():
        _follow_up(ctx, report)


def _know_who_was_met(ctx: Context, report: VisitReport) -> None:
    """Whoever was met becomes a contact; whoever decides on cooperation is known for it (WF-22)."""
    met = list(report.persons.filter(deleted_at=None))
    if not met:
        return
    report.met = report.met or "、".join(person.name for person in met)[:200]
    known = {contact.name: contact for contact in Contact.objects.filter(customer=report.customer, deleted_at=None)}
    for person in met:
        contact = known.get(person.name)
        if contact is None:
            roles = [DECIDES] if person.decides else []
            known[person.name] = create(
                ctx, CONTACT, confirmed=True, customer=report.customer, name=person.name, post=person.post, roles=roles,
                owner=report.owner,
            )  # fmt: skip
        elif person.decides and DECIDES not in contact.roles:
            edit(ctx, CONTACT, contact, confirmed=True, roles=[*contact.roles, DECIDES])


def _note_visit(ctx: Context, task: Any, values: dict[str, Any]) -> None:
    task.visit = values["visit"]


#: What makes a task one of a visit. Nobody holds it as a right.
_FOUND = Action(
    name="found_at_visit",
    label=_("Found at a visit"),
    inputs=(asked("visit", _("found at the visit"), models.ForeignKey(VisitReport, models.PROTECT), required=True),),
    perform=_note_visit,
)
ENTERED[_FOUND.name] = _FOUND.label


def _follow_up(ctx: Context, report: VisitReport) -> None:
    """What the customer is dissatisfied with is a task of whoever looks after him, until it is solved (VIS-04)."""
    reach = ctx.as_program()
    owner = report.customer.owner or report.owner or ctx.actor
    due_on = duties.SOLVE.due_after(ctx.today)
    subject = str(Message("Solve: %(what)s", what=report.dissatisfaction.split("\n")[0][:120]))
    task = create(
        reach, TASK, confirmed=True, subject=subject, customer=report.customer, due_on=due_on, priority="high",
        details=report.dissatisfaction, owner=owner,
    )  # fmt: skip
    run(_FOUND, reach, TASK, task, {"visit": report})
    keeping.open_duty(
        duties.SOLVE, key=str(task.pk), owner=owner, subject=subject, at=ctx.now, due_on=due_on, module=TASK,
        record_id=task.pk, within=report.customer_id,
    )  # fmt: skip
    if owner.pk != ctx.actor.pk:
        title = Message("A customer of yours is dissatisfied: %(name)s", name=report.customer)
        notify([owner], title, report.dissatisfaction, TASK, task.pk, "visit", at=ctx.now)


CLOSE_VISIT = Action(
    name="close_visit",
    label=_("Close report"),
    icon="clipboard-check",
    tone="ink",
    inputs=(
        asked(
            "archive_facts", _("for the archive"), models.TextField(blank=True, default=""),
            help=_("What the archive should know from this visit; it goes to the archivist for filing."),
        ),
        asked("nothing_new", _("nothing new for the archive"), models.BooleanField(default=False)),
    ),
    rules=(_has_a_result, _says_what_is_new),
    states=(VisitState.DRAFT,),
    to_state=VisitState.CLOSED,
    perform=_close_visit,
)  # fmt: skip


# ---- Return visits (VIS-05) ------------------------------------------------------------------------------------------


def settle_return_visits(reports: list[VisitReport], at: datetime.datetime, by: Person | None) -> None:
    """A visit was paid: whoever owed one to the customer by then has kept it."""
    last: dict[Any, VisitReport] = {
        report.customer_id: report for report in sorted(reports, key=lambda report: report.visited_on)
    }
    for owed in keeping.open_items(duties.RETURN_VISIT).filter(record_id__in=last):
        report = last[owed.record_id]
        if f"{report.visited_on}" > owed.key.rpartition("/")[2]:
            keeping.discharge(duties.RETURN_VISIT, key=owed.key, by=by, at=at, evidence=(REPORT, report.pk))


def enter_stages(reports: list[VisitReport], at: datetime.datetime, by: uuid.UUID | None) -> None:
    """The first visit to a customer is stage two of its seven, each later one a return visit (VIS-01)."""
    customers = {report.customer_id for report in reports}
    paid = VisitReport.objects.filter(customer__in=customers, deleted_at=None).values_list("customer").order_by()
    visits = dict(paid.annotate(visits=models.Count("pk")))
    stage_reached([pk for pk in customers if visits.get(pk) == 1], Stage.VISIT, at, by)
    stage_reached([pk for pk in customers if visits.get(pk, 0) > 1], Stage.RETURN_VISIT, at, by)


def owe_return_visits(at: datetime.datetime) -> None:
    """Whoever looks after a customer owes the visit that falls due (VIS-05).

    What is owed by another day or by somebody else than before (another interval, another owner, a visit that was
    taken back) is not owed any more: it is owed anew.
    """
    wanted = {opening.key: opening for opening in return_visits(local(at).date())}
    owed = list(keeping.open_items(duties.RETURN_VISIT).select_related("owner"))
    stale = [row.key for row in owed if row.key not in wanted]
    keeping.drop_many(duties.RETURN_VISIT, stale, reason=Message("It falls due on another day."), at=at)
    keeping.owe_again(duties.RETURN_VISIT, wanted)
    keeping.open_many(duties.RETURN_VISIT, wanted.values(), at)
    for row in owed:
        if row.key in wanted and row.owner_id != wanted[row.key].owner.pk:
            keeping.hand_over(duties.RETURN_VISIT, key=row.key, to=wanted[row.key].owner, at=at)
