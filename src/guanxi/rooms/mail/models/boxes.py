"""Mailboxes: from which address mail goes out, and which server is asked for what came in."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import SealedField
from guanxi.records.models import Record

_PORT = [MinValueValidator(1), MaxValueValidator(65535)]


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", _("TLS from the beginning")
    STARTTLS = "starttls", _("STARTTLS")
    PLAIN = "plain", _("unencrypted, in our own network only")


class MailboxState(models.TextChoices):
    """Whether a mailbox is connected."""

    OFF = "off", _("not connected")
    ACTIVE = "active", _("connected")


class Mailbox(Record):
    """A mailbox of one person, or one from which everybody may write (CRM-49, CRM-50).

    The password is sealed and shown to nobody; who changes the server or the user name enters it anew. `failures` are
    attempts in a row that failed, `paused_until` the moment before which nothing more is tried. `generation` and
    `last_number` say how far the inbox was read.
    """

    name = models.CharField(_("name"), max_length=80)
    address = models.EmailField(_("e-mail address"))
    sender_name = models.CharField(_("name of the sender"), max_length=80, blank=True)
    is_shared = models.BooleanField(
        _("shared"),
        default=False,
        help_text=_("Everybody who writes mail may send from it; what comes in, its owner files."),
    )
    signature = models.TextField(_("signature"), blank=True)
    username = models.CharField(_("user name"), max_length=254, blank=True)
    password = SealedField(_("password"), editable=False)
    smtp_host = models.CharField(_("outgoing server (SMTP)"), max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(_("port of SMTP"), default=465, validators=_PORT)
    smtp_security = models.CharField(
        _("protection of SMTP"), max_length=8, choices=Security.choices, default=Security.TLS
    )
    imap_host = models.CharField(_("incoming server (IMAP)"), max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(_("port of IMAP"), default=993, validators=_PORT)
    imap_security = models.CharField(
        _("protection of IMAP"), max_length=8, choices=Security.choices, default=Security.TLS
    )
    since = models.DateField(
        _("fetch mail from"), blank=True, help_text=_("What came earlier stays where it is. Left empty: from today.")
    )

    state = models.CharField(
        _("state"), max_length=8, choices=MailboxState.choices, default=MailboxState.OFF, editable=False
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("last error at"), null=True, editable=False)
    generation = models.BigIntegerField(_("generation of the inbox"), default=0, editable=False)
    last_number = models.BigIntegerField(_("read up to number"), default=0, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="mailbox_changed"),
            models.Index(fields=["state"], name="mailbox_state"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=MailboxState.values), name="mailbox_state")]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"
