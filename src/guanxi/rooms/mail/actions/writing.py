"""Writing a mail: to whom, from which template, with what enclosed; and sending it (CRM-50 to CRM-52)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.jobs.outbox import post
from guanxi.records import attachments, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.rooms.customers.public import Contact, may_contact
from guanxi.rooms.mail import rules
from guanxi.rooms.mail.models import AddresseeKind, Enclosure, Letter, LetterState, MailboxState, Template
from guanxi.rooms.mail.models.letters import SUBJECT
from guanxi.rooms.mail.queries import others_of, values_for
from guanxi.rooms.mail.sources import Addressee, addressee_sources

LETTER = "mail.letter"
#: What kind of outgoing message a mail is.
LETTER_KIND = "letter"
MOST_ENCLOSURES = 20


# ---- What is entered -------------------------------------------------------------------------------------------------


def complete_letter(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find to whom the mail goes, and fill in what the chosen template says where nothing is written yet."""
    values = dict(values)
    if record is None:
        _answered(values)
    for name in ("cc", "bcc"):
        if values.get(name):
            values[name] = ", ".join(others_of(values[name], name))
    if record is None or values.keys() & {"addressee", "contact", "customer", "lead", "to_address"}:
        _address(ctx, values, record)
    if values.get("template") is not None:
        _fill(ctx, values, record)
    return values


def _answered(values: dict[str, Any]) -> None:
    """A reply goes to who wrote, about the same thing, from the same mailbox."""
    before = values.get("answers")
    if before is None:
        return
    for name in ("contact", "customer", "mailbox"):
        if values.get(name) is None:
            values[name] = getattr(before, name)
    if not values.get("to_address"):
        values["to_address"] = before.sender if before.state == LetterState.RECEIVED else before.to_address
    if values.get("contact") is None:
        values["addressee"] = AddresseeKind.CUSTOMER if values.get("customer") else AddresseeKind.ADDRESS
    if not values.get("subject"):
        values["subject"] = answer_subject(before.subject)


def answer_subject(subject: str) -> str:
    """The subject of a reply: with Re: once."""
    return (subject if subject[:3].casefold() == "re:" else f"Re: {subject}")[:SUBJECT]


def _address(ctx: Context, values: dict[str, Any], record: Any) -> None:
    """The addressee of the chosen type, and his address unless another one was entered."""

    def held(name: str) -> Any:
        return values[name] if name in values else getattr(record, name, None)

    kind = held("addressee") or AddresseeKind.CONTACT
    contact = held("contact") if kind == AddresseeKind.CONTACT else None
    customer = held("customer") if kind == AddresseeKind.CUSTOMER else None
    lead = _lead(ctx, str(held("lead") or "")) if kind == AddresseeKind.OTHER else None
    values |= {"addressee": kind, "contact": contact, "customer": contact.customer if contact else customer}
    module = lead[0] if lead else ""
    values |= {"source": module, "source_id": lead[1].record_id if lead else None}
    values["lead"] = lead[1].name if lead else ""
    on_file = _on_file(contact) if contact else customer.email if customer else lead[1].address if lead else ""
    is_other = record is not None and any(
        values[name] != getattr(record, name) for name in ("contact", "customer", "source_id")
    )
    entered = str(values.get("to_address") or "")
    stood = "" if record is None or is_other else record.to_address
    values["to_address"] = entered if entered and not (is_other and entered == record.to_address) else stood or on_file


def _on_file(contact: Contact) -> str:
    # As it is kept: who may write to him need not be shown the address in clear.
    return Contact.objects.values_list("email", flat=True).get(pk=contact.pk)


def _lead(ctx: Context, text: str) -> tuple[str, Addressee] | None:
    if not text.strip():
        return None
    for source in addressee_sources:
        if found := source.named(ctx, text.strip()):
            return source.module, found
    raise Invalid({"lead": [Message("No lead of yours bears exactly this number or name.")]})


