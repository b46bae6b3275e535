"""Personal columns: clear for whom the right to reveal reaches the record, masked at every other door (R21)."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from guanxi.kernel.errors import Invalid, Stale
from guanxi.platform.access.models import AccessGrant, RoleRight
from guanxi.records import duplicates, exporting, history, listing, masking, reading, registry, search
from guanxi.records.export_cells import ExportCells
from guanxi.records.fields import Masked
from guanxi.records.listing import Query
from guanxi.records.module import Computed
from guanxi.records.standard import create, edit
from guanxi.rooms.administration.roles import ROLES
from tests.people import NOW, World

CONTACT = "customers.contact"
#: What is planted, and what of it must never be seen by whom it is masked.
CANARIES = {
    "mobile": "13987654321", "phone": "028-86541234", "email": "canary@secret.example",
    "wechat": "canary-wechat", "birthday": "1971-05-23",
}  # fmt: skip
TELLING = ("13987654321", "139 8765 4321", "86541234", "8654 1234", "canary", "1971-05-23", "05-23", "5月23")


class Guest(NamedTuple):
    """Li Wei, who has been granted the sight of one customer of Wang Fang's, and its contact."""

    world: World
    customer: Any
    contact: Any
    own: Any

    @property
    def ctx(self) -> Any:
        return self.world.ctx("li_wei")


@pytest.fixture
def guest(world: World) -> Guest:
    ctx = world.ctx("wang_fang")
    customer = create(ctx, "customers.customer", name="受访酒业有限公司")
    contact = create(ctx, CONTACT, customer=customer, name="白小姐", primary="yes", **CANARIES)
    edit(ctx, CONTACT, contact, mobile="13987650000", birthday="1971-05-24")
    edit(ctx, CONTACT, contact, mobile=CANARIES["mobile"], birthday=CANARIES["birthday"])
    AccessGrant.objects.create(
        person=world["li_wei"], module="customers.customer", record_id=customer.pk, actions="view,edit,export,create",
        valid_from=NOW, valid_until=NOW + datetime.timedelta(days=1), reason="联合走访",
    )  # fmt: skip
    mine = create(world.ctx("li_wei"), "customers.customer", name="自家酒业有限公司")
    own = create(world.ctx("li_wei"), CONTACT, customer=mine, name="黄先生", mobile="13611112222")
    return Guest(world, customer, contact, own)


def assert_nothing_told(text: str) -> None:
    assert [secret for secret in TELLING if secret in text] == []


def test_the_mask_is_told_by_kind():
    contact = registry.entry(CONTACT)
    shown = {name: str(masking.mask(contact.field(name), value)) for name, value in CANARIES.items()}
    assert shown == {
        "mobile": "139****4321", "phone": "028****1234", "email": "ca***@secret.example",
        "wechat": "c****", "birthday": "****",
    }  # fmt: skip
    assert masking.mask(contact.field("mobile"), "") == ""
    assert masking.mask(contact.field("birthday"), None) is None


@pytest.mark.clause("SEC-04")
def test_a_grant_to_see_is_none_to_read_how_to_reach(guest: Guest):
    seen = guest.ctx.get(CONTACT, guest.contact.pk)
    assert seen.name == "白小姐"
    assert {name: type(getattr(seen, name)) for name in CANARIES} == dict.fromkeys(CANARIES, Masked)
    assert guest.ctx.get(CONTACT, guest.own.pk).mobile == "13611112222"
    assert guest.world.ctx("wang_fang").get(CONTACT, guest.contact.pk).mobile == CANARIES["mobile"]
    assert guest.world.ctx("sales_manager").get(CONTACT, guest.contact.pk).mobile == CANARIES["mobile"]


def test_a_grant_that_names_the_right_makes_it_clear(guest: Guest):
    AccessGrant.objects.update(actions="view,reveal")
    assert guest.ctx.get(CONTACT, guest.contact.pk).mobile == CANARIES["mobile"]


