"""The regulation's numbers of this room are in force as they stand on the day, and authorised people change them."""

from __future__ import annotations

import datetime

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.policy.values import set_value, value_of
from guanxi.records import listing, registry
from guanxi.records.listing import Query
from guanxi.records.standard import create
from guanxi.rooms.customers import queries
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.policies import FEWEST_SOURCES, QUIET_DAYS
from guanxi.rooms.customers.rules import one_sided_information
from tests.people import NOW, World

TODAY = datetime.date(2026, 11, 21)


@pytest.mark.clause("SAL-14")
def test_who_counts_as_quiet_follows_the_parameter_of_the_day(world: World) -> None:
    ctx = world.ctx("li_wei")
    for name, days in (("甲", 9), ("乙", 10), ("丙", 11), ("丁", 30), ("戊", 31)):
        customer = create(ctx, "customers.customer", name=f"{name}酒业", status="dealing")
        Customer.objects.filter(pk=customer.pk).update(last_contact_on=TODAY - datetime.timedelta(days=days))

    def quiet() -> tuple[set[str], set[str]]:
        shown = listing.page(ctx, registry.module("customers.customer"), Query(view="quiet"))
        return {row.name[0] for row in queries.quiet_customers(ctx)}, {row.name[0] for row in shown.rows}

    assert value_of(QUIET_DAYS, TODAY) == 30
    assert quiet() == ({"戊"}, {"戊"})
    set_value(QUIET_DAYS, "10", TODAY, world["general_manager"], "旺季前加紧联系", NOW)
    assert quiet() == ({"丙", "丁", "戊"}, {"丙", "丁", "戊"})
    with pytest.raises(Invalid):
        set_value(QUIET_DAYS, "0", TODAY, world["general_manager"], "误填", NOW)
    assert value_of(QUIET_DAYS, TODAY - datetime.timedelta(days=1)) == 30


@pytest.mark.clause("ARC-36")
def test_how_many_kinds_of_source_are_asked_for_is_a_parameter() -> None:
    both = frozenset({"website", "insider"})
    assert FEWEST_SOURCES.default == 2
    assert not one_sided_information(True, both, 5, 2).warnings
    warned = one_sided_information(True, both, 5, 3)
    assert warned.allowed and warned.clauses == ("ARC-36",)
    assert warned.warnings[0].figures == {"notes": 5, "fewest": 3}
    assert not one_sided_information(True, frozenset({"website"}), 1, 2).warnings
    assert not one_sided_information(False, frozenset({"website"}), 5, 2).warnings
