"""The seven stages of the sales process: entered by what happens with a customer, and by hand by who looks after it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.platform.calendar import local
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.history import plain
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.models.customer import Stage
from guanxi.rooms.customers.rules import leads_on, may_go_back_to, may_go_on_to, stage_by_its_owner

CUSTOMER, VERB = "customers.customer", "enter_stage"
ORDER: tuple[str, ...] = tuple(Stage.values)


def stage_reached(
    customers: Iterable[uuid.UUID | None], stage: str, at: datetime.datetime, by: uuid.UUID | None
) -> None:
    """Something happened that means this stage: whoever has not come so far enters it, on the record (VIS-01).

    A derived column, written past the version: whoever edits the customer meanwhile is not disturbed, and the archive
    is none the newer for it. The day and what led there stand in the customer's history.
    """
    behind = Customer.objects.filter(pk__in={pk for pk in customers if pk is not None}, deleted_at=None)
    rows = [
        row
        for row in behind.order_by("pk").only("name", "stage", "stage_on").select_for_update()
        if leads_on(ORDER, row.stage, stage)
    ]
    if rows:
        person = Person.objects.filter(pk=by).first() if by else None
        audit.write([_entered(row, stage, at, person) for row in rows])
        Customer.objects.bulk_update(rows, ["stage", "stage_on"], batch_size=250)


def _entered(row: Customer, stage: str, at: datetime.datetime, by: Person | None) -> AuditEntry:
    """Put it into the stage, no earlier than it came into the one before; and what to enter of that."""
    today = local(at).date()
    before, since = row.stage, row.stage_on
    row.stage, row.stage_on = stage, max(today, since or today)
    return AuditEntry(
        at=at, actor=by, actor_name=by.name if by else "", source=Source.SYSTEM, action=VERB, module=CUSTOMER,
        record_id=row.pk, record_label=row.name,
        changes={"stage": [before, stage], "stage_on": [plain(since), plain(row.stage_on)]},
    )  # fmt: skip


def _by_its_owner(ctx: Context, customer: Any, values: Mapping[str, Any]) -> Decision:
    owner = customer.owner
    is_his = owner is None or ctx.unbounded or ctx.actor.pk == owner.pk or superior_of(owner) == ctx.actor
    return stage_by_its_owner(is_his, str(owner or ""))


def _onwards(ctx: Context, customer: Any, values: Mapping[str, Any]) -> Decision:
    return may_go_on_to(ORDER, customer.stage, values["stage"])


def _backwards(ctx: Context, customer: Any, values: Mapping[str, Any]) -> Decision:
    return may_go_back_to(ORDER, customer.stage, values["stage"])


def _enter(ctx: Context, customer: Any, values: dict[str, Any]) -> None:
    customer.stage, customer.stage_on = values["stage"], ctx.today


def _stage_input() -> Any:
    column: models.Field = models.CharField(max_length=10, choices=Stage.choices)
    return asked("stage", _("stage of the sales process"), column, required=True)


ENTER_STAGE = Action(
    name=VERB,
    label=_("Enter a stage"),
    icon="stairs-up",
    inputs=(_stage_input(),),
    rules=(_by_its_owner, _onwards),
    perform=_enter,
    fits=lambda customer: customer.stage != ORDER[-1],
)
RETURN_TO_STAGE = Action(
    name="return_to_stage",
    label=_("Go back to a stage"),
    icon="stairs-down",
    inputs=(_stage_input(),),
    rules=(_by_its_owner, _backwards),
    perform=_enter,
    asks_reason=True,
    rare=True,
    fits=lambda customer: customer.stage != ORDER[0],
)
