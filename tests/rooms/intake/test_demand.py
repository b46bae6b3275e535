"""Demand levels and the registration form (WF-01, WF-02)."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid, Refused
from guanxi.records import registry
from guanxi.records.filters import compile_filter
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.intake.rules import Proposal, may_be_graded, proposed_level
from tests.digest import digest

CUSTOMER, FORM = "customers.customer", "intake.registration"


@pytest.mark.clause("WF-01")
@pytest.mark.parametrize(
    ("size", "demand_size", "urgency", "level"),
    [
        ("large", "", "urgent", "A"),
        ("very_large", "small", "urgent", "A"),
        ("micro", "large", "urgent", "A"),
        ("medium", "ordinary", "urgent", "B"),  # urgent, but neither is large
        ("large", "large", "idea", "B"),
        ("", "", "idea", "B"),
        ("large", "large", "latent", "C"),
        ("large", "large", "", ""),  # nothing can be said without the urgency
    ],
)
def test_the_level_follows_from_size_demand_and_urgency(size, demand_size, urgency, level):
    proposal = proposed_level(size, demand_size, urgency)
    assert proposal.level == level and proposal.reasons


@pytest.fixture
def customer(world):
    return create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="德阳旌阳商贸有限公司", owner=world["li_wei"])


@pytest.fixture
def register(world, customer):
    def make(username="li_wei", **values):
        given = {
            "customer": customer, "registered_on": "2026-11-20", "background": "区域白酒代理，二十人", "size": "large",
            "demand": "每月两车，送到八个县", "urgency": "urgent", **values,
        }  # fmt: skip
        return create(world.ctx(username), FORM, **given)

    return make


@pytest.mark.clause("WF-01")
@pytest.mark.clause("WF-02")
def test_the_newest_form_gives_the_customer_its_level_and_the_forms_are_the_history(world, customer, register):
    def level() -> str:
        customer.refresh_from_db()
        return customer.demand_level

    assert level() == ""
    register()
    assert level() == "A"
    register(registered_on="2026-11-21", urgency="latent")
    assert level() == "C"
    older = register(registered_on="2026-11-10", urgency="idea")  # found later, but older: it changes nothing
    assert level() == "C"
    edit(world.ctx("li_wei"), FORM, older, urgency="urgent")
    assert level() == "C"


@pytest.mark.clause("WF-01")
def test_another_level_needs_a_reason(world, customer, register):
    before = digest()
    with pytest.raises(Refused) as refusal:
        register(level="B")
    assert refusal.value.decision.clauses == ("WF-01",)
    with pytest.raises(Invalid):
        register(level="D")
    assert digest() == before
    register(level="B", level_reason="付款条件未谈妥")
    customer.refresh_from_db()
    assert customer.demand_level == "B"
    assert may_be_graded("B", Proposal("", ()), "").allowed


@pytest.mark.clause("WF-01")
def test_whoever_has_no_level_is_listed(world, customer, register):
    ctx, module = world.ctx("li_wei"), registry.module(CUSTOMER)
    tree = next(view for view in module.views if view.name == "unclassified").filters
    unclassified = Customer.objects.filter(compile_filter(module, tree, ctx))
    assert list(unclassified) == [customer]
    register()
    assert list(unclassified.all()) == []


@pytest.mark.clause("WF-02")
def test_the_form_is_filled_found_by_its_demand_and_opened_from_the_customer(world, customer, register, client: Client):
    form = register(demand="需要冷藏配送至八个县")
    client.force_login(world["li_wei"])
    page = client.get(f"/customers/customer/{customer.pk}/?tab=intake").content.decode()
    assert form.number in page and f"/intake/registration/{form.pk}/" in page
    assert form.number in client.get("/intake/registration/?q=冷藏配送").content.decode()
    assert client.get(f"/intake/registration/{form.pk}/").status_code == 200
    new = client.get(f"/intake/registration/new/?customer={customer.pk}").content.decode()
    assert "德阳旌阳商贸有限公司" in new


@pytest.mark.clause("WF-02")
def test_without_background_or_demand_or_for_a_stranger_there_is_no_form(world, customer, register, client: Client):
    before = digest()
    for missing in ("background", "demand"):
        with pytest.raises(Invalid):
            register(**{missing: ""})
    with pytest.raises(Invalid):  # for her there is no such customer
        register("wang_fang")
    assert digest() == before
    form = register()
    client.force_login(world["wang_fang"])
    assert client.get(f"/intake/registration/{form.pk}/").status_code == 404
