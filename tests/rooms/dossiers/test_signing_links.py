"""The customer signs by a link: once, in time, what was shown, and from there nothing else is reached (ARC-22)."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from guanxi.platform import calendar
from guanxi.platform.access.tokens import digest_of
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.files.storage import open_file, store
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import EDIT
from guanxi.rooms.dossiers.actions import (
    ASK_SIGNATURE,
    FILE_DOCUMENT,
    NOTE_CUSTOMER_SIGNATURE,
    REVOKE_LINK,
    SIGN_BY_LINK,
    SUBMIT_DOCUMENT,
    TAKE_BACK,
)
from guanxi.rooms.dossiers.models import Document, SigningLink
from guanxi.rooms.dossiers.pages.signing import strokes_of
from tests.digest import digest
from tests.paper import texts_of
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, page_of

Make = Callable[..., Document]
LINK = "dossiers.signinglink"
STROKES = json.dumps([[[10, 20], [40, 60], [80, 30]], [[100, 100]]])
GIVEN = {"name": "王建国", "is_read": "1", "strokes": STROKES}
CANARIES = {"phone": "023-68990011", "credit_code": "91500103MA5U0000XK", "remarks": "欠款惯犯"}


def ask(world: World, document: Document, who: str = "li_wei") -> str:
    """Hand out a link; returns its address."""
    ctx = world.ctx(who)
    run(ASK_SIGNATURE, ctx, DOCUMENT, document, {"signer": "王建国"})
    return ctx.told[-1].secret.partition("8000")[2] or "/sign/" + ctx.told[-1].secret.split("/sign/")[1]


@pytest.fixture
def to_sign(world: World, paper: Make, sign: Make) -> Make:
    """A document that waits for the customer's signature only."""
    return lambda **values: sign(paper(**{"content": "甲方于每月25日前付清。", **values}), "customer")


@pytest.fixture
def address(world: World, to_sign: Make) -> str:
    return ask(world, to_sign())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime.timedelta], None]:
    """Moves the clock of the pages on."""
    began = calendar.now()

    def on(by: datetime.timedelta) -> None:
        for module in ("guanxi.rooms.dossiers.pages.signing", "guanxi.platform.people.throttle"):
            monkeypatch.setattr(f"{module}.now", lambda: began + by)

    return on


@pytest.mark.clause("ARC-22")
def test_the_customer_signs_and_the_document_is_filed(world: World, address: str) -> None:
    document = Document.objects.get()
    stranger = Client()
    shown = stranger.get(address).content.decode()
    assert document.title in shown and "甲方于每月25日前付清。" in shown
    with pytest.raises(Refused):
        run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, document)
    answer = stranger.post(address, GIVEN, headers={"User-Agent": "Phone/1"}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 200 and "谢谢" in answer.content.decode()
    document.refresh_from_db()
    link = SigningLink.objects.get()
    assert (document.customer_signer, document.customer_signed_on) == ("王建国", calendar.today())
    assert (link.state, link.signed_name, link.signed_from, link.signed_with) == (
        "used", "王建国", "203.0.113.9", "Phone/1",
    )  # fmt: skip
    assert document.customer_page is not None
    with open_file(document.customer_page) as file:
        told = texts_of(file.read())
    for text in (document.title, "王建国", "203.0.113.9", link.fingerprint, "甲方于每月25日前付清。"):
        assert text in told, text
    entry = AuditEntry.objects.filter(module=LINK, action="sign_by_link").get()
    assert (entry.source, entry.address, entry.token_name) == ("system", "203.0.113.9", "签字链接 · 王建国")
    assert Notice.objects.filter(person=world["li_wei"], kind="signature").exists()
    run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, document)
    assert document.customer_page.record_id == document.pk  # who sees the document sees the page


@pytest.mark.clause("ARC-22")
def test_of_the_secret_only_a_digest_is_kept(world: World, address: str) -> None:
    secret = address.split("/")[2]
    assert len(secret) >= 43 and SigningLink.objects.get().digest == digest_of(secret)
    kept = f"{list(AuditEntry.objects.values_list('changes'))}{list(Disclosure.objects.values_list('detail'))}"
    assert secret not in kept and digest_of(secret) not in kept
    client = Client()
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")
    link = SigningLink.objects.get()
    for page in (f"signinglink/{link.pk}/", "signinglink/", f"document/{link.document_id}/"):
        answer = client.get(f"/dossiers/{page}")
        told = answer.content.decode()
        assert answer.status_code == 200 and secret not in told and link.digest not in told


