"""Mails are written, kept as drafts, filled from templates, sent, and stand where they belong (CRM-49 to CRM-52)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.files.storage import store
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.models import Consent, Customer
from guanxi.rooms.customers.public import Purpose as ConsentPurpose
from guanxi.rooms.mail.actions import ATTACH, CHOOSE_TEMPLATE, GIVE_TO_ALL, SEND_LETTER, install_templates
from guanxi.rooms.mail.models import Letter, Mailbox, Purpose, Template
from guanxi.rooms.mail.queries import unsubscribe_address
from tests.digest import digest
from tests.people import NOW, World
from tests.rooms.mail.conftest import LETTER, TEMPLATE, Post, draft, with_smtp, worker

CONSENT = "customers.consent"


def send(world: World, letter: Letter, owner: str = "li_wei", **options: Any) -> Letter:
    run(SEND_LETTER, world.ctx(owner), LETTER, letter.pk, **options)
    return Letter.objects.get(pk=letter.pk)


@pytest.mark.clause("CRM-50", "CRM-49")
def test_a_mail_to_a_contact_is_delivered_once_and_stands_with_contact_and_customer(
    world, client, customer, contact, post: Post
):
    box = with_smtp(world, post, sender_name="李伟 川兴酒业", signature="川兴酒业西南大区")
    letter = draft(world, addressee="contact", contact=contact, mailbox=box, cc="caigou@yuzhong.example.cn")
    assert (letter.state, letter.to_address, letter.customer) == ("draft", "zhou@yuzhong.example.cn", customer)
    assert send(world, letter).state == "queued"
    assert worker() == 1 and worker(timedelta(minutes=5)) == 0
    ((sender, recipients, sent),) = post.taken
    assert (sender, recipients) == (
        "liwei@chuanxing.example.cn", ["zhou@yuzhong.example.cn", "caigou@yuzhong.example.cn"]
    )  # fmt: skip
    body = sent.get_payload(decode=True).decode()
    assert "附上报价。" in body and body.rstrip().endswith("川兴酒业西南大区")
    letter.refresh_from_db()
    assert (letter.state, letter.happened_at, letter.error) == ("sent", NOW, "")
    assert letter.message_id == sent["Message-ID"]
    assert Customer.objects.get(pk=customer.pk).last_contact_on == timezone.localtime(NOW).date()

    client.force_login(world["li_wei"])
    for words in ("春节礼盒", "附上报价"):
        page = client.get("/mail/letter/", {"view": "sent", "q": words}).content.decode()
        assert "关于春节礼盒" in page and "周婷" in page, words
    assert "关于春节礼盒" not in client.get("/mail/letter/", {"view": "sent", "q": "对账单"}).content.decode()
    assert "关于春节礼盒" in client.get(f"/customers/customer/{customer.pk}/").content.decode()
    assert "关于春节礼盒" in client.get(f"/customers/customer/{customer.pk}/", {"tab": "mail"}).content.decode()


@pytest.mark.clause("CRM-50")
@pytest.mark.parametrize(("address", "subject", "what"), [
    ("", "关于春节礼盒", "no addressee"), ("zhou@yuzhong.example.cn", "  ", "no subject"),
])  # fmt: skip
def test_without_addressee_or_subject_nothing_is_sent(world, customer, address, subject, what):
    letter = draft(world, addressee="address", to_address=address, subject=subject)
    before = digest()
    with pytest.raises(Refused) as refused:
        send(world, letter)
    (reason,) = refused.value.decision.reasons
    assert reason.clause == "CRM-50" and what in str(reason.message) and reason.blocking
    assert digest() == before and worker() == 0 and not mail.outbox


@pytest.mark.clause("CRM-51")
def test_a_saved_draft_stays_here_and_can_be_opened_changed_and_sent_later(world, client, contact):
    client.force_login(world["li_wei"])
    answer = client.post("/mail/letter/new/", {
        "addressee": "contact", "contact": str(contact.pk), "subject": "初稿", "body": "待补充", "purpose": "contract",
        "owner": str(world["li_wei"].pk),
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:3000]
    letter = Letter.objects.get()
    assert letter.state == "draft" and worker(timedelta(days=1)) == 0 and not mail.outbox
    assert "初稿" in client.get("/mail/letter/", {"view": "drafts"}).content.decode()
    edit(world.ctx("li_wei"), LETTER, letter, subject="定稿")
    send(world, letter)
    assert worker() == 1 and [each.subject for each in mail.outbox] == ["定稿"]
    with pytest.raises(Conflict):
        edit(world.ctx("li_wei"), LETTER, Letter.objects.get(), subject="改")


@pytest.mark.clause("CRM-52")
def test_a_template_fills_the_mail_which_can_still_be_changed(world, contact):
    assert install_templates(NOW) == 4 and install_templates(NOW) == 0
    own = create(
        world.ctx("li_wei"),
        TEMPLATE,
        name="我的报价信",
        subject="{{company}}报价",
        body="{{name}}{{title}}：\n{{sender}}",
    )
    create(world.ctx("wang_fang"), TEMPLATE, name="王芳的", subject="x", body="y")
    assert set(world.ctx("li_wei").search(TEMPLATE).values_list("name", flat=True)) == {
        "我的报价信", "首次联系：寄送公司资料", "约定见面时间", "邀请参加推介会", "节日问候",
    }  # fmt: skip
    letter = draft(world, contact=contact, template=own, subject="", body="")
    assert (letter.subject, letter.body) == ("重庆渝中糖酒有限公司报价", "周婷Ms：\n李伟")
    edit(world.ctx("li_wei"), LETTER, letter, subject="春节报价")
    greeting = Template.objects.get(name="节日问候")
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.subject == "春节报价"
    run(CHOOSE_TEMPLATE, world.ctx("li_wei"), LETTER, letter, {"template": greeting})
    letter.refresh_from_db()
    assert letter.subject == "节日问候" and "周婷" in letter.body and "{{" not in letter.body


@pytest.mark.clause("CRM-52")
@pytest.mark.parametrize(
    "text", ["{{password}}", "{{{name}}}", "{{#name}}x{{/name}}", "{{> /etc/passwd}}", "{{name", "{{=<% %>=}}"]
)
def test_a_template_holds_known_names_and_nothing_else_of_the_language(world, text):
    with pytest.raises(Refused) as refused:
        create(world.ctx("li_wei"), TEMPLATE, name="x", subject="x", body=text)
    assert refused.value.decision.reasons[0].clause == "CRM-52"
    assert not Template.objects.exists()


def test_only_who_looks_after_templates_gives_one_to_everybody(world):
    own = create(world.ctx("li_wei"), TEMPLATE, name="我的", subject="x", body="y")
    with pytest.raises(NotAllowed):
        run(GIVE_TO_ALL, world.ctx("li_wei"), TEMPLATE, own)
    run(GIVE_TO_ALL, world.ctx("sales_manager"), TEMPLATE, own)
    assert world.ctx("zhang_min").get(TEMPLATE, own.pk).is_default


def test_purposes_are_those_of_consent():
    assert [*Purpose.choices] == [*ConsentPurpose.choices]


# ---- Consent ---------------------------------------------------------------------------------------------------------


def consent(world: World, contact: Any, statement: str = "given") -> None:
    create(world.ctx("li_wei"), CONSENT, contact=contact, statement=statement, channel="email", purpose="marketing",
           stated_at=NOW - timedelta(days=1))  # fmt: skip


@pytest.mark.clause("CRM-50")
def test_advertising_goes_to_who_consented_and_ends_by_the_link_in_it(world, client, contact):
    letter = draft(world, contact=contact, purpose="marketing")
    with pytest.raises(Refused, match="has not consented"):
        send(world, letter)
    consent(world, contact)
    send(world, letter)
    worker()
    (sent,) = mail.outbox
    link = unsubscribe_address(contact, "marketing")
    assert link in sent.body and sent.extra_headers["List-Unsubscribe"] == f"<{link}>"
    path = "/" + link.split("/", 3)[3]
    assert client.get(path).status_code == 200 and Consent.objects.count() == 1
    assert client.post(path).status_code == 200 and client.post(path).status_code == 200
    said = Consent.objects.get(statement="withdrawn")
    assert Consent.objects.count() == 2
    assert (said.contact, said.channel, said.purpose) == (contact, "email", "marketing")
    again = draft(world, contact=contact, purpose="marketing")
    before = digest()
    with pytest.raises(Refused, match="withdrawn"):
        send(world, again)
    assert digest() == before
    send(world, draft(world, contact=contact, purpose="contract"))
    assert worker() == 1 and "List-Unsubscribe" not in mail.outbox[-1].extra_headers


def test_who_ends_it_between_asking_and_sending_gets_nothing(world, contact):
    consent(world, contact)
    letter = draft(world, contact=contact, purpose="marketing")
    send(world, letter)
    said = {"contact": contact, "statement": "withdrawn", "channel": "email", "purpose": "marketing"}
    create(world.system, CONSENT, stated_at=NOW, **said)
    worker()
    letter.refresh_from_db()
    assert letter.state == "failed" and "withdrawn" in letter.error and not mail.outbox


@pytest.mark.parametrize("token", ["x", "WyJ4Il0:1abc:def", ""])
def test_a_link_that_we_never_gave_changes_nothing(world, client, contact, token):
    answer = client.post(f"/mail/off/{token or 'WyIi'}/")
    assert answer.status_code == 410 and not Consent.objects.exists()


def test_advertising_goes_to_no_copies_and_to_no_bare_address(world, contact):
    consent(world, contact)
    for given, words in (
        ({"contact": contact, "cc": "a@example.cn, b@example.cn"}, "2 others"),
        ({"addressee": "address", "to_address": "a@example.cn"}, "Nobody has consented"),
    ):
        with pytest.raises(Refused, match=words):
            send(world, draft(world, purpose="marketing", **given))


# ---- Going wrong -----------------------------------------------------------------------------------------------------


def test_what_the_server_refuses_is_told_and_can_be_sent_again(world, contact, post: Post):
    box = with_smtp(world, post)
    letter = draft(world, contact=contact, mailbox=box)
    send(world, letter)
    post.answer = "451 try later"
    worker()
    letter.refresh_from_db()
    assert letter.state == "queued" and "451" in letter.error
    box = Mailbox.objects.get()
    assert box.failures == 1 and box.paused_until == NOW + timedelta(seconds=30) and "451" in box.last_error
    post.answer = "554 no"
    worker(timedelta(minutes=1))
    letter.refresh_from_db()
    assert letter.state == "failed" and "554" in letter.error and not post.taken
    assert Notice.objects.filter(person=world["li_wei"], kind="mail.failed").count() == 1
    post.answer = ""
    Mailbox.objects.update(paused_until=None)
    send(world, letter)
    worker(timedelta(minutes=2))
    letter.refresh_from_db()
    assert letter.state == "sent" and len(post.taken) == 1 and Mailbox.objects.get().failures == 0


def test_a_wrong_password_is_not_tried_again_and_again(world, contact, post: Post):
    box = with_smtp(world, post, password="falsch")
    letter = draft(world, contact=contact, mailbox=box)
    send(world, letter)
    worker()
    letter.refresh_from_db()
    assert letter.state == "failed" and "535" in letter.error and "falsch" not in letter.error
    assert worker(timedelta(hours=1)) == 0


def test_nobody_sends_from_somebody_elses_mailbox(world, contact, post: Post):
    box = with_smtp(world, post)
    with pytest.raises(Invalid):
        draft(world, "wang_fang", mailbox=box, addressee="address", to_address="a@example.cn")
    letter = draft(world, "system_admin", mailbox=box, addressee="address", to_address="a@example.cn")
    with pytest.raises(Refused, match="somebody else's"):
        send(world, letter, "system_admin")
    assert not post.taken


def test_files_go_along_and_no_header_comes_from_what_was_entered(world, contact, post: Post):
    stored = store(b"%PDF-1.4 x", "报价单.pdf", world["li_wei"], NOW)
    more = store("型号,价格\n".encode(), "价格表.csv", world["li_wei"], NOW)
    box = with_smtp(world, post)
    letter = draft(world, contact=contact, mailbox=box, file=stored, subject="报价\r\nBcc: x@evil.example")
    run(ATTACH, world.ctx("li_wei"), LETTER, letter, {"file": more})
    send(world, letter)
    worker()
    ((_sender, recipients, sent),) = post.taken
    assert recipients == ["zhou@yuzhong.example.cn"] and sent["Bcc"] is None
    assert [part.get_filename() for part in sent.walk() if part.get_filename()] == ["报价单.pdf", "价格表.csv"]


@pytest.mark.parametrize("name", ["cc", "bcc"])
def test_copies_are_addresses(world, contact, name):
    with pytest.raises(Invalid) as refused:
        draft(world, contact=contact, **{name: "a@example.cn; nonsense"})
    assert name in refused.value.errors
    written = draft(world, contact=contact, **{name: "a@example.cn； b@example.cn"})
    assert getattr(written, name) == "a@example.cn, b@example.cn"


# ---- Who sees it -----------------------------------------------------------------------------------------------------


def test_a_mail_is_seen_with_its_customer_by_its_owner_always_and_alone_where_it_is_private(world, customer, contact):
    letter = draft(world, contact=contact)
    private = draft(world, contact=contact, is_private=True, subject="私事")
    assert world.ctx("sales_manager").get(LETTER, letter.pk)
    for other in ("sales_manager", "general_manager", "wang_fang"):
        with pytest.raises(NotFound):
            world.ctx(other).get(LETTER, private.pk)
    edit(world.ctx("sales_manager"), "customers.customer", customer, owner=world["wang_fang"])
    assert world.ctx("wang_fang").get(LETTER, letter.pk)
    assert world.ctx("li_wei").get(LETTER, letter.pk) and world.ctx("li_wei").get(LETTER, private.pk)
    with pytest.raises(NotFound):
        world.ctx("zhang_min").get(LETTER, letter.pk)


def test_the_form_begins_with_whom_one_came_from(world, client, customer, contact):
    client.force_login(world["li_wei"])
    page = client.get(f"/customers/contact/{contact.pk}/").content.decode()
    assert f"/mail/letter/new/?addressee=contact&amp;contact={contact.pk}" in page
    form = client.get("/mail/letter/new/", {"addressee": "contact", "contact": str(contact.pk)}).content.decode()
    assert "周婷" in form
    assert "addressee=customer" in client.get(f"/customers/customer/{customer.pk}/").content.decode()
