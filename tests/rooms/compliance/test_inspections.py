"""A self-inspection: a sample that chance draws and anybody can draw again, a sheet that is filled in, a rate."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.compliance.actions import DRAW, FINISH, RECORD_RESULTS
from guanxi.rooms.compliance.models import InspectedPoint, Inspection
from guanxi.rooms.compliance.module import INSPECTION
from guanxi.rooms.compliance.queries import sampling
from tests.digest import digest
from tests.people import World


@pytest.fixture
def customers(world: World) -> list[Any]:
    """Twelve customers of two account managers."""
    owners = ["li_wei"] * 7 + ["zhang_min"] * 5
    return [
        create(world.ctx(who), "customers.customer", name=f"蓉城第{n}商贸有限公司", confirmed=True)
        for n, who in enumerate(owners, start=1)
    ]


def planned(world: World, who: str = "archivist", **more: Any) -> Inspection:
    given = {"name": "四季度档案自查", "held_on": "2026-11-21", "size": 4, "criteria": ["complete", "accurate"], **more}
    return create(world.ctx(who), INSPECTION, **given)


def results(inspection: Inspection, *given: str) -> dict[str, Any]:
    points = inspection.points.order_by("place", "id")
    return {"points": {str(p.pk): {"result": r, "remark": ""} for p, r in zip(points, given, strict=True)}}


@pytest.mark.clause("ARC-37")
def test_a_sample_is_drawn_judged_and_told_as_a_rate(world, customers):
    ctx, row = world.ctx("archivist"), planned(world)
    row = run(DRAW, ctx, INSPECTION, row)
    assert (row.state, row.drawn_of, row.points.count()) == ("drawn", 12, 8)
    assert row.points.values("record_id").distinct().count() == 4
    # 4 files under 2 criteria: 5 met, 2 not met, 1 not asked: 5 of 7 are 71 per cent.
    told = ("met", "met", "met", "not_met", "met", "not_asked", "met", "not_met")
    row = run(RECORD_RESULTS, ctx, INSPECTION, row, results(row, *told))
    assert (row.met, row.judged) == (5, 7)
    assert INSPECTION.computed[0].figure(row) == 71
    row = run(FINISH, ctx, INSPECTION, row, {"conclusion": "两份档案缺签字，一周内补齐"})
    assert row.state == "finished"
    with pytest.raises(Conflict):
        run(RECORD_RESULTS, ctx, INSPECTION, row, results(row, *["met"] * 8))
    with pytest.raises(Conflict):
        run(EDIT, ctx, INSPECTION, row, {"name": "改名"})


@pytest.mark.clause("ARC-37")
def test_it_is_not_finished_before_every_point_is_judged(world, customers):
    ctx = world.ctx("archivist")
    row = run(DRAW, ctx, INSPECTION, planned(world))
    row = run(RECORD_RESULTS, ctx, INSPECTION, row, results(row, *["met"] * 7, ""))
    with pytest.raises(Refused) as refused:
        run(FINISH, ctx, INSPECTION, row, {"conclusion": "先结束"})
    reason = refused.value.decision.blocking[0]
    assert (reason.clause, reason.figures) == ("ARC-37", {"unjudged": 1})
    assert Inspection.objects.get(pk=row.pk).state == "drawn"


def test_the_same_seed_draws_the_same_files_and_another_one_others(world, customers):
    ctx, row = world.ctx("archivist"), planned(world)
    row = run(DRAW, ctx, INSPECTION, row)
    drawn = list(row.points.filter(criterion="complete").values_list("record_id", flat=True))
    files = sampling.population(ctx, "customers.customer")
    assert sampling.drawn(files, row.seed, 4) == drawn
    assert len({tuple(sampling.drawn(files, str(seed), 4)) for seed in range(20)}) > 10
    assert sorted(sampling.drawn(files, row.seed, 100)) == files
    # Of 12 files each is drawn about as often: 300 samples of 4 make 100 for each.
    often = [file for seed in range(300) for file in sampling.drawn(files, str(seed), 4)]
    assert all(60 <= often.count(file) <= 140 for file in files)


def test_it_is_drawn_once_and_from_what_there_is(world):
    ctx, row = world.ctx("archivist"), planned(world)
    before = InspectedPoint.objects.count()
    with pytest.raises(Refused):
        run(DRAW, ctx, INSPECTION, row)
    assert InspectedPoint.objects.count() == before
    create(world.ctx("li_wei"), "customers.customer", name="独一家酒行", confirmed=True)
    row = run(DRAW, ctx, INSPECTION, row)
    assert row.points.count() == 2  # one file, although four were wanted
    with pytest.raises(Conflict):
        run(DRAW, ctx, INSPECTION, row)


@pytest.mark.parametrize(
    "points",
    [
        "x",
        {"nobody": {"result": "met"}},
        {"first": {"result": "splendid"}},
        {"first": {"result": "", "remark": "长" * 301}},
    ],
)
def test_what_is_no_result_of_this_sheet_changes_nothing(world, customers, points):
    ctx = world.ctx("archivist")
    row = run(DRAW, ctx, INSPECTION, planned(world))
    if isinstance(points, dict) and "first" in points:
        points = {str(row.points.first().pk): points["first"]}
    before = digest()
    with pytest.raises(Invalid):
        run(RECORD_RESULTS, ctx, INSPECTION, row, {"points": points})
    assert digest() == before


@pytest.mark.parametrize("who", ["li_wei", "clerk", "finance_manager", "system_admin", "audit_admin"])
def test_who_has_no_right_learns_nothing_of_inspections(world, customers, browser, who):
    row = run(DRAW, world.ctx("archivist"), INSPECTION, planned(world))
    person = browser(who)
    before = digest()
    assert person.get("/compliance/inspection/").status_code == 403
    for page in (f"/compliance/inspection/{row.pk}/", f"/regulation/inspections/{row.pk}/sheet/"):
        assert person.get(page).status_code in (403, 404)
    with pytest.raises((NotAllowed, NotFound)):
        run(DELETE, world.ctx(who), INSPECTION, row)
    assert digest() == before


def test_the_sheet_is_filled_in_on_its_page_and_shown_on_the_inspections(world, customers, browser):
    row = run(DRAW, world.ctx("archivist"), INSPECTION, planned(world))
    person = browser("archivist")
    page = f"/regulation/inspections/{row.pk}/sheet/"
    text = person.get(page).content.decode()
    assert all(point.subject in text for point in row.points.all())
    token = text.split('name="form_token" value="')[1].split('"')[0]
    data = {f"result-{point.pk}": "not_met" for point in row.points.all()}
    remark = {f"remark-{row.points.first().pk}": "缺授权书"}
    answer = person.post(page, {**data, **remark, "form_token": token, "version": row.version})
    assert answer.status_code in (302, 303)
    shown = person.get(f"/compliance/inspection/{row.pk}/").content.decode()
    assert "缺授权书" in shown and "不合格" in shown and "0 / 4" in shown
