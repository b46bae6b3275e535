"""Merging on pages: side by side, the signpost, the duplicates."""

from __future__ import annotations

from guanxi.records.standard import create
from guanxi.rooms.customers.models import Customer
from tests.digest import digest
from tests.web.conftest import text_of

LIST = "/customers/customer/"


def _pair(world, **more):
    one = create(world.system, "customers.customer", confirmed=True, name="川兴酒业有限公司", owner=world["li_wei"])
    two = create(
        world.system, "customers.customer", confirmed=True, name="川兴酒业", owner=world["li_wei"], city="成都", **more
    )
    return one, two


def test_rows_of_a_list_become_one_and_the_old_address_leads_on(browser, world):
    one, two = _pair(world)
    client = browser("li_wei")
    there = client.post(f"{LIST}merge/", {"pk": [str(one.pk), str(two.pk)]})
    page = text_of(client.get(there["Location"]))
    assert "川兴酒业有限公司" in page and 'name="take-city"' in page and 'name="survivor"' in page
    assert 'name="take-country"' not in page
    sent = {
        "pk": [str(one.pk), str(two.pk)], "survivor": str(one.pk), "take-city": str(two.pk), "go": "1",
        f"version-{two.pk}": "1",
    }  # fmt: skip
    done = client.post(f"{LIST}merge/", sent, follow=True)
    assert "2 records are one now" in text_of(done) and "do/unmerge/" in text_of(done)
    assert Customer.objects.get(pk=one.pk).city == "成都"
    led = client.get(f"{LIST}{two.pk}/")
    assert led.status_code == 303 and led["Location"] == f"{LIST}{one.pk}/"
    assert browser("wang_fang").get(f"{LIST}{two.pk}/").status_code == 404
    history = text_of(client.get(f"{LIST}{one.pk}/history/"))
    assert "merged into this one" in history.lower() and two.number in history and "value from" in history
    assert client.post(f"{LIST}{one.pk}/do/unmerge/", follow=True).status_code == 200
    assert client.get(f"{LIST}{two.pk}/").status_code == 200


def test_a_merge_that_is_refused_comes_back_with_the_choices(browser, world):
    one, two = _pair(world)
    before = digest()
    client = browser("li_wei")
    before = digest()
    sent = {"pk": [str(one.pk), str(two.pk)], "survivor": str(one.pk), "go": "1", f"version-{two.pk}": "9",
            "take-city": str(one.pk)}  # fmt: skip
    answer = client.post(f"{LIST}merge/", sent)
    assert answer.status_code == 409 and digest() == before
    assert "Somebody else" in text_of(answer)
    assert browser("finance").get(f"{LIST}merge/?pk={one.pk}&pk={two.pk}").status_code == 403
    assert browser("wang_fang").get(f"{LIST}merge/?pk={one.pk}&pk={two.pk}").status_code == 404


def test_one_record_asks_for_the_other(browser, world):
    one, two = _pair(world)
    client = browser("li_wei")
    page = text_of(client.get(f"{LIST}merge/?pk={one.pk}"))
    assert f"pk={two.pk}" in page
    assert "take-city" in text_of(client.get(f"{LIST}merge/?pk={one.pk}&other={two.number}"))
    assert client.get(f"{LIST}merge/?pk={one.pk}&other=nobody").status_code == 409


def test_likely_duplicates_are_compared_or_told_apart(browser, world):
    one, two = _pair(world)
    client = browser("li_wei")
    page = text_of(client.get(f"{LIST}same/"))
    assert "川兴酒业有限公司" in page and "Compare and merge" in page
    assert "Likely duplicates" in text_of(client.get(LIST))
    typed = f"{LIST}duplicates/?name=川兴酒业&except={one.pk}"
    assert "Compare and merge" in text_of(client.get(typed))
    client.post(f"{LIST}same/apart/", {"pk": [str(one.pk), str(two.pk)]})
    assert "No likely duplicates" in text_of(client.get(f"{LIST}same/"))
    assert "Compare and merge" not in text_of(client.get(typed))
    assert "Likely duplicates" in text_of(client.get("/palette/?q=likely"))
