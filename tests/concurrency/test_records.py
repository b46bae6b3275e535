"""Many at once: nobody's change is lost, no number is given twice, what is refused leaves nothing."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Conflict, NotFound, Problem, Stale
from guanxi.platform.audit.models import AuditEntry
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.models import DuplicateKey, SearchEntry
from guanxi.records.standard import DELETE, action_of, create, edit
from guanxi.rooms.customers.public import Contribution
from tests.concurrency.conftest import at_once
from tests.people import World
from tests.room.models import Thing

pytestmark = pytest.mark.django_db(transaction=True)

THING = "room.thing"


#: So many people work at the same moment on the same thing.
MANY = 50


def test_fifty_editors_of_one_record_lose_nothing(committed: World) -> None:
    rounds = 4
    ctx = committed.ctx("li_wei")
    thing = create(ctx, THING, name="Bottle", pieces="0")

    def editor(number: int) -> tuple[int, int]:
        mine = committed.ctx("li_wei")
        accepted = refused = 0
        for _round in range(rounds):
            seen = mine.get(THING, thing.pk)
            try:
                edit(mine, THING, thing.pk, version=seen.version, pieces=str(seen.pieces + 1))
                accepted += 1
            except Stale as problem:
                assert problem.current_version > seen.version
                refused += 1
        return accepted, refused

    results = at_once(editor, MANY)
    thing.refresh_from_db()
    accepted = sum(done for done, _refused in results)
    assert accepted >= rounds
    assert sum(done + refused for done, refused in results) == MANY * rounds
    assert thing.pieces == accepted == thing.version - 1
    assert AuditEntry.objects.filter(record_id=thing.pk, action="edit").count() == accepted


def test_without_a_version_the_same_race_does_lose_changes(committed: World) -> None:
    """The canary: the test above would pass for nothing if this one could not fail to count."""
    thing = create(committed.ctx("li_wei"), THING, name="Bottle", pieces="0")

    def editor(number: int) -> None:
        mine = committed.ctx("li_wei")
        for _round in range(6):
            seen = mine.get(THING, thing.pk)
            edit(mine, THING, thing.pk, pieces=str(seen.pieces + 1))

    at_once(editor, 12)
    thing.refresh_from_db()
    assert thing.pieces < 72


def test_fifty_parallel_creations_are_numbered_without_gap_or_double(committed: World) -> None:
    def creator(number: int) -> bool:
        mine = committed.ctx("li_wei")
        try:
            create(mine, THING, name=f"Bottle {number}", pieces="2000" if number % 3 == 0 else "1")
        except Problem:
            return False
        return True

    made = sum(at_once(creator, MANY))
    assert made == 33
    numbers = sorted(Thing.objects.values_list("number", flat=True))
    assert [number.rpartition("-")[2] for number in numbers] == [f"{n:03}" for n in range(1, made + 1)]
    assert SearchEntry.objects.filter(module=THING).count() == made


def test_one_unique_value_goes_to_one_of_many(committed: World) -> None:
    def creator(number: int) -> bool:
        try:
            create(committed.ctx("li_wei"), THING, name=f"Bottle {number}", code="ONLY")
        except (Conflict, Problem):
            return False
        return True

    assert sum(at_once(creator, 10)) == 1
    assert Thing.objects.count() == 1


def test_deleting_and_editing_at_once_ends_in_one_order_or_the_other(committed: World) -> None:
    for _round in range(5):
        thing = create(committed.ctx("li_wei"), THING, name="Bottle", confirmed=True)

        def either(number: int, thing: Thing = thing) -> str:
            mine = committed.ctx("li_wei")
            try:
                if number:
                    run(DELETE, mine, THING, thing.pk)
                else:
                    edit(mine, THING, thing.pk, name="Flask", confirmed=True)
            except NotFound:
                return "not found"
            return "done"

        results = at_once(either, 2)
        thing.refresh_from_db()
        assert thing.deleted_at is not None and results[1] == "done"
        assert thing.name == ("Flask" if results[0] == "done" else "Bottle")
        assert not SearchEntry.objects.filter(record_id=thing.pk).exists()
        assert not DuplicateKey.objects.filter(record_id=thing.pk).exists()


def test_one_of_many_closes_a_visit_report(committed: World) -> None:
    ctx = committed.ctx("li_wei")
    customer = create(ctx, "customers.customer", name="川兴酒业有限公司")
    told = {"visited_on": "2026-11-20", "content": "走访门店", "outcome": "库存正常"}
    visit = create(ctx, "engagement.visitreport", customer=customer, **told)
    close = action_of(registry.module("engagement.visitreport"), "close_visit")
    assert close is not None

    def closer(number: int) -> bool:
        try:
            run(close, committed.ctx("li_wei"), "engagement.visitreport", visit.pk, {"archive_facts": f"事实 {number}"})
        except Conflict:
            return False
        return True

    assert sum(at_once(closer, 8)) == 1
    assert Contribution.objects.count() == 1
