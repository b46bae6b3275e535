"""What came through an access token says so: in the audit, in the log of looks, in a record's history, in jobs."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from guanxi.kernel.errors import NotAllowed
from guanxi.platform.access.models import AccessToken
from guanxi.platform.access.rights import Limits
from guanxi.platform.access.tokens import UsedToken
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import batches, exporting, reading, registry
from guanxi.records.context import Context
from guanxi.records.listing import Query
from guanxi.records.standard import action_of, create
from tests.makers import make
from tests.people import World
from tests.web.conftest import browser, text_of

__all__ = ["browser"]

CUSTOMER = "customers.customer"
AUDIT, LOOKS = "/administration/audit/", "/administration/disclosures/"


@pytest.fixture
def shop(world: World) -> UsedToken:
    """A token of Li Wei's."""
    made = create(world.ctx("li_wei"), "access.accesstoken", name="官网同步", expires_on="2027-01-31", read_only=False)
    return UsedToken(made.pk, made.name)


@pytest.fixture
def program(world: World, shop: UsedToken) -> Context:
    """A call that shows it."""
    return world.ctx("li_wei", source="api", token=shop, elevated=True)


def named(rows: Any) -> set[tuple[Any, str | None]]:
    return set(rows.values_list("token", "token_name"))


@pytest.mark.clause("SEC-04")
def test_what_a_program_did_looked_at_and_was_refused_names_its_token(program: Context, shop: UsedToken) -> None:
    customer = create(program, CUSTOMER, name="川兴酒业有限公司")
    reading.one(program, registry.module(CUSTOMER), customer)
    with pytest.raises(NotAllowed):
        create(dataclasses.replace(program, limits=Limits(actions=frozenset({"view"}))), CUSTOMER, name="蜀香酒业")
    entries = AuditEntry.objects.filter(module=CUSTOMER)
    assert set(entries.values_list("outcome", flat=True)) == {"done", "refused"}
    assert named(entries) == named(Disclosure.objects.all()) == {(shop.id, shop.name)}


def test_a_person_himself_names_none(world: World, shop: UsedToken) -> None:
    customer = create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    reading.one(world.ctx("li_wei"), registry.module(CUSTOMER), customer)
    assert named(AuditEntry.objects.all()) == named(Disclosure.objects.all()) == {(None, None)}


def test_jobs_keep_the_token_that_began_them(
    world: World, program: Context, shop: UsedToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [make(world.system, CUSTOMER, world["li_wei"], name=name).pk for name in ("川兴酒业", "蜀香酒业")]
    module = registry.module(CUSTOMER)
    exporting.start_export(program.because("for the shop"), module, Query(), format="csv")
    edit = action_of(module, "edit")
    assert edit is not None
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    batches.begin(program, registry.entry(CUSTOMER), edit, keys, {"set": {"city": "成都"}})
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run_job(job.pk)
    entries = AuditEntry.objects.filter(source="job")
    assert {"export", "edit"} <= set(entries.values_list("action", flat=True))
    assert named(entries) == {(shop.id, shop.name)}
    assert named(Disclosure.objects.filter(kind="export")) == {(shop.id, shop.name)}


def test_the_pages_name_it_and_are_narrowed_to_it(
    browser: Any, world: World, program: Context, shop: UsedToken
) -> None:
    customer = create(program, CUSTOMER, name="川兴酒业有限公司")
    reading.one(program, registry.module(CUSTOMER), customer)
    create(world.ctx("li_wei"), CUSTOMER, name="蜀香酒业有限公司")
    auditor, through = browser("audit_admin", "zh-hans"), f"经访问令牌“{shop.name}”"
    for path in (AUDIT, LOOKS):
        page = text_of(auditor.get(path, {"token": str(shop.id)}))
        assert through in page and "李伟 · 官网同步 (gx_" in page
        assert page.count('title="#') == page.count(through) > 0
    everything = text_of(auditor.get(AUDIT))
    assert everything.count('title="#') > everything.count(through) > 0
    assert text_of(auditor.get(AUDIT, {"token": "x"})).count('title="#') == everything.count('title="#')
    assert through in text_of(browser("li_wei", "zh-hans").get(f"/customers/customer/{customer.pk}/history/"))


def test_no_name_of_a_token_becomes_markup(browser: Any, world: World) -> None:
    create(world.ctx("li_wei"), "access.accesstoken", name="<b>x</b>", expires_on="2027-01-31")
    token = AccessToken.objects.get()
    customer = create(world.ctx("li_wei", token=UsedToken(token.pk, token.name)), CUSTOMER, name="川兴酒业有限公司")
    for client, path in (
        (browser("audit_admin"), AUDIT),
        (browser("li_wei"), f"/customers/customer/{customer.pk}/history/"),
    ):
        page = client.get(path).content.decode()
        assert "&lt;b&gt;x" in page and "<b>x" not in page
