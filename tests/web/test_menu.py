"""Groups of the menu fold, and stay as a person left them."""

from __future__ import annotations

import re

import pytest

from guanxi.platform.people.models import Person
from guanxi.web import menu
from tests.web.conftest import text_of


def folds(browser, path: str) -> dict[str, bool]:
    """Of each group with a heading: whether it stands open."""
    found = re.findall(r'data-gx-fold="(\w+)"( open)?', text_of(browser.get(path)))
    return {name: bool(is_open) for name, is_open in found}


def test_the_group_where_one_stands_is_open_and_others_fold(browser):
    li_wei = browser("li_wei")
    home = folds(li_wei, "/notices/")
    assert home and not any(home.values())
    there = folds(li_wei, "/customers/competitor/")
    assert [name for name, is_open in there.items() if is_open] == ["market"]


def test_what_a_person_opens_stays_open_for_him_alone(browser):
    li_wei, wang_fang = browser("li_wei"), browser("wang_fang")
    assert li_wei.post("/menu/fold/", {"group": "archive", "open": "1"}).status_code == 204
    assert folds(li_wei, "/notices/")["archive"] and not folds(wang_fang, "/notices/")["archive"]
    li_wei.post("/menu/fold/", {"group": "archive", "open": ""})
    assert not folds(li_wei, "/notices/")["archive"]


def test_no_other_group_is_remembered(browser):
    li_wei = browser("li_wei")
    before = Person.objects.get(username="li_wei").preferences
    for wrong in ("", "top", "daily", "no such group"):
        assert li_wei.post("/menu/fold/", {"group": wrong, "open": "1"}).status_code == 422
    assert li_wei.get("/menu/fold/").status_code == 405
    assert Person.objects.get(username="li_wei").preferences == before


def test_a_folded_group_tells_what_waits_in_it():
    places = (menu.Item("A", "/a/", "x", badge=2), menu.Item("B", "/b/", "x", badge=3), menu.Item("C", "/c/", "x"))
    assert menu._group("archive", places, frozenset()).waiting == 5
    assert menu._group("archive", places[2:], frozenset()).waiting is None


@pytest.mark.parametrize("who", ["general_manager", "li_wei", "clerk"])
def test_no_group_is_longer_than_one_takes_in_at_a_glance(browser, who):
    """Ten places are the utmost; what comes beyond wants a group of its own."""
    page = text_of(browser(who).get("/notices/"))
    rail = page[page.index('class="rail') : page.index("</nav>", page.index('class="rail'))]
    counts = [len(re.findall(r"<a\b", group)) for group in re.findall(r"<ul.*?</ul>", rail, re.S)]
    assert len(counts) > 3 and max(counts) <= 10, counts
