"""Sensitive values (C3): encrypted where they are kept, masked wherever they are shown, revealed once and on record."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guanxi.kernel.errors import Invalid, NotAllowed, Refused, Unconfirmed
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.sealing import vault
from guanxi.records import exporting, history, listing, reading, registry
from guanxi.records.actions import run
from guanxi.records.fields import Sealed
from guanxi.records.listing import Query
from guanxi.records.models import DuplicateKey, SearchEntry
from guanxi.records.resealing import reseal
from guanxi.records.revealing import REVEAL
from guanxi.records.standard import create, edit
from tests.digest import digest
from tests.people import World

CONTACT, BILLING = "customers.contact", "customers.billingprofile"
IDENTITY, OTHER, ACCOUNT = "11010519491231002X", "110101199003077475", "6222021234567890"


@pytest.fixture
def customer(world: World) -> Any:
    return create(world.ctx("li_wei"), "customers.customer", name="蜀香酒业有限公司")


@pytest.fixture
def contact(world: World, customer: Any) -> Any:
    return create(world.ctx("li_wei"), CONTACT, customer=customer, name="李先生", identity_number=IDENTITY)


def everything() -> str:
    """All that the database holds, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_what_is_kept_is_encrypted_everywhere(world: World, contact: Any, customer: Any, caplog: Any):
    profile = create(
        world.ctx("li_wei"), BILLING, confirmed=True, customer=customer, title="蜀香酒业", account="6222 0212 3456 7890"
    )
    edit(world.ctx("li_wei"), CONTACT, contact, identity_number=OTHER)
    kept = everything()
    for value in (IDENTITY, OTHER, ACCOUNT):
        assert value not in kept and value not in caplog.text
    fresh = registry.module(BILLING).model.objects.get(pk=profile.pk)
    assert fresh.account.plain == ACCOUNT
    assert str(fresh.account) == "622****7890" and ACCOUNT not in repr(fresh.account)
    assert SearchEntry.objects.filter(grams__contains="622").count() == 0
    keys = DuplicateKey.objects.filter(rule="identity_number").values_list("key", flat=True)
    assert list(keys) == [vault.fingerprint(OTHER, "customers.contact.identity_number")]


def test_the_audit_keeps_a_mask_and_a_fingerprint(world: World, contact: Any):
    edit(world.ctx("li_wei"), CONTACT, contact, identity_number=OTHER)
    old, new = AuditEntry.objects.filter(action="edit").latest("id").changes["identity_number"]
    assert (old["title"], new["title"]) == ("110****002X", "110****7475")
    assert old["digest"] != new["digest"]
    past = history.of(world.ctx("li_wei"), registry.entry(CONTACT), contact)
    assert ("110****002X", "110****7475") in {(change.old, change.new) for entry in past for change in entry.changes}


def test_the_same_value_again_is_no_change(world: World, contact: Any):
    before = AuditEntry.objects.count()
    edit(world.ctx("li_wei"), CONTACT, contact, identity_number=IDENTITY)
    assert AuditEntry.objects.count() == before


def test_it_is_masked_at_every_door(world: World, contact: Any, tmp_path: Path):
    ctx, known = world.ctx("general_manager"), registry.entry(CONTACT)
    row = listing.page(ctx, known.module, Query(columns=("name", "identity_number"))).rows[0]
    assert known.field("identity_number").text(row) == "110****002X"
    told = reading.one(ctx, known.module, row)
    assert told["identity_number"] is None and "identity_number" in told[reading.MASKED]
    assert IDENTITY not in json.dumps(told)
    exporting.export_file(ctx.because("for the auditor"), known.module, tmp_path / "all.csv")
    text = (tmp_path / "all.csv").read_text("utf-8-sig")
    assert IDENTITY not in text and "110****002X" in text


