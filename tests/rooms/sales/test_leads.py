"""Leads: entered with way and class, scored, made customers once; nothing of them is lost (CRM-24, CRM-25, CMP-03)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.policy.values import set_value
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.exporting import start_export
from guanxi.records.importing import running as importing
from guanxi.records.listing import Query
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.customers.public import Contact, Customer
from guanxi.rooms.sales.actions import (
    CONVERT_LEAD,
    DISQUALIFY_LEAD,
    NOTE_CONTACT,
    QUALIFY_LEAD,
    REOPEN_LEAD,
    install_pipeline,
)
from guanxi.rooms.sales.models import Lead, Opportunity
from guanxi.rooms.sales.policies import HOT
from guanxi.rooms.sales.queries import CUSTOMER, LEAD
from guanxi.rooms.sales.rules import Known, Points, must_be_reachable, must_have_class, score
from tests.digest import digest
from tests.people import World
from tests.records.tables import workbook
from tests.stored import path_of

POINTS = Points(hot=40, warm=20, reachable=15, email=5, person=10, large=15, asked_us=15)
COMPANY = "成都锦里宴会酒店有限公司"


def entered(world: World, username: str = "li_wei", **more: Any) -> Lead:
    """A lead of somebody's: a hotel that asked on our website."""
    values = {"name": COMPANY, "person": "唐敏", "mobile": "13800138000", "source": "website", **more}
    made: Lead = create(world.ctx(username), LEAD, **values)
    return made


# ---- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "total", "whys"),
    [
        (Known(), 0, []),
        (Known(rating="cold", source="cold_call"), 0, []),
        (Known(rating="warm", has_number=True), 35, ["rated warm", "can be called"]),
        (Known(rating="hot", has_number=True, has_person=True, source="website"), 80,
         ["rated hot", "turned to us of his own accord", "can be called", "a person is named"]),
        (Known("hot", True, True, True, "large", "website"), 100,
         ["rated hot", "turned to us of his own accord", "a large company", "can be called", "a person is named",
          "has an e-mail address"]),
    ],
)  # fmt: skip
def test_the_score_says_what_it_is_made_of(known: Known, total: int, whys: list[str]) -> None:
    found, counted = score(known, POINTS)
    assert found == total and [why.msgid for why, _worth in counted] == whys


def test_no_score_is_above_a_hundred() -> None:
    generous = Points(hot=90, warm=0, reachable=90, email=0, person=0, large=0, asked_us=0)
    assert score(Known(rating="hot", has_number=True), generous)[0] == 100


@pytest.mark.clause("CMP-03", "CRM-25")
def test_what_cannot_be_counted_or_reached_is_refused() -> None:
    assert must_have_class("展会推广", "traditional").allowed and not must_have_class("地推", "").allowed
    assert must_be_reachable(["", "", "a@example.com"]).allowed and not must_be_reachable(["", "", ""]).allowed


# ---- Entering one ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-25", "CMP-03")
def test_a_new_one_is_found_by_search_with_its_class_and_score(world, client: Client) -> None:
    lead = entered(world, rating="hot")
    assert (lead.number, lead.state, lead.channel) == ("XS-2026-00001", "new", "online")
    assert lead.first_touch_on == datetime.date(2026, 11, 21) and lead.owner == world["li_wei"]
    assert lead.score == 80  # hot 40, asked us 15, a number 15, a person 10
    client.force_login(world["li_wei"])
    assert COMPANY in client.get("/sales/lead/?q=锦里").content.decode()
    shown = client.get(f"/sales/lead/{lead.pk}/").content.decode()
    assert "评分" in shown and "+40" in shown and "网上营销" in shown


@pytest.mark.clause("CRM-25")
@pytest.mark.parametrize(
    ("given", "wrong"),
    [({"name": ""}, "name"), ({"source": ""}, "source"), ({"email": "not an address"}, "email")],
)
def test_one_without_company_or_way_is_refused(world, given, wrong) -> None:
    before = digest()
    with pytest.raises(Invalid) as refused:
        entered(world, **given)
    assert set(refused.value.errors) == {wrong} and digest() == before


@pytest.mark.clause("CRM-25", "CMP-03")
@pytest.mark.parametrize(
    ("given", "clause"),
    [({"mobile": ""}, "CRM-25"), ({"first_touch_on": "2026-11-22"}, "CMP-03")],
)
def test_one_nobody_can_reach_or_of_tomorrow_is_refused(world, given, clause) -> None:
    with pytest.raises(Refused) as refused:
        entered(world, **given)
    assert clause in {reason.clause for reason in refused.value.decision.reasons} and not Lead.objects.exists()


