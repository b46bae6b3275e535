"""The figures of the board: worked out by hand, the same bit by bit or from scratch, and only whose one may see."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.kernel.decision import refuse, warn
from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries
from guanxi.platform.audit.models import Outcome
from guanxi.platform.calendar import clock_at
from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run
from guanxi.records.standard import EDIT, create
from guanxi.rooms.compliance import counting
from guanxi.rooms.compliance.models import COUNTS, DayFigures, MonthFigures
from guanxi.rooms.compliance.queries import evidence, figures
from guanxi.rooms.compliance.queries.figures import Period, Wanted
from tests.people import NOW, World

Date = datetime.date
DAY = datetime.timedelta(days=1)
MONDAY = Date(2026, 11, 16)
TODAY = Date(2026, 11, 21)


def at(day: Date, hour: int = 12) -> datetime.datetime:
    """A moment of a day in China."""
    return counting.begins(day) + datetime.timedelta(hours=hour)


@pytest.fixture
def enter() -> Iterator[Duty]:
    yield Duty("test.enter", label="enter a file", clause="WF-10")
    duties.forget("test.enter")


@pytest.fixture
def contact() -> Iterator[Duty]:
    yield Duty("test.contact", label="contact a customer", clause="WF-17")
    duties.forget("test.contact")


def owe(world: World, duty: Duty, who: str, key: str, due: Date) -> Obligation:
    return keeping.open_duty(duty, key=key, owner=world[who], subject=key, due_on=due, at=at(due - 5 * DAY))


def judged(world: World, who: str, day: Date, decision: Any, outcome: str = Outcome.REFUSED, hour: int = 9) -> None:
    """Somebody was refused, or went on after a warning."""
    ctx = world.ctx(who, now=at(day, hour))
    entry = ctx.entry("edit", module="customers.customer", decision=decision.as_dict(), outcome=outcome)
    with transaction.atomic():
        entries.write([entry])


def stored() -> dict[tuple[str, str, str | None], dict[str, int]]:
    """By day, clause and person: the figures that are not nought."""
    return {
        (row.day.isoformat(), row.clause, row.person.username if row.person else None): {
            name: count for name in COUNTS if (count := getattr(row, name))
        }
        for row in DayFigures.objects.select_related("person")
    }


# ---- Counting --------------------------------------------------------------------------------------------------------


def test_duties_count_on_the_day_they_were_done_and_broken_ones_on_the_day_after(world, enter, contact):
    owe(world, enter, "li_wei", "kept", MONDAY)
    owe(world, enter, "li_wei", "late", MONDAY)
    owe(world, enter, "wang_fang", "broken", MONDAY)
    owe(world, contact, "li_wei", "due today", TODAY)
    owe(world, contact, "li_wei", "due yesterday", TODAY - DAY)
    keeping.discharge(enter, key="kept", by=world["li_wei"], at=at(MONDAY))
    keeping.discharge(enter, key="late", by=world["li_wei"], at=at(MONDAY + 2 * DAY))
    keeping.drop(contact, key="nobody", reason="", at=NOW)
    counting.rebuild(NOW)
    assert stored() == {
        ("2026-11-16", "WF-10", "li_wei"): {"kept": 1},
        ("2026-11-18", "WF-10", "li_wei"): {"late": 1},
        ("2026-11-17", "WF-10", "wang_fang"): {"broken": 1},
        ("2026-11-21", "WF-17", "li_wei"): {"broken": 1},
    }
    months = MonthFigures.objects.values_list("month", "clause", "person__username", "kept", "late", "broken")
    assert set(months) == {
        (Date(2026, 11, 1), "WF-10", "li_wei", 1, 1, 0),
        (Date(2026, 11, 1), "WF-10", "wang_fang", 0, 0, 1),
        (Date(2026, 11, 1), "WF-17", "li_wei", 0, 0, 1),
    }


def test_a_broken_duty_that_is_done_after_all_becomes_a_late_one(world, enter):
    owe(world, enter, "li_wei", "one", MONDAY)
    counting.bring_up_to_date(NOW)
    assert stored() == {("2026-11-17", "WF-10", "li_wei"): {"broken": 1}}
    later = NOW + datetime.timedelta(hours=3)
    keeping.discharge(enter, key="one", by=world["li_wei"], at=later)
    counting.bring_up_to_date(later)
    assert stored() == {("2026-11-21", "WF-10", "li_wei"): {"late": 1}}
    assert counting.differing_days(later, MONDAY) == [] == counting.differing_months()


def test_what_was_done_days_ago_and_is_noted_today_is_counted_on_its_day(world, contact):
    """A visit of Wednesday is entered on Saturday: the duty was kept on Wednesday, and the figures learn it today."""
    owe(world, contact, "li_wei", "visit", MONDAY + 2 * DAY)
    counting.bring_up_to_date(NOW)
    assert stored() == {("2026-11-19", "WF-17", "li_wei"): {"broken": 1}}
    keeping.discharge(contact, key="visit", by=world["li_wei"], at=at(MONDAY + 2 * DAY))
    counting.bring_up_to_date(NOW + datetime.timedelta(minutes=5))
    assert stored() == {("2026-11-18", "WF-17", "li_wei"): {"kept": 1}}


def test_a_broken_duty_goes_with_its_record_into_the_bin_and_comes_back_with_it(world, enter):
    """Whoever lays a record aside leaves a trace on its duties, so that the figures learn of it at the next look."""
    customer = create(world.ctx("li_wei"), "customers.customer", name="成都川兴酒业")
    keeping.open_duty(
        enter, key="one", owner=world["li_wei"], subject=customer.name, due_on=MONDAY, at=at(MONDAY - DAY),
        module="customers.customer", record_id=customer.pk,
    )  # fmt: skip
    counting.bring_up_to_date(NOW)
    broken = {("2026-11-17", "WF-10", "li_wei"): {"broken": 1}}
    assert stored() == broken
    later = NOW + datetime.timedelta(hours=3)
    with clock_at(later):
        keeping.lay_aside("customers.customer", [customer.pk], later, world["li_wei"])
        counting.bring_up_to_date(later)
        assert stored() == {}
    restored = later + datetime.timedelta(hours=3)
    with clock_at(restored):
        keeping.take_up("customers.customer", [customer.pk], later)
        counting.bring_up_to_date(restored)
    assert stored() == broken


def test_a_duty_is_broken_by_the_mere_passing_of_its_day(world, enter):
    owe(world, enter, "li_wei", "one", TODAY)
    counting.bring_up_to_date(NOW)
    assert stored() == {}
    counting.bring_up_to_date(NOW + DAY)
    assert stored() == {("2026-11-22", "WF-10", "li_wei"): {"broken": 1}}


def test_decisions_count_once_for_each_clause_and_a_mere_question_does_not(world):
    no = (
        refuse("ARC-01", Message("No")) & refuse("ARC-01", Message("No, again")) & refuse("WF-14, WF-15", Message("No"))
    )
    judged(world, "li_wei", MONDAY, no)
    judged(world, "li_wei", MONDAY, warn("ARC-36", Message("Sure?")))  # asked, and left it
    judged(world, "li_wei", MONDAY, warn("ARC-36", Message("Sure?")), Outcome.DONE)  # asked, and went on
    judged(world, "wang_fang", MONDAY, refuse("", Message("Not a clause")))
    counting.rebuild(NOW)
    assert stored() == {
        ("2026-11-16", "ARC-01", "li_wei"): {"refused": 1},
        ("2026-11-16", "WF-14", "li_wei"): {"refused": 1},
        ("2026-11-16", "WF-15", "li_wei"): {"refused": 1},
        ("2026-11-16", "ARC-36", "li_wei"): {"warned": 1},
    }


def test_days_are_days_in_china(world):
    judged(world, "li_wei", MONDAY, refuse("ARC-01", Message("No")), hour=0)  # 16:00 of the day before in London
    judged(world, "li_wei", MONDAY, refuse("ARC-01", Message("No")), hour=23)
    counting.rebuild(NOW)
    assert stored() == {("2026-11-16", "ARC-01", "li_wei"): {"refused": 2}}


def test_what_somebody_did_stays_with_the_department_of_that_day(world):
    judged(world, "li_wei", MONDAY, refuse("ARC-01", Message("No")))
    mover = world.ctx("system_admin", now=at(MONDAY + DAY))
    run(EDIT, mover, "people.person", world["li_wei"].pk, {"department": str(world.departments["east"].pk)})
    judged(world, "li_wei", MONDAY + 2 * DAY, refuse("ARC-01", Message("No")))
    counting.rebuild(NOW)
    assert set(DayFigures.objects.values_list("day", "department__code")) == {
        (MONDAY, "southwest"),
        (MONDAY + 2 * DAY, "east"),
    }


# ---- Bit by bit is the same as from scratch --------------------------------------------------------------------------

_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["owe", "keep", "drop", "hand over", "refuse", "warn", "pass", "count"]),
        st.integers(0, 4),
        st.sampled_from(["li_wei", "wang_fang", "finance"]),
    ),
    max_size=14,
)


@given(events=_EVENTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_counting_bit_by_bit_comes_to_the_same_as_from_scratch(world, enter, events):
    with transaction.atomic():
        moment, number = NOW, 0
        for what, place, who in events:
            today = counting.local(moment).date()
            if what == "owe":
                number += 1
                keeping.open_duty(
                    enter, key=str(number), owner=world[who], subject="", due_on=today + (place - 2) * DAY, at=moment
                )
            elif what == "keep":
                keeping.discharge(enter, key=str(place), by=world[who], at=moment)
            elif what == "drop":
                keeping.drop(enter, key=str(place), reason="gone", at=moment)
            elif what == "hand over":
                keeping.hand_over(enter, key=str(place), to=world[who], at=moment)
            elif what == "refuse":
                judged(world, who, today, refuse("ARC-01", Message("No")))
            elif what == "warn":
                judged(world, who, today, warn("ARC-36", Message("Sure?")), Outcome.DONE)
            elif what == "pass":
                moment += place * DAY
            else:
                counting.bring_up_to_date(moment)
                assert counting.differing_days(moment, MONDAY - 30 * DAY) == []
        counting.bring_up_to_date(moment)
        step_by_step = _everything()
        counting.rebuild(moment)
        assert step_by_step == _everything()
        transaction.set_rollback(True)


def _everything() -> tuple[Any, ...]:
    columns = ("clause", "person", "department", *COUNTS)
    days = sorted(DayFigures.objects.values_list("day", *columns), key=str)
    return days, sorted(MonthFigures.objects.values_list("month", *columns), key=str)


# ---- Reading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(world: World, enter: Duty) -> Duty:
    for who, key in (("li_wei", "a"), ("zhang_min", "b"), ("finance", "c")):
        owe(world, enter, who, key, MONDAY)
    keeping.discharge(enter, key="a", by=world["li_wei"], at=at(MONDAY))
    judged(world, "li_wei", MONDAY, refuse("ARC-01", Message("No")))
    judged(world, "finance", Date(2026, 9, 30), refuse("ARC-01", Message("No")))
    counting.rebuild(NOW)
    return enter


def test_whose_figures_somebody_sees_follows_his_right_to_the_board(world, counted):
    year = Wanted(Period(Date(2026, 1, 1), TODAY))
    seen = {
        who: {key and str(key) for key in figures.sums_by(world.ctx(who), year, "person_id")}
        for who in ("li_wei", "clerk", "archivist", "sales_manager", "finance_manager", "general_manager", "risk",
                    "audit_admin", "system_admin", "security_admin")
    }  # fmt: skip
    ids = {who: str(world[who].pk) for who in ("li_wei", "zhang_min", "finance")}
    everybody = set(ids.values())
    assert seen == {
        "li_wei": set(), "clerk": set(), "archivist": set(), "system_admin": set(), "security_admin": set(),
        "sales_manager": {ids["li_wei"], ids["zhang_min"]}, "finance_manager": {ids["finance"]},
        "general_manager": everybody, "risk": everybody, "audit_admin": everybody,
    }  # fmt: skip


def test_a_time_is_read_from_whole_months_and_the_days_at_its_ends(world, counted):
    boss = world.ctx("general_manager")
    assert Period(Date(2026, 1, 15), Date(2026, 4, 2)).parts() == (
        [Date(2026, 2, 1), Date(2026, 3, 1)],
        [(Date(2026, 1, 15), Date(2026, 1, 31)), (Date(2026, 4, 1), Date(2026, 4, 2))],
    )
    assert Period(Date(2026, 2, 1), Date(2026, 2, 28)).parts() == ([Date(2026, 2, 1)], [])

    def refused(first: Date, last: Date) -> int:
        return figures.total(figures.sums_by(boss, Wanted(Period(first, last)), "clause").values())["refused"]

    assert refused(Date(2026, 1, 1), TODAY) == 2
    assert refused(Date(2026, 9, 30), Date(2026, 9, 30)) == 1
    assert refused(Date(2026, 10, 1), MONDAY - DAY) == 0
    assert refused(Date(2026, 9, 1), MONDAY) == 2
    course = figures.sums_over_time(boss, Wanted(Period(Date(2026, 8, 15), TODAY)))
    assert {month.isoformat(): counts["refused"] for month, counts in course.items()} == {
        "2026-08-01": 0, "2026-09-01": 1, "2026-10-01": 0, "2026-11-01": 1,
    }  # fmt: skip
    days = figures.sums_over_time(boss, Wanted(Period(MONDAY, TODAY)))
    assert [counts["refused"] for counts in days.values()] == [1, 0, 0, 0, 0, 0]


def test_the_share_kept_is_of_what_was_owed_rounded_down(world, counted):
    whole = figures.total(
        figures.sums_by(world.ctx("general_manager"), Wanted(Period(MONDAY, TODAY)), "clause").values()
    )
    assert (whole["kept"], whole["late"], whole["broken"], whole.owed, whole.share_kept) == (1, 0, 2, 3, 33)
    assert figures.Counts().share_kept is None


def test_every_figure_is_backed_by_as_many_pieces_of_evidence(world, counted):
    for who in ("general_manager", "sales_manager", "finance_manager"):
        ctx, wanted = world.ctx(who), Wanted(Period(Date(2026, 1, 1), TODAY))
        whole = figures.total(figures.sums_by(ctx, wanted, "clause").values())
        assert {name: len(evidence.pieces(ctx, wanted, name)) for name in COUNTS} == whole.of
    assert evidence.pieces(world.ctx("li_wei"), wanted, "refused") == []
    assert evidence.pieces(world.ctx("general_manager"), wanted, "nonsense") == []


def test_evidence_is_narrowed_to_clause_person_department_and_pages(world, counted):
    boss, year = world.ctx("general_manager"), Period(Date(2026, 1, 1), TODAY)
    of = lambda **more: [each.person for each in evidence.pieces(boss, Wanted(year, **more), "refused")]  # noqa: E731
    assert of() == ["李伟", "林淑芬"]
    assert of(clauses=frozenset({"WF-10"})) == []
    assert of(person=world["finance"].pk) == ["林淑芬"]
    assert of(departments=frozenset({world.departments["southwest"].pk})) == ["李伟"]
    assert len(evidence.pieces(boss, Wanted(year), "refused", start=1)) == 1


def test_a_record_that_somebody_may_not_see_is_not_named_to_him(world, counted):
    customer = create(world.ctx("zhang_min"), "customers.customer", name="苏州寒山酒楼", confirmed=True)
    ctx = world.ctx("zhang_min")
    no = refuse("ARC-01", Message("%(name)s is there already", name=customer.name), number=customer.number)
    entry = ctx.entry("edit", module="customers.customer", record_id=customer.pk, record_label=customer.name,
                      decision=no.as_dict(), outcome=Outcome.REFUSED)  # fmt: skip
    with transaction.atomic():
        entries.write([entry])
    counting.rebuild(NOW)
    today = Wanted(Period(TODAY, TODAY))
    told = {who: evidence.pieces(world.ctx(who), today, "refused")[0] for who in ("general_manager", "audit_admin")}
    assert "苏州寒山酒楼" in told["general_manager"].told
    assert told["general_manager"].record == "苏州寒山酒楼"
    hidden = told["audit_admin"]
    assert (hidden.person, hidden.clause, hidden.record, hidden.told, hidden.figures) == ("张敏", "ARC-01", "", "", ())


def test_a_changed_figure_is_found(world, counted):
    # What was changed within the last hour is counted again anyway.
    later = NOW + datetime.timedelta(hours=2)
    counting.rebuild(later)
    assert counting.differing_days(later, MONDAY) == []
    DayFigures.objects.filter(day=MONDAY + DAY, clause="WF-10").update(broken=7)
    assert counting.differing_days(later, MONDAY) == [MONDAY + DAY]
    assert counting.differing_months() == [Date(2026, 11, 1)]
    counting.rebuild(later)
    assert counting.differing_days(later, MONDAY) == [] == counting.differing_months()
