"""Calendars of other programs: what is taken exactly, what is refused, what is hostile."""

from __future__ import annotations

import datetime
import time

import pytest

from guanxi.kernel.errors import Invalid, Problem, TooLarge
from guanxi.kernel.icalendar_text import CHINA, Written, read, read_each, write
from guanxi.kernel.recurrence import Rhythm

AT = datetime.datetime(2026, 11, 21, 10, 24, tzinfo=CHINA)


def event(*lines: str, starts: str = "DTSTART;TZID=Asia/Shanghai:20261124T100000") -> bytes:
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:a", starts, *lines, "END:VEVENT", "END:VCALENDAR"]
    return "\r\n".join(parts).encode()


def one(content: bytes) -> Written:
    (found,) = read(content, most_bytes=200_000, most=10)
    return found


@pytest.mark.parametrize(
    ("unit", "every", "first", "count"),
    [
        ("daily", 1, "2026-11-24", 10),
        ("weekly", 2, "2026-11-24", 9),
        ("monthly", 1, "2026-01-31", 14),
        ("monthly", 2, "2026-01-30", 9),
        ("monthly", 1, "2026-01-15", 9),
        ("yearly", 1, "2028-02-29", 5),
        ("yearly", 1, "2026-11-24", 5),
    ],
)
@pytest.mark.parametrize("ends_by", ["times", "until"])
def test_every_rhythm_of_ours_comes_back_as_it_was(unit: str, every: int, first: str, count: int, ends_by: str) -> None:
    rhythm, day = Rhythm(unit, every), datetime.date.fromisoformat(first)
    starts = datetime.datetime.combine(day, datetime.time(10), CHINA)
    until = rhythm.day(day, count - 1)
    written = Written(
        uid="a", title="例会；“总部”, 三楼", text="第一行\n第二行",
        starts=starts, ends=starts + datetime.timedelta(hours=1),
        rhythm=rhythm, times=count if ends_by == "times" else None, until=until if ends_by == "until" else None,
        left_out=(rhythm.day(day, 1),), remind_minutes=15, priority="high", is_private=True,
    )  # fmt: skip
    found = one(write([written], AT))
    for name in ("title", "text", "starts", "ends", "rhythm", "times", "until", "left_out", "remind_minutes",
                 "priority", "is_private"):  # fmt: skip
        assert getattr(found, name) == getattr(written, name), name


def test_whole_days_are_reminded_of_from_nine_o_clock() -> None:
    day = datetime.date(2026, 11, 24)
    written = Written(uid="a", title="展会", starts=day, ends=day + datetime.timedelta(days=2), remind_minutes=60)
    text = write([written], AT)
    assert b"TRIGGER:PT8H" in text and b"DTSTART;VALUE=DATE:20261124" in text
    assert one(text).remind_minutes == 60


@pytest.mark.parametrize(
    ("rule", "unit", "times", "until"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=4", "weekly", 4, None),
        ("FREQ=WEEKLY;WKST=SU;UNTIL=20261215T020000Z", "weekly", None, "2026-12-15"),
        # Before ten o'clock in China: the occurrence of that day is not meant.
        ("FREQ=WEEKLY;UNTIL=20261215T015900Z", "weekly", None, "2026-12-08"),
        ("FREQ=MONTHLY;BYMONTHDAY=24;COUNT=3", "monthly", 3, None),
        ("FREQ=WEEKLY", "weekly", None, "2031-11-18"),
    ],
)
def test_what_falls_on_the_same_days_is_the_same_rhythm(
    rule: str, unit: str, times: int | None, until: str | None
) -> None:
    found = one(event(f"RRULE:{rule}"))
    assert found.rhythm == Rhythm(unit) and found.times == times
    assert found.until == (datetime.date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4",
        "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
        "FREQ=MONTHLY;BYDAY=4TU;COUNT=4",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=10",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=SECONDLY;COUNT=999999999",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1000",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=100000",
        "FREQ=FORTNIGHTLY",
    ],
)
def test_what_falls_on_other_days_is_refused_and_soon(rule: str) -> None:
    began = time.process_time()
    with pytest.raises(Invalid):
        one(event(f"RRULE:{rule}"))
    assert time.process_time() - began < 2


def test_the_thirty_first_of_others_skips_short_months_and_is_refused() -> None:
    starts = "DTSTART;TZID=Asia/Shanghai:20260131T100000"
    with pytest.raises(Invalid):
        one(event("RRULE:FREQ=MONTHLY;COUNT=5", starts=starts))
    found = one(event("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5", starts=starts))
    assert found.rhythm == Rhythm("monthly")


def test_moments_of_other_zones_are_the_same_moments() -> None:
    found = one(event("RRULE:FREQ=WEEKLY;COUNT=3", starts="DTSTART;TZID=Asia/Tokyo:20261124T110000"))
    assert found.starts == datetime.datetime(2026, 11, 24, 10, tzinfo=CHINA)
    # New York puts its clocks forward in March: ten o'clock there is another hour here from then on.
    with pytest.raises(Invalid):
        one(event("RRULE:FREQ=WEEKLY;COUNT=40", starts="DTSTART;TZID=America/New_York:20261124T100000"))


def test_an_unknown_zone_means_china_and_says_so() -> None:
    zone = ["BEGIN:VTIMEZONE", "TZID:Foo", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0100", "RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE"]  # fmt: skip
    content = event(starts="DTSTART;TZID=Foo:20261124T100000").replace(
        b"BEGIN:VEVENT", ("\r\n".join(zone) + "\r\nBEGIN:VEVENT").encode(), 1
    )
    found = one(content)
    assert found.starts == datetime.datetime(2026, 11, 24, 10, tzinfo=CHINA)
    assert "Foo" in str(found.remarks[0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 200,
        event("DTSTART:99991231T000000"),
        event(starts="DTSTART:20261341T990000"),
        event(starts="SUMMARY:none"),
        event(starts="DTSTART;VALUE=DATE:99990101"),
        event("DTEND;VALUE=DATE:20261125"),
        event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T020000Z"),
        event("RDATE:20261125T020000Z"),
        event("BEGIN:VALARM\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VALARM"),
        event(*["BEGIN:VALARM", "END:VALARM"] * 30),
        "BEGIN:VCALENDAR\r\nSUMMARY:晚会\r\nEND:VCALENDAR".encode("gb18030"),
    ],
)
def test_hostile_and_damaged_texts_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        one(content)


@pytest.mark.parametrize(
    "content",
    [
        event("DESCRIPTION:" + "x" * 210_000),
        event(*(f" {'x' * 60}" for _ in range(1200))),
        event(*(["END:VEVENT", "BEGIN:VEVENT", "UID:b"] * 11)),
    ],
)
def test_too_much_is_refused_before_it_is_read(content: bytes) -> None:
    with pytest.raises(TooLarge):
        one(content)


def test_of_many_each_is_told_for_itself() -> None:
    good, bad = event("SUMMARY:好"), event("SUMMARY:坏", "RDATE:20261125T020000Z")
    content = good.replace(b"END:VCALENDAR", bad[bad.index(b"BEGIN:VEVENT") :])
    first, second = read_each(content, most_bytes=10_000, most=10)
    assert isinstance(first, Written) and first.title == "好"
    assert isinstance(second, tuple) and second[0] == "坏" and isinstance(second[1], Problem)
