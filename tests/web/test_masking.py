"""No page tells how to reach a person to whom the right to reveal does not reach: every address is walked."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.records import registry
from tests.digest import digest
from tests.records.test_masking import CANARIES, CONTACT, Guest, assert_nothing_told, guest
from tests.web.conftest import text_of

__all__ = ["guest"]


def addresses(guest: Guest) -> list[str]:
    """Every page on which the contact, or its customer, is shown."""
    contact, customer = f"/customers/contact/{guest.contact.pk}/", f"/customers/customer/{guest.customer.pk}/"
    columns = "&".join(f"c={name}" for name in ("name", *CANARIES))
    tabs = [f"{customer}?tab={name}" for name in ("people", "archive", "activity", "market", "history")]
    return [
        contact, f"{contact}edit/", f"{contact}history/", f"/customers/contact/new/?copy={guest.contact.pk}",
        "/customers/contact/", f"/customers/contact/?{columns}", "/customers/contact/?q=白小姐",
        "/customers/contact/pick/",
        f"/customers/contact/duplicates/?mobile={CANARIES['mobile']}&email={CANARIES['email']}",
        customer, *tabs, f"{customer}edit/", f"{customer}history/", f"{customer}books/contacts/",
        "/", "/search/?q=白小姐", "/palette/?q=白小姐", "/today/", "/customers/", "/customers/contact/bin/",
    ]  # fmt: skip


@pytest.mark.clause("SEC-04")
def test_every_page_shows_the_mask(browser: Any, guest: Guest):
    client = browser("li_wei", "zh-hans")
    shown = 0
    for address in addresses(guest):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 404), address
        text = text_of(answer).replace(f"mobile={CANARIES['mobile']}", "").replace(f"email={CANARIES['email']}", "")
        try:
            assert_nothing_told(text)
        except AssertionError as error:
            raise AssertionError(address) from error
        shown += "139****4321" in text
    # The canary: the pages do show the column, and show the owner its value.
    assert shown >= 5
    owner = browser("wang_fang")
    assert sum("139 8765 4321" in text_of(owner.get(address)) for address in addresses(guest)) >= 5


def test_a_masked_field_is_replaced_or_left_alone(browser: Any, guest: Guest):
    client = browser("li_wei")
    page = f"/customers/contact/{guest.contact.pk}/edit/"
    form = text_of(client.get(page))
    assert '<details class="masked"><summary><span>139****4321</span>' in form
    model = registry.module(CONTACT).model
    given = {"version": model.objects.get(pk=guest.contact.pk).version, "opened": '{"mobile": "", "post": ""}'}
    client.post(page, {**given, "form_token": "", "post": "店长", "mobile": ""})
    kept = model.objects.get(pk=guest.contact.pk)
    assert (kept.post, kept.mobile) == ("店长", CANARIES["mobile"])
    client.post(page, {**given, "version": kept.version, "mobile": "13700001111"})
    assert model.objects.get(pk=guest.contact.pk).mobile == "13700001111"


def test_a_masked_cell_is_not_edited_in_the_list(browser: Any, guest: Guest):
    client = browser("li_wei")
    before = digest()
    for method in (client.get, client.post):
        assert method(f"/customers/contact/{guest.contact.pk}/field/mobile/").status_code == 404
    assert digest() == before
    assert client.get(f"/customers/contact/{guest.own.pk}/field/mobile/").status_code == 200
