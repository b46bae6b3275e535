"""Contracts: drafted, reviewed, signed; every text is kept, a signed one's is locked (SAL-04)."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.files.storage import store
from guanxi.platform.workflow import running
from guanxi.platform.workflow.models import ProcessInstance, WorkItem
from guanxi.records.actions import run, run_many
from guanxi.records.standard import DELETE, EDIT, create, edit
from guanxi.records.work import Item
from guanxi.rooms.processes.public import APPROVE, REFUSE, install_processes
from guanxi.rooms.sales.actions import (
    CONTRACT,
    END_CONTRACT,
    SIGN_CONTRACT,
    SUBMIT_CONTRACT,
    TAKE_UP_CONTRACT,
    WITHDRAW_CONTRACT,
)
from guanxi.rooms.sales.models import Contract
from tests.digest import digest

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def drafted(world):
    """李伟's draft of a contract with his customer."""
    install_processes(world.now)
    customer = create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")
    return create(
        world.ctx("li_wei"), CONTRACT, customer=customer, name="2027 年经销协议", kind="distribution", amount="1200000",
        begins_on="2027-01-01", ends_on="2027-12-31", content="甲方供货，乙方经销。",
    )  # fmt: skip


def decided(world, contract, action=APPROVE, by="sales_manager", **values):
    """Submit a draft and decide on it; the contract as it then stands."""
    run(SUBMIT_CONTRACT, world.ctx(contract.owner.username), CONTRACT, contract)
    item = WorkItem.objects.get(record_id=contract.pk, state="open", owner=world[by])
    run(action, world.ctx(by), "workflow.workitem", item, values)
    contract.refresh_from_db()
    return contract


def signed(world, contract):
    run(SIGN_CONTRACT, world.ctx("li_wei"), CONTRACT, decided(world, contract), {"signed_on": TODAY})
    contract.refresh_from_db()
    return contract


@pytest.mark.clause("SAL-04")
def test_a_contract_is_drafted_reviewed_and_signed_and_lies_in_class_2(world, drafted):
    ctx = world.ctx("li_wei")
    assert (drafted.state, drafted.number, drafted.amount) == ("draft", "HT-2026-0001", Decimal(1_200_000))
    run(SUBMIT_CONTRACT, ctx, CONTRACT, drafted)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.submitted_by) == ("review", world["li_wei"])
    item = WorkItem.objects.get(record_id=drafted.pk, state="open")
    assert item.owner == world["sales_manager"]
    run(APPROVE, world.ctx("sales_manager"), "workflow.workitem", item, {"comment": "条款齐全"})
    drafted.refresh_from_db()
    assert (drafted.state, drafted.reviewed_by, drafted.review) == ("approved", world["sales_manager"], "条款齐全")
    run(SIGN_CONTRACT, ctx, CONTRACT, drafted, {"signed_on": TODAY})
    drafted.refresh_from_db()
    assert (drafted.state, drafted.signed_on) == ("signed", TODAY)
    filed = ctx.search("dossiers.document").get(dossier_class="2", customer=drafted.customer)
    assert filed == drafted.document
    assert (filed.title, filed.kind, filed.signed_on, filed.expires_on) == (
        "2027 年经销协议", "contract", TODAY, datetime.date(2027, 12, 31)
    )  # fmt: skip
    assert (filed.content, filed.owner, filed.legally_effective) == (drafted.content, world["li_wei"], True)
    run(END_CONTRACT, ctx.because("期满"), CONTRACT, drafted)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.closed_on, drafted.closing) == ("ended", TODAY, "期满")


@pytest.mark.clause("SAL-04")
def test_every_text_is_kept_and_nobody_writes_it_again(world, drafted):
    ctx = world.ctx("li_wei")
    edit(ctx, CONTRACT, drafted, content="甲方供货，乙方独家经销。")
    edit(ctx, CONTRACT, drafted, remarks="已电话沟通")  # no new text
    edit(ctx, CONTRACT, drafted, content="甲方供货，乙方经销。")  # the first one again is a third version
    texts = list(ctx.search("sales.contracttext").filter(contract=drafted).order_by("edition"))
    assert [(text.edition, text.content) for text in texts] == [
        (1, "甲方供货，乙方经销。"), (2, "甲方供货，乙方独家经销。"), (3, "甲方供货，乙方经销。"),
    ]  # fmt: skip
    assert Contract.objects.get(pk=drafted.pk).edition == 3
    assert {text.created_by for text in texts} == {world["li_wei"]}
    before = digest()
    for username in ("li_wei", "sales_manager"):
        with pytest.raises(NotAllowed):
            edit(world.ctx(username), "sales.contracttext", texts[0], content="改写历史")
        with pytest.raises(NotAllowed):
            run(DELETE, world.ctx(username), "sales.contracttext", texts[0])
    assert digest() == before
    assert not world.ctx("zhang_min").search("sales.contracttext").exists()


