"""Reports are worked out by the database within each reader's rights (CRM-43, CRM-47). All figures by hand."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from guanxi.kernel.errors import Invalid, NotAllowed, TooLarge
from guanxi.platform.access.rights import Limits
from guanxi.records import actions, registry
from guanxi.records.context import Context
from guanxi.records.listing import Query, selected
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import read
from guanxi.records.reporting.periods import last_day, name_of
from guanxi.records.reporting.result import Result
from guanxi.records.reporting.running import run
from guanxi.records.reporting.tables import offers
from guanxi.records.standard import DELETE, create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.sales.actions import install_pipeline

OPPORTUNITY, CUSTOMER = "sales.opportunity", "customers.customer"


@pytest.fixture(autouse=True)
def english():
    """Words as the tests know them."""
    with translation.override("en"):
        yield


@pytest.fixture
def chances(world):
    """Of 李伟: 甲 100 (2026-10-05) and 乙 300 (2026-11-30) at a customer in 成都; 张敏: 丙 50 (2026-11-02) in 杭州.

    丁 of 李伟 lies in the bin.
    """
    install_pipeline(world.now)

    def made(username: str, customer: Any, name: str, amount: str, day: str) -> Any:
        return create(
            world.ctx(username), OPPORTUNITY, customer=customer, name=name, amount=amount, expected_on=day,
            probability=10,
        )  # fmt: skip

    li, zhang = world.ctx("li_wei"), world.ctx("zhang_min")
    own = create(li, CUSTOMER, confirmed=True, name="成都锦江酒业有限公司", city="成都", phone="028-85550001")
    other = create(zhang, CUSTOMER, confirmed=True, name="杭州西湖酒业有限公司", city="杭州", phone="0571-87000002")
    found = {
        "甲": made("li_wei", own, "甲", "100", "2026-10-05"),
        "乙": made("li_wei", own, "乙", "300", "2026-11-30"),
        "丙": made("zhang_min", other, "丙", "50", "2026-11-02"),
        "丁": made("li_wei", own, "丁", "999", "2026-11-01"),
    }
    actions.run(DELETE, li, OPPORTUNITY, found["丁"])
    return found


def report(ctx: Context, module: str = OPPORTUNITY, **more: Any) -> Result:
    return run(ctx, read({"module": module, **more}))


def told(result: Result) -> list[tuple[Any, ...]]:
    return [line.cells for line in result.lines]


BY_MONTH = {"groups": [{"field": "expected_on", "by": "month"}],
            "figures": [{"how": "count"}, {"how": "sum", "field": "amount"}]}  # fmt: skip


@pytest.mark.clause("CRM-47")
def test_groups_subtotals_and_total_agree_with_the_records(world, chances) -> None:
    result = report(
        world.ctx("sales_manager"), groups=[{"field": "owner"}, {"field": "expected_on", "by": "month"}],
        figures=[{"how": how, "field": "amount"} for how in ("sum", "average", "min", "max")] + [{"how": "count"}],
    )  # fmt: skip
    hundred, three, fifty = Decimal("100.00"), Decimal("300.00"), Decimal("50.00")
    assert told(result) == [
        ("李伟", "2026-10", hundred, hundred, hundred, hundred, 1),
        ("李伟", "2026-11", three, three, three, three, 1),
        ("Total of 李伟", None, Decimal("400.00"), Decimal("200.00"), hundred, three, 2),
        ("张敏", "2026-11", fifty, fifty, fifty, fifty, 1),
    ]
    assert result.total.cells == ("Total", None, Decimal("450.00"), Decimal("150.00"), fifty, three, 3)
    assert [line.level for line in result.lines] == [0, 0, 1, 0] and result.rows == 3


@pytest.mark.clause("CRM-47")
def test_each_person_finds_what_his_search_finds(world, chances) -> None:
    """For everybody the rows of the report are those of his own list; who sees no module at all is refused."""
    seen = {}
    for username in ("li_wei", "wang_fang", "zhang_min", "sales_manager", "general_manager", "archivist", "service"):
        ctx = world.ctx(username)
        if not ctx.may(OPPORTUNITY):
            with pytest.raises(NotAllowed):
                report(ctx, **BY_MONTH)
            continue
        rows = list(ctx.search(OPPORTUNITY))
        result = report(ctx, **BY_MONTH)
        assert result.rows == len(rows), username
        assert (result.total.cells[2] or 0) == sum((row.amount for row in rows), Decimal(0)), username
        seen[username] = result.rows
    assert seen["li_wei"] == 2 and seen["wang_fang"] == 0 and seen["sales_manager"] == 3


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("day", [("2026-10-05", 1), ("2026-11-02", 1), ("2026-11-30", 1)]),
        ("week", [("week from 2026-10-05", 1), ("week from 2026-11-02", 1), ("week from 2026-11-30", 1)]),
        ("month", [("2026-10", 1), ("2026-11", 2)]),
        ("quarter", [("2026 Q4", 3)]),
        ("year", [("2026", 3)]),
    ],
)
def test_dates_are_put_together(world, chances, unit, found) -> None:
    result = report(world.ctx("sales_manager"), groups=[{"field": "expected_on", "by": unit}])
    assert told(result) == found


def test_a_moment_belongs_to_its_day_in_china(world, chances) -> None:
    """Made at 17:30 in Greenwich on the last of October: in China it is the first of November."""
    late = world.ctx("li_wei", now=datetime.datetime(2026, 10, 31, 17, 30, tzinfo=datetime.UTC))
    create(late, CUSTOMER, confirmed=True, name="夜里录入酒业有限公司")
    result = report(world.ctx("li_wei"), CUSTOMER, groups=[{"field": "created_at", "by": "day"}])
    assert ("2026-11-01", 1) in told(result)


@pytest.mark.clause("CRM-43")
def test_only_what_is_really_related_is_offered_and_can_be_joined(world, chances) -> None:
    ctx = world.ctx("li_wei")
    of = {key: {offer.key for offer in offers(ctx, registry.module(key))} for key in (OPPORTUNITY, CUSTOMER)}
    assert {"customer", "stage", "owner"} <= of[OPPORTUNITY] and "sales.opportunity:customer" not in of[OPPORTUNITY]
    assert {"sales.opportunity:customer", "customers.contact:customer"} <= of[CUSTOMER]
    assert not any(key.startswith("catalog.product") for key in of[CUSTOMER])
    cities = report(ctx, related=["customer"], groups=[{"field": "customer/city"}],
                    figures=[{"how": "sum", "field": "amount"}])  # fmt: skip
    assert told(cities) == [("成都", Decimal("400.00"))]
    # What is not related is told, not joined.
    assert report(ctx, related=["catalog.product:vendor"], **BY_MONTH).gone == ("catalog.product:vendor",)


@pytest.mark.clause("CRM-43")
def test_records_below_make_the_rows_and_figures_above_are_not_counted_twice(world, chances) -> None:
    below = {"module": CUSTOMER, "related": ["sales.opportunity:customer"], "groups": [{"field": "name"}]}
    summed = {**below, "figures": [{"how": "sum", "field": "sales.opportunity:customer/amount"}]}
    manager = world.ctx("sales_manager")
    assert told(run(manager, read(summed))) == [
        ("成都锦江酒业有限公司", Decimal("400.00")), ("杭州西湖酒业有限公司", Decimal("50.00")),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="counted several times"):
        run(manager, read({**below, "figures": [{"how": "sum", "field": "sales_12m"}]}))
    two = ["sales.opportunity:customer", "customers.contact:customer"]
    with pytest.raises(Invalid, match="Only one of these"):
        run(manager, read({**below, "related": two}))


def test_lines_of_documents_make_the_rows(world, chances) -> None:
    """Two places in a meeting's list are two rows, whatever the event is called."""
    ctx = world.ctx("li_wei")
    made = {"starts_at": "2026-11-23 09:00", "ends_at": "2026-11-23 10:00", "subject": "周会"}
    create(ctx, "engagement.event", **made,
           lines=[{"person": world["wang_fang"]}, {"person": world["zhang_min"]}])  # fmt: skip
    result = report(ctx, "engagement.event", related=["lines"], kind="rows", columns=["subject", "lines/person"])
    assert sorted(told(result)) == [("周会", "张敏"), ("周会", "王芳")]


