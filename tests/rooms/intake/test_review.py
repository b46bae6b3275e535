"""A company becomes a customer by a file that the manager approved, and by no other door (WF-06, WF-09, WF-13)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.workflow.models import ProcessInstance, WorkItem
from guanxi.records.actions import run, run_many
from guanxi.records.importing.running import import_file
from guanxi.records.standard import CREATE, DELETE, EDIT, create, judge_new
from guanxi.records.work import Item
from guanxi.rooms.customers.models import Contact, Customer
from guanxi.rooms.intake.actions import CLOSE_FILE, ENTER_FILE, SUBMIT_FILE
from guanxi.rooms.intake.models import Assignment, InformationFile
from guanxi.rooms.intake.queries import FILE
from guanxi.rooms.processes.public import APPROVE
from tests.digest import digest
from tests.rooms.intake.conftest import WORK_ITEM, shanghai

CUSTOMER = "customers.customer"


def clauses(problem: Refused) -> list[str]:
    return [reason.clause for reason in problem.decision.blocking]


@pytest.mark.clause("WF-09")
@pytest.mark.clause("WF-13")
def test_the_approved_file_becomes_a_customer_of_who_collected_it(world, collect, review):
    file = review(
        collect(contact="罗敏", phone="13800138000", urgency="urgent", demand_size="large", source="trade_fair")
    )
    assert (file.state, file.reviewed_by, file.collected_by) == ("approved", world["sales_manager"], world["li_wei"])
    run(ENTER_FILE, world.ctx("li_wei", now=shanghai(10, 26)), FILE, file)
    file.refresh_from_db()
    customer = Customer.objects.get()
    assert (file.state, file.customer) == ("entered", customer)
    assert (customer.owner, customer.department) == (world["li_wei"], world.departments["southwest"])
    assert (customer.name, customer.status, customer.source, customer.demand_level) == (
        "成都锦江酒业有限公司", "prospect", "trade_fair", "A",
    )  # fmt: skip
    contact = Contact.objects.get()
    assert (contact.name, contact.customer, contact.mobile) == ("罗敏", customer, "13800138000")


@pytest.mark.clause("WF-09")
def test_a_refused_file_goes_back_with_the_reason_and_becomes_no_customer(world, collect, review):
    file = review(collect(), agree=False, comment="缺少联系人")
    assert (file.state, file.review, file.reviewed_by) == ("returned", "缺少联系人", world["sales_manager"])
    told = unread(world["li_wei"]).filter(record_id=file.pk).get()
    assert told.body == "缺少联系人"
    before = digest()
    with pytest.raises(Conflict):
        run(ENTER_FILE, world.ctx("li_wei"), FILE, file)
    assert digest() == before
    # He completes it and submits it again; the second time it passes.
    run(EDIT, world.ctx("li_wei"), FILE, file, {"contact": "罗敏"})
    file.refresh_from_db()
    assert review(file).state == "approved"


@pytest.mark.clause("WF-09")
@pytest.mark.parametrize("state", ["draft", "review", "returned"])
def test_by_no_door_does_an_unapproved_file_become_a_customer(world, collect, review, state):
    file = collect()
    if state == "review":
        run(SUBMIT_FILE, world.ctx("li_wei"), FILE, file)
    if state == "returned":
        review(file, agree=False)
    before = digest()
    for username in ("li_wei", "wang_fang", "sales_manager", "archivist"):
        ctx = world.ctx(username)
        with pytest.raises(Refused) as refusal:  # under another spelling too
            create(ctx, CUSTOMER, confirmed=True, name="成都锦江酒业公司", city="成都")
        assert clauses(refusal.value) == ["WF-09"]
        judged = judge_new(ctx, CUSTOMER, [Item(data={"name": "成都锦江酒业有限公司"}, confirmed=True)])
        assert isinstance(judged[0].problem, Refused)
    with pytest.raises((Conflict, NotFound, NotAllowed)):
        run(ENTER_FILE, world.ctx("wang_fang"), FILE, file)
    with pytest.raises(Conflict):
        run(ENTER_FILE, world.ctx("sales_manager"), FILE, file)
    assert digest() == before and not Customer.objects.exists()


@pytest.mark.clause("WF-09")
def test_the_page_and_the_interface_are_refused_too(world, collect, review, client: Client):
    review(collect(), agree=False)
    client.force_login(world["li_wei"])
    answer = client.post("/customers/customer/new/", {"name": "成都锦江酒业有限公司", "confirmed": "1"})
    assert answer.status_code == 409 and "WF-09" in answer.content.decode()
    ctx = world.ctx("li_wei")
    create(ctx, "access.accesstoken", name="程序", expires_on="2027-01-31", read_only="no")
    answer = client.post(
        "/api/v1/customers/customer", {"name": "成都锦江酒业有限公司"}, "application/json",
        headers={"authorization": f"Bearer {ctx.told[-1].secret}"},
    )  # fmt: skip
    assert answer.status_code == 409 and "WF-09" in answer.content.decode(), answer.content
    assert not Customer.objects.exists()


@pytest.mark.clause("WF-09")
def test_an_import_leaves_its_row_out_and_takes_the_others(world, collect, review, tmp_path, settings):
    settings.DATA = tmp_path
    review(collect(), agree=False)
    path = tmp_path / "list.csv"
    path.write_text("客户名称,城市\n成都锦江酒业有限公司,成都\n自贡盐都商贸有限公司,自贡\n", encoding="utf-8")
    import_file(world.ctx("li_wei"), CUSTOMER, path, {0: "name", 1: "city"})
    assert [customer.name for customer in Customer.objects.all()] == ["自贡盐都商贸有限公司"]


@pytest.mark.clause("WF-09")
@pytest.mark.clause("WF-17")
def test_many_new_customers_are_judged_together_each_by_its_own_files(world, collect, review):
    def statements(count: int, word: str) -> int:
        data = [{"name": f"成都{word}{number}号贸易有限公司", "owner": world["li_wei"]} for number in range(count)]
        with CaptureQueriesContext(connection) as asked:
            run_many(CREATE, world.ctx("li_wei"), CUSTOMER, [Item(data=one, confirmed=True) for one in data])
        return len(asked)

    review(collect(name="成都一号酒业有限公司"))
    collect("wang_fang", name="成都二号酒业有限公司")
    few, many = statements(12, "少"), statements(60, "多")
    assert many <= few + 2
    # Whose week began: of each customer, with its duty.
    assert Assignment.objects.count() == Obligation.objects.filter(duty="intake.contact_customer").count() == 72
    names = ["成都一号酒业有限公司", "成都二号酒业有限公司", "成都三号酒业有限公司"]
    items = [Item(data={"name": name, "owner": world["li_wei"]}, confirmed=True) for name in names]
    works = run_many(CREATE, world.ctx("li_wei"), CUSTOMER, items, keep_good=True)
    assert [work.problem and clauses(work.problem) for work in works] == [None, ["WF-09"], None]
    assert set(Customer.objects.filter(name__in=names).values_list("name", flat=True)) == {names[0], names[2]}


@pytest.mark.clause("WF-09")
def test_nor_does_another_customer_take_its_name(world, collect):
    other = create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="成都青羊贸易有限公司", owner=world["li_wei"])
    collect("wang_fang")
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(EDIT, world.ctx("li_wei"), CUSTOMER, other, {"name": "成都锦江酒业有限公司"}, confirmed=True)
    assert clauses(refusal.value) == ["WF-09"]
    assert digest() == before


@pytest.mark.clause("WF-09")
def test_what_was_submitted_is_not_deleted_and_the_manager_alone_closes_it(world, collect, review):
    file = review(collect(), agree=False)
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(DELETE, world.ctx("li_wei"), FILE, file)
    assert clauses(refusal.value) == ["WF-09"]
    with pytest.raises(NotAllowed):
        run(CLOSE_FILE, world.ctx("li_wei").because("算了"), FILE, file)
    with pytest.raises(Invalid):  # a reason is asked for
        run(CLOSE_FILE, world.ctx("sales_manager"), FILE, file)
    assert digest() == before
    run(CLOSE_FILE, world.ctx("sales_manager").because("公司已注销"), FILE, file)
    create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name=file.name, owner=world["li_wei"])
    run(DELETE, world.ctx("li_wei"), FILE, collect(name="从未提交的公司"))


@pytest.mark.clause("WF-09")
def test_nobody_reviews_his_own_file_nor_changes_it_meanwhile(world, collect):
    mine = collect("sales_manager")
    run(SUBMIT_FILE, world.ctx("sales_manager"), FILE, mine)
    asked = WorkItem.objects.get(record_id=mine.pk, state="open")
    assert asked.owner == world["general_manager"]  # his superior, for want of a second manager
    file = collect(name="绵阳涪城商贸有限公司")
    run(SUBMIT_FILE, world.ctx("li_wei"), FILE, file)
    before = digest()
    with pytest.raises(Conflict):
        run(EDIT, world.ctx("li_wei"), FILE, file, {"name": "另一家公司"})
    item = WorkItem.objects.get(record_id=file.pk, state="open")
    with pytest.raises((NotAllowed, NotFound)):
        run(APPROVE, world.ctx("li_wei"), WORK_ITEM, item, {})
    assert digest() == before


@pytest.mark.clause("WF-09")
def test_who_has_become_responsible_meanwhile_does_not_approve(world, collect):
    file = collect()
    run(SUBMIT_FILE, world.ctx("li_wei"), FILE, file)
    InformationFile.objects.filter(pk=file.pk).update(owner=world["sales_manager"])
    item = WorkItem.objects.get(record_id=file.pk, state="open")
    with pytest.raises(Conflict):
        run(APPROVE, world.ctx("sales_manager"), WORK_ITEM, item, {})
    item.refresh_from_db()
    assert item.state == "open"


def test_a_withdrawn_review_leaves_the_file_returned(world, collect):
    from guanxi.platform.workflow import running

    file = collect()
    run(SUBMIT_FILE, world.ctx("li_wei"), FILE, file)
    running.withdraw(ProcessInstance.objects.get(record_id=file.pk), world["li_wei"], "还要补充", world.now)
    file.refresh_from_db()
    assert file.state == "returned"


@pytest.mark.clause("WF-06")
def test_a_file_is_written_quickly_by_a_salesperson_and_followed_with_notes(world, collect, client: Client):
    client.force_login(world["li_wei"])
    page = client.get("/intake/informationfile/new/")
    assert page.status_code == 200 and 'name="card"' in page.content.decode()
    answer = client.post("/intake/informationfile/new/", {"name": "宜宾叙州酒行", "collected_on": "2026-11-20"})
    assert answer.status_code in (302, 303), answer.content.decode()[-2000:]
    file = InformationFile.objects.get()
    assert (file.owner, file.collected_by, file.state) == (world["li_wei"], world["li_wei"], "draft")
    note = create(world.ctx("li_wei"), "intake.filenote", file=file, noted_on="2026-11-21", content="新开第二家店")
    assert note.owner == world["li_wei"]
    shown = client.get(f"/intake/informationfile/{file.pk}/").content.decode()
    assert "新开第二家店" in shown


@pytest.mark.clause("WF-06")
def test_others_see_and_change_nothing_of_it_and_nothing_comes_from_tomorrow(world, collect):
    file = collect()
    before = digest()
    with pytest.raises(NotFound):
        world.ctx("wang_fang").get(FILE, file.pk)
    with pytest.raises(Invalid):  # for him there is no such file to choose
        create(world.ctx("wang_fang"), "intake.filenote", file=file, noted_on="2026-11-21", content="x")
    with pytest.raises(NotAllowed):
        create(world.ctx("storekeeper"), FILE, name="某公司", collected_on="2026-10-20")
    with pytest.raises(Refused):
        collect(name="明天的公司", collected_on="2026-10-24")
    assert digest() == before
