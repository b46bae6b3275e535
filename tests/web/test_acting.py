"""The dialog of an action: it runs on the record as the person saw it, and offers only what may be chosen."""

from __future__ import annotations

import re

from guanxi.records.standard import edit
from tests.digest import digest
from tests.room.models import Thing
from tests.web.conftest import text_of


def _shown_version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_dialog_opened_before_somebody_elses_change_is_refused_and_tells_what_changed(
    boss, browser, make_thing, world
):
    thing = make_thing("Box")
    client = browser("general_manager")
    address = f"/room/thing/{thing.pk}/do/finish/"
    version = _shown_version(text_of(client.get(address)))
    edit(world.ctx("li_wei"), "room.thing", thing.pk, address="Kuanzhai Alley 7")
    before = digest()
    answer = client.post(address, {"remark": "x", "version": version})
    assert answer.status_code == 409 and digest() == before
    page = text_of(answer)
    assert "Kuanzhai Alley 7" in page and "李伟" in page
    again = client.post(address, {"remark": "x", "version": _shown_version(page)})
    assert again.status_code == 302 and Thing.objects.get(pk=thing.pk).state == "done"


def test_assigning_asks_for_the_owner_that_the_record_type_declares(boss, browser, make_thing):
    thing = make_thing("Box")
    page = text_of(browser("general_manager").get(f"/room/thing/{thing.pk}/do/assign/"))
    assert 'name="owner"' in page and "required" in page


def test_what_a_window_offers_is_what_a_link_accepts(browser, world):
    department = world.departments["east"]
    department.deleted_at = world.now
    department.save()
    offered = text_of(browser("system_admin").get("/people/department/pick/"))
    assert "西南大区" in offered and "华东大区" not in offered
