"""Canary words in every field of a customer's family never come out of a door that is not open to the person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q

from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.records import customising, masking
from guanxi.records.context import Context
from guanxi.records.standard import create
from tests.proof.canaries import Planted, plant, plant_things, programs, seen, things, walk
from tests.proof.conftest import Company

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def planted(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Zhang Min's customer with everything that belongs to it, a field that the company has added included."""
    world = company.world
    create(
        world.ctx("system_admin"), "records.customfield",
        module="customers.customer", kind="text", label_zh="口味", label_en="Taste",
    )  # fmt: skip
    customising.forget()
    found = plant(world, "zhang_min")
    plant_things(world, "zhang_min", found, tmp_path_factory.mktemp("proof"))
    # Somebody who reads every archive, and not how to reach its people: no shipped role is like that.
    role = Role.objects.get(code="service")
    RoleRight.objects.create(role=role, module="@customer", action="view", scope=Scope.ALL)
    return found


def test_canaries_stand_in_most_fields(planted: Planted) -> None:
    """Texts that have a form of their own (codes, account numbers) take none; the rest do."""
    assert len(planted.places) > 60
    assert len(planted.personal) > 5 and len(planted.sealed) > 1
    assert "customers.customer.x_taste" in planted.places.values()


@pytest.mark.parametrize("username", ["li_wei", "clerk", "system_admin", "security_admin", "audit_admin"])
def test_who_may_not_see_a_customer_meets_no_canary(
    company: Company, planted: Planted, tmp_path: Path, username: str
) -> None:
    found = seen(walk(company, username, planted, tmp_path), planted)
    assert {planted.places[canary]: door for canary, door in found.items()} == {}


def test_the_walk_finds_every_canary_for_who_may_see_it(company: Company, planted: Planted, tmp_path: Path) -> None:
    """The control: whoever sees every archive meets all that is in it, and nothing of what is its maker's alone."""
    found = seen(walk(company, "general_manager", planted, tmp_path), planted)
    missed = {place for canary, place in planted.places.items() if canary not in found}
    assert missed == {planted.places[canary] for canary in planted.private | planted.sealed}


def test_what_is_its_makers_alone_is_met_by_its_maker(company: Company, planted: Planted) -> None:
    found = seen(things(company.browser("zhang_min"), company.token("zhang_min"), planted), planted)
    assert {planted.places[canary] for canary in planted.private - set(found)} == set()


def _everything(self: Context, module: Any, action: str = "view") -> Q:
    return Q()


@pytest.mark.parametrize(
    ("username", "owner", "name", "switched_off"),
    [
        ("li_wei", Context, "condition", _everything),
        ("service", masking, "covers", lambda ctx, module: True),
    ],
)
def test_the_walk_notices_a_protection_switched_off(
    company: Company, planted: Planted, monkeypatch: pytest.MonkeyPatch, username: str,
    owner: Any, name: str, switched_off: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(owner, name, switched_off)
    found = seen(programs(company.browser(username), company.token(username), planted), planted)
    assert set(found) & planted.personal
