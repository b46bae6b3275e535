"""Two at the same second make a customer of one lead: there is one customer, and the second is told."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Problem
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.customers.models import Contact, Customer
from guanxi.rooms.sales.actions import CONVERT_LEAD
from guanxi.rooms.sales.models import Lead
from guanxi.rooms.sales.queries import LEAD
from tests.concurrency.conftest import at_once
from tests.people import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("CRM-25")
def test_a_lead_converted_by_four_hands_makes_one_customer(committed: World) -> None:
    given = {"name": "成都锦里宴会酒店有限公司", "person": "唐敏", "mobile": "13800138000", "source": "website"}
    lead = create(committed.ctx("li_wei"), LEAD, **given)

    def convert(number: int) -> bool:
        who = ("li_wei", "sales_manager")[number % 2]
        try:
            run(CONVERT_LEAD, committed.ctx(who), LEAD, lead.pk, {}, confirmed=True)
        except Problem:
            return False
        return True

    assert sum(at_once(convert, 4)) == 1
    lead = Lead.objects.get()
    assert (lead.state, lead.customer, lead.contact) == ("converted", Customer.objects.get(), Contact.objects.get())