@pytest.mark.clause("SAL-04")
def test_the_text_is_locked_by_every_door_from_the_review_on(world, client, drafted):
    signed(world, drafted)
    before = digest()
    for username in ("li_wei", "sales_manager", "general_manager"):
        for change in ({"content": "另一份"}, {"amount": "1"}):
            with pytest.raises(Conflict):
                edit(world.ctx(username), CONTRACT, drafted, **change)
        with pytest.raises(Refused) as refused:
            run(DELETE, world.ctx(username), CONTRACT, drafted)
        assert refused.value.decision.reasons[0].clause == "SAL-04"
    many = run_many(EDIT, world.ctx("sales_manager"), CONTRACT, [Item(drafted, {"content": "批量"})], keep_good=True)
    assert isinstance(many[0].problem, Conflict)
    drafted.content = "绕过流程"
    with pytest.raises(Conflict):  # whatever writes past the verbs
        drafted.save()
    assert digest() == before
    client.force_login(world["li_wei"])
    sent = {"name": drafted.name, "customer": str(drafted.customer_id), "kind": "sale", "content": "表单"}
    assert client.post(f"/sales/contract/{drafted.pk}/edit/", {**sent, "version": drafted.version}).status_code >= 400
    drafted.refresh_from_db()
    assert drafted.content == "甲方供货，乙方经销。" and drafted.texts.count() == 1


@pytest.mark.clause("SAL-04")
def test_nothing_is_signed_without_review_or_on_a_wrong_day(world, drafted):
    ctx = world.ctx("li_wei")
    before = digest()
    with pytest.raises(Conflict):
        run(SIGN_CONTRACT, ctx, CONTRACT, drafted, {"signed_on": TODAY})
    assert digest() == before
    decided(world, drafted)
    before = digest()
    with pytest.raises(Invalid):
        run(SIGN_CONTRACT, ctx, CONTRACT, drafted, {})
    for day in (TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            run(SIGN_CONTRACT, ctx, CONTRACT, drafted, {"signed_on": day})
        assert refused.value.decision.reasons[0].clause == "SAL-04"
    with pytest.raises(NotFound):
        run(SIGN_CONTRACT, world.ctx("zhang_min"), CONTRACT, drafted, {"signed_on": TODAY})
    assert digest() == before


@pytest.mark.clause("SAL-04")
def test_nothing_is_submitted_without_a_text_and_nobody_reviews_his_own(world, drafted):
    empty = create(world.ctx("li_wei"), CONTRACT, customer=drafted.customer, name="空白合同")
    before = digest()
    with pytest.raises(Refused) as refused:
        run(SUBMIT_CONTRACT, world.ctx("li_wei"), CONTRACT, empty)
    assert refused.value.decision.reasons[0].clause == "SAL-04" and digest() == before
    own = create(world.ctx("sales_manager"), CONTRACT, customer=drafted.customer, name="经理的合同", content="条款")
    run(SUBMIT_CONTRACT, world.ctx("sales_manager"), CONTRACT, own)
    asked = WorkItem.objects.filter(record_id=own.pk, state="open")
    assert asked.exists() and not asked.filter(owner=world["sales_manager"]).exists()


@pytest.mark.clause("SAL-04")
def test_what_is_returned_or_withdrawn_can_be_drafted_again(world, drafted):
    decided(world, drafted, REFUSE, comment="账期过长")
    assert (drafted.state, drafted.review) == ("draft", "账期过长")
    edit(world.ctx("li_wei"), CONTRACT, drafted, content="账期三十天。")
    run(SUBMIT_CONTRACT, world.ctx("li_wei"), CONTRACT, drafted)
    instance = ProcessInstance.objects.get(record_id=drafted.pk, state=ProcessInstance.State.RUNNING)
    running.withdraw(instance, world["li_wei"], "再改条款", world.now)
    drafted.refresh_from_db()
    assert drafted.state == "draft"
    decided(world, drafted)
    run(TAKE_UP_CONTRACT, world.ctx("li_wei"), CONTRACT, drafted)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.reviewed_by) == ("draft", None)
    with pytest.raises(Invalid):  # why?
        run(WITHDRAW_CONTRACT, world.ctx("li_wei"), CONTRACT, drafted)
    run(WITHDRAW_CONTRACT, world.ctx("li_wei").because("客户改签他人"), CONTRACT, drafted)
    drafted.refresh_from_db()
    assert drafted.state == "withdrawn"
    with pytest.raises(Conflict):
        run(SUBMIT_CONTRACT, world.ctx("li_wei"), CONTRACT, drafted)


@pytest.mark.clause("SAL-04")
def test_who_notes_the_signing_need_not_be_who_gave_the_file(world, drafted):
    text = store(b"%PDF-1.4\n%%EOF", "协议正文.pdf", world["li_wei"], world.now)
    edit(world.ctx("li_wei"), CONTRACT, drafted, file=text)
    contract = decided(world, drafted)
    run(SIGN_CONTRACT, world.ctx("general_manager"), CONTRACT, contract, {"signed_on": TODAY})
    contract.refresh_from_db()
    assert (contract.state, contract.document.file_id) == ("signed", text.pk)
