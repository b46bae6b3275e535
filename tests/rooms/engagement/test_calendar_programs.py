"""The calendar from calendar programs: the client library `caldav` against the program itself, on a port of its own.

The tests stand on Saturday 21 November 2026, 10:24 in Shanghai.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import caldav
import pytest
import requests
from caldav.lib.error import AuthorizationError, PutError
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections

from guanxi.api import pace
from guanxi.kernel.errors import NotFound
from guanxi.platform.access.models import AccessToken
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.calendar import clock_at, local
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.registry import entry
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.engagement.actions import CHANGE_DAY, LEAVE_OUT_DAY
from guanxi.rooms.engagement.models import Event, SeenState, Task
from guanxi.rooms.engagement.queries.events import gaps_of, occurrences
from guanxi.rooms.engagement.upkeep import forget_calendar_states
from tests.people import NOW, World

EVENT, TASK, TOKEN = "engagement.event", "engagement.task", "access.accesstoken"
CHINA = ZoneInfo("Asia/Shanghai")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_given: Any) -> None:
        """Tests say for themselves what went wrong."""


class _Server(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """The test's own connection stays open."""


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """The program on a free port; it works on the test's own connection, so that the test's rows are there."""
    handler = WSGIHandler()
    server = _Server(("127.0.0.1", 0), _Quiet, connections_override={"default": connections["default"]})
    server.set_app(lambda environ, start: _at_test_time(handler, environ, start))
    connections["default"].inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    connections["default"].dec_thread_sharing()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


_CLOCK: list[datetime.datetime] = []


def _at_test_time(handler: WSGIHandler, environ: Any, start: Any) -> Any:
    with clock_at(_CLOCK[-1]):
        return list(handler(environ, start))


@pytest.fixture(autouse=True)
def at_ease(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _CLOCK[:] = [world.now]
    monkeypatch.setattr(pace, "admit", lambda ctx: None)


@pytest.fixture
def secret(world: World) -> Callable[..., str]:
    def made(username: str, **values: Any) -> str:
        ctx = world.ctx(username)
        given = {"name": "Phone", "use": "calendar", "expires_on": "2027-01-31", "read_only": "no", **values}
        create(ctx, TOKEN, **given)
        return ctx.told[-1].secret

    return made


@pytest.fixture
def program(port: int, secret: Callable[..., str]) -> Callable[..., caldav.DAVClient]:
    """`program("li_wei")`: his calendar program."""

    def made(username: str, password: str = "", **values: Any) -> caldav.DAVClient:
        shown = password or secret(username, **values)
        return caldav.DAVClient(f"http://127.0.0.1:{port}/dav/", username=username, password=shown)

    return made


def collections(client: caldav.DAVClient) -> tuple[Any, Any]:
    """The calendar and the list of tasks, found as a telephone finds them: principal, home, what stands in it."""
    found = {each.url.path.rstrip("/").rsplit("/", 1)[1]: each for each in client.principal().calendars()}
    return found["calendar"], found["tasks"]


def at(day: str, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour, minute), CHINA)


def plan(world: World, username: str = "li_wei", day: str = "2026-11-24", **values: Any) -> Event:
    given = {"subject": "拜会采购总监", "starts_at": at(day, 10), "ends_at": at(day, 11, 30), **values}
    return create(world.ctx(username), EVENT, **given)


def weekly(world: World, **values: Any) -> Event:
    return plan(world, subject="周例会", repeats="weekly", every=1, times=5, **values)


def days(event: Event) -> list[str]:
    window = datetime.date(2026, 11, 1), datetime.date(2032, 12, 31)
    return [each.day.isoformat() for each in occurrences(event, *window, gaps_of(event))]


def text(*lines: str, kind: str = "VEVENT") -> str:
    body = "\r\n".join(lines)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:{kind}\r\n{body}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n"


def event_text(*more: str, uid: str = "abc-1", starts: str = "20261124T100000", ends: str = "20261124T113000") -> str:
    zone = "TZID=Asia/Shanghai"
    return text(f"UID:{uid}", "DTSTAMP:20261120T000000Z", f"DTSTART;{zone}:{starts}", f"DTEND;{zone}:{ends}",
                "SUMMARY:电话会", *more)  # fmt: skip