def test_lists_files_programs_and_histories_show_the_mask(guest: Guest, tmp_path: Path):
    known, ctx = registry.entry(CONTACT), guest.ctx
    names = ("name", *CANARIES)
    rows = listing.page(ctx, known.module, Query(columns=names)).rows
    texts = {row.name: [known.field(name).text(row) for name in names] for row in rows}
    assert texts["黄先生"][1] == "136 1111 2222"
    assert_nothing_told(repr(texts))

    exporting.export_file(ctx.because("for the auditor"), known.module, tmp_path / "people.csv")
    lines = list(csv.reader((tmp_path / "people.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(lines) == 3
    assert_nothing_told(repr(lines))
    assert "139****4321" in repr(lines) and "136 1111 2222" in repr(lines)

    told = reading.one(ctx, known.module, ctx.get(CONTACT, guest.contact.pk))
    assert told["mobile"] is None and told[reading.MASKED] == sorted(CANARIES)
    assert_nothing_told(json.dumps(told, ensure_ascii=False))
    # Even a row that did not come through the person's scope.
    assert_nothing_told(json.dumps(reading.one(ctx, known.module, known.module.model.objects.get(pk=guest.contact.pk))))
    assert reading.MASKED not in reading.one(ctx, known.module, guest.own)

    past = history.of(ctx, known, ctx.get(CONTACT, guest.contact.pk))
    assert len(past) == 3
    assert_nothing_told(repr(past))
    assert "139****0000" in repr(past)
    assert CANARIES["mobile"][:3] + " 8765 4321" in repr(history.of(guest.world.ctx("wang_fang"), known, guest.contact))


@pytest.mark.parametrize("needs", [("mobile", "name"), ("mobile", "customer"), ()])
def test_a_figure_in_a_file_is_worked_out_from_the_mask(guest: Guest, needs: tuple[str, ...]):
    module = registry.module(CONTACT)
    gone = create(guest.ctx, CONTACT, customer=guest.own.customer, name="过客")
    module.model.objects.filter(pk=gone.pk).delete()
    figure = Computed("called", "called", lambda row: f"{row.name} {row.mobile}", needs=needs)
    columns = (
        *listing.columns_of(module, ("mobile",)),
        listing.Column("called", "called", "text", False, False, figure=figure),
    )
    made = ExportCells(guest.ctx, module, columns, [str, str])
    assert list(made.rows([guest.own.pk, gone.pk, guest.contact.pk])) == [
        ("136 1111 2222", "黄先生 13611112222"),
        ("139****4321", "白小姐 139****4321"),
    ]


def test_search_filter_and_order_tell_nothing_of_a_mask(guest: Guest):
    ctx, module = guest.ctx, registry.module(CONTACT)
    assert [hit.title for hit in search.find(ctx, "小姐", modules=[module])] == ["白小姐"]
    for words in ("87654321", "canary", CANARIES["mobile"]):
        assert search.find(ctx, words, modules=[module]) == []
        assert list(listing.page(ctx, module, Query(text=words)).rows) == []
    assert [hit.title for hit in search.find(ctx, "1111222", modules=[module])] == ["黄先生"]
    assert len(search.find(guest.world.ctx("wang_fang"), "87654321", modules=[module])) == 1

    def names(tree: dict[str, Any]) -> list[str]:
        return sorted(row.name for row in listing.page(ctx, module, Query(filters=tree)).rows)

    guess = {"field": "mobile", "op": "contains", "value": "8765"}
    assert names(guess) == []
    # Its negation is the same whatever the number is.
    assert names({"not": guess}) == names({"not": {**guess, "value": "0000"}})
    assert names({"field": "mobile", "op": "contains", "value": "1111"}) == ["黄先生"]
    assert listing.sort_of(ctx, module, "mobile")[0] != "mobile"
    assert listing.sort_of(guest.world.ctx("wang_fang"), module, "mobile")[0] == "mobile"


def test_without_the_right_nothing_personal_can_be_asked(guest: Guest):
    RoleRight.objects.filter(action="reveal").delete()
    ctx, module = guest.ctx, registry.module(CONTACT)
    assert isinstance(ctx.get(CONTACT, guest.own.pk).mobile, Masked)
    with pytest.raises(Invalid):
        listing.page(ctx, module, Query(filters={"field": "mobile", "op": "filled"}))
    assert search.find(ctx, "1111222", modules=[module]) == []
    assert duplicates.find(ctx, registry.entry(CONTACT), {"mobile": "13611112222"}) == []


def test_the_check_for_duplicates_is_no_oracle(guest: Guest):
    known = registry.entry(CONTACT)
    assert duplicates.find(guest.ctx, known, {"mobile": CANARIES["mobile"]}) == []
    assert len(duplicates.find(guest.ctx, known, {"mobile": "13611112222"})) == 1
    assert len(duplicates.find(guest.world.ctx("wang_fang"), known, {"mobile": CANARIES["mobile"]})) == 1


def test_an_edit_keeps_what_was_masked_and_a_conflict_does_not_tell_it(guest: Guest):
    seen = guest.ctx.get(CONTACT, guest.contact.pk)
    edit(guest.ctx, CONTACT, seen, post="采购")
    fresh = guest.contact.__class__.objects.get(pk=guest.contact.pk)
    assert (fresh.post, fresh.mobile) == ("采购", CANARIES["mobile"])
    with pytest.raises(Stale) as stale:
        edit(guest.ctx, CONTACT, seen, version=1, mobile="13700000000")
    assert stale.value.changes["mobile"] == ("13700000000", "139****4321")
    edit(guest.ctx, CONTACT, seen, mobile="13700000000")
    assert guest.contact.__class__.objects.get(pk=guest.contact.pk).mobile == "13700000000"


def test_personal_columns_are_not_read_without_their_records(guest: Guest):
    with pytest.raises(TypeError):
        list(guest.ctx.search(CONTACT).values_list("mobile", flat=True))
    with pytest.raises(TypeError):
        list(guest.ctx.search(CONTACT).values())
    assert len(guest.ctx.search(CONTACT).values_list("pk", "name")) == 2


def test_masking_costs_nothing_where_all_is_clear_and_one_query_elsewhere(guest: Guest, django_assert_num_queries: Any):
    for username, queries in (("wang_fang", 1), ("sales_manager", 1), ("li_wei", 2)):
        ctx = guest.world.ctx(username)
        assert ctx.rights
        with django_assert_num_queries(queries):
            assert list(ctx.search(CONTACT))


def test_nobody_reveals_what_he_cannot_see_by_the_shipped_table():
    for role in ROLES:
        rights = {(module, action): scope for module, action, scope in role.cells()}
        for (module, action), scope in rights.items():
            if action == "reveal":
                assert scope <= rights[module, "view"], role.code