@pytest.mark.clause("ARC-22")
def test_a_link_serves_once(world: World, address: str) -> None:
    stranger = Client()
    assert stranger.post(address, GIVEN).status_code == 200
    before = digest()
    assert stranger.get(address).status_code == stranger.post(address, GIVEN).status_code == 410
    assert stranger.get(f"{address}file/").status_code == 410
    assert digest() == before


@pytest.mark.clause("ARC-22")
def test_a_link_expires_after_seven_days(
    world: World, address: str, clock: Callable[[datetime.timedelta], None]
) -> None:
    link = SigningLink.objects.get()
    assert link.expires_at == world.now + datetime.timedelta(days=7)
    late = link.expires_at - calendar.now()
    clock(late - datetime.timedelta(seconds=1))
    assert Client().get(address).status_code == 200
    clock(late)
    before = digest()
    assert Client().get(address).status_code == Client().post(address, GIVEN).status_code == 410
    assert digest() == before


@pytest.mark.clause("ARC-22")
@pytest.mark.parametrize("spoilt", ["revoked", "replaced", "taken_back", "noted", "deleted", "changed"])
def test_a_link_that_was_taken_back_leads_nowhere(world: World, address: str, spoilt: str) -> None:
    document, link, ctx = Document.objects.get(), SigningLink.objects.get(), world.ctx("li_wei")
    if spoilt == "revoked":
        run(REVOKE_LINK, ctx, LINK, link)
    elif spoilt == "replaced":
        ask(world, document)
    elif spoilt == "taken_back":
        run(TAKE_BACK, ctx, DOCUMENT, document)
        run(SUBMIT_DOCUMENT, ctx, DOCUMENT, document, {"is_true": True})
    elif spoilt == "noted":
        given = {"customer_signer": "王", "customer_signed_on": ctx.today, "customer_page": page_of(world)}
        run(NOTE_CUSTOMER_SIGNATURE, ctx, DOCUMENT, document, given)
    elif spoilt == "deleted":
        Document.objects.filter(pk=document.pk).update(deleted_at=world.now)
    else:
        Document.objects.filter(pk=document.pk).update(content="甲方于每月5日前付清。")
    before = digest()
    assert Client().get(address).status_code == Client().post(address, GIVEN).status_code == 410
    assert digest() == before


@pytest.mark.clause("ARC-22")
def test_whatever_is_wrong_the_answer_is_the_same(world: World, address: str) -> None:
    secret = address.split("/")[2]
    told = set()
    other_end = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for wrong in ("none", other_end, secret + "A", secret.upper(), "gx_" + "A" * 43):
        answer = Client().get(f"/sign/{wrong}/")
        assert answer.status_code == 410
        told.add(re.sub(r'value="[^"]*"', "", answer.content.decode()))
    SigningLink.objects.update(state="revoked")
    told.add(re.sub(r'value="[^"]*"', "", Client().get(address).content.decode()))
    assert len(told) == 1


