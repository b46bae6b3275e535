"""Processes begun by hand, copies for information, tables in their form, numbered templates (PRC-01, PRC-02)."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.platform.workflow import running, tables, versions
from guanxi.platform.workflow.models import Copied, DecisionTable, Deed, ProcessInstance, WorkItem
from guanxi.records.actions import run
from guanxi.records.standard import action_of, create
from guanxi.rooms.processes.module import COPIED, INSTANCE, TABLE, WORK_ITEM
from guanxi.rooms.processes.public import install_processes
from guanxi.rooms.processes.queries import waits_of
from tests.digest import digest
from tests.people import World
from tests.web.conftest import browser, text_of

__all__ = ["browser"]
PLAN = "plan.review"
State = WorkItem.State


@pytest.fixture(autouse=True)
def shipped(world: World) -> None:
    install_processes(world.now)


def start(world: World, who: str = "li_wei", process: str = PLAN, **more: str) -> ProcessInstance:
    action = action_of(INSTANCE, "start_process")
    assert action is not None
    begun: ProcessInstance = run(
        action, world.ctx(who), INSTANCE, None, {"process": process, "subject": "方案", **more}
    )
    return begun


def act(world: World, who: str, name: str, item: WorkItem, comment: str = "", **more: Any) -> Any:
    action = action_of(WORK_ITEM, name)
    assert action is not None
    return run(action, world.ctx(who), WORK_ITEM, item, {"comment": comment, **more})


def waiting(instance: ProcessInstance) -> WorkItem:
    return WorkItem.objects.get(instance=instance, state=State.OPEN)


# ---- A numbered flow -------------------------------------------------------------------------------------------------


@pytest.mark.clause("PRC-01")
def test_a_template_runs_step_by_step_to_its_defined_end(world: World) -> None:
    instance = start(world)
    diagram = versions.diagram_of(instance.process)
    assert [step.name for step in diagram.steps] == ["1 起草方案", "2 上级审核", "3 总经理审核", "4 印发并归档"]
    asked = []
    for who, name in (
        ("li_wei", "complete"), ("sales_manager", "answer_yes"), ("general_manager", "answer_yes"),
        ("archivist", "complete"),
    ):  # fmt: skip
        item = waiting(instance)
        asked.append((item.node, item.owner.username))
        assert ProcessInstance.objects.get(pk=instance.pk).state == "running"
        act(world, who, name, item)
    assert asked == [
        ("draft", "li_wei"), ("review", "sales_manager"), ("final_review", "general_manager"), ("issue", "archivist"),
    ]  # fmt: skip
    assert ProcessInstance.objects.get(pk=instance.pk).state == "ended"
    assert not WorkItem.objects.filter(instance=instance, state=State.OPEN).exists()


@pytest.mark.clause("PRC-01")
def test_no_step_is_done_by_another_role_or_before_its_predecessor(world: World) -> None:
    instance = start(world)
    draft = waiting(instance)
    before = digest()
    for who in ("sales_manager", "archivist", "system_admin", "wang_fang"):
        with pytest.raises((NotFound, NotAllowed)):
            act(world, who, "complete", draft)
    assert digest() == before
    # What comes later is asked of nobody: there is nothing yet that the general manager could decide.
    assert not WorkItem.objects.filter(instance=instance).exclude(node="draft").exists()
    act(world, "li_wei", "complete", draft)
    with pytest.raises(Conflict):
        act(world, "li_wei", "complete", draft)
    with pytest.raises((NotFound, NotAllowed)):
        act(world, "general_manager", "answer_yes", waiting(instance))
    assert waiting(instance).node == "review"


@pytest.mark.clause("PRC-02")
def test_no_at_a_review_returns_the_work_to_who_drafted_it(world: World) -> None:
    instance = start(world)
    act(world, "li_wei", "complete", waiting(instance))
    review = waiting(instance)
    for who in ("li_wei", "general_manager", "archivist"):
        with pytest.raises((NotFound, NotAllowed)):
            act(world, who, "answer_no", review, "不同意")
    with pytest.raises(Invalid):
        act(world, "sales_manager", "answer_no", review, " ")
    assert waiting(instance) == review
    act(world, "sales_manager", "answer_no", review, "第三条没有责任人")
    again = waiting(instance)
    assert (again.node, again.owner.username, again.pk == review.pk) == ("draft", "li_wei", False)
    kept = instance.trail.get(deed=Deed.DECIDED, node="review")
    assert (kept.person, kept.outcome, kept.comment, kept.at) == (
        world["sales_manager"], "no", "第三条没有责任人", world.now,
    )  # fmt: skip
    act(world, "li_wei", "complete", again)
    act(world, "sales_manager", "answer_yes", waiting(instance))
    act(world, "general_manager", "answer_no", waiting(instance), "预算过高")
    assert waiting(instance).node == "draft"


# ---- Begun by hand ---------------------------------------------------------------------------------------------------


def test_a_process_is_begun_from_a_record(browser: Any, world: World) -> None:
    customer = create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="成都锦江大酒店", city="成都")
    mine = browser("li_wei")
    assert f"/processes/start/?module=customers.customer&amp;record={customer.pk}" in text_of(
        mine.get(f"/customers/customer/{customer.pk}/")
    )
    form = {"module": "customers.customer", "record": str(customer.pk)}
    page = text_of(mine.get("/processes/start/", form))
    assert "成都锦江大酒店" in page and PLAN in page and "approval.superior" not in page
    answer = mine.post("/processes/start/", {**form, "process": PLAN, "subject": "年度方案"})
    instance = ProcessInstance.objects.get()
    assert answer["Location"] == f"/workflow/processinstance/{instance.pk}/"
    assert (instance.module, instance.record_id, instance.owner) == ("customers.customer", customer.pk, world["li_wei"])
    assert instance.figures["owner"] == str(world["li_wei"].pk) and "name" not in instance.figures
    assert browser("zhang_min").get("/processes/start/", form).status_code == 404


def test_who_is_not_named_does_not_begin_it(world: World) -> None:
    before = digest()
    for process in ("approval.superior", "approval.graded"):
        with pytest.raises(NotAllowed):
            start(world, process=process)
    with pytest.raises(Conflict):
        start(world, process="no.such")
    customer = create(world.ctx("zhang_min"), "customers.customer", confirmed=True, name="上海外滩酒店", city="上海")
    after = digest()
    with pytest.raises(NotFound):
        start(world, module="customers.customer", record=str(customer.pk))
    assert digest() == after and before != after and not ProcessInstance.objects.exists()


# ---- Copies ----------------------------------------------------------------------------------------------------------


def test_who_is_named_gets_a_copy_and_takes_note(browser: Any, world: World) -> None:
    instance = start(world)
    for who, name in (
        ("li_wei", "complete"), ("sales_manager", "answer_yes"), ("general_manager", "answer_yes"),
        ("archivist", "complete"),
    ):  # fmt: skip
        act(world, who, name, waiting(instance), "已印发" if name == "complete" else "")
    copies = {copy.owner.username: copy for copy in Copied.objects.all()}
    assert set(copies) == {"li_wei", "sales_manager"} and copies["li_wei"].comment == "已印发"
    assert world["li_wei"].notices.filter(module="workflow.copied").count() == 1
    mine = copies["li_wei"]
    client = browser("li_wei")
    assert "方案" in text_of(client.get("/workflow/copied/?view=unread"))
    assert "<svg" in text_of(client.get(f"/workflow/copied/{mine.pk}/"))
    assert browser("wang_fang").get(f"/workflow/copied/{mine.pk}/").status_code == 404
    note = action_of(COPIED, "note_copy")
    assert note is not None
    with pytest.raises((NotFound, NotAllowed)):
        run(note, world.ctx("wang_fang"), COPIED, mine)
    run(note, world.ctx("li_wei"), COPIED, mine)
    mine.refresh_from_db()
    assert mine.read_at == world.now


def test_one_sends_a_copy_by_hand(world: World) -> None:
    instance = start(world)
    act(world, "li_wei", "copy_to", waiting(instance), "供参考", other=world["finance"])
    copy = Copied.objects.get()
    assert (copy.owner, copy.sender, copy.comment) == (world["finance"], world["li_wei"], "供参考")
    assert instance.trail.get(deed=Deed.COPIED).other == world["finance"]
    assert waiting(instance).owner == world["li_wei"]
    world["clerk"].is_active = False
    world["clerk"].save()
    before = digest()
    with pytest.raises(Invalid):
        act(world, "li_wei", "copy_to", waiting(instance), other=world["clerk"])
    assert digest() == before


# ---- Figures ---------------------------------------------------------------------------------------------------------


def test_how_long_a_step_lets_people_wait(world: World) -> None:
    instance = start(world)
    for hours in (2, 6, 10):
        item = WorkItem.objects.create(
            instance=instance, node="review", round=instance.pk, step="审核", process="p", subject="s",
            starter=world["li_wei"], owner=world["sales_manager"], state=State.DONE, created_at=world.now,
        )  # fmt: skip
        WorkItem.objects.filter(pk=item.pk).update(done_at=world.now.replace(hour=2 + hours))
    draft, review = waits_of(instance.process)[:2]
    assert (draft.waiting, draft.count) == (1, 0)
    assert (review.count, review.median, review.longest, review.slowest) == (3, 6.0, 10.0, "陈慧敏")


# ---- Tables ----------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_table_are_written_in_a_form(browser: Any, world: World) -> None:
    used = tables.in_use("approval.level")
    new = action_of(TABLE, "new_draft")
    assert new is not None
    draft: DecisionTable = run(new, world.ctx("system_admin"), TABLE, used)
    admin = browser("system_admin")
    address = f"/processes/table/{draft.pk}/"
    assert "erase_subject" in text_of(admin.get(address))
    form = {
        "version": str(draft.version), "title": "审批级别", "hit": "FIRST", "in-0": "action", "out-0": "level",
        "cell-0-0": '"delete"', "result-0-0": '"two"', "cell-1-0": "", "result-1-0": '"one"',
    }  # fmt: skip
    before = digest()
    bad = admin.post(address, {**form, "cell-0-0": "delete()"})
    assert bad.status_code == 422 and "delete()" in text_of(bad) and digest() == before
    assert text_of(admin.post(address, {**form, "more": "1"})).count("note-") > 10
    assert admin.post(address, form).status_code == 302
    draft.refresh_from_db()
    assert tables.table_of(draft).decide({"action": "merge"}) == (2, {"level": "one"})
    publish = action_of(TABLE, "publish")
    assert publish is not None
    run(publish, world.ctx("system_admin"), TABLE, draft)
    assert tables.in_use("approval.level") == draft
    assert "delete" in text_of(admin.get(f"/workflow/decisiontable/{draft.pk}/"))
    assert admin.get(f"/processes/table/{draft.pk}/file/").content.decode() == draft.source
    with pytest.raises(NotAllowed):
        run(new, world.ctx("sales_manager"), TABLE, draft)


def test_before_many_are_approved_the_page_says_what_would_become_of_each(browser: Any, world: World) -> None:
    bulk, single = (
        running.start(versions.in_use(key), world["li_wei"], title, world.now)
        for key, title in (("approval.superior", "可批量"), ("approval.two_levels", "须逐件"))
    )
    items = [waiting(instance) for instance in (bulk, single)]
    manager = browser("sales_manager")
    before = digest()
    address = "/workflow/workitem/bulk/approve/"
    page = text_of(manager.post(address, {"pk": [str(item.pk) for item in items]}))
    assert "可批量" in page and "须逐件" in page and "This step is decided one by one" in page and digest() == before
    manager.post(address, {"pk": [str(item.pk) for item in items], "go": "1"})
    states = {row.subject: row.state for row in ProcessInstance.objects.all()}
    assert states == {"可批量": "ended", "须逐件": "running"}
