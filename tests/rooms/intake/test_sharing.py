"""Customers shared out evenly, those of nobody, and the first week of a new one (WF-16, WF-17, WF-18)."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.errors import NotAllowed, NotFound, Refused
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.people.models import Person
from guanxi.records.actions import run, run_many
from guanxi.records.batches import undo
from guanxi.records.models import Batch
from guanxi.records.standard import ASSIGN, EDIT, create
from guanxi.records.work import Item
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.intake.actions import TRANSFER, note_contacts
from guanxi.rooms.intake.models import Assignment
from guanxi.rooms.intake.queries import ownerless, proposed_owners, salespeople
from guanxi.rooms.intake.rules import Bearer, may_be_passed_on, shared_out
from tests.digest import digest
from tests.people import NOW

CUSTOMER, ASSIGNMENT = "customers.customer", "intake.assignment"
TODAY = datetime.date(2026, 11, 21)
DAY = datetime.timedelta(days=1)


def some(*held: tuple[int, int]) -> list[Bearer]:
    return [Bearer(uuid.UUID(int=place), customers, weight) for place, (customers, weight) in enumerate(held)]


def after(bearers: list[Bearer], count: int) -> list[int]:
    new = Counter(shared_out(bearers, count))
    return [one.customers + new[one.id] for one in bearers]


def ways(people: int, count: int) -> list[tuple[int, ...]]:
    """Every way of giving so many customers to so many people."""
    return [way for way in product(range(count + 1), repeat=people) if sum(way) == count]


@pytest.mark.clause("WF-16")
@pytest.mark.parametrize(
    ("held", "count", "then"),
    [
        ([(10, 100), (4, 100), (4, 100)], 8, [10, 8, 8]),  # the one who has most gets none
        ([(0, 100), (0, 100), (0, 100)], 7, [3, 2, 2]),
        ([(0, 200), (0, 100)], 9, [6, 3]),  # twice the share, twice the customers
        ([(0, 0), (3, 100)], 5, [0, 8]),  # no share, no customer
        ([(0, 0)], 5, [0]),
    ],
)
def test_counts_even_out_by_hand(held, count, then):
    assert after(some(*held), count) == then


@pytest.mark.clause("WF-16")
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=3), st.integers(0, 6))
def test_with_equal_shares_no_way_has_a_smaller_distance(held, count):
    bearers = some(*((customers, 100) for customers in held))
    then = after(bearers, count)
    others = [[one + more for one, more in zip(held, way, strict=True)] for way in ways(len(held), count)]
    assert max(then) - min(then) == min(max(way) - min(way) for way in others)
    assert sum(then) == sum(held) + count


@pytest.mark.clause("WF-16")
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([50, 80, 100, 150])), min_size=2, max_size=3),
    st.integers(0, 6),
)
def test_with_weights_no_way_is_nearer_to_the_shares(held, count):
    def far(counts: list[int]) -> Fraction:
        return sum((Fraction(one**2, weight) for one, (_held, weight) in zip(counts, held, strict=True)), Fraction())

    others = [[one[0] + more for one, more in zip(held, way, strict=True)] for way in ways(len(held), count)]
    assert far(after(some(*held), count)) == min(map(far, others))


@pytest.fixture
def orphans(world):
    """Six customers of a trade fair for whom nobody is responsible."""
    made = [
        create(world.system, CUSTOMER, confirmed=True, name=f"展会客户{n}号酒行", source="trade_fair") for n in range(6)
    ]
    Customer.objects.filter(pk__in=[one.pk for one in made]).update(owner=None, department=None)
    Assignment.objects.all().delete()
    Obligation.objects.all().delete()
    return list(Customer.objects.order_by("created_at", "pk"))


@pytest.mark.clause("WF-16")
def test_the_proposal_counts_what_each_has_and_his_share(world, orphans):
    for number in range(3):
        create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name=f"老客户{number}", owner=world["li_wei"])
    create(world.ctx("sales_manager"), "intake.capacity", salesperson=world["zhang_min"], weight=50)
    people = salespeople()
    assert set(people) == {world["li_wei"], world["wang_fang"], world["zhang_min"]}
    found = Counter(proposed_owners(orphans, people, TODAY, by_place=False).values())
    # (2c+1)/w: 王芳 .01 .03 .05 .07 .09, 张敏 .02 .06 .10, 李伟 .07 and, of equals, first.
    assert {person.username: found[person.pk] for person in people} == {"li_wei": 1, "wang_fang": 3, "zhang_min": 2}


@pytest.mark.clause("WF-18")
@pytest.mark.clause("WF-16")
def test_the_manager_confirms_or_changes_and_the_new_owners_are_told(world, orphans, client: Client):
    client.force_login(world["sales_manager"])
    page = client.get("/intake/share/?source=trade_fair").content.decode()
    assert all(customer.name in page for customer in orphans)
    kept, changed, left = orphans[0], orphans[1], orphans[2]
    sent = {
        "pk": [str(kept.pk), str(changed.pk)], f"owner-{kept.pk}": str(world["li_wei"].pk),
        f"owner-{changed.pk}": str(world["wang_fang"].pk), f"owner-{left.pk}": str(world["li_wei"].pk),
    }  # fmt: skip
    assert client.post("/intake/share/", sent).status_code == 302
    owners = {one.pk: one.owner for one in Customer.objects.select_related("owner")}
    assert (owners[kept.pk], owners[changed.pk], owners[left.pk]) == (world["li_wei"], world["wang_fang"], None)
    for username, customer in (("li_wei", kept), ("wang_fang", changed)):
        assert unread(world[username]).get(kind="assigned").record_id == customer.pk
    # What somebody else gave away meanwhile is left, and a batch can be taken back.
    again = {"pk": [str(kept.pk)], f"owner-{kept.pk}": str(world["zhang_min"].pk)}
    assert client.post("/intake/share/", again).status_code == 409
    kept.refresh_from_db()
    assert kept.owner == world["li_wei"]
    batch = next(one for one in Batch.objects.all() if one.rows.filter(record_id=kept.pk).exists())
    undo(world.ctx("sales_manager"), batch)
    kept.refresh_from_db()
    assert kept.owner is None


@pytest.mark.clause("WF-18")
def test_who_has_left_or_only_entered_a_customer_is_not_responsible_for_it(world, orphans):
    manager = world.ctx("sales_manager")
    for customer, username in zip(orphans[:3], ("zhang_min", "archivist", "sales_manager"), strict=True):
        Customer.objects.filter(pk=customer.pk).update(owner=world[username])
    Person.objects.filter(username="zhang_min").update(is_active=False)
    listed = set(ownerless(manager))
    assert {orphans[0], orphans[1], *orphans[3:]} == listed
    assert set(ownerless(manager, own=True)) == set(orphans)  # what he imported himself
    Customer.objects.filter(pk=orphans[3].pk).update(owner=world["li_wei"])
    assert orphans[3] not in set(ownerless(manager, own=True))
    assert not ownerless(world.ctx("li_wei"))


@pytest.mark.clause("WF-18")
def test_many_at_once_are_one_notice_and_nobody_else_may(world, orphans, client: Client):
    sent = {"pk": [str(one.pk) for one in orphans], **{f"owner-{one.pk}": str(world["li_wei"].pk) for one in orphans}}
    before = digest()
    for username in ("li_wei", "clerk", "marketing", "archivist"):
        client.force_login(world[username])
        assert client.post("/intake/share/", sent).status_code in (403, 409)
    assert digest() == before
    client.force_login(world["sales_manager"])
    assert client.post("/intake/share/", sent).status_code == 302
    assert unread(world["li_wei"]).filter(kind="assigned").count() == 1
    assert Customer.objects.filter(owner=None).count() == 0


@pytest.fixture
def assigned(world, orphans):
    """Given to 李伟 on Saturday 21 November; the week is over on the 28th."""
    run(ASSIGN, world.ctx("sales_manager"), CUSTOMER, orphans[0], {"owner": world["li_wei"]})
    return Assignment.objects.get(customer=orphans[0])


@pytest.mark.clause("WF-17")
def test_after_a_week_without_contact_the_manager_may_pass_the_customer_on(world, assigned):
    duty = Obligation.objects.get(duty="intake.contact_customer")
    assert (assigned.contact_due_on, duty.due_on, duty.owner) == (TODAY + 7 * DAY, TODAY + 7 * DAY, world["li_wei"])
    ctx = world.ctx("sales_manager", now=NOW + 7 * DAY)
    run(TRANSFER, ctx, ASSIGNMENT, assigned, {"owner": world["wang_fang"]})
    assigned.refresh_from_db()
    assigned.customer.refresh_from_db()
    duty.refresh_from_db()
    assert (assigned.state, assigned.customer.owner, duty.state) == ("passed", world["wang_fang"], "dropped")
    fresh = Assignment.objects.get(customer=assigned.customer, state="waiting")
    assert (fresh.owner, fresh.assigned_on) == (world["wang_fang"], fresh.assigned_on)


@pytest.mark.clause("WF-17")
@pytest.mark.parametrize("days", [0, 3, 6])
def test_before_that_it_is_refused_and_never_the_salespersons_to_do(world, assigned, days):
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(
            TRANSFER,
            world.ctx("sales_manager", now=NOW + days * DAY),
            ASSIGNMENT,
            assigned,
            {"owner": world["wang_fang"]},
        )
    assert refusal.value.decision.clauses == ("WF-17",)
    for username in ("li_wei", "wang_fang"):
        with pytest.raises((NotAllowed, NotFound)):
            run(TRANSFER, world.ctx(username, now=NOW + 8 * DAY), ASSIGNMENT, assigned, {"owner": world["wang_fang"]})
    assert digest() == before


@pytest.mark.clause("WF-17")
def test_a_logged_contact_settles_it(world, assigned, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create(
            world.ctx("li_wei"), "engagement.followup", customer=assigned.customer, kind="phone",
            happened_at="2026-11-21 10:00", content="电话沟通，约下周拜访", owner=world["li_wei"],
        )  # fmt: skip
    assigned.refresh_from_db()
    assert (assigned.state, assigned.contacted_on) == ("contacted", TODAY)
    assert Obligation.objects.get(duty="intake.contact_customer").state == "kept"
    before = digest()
    with pytest.raises(Exception) as problem:
        run(
            TRANSFER, world.ctx("sales_manager", now=NOW + 8 * DAY), ASSIGNMENT, assigned, {"owner": world["wang_fang"]}
        )
    assert problem.value.status == 409
    assert digest() == before
    assert note_contacts(None, NOW) == 0


@pytest.mark.clause("WF-17")
def test_the_boundary_of_the_week():
    due = TODAY + 7 * DAY
    assert not may_be_passed_on(due, due - DAY, None).allowed
    assert may_be_passed_on(due, due, None).allowed
    assert not may_be_passed_on(due, due + DAY, TODAY).allowed


def test_an_edit_that_leaves_the_owner_alone_begins_no_week(world, assigned):
    run(EDIT, world.ctx("li_wei"), CUSTOMER, assigned.customer, {"city": "成都"})
    assert Assignment.objects.count() == 1
    run(ASSIGN, world.ctx("sales_manager"), CUSTOMER, assigned.customer, {"owner": world["li_wei"]})
    assert Assignment.objects.count() == 1


@pytest.mark.clause("WF-17")
def test_whoever_gives_many_away_drops_what_was_owed_of_them_at_once(world):
    counts = []
    for number in (3, 12):
        ctx = world.system
        given = [
            create(ctx, CUSTOMER, name=f"第{number}批{place}号酒店", owner=world["li_wei"], confirmed=True).pk
            for place in range(number)
        ]
        items = [Item(pk, {"owner": world["wang_fang"]}) for pk in given]
        with CaptureQueriesContext(connection) as asked:
            run_many(ASSIGN, world.ctx("sales_manager"), CUSTOMER, items)
        counts.append(len(asked))
        owed = Obligation.objects.filter(duty="intake.contact_customer", within_id__in=given)
        assert Counter(owed.values_list("owner__username", "state")) == {
            ("li_wei", "dropped"): number, ("wang_fang", "open"): number,
        }  # fmt: skip
    assert counts[0] == counts[1]
