"""Leaders follow customers: what the archivist files there is told to them too (ARC-35)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.platform.access.models import PersonRole
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.customers.actions import FILE_CONTRIBUTION
from tests.digest import digest
from tests.people import World

FOLLOWING, CONTRIBUTION, CUSTOMER = "customers.following", "customers.contribution", "customers.customer"


@pytest.fixture
def customer(world: World) -> Any:
    return create(world.ctx("zhang_min"), CUSTOMER, name="杭州西湖酒业有限公司")


@pytest.fixture
def file_fact(world: World, customer: Any) -> Callable[[], None]:
    """The clerk hands in a fact of the customer, and the archivist files it."""

    def act() -> None:
        fact = create(
            world.ctx("clerk"), CONTRIBUTION, customer_name=customer.name, kind="visit_fact", content="老板换人",
            collected_on="2026-11-20", source="internal_news",
        )  # fmt: skip
        Notice.objects.all().delete()
        values = {"customer": customer, "answer": "已核实"}
        run(FILE_CONTRIBUTION, world.ctx("archivist"), CONTRIBUTION, fact, values)

    return act


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("person__username", "kind"))


@pytest.mark.clause("ARC-35")
def test_who_follows_a_customer_hears_what_was_filed(world: World, customer: Any, file_fact: Any) -> None:
    create(world.ctx("general_manager"), FOLLOWING, customer=customer)
    create(world.ctx("sales_manager"), FOLLOWING, customer=customer, is_told=False)  # only on his list
    file_fact()
    assert told() == [("clerk", "contribution"), ("general_manager", "following"), ("zhang_min", "contribution")]
    heard = Notice.objects.get(kind="following")
    assert (heard.title, heard.body, heard.record_id) == (
        "已归入 杭州西湖酒业有限公司 的档案：老板换人", "已核实", customer.pk,
    )  # fmt: skip


@pytest.mark.clause("ARC-35")
def test_who_follows_no_more_or_sees_the_customer_no_more_hears_nothing(
    world: World, customer: Any, file_fact: Any
) -> None:
    ended = create(world.ctx("general_manager"), FOLLOWING, customer=customer)
    run(DELETE, world.ctx("general_manager"), FOLLOWING, ended)
    create(world.ctx("sales_manager"), FOLLOWING, customer=customer)
    PersonRole.objects.filter(person=world["sales_manager"], role__code="sales_manager").delete()
    file_fact()
    assert told() == [("clerk", "contribution"), ("zhang_min", "contribution")]


@pytest.mark.clause("ARC-35")
def test_leaders_follow_and_nobody_else(world: World, customer: Any) -> None:
    mine = create(world.ctx("general_manager"), FOLLOWING, customer=customer)
    assert mine.owner == world["general_manager"]
    before = digest()
    for username in ("zhang_min", "li_wei", "archivist", "clerk", "security_admin"):
        with pytest.raises(NotAllowed):
            create(world.ctx(username), FOLLOWING, customer=customer)
    with pytest.raises((Conflict, Invalid)):  # once is enough
        create(world.ctx("general_manager"), FOLLOWING, customer=customer)
    with pytest.raises(NotFound):  # whom somebody follows is nobody else's business
        edit(world.ctx("sales_manager"), FOLLOWING, mine, is_told=False)
    assert digest() == before


def test_the_page_of_the_customer_offers_it(world: World, customer: Any, client: Any) -> None:
    address = f"/customers/customer/{customer.pk}/"
    client.force_login(world["general_manager"])
    assert f"/customers/following/new/?customer={customer.pk}" in client.get(address).content.decode()
    mine = create(world.ctx("general_manager"), FOLLOWING, customer=customer)
    page = client.get(address).content.decode()
    assert f"/customers/following/{mine.pk}/" in page and "/customers/following/new/" not in page
    client.force_login(world["zhang_min"])
    assert "/customers/following/" not in client.get(address).content.decode()
