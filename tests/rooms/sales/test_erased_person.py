"""A person is erased from the lead he came from, too (PIPL art. 47)."""

from __future__ import annotations

import dataclasses

from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.customers.actions import ERASE_SUBJECT
from guanxi.rooms.sales.models import Lead
from tests.people import World


def test_the_lead_of_an_erased_person_keeps_the_company_alone(world: World) -> None:
    ctx = world.ctx("li_wei")
    customer = create(ctx, "customers.customer", name="重庆江北商贸有限公司", confirmed=True)
    contact = create(ctx, "customers.contact", customer=customer, name="甄迹一", mobile="13900010004", confirmed=True)
    lead = create(
        ctx, "sales.lead", name="重庆江北商贸有限公司", person="甄迹一", post="经理", mobile="13900010004",
        email="ji@example.com", content="甄迹一来电询价", source="website", city="重庆", confirmed=True,
    )  # fmt: skip
    other = create(ctx, "sales.lead", name="别家公司", person="乙", mobile="13900010005", source="website")
    Lead.objects.filter(pk=lead.pk).update(contact=contact, customer=customer)
    by = dataclasses.replace(world.ctx("general_manager"), elevated=True).because("本人书面要求")
    run(ERASE_SUBJECT, by, "customers.contact", contact, confirmed=True)
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.person, lead.post, lead.mobile, lead.email, lead.content) == ("", "", "", "", "")
    assert (lead.name, lead.city, lead.source, lead.customer_id) == (
        "重庆江北商贸有限公司",
        "重庆",
        "website",
        customer.pk,
    )
    assert (other.person, other.mobile) != ("", "")
