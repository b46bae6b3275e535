"""The days of an information file, worked out by hand over the holidays of October 2026 (WF-10, WF-11, WF-12).

1 to 7 October are days off; Saturday 10 October is worked.
"""

from __future__ import annotations

import datetime

import pytest

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.registry import schedules
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.people.models import Department
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.filters import compile_filter
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.customers.public import refresh_figures
from guanxi.rooms.intake.actions import ASSIGN_FILING, CLOSE_FILE, ENTER_FILE, FILE_AWAY, SEND_FILE
from guanxi.rooms.intake.actions.care import note_contacts
from guanxi.rooms.intake.models import InformationFile
from guanxi.rooms.intake.queries import FILE
from tests.digest import digest
from tests.rooms.intake.conftest import shanghai


def owed(duty: str, file: InformationFile) -> Obligation:
    return Obligation.objects.get(duty=duty, record_id=file.pk)


def listed(world, username: str, view: str, at: datetime.datetime) -> list[InformationFile]:
    """What a person finds in a list view of the files."""
    ctx, module = world.ctx(username, now=at), registry.module(FILE)
    tree = next(each for each in module.views if each.name == view).filters
    return list(ctx.search(FILE).filter(compile_filter(module, tree(ctx) if callable(tree) else tree, ctx)))


@pytest.mark.clause("WF-10")
@pytest.mark.parametrize(
    ("collected", "due"),
    [
        ((10, 23), (10, 27)),  # Friday: Tuesday
        ((10, 19), (10, 21)),  # Monday: Wednesday
        ((9, 29), (10, 8)),  # Tuesday: 30 September, then 8 October, the first day after the holiday
        ((9, 30), (10, 9)),  # Wednesday: 8 and 9 October
        ((10, 3), (10, 9)),  # within the holiday: 8 and 9 October
        ((10, 8), (10, 10)),  # Thursday: Friday and the Saturday that is worked
        ((10, 9), (10, 12)),  # Friday: that Saturday, then Monday
    ],
)
def test_an_approved_file_is_to_be_entered_within_two_working_days(collect, collected, due):
    file = collect(at=shanghai(*collected))
    assert file.enter_due_on == datetime.date(2026, *due)
    duty = owed("intake.enter_file", file)
    assert (duty.owner, duty.due_on, duty.state, duty.clause) == (file.owner, file.enter_due_on, "open", "WF-10")


@pytest.mark.clause("WF-10")
@pytest.mark.parametrize(
    ("entered", "late", "state"), [((10, 27, 23, 59), False, "kept"), ((10, 28, 0, 1), True, "late")]
)
def test_what_is_entered_later_is_stored_but_marked_late(world, collect, review, entered, late, state):
    file = review(collect())  # collected on Friday 23 October
    run(ENTER_FILE, world.ctx("li_wei", now=shanghai(*entered)), FILE, file)
    file.refresh_from_db()
    assert (file.state, file.entered_late, file.customer is not None) == ("entered", late, True)
    duty = owed("intake.enter_file", file)
    assert (duty.state, duty.evidence_id) == (state, file.customer_id)


@pytest.mark.clause("WF-10")
def test_the_day_of_collection_is_not_moved_to_win_time(world, collect):
    file = collect()
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(EDIT, world.ctx("li_wei", now=shanghai(10, 28)), FILE, file, {"collected_on": "2026-10-28"})
    assert refusal.value.decision.clauses == ("WF-10",)
    assert digest() == before
    assert listed(world, "li_wei", "overdue", shanghai(10, 27)) == []
    assert listed(world, "li_wei", "overdue", shanghai(10, 28)) == [file]


@pytest.mark.clause("WF-10")
def test_nobody_owes_the_entry_of_what_was_discarded_or_closed(world, collect, review):
    draft = collect(name="自贡盐都商贸有限公司")
    run(DELETE, world.ctx("li_wei"), FILE, draft)
    closed = review(collect(), agree=False)
    run(CLOSE_FILE, world.ctx("sales_manager").because("公司已注销"), FILE, closed)
    assert {owed("intake.enter_file", file).state for file in (draft, closed)} == {"dropped"}


@pytest.fixture
def entered(world, collect, review):
    """Entered on Monday 26 October."""
    file = review(collect())
    run(ENTER_FILE, world.ctx("li_wei", now=shanghai(10, 26)), FILE, file)
    file.refresh_from_db()
    return file


@pytest.mark.clause("WF-11")
def test_on_the_next_day_it_is_in_the_list_of_the_designated_person(world, entered):
    assert entered.send_due_on == datetime.date(2026, 10, 27)
    assert listed(world, "archivist", "send", shanghai(10, 26)) == []
    assert listed(world, "archivist", "send", shanghai(10, 27)) == [entered]
    duty = owed("intake.send_file", entered)
    assert (duty.owner, duty.due_on) == (world["archivist"], datetime.date(2026, 10, 27))
    run(SEND_FILE, world.ctx("archivist", now=shanghai(10, 27, 18)), FILE, entered)
    entered.refresh_from_db()
    duty.refresh_from_db()
    assert (entered.state, entered.sent_by, entered.sent_late, duty.state) == (
        "sent", world["archivist"], False, "kept",
    )  # fmt: skip
    assert unread(world["marketing"]).filter(record_id=entered.pk).count() == 1


