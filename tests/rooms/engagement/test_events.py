"""Events of the calendar: entered, asked to, moved, in series, reminded of, private (CRM-27, CRM-53).

The tests stand on Saturday 21 November 2026, 10 o'clock in Shanghai.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.calendar import local
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, DELETE, create, edit
from guanxi.rooms.engagement.actions import CHANGE_DAY, HOLD_EVENT, LEAVE_OUT_DAY, MISS_EVENT
from guanxi.rooms.engagement.models import Event, EventReminder
from guanxi.rooms.engagement.queries.events import gaps_of, occurrences
from guanxi.rooms.engagement.upkeep import remind_of_events
from tests.digest import digest
from tests.people import World

EVENT = "engagement.event"
CHINA = ZoneInfo("Asia/Shanghai")


def at(day: str, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour, minute), CHINA)


def plan(world: World, username: str = "li_wei", day: str = "2026-11-24", **values: Any) -> Event:
    given = {"subject": "拜会采购总监", "starts_at": at(day, 10), "ends_at": at(day, 11, 30), **values}
    return create(world.ctx(username), EVENT, **given)


def days(event: Event, first: str = "2026-11-01", last: str = "2032-12-31") -> list[str]:
    window = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return [each.day.isoformat() for each in occurrences(event, *window, gaps_of(event))]


def told(world: World, username: str) -> list[str]:
    return list(
        Notice.objects.filter(person=world[username]).order_by("created_at", "pk").values_list("title", flat=True)
    )


def fields(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return sorted(refused.value.errors)


# ---- Entered ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_an_event_is_saved_with_start_end_and_attributes(world: World) -> None:
    event = plan(world, kind="call", place="外滩店", priority="high", remind_minutes=15, details="谈年度协议")
    assert (event.kind, event.state, event.owner, event.last_on) == (
        "call", "planned", world["li_wei"], datetime.date(2026, 11, 24),
    )  # fmt: skip
    assert (event.starts_at, event.ends_at) == (at("2026-11-24", 10), at("2026-11-24", 11, 30))
    edit(world.ctx("li_wei"), EVENT, event, place="总店")
    event.refresh_from_db()
    assert (event.place, event.version) == ("总店", 2)


@pytest.mark.clause("CRM-27")
@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"subject": ""}, ["subject"]),
        ({"starts_at": None}, ["starts_at"]),
        ({"ends_at": None}, ["ends_at"]),
        ({"ends_at": at("2026-11-24", 10)}, ["ends_at"]),
        ({"ends_at": at("2026-11-23", 11)}, ["ends_at"]),
        ({"ends_at": at("2026-12-26", 11)}, ["ends_at"]),  # longer than 31 days
        ({"starts_at": at("2998-11-24", 10), "ends_at": at("2998-11-24", 11)}, ["starts_at"]),
        ({"remind_minutes": 40321}, ["remind_minutes"]),  # four weeks are 40 320 minutes
        ({"kind": "festival"}, ["kind"]),
    ],
)
def test_what_makes_no_event_is_refused(world: World, values: dict[str, Any], where: list[str]) -> None:
    before = digest()
    with pytest.raises(Invalid) as refused:
        plan(world, **values)
    assert fields(refused) == where
    assert digest() == before


@pytest.mark.clause("CRM-27")
def test_whole_days_begin_and_end_at_midnight_in_shanghai(world: World) -> None:
    event = plan(world, starts_at=at("2026-12-30", 15), ends_at=at("2027-01-01", 9), all_day=True)
    assert (event.starts_at, event.ends_at) == (at("2026-12-30"), at("2027-01-01", 23, 59))
    assert event.last_on == datetime.date(2027, 1, 1)
    one = plan(world, starts_at="2026-12-30", ends_at="2026-12-30", all_day=True)
    assert (local(one.starts_at).hour, one.last_on) == (0, datetime.date(2026, 12, 30))


@pytest.mark.clause("CRM-27")
def test_the_contact_is_one_of_the_customer(world: World) -> None:
    li_wei = world.ctx("li_wei")
    jinjiang = create(li_wei, "customers.customer", name="锦江酒店")
    other = create(li_wei, "customers.customer", name="和平饭店")
    contact = create(li_wei, "customers.contact", customer=jinjiang, name="赵总")
    assert plan(world, customer=jinjiang, contact=contact).contact == contact
    before = digest()
    with pytest.raises(Invalid) as refused:
        plan(world, customer=other, contact=contact)
    assert fields(refused) == ["contact"]
    assert digest() == before


@pytest.mark.clause("CRM-27")
def test_events_are_found_edited_and_deleted_by_whose_they_are(world: World) -> None:
    event = plan(world)
    assert list(world.ctx("li_wei").search(EVENT)) == [event]
    before = digest()
    for stranger in ("zhang_min", "finance"):
        with pytest.raises(NotFound):
            edit(world.ctx(stranger), EVENT, event, subject="别人的")
        with pytest.raises(NotFound):
            run(DELETE, world.ctx(stranger), EVENT, event)
    assert digest() == before
    run(DELETE, world.ctx("li_wei"), EVENT, event)
    assert not world.ctx("li_wei").search(EVENT).exists()


# ---- Asked to it, and private ----------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_who_is_asked_sees_it_and_hears_of_it_until_he_no_longer_is(world: World) -> None:
    event = plan(world, place="外滩店", lines=[{"person": world["finance"]}, {"person": world["zhang_min"]}])
    assert told(world, "finance") == ["请您参加 2026-11-24 10:00 的日程：拜会采购总监"]
    assert world.ctx("finance").get(EVENT, event.pk) == event
    before = digest()
    with pytest.raises((NotAllowed, NotFound)):
        edit(world.ctx("finance"), EVENT, event, subject="改")
    assert digest() == before
    edit(world.ctx("li_wei"), EVENT, event, starts_at=at("2026-11-25", 9), ends_at=at("2026-11-25", 10))
    assert told(world, "finance")[1:] == ["改期至 2026-11-25 09:00：拜会采购总监"]
    edit(world.ctx("li_wei"), EVENT, event, lines=[{"person": world["zhang_min"]}])
    with pytest.raises(NotFound):
        world.ctx("finance").get(EVENT, event.pk)
    assert world.ctx("zhang_min").get(EVENT, event.pk) == event
    # Asked again, he sees it again.
    edit(world.ctx("li_wei"), EVENT, event, lines=[{"person": world["finance"]}])
    assert world.ctx("finance").get(EVENT, event.pk) == event
    run(DELETE, world.ctx("li_wei"), EVENT, event)
    assert told(world, "finance")[-1] == "日程取消：拜会采购总监"


@pytest.mark.clause("CRM-27")
def test_nobody_is_asked_twice(world: World) -> None:
    before = digest()
    with pytest.raises(Invalid):
        plan(world, lines=[{"person": world["finance"]}, {"person": world["finance"]}])
    assert digest() == before


@pytest.mark.clause("CRM-53")
def test_a_private_event_is_seen_by_its_owner_and_who_is_asked_alone(world: World) -> None:
    seen, private = plan(world), plan(world, private=True, lines=[{"person": world["finance"]}])
    assert set(world.ctx("li_wei").search(EVENT)) == {seen, private}
    assert set(world.ctx("sales_manager").search(EVENT)) == {seen}
    assert set(world.ctx("finance").search(EVENT)) == {private}
    before = digest()
    for action, data in ((DELETE, {}), (MISS_EVENT, {}), (ASSIGN, {"owner": world["sales_manager"]})):
        with pytest.raises(NotFound):
            run(action, world.ctx("sales_manager").because("我要看"), EVENT, private, data)
    assert digest() == before
    edit(world.ctx("li_wei"), EVENT, private, private=False)
    assert private in world.ctx("sales_manager").search(EVENT)


# ---- Series ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
@pytest.mark.parametrize(
    ("day", "series", "expected"),
    [
        ("2026-11-24", {"repeats": "daily", "times": 3}, ["2026-11-24", "2026-11-25", "2026-11-26"]),
        ("2026-11-24", {"repeats": "weekly", "until": "2026-12-09"}, ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("2026-11-24", {"repeats": "weekly", "every": 2, "until": "2026-12-22"},
         ["2026-11-24", "2026-12-08", "2026-12-22"]),
        ("2026-12-31", {"repeats": "monthly", "times": 4}, ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]),
        ("2028-02-29", {"repeats": "yearly", "times": 5},
         ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-11-24", {"repeats": "monthly", "until": "2026-11-24"}, ["2026-11-24"]),
    ],
)  # fmt: skip
def test_a_series_takes_place_on_its_days(world: World, day: str, series: dict[str, Any], expected: list[str]) -> None:
    event = plan(world, day=day, **series)
    assert days(event) == expected
    assert event.last_on.isoformat() == expected[-1]
    assert {local(each.starts_at).strftime("%H:%M") for each in occurrences(event, event.last_on, event.last_on)} == {
        "10:00"
    }


@pytest.mark.clause("CRM-27")
@pytest.mark.parametrize(
    ("series", "where"),
    [
        ({"repeats": "daily"}, ["until"]),  # without end
        ({"repeats": "daily", "until": "2026-12-01", "times": 3}, ["times"]),
        ({"repeats": "daily", "until": "2026-11-23"}, ["until"]),
        ({"repeats": "daily", "every": 0, "times": 3}, ["every"]),
        ({"repeats": "daily", "every": 100, "times": 3}, ["every"]),
        ({"repeats": "daily", "times": 401}, ["times"]),
        ({"repeats": "daily", "times": 1}, ["times"]),
        ({"repeats": "weekly", "until": "2031-11-25"}, ["until"]),  # five years end on 24 November 2031
        ({"repeats": "yearly", "times": 7}, ["times"]),
        ({"repeats": "daily", "times": 3, "ends_at": at("2026-11-25", 12)}, ["ends_at"]),
        ({"repeats": "hourly", "times": 3}, ["repeats"]),
    ],
)
def test_series_without_end_or_sense_are_refused(world: World, series: dict[str, Any], where: list[str]) -> None:
    before = digest()
    with pytest.raises(Invalid) as refused:
        plan(world, **series)
    assert fields(refused) == where
    assert digest() == before


@pytest.mark.clause("CRM-27")
def test_what_comes_once_keeps_no_rhythm(world: World) -> None:
    event = plan(world, repeats="weekly", every=2, times=5)
    edit(world.ctx("li_wei"), EVENT, event, repeats="never")
    event.refresh_from_db()
    assert (event.every, event.until, event.times, days(event)) == (1, None, None, ["2026-11-24"])


@pytest.mark.clause("CRM-27")
def test_one_day_is_moved_or_left_out_on_its_own(world: World) -> None:
    li_wei = world.ctx("li_wei")
    event = plan(world, repeats="weekly", times=4, lines=[{"person": world["finance"]}], place="外滩店")
    moved = run(CHANGE_DAY, li_wei, EVENT, event, {"day": "2026-12-01", "starts_at": at("2026-12-02", 14)})
    run(LEAVE_OUT_DAY, li_wei, EVENT, event, {"day": "2026-12-08"})
    moved.refresh_from_db()
    assert days(event) == ["2026-11-24", "2026-12-15"]
    assert (moved.series, moved.instead_of, moved.repeats) == (event, datetime.date(2026, 12, 1), "never")
    assert (moved.starts_at, moved.ends_at) == (at("2026-12-02", 14), at("2026-12-02", 15, 30))
    assert (moved.subject, moved.place, moved.owner) == (event.subject, "外滩店", world["li_wei"])
    assert moved in world.ctx("finance").search(EVENT)
    assert told(world, "finance")[1:] == [
        "请您参加 2026-12-02 14:00 的日程：拜会采购总监", "2026-12-08 10:00 这一次取消：拜会采购总监",
    ]  # fmt: skip
    # The series moved by a day: what was taken out of it stays out.
    edit(li_wei, EVENT, event, starts_at=at("2026-11-25", 10), ends_at=at("2026-11-25", 11))
    event.refresh_from_db()
    assert days(event) == ["2026-11-25", "2026-12-16"]


@pytest.mark.clause("CRM-27")
def test_only_a_day_that_there_is_is_changed_and_one_stays(world: World) -> None:
    li_wei = world.ctx("li_wei")
    event = plan(world, repeats="weekly", times=2)
    once = plan(world)
    before = digest()
    for action in (CHANGE_DAY, LEAVE_OUT_DAY):
        for target, day in ((event, "2026-11-25"), (event, "2026-12-08"), (event, "2026-11-17"), (once, "2026-11-25")):
            with pytest.raises((Refused, Conflict)):
                run(action, li_wei, EVENT, target, {"day": day})
        with pytest.raises(NotFound):
            run(action, world.ctx("zhang_min"), EVENT, event, {"day": "2026-12-01"})
    assert digest() == before
    run(LEAVE_OUT_DAY, li_wei, EVENT, event, {"day": "2026-11-24"})
    before = digest()
    for day in ("2026-11-24", "2026-12-01"):  # left out already; the last
        with pytest.raises(Refused):
            run(LEAVE_OUT_DAY, li_wei, EVENT, event, {"day": day})
    with pytest.raises(Refused):  # the days would be counted anew
        edit(li_wei, EVENT, event, repeats="daily")
    assert digest() == before


@pytest.mark.clause("CRM-27")
def test_a_changed_day_does_not_come_again(world: World) -> None:
    event = plan(world, repeats="weekly", times=3)
    moved = run(CHANGE_DAY, world.ctx("li_wei"), EVENT, event, {"day": "2026-12-01"})
    moved.refresh_from_db()
    before = digest()
    with pytest.raises(Invalid) as refused:
        edit(world.ctx("li_wei"), EVENT, moved, repeats="weekly", times=3)
    assert fields(refused) == ["repeats"]
    assert digest() == before


# ---- Held or not -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_an_event_took_place_or_did_not(world: World) -> None:
    event, other = plan(world), plan(world)
    before = digest()
    with pytest.raises(Refused):  # it has not begun
        run(HOLD_EVENT, world.ctx("li_wei"), EVENT, event)
    with pytest.raises(Invalid):  # without a reason
        run(MISS_EVENT, world.ctx("li_wei"), EVENT, other)
    assert digest() == before
    later = world.ctx("li_wei", now=at("2026-11-24", 12))
    run(HOLD_EVENT, later, EVENT, event, {"result": "同意续签"})
    run(MISS_EVENT, world.ctx("li_wei").because("客户出差"), EVENT, other)
    event.refresh_from_db()
    other.refresh_from_db()
    assert (event.state, event.result) == ("held", "同意续签")
    assert (other.state, other.result) == ("not_held", "客户出差")
    with pytest.raises(Conflict):
        edit(later, EVENT, event, place="别处")


# ---- Reminders -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_who_is_to_be_there_is_reminded_once(world: World) -> None:
    plan(world, remind_minutes=30, lines=[{"person": world["finance"]}])
    remind_of_events(at("2026-11-24", 9, 29))
    assert told(world, "li_wei") == []
    for minute in (30, 31, 45):
        remind_of_events(at("2026-11-24", 9, minute))
    assert told(world, "li_wei") == ["即将开始（2026-11-24 10:00）：拜会采购总监"]
    assert told(world, "finance")[1:] == told(world, "li_wei")
    assert not EventReminder.objects.exists()


@pytest.mark.clause("CRM-27")
def test_each_occurrence_is_reminded_of_but_not_what_was_left_out_or_is_over(world: World) -> None:
    event = plan(world, repeats="weekly", times=4, remind_minutes=60)
    run(LEAVE_OUT_DAY, world.ctx("li_wei"), EVENT, event, {"day": "2026-12-01"})
    remind_of_events(at("2026-11-24", 9))
    remind_of_events(at("2026-12-01", 9, 30))
    remind_of_events(at("2026-12-08", 14))  # no worker ran that morning: it is over
    assert told(world, "li_wei") == ["即将开始（2026-11-24 10:00）：拜会采购总监"]
    remind_of_events(at("2026-12-15", 9))
    assert told(world, "li_wei")[1:] == ["即将开始（2026-12-15 10:00）：拜会采购总监"]
    assert not EventReminder.objects.exists()


@pytest.mark.clause("CRM-27")
def test_nobody_is_reminded_of_what_is_settled_deleted_or_moved_away(world: World) -> None:
    missed, deleted, moved = (plan(world, remind_minutes=10) for _time in range(3))
    run(MISS_EVENT, world.ctx("li_wei").because("改电话"), EVENT, missed)
    run(DELETE, world.ctx("li_wei"), EVENT, deleted)
    edit(world.ctx("li_wei"), EVENT, moved, starts_at=at("2026-11-26", 10), ends_at=at("2026-11-26", 11))
    remind_of_events(at("2026-11-24", 9, 50))
    assert told(world, "li_wei") == []
    remind_of_events(at("2026-11-26", 9, 50))
    assert told(world, "li_wei") == ["即将开始（2026-11-26 10:00）：拜会采购总监"]


@pytest.mark.clause("CRM-27")
def test_whole_days_are_reminded_of_from_nine_in_the_morning(world: World) -> None:
    plan(world, all_day=True, remind_minutes=60)
    remind_of_events(at("2026-11-24", 7, 59))
    assert told(world, "li_wei") == []
    remind_of_events(at("2026-11-24", 8))
    assert told(world, "li_wei") == ["即将开始（2026-11-24）：拜会采购总监"]
