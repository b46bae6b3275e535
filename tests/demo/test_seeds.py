"""One seed gives one demo company, another seed another; many customers are entered in bulk."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from guanxi.demo import build
from guanxi.platform.audit.verification import verify
from guanxi.platform.calendar import clock_at
from guanxi.records import customising, registry
from guanxi.rooms.customers.public import Contact, Customer

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)


def digest() -> dict[str, Any]:
    """What must come out the same for the same seed: names, numbers and counts, not ids."""
    counts = {module.key: module.model._default_manager.count() for module in registry.modules()}
    names = list(Customer.objects.order_by("number").values_list("number", "name", "credit_code", "phone", "sales_12m"))
    people = list(Contact.objects.order_by("number").values_list("number", "name", "mobile"))
    texts = sorted(registry.module("engagement.followup").model._default_manager.values_list("happened_at", "content"))
    return {"counts": counts, "names": names, "people": people, "texts": texts}


def built_and_taken_back(seed: int, folder: Path) -> dict[str, Any]:
    """What a demo of that seed is like; the base is empty again afterwards."""
    customising.forget()
    (folder / "audit-anchors.log").unlink(missing_ok=True)
    with transaction.atomic(), clock_at(NOW):
        build(2, seed=seed)
        found = digest()
        transaction.set_rollback(True)
    customising.stay_as_shipped()
    return found


@pytest.mark.django_db
def test_one_seed_gives_one_company(settings: Any, tmp_path: Path):
    settings.DATA = tmp_path
    first, again, other = (built_and_taken_back(seed, tmp_path) for seed in (4, 4, 5))
    assert first == again
    assert first["names"] != other["names"]
    assert first["counts"]["customers.customer"] >= 13


@pytest.mark.django_db
def test_many_customers_come_with_their_contact_only(settings: Any, tmp_path: Path, monkeypatch: Any):
    settings.DATA = tmp_path
    monkeypatch.setattr("guanxi.demo.building.THOROUGH_LIMIT", 20)
    monkeypatch.setattr("guanxi.demo.building.CHUNK", 16)
    customising.forget()
    with clock_at(NOW):
        built = build(40, seed=2)
    assert built.customers == Customer.objects.count() == 51  # and two groups of 5 and 6
    assert Contact.objects.count() == 51
    assert not registry.module("customers.marketflow").model._default_manager.exists()
    assert verify().ok
