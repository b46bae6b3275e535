"""The customer's pages: at a glance, tabs, books, reports, forms bound to the customer, and who reaches them."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.records.standard import edit
from guanxi.rooms.customers.models import Contact, Customer, Opinion
from guanxi.rooms.customers.pages.reports import REPORTS
from tests.digest import digest
from tests.people import World
from tests.rooms.customers.conftest import TODAY

PROFILE = {"personality": "爽快，重承诺", "hobbies": "钓鱼"}


@pytest.fixture
def login(world: World) -> Callable[[str], Client]:
    """A browser in which that person is logged in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(world[username], backend="guanxi.platform.people.signed_in.SignedIn")
        return client

    return enter


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def page_of(customer: Any) -> str:
    return f"/customers/customer/{customer.pk}/"


@pytest.fixture
def rich(world: World, new: Callable[..., Any], yuzhong: Any) -> Any:
    """The dealer with something of everything."""
    edit(
        world.ctx("sales_manager"), "customers.customer", yuzhong, demand_level="A", importance="important",
        key_account=True,
        legal_representative="秦正华", first_dealing_on="2020-07-15", outlook="春节加单两成",
        address="渝中区解放碑 1 号",
        credit_code="91510100MA6C8XYW1F",
    )  # fmt: skip
    new(
        "li_wei",
        "customers.contact",
        customer=yuzhong,
        name="秦正华",
        roles=["legal_representative"],
        mobile="13812340234",
        **PROFILE,
    )
    new("li_wei", "customers.need", customer=yuzhong, occasion="entertaining", content="52 度礼盒", collected_on=TODAY)
    for day, amount in (("2026-11-02", "31800"), ("2025-10-02", "10000")):
        new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on=day, amount=amount, order_number=f"SO-{day}")
    rival = new("li_wei", "customers.competitor", name="川南酒业")
    new(
        "li_wei",
        "customers.marketflow",
        customer=yuzhong,
        ordered_on=TODAY,
        went_to="competitor",
        competitor=rival,
        amount="45000",
    )
    new(
        "li_wei",
        "customers.competitorstanding",
        customer=yuzhong,
        competitor=rival,
        as_of=TODAY,
        our_share="62",
        their_share="38",
    )
    for content in ("压货", "促销"):
        new(
            "li_wei",
            "customers.intelligencenote",
            customer=yuzhong,
            noted_on=TODAY,
            source="sales_staff",
            content=content,
        )
    new(
        "li_wei",
        "customers.changeevent",
        customer=yuzhong,
        kind="ownership",
        happened_on=TODAY,
        source="website",
        content="改制",
    )
    new(
        "service",
        "customers.opinion",
        customer_name="渝中糖酒",
        kind="dissatisfaction",
        expressed_on=TODAY,
        content="破损多",
    )
    new("clerk", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="换了开户行")
    new("li_wei", "engagement.followup", customer=yuzhong, happened_at="2026-11-18 09:00", content="谈春节计划")
    new("li_wei", "engagement.visitreport", customer=yuzhong, visited_on="2026-11-10", content="看库存")
    new("li_wei", "engagement.task", customer=yuzhong, subject="寄样品", due_on="2026-11-19")
    new("li_wei", "engagement.memo", customer=yuzhong, subject="收货须预约")
    yuzhong.refresh_from_db()
    return yuzhong


@pytest.mark.clause("ARC-38", "ARC-02", "ARC-03", "ARC-06", "ARC-07", "ARC-10", "ARC-36", "SAL-14", "SEC-02")
def test_a_leader_sees_a_customer_at_a_glance_one_click_from_the_list(
    login, rich, django_assert_max_num_queries: Any
) -> None:
    leader = login("general_manager")
    listed = text(leader, "/customers/customer/")
    assert page_of(rich) in listed
    text(leader, page_of(rich))  # what a process reads once is read
    with django_assert_max_num_queries(40):
        shown = text(leader, page_of(rich))
    for expected in (
        rich.name, "KH-2026-00001", "91510100MA6C8XYW1F", "渝中区解放碑 1 号", "6 年 4 个月", "A级", "重要", "大客户",
        "李伟", "秦正华", "爽快，重承诺", "¥31,800", "3 天前", "52 度礼盒", "川南酒业", "62%", "寄样品",
        "迟 2 天", "换了开户行",
        "ARC-06", "ARC-36", "破损多", "改制", "谈春节计划", "看库存",
    ):  # fmt: skip
        assert expected in shown, expected
    assert "polyline" in shown and "style=" not in shown


