"""Mailboxes as the engine knows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Menu, Module, Section
from guanxi.rooms.mail import actions
from guanxi.rooms.mail.models import Mailbox, MailboxState

MAILBOX = Module(
    model=Mailbox,
    icon="inbox",
    data_class=DataClass.C1,
    classes={"address": DataClass.C1, "password": DataClass.C3},
    profile="mailbox",
    shared={"is_shared": True},
    columns=("name", "address", "owner", "is_shared", "state", "last_success_at", "last_error"),
    sections=(
        Section(_("Mailbox"), ("name", "address", "sender_name", "is_shared", "owner", "signature")),
        Section(
            _("Servers"),
            (
                "username", "smtp_host", "smtp_port", "smtp_security", "imap_host", "imap_port", "imap_security",
                "since",
            ),
            help=_("The operator must have registered each server with its port. The password is entered afterwards."),
        ),
        Section(
            _("How it goes"), ("state", "last_success_at", "last_error", "last_error_at", "failures", "paused_until")
        ),
    ),
    filters=("state", "is_shared", "owner"),
    search=("address",),
    read_only=("state", "failures", "paused_until", "last_success_at", "last_error", "last_error_at"),
    hidden=("password", "generation", "last_number"),
    lifecycle=Lifecycle("state", MailboxState.OFF),
    actions=(
        actions.EDIT_MAILBOX, actions.SWITCH_ON, actions.TEST_MAILBOX, actions.SET_PASSWORD, actions.FETCH_NOW,
        actions.SWITCH_OFF,
    ),
    prepare=actions.complete_mailbox,
    menu=Menu("correspondence", 30, create=False),
    without=("copy", "import_rows", "export_rows", "merge", "inline_edit"),
)  # fmt: skip
