"""The demo company: built by ordinary actions, the same for the same seed, complete, and only in an empty base."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import RequestFactory, override_settings

from guanxi.demo import PASSWORD, build, logins
from guanxi.kernel.chinese import credit_code
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.platform.access import tokens
from guanxi.platform.access.models import PersonRole
from guanxi.platform.access.rights import Limits
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.audit.verification import verify
from guanxi.platform.calendar import clock_at
from guanxi.platform.notices.models import Notice
from guanxi.platform.people.models import Person
from guanxi.records import customising, registry
from guanxi.records.context import Context
from guanxi.records.merging import likely
from guanxi.records.models import Batch
from guanxi.rooms.administration.public import ROLES
from guanxi.rooms.customers.public import Customer

# Without the mark the test database would not be made; see also the fixture.
pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """A small demo company as it stands on 20 November 2026, for all tests of this file: none of them changes it."""
    customising.forget()
    with (
        django_db_blocker.unblock(),
        override_settings(DATA=tmp_path_factory.mktemp("demo")),
        clock_at(NOW),
        transaction.atomic(),
    ):
        build(8, seed=4)
        yield
        transaction.set_rollback(True)
    customising.stay_as_shipped()


def rows(key: str) -> Any:
    """The live rows of a record type."""
    return registry.module(key).model._default_manager.filter(deleted_at=None)


def test_a_year_of_work_is_there(company):
    for key in (
        "customers.customer", "customers.contact", "customers.address", "customers.billingprofile", "customers.need",
        "customers.opinion", "customers.changeevent", "customers.intelligencenote", "customers.policynote",
        "customers.contribution", "customers.downstreamcustomer", "customers.competitor",
        "customers.competitorstanding", "customers.marketflow", "customers.similarproduct",
        "customers.publiccontact", "engagement.followup",
        "engagement.visitreport", "engagement.task", "engagement.memo", "catalog.product", "catalog.vendor",
        "catalog.pricebook",
    ):  # fmt: skip
        assert rows(key).exists(), key
    groups = rows("customers.customer").filter(institution="head_office")
    assert sorted(group.institutions.count() for group in groups) == [4, 5]
    states = Counter(rows("engagement.visitreport").values_list("state", flat=True))
    assert states["closed"] > states["draft"]
    assert {"open", "done"} <= set(rows("engagement.task").values_list("state", flat=True))
    days = list(rows("customers.marketflow").values_list("ordered_on", flat=True))
    assert min(days) < datetime.date(2026, 1, 15)
    assert max(days) <= NOW.date()
    assert Notice.objects.filter(person__username="li_wei", read_at=None).exists()


def test_there_is_something_to_tidy_up(company):
    manager = Context.of(Person.objects.get(username="sales_manager"), now=NOW)
    assert len(likely.groups(manager, registry.entry("customers.customer"))) == 2
    batch = Batch.objects.get()
    assert (batch.state, batch.failed, batch.person.username) == ("done", 0, "sales_manager") and batch.done > 2
    token = manager.search("access.accesstoken").get()
    assert tokens.limits_of(token) == Limits(
        frozenset({"customers.customer", "customers.marketflow"}), frozenset({"view"})
    )


def test_everything_is_believable(company):
    for customer in rows("customers.customer").exclude(credit_code=""):
        assert credit_code.check(customer.credit_code) == customer.credit_code
        # Whom nobody looks after belongs to no department either.
        assert customer.department == (customer.owner.department if customer.owner else None)
    assert list(rows("customers.contact").exclude(mobile__regex=r"^1[3-9]\d{9}$")) == []
    assert rows("customers.customer").filter(sales_12m__gt=0).exists()
    assert rows("customers.customer").exclude(last_contact_on=None).exists()
    assert Customer.objects.filter(changed_at__gt=NOW).count() == 0


def test_every_action_is_audited_and_the_chain_is_whole(company):
    refused = set(AuditEntry.objects.filter(outcome="refused").values_list("module", "action"))
    # The story has some visits closed too early; nothing else is refused in it.
    assert refused == {("engagement.visitreport", "close_visit")}
    created = AuditEntry.objects.filter(module="customers.customer", action="create").count()
    assert created == Customer.objects.count()
    # Triggers refuse a change: the chain is shown to be whole, and an entry more shows as waiting.
    report = verify()
    assert report.ok
    assert (report.entries, report.waiting, report.anchors) == (AuditEntry.objects.count(), 0, 1)


def test_every_role_can_log_in_and_sees_only_its_own(company):
    request = RequestFactory().post("/login/")
    for login in logins():
        assert authenticate(request, username=login.username, password=login.password) is not None, login.username
    assert authenticate(request, username="li_wei", password="guanxi-demo-2025") is None
    held = set(PersonRole.objects.values_list("role__code", flat=True))
    assert held == {role.code for role in ROLES}
    assert len(PASSWORD) >= 12
    li_wei = Context.of(Person.objects.get(username="li_wei"), now=NOW)
    seen = li_wei.search("customers.customer")
    assert 0 < seen.count() < Customer.objects.count()
    assert set(seen.values_list("owner__username", flat=True)) == {"li_wei"}
    auditor = Context.of(Person.objects.get(username="audit_admin"), now=NOW)
    assert not auditor.search("customers.customer").exists()


def test_it_refuses_a_base_in_use_and_impossible_numbers(company):
    before = Customer.objects.count(), AuditEntry.objects.count()
    with pytest.raises(Conflict) as refused:
        build(5)
    assert "in use already" in refused.value.message.msgid
    for number in (0, 1_000_001):
        with pytest.raises(Invalid):
            build(number)
    assert (Customer.objects.count(), AuditEntry.objects.count()) == before
