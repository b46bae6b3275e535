"""Opportunities: bound to a customer, moved from stage to stage, won or lost; every move is kept (CRM-21 to CRM-23)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.exporting import start_export
from guanxi.records.importing import running as importing
from guanxi.records.listing import Query
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.sales.actions import (
    LOSE_OPPORTUNITY,
    MOVE_STAGE,
    REOPEN_OPPORTUNITY,
    WIN_OPPORTUNITY,
    install_pipeline,
)
from guanxi.rooms.sales.models import Opportunity, Stage
from guanxi.rooms.sales.queries import OPPORTUNITY, PIPELINE, STAGE
from tests.api.conftest import program
from tests.digest import digest
from tests.people import World
from tests.records.tables import workbook
from tests.stored import path_of

__all__ = ["program"]
DAY = datetime.timedelta(days=1)


def stage(name: str) -> Stage:
    """A shipped stage by its name."""
    return Stage.objects.get(name=name)


def customer_of(world: World, username: str, name: str) -> Any:
    """A customer in somebody's hands."""
    return create(world.ctx(username), "customers.customer", confirmed=True, name=name)


def begun(world: World, username: str = "li_wei", name: str = "春节礼盒团购", **more: Any) -> Opportunity:
    """An opportunity of somebody's with a customer of his."""
    values = {"amount": "300000", "expected_on": "2026-12-31", **more}
    customer = values.pop("customer", None) or customer_of(world, username, f"{name}客户有限公司")
    made: Opportunity = create(world.ctx(username), OPPORTUNITY, customer=customer, name=name, **values)
    return made


@pytest.fixture
def gifts(world: World) -> Opportunity:
    install_pipeline(world.now)
    return begun(world)


# ---- Kept ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-22")
def test_a_saved_one_shows_on_the_customers_page(world, gifts, client: Client) -> None:
    assert (gifts.number, gifts.stage.name, gifts.probability, gifts.state) == ("SJ-2026-0001", "初步接触", 10, "open")
    client.force_login(world["li_wei"])
    place = f"/customers/customer/{gifts.customer_id}/"
    assert "春节礼盒团购" in client.get(place).content.decode()  # the timeline
    assert "春节礼盒团购" in client.get(f"{place}?tab=sales").content.decode()


@pytest.mark.clause("CRM-22")
@pytest.mark.parametrize("given", [{}, {"customer": ""}, {"customer": None}])
def test_one_without_customer_is_refused(world, gifts, client: Client, given) -> None:
    before = digest()
    with pytest.raises(Invalid) as refused:
        create(world.ctx("li_wei"), OPPORTUNITY, name="无主商机", expected_on="2026-12-31", **given)
    assert set(refused.value.errors) == {"customer"}
    client.force_login(world["li_wei"])
    answer = client.post("/sales/opportunity/new/", {"name": "无主商机", "expected_on": "2026-12-31", "kind": "new"})
    assert answer.status_code == 422 and digest() == before


@pytest.mark.clause("CRM-22")
def test_rights_follow_the_customer(world, gifts) -> None:
    with pytest.raises(NotFound):
        world.ctx("zhang_min").get(OPPORTUNITY, gifts.pk)
    before = digest()
    with pytest.raises(NotFound):
        run(MOVE_STAGE, world.ctx("zhang_min"), OPPORTUNITY, gifts, {"stage": stage("需求确认")})
    with pytest.raises((NotAllowed, Invalid)):  # a customer of somebody else
        begun(world, "zhang_min", "别人的客户", customer=gifts.customer)
    assert digest() == before
    gifts.customer.owner = world["zhang_min"]
    gifts.customer.save()
    assert world.ctx("zhang_min").get(OPPORTUNITY, gifts.pk) == gifts
    with pytest.raises(NotFound):
        world.ctx("li_wei").get(OPPORTUNITY, gifts.pk)


