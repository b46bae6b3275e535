"""Printing: who prints what is on record, judged like a look, and each sheet carries a mark."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.platform.audit.models import Disclosure, Outcome

pytestmark = pytest.mark.clause("SEC-04")


def prints() -> list[tuple[str, str, str]]:
    rows = Disclosure.objects.filter(kind="print").order_by("id")
    return [(row.actor.username, row.module, row.outcome) for row in rows]


def test_printing_a_record_and_a_list_is_noted(world, browser, make_thing) -> None:
    thing, client = make_thing(), browser("sales_manager")
    note = {"module": "room.thing", "record": str(thing.pk), "page": f"/room/thing/{thing.pk}/"}
    assert client.post("/printed/", note).status_code == 204
    look = Disclosure.objects.get(kind="print")
    assert (look.record_id, look.actor, look.detail["page"]) == (thing.pk, world["sales_manager"], note["page"])
    assert client.post("/printed/", {"module": "room.thing", "record": "", "title": "Things"}).status_code == 204
    assert prints() == [("sales_manager", "room.thing", Outcome.DONE)] * 2


def test_a_note_is_judged_like_a_look(world, browser, make_thing) -> None:
    thing = make_thing()
    note = {"module": "room.thing", "record": str(thing.pk)}
    assert browser("storekeeper").post("/printed/", note).status_code == 403
    assert prints() == [("storekeeper", "room.thing", Outcome.REFUSED)]
    client = browser("sales_manager")
    assert client.post("/printed/", {"module": "no.such"}).status_code == 404
    assert client.post("/printed/", {**note, "record": "x"}).status_code == 404
    assert client.get("/printed/").status_code == 405


def test_a_note_needs_its_token(world, make_thing) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["sales_manager"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/printed/", {"module": "room.thing"}).status_code == 403
    assert not prints()


def test_every_sheet_says_who_printed_it_and_where(browser, make_thing) -> None:
    thing = make_thing()
    page = browser("sales_manager").get(f"/room/thing/{thing.pk}/").content.decode()
    assert f'data-gx-module="room.thing" data-gx-record="{thing.pk}"' in page
    mark = page.partition('class="print-mark"')[2].partition("</p>")[0]
    assert "testserver" in mark and "data-gx-printed-at" in mark
