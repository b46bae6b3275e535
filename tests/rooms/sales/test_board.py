"""The board: columns with sums, cards within one's reach, moved by dragging; few queries however many cards."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.records.actions import run
from guanxi.rooms.sales.actions import LOSE_OPPORTUNITY, WIN_OPPORTUNITY
from guanxi.rooms.sales.models import Opportunity, StageMove
from guanxi.rooms.sales.queries import OPPORTUNITY, columns_of, on_board, stages_of
from tests.digest import digest
from tests.people import World
from tests.rooms.sales.test_opportunities import begun, customer_of, gifts, stage

__all__ = ["gifts"]
BOARD = "/sales/board/"


def columns(world: World, username: str, gifts: Opportunity, **narrowed: Any) -> dict[str, tuple[int, Any, Any]]:
    pipeline = gifts.stage.pipeline
    rows = on_board(world.ctx(username), pipeline, **narrowed)
    return {
        each.stage.name: (each.count, each.amount, each.weighted)
        for each in columns_of(rows, stages_of(pipeline))
        if each.count
    }


def test_columns_tell_number_sum_and_weight_within_ones_reach(world, gifts) -> None:
    begun(world, name="中秋团购", amount="100000", stage=stage("商务谈判"))
    begun(world, "zhang_min", "华东年货", amount="50000")
    lost = begun(world, name="婚宴")
    run(LOSE_OPPORTUNITY, world.ctx("li_wei"), OPPORTUNITY, lost, {"lost_reason": "price"})
    # 李伟: 300,000 at 10 %, 100,000 at 75 %; the manager 50,000 at 10 % more.
    mine = {"初步接触": (1, 300_000, 30_000), "商务谈判": (1, 100_000, 75_000), "输单": (1, 300_000, 0)}
    assert columns(world, "li_wei", gifts) == mine
    assert columns(world, "sales_manager", gifts) == {**mine, "初步接触": (2, 350_000, 35_000)}
    assert columns(world, "sales_manager", gifts, owner=world["li_wei"]) == mine
    Opportunity.objects.filter(pk=lost.pk).update(closed_on=world.now.date() - datetime.timedelta(days=31))
    assert "输单" not in columns(world, "li_wei", gifts)


def test_a_dragged_card_moves_and_what_is_asked_first_leads_there(world, gifts, client: Client) -> None:
    client.force_login(world["li_wei"])
    sent = {"pk": gifts.pk, "version": gifts.version, "value": stage("需求确认").pk}
    assert client.post(f"{BOARD}move/", sent).status_code == 204
    gifts.refresh_from_db()
    assert gifts.stage.name == "需求确认" and gifts.moves.count() == 2
    before = digest()
    for name, verb in (("输单", "lose_opportunity"), ("赢单", "win_opportunity")):
        answer = client.post(f"{BOARD}move/", {"pk": gifts.pk, "value": stage(name).pk})
        assert answer.headers["HX-Redirect"] == f"/sales/opportunity/{gifts.pk}/do/{verb}/"
    assert digest() == before
    run(WIN_OPPORTUNITY, world.ctx("li_wei"), OPPORTUNITY, gifts, {})
    answer = client.post(f"{BOARD}move/", {"pk": gifts.pk, "value": stage("需求确认").pk})
    assert f"do/reopen_opportunity/?stage={stage('需求确认').pk}" in answer.headers["HX-Redirect"]


def test_a_card_that_somebody_moved_meanwhile_goes_back(world, gifts, client: Client) -> None:
    client.force_login(world["li_wei"])
    sent = {"pk": gifts.pk, "version": gifts.version - 1, "value": stage("需求确认").pk}
    before = digest()
    assert client.post(f"{BOARD}move/", sent).status_code == 409
    for wrong in ({"value": "x"}, {"pk": "x"}, {"value": str(gifts.pk)}):
        assert client.post(f"{BOARD}move/", {**sent, **wrong}).status_code == 404
    client.force_login(world["zhang_min"])
    assert client.post(f"{BOARD}move/", sent).status_code == 404
    client.force_login(world["clerk"])
    assert client.post(f"{BOARD}move/", sent).status_code == 403
    assert client.get(BOARD).status_code == 403 and digest() == before


def test_the_board_is_narrowed_and_knows_its_limits(world, gifts, client: Client) -> None:
    begun(world, "zhang_min", "华东年货")
    client.force_login(world["sales_manager"])
    assert "华东年货" in client.get(BOARD).content.decode()
    narrowed = client.get(f"{BOARD}?owner={world['li_wei'].pk}").content.decode()
    assert "春节礼盒团购" in narrowed and "华东年货" not in narrowed
    team = client.get(f"{BOARD}?team={world['zhang_min'].department_id}").content.decode()
    assert "华东年货" in team and "春节礼盒团购" not in team
    assert "春节礼盒团购" not in client.get(f"{BOARD}?owner=me").content.decode()
    assert client.get(f"{BOARD}?owner=nobody").status_code == 404
    client.force_login(world["li_wei"])
    assert "华东年货" not in client.get(BOARD).content.decode()


@pytest.mark.parametrize("count", [3, 120])
def test_many_cards_cost_no_more_queries_and_the_others_are_behind_the_foot(
    world, gifts, client: Client, count: int
) -> None:
    customer = customer_of(world, "li_wei", "自贡盐都酒行")
    made = [
        Opportunity(
            customer=customer, name=f"商机{number:03}", kind="new", expected_on=datetime.date(2027, 1, 1),
            stage=gifts.stage, probability=10, owner=world["li_wei"], stage_since=world.now,
        )
        for number in range(count)
    ]  # fmt: skip
    Opportunity.objects.bulk_create(made)
    client.force_login(world["li_wei"])
    client.get(BOARD)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(BOARD).content.decode()
    assert len(queries) <= 20
    assert shown.count('<li class="card') == min(count + 1, 50)
    if count > 50:
        assert f"还有 {count + 1 - 50} 张" in shown
        further = client.get(f"{BOARD}?stage={gifts.stage_id}&page=3").content.decode()
        assert further.count('<li class="card') == count + 1 - 100
    assert StageMove.objects.count() == 1