@pytest.mark.clause("ARC-08", "ARC-09")
def test_the_archive_tab_says_who_changed_each_item_when_and_what_is_missing(world, login, rich) -> None:
    shown = text(login("li_wei"), page_of(rich) + "?tab=archive")
    assert re.search(r"春节加单两成 <small[^>]*>10:24 · 陈慧敏</small>", shown)
    assert f"{page_of(rich)}edit/#f-reputation" in shown  # not filled in yet: leads to the form
    assert f"{page_of(rich)}edit/#f-outlook" not in shown
    assert ">1/8<" in shown  # of the transaction status one item of eight


@pytest.mark.clause("ARC-05", "ARC-23")
def test_the_owner_reads_what_others_contributed_without_reaching_into_their_work(login, rich) -> None:
    owner = login("li_wei")
    assert "破损多" in text(owner, page_of(rich) + "?tab=needs")
    assert "换了开户行" in text(owner, page_of(rich) + "?tab=knowledge")
    opinion = Opinion.objects.get()
    assert f"/customers/opinion/{opinion.pk}/" not in text(owner, page_of(rich) + "?tab=needs")
    text(owner, f"/customers/opinion/{opinion.pk}/", 404)
    assert f"/customers/opinion/{opinion.pk}/" in text(login("sales_manager"), page_of(rich) + "?tab=needs")


@pytest.mark.parametrize("tab", ["timeline", "archive", "engagement", "people", "needs", "market", "knowledge"])
def test_every_tab_stands_and_comes_alone_to_a_script(
    login, rich, tab: str, django_assert_max_num_queries: Any
) -> None:
    client = login("sales_manager")
    text(client, page_of(rich))
    # Forty for the page; appointments were the forty-first to stand on the timeline.
    with django_assert_max_num_queries(41 if tab == "timeline" else 40):
        whole = text(client, f"{page_of(rich)}?tab={tab}")
    part = client.get(f"{page_of(rich)}?tab={tab}", headers={"HX-Request": "true"}).content.decode()
    assert 'id="tab"' in whole and 'id="tab"' in part
    assert "<html" in whole and "<html" not in part and len(part) < len(whole)


@pytest.mark.clause("SEC-01", "SEC-02")
def test_another_managers_customer_is_not_reachable_in_any_way(login, rich, xihu) -> None:
    contact = Contact.objects.get()
    other, owner = login("zhang_min"), login("li_wei")
    for address in (
        page_of(rich), page_of(rich) + "edit/", page_of(rich) + "history/", page_of(rich) + "books/visits/",
        f"/customers/contact/{contact.pk}/",
    ):  # fmt: skip
        text(owner, address)
        text(other, address, 404)
    for address in (
        "/customers/customer/", "/customers/contact/", "/customers/customer/pick/",
        "/search/?q=渝中", "/palette/?q=渝中", "/",
        *(f"/customers/reports/{name}/" for name in REPORTS),
    ):  # fmt: skip
        assert "渝中" not in text(other, address).replace("q=渝中", "").replace('value="渝中"', "").replace(
            "“渝中”", ""
        ), address
    assert "渝中" in text(owner, "/customers/customer/pick/") and "渝中" in text(owner, "/customers/reports/register/")
    for nobody in ("clerk", "system_admin", "audit_admin"):
        assert login(nobody).get(page_of(rich)).status_code in (403, 404)
        assert login(nobody).get("/customers/reports/register/").status_code == 403


@pytest.mark.clause("ARC-43")
def test_a_head_office_shows_its_branches_and_their_activities(login, new, rich) -> None:
    branch = new("li_wei", "customers.customer", name="渝中糖酒万州分公司", short_name="万州分公司", parent=rich)
    new("li_wei", "engagement.followup", customer=branch, happened_at="2026-11-20 09:00", content="万州压库")
    shown = text(login("li_wei"), page_of(rich))
    assert page_of(branch) in shown and "万州压库" in shown
    alone = text(login("li_wei"), page_of(rich) + "?alone=1")
    assert "万州压库" not in alone
    assert page_of(rich) in text(login("li_wei"), page_of(branch))


@pytest.mark.clause("SEC-01", "ARC-43")
def test_a_branch_does_not_tell_of_a_head_office_that_is_somebody_elses(world, login, rich, xihu) -> None:
    edit(world.ctx("sales_manager"), "customers.customer", xihu, parent=rich)
    assert "渝中糖酒" in text(login("sales_manager"), page_of(xihu))
    for tab in ("", "?tab=archive", "?tab=people"):
        assert "渝中糖酒" not in text(login("zhang_min"), page_of(xihu) + tab)
    assert "西湖印象" not in text(login("li_wei"), page_of(rich))