def test_every_move_is_kept_with_who_when_and_how_long(world, gifts) -> None:
    later, last = world.now + 3 * DAY, world.now + 10 * DAY
    run(MOVE_STAGE, world.ctx("li_wei", now=later), OPPORTUNITY, gifts, {"stage": stage("方案报价")})
    gifts.refresh_from_db()
    assert (gifts.probability, gifts.stage_since) == (50, later)
    edit(world.ctx("li_wei", now=later), OPPORTUNITY, gifts, amount="260000", probability="60")
    run(WIN_OPPORTUNITY, world.ctx("sales_manager", now=last), OPPORTUNITY, gifts, {"amount_won": "250000"})
    gifts.refresh_from_db()
    assert (gifts.state, gifts.probability, gifts.amount) == ("won", 100, Decimal(250_000))
    assert gifts.closed_on == datetime.date(2026, 12, 1)  # 21 November and ten days
    moves = [
        (move.stage.name, move.former and move.former.name, move.moved_by.username, move.amount, move.probability,
         move.spent)
        for move in gifts.moves.order_by("moved_at")
    ]  # fmt: skip
    assert moves == [
        ("初步接触", None, "li_wei", Decimal(300_000), 10, None),
        ("方案报价", "初步接触", "li_wei", Decimal(300_000), 50, 3 * DAY),
        ("赢单", "方案报价", "sales_manager", Decimal(250_000), 100, 7 * DAY),
    ]


def test_a_stage_entered_on_the_form_is_a_move_too(world, gifts) -> None:
    edit(world.ctx("li_wei"), OPPORTUNITY, gifts, stage=stage("需求确认"))
    gifts.refresh_from_db()
    assert gifts.probability == 25 and gifts.moves.count() == 2
    edit(world.ctx("li_wei"), OPPORTUNITY, gifts, next_step="送样酒")
    assert gifts.moves.count() == 2


def test_the_page_shows_the_stages_passed(world, gifts, client: Client) -> None:
    run(MOVE_STAGE, world.ctx("li_wei"), OPPORTUNITY, gifts, {"stage": stage("商务谈判")})
    client.force_login(world["li_wei"])
    shown = client.get(f"/sales/opportunity/{gifts.pk}/").content.decode()
    assert "阶段历程" in shown and "商务谈判" in shown and "初步接触" in shown


def test_what_is_lost_says_why_and_can_be_taken_up_again(world, gifts) -> None:
    ctx = world.ctx("li_wei")
    before = digest()
    with pytest.raises(Invalid) as asked:
        run(LOSE_OPPORTUNITY, ctx, OPPORTUNITY, gifts, {})
    assert set(asked.value.errors) == {"lost_reason"} and digest() == before
    run(LOSE_OPPORTUNITY, ctx, OPPORTUNITY, gifts, {"lost_reason": "price", "note": "对手低两成"})
    gifts.refresh_from_db()
    assert (gifts.state, gifts.stage.name, gifts.lost_reason, gifts.probability) == ("lost", "输单", "price", 0)
    before = digest()
    for verb, data in ((MOVE_STAGE, {"stage": stage("商务谈判")}), (WIN_OPPORTUNITY, {})):
        with pytest.raises(Conflict):
            run(verb, ctx, OPPORTUNITY, gifts, data)
    with pytest.raises(Conflict):
        edit(ctx, OPPORTUNITY, gifts, amount="1")
    with pytest.raises(Invalid):  # why?
        run(REOPEN_OPPORTUNITY, ctx, OPPORTUNITY, gifts, {"stage": stage("商务谈判")})
    with pytest.raises(Refused):
        run(REOPEN_OPPORTUNITY, ctx.because("客户回头"), OPPORTUNITY, gifts, {"stage": stage("赢单")})
    assert digest() == before
    run(REOPEN_OPPORTUNITY, ctx.because("客户回头"), OPPORTUNITY, gifts, {"stage": stage("商务谈判")})
    gifts.refresh_from_db()
    assert (gifts.state, gifts.closed_on, gifts.lost_reason, gifts.probability) == ("open", None, "", 75)


# ---- Refused ---------------------------------------------------------------------------------------------------------


