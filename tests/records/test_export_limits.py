"""Large exports need a second person, small ones add up to a day's most, files go, and who takes much is told of."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.access.models import PersonRole
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import remove_orphans
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.notices.models import Notice
from guanxi.platform.policy.values import set_value
from guanxi.records import attachments, disclosing, export_limits, export_requests, export_upkeep, registry
from guanxi.records.actions import run
from guanxi.records.export_requests import APPROVE_EXPORT, REFUSE_EXPORT, REQUEST
from guanxi.records.exporting import export_file, start_export
from guanxi.records.listing import Query
from guanxi.records.models import ExportRequest
from guanxi.records.standard import create
from tests.digest import digest
from tests.people import World
from tests.room.models import Thing
from tests.stored import path_of

pytestmark = pytest.mark.clause("SEC-04")
THING = registry.module("room.thing")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def few(world: World) -> None:
    """One row may be taken out alone; two are there."""
    limit(world, export_limits.ROWS_ALONE, 1)
    for name in ("Cup", "Plate"):
        create(world.ctx("li_wei"), THING, name=name)


def limit(world: World, parameter: Any, value: int) -> None:
    day = world.ctx("li_wei").today
    set_value(parameter, str(value), day, None, "test", world.now)


def ask(world: World, who: str = "li_wei", **query: Any) -> Any:
    return start_export(world.ctx(who, reason="for the auditor"), THING, Query(**query))


def ran(job: Job) -> Job:
    assert run_job(job.pk)
    job.refresh_from_db()
    return job


def titles(world: World, who: str) -> list[str]:
    return list(Notice.objects.filter(person=world[who]).values_list("title", flat=True))


def test_a_large_export_waits_for_a_second_person_and_then_runs_as_it_was_asked(world: World) -> None:
    request = ask(world)
    assert isinstance(request, ExportRequest) and not Job.objects.exists()
    assert (request.state, request.rows, request.owner, request.purpose) == (
        "open", 2, world["li_wei"], "for the auditor",
    )  # fmt: skip
    assert ask(world).pk == request.pk, "asked twice, it is the same request"
    assert AuditEntry.objects.get(action="ask_export").actor == world["li_wei"]
    assert any("2" in title for title in titles(world, "sales_manager"))
    run(APPROVE_EXPORT, world.ctx("sales_manager"), REQUEST, request.pk, {"answer": "fine"})
    job = ran(Job.objects.get())
    assert (job.state, job.actor, job.result["rows"]) == ("done", world["li_wei"], 2), job.error
    request.refresh_from_db()
    assert (request.state, request.decided_by, request.answer) == ("done", world["sales_manager"], "fine")
    taken = Disclosure.objects.get(kind="export")
    assert (taken.actor, taken.reason, taken.detail["request"]) == (
        world["li_wei"], "for the auditor", str(request.pk),
    )  # fmt: skip
    assert len(titles(world, "li_wei")) == 1
    assert export_limits.taken_alone(world["li_wei"], world.ctx("li_wei").today) == 0


def test_nobody_approves_his_own_export_and_not_everybody_approves(world: World) -> None:
    request = ask(world, "sales_manager")
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(APPROVE_EXPORT, world.ctx("sales_manager"), REQUEST, request.pk)
    assert [reason.clause for reason in refusal.value.decision.blocking] == ["SEC-04"]
    for who in ("li_wei", "system_admin", "security_admin", "audit_admin"):
        with pytest.raises((NotAllowed, NotFound)):
            run(APPROVE_EXPORT, world.ctx(who), REQUEST, request.pk)
    assert digest() == before and not Job.objects.exists()
    with pytest.raises(Invalid):
        run(REFUSE_EXPORT, world.ctx("general_manager"), REQUEST, request.pk, {"answer": ""})
    run(REFUSE_EXPORT, world.ctx("general_manager"), REQUEST, request.pk, {"answer": "too much"})
    request.refresh_from_db()
    assert request.state == "refused" and not Job.objects.exists()


def test_an_approval_is_judged_afresh_and_used_once(world: World) -> None:
    request = ask(world)
    run(APPROVE_EXPORT, world.ctx("sales_manager"), REQUEST, request.pk)
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    assert ran(Job.objects.get()).state == "failed"
    assert not StoredFile.objects.exists()
    other = ask(world, "general_manager")
    run(APPROVE_EXPORT, world.ctx("sales_manager"), REQUEST, other.pk)
    job = Job.objects.get(actor=world["general_manager"])
    ExportRequest.objects.filter(pk=other.pk).update(state="done")
    assert ran(job).state == "failed"


def test_a_request_lapses(world: World) -> None:
    request = ask(world)
    assert export_requests.lapse(world.now + datetime.timedelta(days=6)) == 0
    late = world.now + datetime.timedelta(days=9)
    with pytest.raises(Refused):
        run(APPROVE_EXPORT, world.ctx("sales_manager", now=late), REQUEST, request.pk)
    assert export_requests.lapse(late) == 1
    request.refresh_from_db()
    assert request.state == "expired" and len(titles(world, "li_wei")) == 1


def test_small_exports_add_up_to_a_day_and_other_doors_are_no_way_round(world: World, tmp_path: Path) -> None:
    limit(world, export_limits.ROWS_A_DAY, 1)
    assert ran(ask(world, text="Cup")).state == "done"
    assert isinstance(ask(world, text="Cup"), ExportRequest)
    limit(world, export_limits.ROWS_ALONE, 500)
    with pytest.raises(Refused):
        export_file(world.ctx("li_wei", reason="x"), THING, tmp_path / "all.csv")
    assert not (tmp_path / "all.csv").exists()


def test_what_grew_after_it_was_asked_is_judged_when_it_runs(world: World) -> None:
    job = ask(world, text="Cup")
    limit(world, export_limits.ROWS_ALONE, 0)
    assert ran(job).state == "failed"
    assert not StoredFile.objects.exists() and not Disclosure.objects.filter(kind="export").exists()


def test_the_file_is_its_makers_for_a_day_and_then_goes(world: World) -> None:
    job = ran(ask(world, text="Cup"))
    key = job.result["file"]
    with pytest.raises(NotFound):
        attachments.get(world.ctx("sales_manager"), key)
    stored = attachments.get(world.ctx("li_wei", now=stamp(key, 23)), key)
    assert Disclosure.objects.filter(kind="download", outcome="done").count() == 1
    late = stamp(key, 25)
    with pytest.raises(NotFound) as gone:
        attachments.get(world.ctx("li_wei", now=late), key)
    assert gone.value.message == attachments.EXPIRED
    assert export_upkeep.discard_files(late) == 1 and remove_orphans(datetime.timedelta(days=-2)) == 1
    assert not path_of(stored).exists()
    assert export_upkeep.discard_files(late) == 0
    with pytest.raises(NotFound) as gone:
        attachments.get(world.ctx("li_wei", now=late), key)
    assert gone.value.message == attachments.EXPIRED


def stamp(key: str, hours: int) -> datetime.datetime:
    """So many hours after the file was made."""
    made = StoredFile.objects.get(pk=key).created_at
    assert made is not None
    return made + datetime.timedelta(hours=hours)


def test_who_takes_out_much_is_told_of_once_a_day(world: World) -> None:
    limit(world, export_limits.ALERT_ROWS, 1)
    for who in ("li_wei", "general_manager"):
        ran(ask(world, who, text="Cup"))
    export_upkeep.tell_of_much(world.now)
    assert not titles(world, "security_admin"), "one row is not more than one"
    ran(ask(world, text="Plate"))
    for minutes in (10, 20):
        export_upkeep.tell_of_much(world.now + datetime.timedelta(minutes=minutes))
    assert [("李伟" in title, "2" in title) for title in titles(world, "security_admin")] == [(True, True)]


def test_who_looks_at_much_is_told_of(world: World) -> None:
    limit(world, export_limits.ALERT_LOOKS, 1)
    cup, plate = Thing.objects.order_by("name")
    for thing in (cup, cup, plate):
        disclosing.looked_at(world.ctx("li_wei"), THING, thing)
    disclosing.looked_at(world.ctx("sales_manager"), THING, cup)
    for _again in range(2):
        export_upkeep.tell_of_much(world.now)
    assert [("李伟" in title, "2" in title) for title in titles(world, "security_admin")] == [(True, True)]