def _fill(ctx: Context, values: dict[str, Any], record: Any, *, anew: bool = False) -> None:
    letter = Letter(**{
        name: values.get(name, getattr(record, name, None))
        for name in ("contact", "customer", "material", "to_address", "source", "source_id")
    })  # fmt: skip
    template, told = values["template"], values_for(ctx, letter)
    for name, length in (("subject", SUBJECT), ("body", rules.RENDERED)):
        if anew or not (values[name] if name in values else getattr(record, name, "")):
            values[name] = rules.filled(getattr(template, name), told)[:length]


# ---- Choosing a template, enclosing ----------------------------------------------------------------------------------


def _perform_choose(ctx: Context, letter: Letter, values: dict[str, Any]) -> None:
    chosen: dict[str, Any] = {"template": values["template"]}
    _fill(ctx, chosen, letter, anew=True)
    letter.template, letter.subject, letter.body = chosen["template"], chosen["subject"], chosen["body"]


CHOOSE_TEMPLATE = Action(
    name="choose_template", label=_("Choose template"), icon="template",
    inputs=(asked("template", _("template"), models.ForeignKey(Template, models.CASCADE), required=True,
                  help=_("Replaces subject and text of the draft.")),),
    states=(LetterState.DRAFT, LetterState.FAILED), perform=_perform_choose,
)  # fmt: skip


def _perform_attach(ctx: Context, letter: Letter, values: dict[str, Any]) -> None:
    stored = values["file"]
    if letter.enclosures.count() >= MOST_ENCLOSURES:
        raise Conflict(Message("At most %(count)s files are enclosed.", count=MOST_ENCLOSURES))
    attachments.hand_on(stored, registry.entry(LETTER), letter)
    made = {"created_at": ctx.now, "created_by": ctx.actor, "changed_at": ctx.now, "changed_by": ctx.actor}
    Enclosure.objects.create(letter=letter, file=stored, name=stored.name, **made)


ATTACH = Action(
    name="attach", label=_("Enclose a file"), icon="paperclip",
    inputs=(asked("file", _("file"), models.ForeignKey(StoredFile, models.PROTECT), required=True),),
    states=(LetterState.DRAFT, LetterState.FAILED), perform=_perform_attach, undoable=False,
)  # fmt: skip


# ---- Sending ---------------------------------------------------------------------------------------------------------


def _complete(ctx: Context, letter: Any, values: Mapping[str, Any]) -> Decision:
    return rules.must_say_to_whom_and_what(letter.to_address, letter.subject)


def _from_a_mailbox(ctx: Context, letter: Any, values: Mapping[str, Any]) -> Decision:
    box = letter.mailbox
    if box is None:
        return Decision.allow()
    is_connected = box.state == MailboxState.ACTIVE and bool(box.smtp_host) and box.deleted_at is None
    return rules.may_send_from(box.owner_id == ctx.actor.pk, box.is_shared, is_connected)


def _wanted(ctx: Context, letter: Any, values: Mapping[str, Any]) -> Decision:
    """Whether the person behind it may be written to for this purpose."""
    others = len(others_of(letter.cc, "cc")) + len(others_of(letter.bcc, "bcc"))
    decision = rules.goes_to_one_person(letter.purpose, others)
    if letter.contact is None:
        return decision & rules.must_be_known(letter.purpose, is_known=False)
    return decision & may_contact(letter.contact, "email", letter.purpose, ctx.now)


def _material_in_use(ctx: Context, letter: Any, values: Mapping[str, Any]) -> Decision:
    if letter.material is None:
        return Decision.allow()
    return rules.must_be_in_use(letter.material.is_current, letter.material.name)


def _perform_send(ctx: Context, letter: Letter, values: dict[str, Any]) -> None:
    letter.error = ""
    post(LETTER_KIND, {"letter": letter.pk}, ctx.now)


SEND_LETTER = Action(
    name="send_letter", label=_("Send"), icon="send", tone="ink",
    rules=(_complete, _from_a_mailbox, _wanted, _material_in_use),
    states=(LetterState.DRAFT, LetterState.FAILED), to_state=LetterState.QUEUED, perform=_perform_send,
    undoable=False,
)  # fmt: skip
