"""Webhooks, and each delivery to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.rows import Row
from guanxi.records.fields import MultiPicklistField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.integrations.picklists import RECORD_TYPES, VERBS


class WebhookState(models.TextChoices):
    """Where a webhook stands."""

    WAITING = "waiting", _("waits for its owner's consent")
    ACTIVE = "active", _("active")
    OFF = "off", _("switched off")


class Webhook(Record):
    """Another system that is told what happens here, as far as the owner of the webhook may see it."""

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(
        _("address"), max_length=500, help_text=_("https://…; the operator must have registered the host.")
    )
    modules = MultiPicklistField(
        _("record types"), picklist=RECORD_TYPES, max_length=2000, help_text=_("Without any: all of them.")
    )
    actions = MultiPicklistField(_("verbs"), picklist=VERBS, max_length=2000, help_text=_("Without any: all of them."))
    state = models.CharField(
        _("state"), max_length=10, choices=WebhookState.choices, default=WebhookState.WAITING, editable=False
    )
    # The how-manieth secret this is. The secret itself is worked out from it and kept nowhere.
    secret_number = models.PositiveIntegerField(_("number of the secret"), default=1, editable=False)
    # Attempts that failed since the last good one, and until when nothing more is tried.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)
    last_sent_at = models.DateTimeField(_("last delivered at"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        indexes = [models.Index(fields=["state"], name="webhook_state")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=WebhookState.values), name="webhook_state")]


class Delivery(Row):
    """One event on its way to one webhook: which records, and how sending it went. What they hold is not kept here."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    message = models.OneToOneField(
        OutboxMessage, models.SET_NULL, null=True, related_name="+", verbose_name=_("outgoing message"), editable=False
    )
    happened_at = models.DateTimeField(_("happened at"))
    module = PicklistField(_("record type"), picklist=RECORD_TYPES, max_length=80, blank=True)
    action = PicklistField(_("verb"), picklist=VERBS, max_length=80)
    records = models.JSONField(_("records"), default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=OutboxMessage.State.choices, default=OutboxMessage.State.WAITING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    answer = models.PositiveSmallIntegerField(_("answer"), null=True, help_text=_("The HTTP status of the answer."))
    told = models.PositiveIntegerField(
        _("records told"), null=True, help_text=_("How many of the records the owner may see.")
    )
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["webhook", "created_at"], name="delivery_of_webhook"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=OutboxMessage.State.values), name="delivery_state")
        ]

    def __str__(self) -> str:
        return self.event

    @property
    def event(self) -> str:
        """What happened, as the other system reads it: "customers.customer.create", "ping"."""
        return f"{self.module}.{self.action}" if self.module else self.action