def test_no_form_ends_an_opportunity(world, gifts) -> None:
    ctx = world.ctx("li_wei")
    before = digest()
    for closed in ("赢单", "输单"):
        with pytest.raises(Refused):
            edit(ctx, OPPORTUNITY, gifts, stage=stage(closed))
        with pytest.raises(Refused):
            run(MOVE_STAGE, ctx, OPPORTUNITY, gifts, {"stage": stage(closed)})
    with pytest.raises(Refused):  # where it stands already
        run(MOVE_STAGE, ctx, OPPORTUNITY, gifts, {"stage": gifts.stage})
    with pytest.raises(Invalid):
        run(MOVE_STAGE, ctx, OPPORTUNITY, gifts, {})
    assert digest() == before


def test_a_contact_of_another_customer_is_refused(world, gifts) -> None:
    other = customer_of(world, "li_wei", "贵阳云岩酒行")
    contact = create(world.ctx("li_wei"), "customers.contact", confirmed=True, customer=other, name="刘洋")
    before = digest()
    with pytest.raises(Refused):
        edit(world.ctx("li_wei"), OPPORTUNITY, gifts, contact=contact)
    with pytest.raises(Invalid):
        edit(world.ctx("li_wei"), OPPORTUNITY, gifts, probability="101")
    assert digest() == before


def test_stages_in_use_stay_what_they_are(world, gifts) -> None:
    ctx = world.ctx("system_admin")
    before = digest()
    with pytest.raises(Refused):
        run(DELETE, ctx, STAGE, gifts.stage)
    with pytest.raises(Refused):
        run(DELETE, ctx, PIPELINE, gifts.stage.pipeline)
    with pytest.raises(Conflict):  # a second end of the same meaning
        create(ctx, STAGE, pipeline=gifts.stage.pipeline, name="再赢", outcome="won")
    with pytest.raises(NotAllowed):
        edit(world.ctx("li_wei"), STAGE, gifts.stage, name="我的阶段")
    assert digest() == before
    edit(ctx, STAGE, gifts.stage, name="建立联系")
    pilot = create(ctx, PIPELINE, name="招标流程", position="20")
    bid = create(ctx, STAGE, pipeline=pilot, name="资格预审", probability="20")
    run(MOVE_STAGE, world.ctx("li_wei"), OPPORTUNITY, gifts, {"stage": bid})
    gifts.refresh_from_db()
    assert gifts.probability == 20
    with pytest.raises(Conflict):  # this pipeline has no stage for it
        run(WIN_OPPORTUNITY, world.ctx("li_wei"), OPPORTUNITY, gifts, {})


# ---- The five functions of the list ----------------------------------------------------------------------------------


@pytest.mark.clause("CRM-21")
def test_search_edit_and_delete_from_the_list(world, gifts, client: Client) -> None:
    begun(world, name="端午定制酒")
    client.force_login(world["li_wei"])
    found = client.get("/sales/opportunity/?q=春节").content.decode()
    assert "春节礼盒团购" in found and "端午定制酒" not in found
    form = client.get(f"/sales/opportunity/{gifts.pk}/edit/")
    assert form.status_code == 200
    sent = {"name": "春节礼盒（改）", "customer": str(gifts.customer_id), "kind": "new", "expected_on": "2026-12-20",
            "amount": "280000", "stage": str(gifts.stage_id), "version": gifts.version}  # fmt: skip
    assert client.post(f"/sales/opportunity/{gifts.pk}/edit/", sent).status_code == 302
    gifts.refresh_from_db()
    assert (gifts.name, gifts.amount, gifts.kind) == ("春节礼盒（改）", Decimal(280_000), "new")
    assert client.post(f"/sales/opportunity/{gifts.pk}/do/delete/", {"version": gifts.version}).status_code == 302
    gifts.refresh_from_db()
    assert gifts.deleted_at is not None
    assert "春节礼盒" not in client.get("/sales/opportunity/").content.decode()