@pytest.mark.clause("CMP-03")
def test_the_class_follows_from_the_way_unless_somebody_says_otherwise(world) -> None:
    lead = entered(world, source="hotline")
    assert lead.channel == "telephone"
    edit(world.ctx("li_wei"), LEAD, lead, source="trade_show")
    lead.refresh_from_db()
    assert lead.channel == "traditional"
    edit(world.ctx("li_wei"), LEAD, lead, channel="online")
    lead.refresh_from_db()
    assert lead.channel == "online"


def test_another_weight_holds_from_the_next_writing(world) -> None:
    lead = entered(world, rating="hot")
    set_value(HOT, "10", world.ctx("general_manager").today, world["general_manager"], "试行", world.now)
    edit(world.ctx("li_wei"), LEAD, lead, rating="warm")
    edit(world.ctx("li_wei"), LEAD, lead, rating="hot")
    lead.refresh_from_db()
    assert lead.score == 50  # 10 instead of 40


@pytest.mark.clause("CMP-03")
def test_whom_we_know_is_pointed_out(world) -> None:
    """A customer of that name, a contact of that number, another lead of that number: each asks before it goes on."""
    customer = create(world.ctx("li_wei"), CUSTOMER, name="锦里宴会酒店")
    create(world.ctx("li_wei"), "customers.contact", customer=customer, name="唐敏", mobile="13900139000")
    for given in ({}, {"name": "别的公司", "mobile": "13900139000"}):
        with pytest.raises(Refused) as warned:
            entered(world, **given)
        assert warned.value.decision.allowed and not Lead.objects.exists()
    first = entered(world, name="武侯酒楼", mobile="13700137000")
    with pytest.raises(Refused) as warned:
        entered(world, name="武侯祠大酒楼", mobile="13700137000")
    assert {reason.clause for reason in warned.value.decision.warnings} == {"CMP-03"}
    assert list(Lead.objects.all()) == [first]
    create(world.ctx("li_wei"), LEAD, confirmed=True, name="武侯祠大酒楼", mobile="13700137000", source="referral")
    assert Lead.objects.count() == 2


def test_whose_lead_it_is_is_seen_by_him_and_his_managers(world) -> None:
    lead = entered(world)
    assert world.ctx("sales_manager").get(LEAD, lead.pk) == lead
    for other in ("zhang_min", "service"):
        with pytest.raises((NotFound, NotAllowed)):
            world.ctx(other).get(LEAD, lead.pk)


# ---- The list --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-24")
def test_the_list_searches_edits_copies_and_deletes(world, client: Client) -> None:
    hot, cold = entered(world, rating="hot"), entered(world, name="武侯面馆", mobile="13700137000", source="cold_call")
    run(DISQUALIFY_LEAD, world.ctx("li_wei"), LEAD, cold, {"lost_reason": "no_need"})
    client.force_login(world["li_wei"])
    for view, shown, hidden in (
        ("hot", COMPANY, "武侯面馆"), ("open", COMPANY, "武侯面馆"), ("mine", COMPANY, "武侯面馆"),
        ("given_up", "武侯面馆", COMPANY),
    ):  # fmt: skip
        text = client.get(f"/sales/lead/?view={view}").content.decode()
        assert shown in text and hidden not in text
    text = client.get("/sales/lead/?view=this_month").content.decode()
    assert COMPANY in text and "武侯面馆" in text
    assert client.get(f"/sales/lead/{hot.pk}/edit/").status_code == 200
    run(DELETE, world.ctx("li_wei"), LEAD, cold)
    assert not world.ctx("li_wei").search(LEAD).filter(pk=cold.pk).exists()


