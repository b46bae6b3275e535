"""Building the demo: the company is founded, its year is planned and played, and the audit trail is sealed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from guanxi.demo.approvals import ask_for_approvals
from guanxi.demo.clientele import GROUPS, Client, client_of, group_companies, plan_client
from guanxi.demo.company import SOURCE, found
from guanxi.demo.custody import plan_custody
from guanxi.demo.dossiers import keep_dossiers
from guanxi.demo.events import plan_events
from guanxi.demo.inspecting import inspect
from guanxi.demo.intake import collect_files
from guanxi.demo.leads import plan_leads
from guanxi.demo.mails import write_mails
from guanxi.demo.market import plan_market, sign_contract
from guanxi.demo.meetings import hold_meetings
from guanxi.demo.offer import plan_offer
from guanxi.demo.opportunities import plan_opportunities
from guanxi.demo.plans import plan_targets
from guanxi.demo.pool import fill_pool
from guanxi.demo.purchases import plan_purchases
from guanxi.demo.service import take_tickets
from guanxi.demo.sources import Sources
from guanxi.demo.story import Story
from guanxi.demo.timetable import Entry, Timetable
from guanxi.demo.visits import pay_visits
from guanxi.demo.working_year import WorkingYear
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access import tokens
from guanxi.platform.audit.chain import anchor, seal_pending
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.notices.notify import notify
from guanxi.platform.owing.upkeep import escalate, remind
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.batches import begin
from guanxi.records.context import Context
from guanxi.records.exporting import start_export
from guanxi.records.listing import Query
from guanxi.records.standard import EDIT, create
from guanxi.rooms.compliance.public import count_figures
from guanxi.rooms.customers.public import Customer, refresh_figures
from guanxi.rooms.intake.public import note_contacts
from guanxi.rooms.mail.public import install_templates
from guanxi.rooms.reports.public import install_reports
from guanxi.rooms.sales.public import install_pipeline

#: Up to so many customers each gets a whole year; beyond, they are there in number and have one contact each.
THOROUGH_LIMIT = 2000
#: So many customers are planned and written together when there are many.
CHUNK = 10_000
MOST = 1_000_000
CUSTOMER = "customers.customer"
#: Of a hundred customers so many were there when the company began to work with the program.
FROM_THE_START = 70


@dataclass(frozen=True)
class Built:
    """What was built: how many customers, how many actions were run, and the moment at which the demo ends."""

    customers: int
    actions: int
    until: datetime.datetime


def build(customers: int = 120, seed: int = 1, tell: Callable[[str], object] | None = None) -> Built:
    """Build the demo company in an empty database.

    `customers`: how many besides the two key groups; up to 2,000 each gets a year of history, more only their file;
    `seed`: the same seed gives the same company on the same day; `tell` hears how it goes on. Raises Conflict when
    somebody has worked in this database already, Invalid for an impossible number.
    """
    if not 1 <= customers <= MOST:
        raise Invalid(Message("The demo can have 1 to %(most)s customers.", most=MOST))
    require_empty()
    say = tell or (lambda _text: None)
    sources, year = Sources.of(seed), WorkingYear(calendar.now())
    opening = year.moment(year.first, 0)
    with clock_at(opening):
        plan = Timetable(found(opening))
        install_pipeline(opening)
        install_reports(opening)
        install_templates(opening)
    say(Message("The company has %(count)s people.", count=Person.objects.count()).__str__())
    plan_offer(plan, sources, opening, year.moment(year.on_or_after(_autumn(year)), 0))
    _play(plan, sources, year, customers, say)
    with clock_at(year.now):
        if customers <= THOROUGH_LIMIT:
            refresh_figures(Customer.objects.values_list("pk", flat=True), year.today)
            _leave_work(year)
            hold_meetings(year)
            plan_events(year)
            pay_visits(year)
            sign_contract(year)
            take_tickets(year)
            write_mails(year)
            fill_pool(year)
        _ask_for_export(year)
        ask_for_approvals(year)
        _look_after_duties(year)
        inspect(year)
        if customers <= THOROUGH_LIMIT:
            collect_files(year)
            keep_dossiers(year)
        _tell_people(Person.objects.in_bulk(field_name="username"), year)
        _seal()
        count_figures(year.now)
        total = Customer.objects.count()
    return Built(total, plan.played, year.now)


def _leave_work(year: WorkingYear) -> None:
    """What waits to be tidied up: customers entered twice, a batch that can be undone, a program that reads along."""
    manager = Context.of(
        Person.objects.get(username="sales_manager"), now=year.now, source=SOURCE, reason="年末档案核对"
    )
    customers = list(manager.search(CUSTOMER).exclude(phone="").order_by("number")[:6])
    for known in customers[:2]:
        create(
            manager, CUSTOMER, confirmed=True, name=known.name.removesuffix("有限公司"), phone=known.phone,
            province=known.province, city=known.city,
        )  # fmt: skip
    set_to = {"set": {"collected_on": year.today.isoformat()}}
    begin(manager, registry.entry(CUSTOMER), EDIT, [known.pk for known in customers], set_to, confirmed=True)
    until = year.today + datetime.timedelta(days=tokens.USUAL)
    create(manager, "access.accesstoken", name="销售看板", expires_on=until, modules=[CUSTOMER, "customers.marketflow"])


def _look_after_duties(year: WorkingYear) -> None:
    """What the schedules do with duties day by day: note what was done, call to mind, and tell superiors."""
    note_contacts(None, year.now)
    remind(year.now)
    escalate(year.now)


def _ask_for_export(year: WorkingYear) -> None:
    """The archivist takes out every follow-up: too many for one alone, so a request waits for a manager."""
    archivist = Person.objects.get(username="archivist")
    ctx = Context.of(archivist, now=year.now, source="demo", reason="年末归档：全年跟进记录核对")
    with suppress(AwaitsApproval):
        start_export(ctx, registry.module("engagement.followup"), Query())


def require_empty() -> None:
    """Refuses a database in which there is or was anybody; what the installation itself put down is no use of it."""
    if Person.objects.exists() or AuditEntry.objects.exclude(actor=None).exists():
        raise Conflict(
            Message(
                "This database is in use already. The demo company needs an empty one: give it another data folder."
            )
        )


def _autumn(year: WorkingYear) -> datetime.date:
    """The first of September in the year that is played."""
    day = datetime.date(year.today.year, 9, 1)
    return day if day <= year.today else day.replace(year=day.year - 1)


def _play(plan: Timetable, sources: Sources, year: WorkingYear, customers: int, say: Callable[[str], object]) -> None:
    thorough = customers <= THOROUGH_LIMIT
    clients = _groups(sources, year)
    opening = year.moment(year.first, 0)
    for number in range(len(clients), len(clients) + customers):
        clients.append(client_of(sources, number, _since(sources, year, opening, thorough)))
        if not thorough and len(clients) % CHUNK == 0:
            _write(plan, sources, clients[-CHUNK:])
            say(Message("%(count)s customers are entered.", count=len(clients)).__str__())
    if not thorough:
        _write(plan, sources, clients[len(clients) // CHUNK * CHUNK :])
        return
    for client in clients:
        plan_client(plan, sources, client)
        Story(plan, sources, year, client).tell()
    _plan_filing(plan, year)
    plan_custody(plan, sources, year, clients)
    plan_market(plan, sources, year, clients)
    plan_opportunities(plan, sources, year, clients)
    plan_targets(plan, sources, year)
    plan_leads(plan, sources, year)
    plan_purchases(plan, sources, year)
    plan.play()


def _write(plan: Timetable, sources: Sources, clients: list[Client]) -> None:
    for client in clients:
        plan_client(plan, sources, client, thorough=False)
    plan.play()
    for client in clients:
        if not client.head:
            plan.made.pop(client.key, None)
        plan.made.pop(f"{client.key} contact 0", None)


def _since(sources: Sources, year: WorkingYear, opening: datetime.datetime, thorough: bool) -> datetime.datetime:
    """When a customer is entered: most in the first weeks, the others in the course of the year."""
    chance = sources.chance
    if chance.randrange(100) < FROM_THE_START:
        return (
            opening + datetime.timedelta(minutes=30)
            if not thorough
            else year.moment(year.days[chance.randrange(5)], 60)
        )
    places = range(0, len(year.days), 20) if not thorough else range(0, len(year.days), 3)
    return year.moment(year.days[chance.choice(places)], 90)


def _groups(sources: Sources, year: WorkingYear) -> list[Client]:
    """The two key groups: each with its head office and branches, all in one account manager's hands."""
    clients: list[Client] = []
    for place, group in enumerate(GROUPS):
        head, username = f"customer {len(clients)}", ""
        for number, company in enumerate(group_companies(sources, group)):
            since = year.moment(year.days[5 + place], 100 + (number > 0))
            clients.append(client_of(sources, len(clients), since, company, head, username))
            username = clients[-1].username
    return clients


