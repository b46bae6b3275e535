"""Onboarding after a deal: tasks of several departments, progress, what is late (SAL-05)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, NotFound, Refused
from guanxi.platform.notices.models import Notice
from guanxi.records import listing, registry
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import Task
from guanxi.rooms.engagement.public import COMPLETE_TASK
from guanxi.rooms.sales.actions.opportunities import WIN_OPPORTUNITY
from guanxi.rooms.sales.actions.projects import BEGIN_PROJECT, FINISH_PROJECT, GIVE_STEP, GIVE_UP_PROJECT
from guanxi.rooms.sales.models import Opportunity, Project
from guanxi.rooms.sales.public import install_pipeline
from guanxi.rooms.sales.rules import all_is_done, due_within, may_link_deal
from tests.people import World

pytestmark = pytest.mark.clause("SAL-05")
OPPORTUNITY, PROJECT, TASK = "sales.opportunity", "sales.project", "engagement.task"
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def deal(world: World) -> Opportunity:
    """An opportunity of 李伟 that is still in pursuit."""
    install_pipeline(world.now)
    ctx = world.ctx("li_wei")
    customer = create(ctx, "customers.customer", confirmed=True, name="宜宾江北酒业有限公司")
    made: Opportunity = create(
        ctx, OPPORTUNITY, name="专卖店形象升级", customer=customer, expected_on="2026-12-31", amount="130000"
    )
    return made


@pytest.fixture
def project(world: World, deal: Opportunity) -> Project:
    """The project that follows the deal, until 31 December."""
    ctx = world.ctx("li_wei")
    run(WIN_OPPORTUNITY, ctx, OPPORTUNITY, deal, {"note": "按季度分批提货。"})
    deal.refresh_from_db()
    made: Project = run(BEGIN_PROJECT, ctx, OPPORTUNITY, deal, {"due_on": "2026-12-31"})
    return made


def give(world: World, project: Project, owner: str, day: str, subject: str = "装修方案") -> Task:
    project.refresh_from_db()
    values: dict[str, Any] = {"subject": subject, "owner": str(world[owner].pk), "due_on": day}
    made: Task = run(GIVE_STEP, world.ctx("li_wei"), PROJECT, project, values)
    return made


def test_a_project_follows_a_deal_and_is_linked_to_it(project: Project, deal: Opportunity) -> None:
    assert (project.opportunity, project.customer) == (deal, deal.customer)
    assert (project.name, project.goal, project.number) == ("专卖店形象升级", "按季度分批提货。", "XM-2026-0001")
    assert (project.progress, project.tasks_open, project.open_until) == (0, 0, None)


def test_nothing_follows_a_deal_that_was_not_made(world: World, deal: Opportunity) -> None:
    ctx = world.ctx("li_wei")
    with pytest.raises(Conflict):
        run(BEGIN_PROJECT, ctx, OPPORTUNITY, deal, {"due_on": "2026-12-31"})
    with pytest.raises(Refused, match="尚未成交"):
        create(ctx, PROJECT, name="x", customer=deal.customer, opportunity=deal, due_on="2026-12-31")
    other = create(ctx, "customers.customer", confirmed=True, name="泸州纳溪酒业有限公司")
    with pytest.raises(Refused, match="另一客户"):
        create(ctx, PROJECT, name="x", customer=other, opportunity=deal, due_on="2026-12-31")
    assert not Project.objects.exists()


def test_each_department_has_its_tasks_and_the_progress_counts_them(world: World, project: Project) -> None:
    """Two of three done is 66 per cent; the next one is due on the earliest day of what is open."""
    first = give(world, project, "finance", "2026-12-05", "开票资料")
    second = give(world, project, "storekeeper", "2026-12-01", "首批备货")
    third = give(world, project, "service", "2026-12-20", "培训店员")
    assert {task.department.name for task in (first, second, third) if task.department} == {
        "财务部", "仓储部", "客服部",
    }  # fmt: skip
    assert Notice.objects.filter(person=world["storekeeper"], title__contains="首批备货").count() == 1
    assert world.ctx("storekeeper").search(TASK).filter(pk=second.pk).exists()
    project.refresh_from_db()
    assert (project.progress, project.tasks_open, project.open_until) == (0, 3, datetime.date(2026, 12, 1))
    for task, owner in ((first, "finance"), (second, "storekeeper")):
        run(COMPLETE_TASK, world.ctx(owner), TASK, task, {"result": "已办"})
    project.refresh_from_db()
    assert (project.progress, project.tasks_open, project.open_until) == (66, 1, datetime.date(2026, 12, 20))


def test_what_is_late_is_seen_in_the_list(world: World, project: Project) -> None:
    give(world, project, "finance", "2026-11-30")
    module = registry.module(PROJECT)

    def late_on(day: int) -> list[Any]:
        ctx = world.ctx("sales_manager", now=datetime.datetime(2026, 12, day, 2, tzinfo=datetime.UTC))
        return list(listing.page(ctx, module, listing.Query(view="late")).rows)

    assert late_on(1) == [project]
    task = Task.objects.get(project=project)
    run(COMPLETE_TASK, world.ctx("finance"), TASK, task, {"result": "已办"})
    assert late_on(1) == []


def test_it_is_finished_once_nothing_is_open(world: World, project: Project) -> None:
    task = give(world, project, "finance", "2026-12-05")
    ctx = world.ctx("li_wei")
    project.refresh_from_db()
    with pytest.raises(Refused, match="1 项任务"):
        run(FINISH_PROJECT, ctx, PROJECT, project, {})
    run(COMPLETE_TASK, world.ctx("finance"), TASK, task, {"result": "已办"})
    project.refresh_from_db()
    run(FINISH_PROJECT, ctx, PROJECT, project, {"note": "按期开业"})
    project.refresh_from_db()
    assert (project.state, project.progress, project.closing) == ("finished", 100, "按期开业")
    with pytest.raises(Conflict):
        give(world, project, "finance", "2026-12-06")


def test_others_neither_see_it_nor_end_it(world: World, project: Project) -> None:
    with pytest.raises(NotFound):
        world.ctx("zhang_min").get(PROJECT, project.pk)
    with pytest.raises(NotFound):
        run(GIVE_UP_PROJECT, world.ctx("zhang_min", reason="不做了"), PROJECT, project, {})


def test_rules() -> None:
    assert may_link_deal(is_won=True, is_theirs=True).allowed
    assert not may_link_deal(is_won=False, is_theirs=True).allowed
    assert due_within(TODAY, TODAY).allowed and not due_within(TODAY - datetime.timedelta(days=1), TODAY).allowed
    last = datetime.date(2026, 12, 31)
    assert due_within(last, TODAY, last).allowed and not due_within(datetime.date(2027, 1, 1), TODAY, last).allowed
    assert all_is_done(0).allowed and not all_is_done(1).allowed
