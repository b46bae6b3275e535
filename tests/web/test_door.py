"""The door: second factors, passwords that others have seen, open sessions, forgotten passwords."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core import mail
from django.test import Client

from guanxi.kernel.errors import Invalid
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.outbox import deliver_due
from guanxi.platform.notices import passwords
from guanxi.platform.notices.models import Notice
from guanxi.platform.people import factors
from guanxi.platform.people.accounts import deactivate
from guanxi.platform.people.models import Person
from guanxi.platform.people.sign_in import Attempt, Factor, Session
from guanxi.platform.policy.values import set_value
from guanxi.records import registry
from guanxi.records.actions import run
from tests.digest import digest
from tests.people import NOW
from tests.web.conftest import text_of

pytestmark = pytest.mark.clause("SEC-04")

PASSWORD = "a short sentence is easy"
MINUTE = datetime.timedelta(minutes=1)
PERSON = "people.person"


@pytest.fixture
def li_wei(world):
    person = world["li_wei"]
    person.set_password(PASSWORD)
    person.email = "li.wei@example.cn"
    person.language = "en"
    person.save()
    return person


@pytest.fixture
def secret(li_wei):
    """Li Wei has an authenticator app with this secret; its last code was shown a minute ago."""
    made = factors.new_secret()
    factors.add_app(li_wei, made, factors.code_at(made, factors.step_at(NOW) - 1), NOW)
    return made


def code(secret, at=NOW):
    return factors.code_at(secret, factors.step_at(at))


def sign_in(password=PASSWORD, username="li_wei", client=None, **more):
    client = client or Client()
    return client, client.post("/login/", {"username": username, "password": password}, **more)


def act(world, actor, name, person, **data):
    ctx = world.ctx(actor).because("asked for")
    run(registry.entry(PERSON).actions[name], ctx, PERSON, person, data)
    return ctx


# ---- Second factors --------------------------------------------------------------------------------------------------


def test_rfc_6238_codes():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, expected in ((59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (2000000000, "279037")):
        assert factors.code_at(secret, second // 30) == expected


def test_with_an_app_the_password_alone_opens_nothing(secret):
    client, answer = sign_in()
    assert answer["Location"] == "/login/second/"
    assert client.get("/settings/").status_code == 302
    assert client.post("/login/second/", {"code": "000000"}).status_code == 422
    done = client.post("/login/second/", {"code": code(secret)})
    assert done.status_code == 302 and client.get("/settings/").status_code == 200
    # The same code again, somewhere else: it was used.
    other, _answer = sign_in()
    assert other.post("/login/second/", {"code": code(secret)}).status_code == 422
    with clock_at(NOW + MINUTE):
        assert other.post("/login/second/", {"code": code(secret, NOW + MINUTE)}).status_code == 302
    tried = AuditEntry.objects.filter(action__in=("sign_in", "second_factor")).order_by("id")
    assert [(each.action, each.outcome) for each in tried] == [
        ("second_factor", "refused"), ("sign_in", "done"), ("second_factor", "refused"), ("sign_in", "done"),
    ]  # fmt: skip


def test_five_wrong_codes_shut_the_second_step(secret):
    client, _answer = sign_in()
    statuses = [client.post("/login/second/", {"code": f"00000{n}"}).status_code for n in range(6)]
    assert statuses[-1] == 429
    assert client.post("/login/second/", {"code": code(secret)}).status_code == 429
    # Nor does another browser, or signing in anew, help the guesser.
    other, _answer = sign_in()
    assert other.post("/login/second/", {"code": code(secret)}).status_code == 429


def test_the_second_step_waits_ten_minutes_and_dies_with_the_password(secret, li_wei):
    late, _answer = sign_in()
    with clock_at(NOW + 11 * MINUTE):
        answer = late.post("/login/second/", {"code": code(secret, NOW + 11 * MINUTE)})
        assert answer["Location"] == "/login/" and late.get("/settings/").status_code == 302
    robbed, _answer = sign_in()
    li_wei.set_password("another sentence, also easy")
    li_wei.save()
    assert robbed.post("/login/second/", {"code": code(secret)})["Location"] == "/login/"


def test_the_secret_is_not_in_the_database_and_opens_under_its_owner_only(secret, li_wei, world):
    row = Factor.objects.get(person=li_wei)
    assert secret not in row.secret
    Factor.objects.filter(pk=row.pk).update(person=world["wang_fang"])
    with pytest.raises(ValueError, match="does not open"):
        factors.accept_code(world["wang_fang"], code(secret), NOW)


def test_a_recovery_code_opens_once_and_only_its_digest_is_kept(secret, li_wei):
    codes = factors.new_recovery_codes(li_wei, NOW)
    assert len(set(codes)) == 10
    assert not {each.replace("-", "") for each in codes} & set(li_wei.recovery_codes.values_list("digest", flat=True))
    client, _answer = sign_in()
    assert client.post("/login/second/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    other, _answer = sign_in()
    assert other.post("/login/second/", {"code": codes[0]}).status_code == 422
    factors.new_recovery_codes(li_wei, NOW)
    assert not factors.accept_code(li_wei, codes[1], NOW)


def test_setting_up_an_app_on_the_page_ends_other_sessions(li_wei, browser):
    here, elsewhere = browser("li_wei"), browser("li_wei")
    page = text_of(here.get("/settings/factors/app/"))
    secret = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    assert "data:image/svg+xml" in page
    assert here.post("/settings/factors/app/", {"code": "000000"}).status_code == 422
    assert not Factor.objects.exists()
    shown = text_of(here.post("/settings/factors/app/", {"code": code(secret)}))
    assert len(re.findall(r"<li><code>([a-z0-9-]{19})</code>", shown)) == 10
    assert here.get("/settings/").status_code == 200 and elsewhere.get("/settings/").status_code == 302
    assert Notice.objects.filter(person=li_wei, kind="security").exists()
    factor = Factor.objects.get()
    late = NOW + 11 * MINUTE
    with clock_at(late):
        assert here.post(f"/settings/factors/{factor.pk}/remove/").status_code == 401
        assert Factor.objects.exists()
    here.post(f"/settings/factors/{factor.pk}/remove/")
    assert not Factor.objects.exists() and not li_wei.recovery_codes.exists()


def test_nobody_takes_anothers_factor_away(secret, browser):
    other = browser("wang_fang")
    assert other.post(f"/settings/factors/{Factor.objects.get().pk}/remove/").status_code == 409
    assert Factor.objects.exists()


def test_the_security_administrator_resets_lost_factors_and_the_person_learns_of_it(secret, li_wei, world, browser):
    live = browser("li_wei")
    act(world, "security_admin", "reset_factors", li_wei)
    assert not Factor.objects.exists() and live.get("/settings/").status_code == 302
    assert "高安" in Notice.objects.get(person=li_wei, kind="security").title
    _client, answer = sign_in()
    assert answer["Location"] == "/"


def test_who_must_have_a_second_factor_is_led_to_it_when_the_grace_is_over(world, browser):
    with clock_at(NOW + datetime.timedelta(days=6)):
        client, answer = _signed_in_admin(world)
        assert client.get("/people/person/").status_code == 200
        assert "2026-11-28" in text_of(client.get("/settings/factors/"))
    with clock_at(NOW + datetime.timedelta(days=7)):
        client, answer = _signed_in_admin(world)
        for path in ("/", "/people/person/", "/settings/", "/search/?q=x"):
            assert client.get(path)["Location"] == "/settings/factors/"
        answer = client.get("/people/person/", headers={"HX-Request": "true"})
        assert answer.status_code == 204 and answer["HX-Redirect"] == "/settings/factors/"
        before = digest()
        assert client.post("/people/person/new/", {"name": "x", "username": "x"}).status_code == 302
        assert digest() == before
        assert client.get("/settings/factors/").status_code == 200
        page = text_of(client.get("/settings/factors/app/"))
        secret = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
        now = NOW + datetime.timedelta(days=7)
        assert client.post("/settings/factors/app/", {"code": code(secret, now)}).status_code == 200
        assert client.get("/people/person/").status_code == 200
        # An account manager is not asked.
        assert browser("li_wei").get("/people/person/").status_code == 200


def _signed_in_admin(world):
    person = world["system_admin"]
    PersonRole.objects.filter(person=person).update(created_at=NOW)
    person.set_password(PASSWORD)
    person.language = "en"
    person.save()
    return sign_in(username="system_admin")


def test_which_roles_must_is_a_parameter(world):
    from guanxi.platform.people.policies import SECOND_FACTOR_ROLES
    from guanxi.web.duties import factor_due

    today = NOW.date()
    PersonRole.objects.filter(person=world["finance"]).update(created_at=NOW - datetime.timedelta(days=90))
    assert factor_due(world["finance"], today) == today - datetime.timedelta(days=83)
    assert factor_due(world["li_wei"], today) is None
    set_value(SECOND_FACTOR_ROLES, "account_manager，none", today, None, "pilot", NOW)
    assert factor_due(world["finance"], today) is None
    # Whoever held the role before has the grace from the day of the change on.
    PersonRole.objects.filter(person=world["li_wei"]).update(created_at=NOW - datetime.timedelta(days=90))
    assert factor_due(world["li_wei"], today) == today + datetime.timedelta(days=7)


# ---- Passwords that others have seen ---------------------------------------------------------------------------------


def test_a_temporary_password_lets_one_change_it_and_nothing_else(world, li_wei):
    ctx = act(world, "system_admin", "reset_password", li_wei)
    temporary = ctx.told[0].secret
    client, _answer = sign_in(temporary)
    for path in ("/", "/customers/customer/", "/settings/", "/settings/factors/app/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/settings/password/")
    assert "an administrator has seen" in text_of(client.get("/settings/password/"))
    new = {"old": temporary, "password": PASSWORD, "again": PASSWORD}
    for wrong in (
        {"old": "no"},
        {"again": "other"},
        {"password": temporary, "again": temporary},
        {"password": "short"},
    ):
        assert client.post("/settings/password/", {**new, **wrong}).status_code == 422
    assert Person.objects.get(pk=li_wei.pk).must_change_password
    assert client.post("/settings/password/", new)["Location"] == "/"
    assert client.get("/settings/").status_code == 200
    assert not Person.objects.get(pk=li_wei.pk).must_change_password
    assert "杨工" in Notice.objects.get(person=li_wei, kind="security").title


# ---- Sessions --------------------------------------------------------------------------------------------------------


def test_a_session_ends_idle_and_in_any_case_after_twelve_hours(li_wei):
    client, _answer = sign_in()
    at = NOW
    for _step in range(26):
        at += 28 * MINUTE
        with clock_at(at):
            alive = client.get("/settings/").status_code == 200
            assert alive == (at - NOW < datetime.timedelta(hours=12))
    client, _answer = sign_in()
    with clock_at(NOW + 31 * MINUTE):
        assert client.get("/settings/").status_code == 302


def test_sessions_are_listed_and_ended_one_by_one_or_all(li_wei, world):
    here, _answer = sign_in(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})
    phone, _answer = sign_in(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"})
    third, _answer = sign_in()
    page = text_of(here.get("/settings/"))
    assert "Chrome · Windows" in page and "WeChat · Android" in page and "Unknown browser" in page
    for row in Session.objects.all():
        assert row.session_key not in page
    found = re.search(r"WeChat · Android.*?name=\"session\" value=\"([0-9a-f]{32})\"", page, re.S)[1]
    stranger, _answer = sign_in(client=Client())
    stranger.force_login(world["wang_fang"], backend="django.contrib.auth.backends.ModelBackend")
    stranger.post("/settings/sessions/end/", {"session": found})
    assert phone.get("/settings/").status_code == 200
    here.post("/settings/sessions/end/", {"session": found})
    assert phone.get("/settings/").status_code == 302 and third.get("/settings/").status_code == 200
    here.post("/settings/sessions/end/", {"session": "others"})
    assert third.get("/settings/").status_code == 302 and here.get("/settings/").status_code == 200


@pytest.mark.parametrize("name", ["end_sessions", "reset_factors", "give_role", "reset_password", "deactivate"])
def test_what_changes_a_persons_access_ends_every_session(world, browser, name):
    clients = [browser("clerk"), browser("clerk")]
    assert all(client.get("/settings/").status_code == 200 for client in clients)
    actor = "security_admin" if name in ("end_sessions", "reset_factors", "give_role") else "system_admin"
    data = {"role": Role.objects.get(code="finance")} if name == "give_role" else {}
    act(world, actor, name, world["clerk"], **data)
    assert all(client.get("/settings/").status_code == 302 for client in clients)
    assert not Session.objects.filter(person=world["clerk"]).exists()


def test_every_step_up_gets_a_new_key(secret, li_wei):
    client = Client()
    client.get("/login/")
    client, _answer = sign_in(client=client)
    pending = client.cookies["guanxi_session"].value
    client.post("/login/second/", {"code": code(secret)})
    signed_in = client.cookies["guanxi_session"].value
    client.post("/confirm/", {"gx-confirm-password": PASSWORD})
    confirmed = client.cookies["guanxi_session"].value
    new = "another sentence, also easy"
    client.post("/settings/password/", {"old": PASSWORD, "password": new, "again": new})
    changed = client.cookies["guanxi_session"].value
    assert len({pending, signed_in, confirmed, changed}) == 4
    assert list(Session.objects.filter(person=li_wei).values_list("pk", flat=True)) == [changed]


def test_one_is_told_of_failures_under_ones_name(li_wei):
    sign_in()
    with clock_at(NOW + MINUTE):
        sign_in("wrong")
        sign_in("wrong again")
        client, _answer = sign_in()
        first = text_of(client.get("/settings/"))
        assert "2 attempts to sign in under your name have failed" in first and "2 failed attempts since then" in first
        assert "2026-11-21 10:24" in first


def test_logging_out_clears_what_the_browser_stored(browser):
    answer = browser("li_wei").post("/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert AuditEntry.objects.filter(action="sign_out").exists()


# ---- Guessing --------------------------------------------------------------------------------------------------------


def test_nothing_is_hashed_while_the_door_is_shut(li_wei, monkeypatch):
    for _try in range(5):
        sign_in("wrong")
    monkeypatch.setattr(Person, "check_password", lambda *given: pytest.fail("compared"))
    assert sign_in()[1].status_code == 429
    assert sign_in()[1].headers["Retry-After"] == "900"


def test_a_guesser_elsewhere_does_not_shut_the_owner_out(li_wei):
    for number in range(30):
        sign_in("wrong", headers={}, REMOTE_ADDR=f"198.51.100.{number}")
    with clock_at(NOW + 61 * datetime.timedelta(seconds=1)):
        assert sign_in(REMOTE_ADDR="203.0.113.5")[1].status_code == 302


def test_an_address_that_tries_many_names_waits_ever_longer(li_wei, settings):
    waits = []
    at = NOW
    for number in range(26):
        with clock_at(at):
            answer = sign_in("wrong", username=f"nobody{number}", REMOTE_ADDR="198.51.100.7")[1]
        wait = int(answer.headers.get("Retry-After", 0))
        waits.append(wait)
        at += datetime.timedelta(seconds=wait)
    assert waits[:19] == [0] * 19 and waits[19:] == sorted(waits[19:]) and waits[-1] > 60
    assert not Attempt.objects.filter(key__contains="nobody").exists()


@pytest.mark.parametrize("header", ["1.2.3.4", "1.2.3.4, 10.0.0.1", "10.0.0.9", "junk", "1.2.3.4, junk"])
def test_the_address_is_the_sockets_unless_a_proxy_is_ours(li_wei, settings, header):
    sign_in("wrong", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=header)
    assert AuditEntry.objects.latest("id").address == "203.0.113.9"
    settings.TRUSTED_PROXIES = ["203.0.113.0/24", "10.0.0.0/8"]
    sign_in("wrong", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=header)
    expected = {"10.0.0.9": "10.0.0.9", "junk": "203.0.113.9", "1.2.3.4, junk": "203.0.113.9"}.get(header, "1.2.3.4")
    assert AuditEntry.objects.latest("id").address == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example",
        "%2F%2Fevil.example", "https:/evil.example", "ftp://evil.example", " //evil.example", "/%09/evil.example//",
        "http://testserver@evil.example", "http://evil.example#@testserver", "//[::1]", "/\n/evil.example",
        "vbscript:x",
        "https://testserver.evil.example", "//evil.example/%2f..", "\x00//evil.example", "blob:x",
        "/..//evil.example",
    ],
)  # fmt: skip
def test_the_way_on_stays_in_the_house(li_wei, target):
    client = Client()
    answer = client.post("/login/", {"username": "li_wei", "password": PASSWORD, "next": target})
    where = answer["Location"]
    assert where.startswith("/") and not where.startswith(("//", "/\\", "/\t", "/\n"))


# ---- Forgotten passwords ---------------------------------------------------------------------------------------------


def ask(name, **more):
    answer = Client().post("/login/forgotten/", {"name": name}, **more)
    deliver_due(NOW)
    return answer


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(li_wei, browser, settings):
    settings.BASE_URL = "https://crm.example.cn"
    live = browser("li_wei")
    ask("li_wei")
    link = re.search(r"https://crm\.example\.cn(/login/new/\S+)", mail.outbox[-1].body)[1]
    assert mail.outbox[-1].to == ["li.wei@example.cn"]
    client = Client()
    assert client.get(link).status_code == 200
    new = "another sentence, also easy"
    assert client.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert client.post(link, {"password": new, "again": new})["Location"] == "/login/"
    assert live.get("/settings/").status_code == 302
    assert client.get(link).status_code == 410 and client.post(link, {"password": new, "again": new}).status_code == 410
    assert sign_in(new)[1].status_code == 302
    assert Notice.objects.filter(person=li_wei, kind="security").exists()


def test_the_link_is_nowhere_but_in_the_mail_and_ends_by_itself(li_wei):
    ask("li_wei")
    link = re.search(r"(/login/new/\S+)", mail.outbox[-1].body)[1]
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(list(OutboxMessage.objects.values()))
    with clock_at(NOW + 31 * MINUTE):
        assert Client().get(link).status_code == 410
    assert Client().get(link).status_code == 200
    Person.objects.filter(pk=li_wei.pk).update(email="other@example.cn")
    assert Client().get(link).status_code == 410
    Person.objects.filter(pk=li_wei.pk).update(email="li.wei@example.cn")
    assert (
        Client().get(link.replace(str(li_wei.pk), str(Person.objects.exclude(pk=li_wei.pk)[0].pk))).status_code == 410
    )
    deactivate(li_wei)
    assert Client().get(link).status_code == 410


def test_the_answer_is_the_same_for_everybody(li_wei, world):
    known, unknown = ask("li_wei"), ask("nobody at all")
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert known.status_code == unknown.status_code == 200
    assert strip.sub("", text_of(known)) == strip.sub("", text_of(unknown))
    assert len(mail.outbox) == 1 and OutboxMessage.objects.count() == 2
    ask("LI.WEI@example.cn")
    assert len(mail.outbox) == 2
    Person.objects.filter(username="wang_fang").update(email="li.wei@example.cn")
    ask("li.wei@example.cn ")
    assert len(mail.outbox) == 2  # one address, two people: which of them is not known


def test_it_does_not_pass_by_the_second_factor(secret, li_wei):
    new = "another sentence, also easy"
    link = passwords.link_for(Person.objects.get(pk=li_wei.pk)).removeprefix("http://127.0.0.1:8000")
    Client().post(link, {"password": new, "again": new})
    assert sign_in(new)[1]["Location"] == "/login/second/"


EVIL = "evil.example"
HOSTS = (
    EVIL, f"{EVIL}:80", f"testserver@{EVIL}", f"testserver.{EVIL}", f"{EVIL}#testserver", f"{EVIL}/testserver", "",
    f"testserver:80@{EVIL}", f"[{EVIL}]", f"testserver,{EVIL}",
)  # fmt: skip
HEADERS = (
    "HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_X_FORWARDED_SERVER", "HTTP_FORWARDED", "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REWRITE_URL", "HTTP_ORIGIN", "HTTP_REFERER", "SERVER_NAME", "HTTP_X_FORWARDED_PROTO",
)  # fmt: skip
FORGED = [{"HTTP_HOST": host} for host in HOSTS] + [{name: EVIL} for name in HEADERS]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: "=".join(next(iter(forged.items()))))
def test_no_header_moves_the_link(li_wei, settings, forged):
    settings.BASE_URL = "https://crm.example.cn"
    ask("li_wei", **forged)
    for message in mail.outbox:
        assert EVIL not in message.body and "https://crm.example.cn/login/new/" in message.body


def test_mails_are_not_sent_by_the_dozen(li_wei):
    statuses = [ask("li_wei").status_code for _try in range(6)]
    assert statuses[:3] == [200, 200, 200] and statuses[-1] == 429 and len(mail.outbox) == 3


def test_a_code_of_nothing_is_refused(li_wei):
    with pytest.raises(Invalid):
        factors.add_app(li_wei, factors.new_secret(), "", NOW)
    assert not factors.accept_code(li_wei, "", NOW)
