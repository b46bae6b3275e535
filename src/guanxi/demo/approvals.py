"""What the company has approved first, and what its people ask for: one of each kind of end, three that wait."""

from __future__ import annotations

from typing import Any

from guanxi.demo.company import ACCOUNT_MANAGERS, SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import Action, run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.processes.public import APPROVE, REFUSE, SET_CONDITION

CUSTOMER = "customers.customer"
RULES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("客户档案删除须经销售部经理同意", "delete", "approval.sales_manager", "ARC-25", {}),
    ("列为重要客户须两级审批", "edit", "approval.two_levels", "ARC-07",
     {"all": [{"field": "importance", "op": "in", "value": ["important"]}]}),
)  # fmt: skip


def ask_for_approvals(year: WorkingYear) -> None:
    """Enter the rules, then ask: some is decided, the rest waits in the inbox of the managers."""
    admin = _as("system_admin", year)
    for name, action, process, clause, condition in RULES:
        rule = create(
            admin, "approvals.approvalrule", name=name, module=CUSTOMER, action=action, process=process, clause=clause,
            valid_from=year.first,
        )  # fmt: skip
        if condition:
            run(SET_CONDITION, admin, "approvals.approvalrule", rule, {"condition": condition})
    managers = [person for team in ACCOUNT_MANAGERS.values() for person in team]
    wishes = [(who, wish) for who, wish in zip(managers, _wishes(), strict=False)]
    asked = [_ask(_as(who, year, reason), action, data) for who, (action, reason, data) in wishes]
    for wished, decision in ((DELETE, REFUSE), (EDIT, APPROVE)):
        pending = next((each for each in asked if each is not None and each.action == wished.name), None)
        if pending is not None:
            _decide(year, pending, decision)


def _wishes() -> list[tuple[Action, str, dict[str, Any]]]:
    important = {"importance": "important"}
    return [
        (DELETE, "与另一份档案重复", {}),
        (EDIT, "去年采购额居片区第二，拟按重要客户管理", important),
        (EDIT, "集团新开三家分店，需求明显增加", important),
        (DELETE, "客户已注销，工商登记可查", {}),
        (DELETE, "同名误建，从未往来", {}),
    ]


def _as(username: str, year: WorkingYear, reason: str = "") -> Context:
    moment = year.lately(20)
    return Context.of(Person.objects.get(username=username), now=moment, source=SOURCE, reason=reason)


def _ask(ctx: Context, action: Action, data: dict[str, Any]) -> PendingAction | None:
    target = ctx.search(CUSTOMER).exclude(importance="important").order_by("-number").first()
    if target is None:
        return None
    try:
        run(action, ctx, CUSTOMER, target, data, confirmed=True)
    except AwaitsApproval as waiting:
        return waiting.pending
    return None


def _decide(year: WorkingYear, pending: PendingAction, action: Action) -> None:
    """Everybody who is asked decides alike, until it is over."""
    comment = "还有往来款项未结清，先保留" if action is REFUSE else "已核对往来情况，同意"
    open_ = WorkItem.objects.filter(instance=pending.process, state=WorkItem.State.OPEN).select_related("owner")
    while item := open_.first():
        ctx = Context.of(item.owner, now=year.now, source=SOURCE)
        run(action, ctx, "workflow.workitem", item, {"comment": comment})
