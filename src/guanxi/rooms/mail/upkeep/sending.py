"""Handing written mails over, one at a time, outside any transaction; what became of each is told (CRM-49, CRM-50)."""

from __future__ import annotations

from email.utils import formataddr, make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from guanxi.kernel.errors import Conflict, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import now
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import open_file
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.registry import Attempt, Later, sender
from guanxi.platform.notices.notify import notify
from guanxi.platform.outgoing import smtp
from guanxi.platform.outgoing.trusting import Unreachable
from guanxi.rooms.customers.public import may_contact
from guanxi.rooms.mail.actions import LETTER_KIND, note_sent
from guanxi.rooms.mail.models import Letter, LetterState, Mailbox, MailboxState, Purpose
from guanxi.rooms.mail.queries import others_of, unsubscribe_address
from guanxi.rooms.mail.upkeep.health import failed, server_of, went_well

LETTER = "mail.letter"
NOTICE = "mail.failed"
State = OutboxMessage.State


def hear(payload: dict[str, Any], attempt: Attempt) -> None:
    """Note on the mail how an attempt ended; what went to a customer is noted with him."""
    letter = Letter.objects.select_related("owner", "material", "customer", "contact", "mailbox").filter(
        pk=payload["letter"], state=LetterState.QUEUED
    ).first()  # fmt: skip
    if letter is None or attempt.state == State.WAITING:
        return
    rows = Letter.objects.filter(pk=letter.pk)
    if attempt.state == State.FAILED:
        rows.update(error=attempt.error[:500])
        return
    if attempt.state == State.PARKED:
        rows.update(state=LetterState.FAILED, error=attempt.error[:500], changed_at=attempt.at)
        if letter.owner is not None:
            title = Message("The mail “%(subject)s” was not sent", subject=letter.subject)
            notify([letter.owner], title, attempt.error, LETTER, letter.pk, NOTICE, at=attempt.at)
        return
    note_sent(letter, attempt.at)


@sender(LETTER_KIND, told=hear)
def deliver(payload: dict[str, Any]) -> None:
    """Send one mail. Raises Conflict (for good) when it may not go any more, Later while its mailbox is left in peace,
    Unreachable when this attempt failed."""
    found = Letter.objects.select_related("mailbox", "contact__customer", "material__file", "file", "answers", "owner")
    letter = found.filter(pk=payload["letter"], deleted_at=None, state=LetterState.QUEUED).first()
    if letter is None:
        raise NotFound
    at, box = now(), letter.mailbox
    if letter.contact is not None and letter.purpose != Purpose.CONTRACT:
        # Between asking and sending somebody may have ended it.
        decision = may_contact(letter.contact, "email", letter.purpose, at)
        if not decision.allowed:
            raise Conflict(decision.blocking[0].message)
    if box is not None and (box.state != MailboxState.ACTIVE or box.deleted_at is not None):
        raise Conflict(Message("The mailbox is not connected any more."))
    if box is not None and box.paused_until is not None and box.paused_until > at:
        raise Later(box.paused_until)
    mail = message_of(letter)
    Letter.objects.filter(pk=letter.pk).update(message_id=mail.extra_headers["Message-ID"])
    if box is None:
        mail.send()
        return
    built: Any = mail.message()  # Django's own kind of message, which ends its lines as it is told
    content = built.as_bytes(linesep="\r\n")
    try:
        smtp.hand_over(server_of(box, "smtp"), box.address, mail.recipients(), content)
    except (Unreachable, Conflict) as problem:
        text = problem.message.plain if isinstance(problem, Conflict) else str(problem)
        failed(box, at, text)
        raise
    went_well(box, at)


def message_of(letter: Letter) -> EmailMessage:
    """The mail as it goes out; the library refuses whatever would begin another header."""
    box = letter.mailbox
    address = box.address if box is not None else settings.DEFAULT_FROM_EMAIL
    name = (box.sender_name if box is not None else "") or (letter.owner.name if letter.owner else "")
    headers = {"Message-ID": make_msgid(domain=address.rpartition("@")[2].strip(">") or "guanxi.invalid")}
    body = letter.body + (f"\n\n-- \n{box.signature}" if box is not None and box.signature else "")
    if letter.answers is not None and letter.answers.message_id:
        headers |= {"In-Reply-To": letter.answers.message_id, "References": letter.answers.message_id}
    if letter.contact is not None and letter.purpose != Purpose.CONTRACT:
        link = unsubscribe_address(letter.contact, letter.purpose)
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        body += f"\n\n{Message('If you do not want to receive such mails any more: %(address)s', address=link)}"
    own = letter.owner.email if box is None and letter.owner is not None else ""
    mail = EmailMessage(
        subject=letter.subject, body=body, from_email=formataddr((name, address)) if "<" not in address else address,
        to=[letter.to_address], cc=others_of(letter.cc, "cc"), bcc=others_of(letter.bcc, "bcc"),
        reply_to=[own] if own else None, headers=headers,
    )  # fmt: skip
    for stored in _files(letter):
        with open_file(stored) as file:
            mail.attach(stored.name, file.read(), stored.content_type)
    return mail


def _files(letter: Letter) -> list[StoredFile]:
    own = [letter.file, letter.material.file if letter.material is not None else None]
    more = [row.file for row in letter.enclosures.select_related("file").order_by("created_at", "pk")]
    return [stored for stored in (*own, *more) if stored is not None]


def knock(box: Mailbox) -> None:
    """Whether the outgoing server lets us in."""
    smtp.knock(server_of(box, "smtp"))