def _plan_filing(plan: Timetable, year: WorkingYear) -> None:
    """The archivist files what waits every second week, but for two holidays; what came in last still waits."""
    for number, day in enumerate(year.days[10:-8:10], start=1):
        if number % 9 == 0:
            continue
        moment = year.moment(day, 520)
        for verb, unknown, answer in (("file", False, _FILED), ("decline", True, _DECLINED)):
            plan.add(
                Entry(
                    moment,
                    "archivist",
                    "customers.contribution",
                    {"answer": answer},
                    action=f"{verb}_contribution",
                    target=_waiting(unknown),
                )
            )


_FILED, _DECLINED = "已核实并归入档案。", "查无此客户，请补充名称后再报。"


def _waiting(unknown: bool) -> Callable[[Context], Iterable[Any]]:
    def chosen(ctx: Context) -> Iterable[Any]:
        waiting = ctx.search("customers.contribution").filter(state="waiting", customer__isnull=unknown)
        return waiting.order_by("created_at", "pk")

    return chosen


def _tell_people(people: Mapping[str, Person], year: WorkingYear) -> None:
    """A few notices, so that the bell has something to ring for."""
    recent = Customer.objects.filter(deleted_at=None, status="at_risk").order_by("-changed_at", "number").first()
    sellers = [person for person in people.values() if person.department and person.department.code in _REGIONS]
    morning = year.moment(year.days[-2], 15)
    notify(
        [*sellers, people["sales_manager"]], Message("Autumn prices for dealers are in force"),
        Message("The new price book holds for all orders from now on."), kind="news", at=morning,
    )  # fmt: skip
    notify([people["archivist"]], Message("Contributions wait for filing"), kind="filing", at=morning)
    if recent is not None and recent.owner is not None:
        notify(
            [recent.owner, people["sales_manager"]], Message("%(customer)s is at risk", customer=recent.name),
            Message("Orders went to competitors several times; please call on the customer."),
            module="customers.customer", record_id=recent.pk, kind="warning", at=morning,
        )  # fmt: skip


_REGIONS = frozenset({"southwest", "east", "north", "south"})


def _seal() -> None:
    while seal_pending(20_000):
        pass
    anchor()
