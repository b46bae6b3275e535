"""Judgements on mails and templates: pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping

import pystache
from pystache.common import MissingTags
from pystache.context import KeyNotFoundError
from pystache.parser import ParsingError

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message

#: What a template may say: name in it, and what it stands for.
PLACEHOLDERS: Mapping[str, Message] = {
    "name": Message("name of the addressee"),
    "title": Message("form of address"),
    "company": Message("company of the addressee"),
    "number": Message("number of the addressee's record"),
    "today": Message("today's date"),
    "sender": Message("name of who writes"),
    "sender_phone": Message("telephone of who writes"),
    "sender_post": Message("post of who writes"),
    "material": Message("name of the enclosed material"),
}
_TAG = re.compile(r"(?<!\{)\{\{\s*([^{}\s]*)\s*\}\}(?!\})")
_BRACES = re.compile(r"\{\{|\}\}")
RENDERED = 100_000


# ---- Templates (CRM-52) ----------------------------------------------------------------------------------------------


def may_be_template(text: str, known: Collection[str] = PLACEHOLDERS) -> Decision:
    """A template holds names that are known, in double braces, and nothing else of the language."""
    strange = next((name for name in _TAG.findall(text) if name not in known), None)
    if strange is None and _BRACES.search(_TAG.sub("", text)):
        strange = "{{ }}"
    if strange is None:
        return Decision.allow()
    return refuse(
        "CRM-52",
        Message("“%(name)s” is nothing that a template can fill in.", name=strange),
        remedy=Message("Possible are: %(names)s.", names=", ".join("{{" + name + "}}" for name in known)),
    )


def filled(text: str, values: Mapping[str, str]) -> str:
    """A template with its names filled in; plain text in, plain text out."""
    renderer = pystache.Renderer(escape=str, partials={}, missing_tags=MissingTags.strict)
    try:
        return renderer.render(text, dict(values))[:RENDERED]
    except (ParsingError, KeyNotFoundError):
        return text  # written before a name went: it is seen in the draft


# ---- Sending (CRM-50, CRM-51) ----------------------------------------------------------------------------------------


def must_say_to_whom_and_what(address: str, subject: str) -> Decision:
    """A mail without addressee or subject is not sent (CRM-50)."""
    decision = Decision.allow()
    if not address.strip():
        decision &= refuse(
            "CRM-50",
            Message("The mail has no addressee, or none whose address is on file."),
            remedy=Message("Choose a contact with an e-mail address, or enter the address."),
        )
    if not subject.strip():
        decision &= refuse("CRM-50", Message("The mail has no subject."), remedy=Message("Enter a subject."))
    return decision


def may_send_from(is_own: bool, is_shared: bool, is_connected: bool) -> Decision:
    """One writes from one's own mailbox or a shared one, while it is connected."""
    if not (is_own or is_shared):
        return refuse(
            "CRM-50",
            Message("This mailbox is somebody else's."),
            remedy=Message("Choose your own mailbox, a shared one, or none."),
        )
    if not is_connected:
        return refuse(
            "CRM-50",
            Message("This mailbox is not connected to a server for sending."),
            remedy=Message("Connect it on its page, or choose another one."),
        )
    return Decision.allow()


def goes_to_one_person(purpose: str, others: int) -> Decision:
    """Whoever advertises asks each person: what needs consent goes to one, who can end it by the link in it."""
    if purpose == "contract" or not others:
        return Decision.allow()
    return refuse(
        "CRM-50",
        Message("A mail that needs consent goes to one person; here %(count)s others would get it.", count=others),
        remedy=Message("Write to each of them, or take the copies out."),
    )


def must_be_known(purpose: str, is_known: bool) -> Decision:
    """Nobody is on record as having consented behind a bare address."""
    if purpose == "contract" or is_known:
        return Decision.allow()
    return refuse(
        "CRM-50",
        Message("Nobody has consented to this purpose at this address (Personal Information Protection Law, art. 13)."),
        remedy=Message("Choose a contact who has consented, or write about a contract."),
    )


# ---- Materials (WF-21) -----------------------------------------------------------------------------------------------


def may_have_been_sent_on(day: datetime.date, today: datetime.date) -> Decision:
    """What will be sent tomorrow was not sent."""
    if day <= today:
        return Decision.allow()
    return refuse("WF-21", Message("%(day)s is still to come.", day=day), remedy=Message("Enter it once it was sent."))


def may_be_received_on(day: datetime.date, sent_on: datetime.date, today: datetime.date) -> Decision:
    """It arrived between the day on which it was sent and today."""
    if sent_on <= day <= today:
        return Decision.allow()
    return refuse(
        "WF-21",
        Message("It was sent on %(sent)s: it arrived on that day or later, not after today.", sent=sent_on),
        remedy=Message("Enter the day on which it arrived."),
    )


def must_be_in_use(is_current: bool, name: str) -> Decision:
    """Material that is no longer in use is not sent."""
    if is_current:
        return Decision.allow()
    return refuse(
        "WF-21",
        Message("“%(name)s” is no longer in use.", name=name),
        remedy=Message("Choose its newer edition."),
    )


def only_its_owner(is_owner: bool) -> Decision:
    """Whose mail it is says whether it is private."""
    if is_owner:
        return Decision.allow()
    return refuse("CRM-50", Message("Only the owner of a mail makes it private."))


# ---- Mailboxes -------------------------------------------------------------------------------------------------------


def must_be_ready(has_server: bool, has_name: bool, has_password: bool) -> Decision:
    """A mailbox is connected once it is known to which server, as whom, and with which password."""
    if not has_server:
        return refuse("CRM-49", Message("The mailbox has no server."), remedy=Message("Enter one with “Edit”."))
    if has_name and not has_password:
        return refuse(
            "CRM-49", Message("The mailbox has no password."), remedy=Message("Enter it with “Enter the password”.")
        )
    return Decision.allow()
