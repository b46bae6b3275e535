"""Tickets as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.service import actions
from guanxi.rooms.service.models import Ticket, TicketState
from guanxi.rooms.service.queries import UNSETTLED
from guanxi.rooms.service.rules import may_be_reported_on, must_belong


def _reported_by_now(ctx: Context, ticket: Any, changed: frozenset[str]) -> Decision:
    return may_be_reported_on(ticket.reported_on, ctx.today) if "reported_on" in changed else Decision.allow()


def _contact_of_the_customer(ctx: Context, ticket: Any, changed: frozenset[str]) -> Decision:
    if ticket.contact is None or not {"contact", "customer"} & changed:
        return Decision.allow()
    return must_belong(ticket.contact.customer_id, ticket.customer_id, ticket.contact.name)


_UNSETTLED: dict[str, Any] = {"field": "state", "op": "in", "value": list(UNSETTLED)}


TICKET = Module(
    model=Ticket,
    icon="ticket",
    data_class=DataClass.C2,
    profile="ticket",
    number="GZD-{year}-{seq:05}",
    scope_through="customer",
    columns=("name", "customer", "priority", "category", "state", "due_on", "owner", "reported_on"),
    sections=(
        Section(_("Ticket"), ("customer", "customer_name", "contact", "caller", "name", "description")),
        Section(
            _("Handling"),
            ("priority", "severity", "category", "product", "reported_on", "owner", "hours", "days"),
        ),
        Section(_("Solution"), ("solution",)),
        Section(
            _("Course of the ticket"),
            (
                "state", "due_on", "closed_at", "closed_by", "closed_late", "reopened_at", "reopened_by", "reopenings",
                "faq",
            ),
        ),
    ),
    filters=(
        "state", "priority", "category", "severity", "customer", "owner", "product", "reported_on", "due_on",
        "closed_at", "closed_late",
    ),
    search=("customer", "description", "solution", "caller"),
    lifecycle=Lifecycle("state", TicketState.OPEN, locked=("closed",)),
    actions=(
        actions.TAKE_TICKET, actions.RESUME_TICKET, actions.CLOSE_TICKET, actions.ASK_CUSTOMER, actions.ADD_NOTE,
        actions.REOPEN_TICKET, actions.MAKE_FAQ,
    ),
    rules=(_reported_by_now, _contact_of_the_customer),
    prepare=actions.complete,
    starts=lambda ctx: {"reported_on": ctx.today},
    menu=Menu("service", 10),
    views=(
        View("unsettled", _("Unsettled tickets"), _UNSETTLED, sort="due_on"),
        View("mine", _("My tickets"), {"all": [_UNSETTLED, {"field": "owner", "op": "in", "value": ["me"]}]},
             sort="due_on"),
        View("pressing", _("Pressing tickets"),
             {"all": [_UNSETTLED, {"field": "priority", "op": "in", "value": ["high", "urgent"]}]}, sort="due_on"),
        View("overdue", _("Overdue tickets"),
             {"all": [_UNSETTLED, {"field": "due_on", "op": "older_than", "value": 0}]}, sort="due_on"),
        View("settled", _("Settled tickets"), {"field": "state", "op": "in", "value": ["closed"]}, sort="-closed_at"),
    ),
    aliases={
        "customer": ("客户", "客户名称", "单位"),
        "name": ("标题", "主题", "问题", "故障标题"),
        "description": ("描述", "问题描述", "情况"),
        "priority": ("优先级",),
        "severity": ("严重程度",),
        "category": ("类别", "问题类别"),
        "solution": ("解决方案", "处理结果"),
        "reported_on": ("报告日期", "受理日期", "来电日期"),
        "product": ("产品", "产品名称"),
        "hours": ("小时", "工时"),
        "days": ("天", "天数"),
    },
    without=("merge",),
)  # fmt: skip
