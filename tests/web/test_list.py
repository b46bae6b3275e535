"""The list: what it finds, how it pages, what is kept of it, what it costs."""

from __future__ import annotations

import re

import pytest

from guanxi.platform.access.models import RoleRight
from guanxi.records.models import SavedView
from tests.room.models import Thing
from tests.web.conftest import text_of


@pytest.fixture
def things(make_thing):
    for number, colour in enumerate(["red", "green", "blue", "red"], start=1):
        make_thing(f"Box {number}", colour=colour, price=str(number * 100), made_on=f"2026-{number:02d}-10")


#: What a list of 25 rows may weigh; menus, dialogs and filters that nobody has opened are not in it.
PAGE_BYTES = 64_000


def names(answer) -> list[str]:
    return re.findall(r'class="n">([^<]+)</a>', text_of(answer))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Box 1", "Box 2", "Box 3", "Box 4"}),
        ("q=box+4", {"Box 4"}),
        ("f-colour=red", {"Box 1", "Box 4"}),
        ("f-colour=red&f-colour=blue", {"Box 1", "Box 3", "Box 4"}),
        ("f-made_on-from=2026-03-01", {"Box 3", "Box 4"}),
        ("f-made_on-from=2026-02-01&f-made_on-to=2026-03-31", {"Box 2", "Box 3"}),
        ("f-owner=me", {"Box 1", "Box 2", "Box 3", "Box 4"}),
        ("f-owner=__empty", set()),
        ("f-price-from=250", {"Box 3", "Box 4"}),
        ("w0=price&o0=at_most&v0=200", {"Box 1", "Box 2"}),
        ("w0=name&o0=contains&v0=1&w1=name&o1=contains&v1=2&join=any", {"Box 1", "Box 2"}),
        ("w0=name&o0=contains&v0=1&w1=name&o1=contains&v1=2", set()),
        ("w0=price&o0=between&v0=150&v0=350", {"Box 2", "Box 3"}),
        ("w0=colour&o0=not_in&v0=red", {"Box 2", "Box 3"}),
        ("w0=colour&o0=empty", set()),
        ("view=red", {"Box 1", "Box 4"}),
        ('filter={"field":"colour","op":"in","value":["blue"]}', {"Box 3"}),
    ],
)
def test_filters_of_the_address(browser, things, query, expected):
    answer = browser("li_wei").get(f"/room/thing/?{query}")
    assert answer.status_code == 200
    assert set(names(answer)) == expected


def test_order_and_pages_go_through_every_row_once(browser, make_thing, world):
    for number in range(60):
        make_thing(f"Box {number:02d}", price=str(number % 7))
    client = browser("li_wei")
    seen, address = [], "/room/thing/?sort=-price"
    for _page in range(4):
        answer = client.get(address)
        seen += names(answer)
        following = re.search(r'href="([^"]+)" rel="next"', text_of(answer))
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == 60 and len(set(seen)) == 60
    assert "60 records" in text_of(client.get("/room/thing/"))
    previous = re.search(r'href="([^"]+)" rel="prev"', text_of(answer))
    assert names(client.get(previous[1].replace("&amp;", "&"))) == seen[25:50]


def test_a_filter_that_cannot_be_read_says_so(browser, things):
    answer = browser("li_wei").get("/room/thing/?filter=nonsense")
    assert answer.status_code == 200 and names(answer) == []
    assert "This filter has the wrong form." in text_of(answer)
    assert browser("li_wei").get("/room/thing/?cursor=%00%00").status_code == 200


def test_no_match_gives_advice_and_an_empty_search_gives_all(browser, things):
    client = browser("li_wei")
    assert "Nothing found" in text_of(client.get("/room/thing/?q=zzzz"))
    assert len(names(client.get("/room/thing/?q="))) == 4


def test_columns_and_page_size_are_remembered(browser, things, world):
    client = browser("li_wei")
    client.post("/room/thing/columns/", {"column": ["price", "name"], "state": "q=Box"})
    page = text_of(client.get("/room/thing/"))
    heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]+)', page)
    assert heads == ["Price", "Name"]
    assert client.post("/room/thing/size/", {"size": "33"}).status_code == 422
    client.post("/room/thing/size/", {"size": "50"})
    world["li_wei"].refresh_from_db()
    assert world["li_wei"].preferences["page_size"] == 50
    client.post("/room/thing/columns/", {"reset": "1", "column": ["name"]})
    assert "Colour" in re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]+)', text_of(client.get("/room/thing/")))


