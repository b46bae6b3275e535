"""Binding, originals and loans, the daily archive, rounds of revision."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.jobs.models import Job
from guanxi.records import listing, registry
from guanxi.records.actions import run
from guanxi.records.filters import compile_filter
from guanxi.records.standard import EDIT, create
from guanxi.records.steps import Untold
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.actions import (
    ASSIGN_TO_DOSSIER,
    BIND_VOLUME,
    BIND_YEAR,
    FILE_DOCUMENT,
    LEND_ORIGINAL,
    REPORT_STATE,
    RETURN_ORIGINAL,
    VERIFY_DOSSIER,
)
from guanxi.rooms.dossiers.actions.rounds import begin_round_if_due, bind_all, list_customers
from guanxi.rooms.dossiers.models import Document, Loan, Review, ReviewRound
from guanxi.rooms.dossiers.queries.filing import catalogue, original_of, without_paper
from guanxi.rooms.dossiers.queries.upkeep import percent_verified
from tests.digest import digest
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, ORIGINAL, VOLUME

Make = Callable[..., Any]
DAY = datetime.timedelta(days=1)


def in_view(world: World, who: str, module: str, view: str, at: datetime.datetime | None = None) -> list[Any]:
    """The records of a list view that ships with the module, as somebody sees it."""
    ctx = world.ctx(who, now=at or world.now)
    known = registry.module(module)
    tree = next(each.filters for each in known.views if each.name == view)
    holds = compile_filter(known, tree(ctx) if callable(tree) else tree, ctx)
    return list(ctx.search(known).filter(holds))


# ---- The yearly binding ----------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-19", "SEC-05")
def test_a_bound_volume_takes_no_leaf_and_the_next_begins_a_new_one(
    world: World, filed: Make, paper: Make, sign: Make
) -> None:
    bound, other = filed(), filed(dossier_class="2")
    before = digest()
    for who in ("li_wei", "sales_manager", "general_manager"):
        with pytest.raises((NotAllowed, NotFound)):
            run(BIND_VOLUME, world.ctx(who), VOLUME, bound.volume)
        with pytest.raises(NotAllowed):
            run(BIND_YEAR, world.ctx(who), VOLUME, data={"dossier_class": "1"})
    assert digest() == before
    archivist = world.ctx("archivist")
    assert bind_all(archivist, "1", Untold()) == 1
    bound.volume.refresh_from_db()
    other.volume.refresh_from_db()
    assert (bound.volume.state, bound.volume.bound_on) == ("bound", datetime.date(2026, 11, 21))
    assert other.volume.state == "open"  # of another class
    late = sign(paper())
    before = digest()
    with pytest.raises(Refused) as caught:
        run(FILE_DOCUMENT, archivist, DOCUMENT, late, {"behind": bound})
    assert [reason.clause for reason in caught.value.decision.blocking] == ["ARC-19"]
    assert digest() == before
    run(FILE_DOCUMENT, archivist, DOCUMENT, late)
    late.refresh_from_db()
    assert late.number == "1-2026-002/0001"
    assert bind_all(archivist, "1", Untold()) == 1  # repeated, only what is open


@pytest.mark.clause("ARC-19")
def test_the_yearly_binding_is_a_job(world: World, filed: Make) -> None:
    filed()
    run(BIND_YEAR, world.ctx("archivist"), VOLUME, data={"dossier_class": "1"})
    job = Job.objects.get(kind="dossiers.bind_year")
    assert (job.actor, job.payload["dossier_class"]) == (world["archivist"], "1")


# ---- Originals -------------------------------------------------------------------------------------------------------


@pytest.fixture
def original(world: World, filed: Make) -> Any:
    """The paper original of a filed document."""
    document = filed(important=True)
    return create(
        world.ctx("archivist"), ORIGINAL, document=document, paper_number="HT-018", place="甲柜三层", owner="archivist"
    )


@pytest.mark.clause("WF-03")
def test_an_original_is_lent_for_a_time_and_comes_back(world: World, original: Any) -> None:
    archivist = world.ctx("archivist")
    today = archivist.today
    given = {"borrower": world["finance"], "purpose": "核对返利条款"}
    before = digest()
    for until in (today + 15 * DAY, today - DAY):
        with pytest.raises(Refused):
            run(LEND_ORIGINAL, archivist, ORIGINAL, original, {**given, "until": until})
    with pytest.raises((NotAllowed, NotFound)):
        run(LEND_ORIGINAL, world.ctx("li_wei"), ORIGINAL, original, {**given, "until": today})
    assert digest() == before
    run(LEND_ORIGINAL, archivist, ORIGINAL, original, {**given, "until": today + 14 * DAY})
    loan = Loan.objects.get()
    assert (loan.owner, loan.lent_on, loan.until, loan.state) == (world["finance"], today, today + 14 * DAY, "out")
    assert list(world.ctx("finance").search("dossiers.loan")) == [loan]
    assert not world.ctx("storekeeper").search("dossiers.loan").exists()
    with pytest.raises(Conflict):  # twice
        run(LEND_ORIGINAL, archivist, ORIGINAL, original, {**given, "until": today})
    assert in_view(world, "archivist", "dossiers.loan", "overdue", world.now + 14 * DAY) == []
    assert in_view(world, "archivist", "dossiers.loan", "overdue", world.now + 15 * DAY) == [loan]
    run(RETURN_ORIGINAL, archivist, ORIGINAL, original, {"is_damaged": True})
    loan.refresh_from_db()
    assert (loan.state, loan.returned_on) == ("returned", today)
    assert in_view(world, "archivist", ORIGINAL, "damaged") == [original]


@pytest.mark.clause("WF-03")
def test_missing_and_unlocated_originals_are_listed(world: World, original: Any, filed: Make) -> None:
    nowhere = create(world.ctx("archivist"), ORIGINAL, document=filed(), paper_number="HT-019", place="")
    assert in_view(world, "archivist", ORIGINAL, "unlocated") == [nowhere]
    run(REPORT_STATE, world.ctx("archivist"), ORIGINAL, original, {"found": "missing", "remarks": "盘点未见"})
    assert in_view(world, "archivist", ORIGINAL, "damaged") == [original]


@pytest.mark.clause("ARC-31")
def test_both_catalogues_name_the_twin_and_follow_its_place(world: World, original: Any, client: Any) -> None:
    client.force_login(world["archivist"], backend="django.contrib.auth.backends.ModelBackend")
    document = original.document
    told = client.get("/dossiers/catalogue/", {"class": "1"}).content.decode()
    assert "HT-018" in told and "甲柜三层" in told and document.number in told
    run(EDIT, world.ctx("archivist"), ORIGINAL, original, {"place": "乙柜一层"})
    told = client.get("/dossiers/catalogue/", {"class": "1"}).content.decode()
    assert "乙柜一层" in told and "甲柜三层" not in told
    assert original_of(document) == original


@pytest.mark.clause("ARC-30")
def test_important_documents_without_paper_are_listed_and_the_sets_apart(
    world: World, original: Any, filed: Make
) -> None:
    alone = filed(important=True, title="重要而未打印")
    plain = filed(title="一般资料")
    assert list(without_paper(world.ctx("archivist"))) == [alone]
    archivist = world.ctx("archivist")
    assert list(catalogue(archivist, "1", on_paper=True)) == [original.document]
    assert plain not in list(catalogue(archivist, "1", on_paper=False))  # it has no electronic file


# ---- The daily archive -----------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-27")
def test_daily_papers_are_filed_by_kind_and_found_by_kind_and_date(world: World) -> None:
    ctx = world.ctx("clerk")
    kinds = [value for value, _label in registry.entry("dossiers.dailypaper").field("kind").choices]
    assert len(kinds) == 11
    for number, kind in enumerate(kinds):
        create(ctx, "dossiers.dailypaper", kind=kind, dated_on=datetime.date(2026, 11, 1) + number * DAY, title=kind)
    found = world.ctx("archivist").search("dossiers.dailypaper")
    assert found.filter(kind="letter", dated_on="2026-11-02").count() == 1
    with pytest.raises(Invalid):
        create(ctx, "dossiers.dailypaper", kind="gossip", dated_on="2026-11-01", title="传闻")
    assert listing.count(found) == 11


@pytest.mark.clause("ARC-28")
def test_what_is_important_waits_until_it_has_customer_and_class(world: World, customer_of: Make, sign: Make) -> None:
    ctx = world.ctx("clerk")
    letter = create(ctx, "dossiers.dailypaper", kind="letter", dated_on="2026-11-18", title="续约来函", important=True)
    plain = create(ctx, "dossiers.dailypaper", kind="day_report", dated_on="2026-11-18", title="日报")
    assert in_view(world, "archivist", "dossiers.dailypaper", "to_file") == [letter]
    archivist = world.ctx("archivist")
    customer = customer_of()
    before = digest()
    for paper, given in (
        (plain, {"customer": customer, "dossier_class": "2"}),
        (letter, {"customer": None, "dossier_class": "2"}),
    ):
        with pytest.raises(Refused):
            run(ASSIGN_TO_DOSSIER, archivist, "dossiers.dailypaper", paper, given)
    with pytest.raises(Invalid):
        run(ASSIGN_TO_DOSSIER, archivist, "dossiers.dailypaper", letter, {"customer": customer})
    assert digest() == before
    run(ASSIGN_TO_DOSSIER, archivist, "dossiers.dailypaper", letter, {"customer": customer, "dossier_class": "2"})
    assert in_view(world, "archivist", "dossiers.dailypaper", "to_file") == []
    document = Document.objects.get()
    assert (document.owner, document.customer, document.title) == (world["li_wei"], customer, "续约来函")
    run(FILE_DOCUMENT, archivist, DOCUMENT, sign(document))
    assert list(catalogue(archivist, "2")) == [document]
    assert archivist.search("dossiers.dailypaper").filter(pk=letter.pk, document=document).exists()


# ---- Rounds of revision ----------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-33")
def test_every_two_months_a_round_lists_every_customer(world: World, customer_of: Make) -> None:
    first, second = customer_of(), customer_of("zhang_min", "杭州西湖印象大酒店有限公司")
    begun = begin_round_if_due(world.now)
    assert begun is not None and begun.due_on == datetime.date(2026, 12, 5)
    job = Job.objects.get(kind="dossiers.list_round")
    assert job.payload == {"review_round": str(begun.pk)}
    assert list_customers(world.system, begun.pk, Untold()) == 2
    assert list_customers(world.system, begun.pk, Untold()) == 0  # repeated, it doubles nothing
    assert {(each.customer, each.owner) for each in Review.objects.all()} == {
        (first, world["li_wei"]), (second, world["zhang_min"]),
    }  # fmt: skip
    assert begin_round_if_due(world.now + 60 * DAY) is None  # 20 January: not yet
    run(VERIFY_DOSSIER, world.ctx("li_wei"), "dossiers.review", Review.objects.get(customer=first))
    assert percent_verified(begun) == 50
    assert in_view(world, "archivist", "dossiers.review", "overdue", world.now + 14 * DAY) == []
    late = in_view(world, "archivist", "dossiers.review", "overdue", world.now + 15 * DAY)
    assert [each.customer for each in late] == [second]
    with pytest.raises(NotFound):
        run(VERIFY_DOSSIER, world.ctx("li_wei"), "dossiers.review", late[0])
    assert begin_round_if_due(world.now + 61 * DAY) is not None  # 21 January
    assert ReviewRound.objects.count() == 2


@pytest.mark.clause("ARC-34")
def test_growth_and_loss_are_proposed_and_closed_with_a_cause(world: World, customer_of: Make) -> None:
    grows, lost, steady = (customer_of("li_wei", name) for name in ("成都甲酒店", "成都乙酒店", "成都丙酒店"))

    def order(customer: Any, day: str, amount: str) -> None:
        create(
            world.ctx("li_wei"), "customers.marketflow", confirmed=True, customer=customer, ordered_on=day,
            goods="白酒", amount=amount, went_to="us", direction="sale",
        )  # fmt: skip

    # The last interval is 21 September to 20 November, the one before 21 July to 20 September.
    for customer, before, now in ((grows, "1000", "1500"), (lost, "1000", "200"), (steady, "1000", "1499.99")):
        order(customer, "2026-08-15", before)
        order(customer, "2026-10-15", now)
    begun = begin_round_if_due(world.now)
    assert begun is not None
    list_customers(world.system, begun.pk, Untold())
    found = {each.customer: each for each in Review.objects.all()}
    assert [found[each].finding for each in (grows, lost, steady)] == ["growing", "lost", "steady"]
    assert (found[lost].sales, found[lost].sales_before) == (Decimal(200), Decimal(1000))
    ctx = world.ctx("li_wei")
    before_ = digest()
    for customer in (grows, lost):
        with pytest.raises(Refused) as caught:
            run(VERIFY_DOSSIER, ctx, "dossiers.review", found[customer], {"cause": "  "})
        assert [reason.clause for reason in caught.value.decision.blocking] == ["ARC-34"]
    assert digest() == before_
    run(VERIFY_DOSSIER, ctx, "dossiers.review", found[lost], {"cause": "被竞品低价挖走"})
    run(VERIFY_DOSSIER, ctx, "dossiers.review", found[steady])
    assert in_view(world, "li_wei", "dossiers.review", "watch") == [found[lost]]


@pytest.mark.clause("ARC-34")
def test_the_thresholds_to_the_fen() -> None:
    growth, loss = Decimal(50), Decimal(80)

    def judged(sales: str, before: str) -> str:
        return rules.finding_of(Decimal(sales), Decimal(before), growth, loss)

    assert [judged("150.00", "100"), judged("149.99", "100")] == ["growing", "steady"]
    assert [judged("20.00", "100"), judged("20.01", "100")] == ["lost", "steady"]
    assert [judged("500", "0"), judged("0", "0")] == ["steady", "steady"]
