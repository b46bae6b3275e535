"""What came in: taken in once, filed to whom it concerns."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.kernel.mime import Read
from guanxi.platform.audit import entries as audit
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.records import derived, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import ENTERED
from guanxi.rooms.customers.public import Contact, Customer, refresh_figures
from guanxi.rooms.mail.models import AddresseeKind, Direction, Enclosure, Letter, LetterState, Mailbox
from guanxi.rooms.mail.models.letters import ADDRESS, ID, SUBJECT
from guanxi.rooms.mail.queries import found_by_address
from guanxi.rooms.mail.rules import only_its_owner

LETTER = "mail.letter"
NOTICE = "mail.received"
ENTERED["receive"] = _("Received")


def digest_of(read: Read) -> str:
    """By what the same mail is known when it comes a second time: its id with all that it says."""
    told = [read.message_id, read.sender.casefold(), read.subject, str(read.sent_at or ""), read.text, read.page]
    told += [hashlib.sha256(each.content).hexdigest() for each in read.files]
    return hashlib.sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()


def take_in(
    ctx: Context, box: Mailbox, read: Read, digest: str, kept: list[tuple[str, StoredFile | None, str]]
) -> Letter:
    """Enter a mail that came into a mailbox and file it; `kept`: name, file, and why one was left out.

    `ctx` is the mailbox owner's, unbounded: nobody has a verb for entering what others wrote.
    """
    before = _before(box, read)
    whose = found_by_address(read.sender) if read.sender else None
    contact = whose.contact if whose else None
    customer = whose.customer if whose else None
    if customer is None and before is not None:
        customer = before.customer
    happened = read.sent_at if read.sent_at is not None and read.sent_at <= ctx.now else ctx.now
    made = {"created_at": ctx.now, "created_by": None, "changed_at": ctx.now, "changed_by": None}
    letter = Letter(
        direction=Direction.IN, state=LetterState.RECEIVED, mailbox=box, owner=box.owner, department=box.department,
        addressee=_kind(contact, customer), contact=contact, customer=customer, sender=read.sender[:ADDRESS],
        sender_name=read.sender_name, to_address=box.address, cc=", ".join(read.copies)[:1000],
        subject=read.subject[:SUBJECT], body=read.text, page=read.page, happened_at=max(happened, _EARLIEST),
        message_id=read.message_id[:ID], digest=digest, answers=before,
        error="; ".join(read.troubles)[:500], **made,
    )  # fmt: skip
    with transaction.atomic():
        letter.save(force_insert=True)
        for name, stored, problem in kept:
            if stored is not None:
                StoredFile.objects.filter(pk=stored.pk).update(module=LETTER, record_id=letter.pk)
            Enclosure.objects.create(letter=letter, name=name[:200], file=stored, problem=problem[:300], **made)
        derived.add(registry.entry(LETTER), [letter])
        audit.write([ctx.entry("receive", module=LETTER, record_id=letter.pk, record_label=str(letter)[:200])])
        if customer is not None:
            refresh_figures([customer.pk], ctx.today)
        if box.owner is not None:
            notify([box.owner], Message("Mail from %(sender)s", sender=read.sender_name or read.sender or "?"),
                   letter.subject, LETTER, letter.pk, NOTICE, at=ctx.now)  # fmt: skip
    return letter


_EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)


def _kind(contact: Contact | None, customer: Customer | None) -> AddresseeKind:
    if contact is not None:
        return AddresseeKind.CONTACT
    return AddresseeKind.CUSTOMER if customer is not None else AddresseeKind.ADDRESS


def _before(box: Mailbox, read: Read) -> Letter | None:
    """The mail that this one answers, among those that went through the same mailbox or are its owner's."""
    if not read.answers:
        return None
    mine = models.Q(mailbox=box) | models.Q(owner=box.owner)
    found = Letter.objects.filter(mine, message_id__in=read.answers, deleted_at=None)
    return found.select_related("customer").order_by("-happened_at").first()


def _perform_file(ctx: Context, letter: Letter, values: dict[str, Any]) -> None:
    contact, customer = values["contact"], values["customer"]
    letter.contact = contact
    letter.customer = contact.customer if contact is not None else customer
    letter.addressee = _kind(letter.contact, letter.customer)
    touched = [letter.customer.pk] if letter.customer is not None else []
    transaction.on_commit(lambda: refresh_figures(touched, ctx.today))


#: What nobody could be found for by the address is filed by hand, or taken out again: without a customer it is its
#: owner's alone.
FILE_LETTER = Action(
    name="file_letter", label=_("File to a customer"), icon="folder-plus",
    inputs=(
        asked("contact", _("contact"), models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True)),
        asked("customer", _("customer"), models.ForeignKey(Customer, models.CASCADE, null=True, blank=True)),
    ),
    states=(LetterState.RECEIVED,), perform=_perform_file, may_leave_scope=True,
)  # fmt: skip


def _own_only(ctx: Context, letter: Any, values: Mapping[str, Any]) -> Decision:
    return only_its_owner(letter.owner_id == ctx.actor.pk)


def _perform_private(ctx: Context, letter: Letter, values: dict[str, Any]) -> None:
    letter.is_private = not letter.is_private


MAKE_PRIVATE = Action(
    name="make_private", label=_("Private or not"), icon="lock", rare=True, rules=(_own_only,),
    states=(LetterState.SENT, LetterState.RECEIVED), perform=_perform_private,
)  # fmt: skip
