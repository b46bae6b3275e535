"""Creating, changing, doing: what is typed is never lost, what is sent twice acts once."""

from __future__ import annotations

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.files.models import StoredFile
from tests.room.models import Crumb, Thing, ThingLine
from tests.web.conftest import text_of


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1].replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")


def test_a_refused_form_keeps_what_was_typed(browser, world):
    client = browser("li_wei")
    answer = client.post("/room/thing/new/", {"name": "", "notes": "three boxes", "price": "much", "colour": "red"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "three boxes" in page and 'value="much"' in page
    assert '<option value="red" selected>' in page
    assert 'href="#f-name"' in page and 'href="#f-price"' in page
    assert not Thing.objects.exists()


def test_a_good_form_creates_and_sending_it_twice_creates_once(browser, world):
    client = browser("li_wei")
    token = hidden(text_of(client.get("/room/thing/new/")), "form_token")
    sent = {"name": "Box", "price": "1,200.50", "fragile": "1", "boxes": ["fragile"], "form_token": token}
    first = client.post("/room/thing/new/", sent)
    again = client.post("/room/thing/new/", sent)
    thing = Thing.objects.get()
    assert first["Location"] == again["Location"] == f"/room/thing/{thing.pk}/"
    assert str(thing.price) == "1200.50" and thing.fragile and thing.owner == world["li_wei"]
    other = browser("wang_fang").post("/room/thing/new/", {**sent, "name": "Other"})
    assert Thing.objects.count() == 2 and other["Location"] != first["Location"]


def test_a_refused_form_may_be_sent_again(browser, world):
    client = browser("li_wei")
    token = hidden(text_of(client.get("/room/thing/new/")), "form_token")
    assert client.post("/room/thing/new/", {"name": "", "form_token": token}).status_code == 422
    assert client.post("/room/thing/new/", {"name": "Box", "form_token": token}).status_code == 302


def test_refusals_name_clause_and_remedy_and_warnings_can_be_confirmed(browser, world):
    client = browser("li_wei")
    refused = client.post("/room/thing/new/", {"name": "Box", "pieces": "2000"})
    page = text_of(refused)
    assert refused.status_code == 409
    assert "X-01" in page and "2000 pieces are too many." in page and "At most 1000." in page
    assert "Save all the same" not in page
    warned = client.post("/room/thing/new/", {"name": "Box", "pieces": "200"})
    page = text_of(warned)
    assert warned.status_code == 409 and "X-02" in page and "Save all the same" in page
    assert hidden(page, "confirmed") == "1" and 'value="200"' in page
    assert not Thing.objects.exists()
    assert client.post("/room/thing/new/", {"name": "Box", "pieces": "200", "confirmed": "1"}).status_code == 302
    assert Thing.objects.get().pieces == 200
    assert AuditEntry.objects.filter(outcome="refused", action="create").count() == 2


def test_new_forms_can_be_filled_from_the_address_and_from_a_copy(browser, make_thing):
    thing = make_thing("Box", colour="blue", price="7", code="B-1")
    client = browser("li_wei")
    page = text_of(client.get(f"/room/thing/new/?copy={thing.pk}"))
    assert 'value="Box"' in page and 'value="7.00"' in page and "B-1" not in page
    page = text_of(client.get(f"/room/crumb/new/?thing={thing.pk}&name=Piece"))
    assert hidden(page, "thing") == str(thing.pk) and 'value="Box"' in page and 'value="Piece"' in page
    strange = make_thing("Hers", owner="wang_fang")
    assert "Hers" not in text_of(client.get(f"/room/crumb/new/?thing={strange.pk}"))
    assert client.get(f"/room/thing/new/?copy={strange.pk}").status_code == 404


def test_links_are_found_by_what_was_typed(browser, make_thing, world):
    box, client = make_thing("Box"), browser("li_wei")
    assert client.post("/room/crumb/new/", {"name": "One", "thing": "", "thing__text": "Box"}).status_code == 302
    assert Crumb.objects.get().thing == box
    # The text was changed by hand after the picker had put the id in: the text counts.
    other = make_thing("Crate")
    client.post("/room/crumb/new/", {"name": "Two", "thing": str(box.pk), "thing__text": "Crate"})
    assert Crumb.objects.get(name="Two").thing == other
    wrong = client.post("/room/crumb/new/", {"name": "Three", "thing": "", "thing__text": "Nowhere"})
    assert wrong.status_code == 422 and "There is no “Nowhere” that you may choose." in text_of(wrong)
    assert 'value="Nowhere"' in text_of(wrong)
    strange = make_thing("Hers", owner="wang_fang")
    assert client.post("/room/crumb/new/", {"name": "Four", "thing": str(strange.pk)}).status_code == 422


def test_only_what_was_changed_is_written_and_conflicts_are_shown(browser, make_thing, world):
    thing = make_thing("Box", notes="old", price="5")
    li_wei, manager = browser("li_wei"), browser("sales_manager")
    page = text_of(li_wei.get(f"/room/thing/{thing.pk}/edit/"))
    opened = hidden(page, "opened")
    assert json.loads(opened)["notes"] == "old"
    form = {"version": hidden(page, "version"), "opened": opened, "name": "Box", "price": "6", "notes": "mine"}
    manager.post(
        f"/room/thing/{thing.pk}/edit/",
        {"version": "1", "opened": opened, "name": "Box", "price": "5.00", "notes": "theirs"},
    )
    stale = li_wei.post(f"/room/thing/{thing.pk}/edit/", form)
    page = text_of(stale)
    assert stale.status_code == 409
    assert "Somebody else has saved this record in the meantime" in page
    assert 'name="take-notes" value="theirs"' in page and 'name="take-price"' not in page
    assert "mine" in page and "theirs" in page
    assert hidden(page, "version") == "2"
    kept = li_wei.post(f"/room/thing/{thing.pk}/edit/", {**form, "version": "2", "take-notes": "theirs"})
    thing.refresh_from_db()
    assert kept.status_code == 302 and thing.notes == "theirs" and str(thing.price) == "6.00"
    li_wei.post(f"/room/thing/{thing.pk}/edit/", {**form, "version": "3", "take-notes": "mine"})
    thing.refresh_from_db()
    assert thing.notes == "mine"


def test_lines_are_added_changed_and_struck_out(browser, make_thing):
    client = browser("li_wei")
    sent = {
        "name": "Box",
        "has_lines": "1",
        "line-0-id": "",
        "line-0-label": "first",
        "line-0-amount": "3",
        "line-1-id": "",
        "line-1-label": "second",
        "line-1-amount": "",
        "line-2-id": "",
        "line-2-label": "",
        "line-2-amount": "",
    }
    assert client.post("/room/thing/new/", sent).status_code == 302
    thing = Thing.objects.get()
    first, second = ThingLine.objects.order_by("label")
    page = text_of(client.get(f"/room/thing/{thing.pk}/edit/"))
    assert str(first.pk) in page and 'value="first"' in page
    client.post(
        f"/room/thing/{thing.pk}/edit/",
        {
            "version": "1",
            "has_lines": "1",
            "line-0-id": str(first.pk),
            "line-0-label": "FIRST",
            "line-0-amount": "4",
            "line-1-id": str(second.pk),
            "line-1-label": "second",
            "line-1-remove": "1",
        },
    )
    line = ThingLine.objects.get()
    assert (line.pk, line.label, str(line.amount)) == (first.pk, "FIRST", "4.00")
    wrong = client.post(
        f"/room/thing/{thing.pk}/edit/",
        {
            "version": str(Thing.objects.get().version),
            "has_lines": "1",
            "line-0-id": str(first.pk),
            "line-0-label": "FIRST",
            "line-0-amount": "many",
        },
    )
    assert wrong.status_code == 422 and 'value="many"' in text_of(wrong)
    assert 'name="line-blank-label"' in text_of(client.get("/room/thing/new/"))  # what the script copies
    assert client.get("/room/thing/line/").status_code == 404  # nothing is offered for these lines


def test_files_come_with_the_form_and_follow_the_record(browser, world):
    client = browser("li_wei")
    picture = SimpleUploadedFile("note.txt", b"hello", "text/plain")
    refused = client.post("/room/thing/new/", {"name": "", "picture": picture})
    kept = StoredFile.objects.get()
    assert refused.status_code == 422 and hidden(text_of(refused), "picture__kept") == str(kept.pk)
    client.post("/room/thing/new/", {"name": "Box", "picture__kept": str(kept.pk)})
    thing = Thing.objects.get()
    assert thing.picture == kept
    kept.refresh_from_db()
    assert (kept.module, kept.record_id) == ("room.thing", thing.pk)
    answer = client.get(f"/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == b"hello"
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert browser("wang_fang").get(f"/files/{kept.pk}/").status_code == 404
    seen = browser("sales_manager").get(f"/files/{kept.pk}/")
    assert seen.status_code == 200 and b"".join(seen.streaming_content) == b"hello"


def test_duplicates_while_typing(browser, make_thing):
    make_thing("Box", owner="wang_fang")
    page = text_of(browser("li_wei").get("/room/thing/duplicates/?name=Box"))
    assert "A record you may not see" in page and "王芳" in page and "Box" not in page
    assert text_of(browser("li_wei").get("/room/thing/duplicates/?name=Nothing")).strip() == ""


def test_an_action_asks_then_acts_then_is_gone(boss, browser, make_thing):
    thing, client = make_thing("Box"), browser("general_manager")
    address = f"/room/thing/{thing.pk}/do/finish/"
    assert 'name="remark"' in text_of(client.get(address))
    assert client.post(address, {"remark": ""}).status_code == 422
    assert client.post(address, {"remark": "well"})["Location"] == f"/room/thing/{thing.pk}/"
    thing.refresh_from_db()
    assert thing.state == "done" and thing.notes == "well"
    assert client.post(address, {"remark": "again"}).status_code == 409
    assert address not in text_of(client.get(f"/room/thing/{thing.pk}/"))
    # A script's window gets the address to go to instead of a redirect.
    other = make_thing("Crate")
    answer = client.post(f"/room/thing/{other.pk}/do/finish/", {"remark": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer["HX-Redirect"] == f"/room/thing/{other.pk}/"


def test_get_never_acts(boss, browser, make_thing):
    thing, client = make_thing("Box"), browser("general_manager")
    for path in ("do/delete/", "do/finish/"):
        client.get(f"/room/thing/{thing.pk}/{path}")
    assert client.get("/room/thing/bulk/delete/").status_code == 405
    thing.refresh_from_db()
    assert thing.deleted_at is None and thing.state == "new"


def test_bin_restore_and_delete_for_good(boss, browser, make_thing):
    thing, client = make_thing("Box"), browser("general_manager")
    client.post(f"/room/thing/{thing.pk}/do/delete/")
    assert "Box" not in text_of(client.get("/room/thing/")) and "Box" in text_of(client.get("/room/thing/bin/"))
    client.post(f"/room/thing/{thing.pk}/do/restore/")
    thing.refresh_from_db()
    assert thing.deleted_at is None
    client.post(f"/room/thing/{thing.pk}/do/delete/")
    assert "This cannot be undone" in text_of(client.get(f"/room/thing/{thing.pk}/do/purge/"))
    assert Thing.objects.filter(pk=thing.pk).exists()


def test_history_tells_what_changed(browser, make_thing):
    thing, client = make_thing("Box", price="5"), browser("li_wei")
    client.post(f"/room/thing/{thing.pk}/edit/", {"version": "1", "price": "6"})
    page = text_of(client.get(f"/room/thing/{thing.pk}/history/"))
    assert "<del>¥5.00</del>" in page and "<ins>¥6.00</ins>" in page and "李伟" in page


def test_errors_say_little(browser, client, settings, monkeypatch):
    from guanxi.web import finding

    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(finding.search, "find", broken)
    person = browser("li_wei")
    person.raise_request_exception = False
    answer = person.get("/search/?q=x")
    assert answer.status_code == 500
    assert "secret" not in text_of(answer) and re.search(r"<code>.*[0-9a-f]{8}</code>", text_of(answer))


def test_a_window_to_choose_from_is_offered_to_who_sees_what_is_in_it(browser, world):
    window = 'data-gx-picker-url="/customers/customer/pick/"'
    assert window in text_of(browser("li_wei").get("/service/ticket/new/"))
    desk = browser("service")
    assert window not in text_of(desk.get("/service/ticket/new/"))
    assert desk.get("/customers/customer/pick/").status_code == 403
