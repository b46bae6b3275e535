"""Nobody gets in without logging in, nobody sees more than his scope."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from guanxi.web.gate import is_public
from tests.web.conftest import text_of


def _views(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _views(entry)
        else:
            yield entry.callback


def test_only_these_pages_are_public():
    found = {f"{view.__module__}.{view.__name__}" for view in _views(get_resolver()) if is_public(view)}
    assert found == {
        "guanxi.api.door.enter",
        "guanxi.web.headers.policy_report",
        "guanxi.web.login.login",
        "guanxi.web.login.second",
        "guanxi.web.resetting.forgotten",
        "guanxi.web.resetting.renew",
        "guanxi.web.languages.switch",
        "guanxi.web.health.healthz",
        "guanxi.web.health.readyz",
        "guanxi.web.health.metrics",
        "guanxi.rooms.dossiers.pages.signing.sign",
        "guanxi.rooms.engagement.pages.feeding.feed",
        "guanxi.rooms.engagement.pages.dav.enter",
        "guanxi.rooms.engagement.pages.dav.well_known",
        "guanxi.rooms.dossiers.pages.signing.sign_file",
        "guanxi.rooms.mail.pages.unsubscribing.unsubscribe",
    }


@pytest.mark.parametrize("path", ["/room/thing/", "/search/", "/notices/", "/settings/", "/palette/", "/jobs/"])
def test_who_is_not_logged_in_is_led_to_the_login(db, path):
    answer = Client().get(f"{path}?q=1")
    assert answer.status_code == 302
    assert answer["Location"] == f"/login/?next={path.replace('/', '%2F')}%3Fq%3D1"


def test_sent_input_is_not_thrown_away_by_a_redirect(db):
    answer = Client().post("/room/thing/new/", {"name": "x"})
    assert answer.status_code == 403
    assert "登录已失效" in text_of(answer)


def test_a_list_holds_the_persons_own_scope_only(browser, make_thing):
    make_thing("Mine", "li_wei")
    hidden = make_thing("Hers", "wang_fang")
    mine = browser("li_wei")
    page = text_of(mine.get("/room/thing/"))
    assert "Mine" in page and "Hers" not in page
    assert mine.get(f"/room/thing/{hidden.pk}/").status_code == 404
    assert mine.get(f"/room/thing/{hidden.pk}/edit/").status_code == 404
    assert mine.get(f"/room/thing/{hidden.pk}/history/").status_code == 404
    assert mine.get(f"/room/thing/{hidden.pk}/field/price/").status_code == 404
    for path in ("/search/?q=Hers", "/palette/?q=Hers", "/room/thing/?q=Hers"):
        assert str(hidden.pk) not in text_of(mine.get(path))
        assert str(hidden.pk) in text_of(browser("wang_fang").get(path))
    assert "Hers" not in text_of(mine.get("/room/thing/pick/?q=Hers"))
    all_of_them = text_of(browser("sales_manager").get("/room/thing/"))
    assert "Mine" in all_of_them and "Hers" in all_of_them


def test_administrators_read_no_customer_data(browser, make_thing):
    make_thing("Mine")
    for username in ("system_admin", "security_admin", "audit_admin"):
        client = browser(username)
        assert client.get("/room/thing/").status_code == 403
        assert "Mine" not in text_of(client.get("/palette/?q=Mine"))


def test_unknown_types_and_records_are_not_found(browser, make_thing):
    client = browser("li_wei")
    assert client.get("/no/such/").status_code == 404
    assert client.get("/room/nothing/").status_code == 404
    assert client.get("/room/thing/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert client.get("/room/thing/not-a-uuid/").status_code == 404


def test_answers_are_not_kept_by_caches_and_carry_the_policy(browser, make_thing):
    answer = browser("li_wei").get("/room/thing/")
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    page = text_of(answer)
    assert " style=" not in page and " onclick=" not in page


def test_the_session_ends_with_the_epoch(browser, world):
    from guanxi.platform.people.accounts import deactivate, end_sessions

    client = browser("li_wei")
    assert client.get("/settings/").status_code == 200
    end_sessions([world["li_wei"].pk])
    assert client.get("/settings/").status_code == 302
    other = browser("wang_fang")
    deactivate(world["wang_fang"])
    assert other.get("/settings/").status_code == 302
