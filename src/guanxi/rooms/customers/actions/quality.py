"""Putting right what a check of the archive found wrong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.standard import edit
from guanxi.rooms.customers.rules import may_correct


def _has_something_to_correct(ctx: Context, record: Any, values: Any) -> Decision:
    return may_correct(record.finding, bool(record.correct_value.strip()), record.corrected_on is not None)


def _correct_archive(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    """Written as an edit of the customer by the same person: his rights, the field's checks and the history hold."""
    reason = ctx.reason or str(Message("Check of %(day)s", day=record.checked_on))
    edit(ctx.because(reason), "customers.customer", record.customer, **{record.subject: record.correct_value})
    record.corrected_on = ctx.today


CORRECT_ARCHIVE = Action(
    name="correct_archive",
    label=_("Correct the archive"),
    icon="pencil",
    rules=(_has_something_to_correct,),
    perform=_correct_archive,
    confirm=_("Write the correct value of this check into the customer's archive?"),
)
