"""The verbs of an information file: collect, submit, enter, send, assign, file away; and the manager's decisions."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access.grants import give_grant
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar.working_days import due_at
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import ProcessInstance
from guanxi.platform.workflow.purposes import purpose
from guanxi.records import duplicates, registry
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import ASSIGN, CREATE, DELETE, ENTERED, create
from guanxi.records.work import Work
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.intake import duties
from guanxi.rooms.intake.models import FileState, InformationFile
from guanxi.rooms.intake.policies import ENTRY_DAYS, SENDING_DAYS, SIGHT_DAYS
from guanxi.rooms.intake.queries import (
    CUSTOMER,
    DECIDE,
    FILE,
    NAME_FILER,
    SEND,
    business_managers,
    designated_sender,
    marketing_managers,
    records_of_company,
    salesperson_of,
)
from guanxi.rooms.intake.rules import (
    is_for_the_assignee,
    is_for_the_head,
    may_be_deleted,
    may_be_entered,
    may_be_named,
    proposed_level,
)

#: The process of the review, and what it is started for.
REVIEW = "intake.review"
APPROVED, REFUSED = "approved", "refused"
NOTICE = "intake"


# ---- Collecting ------------------------------------------------------------------------------------------------------


def complete(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Who collected it, who is responsible, and by when it is to be entered (WF-07, WF-10, WF-13)."""
    values = dict(values)
    if record is None:
        values["collected_by"], values["owner"] = ctx.actor, _responsible(ctx, values)
    if collected_on := values.get("collected_on"):
        values["enter_due_on"] = due_at(collected_on, value_of(ENTRY_DAYS, ctx.today))
    return values


def _responsible(ctx: Context, values: Mapping[str, Any]) -> Person:
    """Whoever enters customers looks after what he collects; what others collect goes to the salesperson of the place.

    With no match it goes to the business manager.
    """
    if ctx.may(FILE, ENTER_FILE.name):
        return ctx.actor
    found = salesperson_of(values.get("province") or "", values.get("city") or "", ctx.today)
    return found or next(iter(business_managers()), ctx.actor)


