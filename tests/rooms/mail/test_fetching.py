"""What comes in: fetched once from where one stopped, filed to whom it concerns, harmless whatever stands in it."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta

import pytest

from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.platform.files.models import StoredFile
from guanxi.platform.jobs.models import Job
from guanxi.platform.notices.models import Notice
from guanxi.platform.outgoing import addresses, imap
from guanxi.records.actions import run
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.mail.actions import FILE_LETTER, SEND_LETTER, SET_PASSWORD, SWITCH_ON, TEST_MAILBOX
from guanxi.rooms.mail.models import Letter, Mailbox
from guanxi.rooms.mail.upkeep.fetching import fetch_all
from tests.digest import digest
from tests.people import NOW
from tests.rooms.mail.conftest import (
    LETTER,
    MAILBOX,
    Inbox,
    Post,
    draft,
    fetch,
    mailbox,
    with_imap,
    work,
    worker,
)


def mail(subject: str = "询价", sender: str = "zhou@yuzhong.example.cn", key: str = "1", more: str = "") -> bytes:
    return (
        f"Message-ID: <{key}@yuzhong.example.cn>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0800\r\nFrom: {sender}\r\n"
        f"To: liwei@chuanxing.example.cn\r\nSubject: =?utf-8?B?{b64encode(subject.encode()).decode()}?=\r\n{more}"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n请报春节礼盒的价格。\r\n"
    ).encode()


@pytest.mark.clause("CRM-49")
def test_a_mail_is_fetched_once_and_stands_with_who_wrote_it(world, client, customer, contact, inbox: Inbox):
    box = with_imap(world, inbox)
    inbox.put(mail())
    box = fetch(world, box)
    assert (box.last_success_at, box.failures, box.last_error) == (NOW, 0, "")
    letter = Letter.objects.get()
    assert (letter.state, letter.subject, letter.contact, letter.customer, letter.owner) == (
        "received", "询价", contact, customer, world["li_wei"]
    )  # fmt: skip
    assert letter.body == "请报春节礼盒的价格。"
    assert Notice.objects.filter(person=world["li_wei"], kind="mail.received").count() == 1
    # Once more, and the same mail a second time under another number.
    inbox.put(mail())
    assert fetch(world, box).last_number == 2 and Letter.objects.count() == 1
    inbox.put(mail("又询价", key="2"))
    fetch(world, box)
    assert Letter.objects.count() == 2
    client.force_login(world["li_wei"])
    assert "询价" in client.get(f"/customers/customer/{customer.pk}/").content.decode()
    assert Customer.objects.get(pk=customer.pk).last_contact_on is not None


def test_what_came_before_the_first_day_and_what_is_too_large_stays_there(world, contact, inbox: Inbox, monkeypatch):
    box = with_imap(world, inbox, since="2026-11-10")
    inbox.put(mail("旧信", key="old"), day=NOW - timedelta(days=30))
    inbox.put(mail("新信", key="new"))
    fetch(world, box)
    assert [letter.subject for letter in Letter.objects.all()] == ["新信"]
    monkeypatch.setattr("guanxi.rooms.mail.upkeep.fetching.MEGABYTE", 100)
    inbox.put(mail("大信", key="big", more=f"X-Filler: {'x' * 900}\r\n" * 3))
    fetch(world, box)
    assert Letter.objects.filter(message_id__contains="@too-large").count() == 1


def test_an_unknown_sender_stays_with_the_owner_who_files_it(world, customer, inbox: Inbox):
    box = with_imap(world, inbox)
    inbox.put(mail(sender="Fremder <x@elsewhere.example>"))
    fetch(world, box)
    letter = Letter.objects.get()
    assert letter.customer is None and letter.sender_name == "Fremder"
    assert world.ctx("li_wei").get(LETTER, letter.pk)
    with pytest.raises(NotFound):
        world.ctx("wang_fang").get(LETTER, letter.pk)
    run(FILE_LETTER, world.ctx("li_wei"), LETTER, letter, {"customer": customer})
    letter.refresh_from_db()
    assert letter.customer == customer


@pytest.mark.clause("CRM-49")
def test_an_answer_is_filed_with_the_mail_that_it_answers(world, customer, contact, inbox: Inbox, post: Post):
    box = with_imap(world, inbox, smtp_host="smtp.example.cn", smtp_port=post.port)
    asked = draft(world, contact=contact, mailbox=box)
    run(SEND_LETTER, world.ctx("li_wei"), LETTER, asked.pk)
    worker()
    asked.refresh_from_db()
    assert asked.state == "sent", asked.error
    inbox.put(mail("Re: 关于春节礼盒", "zhou.private@qq.example", more=f"In-Reply-To: {asked.message_id}\r\n"))
    fetch(world, box)
    answer = Letter.objects.get(state="received")
    assert (answer.answers, answer.customer, answer.contact) == (asked, customer, None)
    reply = create(world.ctx("li_wei"), LETTER, answers=answer, body="好的", confirmed=True)
    assert (reply.to_address, reply.subject, reply.customer) == (
        "zhou.private@qq.example",
        "Re: 关于春节礼盒",
        customer,
    )
    # Of somebody else's conversation nothing is learnt by guessing its id.
    other = with_imap(world, Inbox(inbox.port, f"{inbox.user}x"), owner="zhang_min", address="zm@chuanxing.example.cn")
    Inbox(inbox.port, f"{inbox.user}x").put(
        mail("Re: x", "y@elsewhere.example", "9", f"In-Reply-To: {asked.message_id}\r\n")
    )
    fetch(world, other, "zhang_min")
    assert Letter.objects.get(owner=world["zhang_min"]).customer is None


def test_hostile_mails_come_in_harmless_and_hold_nobody_up(world, client, contact, inbox: Inbox):
    box = with_imap(world, inbox)
    page = (
        "<html><body onload=alert(1)><script>alert(2)</script><p style='x'>您好</p><img src='http://t.example/p.gif'>"
        "<a href='javascript:alert(3)'>x</a><form action='http://t.example'><input></form></body></html>"
    )
    mixed = (
        "Message-ID: <h1@x>\r\nFrom: =?gb2312?B?{name}?= <zhou@yuzhong.example.cn>\r\nSubject: =?big5?B?{subject}?=\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n{page}\r\n--b\r\n"
        'Content-Type: application/x-msdownload; name="../../setup.exe"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAEAAAA\r\n--b\r\n"
        'Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMA\r\n--b\r\n'
        'Content-Type: text/csv; name="prices.csv"\r\n\r\na,b\r\n1,2\r\n--b--\r\n'
    ).format(
        name=b64encode("周婷".encode("gb2312")).decode(), subject=b64encode("詢價".encode("big5")).decode(),
        page=b64encode(page.encode("gb18030")).decode(),
    ).encode()  # fmt: skip
    deep = b"Message-ID: <h2@x>\r\nSubject: deep\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(2000)
    )
    broken = (
        b"Subject: =?utf-8?Q?=FF=FE?=\r\nMessage-ID: <h3@x>\r\nDate: never\r\nFrom: <<>>@\r\n"
        b"Content-Type: text/plain; charset=x\r\n\r\n\xff\xfe\x00\x01"
    )
    inbox.put(mixed, deep, broken, mail("好信", key="good"))
    box = fetch(world, box)
    assert box.last_error == "" and box.last_number == 4
    good = {letter.message_id: letter for letter in Letter.objects.all()}
    assert good["<good@yuzhong.example.cn>"].subject == "好信"
    hostile = good["<h1@x>"]
    assert (hostile.subject, hostile.sender_name, hostile.contact) == ("詢價", "周婷", contact)
    assert hostile.body == "您好\nx"
    for evil in ("script", "alert", "onload", "style", "img", "javascript", "form", "t.example"):
        assert evil not in hostile.page, evil
    files = {each.name: each for each in hostile.enclosures.all()}
    assert {name: each.file is not None for name, each in files.items()} == {
        "../../setup.exe": False, "a.pdf": False, "prices.csv": True,
    }  # fmt: skip
    assert files["../../setup.exe"].problem and files["a.pdf"].problem and not files["prices.csv"].problem
    assert StoredFile.objects.get().record_id == hostile.pk
    client.force_login(world["li_wei"])
    shown = client.get(f"/mail/letter/{hostile.pk}/formatted/")
    assert shown["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    given = client.get(f"/files/{StoredFile.objects.get().pk}/")
    assert given.status_code == 200 and b"".join(given.streaming_content).startswith(b"a,b")
    client.force_login(world["wang_fang"])
    assert client.get(f"/mail/letter/{hostile.pk}/formatted/").status_code == 404
    assert client.get(f"/files/{StoredFile.objects.get().pk}/").status_code == 404


# ---- Servers that do not do as they should ---------------------------------------------------------------------------


@pytest.fixture
def dripping() -> Iterator[int]:
    """A server that takes everybody in and then says a sign a second, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _address = server.accept()
        with connection:
            while not over.wait(0.1):
                try:
                    connection.sendall(b"*")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    over.set()
    server.close()
    thread.join(2)


