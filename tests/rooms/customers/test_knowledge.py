"""What is learnt of customers: events, notes, opinions, contributions, and who may add and file them."""

import datetime
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.records import history, registry
from guanxi.records.actions import run
from guanxi.records.listing import Query, selected
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.actions import DECLINE_CONTRIBUTION, FILE_CONTRIBUTION
from guanxi.rooms.customers.models import ChangeEvent, Contribution, IntelligenceNote, Opinion
from guanxi.rooms.customers.queries import contributions_by_employee, notes_on, timeline
from guanxi.rooms.customers.rules import one_sided_information
from tests.rooms.customers.conftest import TODAY


@pytest.mark.clause("ARC-05")
def test_the_front_line_notes_what_customers_say_of_us(world, new, yuzhong):
    with pytest.raises(NotFound):  # who notes it does not own the customer and cannot see it
        world.ctx("service").get("customers.customer", yuzhong.pk)
    opinion = new(
        "service", "customers.opinion", customer_name="重庆渝中糖酒", kind="dissatisfaction", expressed_on=TODAY,
        content="破损更换太慢", improvement="general",
    )  # fmt: skip
    new(
        "clerk",
        "customers.opinion",
        customer_name="渝中糖酒",
        expressed_on=TODAY,
        content="想要礼盒",
        improvement="targeted",
    )
    assert opinion.customer == yuzhong
    assert {"破损更换太慢", "想要礼盒"} <= {entry.body for entry in timeline(world.ctx("li_wei"), [yuzhong])}
    module, manager = registry.module("customers.opinion"), world.ctx("sales_manager")
    department = str(world.departments["service"].pk)
    rows = selected(
        manager, module,
        Query(view="improvements", filters={"field": "department", "op": "in", "value": [department]}),
    )  # fmt: skip
    assert [row.content for row in rows] == ["破损更换太慢"]
    assert world.ctx("storekeeper").search("customers.opinion").count() == 0
    with pytest.raises(Invalid):
        create(world.ctx("service"), "customers.opinion", customer_name="", expressed_on=TODAY, content="没写客户")
    assert Opinion.objects.count() == 2


@pytest.mark.clause("ARC-05")
def test_an_unknown_or_ambiguous_name_finds_no_customer_and_tells_nothing(world, new, yuzhong):
    unknown = new("service", "customers.opinion", customer_name="某某酒店", expressed_on=TODAY, content="好")
    assert unknown.customer is None
    new("zhang_min", "customers.customer", name="上海渝中糖酒商行", short_name="渝中糖酒")
    double = new("service", "customers.opinion", customer_name="渝中糖酒", expressed_on=TODAY, content="好")
    assert double.customer is None
    with pytest.raises(Invalid):  # the customer itself is no field of the form
        create(
            world.ctx("service"),
            "customers.opinion",
            customer=yuzhong,
            customer_name="x",
            expressed_on=TODAY,
            content="x",
        )


@pytest.mark.clause("ARC-23")
def test_any_employee_contributes_and_only_the_archivist_files(world, new, yuzhong):
    supplement = new(
        "storekeeper", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="收货人换成老曾"
    )
    assert (supplement.state, supplement.customer) == ("waiting", yuzhong)
    for person in ("storekeeper", "li_wei", "sales_manager"):
        with pytest.raises((NotAllowed, NotFound)):
            run(FILE_CONTRIBUTION, world.ctx(person), "customers.contribution", supplement)
    supplement.refresh_from_db()
    assert supplement.state == "waiting"
    run(FILE_CONTRIBUTION, world.ctx("archivist"), "customers.contribution", supplement, {"answer": "谢谢"})
    supplement.refresh_from_db()
    assert (supplement.state, supplement.answer, supplement.settled_on) == ("filed", "谢谢", TODAY)
    stray = new("clerk", "customers.contribution", collected_on=TODAY, kind="industry_trend", content="酱酒降温")
    with pytest.raises(Invalid) as refused:
        run(FILE_CONTRIBUTION, world.ctx("archivist"), "customers.contribution", stray)
    assert list(refused.value.errors) == ["customer"]
    with pytest.raises(Invalid):
        run(DECLINE_CONTRIBUTION, world.ctx("archivist"), "customers.contribution", stray)
    run(DECLINE_CONTRIBUTION, world.ctx("archivist"), "customers.contribution", stray, {"answer": "请写明来源"})
    assert Contribution.objects.get(pk=stray.pk).state == "declined"