def test_views_are_saved_renamed_shared_and_deleted(browser, things):
    client = browser("li_wei")
    answer = client.post("/room/thing/views/", {"name": "Red things", "state": "f-colour=red"})
    view = SavedView.objects.get()
    assert answer["Location"] == f"/room/thing/?view={view.pk}"
    assert set(names(client.get(f"/room/thing/?view={view.pk}"))) == {"Box 1", "Box 4"}
    client.post(f"/room/thing/views/{view.pk}/", {"what": "rename", "name": "Red"})
    view.refresh_from_db()
    assert view.name == "Red"
    # An account manager edits only his own: sharing is for who answers for more.
    assert client.post(f"/room/thing/views/{view.pk}/", {"what": "share"}).status_code == 403
    assert browser("wang_fang").post(f"/room/thing/views/{view.pk}/", {"what": "delete"}).status_code == 404
    assert client.post("/room/thing/views/", {"name": " ", "state": ""}).status_code == 422
    client.post(f"/room/thing/views/{view.pk}/", {"what": "delete"})
    view.refresh_from_db()
    assert view.deleted_at is not None


def test_the_counts_of_the_tabs(browser, things):
    assert '<sup id="count-red" hx-swap-oob="true">2</sup>' in text_of(browser("li_wei").get("/room/thing/counts/"))


def test_a_list_costs_the_same_however_many_rows(browser, make_thing, django_assert_max_num_queries):
    for number in range(30):
        make_thing(f"Box {number}", keeper="wang_fang")
    client = browser("li_wei")
    client.get("/room/thing/")
    with django_assert_max_num_queries(9):
        assert len(names(client.get("/room/thing/?f-colour=red&f-owner=me"))) == 0
    with django_assert_max_num_queries(9):
        page = client.get("/room/thing/")
    assert len(names(page)) == 25
    assert len(page.content) < PAGE_BYTES
    thing = Thing.objects.first()
    with django_assert_max_num_queries(40):
        client.get(f"/room/thing/{thing.pk}/?list=all")
    with django_assert_max_num_queries(40):
        client.get(f"/room/thing/{thing.pk}/edit/")


def test_the_menus_of_a_list_are_fetched_when_opened_or_shown_without_script(browser, things):
    client = browser("li_wei")
    page = text_of(client.get("/room/thing/?q=Box"))
    assert 'name="f-colour"' not in page and 'hx-get="/room/thing/chip/colour/?q=Box"' in page
    chip = text_of(client.get("/room/thing/chip/colour/?q=Box&f-colour=red&cursor=x"))
    assert '<input type="checkbox" name="f-colour" value="red" checked>' in chip
    assert '<input type="hidden" name="q" value="Box">' in chip and "cursor" not in chip
    columns = text_of(client.get("/room/thing/columns/?q=Box"))
    assert '<input type="checkbox" name="column" value="name" checked>' in columns and 'value="q=Box"' in columns
    assert 'name="f-colour" value="green"' in text_of(client.get("/room/thing/?q=Box&open=colour"))
    assert 'name="column" value="name"' in text_of(client.get("/room/thing/?open=columns"))
    assert client.get("/room/thing/chip/deleted_at/").status_code == 404


def test_in_place_editing(browser, make_thing):
    thing = make_thing("Box", price="5")
    client = browser("li_wei")
    address = f"/room/thing/{thing.pk}/field/price/"
    assert 'name="price" value="5.00"' in text_of(client.get(address))
    wrong = client.post(address, {"price": "much", "version": thing.version})
    assert wrong.status_code == 422 and "much" in text_of(wrong)
    right = client.post(address, {"price": "12.5", "version": thing.version})
    assert right.status_code == 200 and "¥12.50" in text_of(right)
    assert client.post(address, {"price": "99", "version": thing.version}).status_code == 409
    thing.refresh_from_db()
    assert str(thing.price) == "12.50"
    assert client.get(f"/room/thing/{thing.pk}/field/state/").status_code == 404


def test_two_languages(browser, things):
    english = text_of(browser("li_wei").get("/room/thing/"))
    chinese = text_of(browser("li_wei", "zh-hans").get("/room/thing/"))
    assert "Save view" in english and "保存视图" in chinese


def test_two_people_who_alternate_get_each_his_own_frame(browser, things):
    manager, clerk = browser("general_manager"), browser("li_wei", "zh-hans")
    first = [text_of(manager.get("/room/thing/")), text_of(clerk.get("/room/thing/"))]
    assert "Main menu" in first[0] and "Main menu" not in first[1]
    without = re.compile(r"[A-Za-z0-9]{64}|\?list=[^\"]*")
    for _time in range(2):
        again = [text_of(manager.get("/room/thing/")), text_of(clerk.get("/room/thing/"))]
        assert [without.sub("", page) for page in again] == [without.sub("", page) for page in first]


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(browser, things, world):
    client = browser("li_wei")
    assert "/room/thing/" in text_of(client.get("/room/thing/"))
    RoleRight.objects.filter(role__holders__person=world["li_wei"]).update(deleted_at=world.system.now)
    assert client.get("/room/thing/").status_code == 403