@pytest.mark.clause("ARC-40")
def test_the_three_books_of_a_customer_are_pages_for_paper(login, rich) -> None:
    client = login("li_wei")
    assert "看库存" in text(client, page_of(rich) + "books/visits/")
    dealings = text(client, page_of(rich) + "books/dealings/")
    assert "SO-2026-11-02" in dealings and "¥41,800.00" in dealings and "¥45,000.00" not in dealings
    directory = text(client, page_of(rich) + "books/directory/")
    assert "秦正华" in directory and "138 1234 0234" in directory
    assert all(
        "data-gx-print" in text(client, f"{page_of(rich)}books/{name}/") for name in ("visits", "dealings", "directory")
    )
    text(client, page_of(rich) + "books/diary/", 404)


@pytest.mark.clause("WF-05", "WF-08", "ARC-06", "ARC-07", "ARC-23", "ARC-40", "ARC-41", "SAL-14")
def test_registers_and_reports_show_and_say_when_there_is_nothing(login, rich, xihu) -> None:
    manager = login("sales_manager")
    register = text(manager, "/customers/reports/register/")
    assert rich.name in register and "2026-11-21" in register and "李伟" in register and "往来中" in register
    assert xihu.name not in register  # in contact, but not dealing
    assert "川南酒业" in text(manager, "/customers/reports/market/")
    assert "行业展会" in text(manager, "/customers/reports/sources/")
    assert rich.name in text(manager, "/customers/reports/ranking/")
    assert rich.name in text(manager, "/customers/reports/policy/")
    assert "何小雨" in text(manager, "/customers/reports/contributions/")
    assert "张敏" in text(manager, "/customers/reports/owners/")
    assert "三种簿册齐全" in text(manager, "/customers/reports/incomplete/")
    text(manager, "/customers/reports/secrets/", 404)
    assert "往来客户一览表" in text(manager, "/customers/archive/")
    assert "往来客户一览表" not in text(login("clerk"), "/customers/archive/")


@pytest.mark.clause("WF-05", "SEC-04")
def test_a_report_is_taken_out_as_a_workbook_by_who_may_for_a_reason_and_on_record(world, login, rich, xihu) -> None:
    manager, address = login("sales_manager"), "/customers/reports/register/export/"
    assert "为什么导出" in text(manager, address)
    before = digest()
    assert "请说明" in manager.post(address, {"reason": "  "}).content.decode()
    assert digest() == before and not AuditEntry.objects.filter(action="export").exists()
    answer = manager.post(address, {"reason": "年审"})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("编号", "客户") and rows[1][1] == rich.name and len(rows) == 2
    assert rows[1][7].date() == datetime.date(2020, 7, 15) and rows[1][9] == 31800
    entry = AuditEntry.objects.filter(action="export").get()
    assert (entry.actor, entry.reason) == (world["sales_manager"], "年审") and entry.changes["rows"] == [None, 1]
    assert Disclosure.objects.get(kind="export").reason == "年审"
    assert login("clerk").post("/customers/reports/contributions/export/", {"reason": "x"}).status_code == 403
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.clause("CRM-17")
def test_the_customer_list_searches_edits_imports_and_exports(login, rich, xihu) -> None:
    manager = login("sales_manager")
    found = text(manager, "/customers/customer/?q=渝中")
    assert rich.name in found and xihu.name not in found
    assert "/customers/customer/import/" in found and "/customers/customer/export/" in found
    assert "没有" in text(manager, "/customers/customer/?q=不存在的公司") and page_of(rich) not in text(
        manager, "/customers/customer/?q=不存在的公司"
    )
    assert rich.name in text(manager, page_of(rich) + "edit/")


@pytest.mark.clause("CRM-18")
def test_saving_a_new_customer_leads_to_its_page(login, world) -> None:
    client = login("li_wei")
    text(client, "/customers/customer/new/")
    given = {
        "name": "昆明五华酒水商行",
        "city": "昆明",
        "kind": "organisation",
        "status": "prospect",
        "relations": "buyer",
    }
    answer = client.post("/customers/customer/new/", given)
    customer = Customer.objects.get()
    assert answer.status_code == 302 and answer["Location"].startswith(page_of(customer))
    shown = text(client, answer["Location"])
    assert "昆明五华酒水商行" in shown and "昆明" in shown
    refused = client.post("/customers/customer/new/", {**given, "name": "", "city": "大理"})
    assert refused.status_code == 422 and "大理" in refused.content.decode() and Customer.objects.count() == 1