def test_a_mailbox_that_hangs_is_left_in_peace_and_holds_no_other(
    world, contact, inbox: Inbox, dripping, open_network, monkeypatch
):
    open_network("slow.example.cn", dripping)
    monkeypatch.setattr(imap, "SECONDS", 0.5)
    monkeypatch.setattr(imap.inbox.__wrapped__, "__defaults__", (0.5,))
    slow = mailbox(world, imap_host="slow.example.cn", imap_port=dripping, name="慢")
    fine = with_imap(world, inbox, name="快")
    inbox.put(mail())
    fetch_all(NOW)
    assert Job.objects.filter(kind="mail.fetch").count() == 2
    fetch_all(NOW)
    assert Job.objects.filter(kind="mail.fetch").count() == 2  # not twice at a time
    begun = time.monotonic()
    work()
    assert time.monotonic() - begun < 10
    slow.refresh_from_db()
    fine.refresh_from_db()
    assert Letter.objects.count() == 1 and fine.last_success_at == NOW
    assert slow.failures == 1 and slow.last_error and slow.paused_until == NOW + timedelta(seconds=30)
    fetch_all(NOW + timedelta(seconds=10))
    assert Job.objects.filter(kind="mail.fetch", state="queued").count() == 1  # the fine one only


@pytest.mark.parametrize("host", ["elsewhere.example.cn", "127.0.0.1", "169.254.169.254", "localhost"])
def test_only_servers_that_the_operator_registered_are_spoken_to(world, settings, host):
    settings.OUTGOING = ["imap.example.cn:993"]
    before = digest()
    with pytest.raises(Invalid) as refused:
        create(world.ctx("li_wei"), MAILBOX, name="x", address="a@example.cn", imap_host=host)
    assert "imap_host" in refused.value.errors and digest() == before


