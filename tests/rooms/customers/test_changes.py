"""A change at a customer is told and put right at once (WF-04)."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid
from guanxi.platform.notices.notify import unread
from guanxi.platform.people.models import Department
from guanxi.records.standard import create
from guanxi.rooms.customers.models import ChangeEvent
from tests.digest import digest

CHANGE = "customers.changeevent"


@pytest.fixture
def record(world, yuzhong):
    def make(username="li_wei", **values):
        given = {
            "customer": yuzhong, "kind": "person_in_charge", "happened_on": "2026-11-20", "source": "sales_staff",
            "content": "总经理换为周凯", **values,
        }  # fmt: skip
        return create(world.ctx(username), CHANGE, **given)

    return make


@pytest.mark.clause("WF-04")
def test_superior_and_chosen_departments_are_told(world, record):
    Department.objects.filter(code="finance").update(head=world["finance"])
    event = record(tell=["finance", "store"])
    told = {name for name in world.people if unread(world[name]).filter(record_id=event.pk).exists()}
    # The head of sales is 李伟's superior; finance has a head, the store has none: its people are told.
    assert told == {"sales_manager", "finance", "storekeeper"}
    assert unread(world["finance"]).get(record_id=event.pk).body == "总经理换为周凯"


@pytest.mark.clause("WF-04")
def test_the_list_shows_the_new_value_in_the_same_moment(world, record, yuzhong, client: Client):
    client.force_login(world["sales_manager"])
    record(subject="operating_manager", new_value="周凯")
    yuzhong.refresh_from_db()
    assert yuzhong.operating_manager == "周凯"
    record(content="更名", subject="name", new_value="重庆渝中名酒有限公司")
    assert "重庆渝中名酒有限公司" in client.get("/customers/customer/").content.decode()
    history = client.get(f"/customers/customer/{yuzhong.pk}/history/").content.decode()
    assert "总经理换为周凯" in history and "重庆渝中糖酒有限公司" in history


@pytest.mark.clause("WF-04")
def test_half_a_change_and_a_strangers_change_are_refused_and_nobody_is_told(world, record):
    before = digest()
    for wrong in (
        {"subject": "operating_manager"}, {"new_value": "周凯"}, {"subject": "owner", "new_value": "王芳"},
        {"tell": ["no_such"]}, {"subject": "credit_code", "new_value": "不是代码"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            record(**wrong)
    with pytest.raises(Invalid):  # for her there is no such customer
        record("wang_fang")
    assert digest() == before and not ChangeEvent.objects.exists()
