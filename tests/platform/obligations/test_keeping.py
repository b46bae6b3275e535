"""Duties are opened once, kept in time or late, handed over and dropped; days count as China works."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

import pytest

from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.duties import Duty, declared, find
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.models import KEY_LENGTH, Obligation, State
from guanxi.platform.verify.checks import run_checks
from guanxi.records import references
from tests.digest import digest
from tests.people import World

DAY = datetime.date


def at(day: str) -> datetime.datetime:
    """Noon of a day in Shanghai."""
    return datetime.datetime.fromisoformat(f"{day}T12:00+08:00")


def owe(duty: Duty, world: World, who: str = "li_wei", key: str = "1", **more: Any) -> Obligation:
    given = {"due_on": DAY(2026, 11, 24), "at": world.now, "subject": "成都川兴酒业", **more}
    return keeping.open_duty(duty, key=key, owner=world[who], **given)


# ---- What is declared ------------------------------------------------------------------------------------------------


def test_a_kind_of_duty_is_declared_once_and_has_a_sound_name(declare: Any) -> None:
    duty = declare()
    assert find("test.report") is duty and duty in declared()
    for name, wrong in (("test.report", "twice"), ("Report", "not a duty"), ("test.of.many", "not a duty")):
        with pytest.raises(ValueError, match=wrong):
            Duty(name)
    with pytest.raises(ValueError, match="negative"):
        Duty("test.early", remind_days=-1)
    assert find("test.early") is None


@pytest.mark.parametrize(
    ("begins", "days", "due"),
    [
        # Friday to Tuesday: the weekend does not count.
        ("2026-11-20", 2, "2026-11-24"),
        # National holiday 1 to 7 October 2026; Saturday the 10th and Sunday 20 September are worked instead.
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),
        # Inside the holiday: the first day of work is the first that counts.
        ("2026-10-03", 1, "2026-10-08"),
    ],
)
@pytest.mark.clause("WF-10")
def test_periods_count_the_days_on_which_china_works(world, declare: Any, begins: str, days: int, due: str) -> None:
    assert declare(days=days).due_after(DAY.fromisoformat(begins)) == DAY.fromisoformat(due)


def test_a_period_may_count_every_day_and_a_kind_without_one_needs_a_day(world, declare: Any) -> None:
    assert declare(days=14, working=False).due_after(DAY(2026, 9, 25)) == DAY(2026, 10, 9)
    with pytest.raises(ValueError, match="no period of its own"):
        declare("test.open").due_after(DAY(2026, 9, 25))


def test_reminders_and_superiors_have_their_days(world, declare: Any) -> None:
    duty = declare(remind_days=2, escalate=1)
    # Due on Thursday 8 October, the first day of work after the holiday: two working days before it is 29 September.
    assert duty.remind_on(DAY(2026, 10, 8)) == DAY(2026, 9, 29)
    assert duty.escalate_on(DAY(2026, 10, 8)) == DAY(2026, 10, 10)
    plain = declare("test.plain", remind_days=0)
    assert (plain.remind_on(DAY(2026, 10, 8)), plain.escalate_on(DAY(2026, 10, 8))) == (
        DAY(2026, 10, 8), DAY(2026, 10, 9),
    )  # fmt: skip
    assert declare("test.quiet", remind_days=None).remind_on(DAY(2026, 10, 8)) is None


# ---- Opening ---------------------------------------------------------------------------------------------------------


def test_opening_twice_changes_nothing(world: World, declare: Any) -> None:
    duty = declare()
    first = owe(duty, world)
    before = digest()
    again = owe(duty, world, "wang_fang", due_on=DAY(2027, 1, 1), subject="另一个")
    assert (again.pk, again.owner, again.due_on) == (first.pk, world["li_wei"], DAY(2026, 11, 24))
    assert digest() == before
    assert first.department == world["li_wei"].department
    assert (first.remind_on, first.escalate_on) == (DAY(2026, 11, 23), DAY(2026, 11, 25))


def test_many_are_opened_at_once_and_only_those_that_are_missing(world: World, declare: Any) -> None:
    duty = declare(days=1)
    openings = [Opening(str(n), world["li_wei"], f"客户{n}") for n in range(2500)]
    assert keeping.open_many(duty, openings[:10], world.now) == 10
    assert keeping.open_many(duty, [*openings, openings[3]], world.now) == 2490
    assert Obligation.objects.filter(duty=duty.name, due_on=DAY(2026, 11, 23)).count() == 2500


def test_a_key_that_does_not_fit_is_refused(world: World, declare: Any) -> None:
    duty = declare()
    with pytest.raises(ValueError, match="at most"):
        owe(duty, world, key="x" * (KEY_LENGTH + 1))
    assert not Obligation.objects.exists()


# ---- Settling --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("WF-10")
@pytest.mark.parametrize(
    ("done", "state", "late"),
    [
        ("2026-11-20", State.KEPT, None),
        ("2026-11-24", State.KEPT, None),
        ("2026-11-25", State.LATE, 1),
        # Due on Tuesday, done the Monday after: Wednesday to Friday and Monday.
        ("2026-11-30", State.LATE, 4),
    ],
)
def test_what_is_done_late_is_accepted_and_marked(
    world: World, declare: Any, done: str, state: State, late: int | None
) -> None:
    duty, paper = declare(), uuid4()
    owe(duty, world)
    row = keeping.discharge(duty, key="1", by=world["clerk"], at=at(done), evidence=("customers.customer", paper))
    assert row is not None
    row.refresh_from_db()
    assert (row.state, row.days_late, row.discharged_by) == (state, late, world["clerk"])
    assert (row.evidence_module, row.evidence_id) == ("customers.customer", paper)
    assert not run_checks(["obligations.lateness", "obligations.known"])[0].findings


def test_done_on_the_days_off_after_its_day_is_late_by_one(world: World, declare: Any) -> None:
    duty = declare()
    owe(duty, world, due_on=DAY(2026, 9, 30))
    row = keeping.discharge(duty, key="1", by=world["li_wei"], at=at("2026-10-02"))
    assert row is not None and (row.state, row.days_late) == (State.LATE, 1)


def test_the_day_ends_at_midnight_in_china(world: World, declare: Any) -> None:
    duty = declare()
    for key, moment in (("a", "2026-11-24T23:59:59+08:00"), ("b", "2026-11-25T00:00+08:00")):
        owe(duty, world, key=key)
        keeping.discharge(duty, key=key, by=None, at=datetime.datetime.fromisoformat(moment))
    states = Obligation.objects.order_by("key").values_list("state", flat=True)
    assert list(states) == [State.KEPT, State.LATE]


def test_what_is_settled_stays_so_and_what_nobody_owes_is_no_error(world: World, declare: Any) -> None:
    duty = declare()
    owe(duty, world)
    keeping.drop(duty, key="1", reason=Message("This job has already ended."), at=world.now)
    before = digest()
    for settle in (
        lambda: keeping.discharge(duty, key="1", by=world["li_wei"], at=world.now),
        lambda: keeping.hand_over(duty, key="1", to=world["wang_fang"], at=world.now),
        lambda: owe(duty, world),
    ):
        row = settle()
        assert row is not None and row.state == State.DROPPED
    assert keeping.discharge(duty, key="2", by=None, at=world.now) is None
    assert keeping.drop(duty, key="2", reason="x", at=world.now) is None
    assert digest() == before
    assert Obligation.objects.get().remark == "这个任务已经结束。"


# ---- Handing over ----------------------------------------------------------------------------------------------------


def test_handing_over_keeps_the_day_tells_the_new_owner_and_goes_on_record(world: World, declare: Any) -> None:
    duty = declare()
    row = owe(duty, world)
    keeping.hand_over(duty, key="1", to=world["zhang_min"], at=world.now, by=world["sales_manager"])
    row.refresh_from_db()
    assert (row.owner, row.department) == (world["zhang_min"], world["zhang_min"].department)
    assert (row.due_on, row.state) == (DAY(2026, 11, 24), State.OPEN)
    (notice,) = Notice.objects.filter(person=world["zhang_min"])
    assert "上报 · 成都川兴酒业" in notice.title and notice.record_id == row.pk
    (entry,) = AuditEntry.objects.filter(record_id=row.pk)
    assert (entry.action, entry.actor) == ("hand_over", world["sales_manager"])
    assert [side["title"] for side in entry.changes["owner"]] == ["李伟", "张敏"]


def test_open_items_are_asked_by_kind_person_and_record(world: World, declare: Any) -> None:
    duty, other, about = declare(), declare("test.other"), uuid4()
    later = owe(duty, world, key="a", due_on=DAY(2026, 12, 1))
    sooner = owe(duty, world, key="b", module="customers.customer", record_id=about)
    owe(other, world, "wang_fang", key="a")
    keeping.drop(duty, key=owe(duty, world, key="c").key, reason="x", at=world.now)
    assert list(keeping.open_items(duty)) == [sooner, later]
    assert list(keeping.open_items(owner=world["wang_fang"]).values_list("duty", flat=True)) == ["test.other"]
    assert list(keeping.open_items(module="customers.customer", record_id=about)) == [sooner]


def test_a_record_that_goes_for_good_leaves_no_name_and_nobody_owes_it(world: World, declare: Any) -> None:
    duty, about = declare(), uuid4()
    open_, done = (
        owe(duty, world, key=key, module="customers.customer", record_id=about, within=about) for key in "ab"
    )
    keeping.discharge(duty, key="b", by=world["li_wei"], at=world.now, remark="电话联系")
    references.forget("customers.customer", [about])
    for row, state in ((open_, State.DROPPED), (done, State.KEPT)):
        row.refresh_from_db()
        assert (row.state, row.subject, row.remark, row.record_id, row.within_id) == (state, "", "", None, None)
        assert str(row) == "上报"
