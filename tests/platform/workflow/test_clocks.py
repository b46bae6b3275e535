"""Timers: when they ring, that they ring once, what becomes of them when the step is done before."""

from __future__ import annotations

import datetime

import pytest

from guanxi.platform.calendar.working_hours import after_working_hours
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import running, upkeep, versions
from guanxi.platform.workflow.diagrams import read
from guanxi.platform.workflow.models import Deed, ProcessInstance, Timer, WorkItem
from guanxi.records.approvals.asking import PURPOSE
from tests.people import World
from tests.platform.workflow.drawn import START, choice, end, flow, process, task
from tests.platform.workflow.test_diagrams import wrong_with
from tests.platform.workflow.test_running import begin, decide, fresh, waiting

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def clock(key: str, host: str = "", interrupts: bool = True, **more: object) -> str:
    """A timer, on the way or at the border of a step."""
    kind = "boundaryEvent" if host else "intermediateCatchEvent"
    at = f' attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}"' if host else ""
    ours = "".join(f' guanxi:{name}="{value}"' for name, value in more.items())
    return f'<{kind} id="{key}"{at}{ours}><timerEventDefinition/></{kind}>'


def escalating(interrupts: bool = True) -> str:
    """The sales manager has two working days; then the general manager is asked, instead or as well."""
    return process(
        START, task("boss"), clock("late", "boss", interrupts, days=2), task("above", "role:general_manager"),
        choice("said", "said-yes"), end("yes", "approved"), end("no", "refused"),
        flow("start", "boss"), flow("boss", "said"), flow("late", "above"), flow("above", "said"),
        flow("said", "yes"), flow("said", "no", 'outcome == "refuse"'),
    )  # fmt: skip


def pausing(**time: object) -> str:
    return process(
        START, clock("pause", **time), task("a", outcomes="done"), end("e"),
        flow("start", "pause"), flow("pause", "a"), flow("a", "e"),
    )  # fmt: skip


# Begun on Saturday 21 November 2026 at 10:24: two working days later is Tuesday the 24th, at the same time.
TUESDAY = datetime.datetime(2026, 11, 24, 10, 24, tzinfo=CHINA)


def test_a_late_step_goes_to_somebody_else(world: World) -> None:
    instance = begin(world, escalating())
    assert Timer.objects.get().due_at == TUESDAY
    upkeep.ring_what_is_due(TUESDAY - datetime.timedelta(seconds=1))
    assert set(waiting(instance)) == {"sales_manager"}
    upkeep.ring_what_is_due(TUESDAY)
    assert set(waiting(instance)) == {"general_manager"}
    decide(world, instance, "general_manager")
    done = fresh(instance)
    assert (done.outcome, Timer.objects.get().state) == ("approved", Timer.State.RUNG)
    deeds = [entry.deed for entry in done.trail.order_by("id")]
    assert deeds == [Deed.STARTED, Deed.RANG, Deed.DECIDED, Deed.ENDED]


def test_done_in_time_nothing_rings(world: World) -> None:
    instance = begin(world, escalating())
    decide(world, instance, "sales_manager")
    assert Timer.objects.get().state == Timer.State.NEEDLESS
    upkeep.ring_what_is_due(TUESDAY + datetime.timedelta(days=9))
    assert (fresh(instance).outcome, waiting(instance)) == ("approved", {})


def test_a_timer_that_does_not_end_the_step_asks_somebody_as_well(world: World) -> None:
    instance = begin(world, escalating(interrupts=False))
    upkeep.ring_what_is_due(TUESDAY)
    assert set(waiting(instance)) == {"sales_manager", "general_manager"}
    decide(world, instance, "sales_manager", "refuse", "不行")
    assert (fresh(instance).outcome, waiting(instance)) == ("refused", {})


def test_it_rings_once_whatever_the_clock_does(world: World) -> None:
    instance = begin(world, escalating())
    key = Timer.objects.get().pk
    assert running.ring(key, TUESDAY)
    # The clock is set back an hour, then right again; a second worker comes along.
    for moment in (TUESDAY - datetime.timedelta(hours=1), TUESDAY, TUESDAY):
        assert not running.ring(key, moment)
        upkeep.ring_what_is_due(moment)
    assert WorkItem.objects.filter(instance=instance, node="above").count() == 1