@pytest.mark.clause("CRM-24")
def test_leads_are_imported_and_what_is_wrong_is_told(world, tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path
    ctx = world.ctx("li_wei")
    rows = workbook(
        ("公司名称", "联系人", "手机", "线索来源"),
        ("嘉兴南湖酒楼", "沈红", "13511112222", "行业展会"),
        ("谁也找不到的店", "沈青", "", "行业展会"),
    )
    file = store(rows, "leads.xlsx", ctx.actor, world.now, StoredFile.Kind.IMPORT)
    begun = importing.begin(ctx, registry.module(LEAD), file)
    importing.set_mapping(ctx, begun, begun.sheet, "", None, {0: "name", 1: "person", 2: "mobile", 3: "source"})
    assert run_job(importing.check(ctx, begun).pk)
    assert run_job(importing.apply(ctx, importing.run_of(ctx, begun.pk)).pk)
    lead = Lead.objects.get()
    assert (lead.name, lead.channel, lead.score) == ("嘉兴南湖酒楼", "traditional", 25)  # a number 15, a person 10


@pytest.mark.clause("CRM-24")
def test_all_are_exported_within_ones_reach(world, tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path
    entered(world)
    entered(world, "zhang_min", name="上海静安酒楼", mobile="13700137000")
    job = start_export(world.ctx("li_wei", reason="盘点线索"), registry.module(LEAD), Query(), format="csv")
    assert run_job(job.pk)
    job.refresh_from_db()
    text = path_of(StoredFile.objects.get(pk=job.result["file"])).read_text("utf-8-sig")
    assert COMPANY in text and "上海静安酒楼" not in text
    with pytest.raises(NotAllowed):
        start_export(world.ctx("clerk", reason="好奇"), registry.module(LEAD), Query())


# ---- On its way ------------------------------------------------------------------------------------------------------


def test_it_moves_by_its_verbs_and_says_why_it_was_given_up(world) -> None:
    ctx, lead = world.ctx("li_wei"), entered(world)
    run(NOTE_CONTACT, ctx, LEAD, lead)
    run(QUALIFY_LEAD, ctx, LEAD, lead)
    lead.refresh_from_db()
    assert (lead.state, lead.contacted_on) == ("qualified", ctx.today)
    before = digest()
    with pytest.raises(Invalid) as refused:
        run(DISQUALIFY_LEAD, ctx, LEAD, lead, {})
    assert set(refused.value.errors) == {"lost_reason"} and digest() == before
    run(DISQUALIFY_LEAD, ctx, LEAD, lead, {"lost_reason": "no_budget"})
    with pytest.raises(Conflict):
        edit(ctx, LEAD, lead, person="别人")
    run(REOPEN_LEAD, ctx.because("对方来电"), LEAD, lead)
    lead.refresh_from_db()
    assert (lead.state, lead.closed_on, lead.lost_reason) == ("contacted", None, "")


# ---- Made a customer -------------------------------------------------------------------------------------------------

WHOLE = {
    "with_contact": True, "with_opportunity": True, "opportunity_name": "婚宴用酒", "amount": "80000",
    "expected_on": "2027-01-20",
}  # fmt: skip


@pytest.mark.clause("CRM-25", "CMP-03")
def test_it_becomes_customer_contact_and_opportunity_and_stays(world, client: Client) -> None:
    install_pipeline(world.now)
    lead = entered(world, city="成都", industry="hotel", email="tang@example.com", content="婚宴季用酒三百箱")
    customer = run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, WHOLE)
    lead.refresh_from_db()
    assert (customer.name, customer.city, customer.industry, customer.source) == (COMPANY, "成都", "hotel", "internet")
    assert customer.owner == world["li_wei"] and customer.remarks == "婚宴季用酒三百箱"
    contact, chance = Contact.objects.get(), Opportunity.objects.get()
    assert (contact.customer, contact.name, contact.mobile, contact.email, contact.primary) == (
        customer, "唐敏", "13800138000", "tang@example.com", True,
    )  # fmt: skip
    assert (chance.customer, chance.contact, chance.name, chance.amount, chance.source) == (
        customer, contact, "婚宴用酒", Decimal(80_000), "website",
    )  # fmt: skip
    assert (lead.state, lead.customer, lead.contact, lead.opportunity) == ("converted", customer, contact, chance)
    client.force_login(world["li_wei"])
    page = client.get(f"/customers/customer/{customer.pk}/").content.decode()
    assert "由销售线索转来" in page and lead.number in page
    with pytest.raises(Conflict):
        edit(world.ctx("li_wei"), LEAD, lead, person="别人")
    with pytest.raises(Refused):
        run(DELETE, world.ctx("li_wei"), LEAD, lead)


@pytest.mark.clause("CRM-25")
def test_a_second_conversion_is_refused(world) -> None:
    lead = entered(world)
    run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {})
    before = digest()
    with pytest.raises(Conflict):
        run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {}, confirmed=True)
    assert digest() == before and Customer.objects.count() == 1


