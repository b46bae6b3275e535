"""The verbs of a ticket: take up, ask the customer, go on, settle, reopen, note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.notices.notify import notify
from guanxi.records import registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.rooms.customers.public import Customer, known_as
from guanxi.rooms.service.models import NoteKind, Priority, Ticket, TicketNote, TicketState
from guanxi.rooms.service.queries import TICKET, due_day, runs_since
from guanxi.rooms.service.rules import must_tell

CUSTOMER = "customers.customer"
NOTICE = "ticket"


# ---- What is entered -------------------------------------------------------------------------------------------------


def complete(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find the customer that was named, and work out by when the ticket is to be settled."""
    values = _with_customer(ctx, dict(values), record)
    if not values.get("reported_on") and (record is None or "reported_on" in values):
        values["reported_on"] = ctx.today if record is None else record.reported_on
    since = values.get("reported_on") if record is None or record.reopened_at is None else None
    if record is None or {"priority", "reported_on"} & values.keys():
        priority = values.get("priority") or (Priority.NORMAL if record is None else record.priority)
        values["due_on"] = due_day(ctx, priority, since or runs_since(record))
    return values


def _with_customer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A ticket has a customer: the one chosen, else the one meant by the name that was typed."""
    stood = None if record is None else record.customer
    chosen = values.get("customer", stood)
    typed = str(values.get("customer_name") or "").strip()
    is_typed_anew = bool(typed) and (record is None or typed != record.customer_name)
    if is_typed_anew and (chosen is None or chosen == stood):
        chosen = _named(ctx, typed)
    if chosen is None:
        raise Invalid({"customer": [Message("Choose the customer, or enter its exact name below.")]})
    if chosen != stood:
        values["customer"], values["customer_name"] = chosen, chosen.name if is_typed_anew else ""
    return values


def _named(ctx: Context, text: str) -> Customer:
    """The customer of that name. Who enters tickets of his own customers only learns nothing of others."""
    customer = known_as(text)
    if customer is not None and ctx.scope(registry.module(TICKET), "create") is not Scope.ALL:
        customer = ctx.search(CUSTOMER).filter(pk=customer.pk).first()
    if customer is None:
        raise Invalid({"customer_name": [Message("No customer of ours bears exactly this name or number.")]})
    return customer


# ---- On the way ------------------------------------------------------------------------------------------------------


def _note(ctx: Context, ticket: Ticket, kind: NoteKind, content: str) -> TicketNote:
    made = {"created_at": ctx.now, "created_by": ctx.actor, "changed_at": ctx.now, "changed_by": ctx.actor}
    return TicketNote.objects.create(ticket=ticket, kind=kind, content=content.strip(), **made)


def _tell_owner(ctx: Context, ticket: Ticket, title: Message, text: str) -> None:
    if ticket.owner is not None and ticket.owner != ctx.actor:
        notify([ticket.owner], title, text, TICKET, ticket.pk, NOTICE, at=ctx.now)


def _take(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    ticket.owner, ticket.department = ctx.actor, ctx.actor.department


#: Whoever begins with a ticket settles it: he becomes its owner.
TAKE_TICKET = Action(
    name="take_ticket", label=_("Take it up"), icon="player-play", tone="ink", bulk=True,
    states=(TicketState.OPEN,), to_state=TicketState.PROGRESS, perform=_take, undoable=False,
)  # fmt: skip


def _ask(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    _note(ctx, ticket, NoteKind.WAITING, values["question"])


ASK_CUSTOMER = Action(
    name="ask_customer", label=_("Wait for the customer"), icon="hourglass",
    inputs=(asked("question", _("what the customer was asked"), models.TextField(), required=True),),
    states=(TicketState.OPEN, TicketState.PROGRESS), to_state=TicketState.WAITING, perform=_ask, undoable=False,
)  # fmt: skip


def _resume(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    if answer := (values["answer"] or "").strip():
        _note(ctx, ticket, NoteKind.NOTE, answer)


RESUME_TICKET = Action(
    name="resume_ticket", label=_("Go on with it"), icon="player-play", tone="ink",
    inputs=(asked("answer", _("what the customer answered"), models.TextField(blank=True, default="")),),
    states=(TicketState.WAITING,), to_state=TicketState.PROGRESS, perform=_resume, undoable=False,
)  # fmt: skip


def _with_solution(ctx: Context, ticket: Any, values: Mapping[str, Any]) -> Decision:
    return must_tell(values["solution"] or "")


def _close(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    ticket.solution = values["solution"].strip()
    ticket.closed_at, ticket.closed_by, ticket.closed_late = ctx.now, ctx.actor, ctx.today > ticket.due_on
    _note(ctx, ticket, NoteKind.CLOSED, ticket.solution)
    _tell_owner(ctx, ticket, Message("%(person)s settled the ticket %(name)s", person=ctx.actor, name=ticket.name),
                ticket.solution)  # fmt: skip


CLOSE_TICKET = Action(
    name="close_ticket", label=_("Settle the ticket"), icon="circle-check", fields=("solution",),
    rules=(_with_solution,), states=(TicketState.OPEN, TicketState.PROGRESS, TicketState.WAITING),
    to_state=TicketState.CLOSED, perform=_close, undoable=False,
)  # fmt: skip


def _reopen(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    """It is not settled after all: the time to settle it runs anew, the former solution stays to be read."""
    ticket.reopened_at, ticket.reopened_by, ticket.reopenings = ctx.now, ctx.actor, ticket.reopenings + 1
    ticket.closed_at, ticket.closed_by, ticket.closed_late = None, None, False
    ticket.due_on = due_day(ctx, ticket.priority, ctx.today)
    _note(ctx, ticket, NoteKind.REOPENED, ctx.reason)
    _tell_owner(ctx, ticket, Message("%(person)s reopened the ticket %(name)s", person=ctx.actor, name=ticket.name),
                ctx.reason)  # fmt: skip


REOPEN_TICKET = Action(
    name="reopen_ticket", label=_("Reopen"), icon="arrow-back-up", asks_reason=True,
    states=(TicketState.CLOSED,), to_state=TicketState.PROGRESS, perform=_reopen, undoable=False,
)  # fmt: skip


def _add_note(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    note = _note(ctx, ticket, NoteKind.NOTE, values["content"])
    _tell_owner(ctx, ticket, Message("%(person)s noted on %(name)s", person=ctx.actor, name=ticket.name), note.content)


ADD_NOTE = Action(
    name="add_note", label=_("Add a note"), icon="message-plus",
    inputs=(asked("content", _("note"), models.TextField(), required=True),), perform=_add_note, undoable=False,
)  # fmt: skip
