"""Bulk actions as batches: each record's own result, and everything put back as far as nobody touched it since."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound
from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.platform.files.models import StoredFile
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import batches, problems, registry
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.importing.reading import read
from guanxi.records.models import Batch
from guanxi.records.standard import ASSIGN, DELETE, EDIT, PURGE, RESTORE, create, edit
from guanxi.rooms.processes.public import install_processes
from tests.digest import digest
from tests.people import World
from tests.room.models import Crumb, Thing
from tests.room.module import FINISH

THING = registry.entry("room.thing")


@pytest.fixture
def boss(world: World) -> Any:
    role = Role.objects.get(code="general_manager")
    RoleRight.objects.create(role=role, module="room.thing", action="*", scope=Scope.ALL)
    return world.ctx("general_manager")


def things(world: World, *names: str, **values: Any) -> list[Any]:
    return [create(world.system, "room.thing", confirmed=True, name=name, owner=world["li_wei"], **values).pk
            for name in names]  # fmt: skip


def columns(*names: str) -> list[tuple[Any, ...]]:
    return list(Thing.objects.order_by("name").values_list(*names))


def test_a_change_of_fields_is_put_back_except_where_somebody_worked_since(world: World, boss: Any) -> None:
    keys = things(world, "A", "B", "C", colours=["red"], tags="x")
    edit(world.system, "room.thing", keys[1], price="5", colours=["green"])
    before = columns("name", "price", "colours", "tags")
    batch = batches.begin(
        boss, THING, EDIT, keys, {"set": {"price": "7.50"}, "add": {"colours": ["blue"]}, "remove": {"tags": ["x"]}}
    )
    assert (batch.state, batch.done, batch.failed) == ("done", 3, 0)
    assert [row[1:] for row in columns("name", "colours", "tags")] == [
        (("red", "blue"), ()), (("green", "blue"), ()), (("red", "blue"), ()),
    ]  # fmt: skip
    edit(world.ctx("li_wei"), "room.thing", keys[2], notes="mine")
    batch = batches.undo(boss, batch)
    assert (batch.state, batch.undone) == ("partly", 2)
    assert columns("name", "price", "colours", "tags")[:2] == before[:2]
    assert Thing.objects.get(pk=keys[2]).colours == ("red", "blue")
    kept = batch.rows.get(state="kept")
    assert kept.record_id == keys[2] and "changed since" in str(kept.problems)
    with pytest.raises(Conflict):
        batches.undo(boss, batch)


def test_assigning_deleting_restoring_and_a_rooms_own_verb_are_put_back(world: World, boss: Any) -> None:
    keys = things(world, "A", "B")
    create(world.system, "room.crumb", thing=Thing.objects.get(pk=keys[0]), name="Crumb")
    before = columns("name", "owner", "department", "state", "notes", "deleted_at")
    for action, data in (
        (ASSIGN, {"set": {"owner": str(world["zhang_min"].pk)}}),
        (FINISH, {"set": {"remark": "done"}}),
        (DELETE, {}),
    ):
        batch = batches.begin(boss, THING, action, keys, data)
        assert batch.done == 2 and columns("name", "owner", "department", "state", "notes", "deleted_at") != before
        assert batches.undo(boss, batch).state == "undone"
        assert columns("name", "owner", "department", "state", "notes", "deleted_at") == before
        assert Crumb.objects.get().deleted_at is None
    batches.begin(boss, THING, DELETE, keys, {})
    restored = batches.begin(boss, THING, RESTORE, keys, {})
    batches.undo(boss, restored)
    assert Thing.objects.filter(deleted_at=None).count() == 0
    purged = batches.begin(boss, THING, PURGE, keys, {})
    assert purged.done == 2 and not batches.can_undo(boss, purged)
    with pytest.raises(Conflict):
        batches.undo(boss, purged)


def test_what_is_refused_is_told_for_each_record_and_only_warnings_can_be_confirmed(world: World, boss: Any) -> None:
    keys = things(world, "A", "B", "C")
    edit(world.system, "room.thing", keys[1], pieces="1")
    batches.begin(boss, THING, FINISH, keys[:1], {"set": {"remark": "x"}})
    batch = batches.begin(boss, THING, EDIT, keys, {"set": {"pieces": "200"}})
    assert (batch.done, batch.failed) == (0, 3)
    assert [row.is_warned for row in batch.rows.order_by("place")] == [False, True, True]
    batch = batches.begin(boss, THING, EDIT, keys, {"set": {"pieces": "200"}}, confirmed=True)
    assert (batch.done, batch.failed) == (2, 1)
    batch = batches.begin(boss, THING, EDIT, keys, {"set": {"pieces": "5000"}}, confirmed=True)
    assert batch.done == 0 and not any(row.is_warned for row in batch.rows.all())


@pytest.fixture
def priced(world: World) -> None:
    """A price of fifty needs the sales manager."""
    install_processes(world.now)
    ApprovalRule.objects.create(
        name="价格", module="room.thing", action="edit", process="approval.sales_manager", valid_from="2026-01-01",
        condition={"field": "name", "op": "equals", "value": "A"},
    )  # fmt: skip


def test_what_waits_for_approval_is_no_failure_and_leads_to_its_request(
    world: World, boss: Any, priced: None, client: Any
) -> None:
    keys = things(world, "A", "B")
    tried = batches.rehearse(boss.because("涨价"), THING, EDIT, keys, {"set": {"price": "50"}})
    assert [row.state for row in tried.tried_rows] == ["waiting", "done"]
    assert not PendingAction.objects.exists()
    batch = batches.begin(boss.because("涨价"), THING, EDIT, keys, {"set": {"price": "50"}})
    assert (batch.state, batch.done, batch.failed, batch.waiting) == ("done", 1, 0, 1)
    row, pending = batch.rows.get(state="waiting"), PendingAction.objects.get()
    assert (row.record_id, problems.request_of(row.problems)) == (pending.record_id, str(pending.pk))
    client.force_login(world["general_manager"])
    shown = client.get(f"/batches/{batch.pk}/").content.decode()
    assert f"/approvals/pendingaction/{pending.pk}/" in shown and "待审批" in shown
    kept = client.post(f"/batches/{batch.pk}/failures/")
    file = StoredFile.objects.get(pk=kept["Location"].split("/")[2])
    lines = read(file).rows
    assert [line[2] for line in lines] == ["待审批"] and lines[0][4].endswith(f"/approvals/pendingaction/{pending.pk}/")
    # Undone is only what was done.
    assert batches.undo(boss, batch).undone == 1
    assert batch.rows.get(record_id=pending.record_id).state == "waiting"


def test_a_rehearsal_leaves_nothing_behind(world: World, boss: Any) -> None:
    keys = things(world, "A", "B")
    before = digest(audit=True)
    tried = batches.rehearse(boss, THING, EDIT, keys, {"set": {"pieces": "5000"}})
    assert [row.state for row in tried.tried_rows] == ["failed", "failed"]
    assert digest(audit=True) == before


def test_many_are_a_job_that_goes_on_where_it_stopped_and_is_undone_by_another(
    world: World, boss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 3)
    monkeypatch.setattr(batches, "CHUNK", 2)
    keys = things(world, "A", "B", "C", "D", "E")
    batch = batches.begin(boss, THING, EDIT, keys, {"set": {"size": "l"}})
    assert batch.state == "running" and batch.job is not None and not Thing.objects.filter(size="l").exists()
    calls = []
    really = batches._do

    def dies_after_one_chunk(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("gone")
        really(*arguments)

    monkeypatch.setattr(batches, "_do", dies_after_one_chunk)
    run_job(batch.job.pk)
    assert Thing.objects.filter(size="l").count() == 2
    Job.objects.filter(pk=batch.job.pk).update(state=Job.State.QUEUED)
    run_job(batch.job.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 5) and set(columns("size", "version")) == {("l", 2)}
    batch = batches.undo(boss, batch)
    assert batch.state == "undoing" and batch.job is not None
    run_job(batch.job.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.undone) == ("undone", 5) and set(columns("size")) == {("",)}


def test_a_right_that_was_lost_meanwhile_no_longer_counts(
    world: World, boss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    batch = batches.begin(boss, THING, EDIT, things(world, "A"), {"set": {"size": "l"}})
    RoleRight.objects.filter(role__code="general_manager").delete()
    assert batch.job is not None
    run_job(batch.job.pk)
    batch.refresh_from_db()
    assert batch.state == "failed" and Thing.objects.get().size == ""


def test_a_batch_is_its_makers(world: World, boss: Any) -> None:
    keys = things(world, "A")
    mine = batches.begin(boss, THING, EDIT, keys, {"set": {"size": "l"}})
    other = world.ctx("sales_manager")
    with pytest.raises(NotFound):
        batches.batch_of(other, mine.pk)
    admin = world.ctx("system_admin")
    assert batches.batch_of(admin, mine.pk) == mine and not batches.can_undo(admin, mine)
    before = digest()
    with pytest.raises(NotAllowed):
        batches.undo(admin, mine)
    with pytest.raises(NotAllowed):
        batches.begin(world.ctx("finance"), THING, EDIT, keys, {"set": {"size": "s"}})
    assert digest() == before


def test_old_batches_forget_their_records(world: World, boss: Any) -> None:
    batch = batches.begin(boss, THING, EDIT, things(world, "A"), {"set": {"size": "l"}})
    assert batches.forget_batches(world.now) == 0
    assert batches.forget_batches(world.now + batches.KEPT_FOR * 2) == 1
    assert Batch.objects.get() == batch and not batches.can_undo(boss, batch)


def test_what_tells_records_apart_is_never_changed_for_many() -> None:
    names = {spec.name for spec in batches.changeable(THING)}
    assert {"colour", "tags", "price", "notes", "keeper"} <= names
    assert not names & {"name", "code", "email", "number", "state", "owner", "picture"}