# ---- Found, created, changed on either side --------------------------------------------------------------------------


@pytest.mark.clause("CRM-27", "CRM-53")
def test_what_is_entered_on_the_phone_stands_here_and_what_is_changed_here_reaches_the_phone(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    calendar, _tasks = collections(program("li_wei"))
    made = calendar.save_event(
        event_text(
            "LOCATION:外滩店",
            "CLASS:PRIVATE",
            "PRIORITY:1",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT15M",
            "END:VALARM",
        )
    )
    event = Event.objects.get()
    assert (event.subject, event.place, event.private, event.priority, event.remind_minutes, event.owner) == (
        "电话会",
        "外滩店",
        True,
        "high",
        15,
        world["li_wei"],
    )
    assert (event.starts_at, event.ends_at) == (at("2026-11-24", 10), at("2026-11-24", 11, 30))
    edit(world.ctx("li_wei"), EVENT, event, place="总店", details="带样品")
    made.load()
    found = made.icalendar_component
    assert (str(found["LOCATION"]), str(found["DESCRIPTION"]), found["DTSTART"].dt) == (
        "总店",
        "带样品",
        event.starts_at,
    )
    found["SUMMARY"] = "改期的电话会"
    made.save()
    event.refresh_from_db()
    assert (event.subject, event.place, event.details) == ("改期的电话会", "总店", "带样品")
    assert AuditEntry.objects.filter(source="caldav", module=EVENT, record_id=event.pk).count() == 2
    assert Disclosure.objects.filter(source="caldav", token_name="Phone").exists()


@pytest.mark.clause("CRM-27")
def test_whole_days_and_what_the_record_has_besides_come_back_as_they_were(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    customer = create(world.ctx("li_wei"), "customers.customer", name="上海锦湖餐饮")
    event = plan(
        world,
        all_day=True,
        ends_at=at("2026-11-25", 9),
        customer=customer,
        details="展会",
        lines=[{"person": world["wang_fang"]}],
    )
    calendar, _tasks = collections(program("li_wei"))
    (found,) = calendar.events()
    part = found.icalendar_component
    assert (part["DTSTART"].dt, part["DTEND"].dt) == (datetime.date(2026, 11, 24), datetime.date(2026, 11, 26))
    assert "上海锦湖餐饮" in part["DESCRIPTION"] and "王芳" in part["DESCRIPTION"]
    part["LOCATION"] = "世博展览馆"
    found.save()
    event.refresh_from_db()
    assert (event.place, event.details, event.customer, event.all_day) == ("世博展览馆", "展会", customer, True)
    assert event.seats.filter(deleted_at=None).count() == 1
    assert local(event.ends_at).date() == datetime.date(2026, 11, 25)


# ---- Series ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_one_occurrence_is_moved_on_the_phone_another_left_out_and_both_told_back(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    calendar, _tasks = collections(program("li_wei"))
    calendar.save_event(event_text("RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU"))
    series = Event.objects.get()
    assert days(series) == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]
    master = event_text("RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Asia/Shanghai:20261215T100000")
    moved = event_text(
        "RECURRENCE-ID;TZID=Asia/Shanghai:20261201T100000",
        "LOCATION:总店",
        starts="20261202T140000",
        ends="20261202T150000",
    )
    both = master.replace("END:VCALENDAR\r\n", "") + moved[moved.index("BEGIN:VEVENT") :]
    (found,) = calendar.events()
    found.data = both
    found.save()
    series.refresh_from_db()
    assert days(series) == ["2026-11-24", "2026-12-08", "2026-12-22"]
    day = Event.objects.get(series=series)
    assert (day.starts_at, day.place, day.instead_of) == (
        at("2026-12-02", 14),
        "总店",
        datetime.date(2026, 12, 1),
    )
    (again,) = calendar.events()
    parts = again.icalendar_instance.walk("VEVENT")
    assert [part.get("RECURRENCE-ID").dt for part in parts[1:]] == [at("2026-12-01", 10)]
    # Moved once more on the phone, then called off there.
    again.data = both.replace("20261202T14", "20261203T14").replace("20261202T15", "20261203T15")
    again.save()
    day.refresh_from_db()
    assert day.starts_at == at("2026-12-03", 14)
    again.data = event_text("RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Asia/Shanghai:20261215T100000,20261201T100000")
    again.save()
    day.refresh_from_db()
    assert day.deleted_at is not None


@pytest.mark.clause("CRM-27")
def test_what_is_changed_here_of_a_series_reaches_the_phone(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    series = weekly(world)
    ctx = world.ctx("li_wei")
    run(LEAVE_OUT_DAY, ctx, EVENT, series, {"day": datetime.date(2026, 12, 8)})
    run(CHANGE_DAY, ctx, EVENT, series, {"day": datetime.date(2026, 12, 1), "starts_at": at("2026-12-03", 9)})
    calendar, _tasks = collections(program("li_wei"))
    (found,) = calendar.events()
    master, changed = found.icalendar_instance.walk("VEVENT")
    assert [each.dt for each in master["EXDATE"].dts] == [at("2026-12-08", 10)]
    assert (changed["RECURRENCE-ID"].dt, changed["DTSTART"].dt) == (at("2026-12-01", 10), at("2026-12-03", 9))
    within = calendar.search(start=at("2026-12-03", 8), end=at("2026-12-03", 12), event=True)
    assert len(within) == 1
    assert calendar.search(start=at("2026-12-08", 8), end=at("2026-12-08", 12), event=True) == []


@pytest.mark.clause("CRM-27")
@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6", "这样的重复方式"),
        ("RRULE:FREQ=MONTHLY;BYDAY=4TU;COUNT=6", "这样的重复方式"),
        ("RRULE:FREQ=SECONDLY;COUNT=100000000", "这样的重复方式"),
        ("RDATE;TZID=Asia/Shanghai:20261201T100000", "这样的重复方式"),
    ],
)
def test_a_rhythm_that_cannot_be_kept_is_refused_and_told(
    world: World, program: Callable[..., caldav.DAVClient], rule: str, reason: str
) -> None:
    calendar, _tasks = collections(program("li_wei"))
    with pytest.raises((PutError, AuthorizationError)):
        calendar.save_event(event_text(rule))
    assert not Event.objects.exists()
    assert reason in Notice.objects.get(person=world["li_wei"]).body


