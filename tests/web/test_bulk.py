"""Many records at once: asked first, done within the person's reach, each refusal explained."""

from __future__ import annotations

import re

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
    chosen = client.post("/room/thing/bulk/edit/", {"pk": keys, "field": "colour"})
    assert 'name="set-colour"' in text_of(chosen)
    answer = client.post("/room/thing/bulk/edit/", {"pk": keys, "field": "colour", "set-colour": "blue", "go": "1"})
    result = text_of(client.get(answer["Location"]))
    assert "Box 2" in result and "Box 0" not in result and "left as it was" in result
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
        "/room/thing/bulk/edit/", {"pk": [str(hers.pk)], "field": "colour", "set-colour": "red", "go": "1"}
    )
    assert answer.status_code in (302, 403)
    hers.refresh_from_db()
    assert hers.colour == ""


def test_everything_of_the_list_means_what_the_list_finds(boss, browser, make_thing):
    for number in range(4):
        make_thing(f"Box {number}", colour="red" if number else "blue")
    client = browser("general_manager")
    asked = client.post("/room/thing/bulk/delete/", {"everything": "1", "state": "f-colour=red"})
    assert "3 records" in text_of(asked)


def test_several_fields_are_rehearsed_then_changed_then_taken_back_from_the_news(boss, browser, make_thing):
    things = [make_thing(f"Box {number}", colour="red", tags="a", colours=["red"]) for number in range(3)]
    client = browser("general_manager")
    sent = {
        "pk": [str(thing.pk) for thing in things], "field": ["colours", "tags", "pieces"],
        "how-colours": "add", "set-colours": ["blue"], "boxes": ["set-colours"],
        "how-tags": "clear", "how-pieces": "set", "set-pieces": "200",
    }  # fmt: skip
    tried = text_of(client.post("/room/thing/bulk/edit/", {**sent, "try": "1"}))
    assert "0 would be done, 3 left" in tried and "200 pieces are many" in tried
    assert set(Thing.objects.values_list("pieces", "tags")) == {(None, ("a",))}
    answer = client.post("/room/thing/bulk/edit/", {**sent, "go": "1", "confirmed": "1"}, follow=True)
    assert set(Thing.objects.values_list("pieces", "tags", "colours")) == {(200, (), ("red", "blue"))}
    undo = re.search(r'action="(/batches/[^"]+/undo/)"', text_of(answer))
    assert undo
    after = client.post(undo[1], follow=True)
    assert "as they were before" in text_of(after)
    assert set(Thing.objects.values_list("pieces", "tags", "colours")) == {(None, ("a",), ("red",))}
    assert "Bulk actions" in text_of(client.get("/batches/")) and "Edit: Things" in text_of(client.get("/batches/"))
    assert browser("sales_manager").get(undo[1].removesuffix("undo/")).status_code == 404


def test_what_only_warns_is_done_all_the_same_from_the_result(boss, browser, make_thing):
    thing = make_thing("Box")
    client = browser("general_manager")
    sent = {"pk": [str(thing.pk)], "field": "pieces", "set-pieces": "200", "go": "1"}
    here = client.post("/room/thing/bulk/edit/", sent)["Location"]
    assert "Do it all the same for 1" in text_of(client.get(here))
    assert client.post(f"{here}failures/").status_code == 302
    client.post(f"{here}confirm/")
    assert Thing.objects.get().pieces == 200


def test_a_list_that_has_grown_meanwhile_is_shown_again(boss, browser, make_thing):
    make_thing("Box")
    client = browser("general_manager")
    make_thing("Other")
    answer = client.post("/room/thing/bulk/delete/", {"everything": "1", "state": "", "count": "1", "go": "1"})
    assert answer.status_code == 409 and Thing.objects.filter(deleted_at=None).count() == 2