# ---- Rights ----------------------------------------------------------------------------------------------------------


def test_a_related_module_one_may_not_see_is_refused(world, chances) -> None:
    narrow = world.ctx("li_wei", limits=Limits(frozenset({OPPORTUNITY})))
    with pytest.raises(NotAllowed):
        report(narrow, related=["customer"], groups=[{"field": "customer/city"}])


def test_a_linked_record_beyond_reach_is_not_joined(world, chances) -> None:
    """李伟's customer belongs to one of 张敏's: he sees his own, and of the other not even its name."""
    zhang = world.ctx("zhang_min")
    hidden = create(zhang, CUSTOMER, confirmed=True, name="上级集团有限公司", city="绍兴")
    li = world.ctx("li_wei")
    create(li, CUSTOMER, confirmed=True, name="下属酒业有限公司", parent=None)
    Customer.objects.filter(name="下属酒业有限公司").update(parent=hidden)
    wanted = {"kind": "rows", "related": ["parent"], "columns": ["name", "parent", "parent/city"], "sort": "name"}
    mine = {cells[0]: cells[1:] for cells in told(report(li, CUSTOMER, **wanted))}
    assert mine["下属酒业有限公司"] == ("****", None)
    grouped = told(report(li, CUSTOMER, related=["parent"], groups=[{"field": "parent"}, {"field": "parent/city"}]))
    assert ("****", "(none)", 1) in grouped and not any("绍兴" in str(cells) for cells in grouped)
    whole = {cells[0]: cells[1:] for cells in told(report(world.ctx("sales_manager"), CUSTOMER, **wanted))}
    assert whole["下属酒业有限公司"] == ("上级集团有限公司", "绍兴")


