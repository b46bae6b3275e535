import uuid
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message, set_translator
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.worker import drain
from guanxi.platform.notices.mail import send_email
from guanxi.platform.notices.models import Notice
from guanxi.platform.notices.notify import mark_read, notify, unread, unread_count
from guanxi.platform.people.models import Person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture
def li() -> Person:
    return Person.objects.create_user("li", name="李红", language="zh-hans", email="li@example.cn")


@pytest.fixture
def smith() -> Person:
    return Person.objects.create_user("smith", name="Smith", language="en")


def test_everybody_reads_it_in_his_own_language_once(li: Person, smith: Person) -> None:
    gone = Person.objects.create_user("gone", name="走了", is_active=False)
    record = uuid.uuid4()
    notify([li, smith, li, gone], gettext_lazy("Afrikaans"), module="customers.customer", record_id=record, at=AT)
    assert {(n.person, n.title, n.record_id, n.created_at) for n in Notice.objects.all()} == {
        (li, "南非荷兰语", record, AT),
        (smith, "Afrikaans", record, AT),
    }


def test_a_message_is_rendered_with_its_figures_under_each_language(li: Person, smith: Person) -> None:
    former = set_translator(lambda text: f"[{get_language()}] {text}")
    try:
        notify([li, smith], Message("%(count)s customers handed over", count=3), body=Message("Please look."), at=AT)
    finally:
        set_translator(former)
    assert {(n.title, n.body) for n in Notice.objects.all()} == {
        ("[zh-hans] 3 customers handed over", "[zh-hans] Please look."),
        ("[en] 3 customers handed over", "[en] Please look."),
    }


def test_reading_touches_only_ones_own_notices(li: Person, smith: Person) -> None:
    notify([li, smith], "a", at=AT)
    notify([li], "b", at=AT.replace(hour=2))
    theirs = unread(smith).get()
    assert [notice.title for notice in unread(li)] == ["b", "a"]
    assert mark_read(li, AT, ids=[theirs.pk]) == 0
    assert unread_count(smith) == 1
    assert mark_read(li, AT, ids=[unread(li).last().pk]) == 1
    assert (unread_count(li), unread(li).get().title) == (1, "b")
    assert mark_read(li, AT) == 1
    assert (unread_count(li), unread_count(smith)) == (0, 1)


def test_an_email_goes_to_those_with_an_address_after_the_commit(li: Person, smith: Person) -> None:
    notify([li, smith], "客户移交", body="请查收", email=True, at=AT)
    assert mail.outbox == []
    drain(AT)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body.splitlines()[0]) == (["li@example.cn"], "客户移交", "请查收")
    drain(AT)
    assert len(mail.outbox) == 1


def test_without_being_asked_and_after_a_rollback_no_email_goes_out(li: Person) -> None:
    notify([li], "a", at=AT)
    with pytest.raises(RuntimeError), transaction.atomic():
        notify([li], "b", email=True, at=AT)
        raise RuntimeError
    drain(AT)
    assert mail.outbox == []
    assert [notice.title for notice in Notice.objects.all()] == ["a"]


def test_nobody_writes_headers_through_the_subject() -> None:
    send_email({"to": "li@example.cn", "subject": "Hello\r\nBcc: spy@example.com\u2028x", "body": "t"})
    (sent,) = mail.outbox
    assert sent.subject == "Hello Bcc: spy@example.com x"
    assert sent.recipients() == ["li@example.cn"]
    assert sent.message()["Bcc"] is None


@pytest.mark.parametrize("address", ["li@example.cn\nBcc: spy@example.com", "a@b.cn, c@d.cn", "", "li"])
def test_an_address_that_is_none_parks_the_message(address: str, li: Person) -> None:
    with pytest.raises(Invalid):
        send_email({"to": address, "subject": "s", "body": "t"})
    li.email = address or " "
    notify([li], "a", email=True, at=AT)
    drain(AT)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().state == "parked"