@pytest.mark.clause("CRM-19", "CRM-20")
def test_a_contact_made_from_a_customer_is_bound_to_it(login, rich, xihu) -> None:
    client = login("li_wei")
    shown = text(client, page_of(rich))
    for key in ("contact", "need", "marketflow", "intelligencenote", "changeevent", "downstreamcustomer"):
        assert f"/customers/{key}/new/?customer={rich.pk}" in shown
    for key in ("followup", "visitreport", "task", "memo"):
        assert f"/engagement/{key}/new/?customer={rich.pk}" in shown
    assert f"/customers/opinion/new/?customer_name={rich.number}" in shown
    form = text(client, f"/customers/contact/new/?customer={rich.pk}")
    assert f'value="{rich.pk}"' in form and rich.name in form
    client.post("/customers/contact/new/", {"customer": str(rich.pk), "name": "陈晓", "mobile": "13900001187"})
    made = Contact.objects.get(name="陈晓")
    assert made.customer == rich
    assert "陈晓" in text(client, page_of(rich) + "?tab=people")
    assert "陈晓" in text(client, "/customers/contact/") and "陈晓" in text(client, page_of(rich) + "books/directory/")
    assert "陈晓" in text(client, "/customers/contact/?q=陈晓") and "陈晓" in text(
        client, f"/customers/contact/{made.pk}/edit/"
    )
    assert "/engagement/followup/new/?customer" not in text(login("archivist"), page_of(rich))
    refused = client.post("/customers/contact/new/", {"customer": str(xihu.pk), "name": "黑客"})
    assert refused.status_code == 422 and not Contact.objects.filter(name="黑客").exists()


@pytest.mark.clause("CRM-23")
def test_the_picker_lists_the_customers_one_may_see_and_searches(login, rich, xihu) -> None:
    client = login("li_wei")
    form = text(client, "/customers/contact/new/")
    assert 'data-gx-picker-url="/customers/customer/pick/"' in form
    listed = text(client, "/customers/customer/pick/")
    assert f'data-pk="{rich.pk}"' in listed and rich.name in listed and xihu.name not in listed
    assert rich.name in text(client, "/customers/customer/pick/?q=yz") and rich.name not in text(
        client, "/customers/customer/pick/?q=西湖"
    )


@pytest.mark.clause("CRM-04")
def test_edit_changes_the_memo_and_copy_saves_a_second_one(login, world) -> None:
    client = login("li_wei")
    client.post("/engagement/memo/new/", {"subject": "春节礼品", "content": "每家两瓶"})
    memo = _memo(world)
    client.post(
        f"/engagement/memo/{memo.pk}/edit/", {"subject": "春节礼品", "content": "每家四瓶", "version": memo.version}
    )
    assert [row.content for row in _memos(world)] == ["每家四瓶"]
    assert "每家四瓶" in text(client, f"/engagement/memo/new/?copy={memo.pk}")
    assert len(_memos(world)) == 1  # a copy that is not saved creates nothing
    client.post("/engagement/memo/new/", {"subject": "春节礼品", "content": "每家六瓶"})
    memos = _memos(world)
    assert [row.content for row in memos] == ["每家四瓶", "每家六瓶"] and memos[0].number != memos[1].number


def _memos(world: World) -> list[Any]:
    return list(world.ctx("li_wei").search("engagement.memo").order_by("number"))


def _memo(world: World) -> Any:
    (memo,) = _memos(world)
    return memo


@pytest.mark.clause("ARC-10")
def test_needs_stand_beside_the_form_of_a_new_order(login, rich) -> None:
    """Where an offer or order is prepared for a customer, what he needs and prefers is in sight."""
    shown = text(login("li_wei"), f"/customers/marketflow/new/?customer={rich.pk}")
    assert "52 度礼盒" in shown and "李伟" in shown
    assert "52 度礼盒" not in text(login("li_wei"), "/customers/marketflow/new/")
    assert "52 度礼盒" not in text(login("zhang_min"), f"/customers/marketflow/new/?customer={rich.pk}")


def test_the_pages_are_whole_in_english_too(login, world, rich) -> None:
    person = world["sales_manager"]
    person.language = "en"
    person.save()
    client = login("sales_manager")
    shown = text(client, page_of(rich))
    for expected in ("Level A", "3 days ago", "2 days late", "dealings for 6 years 4 months", "Key people"):
        assert expected in shown, expected
    assert "Register of dealing customers" in text(client, "/customers/archive/")
