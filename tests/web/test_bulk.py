"""Many records at once: asked first, done within the person's reach, each refusal explained."""

from __future__ import annotations

from tests.room.models import Thing
from tests.web.conftest import text_of


def test_bulk_asks_first_and_then_deletes(boss, browser, make_thing):
    things = [make_thing(f"Box {number}") for number in range(3)]
    client = browser("general_manager")
    keys = [str(thing.pk) for thing in things[:2]]
    asked = client.post("/room/thing/bulk/delete/", {"pk": keys})
    assert "2 records" in text_of(asked) and Thing.objects.filter(deleted_at=None).count() == 3
    assert client.post("/room/thing/bulk/delete/", {"pk": keys, "go": "1"}).status_code == 302
    assert [thing.name for thing in Thing.objects.filter(deleted_at=None)] == ["Box 2"]


def test_bulk_without_rows_is_refused(boss, browser, make_thing):
    answer = browser("general_manager").post("/room/thing/bulk/delete/", {"go": "1"})
    assert answer.status_code == 409 and "No row is chosen" in text_of(answer)


def test_a_field_is_changed_for_all_and_failures_are_explained(boss, browser, make_thing):
    things = [make_thing(f"Box {number}", colour="red") for number in range(3)]
    done = things[2]
    client = browser("general_manager")
    client.post(f"/room/thing/{done.pk}/do/finish/", {"remark": "x"})
    keys = [str(thing.pk) for thing in things]
    chosen = client.post("/room/thing/bulk/edit_field/", {"pk": keys, "field": "colour"})
    assert 'name="set-colour"' in text_of(chosen)
    answer = client.post(
        "/room/thing/bulk/edit_field/", {"pk": keys, "field": "colour", "set-colour": "blue", "go": "1"}
    )
    assert "2 of 3 done; 1 left as they were" in text_of(answer) and "Box 2" in text_of(answer)
    assert sorted(Thing.objects.values_list("name", "colour")) == [
        ("Box 0", "blue"),
        ("Box 1", "blue"),
        ("Box 2", "red"),
    ]


def test_bulk_assign_stays_within_reach(boss, browser, make_thing, world):
    mine, hers = make_thing("Mine"), make_thing("Hers", owner="wang_fang")
    client = browser("sales_manager")
    sent = {"pk": [str(mine.pk), str(hers.pk)], "owner__text": "张敏", "owner": "", "go": "1"}
    assert client.post("/room/thing/bulk/assign/", sent).status_code == 302
    assert {thing.owner.name for thing in Thing.objects.all()} == {"张敏"}
    stranger = browser("li_wei")
    answer = stranger.post(
        "/room/thing/bulk/edit_field/", {"pk": [str(hers.pk)], "field": "colour", "set-colour": "red", "go": "1"}
    )
    assert answer.status_code in (200, 403)
    hers.refresh_from_db()
    assert hers.colour == ""


def test_everything_of_the_list_means_what_the_list_finds(boss, browser, make_thing):
    for number in range(4):
        make_thing(f"Box {number}", colour="red" if number else "blue")
    client = browser("general_manager")
    asked = client.post("/room/thing/bulk/delete/", {"everything": "1", "state": "f-colour=red"})
    assert "3 records" in text_of(asked)
