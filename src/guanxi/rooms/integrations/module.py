"""Webhooks and deliveries as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.platform.outgoing.addresses import require_registered, target_of
from guanxi.platform.outgoing.recipients import registered
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Module, Related, Section
from guanxi.rooms.integrations import actions
from guanxi.rooms.integrations.models import Delivery, Webhook, WebhookState


def _prepare_webhook(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """An address that nothing may be sent to is refused now; what its name stands for is asked when sending."""
    if values.get("url"):
        try:
            require_registered(target_of(values["url"]), registered())
        except Invalid as problem:
            raise Invalid({"url": problem.errors[""]}) from problem
    return values


WEBHOOK = Module(
    model=Webhook,
    icon="webhook",
    data_class=DataClass.C1,
    classes={"url": DataClass.C2, "secret_number": DataClass.C1},
    profile="integration",
    columns=("name", "url", "owner", "state", "failures", "last_sent_at", "last_error"),
    filters=("state", "owner"),
    search=("url",),
    sort="name",
    sections=(
        Section(
            _("Webhook"),
            ("name", "url", "owner"),
            help=_("It tells what its owner may see, and only after the owner has agreed on this page."),
        ),
        Section(_("What it tells"), ("modules", "actions")),
        Section(_("How it goes"), ("state", "failures", "paused_until", "last_sent_at", "last_error")),
    ),
    read_only=("department", "state", "failures", "paused_until", "last_sent_at", "last_error"),
    hidden=("secret_number",),
    related=(
        Related(
            "integrations.delivery",
            "webhook",
            _("Deliveries"),
            ("created_at", "module", "action", "state", "attempts", "answer", "next_try_at"),
        ),
    ),
    actions=(
        actions.CREATE_WEBHOOK,
        actions.EDIT_WEBHOOK,
        actions.AGREE,
        actions.SEND_TEST,
        actions.SWITCH_OFF,
        actions.SWITCH_ON,
        actions.NEW_SECRET,
    ),
    lifecycle=Lifecycle("state", WebhookState.WAITING),
    prepare=_prepare_webhook,
    without=("copy", "assign", "import_rows", "export_rows", "search", "inline_edit"),
)

DELIVERY = Module(
    model=Delivery,
    icon="send",
    data_class=DataClass.C1,
    profile="integration",
    scope_through="webhook",
    title="action",
    columns=("created_at", "webhook", "module", "action", "state", "attempts", "answer", "next_try_at", "error"),
    filters=("webhook", "state", "module", "created_at"),
    sort="-created_at",
    sections=(
        Section(_("What was told"), ("webhook", "happened_at", "module", "action", "told")),
        Section(_("How it went"), ("state", "attempts", "next_try_at", "sent_at", "answer", "error")),
    ),
    hidden=("message", "records"),
    actions=(actions.SEND_AGAIN,),
    without=("create", "edit", "copy", "delete", "import_rows", "export_rows", "search", "inline_edit"),
)

registry.register(WEBHOOK, DELIVERY)