def test_a_private_server_is_the_operators_decision(world, inbox: Inbox, settings, monkeypatch):
    box = with_imap(world, inbox)
    settings.OUTGOING_NETWORKS = []
    assert "does not lead to a public address" in fetch(world, box).last_error
    monkeypatch.setattr(addresses, "lookup", lambda host, port: [ipaddress.ip_address("93.184.216.34")])
    assert "choose TLS" in fetch(world, Mailbox.objects.get()).last_error


def test_the_password_is_sealed_shown_to_nobody_and_goes_to_no_other_server(world, client, inbox: Inbox, open_network):
    box = with_imap(world, inbox, password="geheim-9")
    (stored,) = Mailbox.objects.extra(select={"raw": "password"}).values_list("raw", flat=True)
    assert "geheim-9" not in str(stored)
    client.force_login(world["li_wei"])
    for path in ("", "edit/", "history/", "do/set_password/"):
        assert "geheim-9" not in client.get(f"/mail/mailbox/{box.pk}/{path}").content.decode()
    assert 'type="password"' in client.get(f"/mail/mailbox/{box.pk}/do/set_password/").content.decode()
    box = fetch(world, box)
    assert "refuses" in box.last_error and "geheim-9" not in box.last_error
    open_network("other.example.cn", 143)
    edit(world.ctx("li_wei"), MAILBOX, box, imap_host="other.example.cn", imap_port=143)
    box = Mailbox.objects.get()
    assert not box.password and box.state == "off"
    with pytest.raises(Refused, match="no password"):
        run(SWITCH_ON, world.ctx("li_wei"), MAILBOX, box)
    with pytest.raises(NotFound):
        run(SET_PASSWORD, world.ctx("wang_fang"), MAILBOX, box, {"password": "x"})


def test_the_connection_is_tested_by_a_job(world, inbox: Inbox, post: Post):
    box = with_imap(world, inbox, smtp_host="smtp.example.cn", smtp_port=post.port)
    run(TEST_MAILBOX, world.ctx("li_wei"), MAILBOX, box)
    assert Mailbox.objects.get().last_success_at is None
    work()
    assert Mailbox.objects.get().last_success_at == NOW and not post.taken
    run(SET_PASSWORD, world.ctx("li_wei"), MAILBOX, box, {"password": "falsch"})
    run(TEST_MAILBOX, world.ctx("li_wei"), MAILBOX, box)
    work()
    box = Mailbox.objects.get()
    assert "535" in box.last_error and box.failures == 1 and box.last_error_at == NOW
