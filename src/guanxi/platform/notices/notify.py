"""Telling people something, in their own language."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.outbox import post
from guanxi.platform.notices.mail import EMAIL
from guanxi.platform.notices.models import Notice
from guanxi.platform.people.models import Person
from guanxi.platform.prepared import Prepared

TITLE_LENGTH = 300


def notify(
    people: Iterable[Person],
    title: object,
    body: object = "",
    module: str = "",
    record_id: UUID | None = None,
    kind: str = "",
    email: bool = False,
    at: datetime | None = None,
) -> list[Notice]:
    """Tell each of the people once; those who may no longer log in are left out. Returns the notices.

    `title`, `body`: a Message or lazy translation (rendered in each person's language) or ready text; `module` and
    `record_id`: the record it is about; `kind`: what sort of notice, for filtering; `email`: also by e-mail to those
    who have an address, sent after the caller's transaction has committed; `at`: the moment, by default now.
    """
    moment = at or now()
    recipients = list({person.pk: person for person in people if person.is_active}.values())
    notices = [_notice(person, title, body, module, record_id, kind, moment) for person in recipients]
    with transaction.atomic():
        Notice.objects.bulk_create(notices)
        if email:
            _post_mails(recipients, notices, moment)
    return notices


_UNREAD = Prepared(lambda person: Notice.objects.filter(person=person, read_at=None, deleted_at=None))


def unread(person: Person) -> QuerySet[Notice]:
    """The person's unread notices, newest first."""
    return Notice.objects.filter(person=person, read_at=None, deleted_at=None).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    """How many notices the person has not read."""
    return _UNREAD.count(person=person.pk)


def mark_read(person: Person, at: datetime, ids: Iterable[UUID] | None = None) -> int:
    """Mark the person's unread notices (all, or those of the given ids; never somebody else's) as read; how many."""
    mine = Notice.objects.filter(person=person, read_at=None, deleted_at=None)
    return (mine if ids is None else mine.filter(pk__in=list(ids))).update(read_at=at)


def _notice(
    person: Person, title: object, body: object, module: str, record_id: UUID | None, kind: str, at: datetime
) -> Notice:
    with translation.override(person.language):
        return Notice(
            person=person,
            title=str(Message.of(title))[:TITLE_LENGTH],
            body=str(Message.of(body)),
            module=module,
            record_id=record_id,
            kind=kind,
            created_at=at,
            changed_at=at,
        )


def _post_mails(recipients: list[Person], notices: list[Notice], at: datetime) -> None:
    for person, notice in zip(recipients, notices, strict=True):
        if person.email:
            post(EMAIL, {"to": person.email, "subject": notice.title, "body": notice.body, "notice": notice.pk}, at)
