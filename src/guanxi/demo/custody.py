"""How the company keeps its archives: fields checked for being right, consents noted, archives opened on request."""

from __future__ import annotations

import datetime
from typing import Any

from guanxi.demo.clientele import Client
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Chosen, Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context

#: Minutes after opening.
CHECKS, CONSENTS, REQUESTS, DECISIONS = 525, 530, 540, 545
CHECKED = (
    "name", "phone", "address", "operating_manager", "legal_representative", "credit_code", "business_scope", "source",
)  # fmt: skip
DECIDER = "sales_manager"
#: Who asks, how many working days ago, what for, and what becomes of it.
REQUESTED = (
    ("service", 30, "核实上月破损投诉的收货人与到货时间", "approve"),
    ("finance", 12, "年终返利对账，需核对合同返利条款", "approve"),
    ("marketing", 20, "想了解客户的采购价格", "refuse"),
    ("finance", 1, "开票信息有出入，需核对营业执照", ""),
    ("service", 1, "回访前了解客户最近的投诉", ""),
)


def plan_custody(plan: Timetable, sources: Sources, year: WorkingYear, clients: list[Client]) -> None:
    """Plan the checks of the last half year, the consents of first contacts, and a few requests to see an archive."""
    for client in clients:
        if sources.chance.random() < 0.55:
            _plan_checks(plan, sources, year, client)
        if client.people and sources.chance.random() < 0.4:
            _plan_consents(plan, sources, year, client)
    _plan_requests(plan, sources, year, [client for client in clients if client.deals and not client.head])


def _plan_checks(plan: Timetable, sources: Sources, year: WorkingYear, client: Client) -> None:
    """The archivist takes one archive and looks at a few fields; now and then one is wrong."""
    chance = sources.chance
    day = year.desk_day(year.some_day(chance, max(client.since.date(), year.days[-50])), 10)
    moment = max(year.moment(day, CHECKS), client.since)
    for subject in chance.sample(CHECKED, chance.randint(2, 4)):
        values: dict[str, Any] = {
            "customer": Made(client.key), "subject": subject, "finding": "right", "checked_on": moment.date(),
            "method": chance.choice(("call", "call", "visit", "register")),
        }  # fmt: skip
        if subject == "operating_manager" and chance.random() < 0.5:
            values |= {"finding": "wrong", "correct_value": f"{client.people[0][0]}总" if client.people else ""}
        plan.add(Entry(moment, "archivist", "customers.datacheck", values))


def _plan_consents(plan: Timetable, sources: Sources, year: WorkingYear, client: Client) -> None:
    chance = sources.chance
    day = year.desk_day(year.some_day(chance, client.since.date()), 10)
    moment = max(year.moment(day, CONSENTS), client.since)
    for channel in chance.sample(("call", "sms", "email", "wechat"), 2):
        values = {
            "contact": Made(f"{client.key} contact 0"), "channel": channel, "purpose": "marketing",
            "stated_at": moment, "source": chance.choice(("oral", "card", "paper")),
            "statement": chance.choice(("given", "given", "given", "withdrawn", "objected")),
        }  # fmt: skip
        plan.add(Entry(moment, client.username, "customers.consent", values))


def _plan_requests(plan: Timetable, sources: Sources, year: WorkingYear, clients: list[Client]) -> None:
    for number, (username, days_ago, purpose, outcome) in enumerate(REQUESTED):
        if number >= len(clients):
            return
        client = clients[-1 - number]
        moment = max(year.moment(year.days[-1 - days_ago], REQUESTS), client.since)
        values = {"customer_name": client.company.name, "until": moment.date() + datetime.timedelta(days=10)}
        plan.add(Entry(moment, username, "customers.archiveaccess", values, key=f"request {number}", reason=purpose))
        decided = min(moment + datetime.timedelta(minutes=DECISIONS - REQUESTS), year.now)
        if outcome:
            said = {"comment": "同意，仅限本次事由。" if outcome == "approve" else "价格请向客户经理了解。"}
            plan.add(Entry(decided, DECIDER, "workflow.workitem", said, action=outcome, target=_waiting(purpose)))


def _waiting(reason: str) -> Chosen:
    """What the decider is asked about the request with that reason."""

    def items(ctx: Context) -> list[WorkItem]:
        asked = PendingAction.objects.filter(reason=reason).values("process")
        return list(WorkItem.objects.filter(owner=ctx.actor, instance__in=asked, state=WorkItem.State.OPEN))

    return items
