"""A filter as the person reads it who decides upon what somebody else asked for."""

from __future__ import annotations

import pytest
from django.utils import translation

from guanxi.records import registry
from guanxi.records.standard import create
from guanxi.records.wording import in_words
from tests.people import World

CUSTOMER = registry.module("customers.customer")


@pytest.mark.clause("SEC-04")
def test_conditions_are_told_with_labels_and_names_and_never_with_ids(world: World) -> None:
    other = world["wang_fang"]
    tree = {
        "all": [
            {"field": "name", "op": "contains", "value": "酒"},
            {"field": "status", "op": "in", "value": ["at_risk", "lost"]},
            {"field": "owner", "op": "in", "value": ["me", str(other.pk)]},
            {"field": "registered_capital", "op": "between", "value": ["1000000", None]},
            {"field": "first_dealing_on", "op": "from", "value": "2026-01-01"},
            {"field": "last_contact_on", "op": "within", "value": "last_30_days"},
            {"field": "last_contact_on", "op": "older_than", "value": 1},
            {"field": "key_account", "op": "is", "value": True},
            {"any": [{"field": "city", "op": "empty"}, {"not": {"field": "city", "op": "in", "value": ["成都"]}}]},
        ]
    }
    with translation.override("en"):
        lines = in_words(world.ctx("li_wei"), CUSTOMER, tree)
    assert lines[0] == "Customer name contains 酒"
    assert lines[2].startswith("Owner is one of ") and world["li_wei"].name in lines[2] and other.name in lines[2]
    assert lines[3].endswith(" – …") and "1,000,000" in lines[3]
    assert lines[4].endswith("not before 2026-01-01")
    assert lines[5].endswith("within last 30 days") and lines[6].endswith("longer ago than 1 day")
    assert lines[7].endswith("is Yes")
    assert " or not: " in lines[8] and "is empty" in lines[8]
    assert not any(str(other.pk) in line or "at_risk" in line for line in lines)
    with translation.override("zh-hans"):
        assert "包含" in in_words(world.ctx("li_wei"), CUSTOMER, tree)[0]


def test_a_linked_record_that_the_person_may_not_see_has_no_name(world: World) -> None:
    customer = create(world.system, CUSTOMER, confirmed=True, name="川兴酒业", owner=world["li_wei"])
    tree = {"field": "customer", "op": "in", "value": [str(customer.pk)]}
    followup = registry.module("engagement.followup")
    assert "川兴酒业" in in_words(world.ctx("li_wei"), followup, tree)[0]
    assert "川兴酒业" not in in_words(world.ctx("wang_fang"), followup, tree)[0]
    assert in_words(world.ctx("li_wei"), followup, {}) == []