def test_equal_values_are_found_and_nothing_else_can_be_asked(world: World, contact: Any, customer: Any):
    ctx, module = world.ctx("li_wei"), registry.module(CONTACT)

    def found(operator: str, value: str = "") -> list[str]:
        tree = {"field": "identity_number", "op": operator, "value": value}
        return [row.name for row in listing.page(ctx, module, Query(filters=tree)).rows]

    assert found("equals", IDENTITY) == ["李先生"] and found("equals", OTHER) == []
    assert found("filled") == ["李先生"] and found("empty") == []
    with pytest.raises(Invalid):
        found("contains", "1101")
    assert listing.sort_of(ctx, module, "identity_number")[0] != "identity_number"
    with pytest.raises(Refused):
        create(ctx, CONTACT, customer=customer, name="同一个人", identity_number=IDENTITY)


@pytest.mark.parametrize("wrong", ["110105194912310021", "12345", "身份证", "110****002X"])
def test_a_slip_is_refused_and_nothing_is_kept(world: World, customer: Any, wrong: str):
    before = digest()
    with pytest.raises(Invalid):
        create(world.ctx("li_wei"), CONTACT, customer=customer, name="某人", identity_number=wrong)
    assert digest() == before


def test_a_card_number_with_a_slip_is_a_warning(world: World, customer: Any):
    with pytest.raises(Refused) as refused:
        create(world.ctx("li_wei"), BILLING, customer=customer, title="蜀香", account="6222021234567890")
    assert refused.value.decision.allowed


@pytest.mark.clause("SEC-04")
def test_revealing_asks_who_and_why_tells_once_and_is_on_record(world: World, contact: Any):
    unsure = dataclasses.replace(world.ctx("li_wei"), confirmed_at=None)
    before = digest()
    for ctx, problem in (
        (unsure.because("核对合同"), Unconfirmed),
        (world.ctx("li_wei"), Invalid),
    ):
        with pytest.raises(problem):
            run(REVEAL, ctx, CONTACT, contact)
    with pytest.raises(NotAllowed):
        run(REVEAL, world.ctx("clerk").because("好奇"), CONTACT, contact)
    assert digest() == before and not Disclosure.objects.filter(kind="reveal", outcome="done").exists()

    ctx = world.ctx("li_wei").because("核对合同")
    run(REVEAL, ctx, CONTACT, contact)
    assert [told.secret for told in ctx.told] == [IDENTITY]
    assert digest() == before
    entry = Disclosure.objects.get(kind="reveal")
    assert (entry.actor_name, entry.reason, entry.record_id) == ("李伟", "核对合同", contact.pk)
    assert IDENTITY not in everything()


def test_a_value_opens_only_in_its_own_column_and_unchanged(world: World, contact: Any):
    stored = contact.__class__.objects.get(pk=contact.pk).identity_number.stored
    assert vault.open_value(stored, "customers.contact.identity_number") == IDENTITY
    with pytest.raises(ValueError, match="does not open"):
        vault.open_value(stored, "customers.billingprofile.account")
    spoiled = stored[:-8] + ("A" if stored[-8] != "A" else "B") + stored[-7:]
    with pytest.raises(ValueError, match="does not open"):
        vault.open_value(spoiled, "customers.contact.identity_number")


def test_turning_the_key_seals_everything_anew(world: World, contact: Any):
    before = contact.__class__.objects.get(pk=contact.pk)
    number = vault.key_number(before.identity_number.stored)
    assert vault.make_key() > number
    assert reseal() == 1
    after = contact.__class__.objects.get(pk=contact.pk)
    assert vault.key_number(after.identity_number.stored) > number
    assert (after.identity_number.plain, after.version) == (IDENTITY, before.version)
    assert reseal() == 0


def test_a_value_from_before_the_sealing_is_read(world: World, contact: Any):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_contact SET identity_number = %s", [IDENTITY])
    fresh = contact.__class__.objects.get(pk=contact.pk)
    assert isinstance(fresh.identity_number, Sealed) and fresh.identity_number.plain == IDENTITY
    assert reseal() == 1
    assert IDENTITY not in everything()