def _execute_create(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    keeping.open_many(duties.ENTER, [_entry_owed(work.result) for work in works], ctx.now)
    for work in works:
        if work.result.owner_id != ctx.actor.pk:
            _let_see(ctx, work.result, ctx.actor, _("collected this information file"), "view")
            title = Message("%(person)s collected %(name)s for you", person=ctx.actor, name=work.result.name)
            notify([work.result.owner], title, work.result.demand, FILE, work.result.pk, NOTICE, at=ctx.now)


#: The standard verb, which hands on what was collected for somebody else.
COLLECT = dataclasses.replace(CREATE, execute=_execute_create, may_leave_scope=True)


def _entry_owed(file: InformationFile) -> keeping.Opening:
    assert file.owner is not None
    return keeping.Opening(str(file.pk), file.owner, file.name, file.enter_due_on, FILE, file.pk)


def _owe(ctx: Context, duty: Duty, file: InformationFile, person: Person, day: datetime.date | None = None) -> None:
    keeping.open_duty(
        duty, key=str(file.pk), owner=person, subject=file.name, at=ctx.now, due_on=day, module=FILE,
        record_id=file.pk, within=file.customer_id,
    )  # fmt: skip


def _done(ctx: Context, duty: Duty, file: InformationFile) -> None:
    keeping.discharge(duty, key=str(file.pk), by=ctx.actor, at=ctx.now, evidence=(FILE, file.pk))


def _let_see(ctx: Context, file: InformationFile, person: Person, why: object, *verbs: str) -> None:
    ends = ctx.now + datetime.timedelta(days=value_of(SIGHT_DAYS, ctx.today))
    give_grant(
        person=person, module=FILE, record_id=file.pk, actions=verbs, begins=ctx.now, ends=ends, reason=str(why),
        by=ctx.actor,
    )  # fmt: skip


def _never_submitted(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_be_deleted(record.state != FileState.DRAFT)


DISCARD = dataclasses.replace(DELETE, rules=(_never_submitted,))


# ---- Review (WF-09) --------------------------------------------------------------------------------------------------


def _submit(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    version = versions.in_use(REVIEW)
    if not versions.serves(versions.diagram_of(version), REVIEW):
        raise Conflict(Message("The process of the review asks nobody; nothing can be submitted."))
    figures = {
        "owner": str(file.owner_id), "level": file.demand_level or level_of(file), "source": file.source,
    }  # fmt: skip
    running.start(
        version, ctx.actor, f"{file.number} {file.name}", ctx.now, verb=f"{FILE}:{ENTER_FILE.name}", module=FILE,
        record_id=file.pk, purpose=REVIEW, figures=figures,
    )  # fmt: skip


def level_of(file: Any) -> str:
    """The demand level that follows from what the file tells."""
    return proposed_level(file.size, file.demand_size, file.urgency).level


SUBMIT_FILE = Action(
    name="submit_file",
    label=_("Submit for review"),
    icon="send",
    tone="ink",
    bulk=True,
    undoable=False,
    states=(FileState.DRAFT, FileState.RETURNED),
    to_state=FileState.REVIEW,
    perform=_submit,
)


def _note_review(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    file.reviewed_by, file.reviewed_at, file.review = ctx.actor, ctx.now, ctx.reason


#: What the end of the review does to the file. Nobody holds these as rights: only the process comes to them.
_PASS = Action(
    name="review_passed", label=_("Approved in review"), states=(FileState.REVIEW,), to_state=FileState.APPROVED,
    perform=_note_review,
)  # fmt: skip
_RETURN = Action(
    name="review_returned", label=_("Returned in review"), states=(FileState.REVIEW,), to_state=FileState.RETURNED,
    perform=_note_review,
)  # fmt: skip
ENTERED.update({action.name: action.label for action in (_PASS, _RETURN)})


@purpose(REVIEW, ends=(APPROVED, REFUSED))
def settle_review(instance: ProcessInstance, person: Person | None, at: datetime.datetime) -> None:
    """The review has ended: the file may be entered, or goes back to the salesperson with the reason (WF-09).

    Raises Conflict when whoever decided is responsible for the file himself.
    """
    assert instance.record_id is not None
    file = InformationFile.objects.select_related("owner").get(pk=instance.record_id)
    is_approved = instance.state == ProcessInstance.State.ENDED and instance.outcome == APPROVED
    actor = person or instance.owner  # nobody decided where a timer ended it
    if is_approved and actor.pk in (file.owner_id, file.collected_by_id):
        raise Conflict(Message("Nobody reviews a file that he collected or is responsible for."))
    ctx = system_context(actor, now=at).because(str(instance.figures.get("comment") or ""))
    run(_PASS if is_approved else _RETURN, ctx, FILE, file)
    if instance.state == ProcessInstance.State.WITHDRAWN or file.owner is None:
        return
    title = (
        Message("Approved: enter %(name)s by %(day)s", name=file.name, day=file.enter_due_on)
        if is_approved
        else Message("Returned by the manager: %(name)s", name=file.name)
    )
    notify([file.owner], title, ctx.reason, FILE, file.pk, NOTICE, at=at)


# ---- Entry (WF-09, WF-10, WF-13, WF-14) ------------------------------------------------------------------------------


def _leads_its_company(ctx: Context, file: Any, values: Mapping[str, Any]) -> Decision:
    return may_be_entered(file.pk, records_of_company(file))


def _known_already(ctx: Context, file: Any, values: Mapping[str, Any]) -> Decision:
    """The duplicate check, before anything is made of the file."""
    return duplicates.judged(ctx, registry.entry(CUSTOMER), {"name": file.name, "phone": file.phone})


def _enter(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    file.customer = create(ctx, CUSTOMER, confirmed=True, **_as_customer(file))
    if file.contact:
        create(
            ctx, "customers.contact", confirmed=True, customer=file.customer, name=file.contact, post=file.post,
            mobile=file.phone, primary=True,
        )  # fmt: skip
    file.entered_on, file.entered_late = ctx.today, ctx.today > file.enter_due_on
    file.send_due_on = due_at(ctx.today, value_of(SENDING_DAYS, ctx.today))
    keeping.discharge(duties.ENTER, key=str(file.pk), by=ctx.actor, at=ctx.now, evidence=(CUSTOMER, file.customer.pk))
    if sender := designated_sender():
        _owe(ctx, duties.SEND, file, sender, file.send_due_on)


def _as_customer(file: InformationFile) -> dict[str, Any]:
    """What a customer takes over of its file."""
    same = ("name", "phone", "province", "city", "address", "website", "industry", "size", "source", "collected_on")
    return {
        **{name: getattr(file, name) for name in same},
        "status": "prospect", "owner": file.owner, "demand_level": file.demand_level or level_of(file),
        "remarks": "\n".join(text for text in (file.demand, file.remarks) if text),
    }  # fmt: skip


ENTER_FILE = Action(
    name="enter_file",
    label=_("Enter as a customer"),
    icon="user-plus",
    tone="ink",
    rules=(_leads_its_company, _known_already),
    states=(FileState.APPROVED,),
    to_state=FileState.ENTERED,
    perform=_enter,
    undoable=False,
)


# ---- The business manager decides (WF-15) ----------------------------------------------------------------------------


def _can_look_after(ctx: Context, file: Any, values: Mapping[str, Any]) -> Decision:
    holders = people_who_may(registry.module(FILE).names, ENTER_FILE.name)
    return may_be_named(str(values["owner"]), holders.filter(pk=values["owner"].pk).exists())


def _decide_owner(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    """The company is this person's: the file goes ahead in his hands, or the customer that stands is given to him."""
    file.owner = values["owner"]
    file.department = file.owner.department
    file.decided_by, file.decided_at, file.decision = ctx.actor, ctx.now, ctx.reason
    standing = next((one for one in records_of_company(file) if one.is_customer), None)
    if standing is not None:
        customer = Customer.objects.get(pk=standing.id)
        if customer.owner_id != file.owner.pk:
            run(ASSIGN, ctx, CUSTOMER, customer, {"owner": file.owner})
        file.customer, file.state = customer, FileState.CLOSED
        _owed_no_more(ctx, file)
    else:
        keeping.hand_over(duties.ENTER, key=str(file.pk), to=file.owner, at=ctx.now, by=ctx.actor)
    title = Message("%(person)s decided that %(name)s is yours", person=ctx.actor, name=file.name)
    notify([file.owner], title, ctx.reason, FILE, file.pk, NOTICE, at=ctx.now)


DECIDE_OWNER = Action(
    name=DECIDE,
    label=_("Decide on the owner"),
    icon="gavel",
    rare=True,
    asks_reason=True,
    inputs=(asked("owner", _("the customer is of"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_can_look_after,),
    states=(FileState.DRAFT, FileState.RETURNED, FileState.APPROVED),
    perform=_decide_owner,
    undoable=False,
)


def _close(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    file.decided_by, file.decision = ctx.actor, ctx.reason
    _owed_no_more(ctx, file)


def _owed_no_more(ctx: Context, file: InformationFile) -> None:
    keeping.drop(duties.ENTER, key=str(file.pk), reason=ctx.reason, at=ctx.now, by=ctx.actor)


CLOSE_FILE = Action(
    name="close_file",
    label=_("Close without a customer"),
    icon="x",
    rare=True,
    asks_reason=True,
    states=(FileState.DRAFT, FileState.RETURNED, FileState.APPROVED),
    to_state=FileState.CLOSED,
    perform=_close,
)


# ---- To marketing (WF-11, WF-12) -------------------------------------------------------------------------------------


def _send(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    file.sent_on, file.sent_by, file.sent_late = ctx.today, ctx.actor, ctx.today > file.send_due_on
    managers = marketing_managers()
    if not managers:
        raise Conflict(Message("Nobody in marketing can receive information files."))
    for manager in managers:
        _let_see(ctx, file, manager, _("was sent this information file"), "view", "reveal", ASSIGN_FILING.name)
    title = Message("%(person)s sent you an information file: %(name)s", person=ctx.actor, name=file.name)
    notify(managers, title, _("Please name who sorts and files it."), FILE, file.pk, NOTICE, at=ctx.now)
    _done(ctx, duties.SEND, file)
    _owe(ctx, duties.NAME_FILER, file, managers[0])


SEND_FILE = Action(
    name=SEND,
    label=_("Send to marketing"),
    icon="send",
    tone="ink",
    bulk=True,
    undoable=False,
    states=(FileState.ENTERED,),
    to_state=FileState.SENT,
    perform=_send,
)


def _by_the_head(ctx: Context, file: Any, values: Mapping[str, Any]) -> Decision:
    department = ctx.actor.department
    head = department.head_id if department is not None else None
    return is_for_the_head(ctx.actor.pk, head)


def _assign_filing(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    person = values["assignee"]
    if not people_who_may(registry.module(FILE).names, FILE_AWAY.name).filter(pk=person.pk).exists():
        raise Invalid({"assignee": [Message("%(person)s does not file information files.", person=person)]})
    former, file.assignee = file.assignee, person
    _done(ctx, duties.NAME_FILER, file)
    if former is None:
        _owe(ctx, duties.FILE_AWAY, file, person)
    else:
        keeping.hand_over(duties.FILE_AWAY, key=str(file.pk), to=person, at=ctx.now, by=ctx.actor)
    if person != ctx.actor:
        title = Message("Please sort and file %(name)s", name=file.name)
        notify([person], title, "", FILE, file.pk, NOTICE, at=ctx.now)
    _let_see(ctx, file, person, _("sorts and files this information file"), "view", "reveal", FILE_AWAY.name)


ASSIGN_FILING = Action(
    name=NAME_FILER,
    label=_("Name who files it"),
    icon="user-check",
    tone="ink",
    bulk=True,
    inputs=(asked("assignee", _("who sorts and files"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_by_the_head,),
    states=(FileState.SENT,),
    perform=_assign_filing,
    undoable=False,
)


def _by_the_assignee(ctx: Context, file: Any, values: Mapping[str, Any]) -> Decision:
    return is_for_the_assignee(ctx.actor.pk, file.assignee_id)


def _file_away(ctx: Context, file: Any, values: dict[str, Any]) -> None:
    file.filed_on = ctx.today
    _done(ctx, duties.FILE_AWAY, file)


FILE_AWAY = Action(
    name="file_away",
    label=_("Sorted and filed"),
    icon="archive",
    tone="ink",
    bulk=True,
    rules=(_by_the_assignee,),
    states=(FileState.SENT,),
    to_state=FileState.FILED,
    perform=_file_away,
    undoable=False,
)
