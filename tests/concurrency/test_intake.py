"""Two at the same second in the customer workflow: who records a company, who enters it, who gives it to whom."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from guanxi.kernel.errors import Problem
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.intake.actions import ENTER_FILE, SUBMIT_FILE
from guanxi.rooms.intake.models import Assignment, InformationFile
from guanxi.rooms.intake.queries import FILE, conflicting
from guanxi.rooms.intake.rules import leading
from guanxi.rooms.processes.public import APPROVE, install_processes
from tests.concurrency.conftest import at_once
from tests.people import World
from tests.rooms.intake.conftest import shanghai

pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMER = "customers.customer"
COMPANY = {"name": "成都锦江酒业有限公司", "city": "成都", "province": "四川"}


def collect(world: World, who: str) -> InformationFile:
    at = shanghai(10, 23)
    return create(world.ctx(who, now=at), FILE, confirmed=True, collected_on=at.date(), **COMPANY)


def approved(world: World, file: InformationFile) -> InformationFile:
    at = shanghai(10, 23, 15)
    run(SUBMIT_FILE, world.ctx(file.owner.username, now=at), FILE, file)
    item = WorkItem.objects.get(record_id=file.pk, state="open", owner=world["sales_manager"])
    run(APPROVE, world.ctx("sales_manager", now=at), "workflow.workitem", item, {"comment": ""})
    file.refresh_from_db()
    return file


def enter(world: World, who: str, file: InformationFile) -> bool:
    try:
        run(ENTER_FILE, world.ctx(who, now=shanghai(10, 26)), FILE, file.pk, confirmed=True)
    except Problem:
        return False
    return True


@pytest.mark.clause("WF-14")
def test_a_company_recorded_twice_in_one_second_is_entered_once_by_the_first(committed: World) -> None:
    install_processes(committed.now)
    names = ("wang_fang", "li_wei")
    files = at_once(lambda n: collect(committed, names[n]), 2)
    assert len({file.number for file in files}) == 2
    first = leading(conflicting(files[0]))
    for file in files:
        approved(committed, file)
    done = at_once(lambda n: enter(committed, names[n], files[n]), 2)
    assert [file.pk for file, entered in zip(files, done, strict=True) if entered] == [first.id]
    assert Customer.objects.get().owner_id == first.owner_id


def test_a_file_entered_by_four_hands_makes_one_customer(committed: World) -> None:
    install_processes(committed.now)
    file = approved(committed, collect(committed, "li_wei"))
    assert sum(at_once(lambda _n: enter(committed, "li_wei", file), 4)) == 1
    file.refresh_from_db()
    assert Customer.objects.get() == file.customer
    assert Obligation.objects.get(duty="intake.enter_file").state == "kept"


@pytest.mark.clause("WF-18")
def test_orphans_given_away_by_several_at_once_go_to_one_person_each(committed: World) -> None:
    """Whoever comes second finds them taken: each customer has one owner, one week, one notice."""
    made = [create(committed.system, CUSTOMER, confirmed=True, name=f"展会客户{n}号酒行") for n in range(8)]
    Customer.objects.update(owner=None, department=None)
    Assignment.objects.all().delete()
    Obligation.objects.all().delete()
    keys = [str(one.pk) for one in made]
    # Three proposals, each of a manager who has not seen the others'; they overlap.
    shares = [("li_wei", keys[:6]), ("wang_fang", keys[2:]), ("zhang_min", keys[1:7])]

    def share(number: int) -> int:
        who, some = shares[number]
        client = Client()
        client.force_login(committed["sales_manager"])
        sent = {"pk": some, **{f"owner-{key}": str(committed[who].pk) for key in some}}
        return client.post("/intake/share/", sent).status_code

    codes = at_once(share, 3)
    assert set(codes) <= {302, 409} and 302 in codes
    owners = Counter(Customer.objects.values_list("owner__username", flat=True))
    assert sum(owners.values()) == 8 and None not in owners
    assert Counter(Assignment.objects.values_list("owner__username", flat=True)) == owners
    assert Obligation.objects.filter(duty="intake.contact_customer", state="open").count() == 8
    for who, _some in shares:
        assert unread(committed[who]).filter(kind="assigned").count() == (1 if owners[who] else 0)
