"""Large exports need a second person, small ones add up to a day's most, files go, and who takes much is told of."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, Unconfirmed
from guanxi.platform.access.models import PersonRole
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import remove_orphans
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.notices.models import Notice
from guanxi.platform.policy.values import set_value
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Timer, WorkItem
from guanxi.records import attachments, disclosing, export_limits, export_upkeep, registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.exporting import export_file, start_export
from guanxi.records.listing import Query
from guanxi.records.standard import create
from guanxi.rooms.processes.public import APPROVE, REFUSE, install_processes
from tests.digest import digest
from tests.people import World
from tests.platform.workflow.drawn import ONE, flow
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
    install_processes(world.now)
    limit(world, export_limits.ROWS_ALONE, 1)
    for name in ("Cup", "Plate"):
        create(world.ctx("li_wei"), THING, name=name)


def limit(world: World, parameter: Any, value: int) -> None:
    day = world.ctx("li_wei").today
    set_value(parameter, str(value), day, None, "test", world.now)


def ask(world: World, who: str = "li_wei", **query: Any) -> Job:
    return start_export(world.ctx(who, reason="for the auditor"), THING, Query(**query))


def waiting(world: World, who: str = "li_wei", **query: Any) -> PendingAction:
    with pytest.raises(AwaitsApproval) as caught:
        ask(world, who, **query)
    return caught.value.pending


def item_of(pending: PendingAction, who: str) -> WorkItem:
    return WorkItem.objects.get(instance=pending.process, owner__username=who, state="open")


def decide(world: World, pending: PendingAction, who: str, action: Any = APPROVE, **more: Any) -> None:
    ctx = world.ctx(who, **more)
    run(action, ctx, "workflow.workitem", item_of(pending, who), {"comment": "fine"})


def ran(job: Job) -> Job:
    assert run_job(job.pk)
    job.refresh_from_db()
    return job


def titles(world: World, who: str) -> list[str]:
    return list(Notice.objects.filter(person=world[who]).values_list("title", flat=True))


def test_a_large_export_waits_for_a_second_person_and_then_runs_as_it_was_asked(world: World) -> None:
    pending = waiting(world)
    assert not Job.objects.exists()
    assert (pending.state, pending.owner, pending.reason, pending.clause, pending.rule) == (
        "waiting", world["li_wei"], "for the auditor", "SEC-04", None,
    )  # fmt: skip
    assert pending.changes["export_rows"] == [None, 2]
    assert waiting(world).pk == pending.pk, "asked twice, it is the same request"
    assert AuditEntry.objects.get(action="ask_approval").actor == world["li_wei"]
    assert any("2" in title for title in titles(world, "sales_manager"))
    decide(world, pending, "sales_manager")
    job = ran(Job.objects.get())
    assert (job.state, job.actor, job.result["rows"]) == ("done", world["li_wei"], 2), job.error
    pending.refresh_from_db()
    assert (pending.state, pending.decided_by, pending.answer, pending.job, pending.record_id) == (
        "done", world["sales_manager"], "fine", job, None,
    )  # fmt: skip
    taken = Disclosure.objects.get(kind="export")
    assert (taken.actor, taken.reason, taken.detail["request"]) == (
        world["li_wei"], "for the auditor", str(pending.pk),
    )  # fmt: skip
    assert len(titles(world, "li_wei")) == 1
    assert export_limits.taken_alone(world["li_wei"], world.ctx("li_wei").today) == 0
    told = AuditEntry.objects.get(action="ask_export")
    assert told.record_id is None and told.decision["approved"]["by"] == [world["sales_manager"].name]


def test_what_somebody_takes_out_alone_asks_nobody(world: World) -> None:
    assert ran(ask(world, text="Cup")).result["rows"] == 1
    assert not PendingAction.objects.exists()


def test_nobody_approves_his_own_export_and_not_everybody_approves(world: World) -> None:
    pending = waiting(world, "sales_manager")
    items = WorkItem.objects.filter(instance=pending.process)
    assert [item.owner.username for item in items] == ["general_manager"]
    before = digest()
    for who in ("sales_manager", "li_wei", "system_admin", "security_admin", "audit_admin"):
        with pytest.raises((NotAllowed, NotFound, Conflict)):
            run(APPROVE, world.ctx(who), "workflow.workitem", items[0], {"comment": "x"})
    assert digest() == before and not Job.objects.exists()
    with pytest.raises(Invalid):
        run(REFUSE, world.ctx("general_manager"), "workflow.workitem", items[0], {"comment": ""})
    decide(world, pending, "general_manager", REFUSE)
    pending.refresh_from_db()
    assert pending.state == "refused" and not Job.objects.exists()


def test_who_asks_and_who_approves_show_first_who_they_are(world: World) -> None:
    long_ago = world.now - datetime.timedelta(hours=3)
    asker = dataclasses.replace(world.ctx("li_wei", reason="for the auditor"), confirmed_at=long_ago)
    before = digest()
    with pytest.raises(Unconfirmed):
        start_export(asker, THING, Query())
    assert digest() == before
    pending = waiting(world)
    boss = dataclasses.replace(world.ctx("sales_manager"), confirmed_at=long_ago)
    before = digest()
    with pytest.raises(Unconfirmed):
        run(APPROVE, boss, "workflow.workitem", item_of(pending, "sales_manager"), {})
    assert digest() == before and not Job.objects.exists()
    # To say no, nobody has to show it.
    run(REFUSE, boss, "workflow.workitem", item_of(pending, "sales_manager"), {"comment": "no"})


def test_an_approval_is_judged_afresh_and_used_once(world: World) -> None:
    pending = waiting(world)
    decide(world, pending, "sales_manager")
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    assert ran(Job.objects.get()).state == "failed"
    assert not StoredFile.objects.exists()
    other = waiting(world, "general_manager")
    decide(world, other, "sales_manager")
    job = Job.objects.get(actor=world["general_manager"])
    assert ran(job).state == "done"
    again = Job.objects.create(kind=job.kind, title=job.title, actor=job.actor, payload=job.payload)
    assert ran(again).state == "failed" and StoredFile.objects.count() == 1


def test_who_lost_the_right_before_it_was_approved_gets_nothing(world: World) -> None:
    pending = waiting(world)
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    with pytest.raises(Conflict, match="李伟 may no longer"):
        decide(world, pending, "sales_manager")
    assert not Job.objects.exists()


def test_a_request_lapses(world: World) -> None:
    """Asked on Saturday the 21st: five working days after the next one it is over."""
    pending = waiting(world)
    timer = Timer.objects.get(instance=pending.process)
    assert not running.ring(timer.pk, world.now + datetime.timedelta(days=5))
    late = world.now + datetime.timedelta(days=9)
    assert timer.due_at < late
    assert running.ring(timer.pk, late)
    pending.refresh_from_db()
    assert (pending.state, len(titles(world, "li_wei")), Job.objects.exists()) == ("refused", 1, False)
    assert "五个工作日" not in titles(world, "li_wei")[0]
    assert not WorkItem.objects.filter(instance=pending.process, state="open").exists()


def test_a_rule_of_the_company_asks_besides_and_is_no_way_round(world: World) -> None:
    """A rule on every export asks the superior below the limit; what is above was never put before those who decide."""
    ApprovalRule.objects.create(
        name="导出", module=THING.key, action="export", process="approval.superior", valid_from="2026-01-01"
    )
    small = waiting(world, text="Cup")
    assert (small.rule.name, small.process.process.key) == ("导出", "approval.superior")
    assert waiting(world).process.process.key == "approval.export"
    item = WorkItem.objects.get(instance=small.process)
    create(world.ctx("li_wei"), THING, name="Cup and saucer")
    before = digest()
    with pytest.raises(Conflict):
        run(APPROVE, world.ctx(item.owner.username), "workflow.workitem", item, {})
    assert digest() == before and not Job.objects.exists()


def test_a_process_that_would_approve_by_itself_is_not_begun(world: World) -> None:
    past = ONE.replace('targetRef="boss"', 'targetRef="said"', 1).replace("test.process", "approval.export")
    sly = past.replace("</process>", flow("said", "boss", "amount > 1") + "</process>")
    versions.publish(versions.new_version(sly, world.now), world.now)
    before = digest()
    with pytest.raises(Conflict):
        ask(world)
    assert digest() == before


def test_small_exports_add_up_to_a_day_and_other_doors_are_no_way_round(world: World, tmp_path: Path) -> None:
    limit(world, export_limits.ROWS_A_DAY, 1)
    assert ran(ask(world, text="Cup")).state == "done"
    assert waiting(world, text="Cup").state == "waiting"
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
    assert export_upkeep.discard_files(late) == 1 and remove_orphans(datetime.timedelta(days=-36500)) == 1
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