@pytest.mark.clause("CRM-27")
def test_a_left_out_day_is_not_put_back_by_an_older_copy(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    series = weekly(world)
    run(LEAVE_OUT_DAY, world.ctx("li_wei"), EVENT, series, {"day": datetime.date(2026, 12, 8)})
    calendar, _tasks = collections(program("li_wei"))
    (found,) = calendar.events()
    found.data = found.data.replace("EXDATE;TZID=Asia/Shanghai:20261208T100000\r\n", "").replace(
        "EXDATE;TZID=Asia/Shanghai:20261208T100000\n", ""
    )
    assert "EXDATE" not in found.data
    with pytest.raises((PutError, AuthorizationError)):
        found.save()
    assert len(days(series)) == 4


# ---- Deleted, clashing, told what changed ----------------------------------------------------------------------------


@pytest.mark.clause("CRM-27")
def test_deleting_goes_to_the_bin_and_an_older_copy_overwrites_nothing(
    world: World, program: Callable[..., caldav.DAVClient], port: int, secret: Callable[..., str]
) -> None:
    event = plan(world)
    signed = ("li_wei", secret("li_wei"))
    address = f"http://127.0.0.1:{port}/dav/{world['li_wei'].pk}/calendar/{event.pk}.ics"
    before = requests.get(address, auth=signed, timeout=10)
    mark = before.headers["ETag"]
    edit(world.ctx("li_wei"), EVENT, event, place="总店")
    late = requests.put(address, before.text.encode(), auth=signed, headers={"If-Match": mark}, timeout=10)
    assert late.status_code == 412
    assert requests.delete(address, auth=signed, headers={"If-Match": mark}, timeout=10).status_code == 412
    event.refresh_from_db()
    assert (event.place, event.deleted_at) == ("总店", None)
    new = requests.put(address, before.text.encode(), auth=signed, headers={"If-None-Match": "*"}, timeout=10)
    assert new.status_code == 412
    fresh = requests.get(address, auth=signed, timeout=10).headers["ETag"]
    assert requests.delete(address, auth=signed, headers={"If-Match": fresh}, timeout=10).status_code == 204
    event.refresh_from_db()
    assert event.deleted_at is not None and event.deleted_by == world["li_wei"]
    assert requests.get(address, auth=signed, timeout=10).status_code == 404


@pytest.mark.clause("CRM-53")
def test_a_program_learns_what_has_changed_since_it_asked_last(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    kept, gone = plan(world, subject="留"), plan(world, subject="删")
    calendar, _tasks = collections(program("li_wei"))
    seen = calendar.objects_by_sync_token(load_objects=True)
    assert len(list(seen)) == 2
    assert list(calendar.objects_by_sync_token(seen.sync_token)) == []
    edit(world.ctx("li_wei"), EVENT, kept, place="总店")
    run(DELETE, world.ctx("li_wei"), EVENT, gone)
    plan(world, subject="新")
    changed = {str(each.url).rsplit("/", 1)[1]: each for each in calendar.objects_by_sync_token(seen.sync_token)}
    assert len(changed) == 3 and f"{gone.pk}.ics" in changed
    assert SeenState.objects.filter(person=world["li_wei"], collection="calendar").count() == 2
    with pytest.raises(Exception):  # noqa: B017 - the library has no name for it
        list(calendar.objects_by_sync_token("urn:guanxi:sync:0"))
    # Away for 30 days a program still asks for the changes; after that it reads everything anew.
    forget_calendar_states(NOW + datetime.timedelta(days=30))
    assert len(list(calendar.objects_by_sync_token(seen.sync_token))) == 3
    forget_calendar_states(NOW + datetime.timedelta(days=30, seconds=1))
    assert not SeenState.objects.exists()
    with pytest.raises(Exception):  # noqa: B017 - the library has no name for it
        list(calendar.objects_by_sync_token(seen.sync_token))


@pytest.mark.clause("CRM-27")
def test_tasks_are_entered_and_settled_on_the_phone_and_stay_settled(
    world: World, program: Callable[..., caldav.DAVClient]
) -> None:
    _calendar, tasks = collections(program("li_wei"))
    made = tasks.save_todo(
        text(
            "UID:t-1",
            "DTSTAMP:20261120T000000Z",
            "SUMMARY:寄样品",
            "DUE;VALUE=DATE:20261201",
            "PRIORITY:9",
            kind="VTODO",
        )
    )
    task = Task.objects.get()
    assert (task.subject, task.due_on, task.priority, task.state) == (
        "寄样品",
        datetime.date(2026, 12, 1),
        "low",
        "open",
    )
    made.load()
    made.icalendar_component["STATUS"] = "COMPLETED"
    made.save()
    task.refresh_from_db()
    assert task.state == "done"
    made.load()
    made.icalendar_component["STATUS"] = "NEEDS-ACTION"
    with pytest.raises((PutError, AuthorizationError)):
        made.save()
    task.refresh_from_db()
    assert task.state == "done"


# ---- Whose, and who not ----------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-53")
def test_everybody_has_his_own_calendar_and_nobody_another_s(
    world: World, program: Callable[..., caldav.DAVClient], port: int, secret: Callable[..., str]
) -> None:
    private = plan(world, private=True)
    shared = plan(world, subject="同行", lines=[{"person": world["wang_fang"]}])
    hers = program("wang_fang")
    calendar, _tasks = collections(hers)
    assert [str(each.icalendar_component["SUMMARY"]) for each in calendar.events()] == ["同行"]
    signed = ("general_manager", secret("general_manager"))
    base = f"http://127.0.0.1:{port}/dav"
    assert (
        requests.get(f"{base}/{world['li_wei'].pk}/calendar/{private.pk}.ics", auth=signed, timeout=10).status_code
        == 404
    )
    own = f"{base}/{world['general_manager'].pk}/calendar/{private.pk}.ics"
    assert requests.get(own, auth=signed, timeout=10).status_code == 404
    # Who is asked to it sees it; it is not hers to change or to delete.
    (found,) = calendar.events()
    found.icalendar_component["SUMMARY"] = "另有安排"
    with pytest.raises((PutError, AuthorizationError)):
        found.save()
    with pytest.raises(Exception):  # noqa: B017
        found.delete()
    shared.refresh_from_db()
    assert (shared.subject, shared.deleted_at) == ("同行", None)
    with pytest.raises(NotFound):
        world.ctx("wang_fang").get(EVENT, private.pk)


def test_only_a_token_made_for_it_opens_it_and_only_for_its_owner(
    world: World, port: int, secret: Callable[..., str]
) -> None:
    address = f"http://127.0.0.1:{port}/dav/"

    def status(name: str, password: str) -> int:
        return requests.request(
            "PROPFIND", address, auth=(name, password), headers={"Depth": "0"}, timeout=10
        ).status_code

    right, other_door = secret("li_wei"), secret("li_wei", use="program")
    assert status("li_wei", right) == status("LI_WEI", right) == 207
    refused = requests.request("PROPFIND", address, timeout=10)
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic")
    assert status("li_wei", other_door) == 401
    assert status("wang_fang", right) == 401
    bearer = {"Authorization": f"Bearer {right}"}
    assert requests.get(f"http://127.0.0.1:{port}/api/v1/me", headers=bearer, timeout=10).status_code == 401
    token = AccessToken.objects.get(use="calendar")
    assert token.last_used_at == world.now
    run(entry(TOKEN).actions["revoke"], world.ctx("li_wei"), TOKEN, token)
    assert status("li_wei", right) == 401


def test_who_guesses_waits_and_shuts_nobody_out(world: World, port: int, secret: Callable[..., str]) -> None:
    address = f"http://127.0.0.1:{port}/dav/"
    right = secret("li_wei")
    found = [requests.get(address, auth=("li_wei", f"gx_{turn}"), timeout=10) for turn in range(6)]
    assert [each.status_code for each in found] == [401] * 5 + [429]
    assert int(found[-1].headers["Retry-After"]) > 0
    # The telephone with the right token goes on.
    answer = requests.request("PROPFIND", address, auth=("li_wei", right), headers={"Depth": "0"}, timeout=10)
    assert answer.status_code == 207


def test_a_token_that_only_reads_writes_nothing(world: World, program: Callable[..., caldav.DAVClient]) -> None:
    plan(world)
    calendar, _tasks = collections(program("li_wei", read_only="yes"))
    assert len(calendar.events()) == 1
    with pytest.raises((PutError, AuthorizationError)):
        calendar.save_event(event_text())
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PROPFIND", "", '<!DOCTYPE x [<!ENTITY a "b">]><propfind xmlns="DAV:"/>', 400),
        ("PROPFIND", "", "<propfind", 400),
        ("PROPFIND", "calendar/", "", 403),
        ("REPORT", "calendar/", '<free-busy-query xmlns="urn:ietf:params:xml:ns:caldav"/>', 403),
        ("MKCALENDAR", "new/", "", 404),
        ("MKCALENDAR", "", "", 405),
        ("PUT", "calendar/a.ics", "BEGIN:VCALENDAR" + "X" * 300_000, 403),
        ("PUT", "calendar/a.ics", "no calendar", 403),
        ("PUT", "tasks/a.ics", event_text(), 403),
        ("GET", "calendar/none.ics", "", 404),
    ],
)
def test_what_is_no_question_or_no_calendar_is_refused(
    world: World, port: int, secret: Callable[..., str], method: str, path: str, body: str, status: int
) -> None:
    address = f"http://127.0.0.1:{port}/dav/{world['li_wei'].pk}/{path}"
    headers = {"Depth": "infinity"} if path == "calendar/" and method == "PROPFIND" else {"Depth": "1"}
    found = requests.request(method, address, data=body.encode(), auth=("li_wei", secret("li_wei")), headers=headers,
                             timeout=10)  # fmt: skip
    assert found.status_code == status
    assert not Event.objects.exists() and not Task.objects.exists()


def test_programs_find_the_way(world: World, port: int) -> None:
    answer = requests.request(
        "PROPFIND", f"http://127.0.0.1:{port}/.well-known/caldav", allow_redirects=False, timeout=10
    )
    assert (answer.status_code, answer.headers["Location"]) == (301, "/dav/")