@pytest.mark.clause("ARC-22")
@pytest.mark.parametrize(
    "wrong",
    [
        {"is_read": ""}, {"name": ""}, {"name": "王"}, {"strokes": "{}x"}, {"strokes": "[[[1]]]"},
        {"strokes": "[[[1, 99999]]]"}, {"strokes": '[["a"]]'}, {"strokes": "7"}, {"strokes": "[[]]"},
        {"strokes": json.dumps([[[1, 1]]] * 81)}, {"strokes": "[" * 5000}, {"strokes": "[[[Infinity, 1]]]"},
    ],
)  # fmt: skip
def test_nobody_signs_without_name_and_confirmation_or_with_a_drawing_that_is_none(
    world: World, address: str, wrong: dict[str, str]
) -> None:
    before = digest()
    answer = Client().post(address, {**GIVEN, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert digest() == before


def test_a_drawing_is_read_as_whole_points_within_the_field() -> None:
    assert strokes_of("") == []
    assert strokes_of(STROKES) == [[(10, 20), (40, 60), (80, 30)], [(100, 100)]]


@pytest.mark.clause("ARC-22")
def test_who_tries_links_has_to_wait(world: World, address: str) -> None:
    statuses = [Client().get(f"/sign/wrong{n}/", REMOTE_ADDR="203.0.113.5").status_code for n in range(22)]
    assert statuses[:20] == [410] * 20 and statuses[-1] == 429
    assert Client().get(address, REMOTE_ADDR="203.0.113.5").status_code == 429
    assert Client().get(address, REMOTE_ADDR="203.0.113.6").status_code == 200  # nobody else is shut out


def test_a_link_that_is_opened_over_and_over_has_to_wait(world: World, address: str) -> None:
    statuses = [Client().get(address).status_code for _n in range(42)]
    assert statuses[:40] == [200] * 40 and statuses[-1] == 429


@pytest.mark.clause("ARC-22", "SEC-01")
def test_nothing_but_what_is_to_be_signed_is_told(world: World, to_sign: Make, customer_of: Any, paper: Make) -> None:
    customer = customer_of()
    type(customer).objects.filter(pk=customer.pk).update(**CANARIES)
    other = paper(customer=customer, title="另一份密件")
    file = store(b"%PDF-1.4 terms", "条款.pdf", world["li_wei"], world.now)
    document = to_sign(customer=customer, remarks="内部备注勿外传", file=file)
    address = ask(world, document)
    stranger = Client()
    answers = [stranger.get(address), stranger.post(address, {**GIVEN, "is_read": ""}), stranger.post(address, GIVEN)]
    for answer in answers:
        told = answer.content.decode() + str(answer.headers)
        secrets = [*CANARIES.values(), "内部备注勿外传", other.title, customer.number, world["li_wei"].name,
                   world["sales_manager"].name, str(document.pk), str(customer.pk)]  # fmt: skip
        for secret in secrets:
            assert secret not in told, secret
    assert "sessionid" not in stranger.cookies
    for page in ("/", f"/dossiers/document/{document.pk}/", f"/files/{file.pk}/", "/search/?q=王"):
        assert stranger.get(page).status_code == 302


def test_the_file_is_read_through_the_link_in_a_sandbox_and_on_record(world: World, to_sign: Make) -> None:
    file = store(b"%PDF-1.4 terms", "条款.pdf", world["li_wei"], world.now)
    address = ask(world, to_sign(file=file))
    answer = Client().get(f"{address}file/", REMOTE_ADDR="203.0.113.7")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 terms"  # type: ignore[attr-defined]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    note = Disclosure.objects.latest("id")
    assert (note.kind, note.module, note.address) == ("download", LINK, "203.0.113.7")
    assert Client().get(f"{ask(world, to_sign(title='无附件'))}file/").status_code == 410


@pytest.mark.clause("ARC-22")
def test_links_are_handed_out_by_the_handler_for_what_waits_for_a_customer(
    world: World, to_sign: Make, paper: Make, sign: Make
) -> None:
    document = to_sign()
    trend = sign(paper(customer=None, dossier_class="5", kind="trade_trend", title="动态"))
    signed = sign(paper())
    before = digest()
    for who in ("wang_fang", "clerk"):
        with pytest.raises((NotAllowed, NotFound)):
            run(ASK_SIGNATURE, world.ctx(who), DOCUMENT, document, {"signer": "王"})
    for nothing_to_sign in (trend, signed):
        with pytest.raises(Refused):
            run(ASK_SIGNATURE, world.ctx("li_wei"), DOCUMENT, nothing_to_sign, {"signer": "王"})
    assert digest() == before


@pytest.mark.clause("ARC-22")
def test_no_employee_signs_for_the_customer(world: World, address: str) -> None:
    link = SigningLink.objects.get()
    given = {"name": "王建国", "is_read": True, "page": page_of(world)}
    before = digest()
    for who in ("li_wei", "archivist", "general_manager"):
        with pytest.raises((NotAllowed, NotFound)):
            run(SIGN_BY_LINK, world.ctx(who), LINK, link, given)
    with pytest.raises((NotAllowed, Conflict)):
        run(EDIT, world.ctx("li_wei"), LINK, link, {"signer": "别人"})
    assert digest() == before


def test_both_languages(address: str) -> None:
    stranger = Client()
    assert "请您签署本资料" in stranger.get(address).content.decode()
    stranger.post("/language/", {"language": "en", "next": address})
    assert "You are asked to sign this document" in stranger.get(address).content.decode()
