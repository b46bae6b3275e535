"""Queries that are built once for many people show each what is his, and nothing else."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.platform.access.models import AccessGrant
from guanxi.platform.people.models import Deputy
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import Masked
from guanxi.records.scoped import Scoped
from guanxi.records.standard import create
from tests.people import CAST, NOW, World

CUSTOMER, CONTACT = "customers.customer", "customers.contact"
MOBILES = {"li_wei": "13611112222", "wang_fang": "13987654321", "zhang_min": "13522223333"}
EVERY = Scoped(lambda ctx, module, action: ctx.search(module, action).order_by("pk"))


@pytest.fixture
def clientele(world: World) -> dict[str, Any]:
    """One customer and one contact of each of three account managers."""
    found: dict[str, Any] = {}
    for username in MOBILES:
        ctx = world.ctx(username)
        found[username] = create(ctx, CUSTOMER, name=f"{world[username].name}的酒业有限公司")
        create(ctx, CONTACT, customer=found[username], name=f"{world[username].name}的联系人", mobile=MOBILES[username])
    return found


def alike(ctx: Context, module: str, action: str = "view") -> set[Any]:
    """What the prepared query finds for a person, after comparing it with the query built for him alone."""
    found = EVERY.rows(ctx, module, action)
    wanted = list(ctx.search(module, action).order_by("pk"))
    assert [vars(row).keys() for row in found] == [vars(row).keys() for row in wanted], (ctx.actor, module)
    assert [str(row) for row in found] == [str(row) for row in wanted], (ctx.actor, module)
    assert EVERY.count(ctx, module, action) == len(wanted)
    return {row.pk for row in found}


@pytest.mark.clause("SEC-01", "SEC-02")
def test_everybody_in_turn_finds_what_a_query_of_his_own_finds(world: World, clientele: dict[str, Any]) -> None:
    for _round in range(2):
        for username in CAST:
            ctx = world.ctx(username)
            for module in registry.modules():
                for action in ("view", "edit"):
                    if ctx.may(module, action):
                        alike(ctx, module.key, action)


@pytest.mark.clause("SEC-01")
def test_two_people_of_one_role_share_the_statement_and_not_the_rows(world: World, clientele: dict[str, Any]) -> None:
    built = []
    query = Scoped(lambda ctx: built.append(1) or ctx.search(CUSTOMER))
    for username in ("li_wei", "wang_fang", "li_wei", "zhang_min", "wang_fang"):
        assert [row.pk for row in query.rows(world.ctx(username))] == [clientele[username].pk]
    assert len(built) == 1


@pytest.mark.clause("SEC-07")
def test_a_grant_or_an_absence_opens_and_closes_it_at_once(world: World, clientele: dict[str, Any]) -> None:
    own, other, third = (clientele[name].pk for name in ("li_wei", "wang_fang", "zhang_min"))
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own}
    grant = AccessGrant.objects.create(
        person=world["li_wei"], module=CUSTOMER, record_id=other, actions="view", valid_from=NOW,
        valid_until=NOW + datetime.timedelta(days=1), reason="联合走访",
    )  # fmt: skip
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own, other}
    AccessGrant.objects.filter(pk=grant.pk).update(record_id=third)
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own, third}
    grant.delete()
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own}
    absence = Deputy.objects.create(
        person=world["wang_fang"], deputy=world["li_wei"], from_date=NOW.date(), until_date=NOW.date()
    )
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own, other}
    absence.delete()
    assert alike(world.ctx("li_wei"), CUSTOMER) == {own}


def test_what_the_right_to_reveal_does_not_reach_is_masked_for_each_person(
    world: World, clientele: dict[str, Any]
) -> None:
    AccessGrant.objects.create(
        person=world["li_wei"], module=CUSTOMER, record_id=clientele["wang_fang"].pk, actions="view", valid_from=NOW,
        valid_until=NOW + datetime.timedelta(days=1), reason="联合走访",
    )  # fmt: skip
    for _round in range(2):
        seen = {row.customer_id: row.mobile for row in EVERY.rows(world.ctx("li_wei"), CONTACT, "view")}
        assert seen[clientele["li_wei"].pk] == MOBILES["li_wei"]
        assert isinstance(seen[clientele["wang_fang"].pk], Masked)
        (clear,) = EVERY.rows(world.ctx("wang_fang"), CONTACT, "view")
        assert clear.mobile == MOBILES["wang_fang"]


def test_the_function_learns_neither_who_acts_nor_when(world: World) -> None:
    with pytest.raises(AttributeError):
        Scoped(lambda ctx: ctx.search(CUSTOMER).filter(owner=ctx.actor.pk)).rows(world.ctx("li_wei"))
    with pytest.raises(AttributeError):
        Scoped(lambda ctx: ctx.search(CUSTOMER).filter(created_at__lt=ctx.now.date())).rows(world.ctx("li_wei"))


def test_the_system_sees_everything(world: World, clientele: dict[str, Any]) -> None:
    assert {row.pk for row in EVERY.rows(world.system, CUSTOMER, "view")} == {row.pk for row in clientele.values()}
