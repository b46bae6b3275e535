"""Archives opened for a time, as the engine sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.customers.actions import END_ACCESS, OPEN_ARCHIVE, name_the_customer, waits_for
from guanxi.rooms.customers.models import ArchiveAccess
from guanxi.rooms.customers.models.access import AccessState
from guanxi.rooms.customers.policies import ACCESS_DAYS
from guanxi.rooms.customers.rules import may_last_until, needs_request


def _worth_asking(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    """Not for what one sees anyway, not twice at a time, not for longer than the regulation's days (SEC-03)."""
    if ctx.unbounded or "customer" not in changed:
        return Decision.allow()
    sees = ctx.search("customers.customer").filter(pk=record.customer_id).exists()
    days = value_of(ACCESS_DAYS, ctx.today)
    return needs_request(sees, waits_for(ctx, record.customer_id)) & may_last_until(record.until, ctx.today, days)


ARCHIVE_ACCESS = Module(
    model=ArchiveAccess,
    icon="lock-access",
    data_class=DataClass.C2,
    title="customer_name",
    profile="archive_access",
    sort="-created_at",
    columns=("created_at", "owner", "customer_name", "purpose", "until", "state", "approved_by"),
    sections=(
        Section(_("Which archive"), ("customer_name", "customer", "until", "purpose", "owner", "department")),
        Section(_("Decision"), ("approved_by", "state", "ended_at")),
    ),
    read_only=("owner",),
    filters=("state", "owner", "department", "until"),
    search=("purpose",),
    menu=Menu("archive", 70, create=False),
    lifecycle=Lifecycle("state", AccessState.GIVEN, locked=tuple(AccessState.values)),
    actions=(OPEN_ARCHIVE, END_ACCESS),
    rules=(_worth_asking,),
    prepare=name_the_customer,
    views=(
        View("given", _("Granted"), {"field": "state", "op": "in", "value": ["given"]}),
        View("mine", _("Granted to me"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    without=("edit", "copy", "delete", "assign", "import_rows", "inline_edit"),
)
