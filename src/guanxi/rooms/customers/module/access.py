"""Requests to see an archive, as the engine sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.customers.actions import (
    END_ACCESS,
    GRANT_ACCESS,
    REFUSE_ACCESS,
    REQUEST_ACCESS,
    WITHDRAW_REQUEST,
    name_the_customer,
)
from guanxi.rooms.customers.models import AccessRequest
from guanxi.rooms.customers.models.access import RequestState
from guanxi.rooms.customers.policies import ACCESS_DAYS
from guanxi.rooms.customers.rules import may_last_until, needs_request


def _worth_asking(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    """Not for what one sees anyway, not twice at a time, not for longer than the regulation's days (SEC-03)."""
    if ctx.unbounded or "customer" not in changed:
        return Decision.allow()
    sees = ctx.search("customers.customer").filter(pk=record.customer_id).exists()
    waiting = AccessRequest.objects.filter(
        customer=record.customer_id, owner=ctx.actor, state=RequestState.OPEN, deleted_at=None
    )
    days = value_of(ACCESS_DAYS, ctx.today)
    return needs_request(sees, waiting.exists()) & may_last_until(record.wanted_until, ctx.today, days)


ACCESS_REQUEST = Module(
    model=AccessRequest,
    icon="lock-access",
    data_class=DataClass.C2,
    title="customer_name",
    profile="access_request",
    sort="-created_at",
    columns=("created_at", "owner", "customer_name", "purpose", "wanted_until", "state", "granted_until", "decided_by"),
    sections=(
        Section(_("Request"), ("customer_name", "purpose", "wanted_until", "owner", "department")),
        Section(_("Decision"), ("state", "customer", "granted_until", "answer", "decided_by", "decided_on")),
    ),
    read_only=("owner",),
    filters=("state", "owner", "department", "wanted_until"),
    search=("purpose",),
    menu=Menu("archive", 70, create=False),
    lifecycle=Lifecycle("state", RequestState.OPEN, locked=tuple(RequestState.values)),
    actions=(REQUEST_ACCESS, GRANT_ACCESS, REFUSE_ACCESS, WITHDRAW_REQUEST, END_ACCESS),
    rules=(_worth_asking,),
    prepare=name_the_customer,
    views=(
        View("open", _("Waiting for a decision"), {"field": "state", "op": "in", "value": ["open"]}),
        View("granted", _("Granted"), {"field": "state", "op": "in", "value": ["granted"]}),
    ),
    without=("edit", "copy", "delete", "assign", "import_rows", "inline_edit"),
)
