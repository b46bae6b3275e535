"""The calendar as a file: one event, what is shown, the subscription by a secret address, a file brought in.

The tests stand on Saturday 21 November 2026, 10:24 in Shanghai.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.api import pace
from guanxi.kernel.icalendar_text import read
from guanxi.platform.access.models import AccessToken
from guanxi.platform.audit.models import Disclosure
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records.actions import run
from guanxi.records.importing import running
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import entry
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import Event
from guanxi.rooms.engagement.pages import bringing
from tests.people import World

EVENT, TOKEN = "engagement.event", "access.accesstoken"
CHINA = ZoneInfo("Asia/Shanghai")
BACKEND = "guanxi.platform.people.signed_in.SignedIn"


def at(day: str, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour, minute), CHINA)


def plan(world: World, username: str = "li_wei", day: str = "2026-11-24", **values: Any) -> Event:
    given = {"subject": "拜会采购总监", "starts_at": at(day, 10), "ends_at": at(day, 11, 30), **values}
    return create(world.ctx(username), EVENT, **given)


@pytest.fixture
def browser(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    monkeypatch.setattr(pace, "admit", lambda ctx: None)

    def logged_in(username: str) -> Client:
        client = Client()
        client.force_login(world[username], backend=BACKEND)
        return client

    return logged_in


def subscribed(world: World, username: str) -> str:
    ctx = world.ctx(username)
    create(ctx, TOKEN, name="Outlook", use="feed", expires_on="2027-01-31", read_only="no", elevated="yes")
    return f"/calendar/feed/{ctx.told[-1].secret}.ics"


def titles(content: bytes) -> list[str]:
    return sorted(found.title for found in read(content, most_bytes=1_000_000, most=1000))


@pytest.mark.clause("CRM-53")
def test_a_subscription_shows_what_its_owner_sees_now_and_ends_with_its_token(
    world: World, browser: Callable[[str], Client]
) -> None:
    plan(world, private=True, subject="看牙")
    plan(world, "wang_fang", subject="她的", private=True)
    joint = plan(world, "wang_fang", subject="同行", lines=[{"person": world["li_wei"]}])
    create(world.ctx("li_wei"), "engagement.task", subject="寄样品", due_on="2026-12-01")
    address = subscribed(world, "li_wei")
    token = AccessToken.objects.get()
    assert (token.read_only, token.elevated) == (True, False)
    client = Client()
    found = client.get(address)
    assert found["Content-Type"].startswith("text/calendar") and "no-store" in found["Cache-Control"]
    assert titles(found.content) == ["同行", "寄样品", "看牙"]
    assert client.get(address, headers={"If-None-Match": found["ETag"]}).status_code == 304
    assert Disclosure.objects.filter(source="caldav", token=token.pk).count() == 1
    token.refresh_from_db()
    assert token.last_used_at == world.now
    # Not asked any more: it goes from the subscription at its next turn.
    run(entry(EVENT).actions["edit"], world.ctx("wang_fang"), EVENT, joint, {"lines": []})
    assert titles(client.get(address).content) == ["寄样品", "看牙"]
    # The same secret opens no other door, and after its revocation none at all.
    secret = address.split("/")[3].removesuffix(".ics")
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    run(entry(TOKEN).actions["revoke"], world.ctx("li_wei"), TOKEN, token)
    assert client.get(address).status_code == 404


def test_whoever_tries_addresses_finds_nothing_and_waits(world: World, browser: Callable[[str], Client]) -> None:
    ctx = world.ctx("li_wei")
    create(ctx, TOKEN, name="Program", expires_on="2027-01-31")
    client = Client()
    assert client.get(f"/calendar/feed/{ctx.told[-1].secret}.ics").status_code == 404
    answers = [client.get(f"/calendar/feed/gx_{turn}.ics").status_code for turn in range(25)]
    assert answers[0] == 404 and answers[-1] == 429


@pytest.mark.clause("CRM-53")
def test_one_event_and_what_is_shown_as_a_file(world: World, browser: Callable[[str], Client]) -> None:
    event = plan(world, repeats="weekly", every=1, times=3)
    hidden = plan(world, "wang_fang", private=True)
    client = browser("li_wei")
    answer = client.get(f"/calendar/event/{event.pk}/file/")
    (found,) = read(b"".join(answer.streaming_content), most_bytes=100_000, most=5)
    assert (found.title, found.times, found.starts) == ("拜会采购总监", 3, event.starts_at)
    assert client.get(f"/calendar/event/{hidden.pk}/file/").status_code == 404
    assert Disclosure.objects.filter(kind="download", record_id=event.pk).exists()
    # More than one is an export, under its rules: a right, a reason, a confirmation.
    boss = browser("sales_manager")
    assert boss.get("/calendar/file/?view=agenda&on=2026-11-24").status_code == 200
    assert boss.post("/calendar/file/?view=agenda&on=2026-11-24", {"format": "ics"}).status_code == 422
    assert browser("clerk").get("/calendar/file/").status_code == 403


def test_a_token_is_made_on_the_page_and_shown_once(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("li_wei")
    shown = client.get("/calendar/phone/").content.decode()
    assert "li_wei" in shown and "/dav/" in shown
    for use in ("calendar", "feed"):
        made = client.post("/calendar/phone/token/", {"use": use, "name": "iPhone"}).content.decode()
        token = AccessToken.objects.get(use=use)
        assert f">{token.hint}" in made or f"/feed/{token.hint}" in made
        assert ("data:image/svg" in made) == (use == "feed")
        assert token.hint not in client.get("/calendar/phone/").content.decode()


def done(job: Job) -> None:
    """The worker has done it."""
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error


# ---- Brought in ------------------------------------------------------------------------------------------------------


def ics(*events: str) -> bytes:
    parts = ("\r\n".join(["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]) for event in events)
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


GOOD = "UID:1|SUMMARY:展会|DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261203|LOCATION:世博馆"
SERIES = "UID:2|SUMMARY:周会|DTSTART;TZID=Asia/Shanghai:20261124T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=4"
WITH_GAP = SERIES.replace("UID:2", "UID:3").replace("周会", "缺一周") + "|EXDATE;TZID=Asia/Shanghai:20261201T090000"
BAD = "UID:4|SUMMARY:不定期|DTSTART:20261124T010000Z|RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=9"
FOREIGN = "UID:5|SUMMARY:东京|DTSTART;TZID=Nowhere/Else:20261124T090000|DURATION:PT1H"


@pytest.mark.clause("CRM-27")
def test_a_calendar_file_comes_in_as_a_table_row_by_row(world: World, browser: Callable[[str], Client]) -> None:
    upload = SimpleUploadedFile("holiday.ics", ics(GOOD, SERIES, WITH_GAP, BAD, FOREIGN))
    answer = browser("sales_manager").post("/calendar/phone/bring/", {"file": upload})
    assert answer.status_code == 302 and answer["Location"].endswith("/columns/")
    begun, ctx = ImportRun.objects.get(), world.ctx("sales_manager")
    found = {item.column: item.field for item in running.suggestions(ctx, begun)}
    assert [found[place] for place in range(len(bringing.COLUMNS))] == list(bringing.COLUMNS)
    begun = running.set_mapping(ctx, begun, begun.sheet, begun.encoding, begun.header_row, found)
    done(running.check(ctx, begun))
    rows = ImportRow.objects.filter(run=begun).order_by("line")
    states = [(row.values[0], row.state) for row in rows]
    assert sorted(title for title, state in states if state == "problem") == ["不定期"]
    assert sorted(title for title, state in states if state != "problem") == [
        "东京", "周会", "展会", "缺一周", "缺一周", "缺一周",
    ]  # fmt: skip
    assert not Event.objects.exists()
    begun.refresh_from_db()
    done(running.apply(ctx, begun))
    series = Event.objects.get(subject="周会")
    assert (series.repeats, series.times, series.starts_at) == ("weekly", 4, at("2026-11-24", 9))
    whole = Event.objects.get(subject="展会")
    assert (whole.all_day, whole.last_on, whole.place) == (True, datetime.date(2026, 12, 2), "世博馆")
    assert Event.objects.count() == 6
    begun.refresh_from_db()
    done(running.undo(ctx, begun))
    assert not Event.objects.filter(deleted_at=None).exists()


def test_a_table_of_a_calendar_says_when_each_takes_place() -> None:
    table = bringing.table_of(ics(GOOD, WITH_GAP, FOREIGN)).decode("utf-8-sig").splitlines()
    assert [line.split(",")[2:5] for line in table[1:]] == [
        ["2026-12-01 00:00", "2026-12-02 23:59", "yes"],
        ["2026-11-24 09:00", "2026-11-24 10:00", "no"],
        ["2026-12-08 09:00", "2026-12-08 10:00", "no"],
        ["2026-12-15 09:00", "2026-12-15 10:00", "no"],
        ["2026-11-24 09:00", "2026-11-24 10:00", "no"],
    ]
    assert "Nowhere/Else" in table[-1]
    gb = ics(GOOD).decode().encode("gb18030")
    assert "展会" in bringing.table_of(gb).decode("utf-8-sig")


@pytest.mark.parametrize("content", [b"", b"subject,starts\r\n", ics(), ics(*[GOOD] * 2100)])
def test_what_is_no_calendar_is_refused_before_an_import_begins(
    world: World, browser: Callable[[str], Client], content: bytes
) -> None:
    upload = SimpleUploadedFile("a.ics", content)
    answer = browser("sales_manager").post("/calendar/phone/bring/", {"file": upload})
    assert answer.status_code in (413, 422) and not ImportRun.objects.exists()