@pytest.mark.clause("CMP-03", "ARC-01")
def test_a_customer_who_stands_is_pointed_out_and_can_be_chosen(world) -> None:
    lead = entered(world)
    standing = create(world.ctx("li_wei"), CUSTOMER, name="锦里宴会酒店", confirmed=True)
    person = create(world.ctx("li_wei"), "customers.contact", customer=standing, name="唐总", mobile="13800138000")
    before = digest()
    with pytest.raises(Refused) as warned:
        run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {})
    told = " ".join(str(reason.message) for reason in warned.value.decision.warnings)
    assert "锦里宴会酒店" in told and "唐总" in told and digest() == before
    with pytest.raises(Refused):  # a contact without its customer
        run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {"contact": person}, confirmed=True)
    run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {"customer": standing, "contact": person})
    lead.refresh_from_db()
    assert (lead.customer, lead.contact) == (standing, person)
    assert Customer.objects.count() == Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "wrong"),
    [({"with_opportunity": True}, "expected_on"), ({"credit_code": "91510000MA00000000"}, "credit_code")],
)
def test_what_is_missing_or_wrong_leaves_nothing_half_done(world, given, wrong) -> None:
    install_pipeline(world.now)
    lead = entered(world)
    before = digest()
    with pytest.raises(Invalid) as refused:
        run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, given)
    assert set(refused.value.errors) == {wrong} and digest() == before


@pytest.mark.clause("CRM-25")
def test_who_makes_no_customers_converts_nothing(world) -> None:
    lead = entered(world, "marketing")
    before = digest()
    with pytest.raises(NotAllowed):
        run(CONVERT_LEAD, world.ctx("marketing"), LEAD, lead, {})
    assert digest() == before


@pytest.mark.clause("WF-09")
def test_an_open_information_file_stands_before_the_conversion(world) -> None:
    """A company whose file waits for its review becomes a customer by no door."""
    lead = entered(world)
    create(
        world.ctx("wang_fang"), "intake.informationfile", confirmed=True, name=COMPANY,
        collected_on=world.ctx("wang_fang").today,
    )  # fmt: skip
    before = digest()
    with pytest.raises(Refused) as refused:
        run(CONVERT_LEAD, world.ctx("li_wei"), LEAD, lead, {}, confirmed=True)
    assert {reason.clause for reason in refused.value.decision.reasons} >= {"WF-09"}
    assert digest() == before and not Customer.objects.exists()
    assert AuditEntry.objects.filter(module=LEAD, action="convert_lead", outcome="refused").exists()


@pytest.mark.clause("CRM-25", "CMP-03")
def test_the_page_shows_what_goes_where_and_whom_we_know(world, client: Client) -> None:
    lead = entered(world, city="成都")
    standing = create(world.ctx("li_wei"), CUSTOMER, name="锦里宴会酒店", confirmed=True)
    client.force_login(world["li_wei"])
    place = f"/sales/lead/{lead.pk}/convert/"
    shown = client.get(place).content.decode()
    assert "唐敏" in shown and "成都" in shown and f"?customer={standing.pk}" in shown
    before = digest()
    sent = {"boxes": ["with_contact", "with_opportunity"], "with_contact": "1"}
    asked = client.post(place, sent)
    assert asked.status_code == 409 and 'name="confirmed"' in asked.content.decode() and digest() == before
    answer = client.post(place, {**sent, "customer": str(standing.pk)})
    assert answer.status_code == 302 and answer.headers["Location"] == f"/customers/customer/{standing.pk}/"
    assert client.post(place, sent).status_code == 409
    client.force_login(world["zhang_min"])
    assert client.get(place).status_code == 404


# ---- As addressees of mail -------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-25", "CRM-50")
def test_a_saved_lead_is_an_addressee_of_those_who_see_it(world: World) -> None:
    lead = entered(world, email="tangmin@jinli.example.cn")
    chosen = {"addressee": "lead", "subject": "样酒", "body": "附上资料。"}
    for called in (lead.number, COMPANY, "唐敏"):
        letter = create(world.ctx("li_wei"), "mail.letter", lead=called, **chosen)
        assert letter.to_address == "tangmin@jinli.example.cn"
    for writer, called in (("wang_fang", lead.number), ("li_wei", "唐")):
        with pytest.raises(Invalid, match="销售线索中没有"):
            create(world.ctx(writer), "mail.letter", lead=called, **chosen)