@pytest.mark.clause("CRM-21")
def test_the_list_of_somebody_else_shows_and_deletes_nothing(world, gifts, client: Client) -> None:
    client.force_login(world["zhang_min"])
    before = digest()
    assert "春节礼盒团购" not in client.get("/sales/opportunity/?q=春节").content.decode()
    for place in ("edit/", "do/delete/", "do/win_opportunity/"):
        assert client.post(f"/sales/opportunity/{gifts.pk}/{place}", {"version": 1}).status_code == 404
    assert digest() == before


@pytest.mark.clause("CRM-21")
def test_opportunities_are_imported_and_what_is_wrong_is_told(world, gifts, tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path
    ctx = world.ctx("li_wei")
    head = ("商机名称", "客户名称", "预计金额", "预计成交日期", "销售阶段")
    rows = workbook(
        head,
        ("中秋团购", gifts.customer.name, "120000", "2026-12-01", "商务谈判"),
        ("没有客户", "", "1", "2026-12-01", ""),
        ("已经赢了", gifts.customer.name, "1", "2026-12-01", "赢单"),
    )
    file = store(rows, "opportunities.xlsx", ctx.actor, world.now, StoredFile.Kind.IMPORT)
    begun_run = importing.begin(ctx, registry.module(OPPORTUNITY), file)
    columns = {0: "name", 1: "customer", 2: "amount", 3: "expected_on", 4: "stage"}
    importing.set_mapping(ctx, begun_run, begun_run.sheet, "", None, columns)
    assert run_job(importing.check(ctx, begun_run).pk)
    assert run_job(importing.apply(ctx, importing.run_of(ctx, begun_run.pk)).pk)
    assert set(Opportunity.objects.values_list("name", flat=True)) == {"春节礼盒团购", "中秋团购"}
    made = Opportunity.objects.get(name="中秋团购")
    assert (made.stage.name, made.probability, made.amount, made.moves.count()) == (
        "商务谈判", 75, Decimal(120_000), 1
    )  # fmt: skip


@pytest.mark.clause("CRM-21")
def test_all_are_exported_within_ones_reach(world, gifts, tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path
    begun(world, "zhang_min", "华东年货")
    ctx = world.ctx("li_wei", reason="盘点商机")
    job = start_export(ctx, registry.module(OPPORTUNITY), Query(), format="csv")
    assert run_job(job.pk)
    job.refresh_from_db()
    text = path_of(StoredFile.objects.get(pk=job.result["file"])).read_text("utf-8-sig")
    assert "春节礼盒团购" in text and "300000" in text and "华东年货" not in text
    with pytest.raises(NotAllowed):
        start_export(world.ctx("clerk", reason="好奇"), registry.module(OPPORTUNITY), Query())


def test_a_copy_begins_its_own_history(world, gifts, client: Client) -> None:
    client.force_login(world["li_wei"])
    assert "春节礼盒团购" in client.get(f"/sales/opportunity/new/?copy={gifts.pk}").content.decode()
    copy = begun(world, name="春节礼盒团购", customer=gifts.customer, stage=gifts.stage)
    assert copy.moves.count() == 1


@pytest.mark.clause("CRM-21")
def test_the_interface_reads_moves_and_refuses(world, gifts, program) -> None:
    caller = program("li_wei")
    place = f"sales/opportunity/{gifts.pk}"
    assert caller.get(place).json()["name"] == "春节礼盒团购"
    assert caller.patch(place, {"next_step": "报价"}, gifts.version).status_code == 200
    assert caller.patch(place, {"stage": str(stage("赢单").pk)}, "*").status_code in (409, 422)
    assert program("zhang_min").get(place).status_code == 404


@pytest.mark.clause("CRM-23")
def test_the_form_has_the_customer_picker(world, gifts, client: Client) -> None:
    customer_of(world, "zhang_min", "上海静安酒业")
    client.force_login(world["li_wei"])
    form = client.get("/sales/opportunity/new/").content.decode()
    assert 'data-gx-picker-url="/customers/customer/pick/"' in form
    offered = client.get("/customers/customer/pick/").content.decode()
    assert gifts.customer.name in offered and "上海静安酒业" not in offered
    assert gifts.customer.name not in client.get("/customers/customer/pick/?q=静安").content.decode()
