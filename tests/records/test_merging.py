"""Several records of one thing made into one, every reference along with them, and taken apart again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refused, Stale
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.notices.models import Notice
from guanxi.records import duplicates, history, registry, search
from guanxi.records.actions import run
from guanxi.records.merging import likely
from guanxi.records.merging.references import references_to
from guanxi.records.models import DuplicateKey, Merge, Merged, SearchEntry
from guanxi.records.signposts import survivor_of
from guanxi.records.standard import DELETE, MERGE, PURGE, RESTORE, UNMERGE, create, edit
from guanxi.rooms.catalog.models import PriceBook, PriceBookEntry, Product
from guanxi.rooms.customers.models import Contact, Customer
from guanxi.rooms.engagement.models import VisitReport
from tests.digest import digest
from tests.makers import make
from tests.people import World
from tests.room.models import Crumb, Thing, ThingLine

CUSTOMER = "customers.customer"


def customer(world: World, name: str, owner: str = "li_wei", **values: Any) -> Customer:
    return create(world.system, CUSTOMER, confirmed=True, name=name, owner=world[owner], **values)


def merge(ctx: Any, survivor: Any, *others: Any, module: str = CUSTOMER, **more: Any) -> Any:
    data = {"others": [other.pk for other in others], **more}
    return run(MERGE, ctx, module, survivor, data, confirmed=True)


def problem_of(work: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        work()
    return caught.value


def test_the_survivor_gets_what_was_chosen_and_everything_of_the_others(world: World) -> None:
    ctx = world.ctx("li_wei")
    one = customer(world, "川兴酒业有限公司", city="成都", relations=["buyer"])
    two = customer(world, "川兴酒业", city="成都市", phone="02887654321", relations=["supplier"])
    contact = create(ctx, "customers.contact", customer=two, name="王总", confirmed=True)
    visit = create(ctx, "engagement.visitreport", customer=two, visited_on="2026-11-20", content="走访")
    branch = customer(world, "川兴分号", parent=two)
    kept = store(b"hello", "a.txt", ctx.actor, ctx.now, module=CUSTOMER)
    StoredFile.objects.filter(pk=kept.pk).update(record_id=two.pk)
    notice = Notice.objects.create(person=world["li_wei"], title="x", module=CUSTOMER, record_id=two.pk)
    survivor = merge(ctx, one, two, take={"city": str(two.pk), "name": str(one.pk)})
    assert (survivor.city, survivor.name, survivor.phone) == ("成都市", "川兴酒业有限公司", "02887654321")
    assert survivor.relations == ("buyer", "supplier") and survivor.version == 2
    for row in (contact, visit, branch, kept, notice):
        row.refresh_from_db()
    assert contact.customer == visit.customer == branch.parent == survivor
    assert kept.record_id == notice.record_id == survivor.pk
    two.refresh_from_db()
    assert two.deleted_at is not None and survivor_of(CUSTOMER, two.pk) == one.pk
    told = {change.label: change.new for change in history.of(ctx, registry.entry(CUSTOMER), survivor)[0].changes}
    assert "川兴酒业" in told["merged into this one"] and two.number in told["merged into this one"]
    origins = Merge.objects.get().origins
    assert origins["phone"][0]["title"] == "川兴酒业" and set(origins) == {"phone", "city", "relations"}
    moved = AuditEntry.objects.get(record_id=contact.pk, action="merge")
    assert moved.changes["customer"][1]["id"] == str(one.pk)


def test_the_number_of_a_merged_record_finds_the_survivor_and_search_does_not_show_the_merged(world: World) -> None:
    ctx = world.ctx("li_wei")
    one, two, three = (customer(world, name) for name in ("川兴酒业", "蜀川酒业", "巴川酒业"))
    merge(ctx, two, three)
    merge(ctx, one, two)
    for number in (two.number, three.number):
        assert [hit.record_id for hit in search.find(ctx, number)] == [one.pk]
    assert survivor_of(CUSTOMER, three.pk) == one.pk
    assert SearchEntry.objects.filter(record_id__in=[two.pk, three.pk]).count() == 0
    assert not DuplicateKey.objects.filter(record_id__in=[two.pk, three.pk]).exists()
    run(UNMERGE, ctx, CUSTOMER, one)
    assert {hit.record_id for hit in search.find(ctx, three.number)} == {two.pk}
    assert survivor_of(CUSTOMER, two.pk) is None


def test_a_merge_is_undone_where_nobody_has_worked_since(world: World) -> None:
    ctx = world.ctx("li_wei")
    one = customer(world, "川兴酒业有限公司", city="成都")
    two = customer(world, "川兴酒业", phone="02887654321", address="宽窄巷子")
    contacts = [create(ctx, "customers.contact", customer=two, name=name, confirmed=True) for name in ("甲", "乙")]
    merge(ctx, one, two)
    edit(ctx, CUSTOMER, one, address="青羊宫", confirmed=True)
    other = customer(world, "别家")
    edit(ctx, "customers.contact", contacts[1], customer=other, confirmed=True)
    ctx = world.ctx("li_wei")
    run(UNMERGE, ctx, CUSTOMER, one)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.phone, one.address) == ("", "青羊宫") and two.deleted_at is None
    assert Contact.objects.get(pk=contacts[0].pk).customer == two
    assert Contact.objects.get(pk=contacts[1].pk).customer == other
    told = str(ctx.told[0].message)
    assert "address" in told and "1 links" in told
    assert Merge.objects.get().state == "partly" and not Merged.objects.filter(live=True).exists()
    assert "no merge" in str(problem_of(lambda: run(UNMERGE, ctx, CUSTOMER, one)))


def test_of_merges_made_in_one_moment_the_last_is_undone_first(world: World) -> None:
    ctx = world.ctx("li_wei")
    one = customer(world, "甲公司", relations=["buyer"])
    for name, relation in (("乙公司", "supplier"), ("丙公司", "partner"), ("丁公司", "competitor")):
        merge(ctx, one, customer(world, name, relations=[relation]))
    assert Merge.objects.values("created_at").distinct().count() == 1
    held = []
    for _merge in range(3):
        run(UNMERGE, ctx, CUSTOMER, one)
        one.refresh_from_db()
        held.append(set(one.relations))
    assert held == [{"buyer", "supplier", "partner"}, {"buyer", "supplier"}, {"buyer"}]


def test_a_merged_record_is_brought_back_by_undoing_only(world: World) -> None:
    ctx = world.ctx("archivist")
    one, two = customer(world, "川兴酒业"), customer(world, "蜀川酒业")
    merge(ctx, one, two)
    before = digest()
    assert "merged" in str(problem_of(lambda: run(RESTORE, ctx, CUSTOMER, two)))
    assert digest() == before
    run(PURGE, ctx, CUSTOMER, two)
    before = digest()
    assert "for good" in str(problem_of(lambda: run(UNMERGE, ctx, CUSTOMER, one)))
    assert digest() == before


def test_one_needs_the_right_on_all_of_them(world: World) -> None:
    mine, hers = customer(world, "川兴酒业"), customer(world, "蜀川酒业", owner="wang_fang")
    before = digest()
    assert isinstance(problem_of(lambda: merge(world.ctx("li_wei"), mine, hers)), NotFound)
    assert isinstance(problem_of(lambda: merge(world.ctx("clerk"), mine, hers)), NotAllowed)
    AccessGrant.objects.create(
        person=world["li_wei"], module=CUSTOMER, record_id=hers.pk, actions="view,merge", reason="x",
        valid_from=world.now, valid_until=world.now.replace(year=2027),
    )  # fmt: skip
    before = digest()
    refused = problem_of(lambda: merge(world.ctx("li_wei"), mine, hers))
    assert isinstance(refused, Refused) and not refused.decision.allowed and "李伟" in str(refused)
    assert digest() == before
    boss = world.ctx("sales_manager")
    warned = problem_of(lambda: run(MERGE, boss, CUSTOMER, mine, {"others": [hers.pk]}))
    assert isinstance(warned, Refused) and warned.decision.allowed
    assert merge(boss, mine, hers).owner == world["li_wei"]


def test_what_cannot_be_merged(world: World) -> None:
    ctx = world.ctx("sales_manager")
    one, two, three = (customer(world, name) for name in ("川兴酒业", "蜀川酒业", "巴川酒业"))
    cases: list[tuple[type[Problem], dict[str, Any]]] = [
        (Invalid, {"others": []}),
        (Invalid, {"others": [one.pk]}),
        (Invalid, {"others": [two.pk, two.pk]}),
        (Invalid, {"others": [two.pk, "x"]}),
        (Invalid, {"others": [uuid.uuid4() for _each in range(5)]}),
        (NotFound, {"others": [uuid.uuid4()]}),
        (Invalid, {"others": [two.pk], "take": {"city": str(three.pk)}}),
        (Invalid, {"others": [two.pk], "take": {"nothing": str(two.pk)}}),
        (Invalid, {"others": [two.pk], "take": {"name": "none"}}),
        (Stale, {"others": [two.pk], "versions": {str(two.pk): 7}}),
    ]
    for expected, data in cases:
        before = digest()
        assert type(problem_of(lambda data=data: run(MERGE, ctx, CUSTOMER, one, data, confirmed=True))) is expected
        assert digest() == before
    run(DELETE, ctx, CUSTOMER, three)
    assert isinstance(problem_of(lambda: merge(ctx, one, three)), NotFound)
    merge(ctx, one, two)
    assert isinstance(problem_of(lambda: merge(ctx, two, one)), NotFound)


def test_a_locked_record_is_not_merged(world: World) -> None:
    one, two = (create(world.system, "room.thing", name=name, confirmed=True) for name in "AB")
    Thing.objects.filter(pk=two.pk).update(state="done")
    before = digest()
    assert "state" in str(problem_of(lambda: merge(world.system, one, two, module="room.thing")))
    assert digest() == before


def test_nothing_comes_to_belong_to_itself(world: World) -> None:
    ctx = world.ctx("sales_manager")
    head = customer(world, "总公司")
    middle = customer(world, "分公司", parent=head)
    leaf = customer(world, "门店", parent=middle)
    before = digest()
    assert isinstance(problem_of(lambda: merge(ctx, leaf, head)), Conflict)
    assert digest() == before
    survivor = merge(ctx, leaf, head, take={"parent": "none"})
    middle.refresh_from_db()
    assert survivor.parent is None and middle.parent == survivor
    survivor = merge(ctx, middle, survivor)
    assert survivor.parent is None


def test_a_unique_value_goes_over_and_comes_back(world: World) -> None:
    ctx = world.system
    one = create(ctx, "room.thing", name="A", confirmed=True)
    two = create(ctx, "room.thing", name="B", code="K1", confirmed=True)
    ThingLine.objects.create(thing=one, label="x", amount=1)
    ThingLine.objects.create(thing=two, label="x", amount=2)
    ThingLine.objects.create(thing=two, label="y", amount=3)
    create(ctx, "room.crumb", thing=two, name="c")
    survivor = merge(ctx, one, two, module="room.thing")
    assert survivor.code == "K1" and Thing.objects.get(pk=two.pk).code is None
    assert sorted(survivor.lines.values_list("label", "amount")) == [("x", 1), ("y", 3)]
    assert Crumb.objects.get().thing == survivor
    run(UNMERGE, ctx, "room.thing", one)
    assert Thing.objects.get(pk=two.pk).code == "K1" and Thing.objects.get(pk=one.pk).code is None
    assert Crumb.objects.get().thing_id == two.pk and two.lines.count() == 2


def test_entries_that_both_price_books_have_stay_with_their_book(world: World) -> None:
    ctx = world.ctx("marketing")
    products = [make(world.system, "catalog.product") for _each in range(2)]
    one, two = (make(world.system, "catalog.pricebook", name=name) for name in ("甲", "乙"))
    PriceBookEntry.objects.create(price_book=one, product=products[0], price=1)
    for product in products:
        PriceBookEntry.objects.create(price_book=two, product=product, price=2)
    before = sorted(PriceBookEntry.objects.values_list("price_book", "product", "price"))
    merge(ctx, one, two, module="catalog.pricebook")
    assert sorted(PriceBook.objects.get(pk=one.pk).entries.values_list("price", flat=True)) == [1, 2]
    run(UNMERGE, ctx, "catalog.pricebook", one)
    assert sorted(PriceBookEntry.objects.values_list("price_book", "product", "price")) == before
    assert Product.objects.count() == 2


def test_figures_follow(world: World, django_capture_on_commit_callbacks: Any) -> None:
    ctx = world.ctx("li_wei")
    with django_capture_on_commit_callbacks(execute=True):
        one, two = customer(world, "川兴酒业"), customer(world, "蜀川酒业")
        create(ctx, "engagement.visitreport", customer=two, visited_on="2026-11-20", content="走访")
    with django_capture_on_commit_callbacks(execute=True):
        merge(ctx, one, two)
    one.refresh_from_db()
    assert str(one.last_contact_on) == "2026-11-20" and VisitReport.objects.get().customer == one


def test_likely_duplicates_stand_in_groups_until_they_are_said_to_be_different(world: World) -> None:
    known, ctx = registry.entry(CUSTOMER), world.ctx("li_wei")
    same = [customer(world, name, phone="02887654321") for name in ("川兴酒业", "蜀川酒业")]
    same.append(customer(world, "蜀川酒业有限公司"))
    customer(world, "川兴酒业", owner="wang_fang")
    customer(world, "别家")
    found = likely.groups(ctx, known)
    assert [{row.pk for row in group.records} for group in found] == [{row.pk for row in same}]
    assert set(found[0].rules) == {"name", "phone"}
    assert likely.groups(world.ctx("finance"), known) == []
    assert len(likely.groups(world.ctx("sales_manager"), known)[0].records) == 4
    assert likely.tell_apart(ctx, known, [same[0].pk, same[1].pk]) == 1
    assert [len(group.records) for group in likely.groups(ctx, known)] == [2]
    assert likely.tell_apart(ctx, known, [same[0].pk, same[1].pk]) == 0
    before = digest()
    for person in ("wang_fang", "finance"):
        with pytest.raises(Problem):
            likely.tell_apart(world.ctx(person), known, [same[1].pk, same[2].pk])
    assert digest() == before


def test_what_was_said_to_be_different_is_not_named_again(world: World) -> None:
    known, ctx = registry.entry(CUSTOMER), world.ctx("li_wei")
    one, two = (customer(world, name, phone=phone) for name, phone in (("川兴酒业", ""), ("蜀川酒业", "02887654321")))
    values = {"phone": "02887654321"}
    assert [each.record_id for each in duplicates.find(ctx, known, values, exclude=[one.pk])] == [two.pk]
    with pytest.raises(Problem):
        edit(ctx, CUSTOMER, one, phone="028-8765 4321")
    likely.tell_apart(ctx, known, [one.pk, two.pk])
    assert duplicates.find(ctx, known, values, exclude=[one.pk]) == []
    edit(ctx, CUSTOMER, one, phone="028-8765 4321")
    # Who enters a third one is warned of both.
    assert {each.record_id for each in duplicates.find(ctx, known, values)} == {one.pk, two.pk}


def test_every_table_that_names_records_by_type_and_id_was_decided_upon() -> None:
    """A new one follows a merge, unless `records.references` leaves it out because it tells of its day."""
    moving = {reference.model._meta.label_lower for reference in references_to(Customer) if reference.keyed}
    assert moving == {"access.accessgrant", "files.storedfile", "notices.notice"}
