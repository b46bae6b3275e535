"""Merging while others edit, delete or merge: it ends in one order or the other, never in a mixture."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Problem
from guanxi.records.actions import run
from guanxi.records.models import DuplicateKey, Merge, Merged, SearchEntry
from guanxi.records.standard import DELETE, MERGE, UNMERGE, create, edit
from tests.concurrency.conftest import at_once
from tests.people import World
from tests.room.models import Crumb, Thing

pytestmark = pytest.mark.django_db(transaction=True)

THING = "room.thing"
ROUNDS = 4


def _things(committed: World, count: int) -> list[Thing]:
    return [create(committed.system, THING, confirmed=True, name=f"T{number}") for number in range(count)]


def _attempt(work) -> bool:
    try:
        work()
    except Problem:
        return False
    return True


def _consistent() -> None:
    """Only live records are found, and nothing live leads to a merged one."""
    live = set(Thing.objects.filter(deleted_at=None).values_list("pk", flat=True))
    assert set(SearchEntry.objects.filter(module=THING).values_list("record_id", flat=True)) == live
    assert set(DuplicateKey.objects.filter(module=THING).values_list("record_id", flat=True)) <= live
    gone = set(Merged.objects.filter(live=True).values_list("record_id", flat=True))
    assert not gone & live
    assert not Crumb.objects.filter(deleted_at=None, thing__in=gone).exists()


def test_two_that_merge_the_same_pair_the_other_way_round(committed: World) -> None:
    for _round in range(ROUNDS):
        one, two = _things(committed, 2)

        def merger(number: int, pair: tuple[Thing, Thing] = (one, two)) -> bool:
            survivor, other = pair if number else pair[::-1]
            return _attempt(
                lambda: run(MERGE, committed.system, THING, survivor.pk, {"others": [other.pk]}, confirmed=True)
            )

        assert sum(at_once(merger, 2)) == 1
        assert Thing.objects.filter(pk__in=(one.pk, two.pk), deleted_at=None).count() == 1
        _consistent()


def test_merging_and_editing_the_merged_one_at_once(committed: World) -> None:
    for _round in range(ROUNDS):
        one, two = _things(committed, 2)

        def either(number: int, one: Thing = one, two: Thing = two) -> bool:
            if number:
                return _attempt(lambda: edit(committed.system, THING, two.pk, notes="late", confirmed=True))
            return _attempt(lambda: run(MERGE, committed.system, THING, one.pk, {"others": [two.pk]}, confirmed=True))

        merged, edited = at_once(either, 2)
        assert merged
        one.refresh_from_db()
        # Either the edit came first and the survivor got what it wrote, or it found the record gone.
        assert one.notes == ("late" if edited else "")
        _consistent()


def test_merging_and_deleting_at_once(committed: World) -> None:
    for _round in range(ROUNDS):
        one, two = _things(committed, 2)
        create(committed.system, "room.crumb", thing=two, name="c")

        def either(number: int, one: Thing = one, two: Thing = two) -> bool:
            if number:
                return _attempt(lambda: run(DELETE, committed.system, THING, two.pk))
            return _attempt(lambda: run(MERGE, committed.system, THING, one.pk, {"others": [two.pk]}, confirmed=True))

        merged, deleted = at_once(either, 2)
        assert merged != deleted
        assert Crumb.objects.filter(thing=one).exists() is merged
        _consistent()


def test_of_many_that_undo_one_merge_one_does(committed: World) -> None:
    one, two = _things(committed, 2)
    run(MERGE, committed.system, THING, one.pk, {"others": [two.pk]}, confirmed=True)
    done = at_once(lambda number: _attempt(lambda: run(UNMERGE, committed.system, THING, one.pk)), 4)
    assert sum(done) == 1 and Merge.objects.get().state == "undone"
    _consistent()