def test_withdrawn_it_rings_no_more(world: World) -> None:
    instance = begin(world, escalating())
    running.withdraw(instance, world["li_wei"], "", world.now)
    upkeep.ring_what_is_due(TUESDAY)
    assert (fresh(instance).state, Timer.objects.get().state) == (ProcessInstance.State.WITHDRAWN, "needless")


def test_sent_back_the_timer_begins_anew(world: World) -> None:
    xml = process(
        START, task("first", "role:sales_manager"), clock("late", "first", days=2),
        task("second", "role:general_manager"),
        choice("said", "said-yes"), end("yes", "approved"), end("no", "refused"), flow("start", "first"),
        flow("first", "second"), flow("late", "no"), flow("second", "said"), flow("said", "yes"),
        flow("said", "no", 'outcome == "refuse"'),
    )  # fmt: skip
    instance = begin(world, xml)
    decide(world, instance, "sales_manager")
    item = waiting(instance)["general_manager"]
    running.send_back(item, world["general_manager"], "first", "再看看", world.now + datetime.timedelta(days=2))
    assert set(waiting(instance)) == {"sales_manager"}
    upkeep.ring_what_is_due(TUESDAY)
    assert fresh(instance).state == ProcessInstance.State.RUNNING
    # Sent back on Monday: two working days later is Wednesday.
    upkeep.ring_what_is_due(TUESDAY + datetime.timedelta(days=1))
    assert (fresh(instance).outcome, waiting(instance)) == ("refused", {})


def test_a_pause_on_the_way(world: World) -> None:
    instance = begin(world, pausing(hours=10))
    # Saturday is no working day: Monday has nine hours, the tenth is worked on Tuesday.
    assert Timer.objects.get().due_at == datetime.datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
    assert waiting(instance) == {}
    upkeep.ring_what_is_due(TUESDAY)
    assert set(waiting(instance)) == {"sales_manager"}


def test_one_that_cannot_go_on_hinders_no_other(world: World) -> None:
    stuck = begin(world, pausing(days=1).replace("role:sales_manager", "role:risk_control"))
    other = begin(world, pausing(days=1).replace("test.process", "test.other"))
    for who in ("risk", "general_manager"):
        Person.objects.filter(username=who).update(is_active=False)
    upkeep.ring_what_is_due(TUESDAY)
    assert (waiting(stuck), set(waiting(other))) == ({}, {"sales_manager"})
    Person.objects.filter(username="risk").update(is_active=True)
    upkeep.ring_what_is_due(TUESDAY)
    assert set(waiting(stuck)) == {"risk"}


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        # Friday 20 November 2026, 17:00: one hour is left of the day, the rest is worked on Monday from nine.
        ((2026, 11, 20, 17), 3, (2026, 11, 23, 11)),
        ((2026, 11, 20, 6), 9, (2026, 11, 20, 18)),
        ((2026, 11, 20, 20), 1, (2026, 11, 23, 10)),
        # National Day 2026 lasts until 7 October; Thursday the 8th is worked.
        ((2026, 9, 30, 17), 2, (2026, 10, 8, 10)),
    ],
)
def test_hours_that_are_worked(db: None, since: tuple[int, ...], hours: int, until: tuple[int, ...]) -> None:
    start, due = (datetime.datetime(*given, tzinfo=CHINA) for given in (since, until))  # type: ignore[arg-type]
    assert after_working_hours(start, hours, 9, 18) == due


def test_no_timer_says_yes(world: World) -> None:
    def rung(to: str) -> str:
        return escalating().replace(flow("late", "above"), flow("late", to))

    alone = task("above", "role:general_manager")
    for to, asks in (("yes", False), ("no", True)):
        xml = rung(to).replace(alone, "").replace(flow("above", "said"), "")
        assert read(xml).always_asks is asks
        assert versions.serves(read(xml), PURPOSE) is asks
    assert read(escalating()).always_asks


@pytest.mark.parametrize("wrong", [{}, {"days": 0}, {"days": 2, "hours": 3}, {"hours": "PT1H"}, {"days": 9999}])
def test_a_timer_needs_one_time(wrong: dict[str, object]) -> None:
    assert "needs either working days or working hours" in wrong_with(pausing(**wrong))


def test_a_timer_stands_at_a_step_or_on_the_way() -> None:
    assert "border of a step" in wrong_with(escalating().replace('attachedToRef="boss"', 'attachedToRef="said"'))
    assert "border of a step" in wrong_with(pausing(days=1).replace("intermediateCatchEvent", "boundaryEvent"))
