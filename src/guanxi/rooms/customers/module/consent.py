"""Consents as the engine sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Section
from guanxi.rooms.customers.models import Consent


def _prepare(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """The contact's customer is the statement's; nobody states what he will say tomorrow."""
    if record is not None or values.get("contact") is None:
        return values
    values = {**values, "customer": values["contact"].customer}
    stated_at = values.get("stated_at")
    if stated_at is not None and stated_at > ctx.now:
        raise Invalid({"stated_at": [Message("This lies in the future.")]})
    if stated_at is not None and values.get("valid_until") and values["valid_until"] < local(stated_at).date():
        raise Invalid({"valid_until": [Message("It would have ended before it was given.")]})
    return values


CONSENT = Module(
    model=Consent,
    icon="checkbox",
    data_class=DataClass.C2,
    title="contact",
    scope_through="customer",
    sort="-stated_at",
    columns=("stated_at", "contact", "statement", "channel", "purpose", "customer", "valid_until", "source", "owner"),
    sections=(
        Section(
            _("Statement of the contact"),
            ("contact", "statement", "channel", "purpose", "stated_at", "valid_until"),
            help=_("A statement is never changed. What holds is the last one; a withdrawal holds at once."),
        ),
        Section(_("How we know"), ("source", "text_version", "evidence", "remarks", "customer", "owner")),
    ),
    read_only=("owner",),
    filters=("statement", "channel", "purpose", "contact", "customer"),
    search=("contact", "customer"),
    menu=Menu("archive", 80, create=False),
    prepare=_prepare,
    without=("edit", "copy", "delete", "assign", "import_rows", "inline_edit", "search"),
)