@pytest.mark.clause("WF-11")
def test_unsent_at_the_end_of_that_day_is_overdue_and_nobody_else_sends(world, entered, collect):
    before = digest()
    for username in ("li_wei", "sales_manager", "marketing", "clerk"):
        with pytest.raises((NotAllowed, NotFound)):
            run(SEND_FILE, world.ctx(username, now=shanghai(10, 27)), FILE, entered)
    unapproved = collect(name="自贡盐都商贸有限公司")
    before = digest()
    with pytest.raises(Conflict):  # what is not entered is not sent
        run(SEND_FILE, world.ctx("archivist", now=shanghai(10, 27)), FILE, unapproved)
    assert digest() == before
    assert Obligation.objects.filter(duty="intake.send_file", state="open", due_on__lt="2026-10-28").exists()
    run(SEND_FILE, world.ctx("archivist", now=shanghai(10, 28)), FILE, entered)
    entered.refresh_from_db()
    assert entered.sent_late and owed("intake.send_file", entered).state == "late"


@pytest.mark.clause("WF-11")
def test_after_the_last_day_before_a_holiday_the_next_day_is_the_first_one_worked(world, collect, review):
    file = review(collect(at=shanghai(9, 30, 9)), at=shanghai(9, 30, 10))
    run(ENTER_FILE, world.ctx("li_wei", now=shanghai(9, 30, 11)), FILE, file)
    file.refresh_from_db()
    assert file.send_due_on == datetime.date(2026, 10, 8)


@pytest.fixture
def sent(world, entered):
    run(SEND_FILE, world.ctx("archivist", now=shanghai(10, 27)), FILE, entered)
    entered.refresh_from_db()
    return entered


@pytest.mark.clause("WF-12")
def test_the_marketing_manager_names_who_files_and_that_person_closes_it(world, sent):
    head = world["marketing"]
    Department.objects.filter(pk=head.department_id).update(head=head)
    assert listed(world, "marketing", "unassigned", shanghai(10, 28)) == [sent]
    assert owed("intake.name_filer", sent).owner == head
    with pytest.raises(Refused) as refusal:  # nobody was named yet
        run(FILE_AWAY, _with_right(world, "marketing"), FILE, sent)
    assert refusal.value.decision.clauses == ("WF-12",)
    run(ASSIGN_FILING, world.ctx("marketing", now=shanghai(10, 28)), FILE, sent, {"assignee": head})
    assert listed(world, "marketing", "unassigned", shanghai(10, 28)) == []
    assert listed(world, "marketing", "to_file", shanghai(10, 28)) == [sent]
    run(FILE_AWAY, world.ctx("marketing", now=shanghai(10, 29)), FILE, sent)
    sent.refresh_from_db()
    assert (sent.state, sent.filed_on) == ("filed", datetime.date(2026, 10, 29))
    assert owed("intake.file_away", sent).state == "kept" and owed("intake.name_filer", sent).state == "kept"


def _with_right(world, username):
    """A context in which the right reaches the file, so that the rule alone decides."""
    return world.ctx(username, unbounded=True)


@pytest.mark.clause("WF-12")
def test_nobody_else_names_or_files_and_marketing_sees_only_what_was_sent(world, sent, collect):
    other = collect(name="自贡盐都商贸有限公司")
    with pytest.raises(NotFound):
        world.ctx("marketing").get(FILE, other.pk)
    Department.objects.filter(code="marketing").update(head=world["clerk"])
    before = digest()
    with pytest.raises(Refused) as refusal:  # the head of the department names, not any of its people
        run(ASSIGN_FILING, world.ctx("marketing"), FILE, sent, {"assignee": world["marketing"]})
    assert refusal.value.decision.clauses == ("WF-12",)
    for username in ("li_wei", "archivist", "sales_manager"):
        with pytest.raises((NotAllowed, NotFound)):
            run(ASSIGN_FILING, world.ctx(username), FILE, sent, {"assignee": world["marketing"]})
    assert digest() == before
    Department.objects.filter(code="marketing").update(head=None)
    run(ASSIGN_FILING, world.ctx("marketing"), FILE, sent, {"assignee": world["marketing"]})
    with pytest.raises(Refused):  # somebody else was named
        run(FILE_AWAY, _with_right(world, "clerk"), FILE, sent)


def test_contacts_are_noted_by_a_schedule_too() -> None:
    assert "intake.note_contacts" in {schedule.name for schedule in schedules.all()}


@pytest.mark.clause("WF-17")
def test_the_first_contact_counts_whenever_the_program_comes_to_note_it(world) -> None:
    """Spoken to on the third day and again later, noted only then: kept in time."""
    at = shanghai(11, 2)
    with clock_at(at):
        customer = create(world.ctx("li_wei", now=at), "customers.customer", name="成都武侯酒业有限公司")
    for day in (4, 17):
        create(
            world.ctx("li_wei", now=shanghai(11, day)), "engagement.followup", customer=customer, content="到访",
            happened_at=shanghai(11, day),
        )  # fmt: skip
    refresh_figures([customer.pk], shanghai(11, 18).date())
    assert note_contacts([customer.pk], shanghai(11, 18)) == 1
    duty = Obligation.objects.get(duty="intake.contact_customer", record_id=customer.pk)
    assert (duty.state, duty.discharged_at.astimezone(at.tzinfo).date()) == ("kept", shanghai(11, 4).date())