@pytest.mark.clause("ARC-23")
def test_contributions_are_counted_per_employee(world, new, yuzhong):
    for content in ("甲", "乙"):
        new("storekeeper", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content=content)
    filed = new("service", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="丙")
    run(FILE_CONTRIBUTION, world.ctx("archivist"), "customers.contribution", filed)
    counted = [
        (row["created_by__name"], row["total"], row["filed"], row["waiting"])
        for row in contributions_by_employee(world.ctx("archivist"))
    ]
    assert counted == [("赵铁", 2, 0, 2), ("孙丽", 1, 1, 0)]
    assert [row["total"] for row in contributions_by_employee(world.ctx("service"))] == [1]  # one's own only


@pytest.mark.clause("ARC-32")
def test_changes_of_every_kind_are_noted_at_any_moment_with_date_and_source(world, new, yuzhong):
    for kind in ("operating_news", "market_change", "person_in_charge", "ownership"):
        new(
            "li_wei", "customers.changeevent", customer=yuzhong, kind=kind, happened_on="2026-11-01", source="website",
            content=f"变动 {kind}",
        )  # fmt: skip
    shown = [entry for entry in timeline(world.ctx("li_wei"), [yuzhong]) if entry.clause == "ARC-32"]
    assert len(shown) == 4 and all(entry.at == datetime.date(2026, 11, 1) and entry.actor == "李伟" for entry in shown)
    for missing in ("source", "happened_on"):
        given = {"kind": "ownership", "happened_on": "2026-11-01", "source": "website", "content": "x", missing: ""}
        with pytest.raises(Invalid) as refused:
            create(world.ctx("li_wei"), "customers.changeevent", customer=yuzhong, **given)
        assert list(refused.value.errors) == [missing]
    assert ChangeEvent.objects.count() == 4


@pytest.mark.clause("ARC-32")
def test_nothing_is_overwritten_without_history_and_figures_follow_from_orders(
    world, new, yuzhong, django_capture_on_commit_callbacks
):
    edit(world.ctx("li_wei"), "customers.customer", yuzhong, legal_representative="秦正华")
    edit(world.ctx("li_wei"), "customers.customer", yuzhong, legal_representative="秦岭")
    past = history.of(world.ctx("li_wei"), registry.entry("customers.customer"), yuzhong)
    assert [(change.old, change.new) for change in past[0].changes] == [("秦正华", "秦岭")]
    order = new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="3500")
    new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on="2025-11-20", amount="9999")  # older than a year
    yuzhong.refresh_from_db()
    assert yuzhong.sales_12m == Decimal(3500)
    with django_capture_on_commit_callbacks(execute=True):
        edit(world.ctx("li_wei"), "customers.marketflow", order, amount="4000")
    yuzhong.refresh_from_db()
    assert yuzhong.sales_12m == Decimal(4000)
    with pytest.raises(Invalid):  # nobody enters the figure
        edit(world.ctx("li_wei"), "customers.customer", yuzhong, sales_12m="1")


@pytest.mark.clause("ARC-32")
def test_an_order_given_to_another_customer_leaves_the_first(world, new, yuzhong, django_capture_on_commit_callbacks):
    other = new("li_wei", "customers.customer", name="重庆九龙坡酒类批发部")
    order = new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="3500")
    with django_capture_on_commit_callbacks(execute=True):
        edit(world.ctx("li_wei"), "customers.marketflow", order, customer=other)
    yuzhong.refresh_from_db()
    other.refresh_from_db()
    assert (yuzhong.sales_12m, other.sales_12m) == (Decimal(0), Decimal(3500))


@pytest.mark.clause("ARC-36")
def test_notes_name_their_kind_of_source_and_one_sided_knowledge_of_a_key_account_is_flagged(world, new, yuzhong):
    with pytest.raises(Invalid) as refused:
        create(
            world.ctx("li_wei"), "customers.intelligencenote", customer=yuzhong, noted_on=TODAY, content="听说要换老板"
        )
    assert list(refused.value.errors) == ["source"] and IntelligenceNote.objects.count() == 0
    for content in ("压货", "促销"):
        new(
            "li_wei",
            "customers.intelligencenote",
            customer=yuzhong,
            noted_on=TODAY,
            source="sales_staff",
            content=content,
        )
    _policy, sources, notes = notes_on(yuzhong)
    flagged = one_sided_information(True, sources, notes, 2)
    assert [reason.clause for reason in flagged.warnings] == ["ARC-36"]
    assert not one_sided_information(False, sources, notes, 2).warnings
    new("li_wei", "customers.intelligencenote", customer=yuzhong, noted_on=TODAY, source="website", content="中标")
    assert not one_sided_information(True, *notes_on(yuzhong)[1:], 2).warnings
