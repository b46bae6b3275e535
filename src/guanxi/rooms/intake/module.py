"""The record types of this room, and what it tells the customer master."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.platform import calendar
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.records.events import RecordsWritten, subscribe, witness
from guanxi.records.module import Computed, Lifecycle, Menu, Module, Related, SameAs, Section, View
from guanxi.records.registry import register
from guanxi.rooms.customers.public import CustomersContacted, entry_judges
from guanxi.rooms.intake import actions
from guanxi.rooms.intake.models import (
    Assignment,
    AssignmentState,
    Capacity,
    FileNote,
    FileState,
    InformationFile,
    Registration,
    Territory,
)
from guanxi.rooms.intake.policies import ONLY_BY_FILE
from guanxi.rooms.intake.queries import OPEN_STATES, open_files_of, others_responsible
from guanxi.rooms.intake.rules import (
    may_be_collected_on,
    may_be_graded,
    may_be_responsible,
    may_become_customer,
    may_collection_move,
    place_key,
    proposed_level,
)


def _collected_by_now(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    if "collected_on" not in changed:
        return Decision.allow()
    return may_be_collected_on(record.collected_on, ctx.today) & may_collection_move(not record._state.adding)


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _to_send(ctx: Context) -> dict[str, Any]:
    """What the designated person sends today, and what is overdue (WF-11)."""
    return {"all": [_state("entered"), {"field": "send_due_on", "op": "until", "value": ctx.today.isoformat()}]}


def _overdue(ctx: Context) -> dict[str, Any]:
    """Files that should have been entered by yesterday (WF-10)."""
    yesterday = {"field": "enter_due_on", "op": "older_than", "value": 0}
    return {"all": [_state(*OPEN_STATES), yesterday]}


FILE = Module(
    model=InformationFile,
    icon="address-book",
    data_class=DataClass.C2,
    classes={"address": DataClass.C2},
    personal=("phone",),
    profile="intake",
    number="XX-{year}-{seq:05}",
    columns=("name", "city", "source", "proposed", "owner", "collected_on", "enter_due_on", "state"),
    sections=(
        Section(
            _("Collected on the way"),
            ("name", "contact", "phone", "province", "city", "card", "source", "collected_on"),
        ),
        Section(_("Demand"), ("urgency", "demand_size", "size", "demand_level", "demand")),
        Section(_("Further particulars"), ("post", "address", "website", "industry", "remarks")),
        Section(
            _("Review and entry"),
            (
                "state", "owner", "collected_by", "reviewed_by", "reviewed_at", "review", "decided_by", "decided_at",
                "decision", "customer", "enter_due_on", "entered_on", "entered_late", "send_due_on", "sent_on",
                "sent_by", "sent_late", "assignee", "filed_on",
            ),
        ),
    ),
    read_only=("owner",),
    filters=("state", "owner", "province", "city", "source", "demand_level", "collected_on", "entered_late"),
    search=("contact", "phone", "city", "demand"),
    same_as=(
        SameAs("name", _("company name"), key=company_key, clause="WF-14"),
        SameAs("phone", _("phone"), clause="WF-14"),
    ),
    related=(Related("intake.filenote", "file"),),
    computed=(
        Computed("proposed", _("proposed level"), actions.level_of, needs=("size", "demand_size", "urgency")),
    ),
    lifecycle=Lifecycle(
        "state", FileState.DRAFT, locked=("review", "approved", "entered", "sent", "filed", "closed")
    ),
    actions=(
        actions.COLLECT, actions.DISCARD, actions.SUBMIT_FILE, actions.ENTER_FILE, actions.SEND_FILE,
        actions.ASSIGN_FILING, actions.FILE_AWAY, actions.DECIDE_OWNER, actions.CLOSE_FILE,
    ),
    rules=(_collected_by_now,),
    prepare=actions.complete,
    starts=lambda ctx: {"collected_on": ctx.today},
    menu=Menu("daily", 33),
    views=(
        View("mine", _("My files"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("review", _("In review"), _state("review")),
        View("returned", _("Returned"), _state("returned")),
        View("enter", _("To be entered"), _state("approved"), sort="enter_due_on"),
        View("overdue", _("Not entered in time"), _overdue, sort="enter_due_on"),
        View("send", _("To send today"), _to_send, sort="send_due_on"),
        View("unassigned", _("Nobody files it yet"), {"all": [_state("sent"), {"field": "assignee", "op": "empty"}]}),
        View("to_file", _("I am to file"), {"all": [
            _state("sent"), {"field": "assignee", "op": "in", "value": ["me"]},
        ]}),
        View("unclassified", _("Without a demand level"), {"all": [
            _state(*OPEN_STATES), {"field": "demand_level", "op": "empty"}, {"field": "urgency", "op": "empty"},
        ]}),
    ),
    aliases={
        "name": ("公司名称", "单位名称", "企业名称", "客户名称"),
        "contact": ("联系人", "姓名"),
        "phone": ("电话", "手机", "联系电话"),
        "source": ("来源", "信息来源"),
        "collected_on": ("收集日期", "登记日期"),
        "demand": ("需求", "需求情况"),
    },
    without=("assign", "copy", "merge"),
)  # fmt: skip

NOTE = Module(
    model=FileNote,
    icon="note",
    data_class=DataClass.C2,
    title="content",
    profile="intake",
    scope_through="file",
    sort="-noted_on",
    columns=("noted_on", "file", "content", "owner"),
    sections=(Section(_("Development"), ("file", "noted_on", "content", "owner")),),
    filters=("file", "noted_on", "owner"),
    search=("file",),
    starts=lambda ctx: {"noted_on": ctx.today},
    without=("import_rows", "merge"),
)


def _place(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    def given(name: str) -> str:
        return values.get(name, getattr(record, name, "")) or ""

    return {**values, "place": place_key(given("province"), given("city"))}


def _one_at_a_time(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    return may_be_responsible(others_responsible(record))


TERRITORY = Module(
    model=Territory,
    icon="map-pin",
    data_class=DataClass.C1,
    title="province",
    profile="allotment",
    columns=("province", "city", "salesperson", "valid_from", "valid_until"),
    sections=(Section(_("Territory"), ("province", "city", "salesperson", "valid_from", "valid_until")),),
    filters=("province", "city", "salesperson", "valid_from"),
    search=("city", "salesperson"),
    sort="province",
    starts=lambda ctx: {"valid_from": ctx.today},
    prepare=_place,
    rules=(_one_at_a_time,),
    menu=Menu("management", 20, create=False),
    hidden=("place",),
    without=("merge", "assign"),
)

CAPACITY = Module(
    model=Capacity,
    icon="scale",
    data_class=DataClass.C1,
    title="salesperson",
    profile="allotment",
    columns=("salesperson", "weight", "remarks", "changed_at"),
    sections=(Section(_("Share"), ("salesperson", "weight", "remarks")),),
    filters=("salesperson",),
    search=("salesperson",),
    menu=Menu("management", 21, create=False),
    without=("merge", "assign", "import_rows"),
)


def _too_late(ctx: Context) -> dict[str, Any]:
    """New customers whom nobody has contacted for a week (WF-17)."""
    return {"all": [_state("waiting"), {"field": "contact_due_on", "op": "until", "value": ctx.today.isoformat()}]}


ASSIGNMENT = Module(
    model=Assignment,
    icon="phone-call",
    data_class=DataClass.C2,
    title="customer",
    scope_through="customer",
    sort="contact_due_on",
    columns=("customer", "owner", "assigned_on", "contact_due_on", "contacted_on", "state"),
    sections=(
        Section(
            _("New customer in hand"), ("customer", "owner", "assigned_on", "contact_due_on", "contacted_on", "state")
        ),
    ),
    read_only=("customer", "owner", "assigned_on", "contact_due_on", "contacted_on", "state"),
    filters=("state", "owner", "assigned_on", "contact_due_on"),
    lifecycle=Lifecycle("state", AssignmentState.WAITING, locked=tuple(AssignmentState.values)),
    actions=(actions.TRANSFER,),
    menu=Menu("management", 22, create=False),
    views=(
        View("no_contact", _("No contact for a week"), _too_late),
        View("waiting", _("Not contacted yet"), _state("waiting")),
    ),
    without=("create", "edit", "copy", "delete", "assign", "import_rows", "search", "inline_edit", "merge"),
)


def _with_reason(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    proposal = proposed_level(record.size, record.demand_size, record.urgency)
    return may_be_graded(record.level, proposal, record.level_reason)


REGISTRATION = Module(
    model=Registration,
    icon="clipboard-list",
    data_class=DataClass.C2,
    title="number",
    number="DJ-{year}-{seq:05}",
    scope_through="customer",
    sort="-registered_on",
    columns=("number", "registered_on", "customer", "demand", "urgency", "proposed", "level", "owner"),
    sections=(
        Section(_("Customer resource registration form"), ("customer", "registered_on", "owner", "size", "background")),
        Section(
            _("Demand"),
            ("demand", "goods", "volume", "suppliers", "delivery", "demand_size", "urgency"),
        ),
        Section(_("Demand level"), ("level", "level_reason")),
    ),
    filters=("customer", "urgency", "demand_size", "level", "registered_on", "owner"),
    search=("customer", "demand", "goods", "background"),
    computed=(Computed("proposed", _("proposed level"), actions.level_of, needs=("size", "demand_size", "urgency")),),
    actions=(actions.REGISTER, actions.CORRECT_REGISTRATION),
    rules=(_with_reason,),
    starts=lambda ctx: {"registered_on": ctx.today},
    menu=Menu("archive", 25),
    without=("merge",),
)

register(FILE, NOTE, TERRITORY, CAPACITY, ASSIGNMENT, REGISTRATION)
witness(RecordsWritten, lambda event: actions.note_owners(event, calendar.now()))


def _contacted(event: CustomersContacted) -> None:
    actions.note_contacts(event.customers, calendar.now())


subscribe(CustomersContacted, _contacted)


def _past_no_file(ctx: Context, customers: Sequence[Any]) -> list[Decision]:
    """A company of which an unapproved file stands becomes a customer by no door (WF-09)."""
    only_by_file = not ctx.unbounded and bool(value_of(ONLY_BY_FILE, ctx.today))
    files = open_files_of([customer.name for customer in customers])
    return [
        may_become_customer(found, customer.owner_id, only_by_file)
        for customer, found in zip(customers, files, strict=True)
    ]


entry_judges.append(_past_no_file)
