"""What the head of a customer's page tells of his dossier: complete to what part, revised by when, agreed by whom."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.standard import EDIT
from guanxi.records.steps import Untold
from guanxi.rooms.dossiers.actions import SUBMIT_DOCUMENT, VERIFY_DOSSIER
from guanxi.rooms.dossiers.actions.installing import install_required_papers
from guanxi.rooms.dossiers.actions.rounds import begin_round_if_due, list_customers
from guanxi.rooms.dossiers.models import Review
from guanxi.rooms.dossiers.queries.standing import standing_of
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, decide

Make = Callable[..., Any]


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.clause("ARC-12")
def test_it_counts_what_is_there_missing_and_unsigned(
    world: World, customer_of: Make, filed: Make, paper: Make
) -> None:
    install_required_papers(world.now)
    customer = customer_of()
    filed(customer=customer)
    waiting = paper(customer=customer, kind="identity_copy", title="身份证复印件")
    run(SUBMIT_DOCUMENT, world.ctx("li_wei"), DOCUMENT, waiting, {"is_true": True})
    found = standing_of(world.ctx("li_wei"), customer)
    # Four papers are asked for: one is filed, one is under way, two are missing.
    assert (found.percent, found.filed, found.unsigned, len(found.missing)) == (25, 1, 1, 2)
    assert not found.is_complete
    for kind in ("identity_copy", "background", "visit_report"):
        filed(customer=customer, kind=kind, title=kind)
    found = standing_of(world.ctx("li_wei"), customer)
    assert (found.percent, found.missing, found.is_complete) == (100, (), True)


@pytest.mark.clause("ARC-33")
def test_it_tells_by_when_the_dossier_is_revised(world: World, customer_of: Make) -> None:
    customer = customer_of()
    ctx = world.ctx("li_wei")
    assert standing_of(ctx, customer).revise_by is None  # no round was ever begun
    begun = begin_round_if_due(world.now)
    assert begun is not None
    list_customers(world.system, begun.pk, Untold())
    found = standing_of(ctx, customer)
    assert (found.revise_by, found.is_revision_open) == (datetime.date(2026, 12, 5), True)
    run(VERIFY_DOSSIER, ctx, "dossiers.review", Review.objects.get(customer=customer))
    found = standing_of(ctx, customer)
    # Verified: the next round begins two months after 21 November.
    assert (found.revise_by, found.is_revision_open) == (datetime.date(2027, 1, 21), False)


@pytest.mark.clause("ARC-24")
@pytest.mark.usefixtures("consent_needed")
def test_it_shows_the_seal_of_the_change_that_was_agreed_to(world: World, filed: Make) -> None:
    document = filed(dossier_class="2", title="经销合同")
    customer = document.customer
    for title, outcome in (("改一", "approve"), ("改二", "refuse")):
        with pytest.raises(AwaitsApproval) as caught:
            run(EDIT, world.ctx("li_wei").because("更正"), DOCUMENT, document, {"title": title})
        if outcome == "approve":
            agreed = caught.value.pending
        decide(world, caught.value.pending, outcome)
        document.refresh_from_db()
    found = standing_of(world.ctx("li_wei"), customer)
    assert found.approved is not None and found.approved.seal == agreed.seal
    told = client_of(world, "li_wei").get(f"/dossiers/of/{customer.pk}/").content.decode()
    assert agreed.seal[:8] in told and "陈慧敏" in told


def test_the_strip_is_asked_for_later_and_only_by_who_sees_both(
    world: World, customer_of: Make, django_assert_max_num_queries: Any
) -> None:
    customer = customer_of()
    address = f"/dossiers/of/{customer.pk}/"
    assert (
        f'hx-get="{address}"' in client_of(world, "li_wei").get(f"/customers/customer/{customer.pk}/").content.decode()
    )
    owner = client_of(world, "li_wei")
    owner.get(address)
    with django_assert_max_num_queries(22):
        part = owner.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "卷宗完整度" in part and "<html" not in part
    assert client_of(world, "wang_fang").get(address).status_code == 404
    assert client_of(world, "clerk").get(address).status_code in (403, 404)
