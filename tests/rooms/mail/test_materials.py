"""Company material: what there is, what of it went to whom, how and when, and whether it arrived (WF-19, WF-21)."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail

from guanxi.kernel.errors import Refused
from guanxi.platform.files.storage import store
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.mail.actions import CONFIRM_MATERIAL, SEND_LETTER
from guanxi.rooms.mail.models import Handout
from tests.digest import digest
from tests.people import NOW
from tests.rooms.mail.conftest import HANDOUT, LETTER, MATERIAL, draft, worker

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def brochure(world):
    """The brochure of the company, as a file."""
    file = store(b"%PDF-1.4 brochure", "形象宣传册.pdf", world["marketing"], NOW)
    return create(
        world.ctx("marketing"), MATERIAL, name="公司形象宣传册", kind="image_brochure", edition="2026", file=file
    )


@pytest.mark.clause("WF-21")
def test_material_that_goes_by_mail_is_noted_once(world, client, customer, contact, brochure):
    letter = draft(world, contact=contact, material=brochure)
    run(SEND_LETTER, world.ctx("li_wei"), LETTER, letter.pk)
    assert not Handout.objects.exists()
    worker()
    assert [name for name, _content, _kind in mail.outbox[0].attachments] == ["形象宣传册.pdf"]
    noted = Handout.objects.get()
    assert (noted.material, noted.customer, noted.contact, noted.channel, noted.sent_on, noted.letter_id) == (
        brochure, customer, contact, "email", TODAY, letter.pk
    )  # fmt: skip
    client.force_login(world["li_wei"])
    assert "公司形象宣传册" in client.get(f"/customers/customer/{customer.pk}/", {"tab": "mail"}).content.decode()


@pytest.mark.clause("WF-21", "VIS-01")
def test_material_sent_by_post_is_entered_and_its_receipt_confirmed(world, client, customer, contact, brochure):
    type(customer).objects.update(stage="delivery")
    sent = create(
        world.ctx("li_wei"), HANDOUT, customer=customer, contact=contact, material=brochure, channel="post",
        sent_on="2026-11-16", copies=2,
    )  # fmt: skip
    customer.refresh_from_db()
    assert customer.stage == "promotion"
    before = digest()
    for day in ("2026-11-15", "2026-11-22"):
        with pytest.raises(Refused) as refused:
            run(CONFIRM_MATERIAL, world.ctx("li_wei"), HANDOUT, sent, {"received_by": "周婷", "received_on": day})
        assert refused.value.decision.reasons[0].clause == "WF-21"
    assert digest() == before
    run(CONFIRM_MATERIAL, world.ctx("li_wei"), HANDOUT, sent, {"received_by": "周婷", "received_on": "2026-11-18"})
    sent.refresh_from_db()
    assert (sent.received_on, sent.received_by) == (datetime.date(2026, 11, 18), "周婷")
    client.force_login(world["li_wei"])
    assert "公司形象宣传册" in client.get(f"/customers/customer/{customer.pk}/", {"tab": "mail"}).content.decode()


@pytest.mark.clause("WF-21")
def test_what_is_out_of_use_or_still_to_come_is_not_entered(world, customer, contact, brochure):
    old = create(world.ctx("marketing"), MATERIAL, name="旧产品手册", kind="product_brochure", is_current=False)
    letter = draft(world, contact=contact, material=old)
    before = digest()
    for given, words in (
        ({"material": old, "sent_on": TODAY}, "no longer in use"),
        ({"material": brochure, "sent_on": TODAY + datetime.timedelta(days=1)}, "still to come"),
    ):
        with pytest.raises(Refused, match=words):
            create(world.ctx("li_wei"), HANDOUT, customer=customer, channel="fax", **given)
    with pytest.raises(Refused, match="no longer in use"):
        run(SEND_LETTER, world.ctx("li_wei"), LETTER, letter.pk)
    assert digest() == before


@pytest.mark.clause("WF-19")
def test_after_written_material_a_call_is_no_longer_the_first_contact(world, customer, brochure):
    call = {
        "customer": customer, "kind": "phone", "purpose": "selling", "happened_at": NOW, "content": "介绍产品",
    }  # fmt: skip
    with pytest.raises(Refused) as warned:
        create(world.ctx("li_wei"), "engagement.followup", **call)
    assert [(reason.clause, reason.blocking) for reason in warned.value.decision.reasons] == [("WF-19", False)]
    create(world.ctx("li_wei"), HANDOUT, customer=customer, material=brochure, channel="fax", sent_on="2026-11-19")
    assert not create(world.ctx("li_wei"), "engagement.followup", **call).cold_call
