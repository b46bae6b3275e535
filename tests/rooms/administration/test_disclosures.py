"""Who saw, searched and took out what is on record, cannot be changed, and is read by the auditor (SEC-04)."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.audit import disclosures
from guanxi.platform.audit.models import Disclosure, Sight
from guanxi.records import exporting, listing, reading, registry, search
from guanxi.records.listing import Query
from guanxi.records.standard import create
from guanxi.rooms.administration.upkeep import forget_disclosures
from tests.digest import digest
from tests.people import NOW, World
from tests.web.conftest import browser, text_of

__all__ = ["browser"]

CUSTOMER = "customers.customer"


@pytest.fixture
def customer(world: World) -> Any:
    return create(world.ctx("li_wei"), CUSTOMER, name="蜀香酒业有限公司")


def logged(**conditions: Any) -> list[tuple[str, str, str]]:
    found = Disclosure.objects.filter(**conditions).order_by("id")
    return [(entry.actor_name, entry.kind, entry.outcome) for entry in found]


@pytest.mark.clause("SEC-04")
def test_each_look_at_a_customer_is_on_record_and_changes_nothing_else(browser: Any, world: World, customer: Any):
    client, before = browser("li_wei"), digest()
    pages = ("", "edit/", "history/", "books/visits/")
    for page in pages:
        assert client.get(f"/customers/customer/{customer.pk}/{page}").status_code == 200
    assert digest() == before
    assert logged(record_id=customer.pk) == [("李伟", "view", "done")] * len(pages)
    entry = Disclosure.objects.first()
    assert entry is not None
    assert (entry.source, entry.module, entry.record_label) == ("page", CUSTOMER, "蜀香酒业有限公司")


@pytest.mark.clause("SEC-04")
def test_a_refused_look_is_on_record_and_one_at_nothing_is_not(browser: Any, world: World, customer: Any):
    client, before = browser("wang_fang"), digest()
    assert client.get(f"/customers/customer/{customer.pk}/").status_code == 404
    assert client.get(f"/customers/customer/{customer.pk}/edit/").status_code == 404
    assert client.get("/customers/customer/01930000-0000-7000-8000-000000000000/").status_code == 404
    with pytest.raises(NotFound):
        world.ctx("wang_fang", source="api").get(CUSTOMER, customer.pk)
    assert digest() == before
    assert logged() == [("王芳", "view", "refused")] * 3
    assert set(Disclosure.objects.values_list("record_label", flat=True)) == {""}


def test_searches_filters_and_programs_are_on_record(world: World, customer: Any):
    ctx, module = world.ctx("li_wei"), registry.module(CUSTOMER)
    listing.page(ctx, module, Query())
    assert logged() == []
    listing.page(ctx, module, Query(text="蜀香"))
    listing.page(ctx, module, Query(filters={"field": "city", "op": "equals", "value": "成都"}))
    search.find(ctx, "蜀香")
    reading.one(world.ctx("li_wei", source="api"), module, customer)
    found = list(Disclosure.objects.order_by("id").values_list("kind", "source", "module", "detail"))
    assert found == [
        ("search", "page", CUSTOMER, {"words": "蜀香", "found": 1}),
        ("list", "page", CUSTOMER, {"filters": {"field": "city", "op": "equals", "value": "成都"}, "found": 0}),
        ("search", "page", "", {"words": "蜀香", "found": 1}),
        ("view", "api", CUSTOMER, {}),
    ]


@pytest.mark.clause("SEC-04")
def test_an_export_says_who_what_and_when_and_a_refused_one_too(world: World, customer: Any, tmp_path: Any):
    ctx, module = world.ctx("li_wei"), registry.module(CUSTOMER)
    exporting.export_file(ctx.because("for the auditor"), module, tmp_path / "mine.csv", Query(text="蜀香"))
    with pytest.raises(NotAllowed):
        exporting.require_right(world.ctx("clerk"), module)
    done, refused = Disclosure.objects.filter(kind=Sight.EXPORT).order_by("id")
    assert (done.actor_name, done.module, done.record_label, done.at) == ("李伟", CUSTOMER, "mine.csv", NOW)
    assert done.detail["rows"] == 1 and done.detail["filter"]["text"] == "蜀香" and len(done.detail["sha256"]) == 64
    assert (refused.actor_name, refused.outcome) == ("何小雨", "refused")


def test_nobody_changes_the_log_and_only_what_is_old_is_deleted(world: World):
    old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=400)
    for at in (old, datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=30)):
        disclosures.note(world["li_wei"], at, Sight.VIEW)
    for attempt in (lambda rows: rows.update(actor_name="王芳"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt(Disclosure.objects.all())
    assert disclosures.forget_before(old + datetime.timedelta(days=1)) == 1
    assert Disclosure.objects.count() == 1


def test_the_upkeep_keeps_what_the_parameter_says(world: World):
    for days in (3 * 365 + 2, 3 * 365 - 2):
        disclosures.note(world["li_wei"], NOW - datetime.timedelta(days=days), Sight.VIEW)
    forget_disclosures(NOW)
    assert [entry.at for entry in Disclosure.objects.all()] == [NOW - datetime.timedelta(days=3 * 365 - 2)]


def test_the_log_is_the_auditors_and_reading_it_is_on_record(browser: Any, world: World, customer: Any):
    browser("li_wei").get(f"/customers/customer/{customer.pk}/")
    browser("li_wei").get("/customers/customer/?q=蜀香")
    auditor = browser("audit_admin")
    page = text_of(auditor.get("/administration/disclosures/"))
    assert "李伟" in page and "looked at" in page
    # The auditor reads who looked, and not whom the customers are.
    assert "蜀香" not in page
    assert logged(kind=Sight.LOG) == [("许审", "log", "done")]
    boss = text_of(browser("general_manager").get(f"/administration/disclosures/?kind=view&record={customer.pk}"))
    assert "蜀香酒业有限公司" in boss and "searched" not in boss.split("<tbody>")[1]
    for username in ("li_wei", "sales_manager", "system_admin", "security_admin"):
        assert browser(username).get("/administration/disclosures/").status_code == 403


def test_who_looked_at_a_record_is_told_to_who_may_know(browser: Any, world: World, customer: Any):
    browser("li_wei").get(f"/customers/customer/{customer.pk}/")
    page = text_of(browser("sales_manager").get(f"/customers/customer/{customer.pk}/looks/"))
    assert page.count("李伟") >= 1 and "looked at" in page
    assert "/looks/" in text_of(browser("sales_manager").get(f"/customers/customer/{customer.pk}/"))
    assert browser("li_wei").get(f"/customers/customer/{customer.pk}/looks/").status_code == 403
    assert "/looks/" not in text_of(browser("li_wei").get(f"/customers/customer/{customer.pk}/"))
    assert browser("zhang_min").get(f"/customers/customer/{customer.pk}/looks/").status_code == 404


def test_a_look_costs_one_statement(world: World, customer: Any):
    ctx, module = world.ctx("li_wei"), registry.module(CUSTOMER)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        disclosures.note(ctx.actor, ctx.now, Sight.VIEW, module=module.key, record_id=customer.pk, label="x")
    assert len(queries) == 1


def test_who_saw_what_in_an_hour_is_found_quickly(world: World):
    rows = [
        Disclosure(
            at=NOW + datetime.timedelta(seconds=n), actor=world["li_wei"], actor_name="李伟", kind=Sight.VIEW,
            source="page", module=CUSTOMER, record_id=world["li_wei"].pk,
        )
        for n in range(30_000)
    ]  # fmt: skip
    Disclosure.objects.bulk_create(rows, batch_size=2000)
    started = time.perf_counter()
    found = Disclosure.objects.filter(
        actor=world["li_wei"], at__gte=NOW + datetime.timedelta(hours=2), at__lt=NOW + datetime.timedelta(hours=3)
    )
    assert len(found) == 3600
    assert "disclosure_a" in found.order_by("at").explain()
    assert time.perf_counter() - started < 2


def test_a_grant_shows_in_the_log_of_the_record(browser: Any, world: World, customer: Any):
    AccessGrant.objects.create(
        person=world["wang_fang"], module=CUSTOMER, record_id=customer.pk, actions="view", valid_from=NOW,
        valid_until=NOW + datetime.timedelta(days=1), reason="联合走访",
    )  # fmt: skip
    browser("wang_fang").get(f"/customers/customer/{customer.pk}/")
    assert logged(record_id=customer.pk) == [("王芳", "view", "done")]
