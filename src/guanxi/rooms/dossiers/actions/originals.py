"""Lending paper originals, taking them back, and reporting damage or loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Loan, LoanState, OriginalState
from guanxi.rooms.dossiers.policies import LOAN_DAYS

LOAN = "dossiers.loan"


def _not_too_long(ctx: Context, original: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_lend(values["until"], ctx.today, value_of(LOAN_DAYS, ctx.today))


def _perform_lend(ctx: Context, original: Any, values: dict[str, Any]) -> None:
    create(
        ctx.as_program(), LOAN, original=original, owner=values["borrower"], purpose=values["purpose"],
        lent_on=ctx.today, until=values["until"],
    )  # fmt: skip


LEND_ORIGINAL = Action(
    name="lend_original",
    label=_("Lend"),
    icon="arrow-forward-up",
    inputs=(
        asked("borrower", _("to whom"), models.ForeignKey(Person, models.PROTECT), required=True),
        asked("until", _("to be back by"), models.DateField(), required=True),
        asked("purpose", _("what for"), models.CharField(max_length=200), required=True),
    ),
    rules=(_not_too_long,),
    states=(OriginalState.IN_PLACE,),
    to_state=OriginalState.LENT,
    perform=_perform_lend,
    undoable=False,
)


def _perform_end(ctx: Context, loan: Any, values: dict[str, Any]) -> None:
    loan.returned_on = ctx.today


#: The loan's part of an original's coming back.
END_LOAN = Action(
    name="end_loan",
    label=_("Came back"),
    states=(LoanState.OUT,),
    to_state=LoanState.RETURNED,
    fits=lambda loan: False,
    perform=_perform_end,
    undoable=False,
)


def _perform_return(ctx: Context, original: Any, values: dict[str, Any]) -> None:
    for loan in Loan.objects.filter(original=original, state=LoanState.OUT, deleted_at=None):
        run(END_LOAN, ctx, LOAN, loan)
    original.state = OriginalState.DAMAGED if values["is_damaged"] else OriginalState.IN_PLACE


RETURN_ORIGINAL = Action(
    name="return_original",
    label=_("Came back"),
    icon="arrow-back-up",
    inputs=(asked("is_damaged", _("it is soiled or damaged"), models.BooleanField(default=False)),),
    states=(OriginalState.LENT,),
    perform=_perform_return,
    undoable=False,
)


def _perform_report(ctx: Context, original: Any, values: dict[str, Any]) -> None:
    original.state = values["found"]
    original.remarks = values["remarks"] or original.remarks


REPORT_STATE = Action(
    name="report_state",
    label=_("Report its state"),
    icon="flag",
    inputs=(
        asked(
            "found",
            _("state"),
            models.CharField(
                max_length=10,
                choices=[choice for choice in OriginalState.choices if choice[0] != OriginalState.LENT],
            ),
            required=True,
        ),
        asked("remarks", _("remarks"), models.TextField(blank=True)),
    ),
    states=(OriginalState.IN_PLACE, OriginalState.DAMAGED, OriginalState.MISSING),
    perform=_perform_report,
    undoable=False,
)