@pytest.fixture
def veiled(world, chances) -> Context:
    """张敏 without the right to reveal: she sees her customers' contacts with masked numbers."""
    customer = chances["丙"].customer
    create(world.ctx("zhang_min"), "customers.contact", confirmed=True, customer=customer, name="周杰",
           mobile="13912345678")  # fmt: skip
    return world.ctx("zhang_min", limits=Limits(actions=frozenset({"view"})))


CONTACT = "customers.contact"


def test_a_masked_column_stays_masked_in_a_list(world, veiled) -> None:
    wanted = {"kind": "rows", "columns": ["name", "mobile"]}
    shown = told(report(veiled, CONTACT, **wanted))[0][1]
    assert "12345678" not in shown.replace(" ", "") and "*" in shown
    assert told(report(world.ctx("zhang_min"), CONTACT, **wanted))[0][1].replace(" ", "") == "13912345678"


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": {"all": [{"field": "mobile", "op": "contains", "value": "139"}]}},
        {"kind": "rows", "columns": ["name"], "sort": "mobile"},
        {"groups": [{"field": "mobile"}]},
        {"figures": [{"how": "count", "field": "mobile"}]},
        {"period": {"field": "birthday", "within": "this_year"}},
    ],
    ids=["filter", "sort", "group", "calculation", "period"],
)
def test_nothing_is_asked_by_a_masked_column(world, veiled, asked) -> None:
    wanted = {"groups": [{"field": "created_at", "by": "month"}], **asked}
    report(world.ctx("zhang_min"), CONTACT, **wanted)
    with pytest.raises(NotAllowed, match="masked for you"):
        report(veiled, CONTACT, **wanted)


def test_a_sealed_column_is_masked_for_everybody(world, chances) -> None:
    ctx = world.ctx("zhang_min")
    create(ctx, CONTACT, confirmed=True, customer=chances["丙"].customer, name="周杰",
           identity_number="110101199003070038")  # fmt: skip
    shown = told(report(ctx, CONTACT, kind="rows", columns=["name", "identity_number"]))[0][1]
    assert "19900307" not in shown
    with pytest.raises(NotAllowed):
        report(ctx, CONTACT, kind="rows", columns=["name"], sort="identity_number")


