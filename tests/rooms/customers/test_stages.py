"""The seven stages of the sales process: what leads on, what does not, and who may enter one (VIS-01)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.standard import edit
from guanxi.rooms.customers.actions import ENTER_STAGE, RETURN_TO_STAGE
from guanxi.rooms.customers.actions.stages import ORDER
from guanxi.rooms.customers.public import Customer, Stage, stage_reached
from guanxi.rooms.customers.queries import by_stage
from guanxi.rooms.customers.rules import leads_on, may_go_back_to, may_go_on_to, stage_by_its_owner
from tests.people import NOW
from tests.rooms.customers.conftest import TODAY

CUSTOMER = "customers.customer"
pytestmark = pytest.mark.clause("VIS-01")


def stage_of(customer: Any) -> tuple[str, datetime.date | None]:
    """What is kept of the customer's stage."""
    kept = Customer.objects.get(pk=customer.pk)
    return kept.stage, kept.stage_on


def test_the_seven_stages_stand_in_the_order_of_the_process():
    assert ORDER == ("collection", "visit", "return", "delivery", "service", "promotion", "feedback")


@pytest.mark.parametrize(
    ("stage", "reached", "leads"),
    [
        ("collection", "visit", True), ("visit", "return", True), ("collection", "delivery", True),
        ("delivery", "delivery", False), ("service", "visit", False), ("feedback", "delivery", False),
        ("collection", "promotion", False), ("return", "feedback", False), ("delivery", "promotion", True),
        ("promotion", "feedback", True), ("collection", "service", True),
    ],
)  # fmt: skip
def test_what_happens_leads_on_and_never_back(stage: str, reached: str, leads: bool) -> None:
    assert leads_on(ORDER, stage, reached) is leads


def test_by_hand_it_goes_on_with_one_verb_and_back_with_another():
    assert may_go_on_to(ORDER, "visit", "delivery").allowed and may_go_back_to(ORDER, "delivery", "visit").allowed
    refusals = (
        may_go_on_to(ORDER, "delivery", "visit"), may_go_on_to(ORDER, "delivery", "delivery"),
        may_go_back_to(ORDER, "visit", "visit"), may_go_back_to(ORDER, "visit", "delivery"),
        stage_by_its_owner(False, "李伟"),
    )  # fmt: skip
    assert [(one.allowed, one.reasons[0].clause) for one in refusals] == [(False, "VIS-01")] * 5
    assert stage_by_its_owner(True, "李伟").allowed


def test_visits_and_opinions_lead_on_and_each_day_stays_in_the_history(world, new, yuzhong):
    assert stage_of(yuzhong) == ("collection", TODAY)
    new("li_wei", "engagement.visitreport", customer=yuzhong, visited_on=TODAY, content="首次上门", outcome="有意向")
    assert stage_of(yuzhong)[0] == Stage.VISIT
    new("li_wei", "engagement.visitreport", customer=yuzhong, visited_on=TODAY, content="回访", outcome="谈定样品")
    assert stage_of(yuzhong)[0] == Stage.RETURN_VISIT
    opinion = {"customer_name": yuzhong.name, "expressed_on": TODAY, "content": "口感好"}
    new("li_wei", "customers.opinion", **opinion)  # nothing was delivered to them yet: no feedback on it
    assert stage_of(yuzhong)[0] == Stage.RETURN_VISIT
    stage_reached([yuzhong.pk, None], Stage.DELIVERY, NOW, world["li_wei"].pk)
    new("li_wei", "customers.opinion", **opinion)
    assert stage_of(yuzhong)[0] == Stage.FEEDBACK
    new("li_wei", "engagement.visitreport", customer=yuzhong, visited_on=TODAY, content="例行", outcome="正常")
    assert stage_of(yuzhong)[0] == Stage.FEEDBACK
    told = AuditEntry.objects.filter(record_id=yuzhong.pk, action="enter_stage").order_by("pk")
    assert [(row.changes["stage"][1], row.actor_name) for row in told] == [
        (stage, "李伟") for stage in ("visit", "return", "delivery", "feedback")
    ]
    assert all(datetime.date.fromisoformat(row.changes["stage_on"][1]) for row in told)
    # Whoever has the customer's form open meanwhile is not told that somebody changed it.
    edit(world.ctx("li_wei"), CUSTOMER, yuzhong, version=yuzhong.version, remarks="常客")


def test_it_never_goes_back_silently(world, yuzhong):
    li_wei = world.ctx("li_wei")
    run(ENTER_STAGE, li_wei, CUSTOMER, yuzhong, {"stage": "delivery"})
    assert stage_of(yuzhong) == ("delivery", TODAY)
    with pytest.raises(Refused) as refused:
        run(ENTER_STAGE, li_wei, CUSTOMER, yuzhong, {"stage": "visit"})
    assert refused.value.decision.reasons[0].clause == "VIS-01"
    with pytest.raises(Invalid):  # without a reason
        run(RETURN_TO_STAGE, li_wei, CUSTOMER, yuzhong, {"stage": "visit"})
    assert stage_of(yuzhong)[0] == "delivery"
    run(RETURN_TO_STAGE, li_wei.because("换了采购，重新走访"), CUSTOMER, yuzhong, {"stage": "visit"})
    assert stage_of(yuzhong) == ("visit", TODAY)
    assert AuditEntry.objects.get(record_id=yuzhong.pk, action="return_to_stage").reason == "换了采购，重新走访"


def test_its_owner_and_his_superior_enter_a_stage_and_nobody_else(world, yuzhong):
    manager = world.ctx("sales_manager")
    run(ENTER_STAGE, manager, CUSTOMER, yuzhong, {"stage": "visit"})
    Person.objects.filter(pk=world["li_wei"].pk).update(superior=world["zhang_min"])
    with pytest.raises(Refused, match="李伟") as refused:
        run(ENTER_STAGE, manager, CUSTOMER, yuzhong, {"stage": "delivery"})
    assert refused.value.decision.reasons[0].clause == "VIS-01" and stage_of(yuzhong)[0] == "visit"


def test_a_report_counts_each_stage_and_opens_its_customers(world, yuzhong, xihu, client: Client):
    run(ENTER_STAGE, world.ctx("li_wei"), CUSTOMER, yuzhong, {"stage": "delivery"})
    counted = by_stage(world.ctx("sales_manager"))
    assert [counted[stage].customers for stage in ORDER] == [1, 0, 0, 1, 0, 0, 0]
    assert counted["delivery"].recently == 1 and counted["delivery"].oldest_on == TODAY
    assert [by_stage(world.ctx("li_wei"))[stage].customers for stage in ORDER] == [0, 0, 0, 1, 0, 0, 0]
    client.force_login(world["sales_manager"])
    page = client.get("/customers/reports/stages/").content.decode()
    assert "f-stage=delivery" in page
    listed = client.get("/customers/customer/?f-stage=delivery").content.decode()
    assert yuzhong.name in listed and xihu.name not in listed
