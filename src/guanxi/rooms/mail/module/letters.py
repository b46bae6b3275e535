"""Mails and templates as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.mail import actions
from guanxi.rooms.mail.models import Letter, LetterState, Template
from guanxi.rooms.mail.rules import may_be_template


def _known_names(ctx: Context, template: Any, changed: frozenset[str]) -> Decision:
    return may_be_template(template.subject) & may_be_template(template.body)


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


LETTER = Module(
    model=Letter,
    icon="mail",
    data_class=DataClass.C2,
    classes={"to_address": DataClass.C2},
    personal=("to_address", "cc", "bcc", "sender"),
    title="subject",
    profile="letter",
    scope_through="customer",
    owner_keeps=True,
    private="is_private",
    columns=("happened_at", "subject", "contact", "customer", "to_address", "sender_name", "state", "owner"),
    sections=(
        Section(
            _("Addressee"),
            ("addressee", "contact", "customer", "lead", "to_address", "cc", "bcc", "mailbox", "purpose", "answers"),
        ),
        Section(_("Mail"), ("template", "subject", "body", "material", "file", "is_private", "owner")),
        Section(_("How it went"), ("state", "direction", "happened_at", "sender_name", "sender", "error")),
    ),
    filters=(
        "state", "direction", "contact", "customer", "mailbox", "owner", "happened_at", "purpose", "material",
        "is_private",
    ),
    search=("to_address", "sender", "sender_name", "body", "contact", "customer"),
    read_only=("state", "direction", "happened_at", "sender_name", "sender", "error"),
    hidden=("page", "digest", "message_id", "source", "source_id"),
    lifecycle=Lifecycle("state", LetterState.DRAFT, locked=("queued", "sent", "received")),
    actions=(
        actions.SEND_LETTER, actions.CHOOSE_TEMPLATE, actions.ATTACH, actions.FILE_LETTER, actions.MAKE_PRIVATE,
    ),
    prepare=actions.complete_letter,
    menu=Menu("correspondence", 10),
    views=(
        View("sent", _("Sent mails"), _state("sent"), sort="-happened_at"),
        View("received", _("Received mails"), _state("received"), sort="-happened_at"),
        View("drafts", _("My drafts"),
             {"all": [_state("draft"), {"field": "owner", "op": "in", "value": ["me"]}]}),
        View("unsent", _("Not sent yet"), _state("queued", "failed")),
        View("unfiled", _("Received, not filed"),
             {"all": [_state("received"), {"field": "customer", "op": "empty"}]}, sort="-happened_at"),
    ),
    without=("copy", "merge", "import_rows", "inline_edit"),
)  # fmt: skip

TEMPLATE = Module(
    model=Template,
    icon="template",
    data_class=DataClass.C1,
    profile="mail_template",
    shared={"is_default": True},
    columns=("name", "subject", "is_default", "owner", "changed_at"),
    sections=(
        Section(
            _("Mail template"),
            ("name", "subject", "body", "is_default", "owner"),
            help=_(
                "Filled in are {{name}}, {{title}}, {{company}}, {{number}}, {{today}}, {{sender}}, {{sender_phone}}, "
                "{{sender_post}} and {{material}}."
            ),
        ),
    ),
    filters=("is_default", "owner"),
    search=("subject",),
    read_only=("is_default",),
    actions=(actions.GIVE_TO_ALL, actions.TAKE_BACK_TEMPLATE),
    rules=(_known_names,),
    menu=Menu("correspondence", 20, create=False),
    views=(
        View("default", _("Default templates"), {"field": "is_default", "op": "is", "value": True}),
        View("mine", _("My templates"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    without=("merge",),
)