def test_private_rows_stay_private(world) -> None:
    wang = world.ctx("wang_fang")
    for private in (True, False):
        create(wang, "engagement.event", subject="体检" if private else "例会", private=private,
               starts_at="2026-11-23 09:00", ends_at="2026-11-23 10:00")  # fmt: skip
    wanted = {"groups": [{"field": "subject"}]}
    assert told(report(world.ctx("sales_manager"), "engagement.event", **wanted)) == [("例会", 1)]
    assert len(told(report(wang, "engagement.event", **wanted))) == 2


# ---- What changed since ----------------------------------------------------------------------------------------------


def test_what_is_gone_is_told_and_never_widens_the_report(world, chances) -> None:
    ctx = world.ctx("li_wei")
    result = report(ctx, kind="rows", columns=["name", "x_gone"])
    assert result.gone == ("x_gone",) and len(result.lines) == 2
    with pytest.raises(Invalid, match="x_gone"):
        report(ctx, filters={"all": [{"field": "x_gone", "op": "filled"}]}, **BY_MONTH)
    with pytest.raises(Invalid, match="not there any more"):
        report(ctx, "sales.nothing", **BY_MONTH)


WRONG: list[Any] = [
    [], {}, {"module": 3}, {"module": OPPORTUNITY}, {"module": OPPORTUNITY, "kind": "rows"},
    {"module": OPPORTUNITY, "groups": [{"field": "stage", "by": "fortnight"}]},
    {"module": OPPORTUNITY, "groups": [{"field": "stage"}] * 4},
    {"module": OPPORTUNITY, "groups": [{"field": "stage"}], "figures": [{"how": "median", "field": "amount"}]},
    {"module": OPPORTUNITY, "groups": [{"field": "stage"}], "period": {"field": "expected_on", "days": -1}},
    {"module": OPPORTUNITY, "groups": [{"field": "stage"}], "surprise": 1},
]  # fmt: skip


@pytest.mark.parametrize("kept", WRONG, ids=itertools.count())
def test_what_never_was_a_report_is_refused(kept) -> None:
    with pytest.raises(Invalid):
        read(kept)


def test_what_does_not_fit_is_refused_in_words(world, chances) -> None:
    ctx = world.ctx("li_wei")
    for wrong in (
        {"groups": [{"field": "content"}]},
        {"groups": [{"field": "stage"}], "figures": [{"how": "sum", "field": "name"}]},
        {"groups": [{"field": "stage"}], "period": {"field": "name", "days": 3}},
    ):
        with pytest.raises(Invalid):
            report(ctx, **wrong)


def test_too_many_groups_are_refused(world, chances, monkeypatch) -> None:
    monkeypatch.setattr(running, "MOST_GROUPS", 1)
    with pytest.raises(TooLarge, match="coarser"):
        report(world.ctx("li_wei"), groups=[{"field": "name"}])


def test_a_group_leads_to_exactly_its_records(world, chances) -> None:
    ctx = world.ctx("sales_manager")
    result = report(
        ctx, related=["customer"], groups=[{"field": "customer/city"}, {"field": "expected_on", "by": "month"}],
        filters={"all": [{"field": "probability", "op": "at_least", "value": 5}]},
    )  # fmt: skip
    for line in result.lines:
        rows = selected(ctx, registry.module(result.listing), Query(filters=line.leads))
        assert rows.count() == line.cells[2], line.cells


def test_a_result_is_kept_as_json(world, chances) -> None:
    result = report(world.ctx("sales_manager"), chart={"kind": "bar", "figure": 1}, **BY_MONTH)
    assert Result.from_dict(result.as_dict()) == result
    assert [(point.label, point.value) for point in result.points] == [("2026-10", 100), ("2026-11", 350)]


@pytest.mark.parametrize(
    ("first", "unit", "last", "name"),
    [
        ("2026-02-01", "month", "2026-02-28", "2026-02"), ("2026-10-01", "quarter", "2026-12-31", "2026 Q4"),
        ("2026-01-01", "year", "2026-12-31", "2026"), ("2026-11-16", "week", "2026-11-22", "week from 2026-11-16"),
        ("2026-11-16", "day", "2026-11-16", "2026-11-16"),
    ],
)  # fmt: skip
def test_units_end_and_are_called(first, unit, last, name) -> None:
    day = datetime.date.fromisoformat(first)
    assert (last_day(day, unit).isoformat(), name_of(day, unit)) == (last, name)
