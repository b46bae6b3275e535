"""Tickets: what customers report, who settles it by when, and what is noted on the way."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.service import picklists

_NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Priority(models.TextChoices):
    """How soon a ticket is to be settled; each has its parameter of working days."""

    LOW = "low", _("low priority")
    NORMAL = "normal", _("ordinary priority")
    HIGH = "high", _("high priority")
    URGENT = "urgent", _("urgent")


class TicketState(models.TextChoices):
    """How far a ticket has come."""

    OPEN = "open", _("nobody works on it yet")
    PROGRESS = "progress", _("being worked on")
    WAITING = "waiting", _("waiting for the customer")
    CLOSED = "closed", _("settled")


class Ticket(Record):
    """What a customer reported, complains of or asks (故障单, CRM-40); the owner settles it.

    It belongs to a customer: `customer_name` is what somebody typed who may not open the customer's file. `due_on` is
    the last day in time: so many working days, by priority, from `reported_on`, or from the day on which it was last
    reopened. Effort in hours and days, as people noted it.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="tickets", verbose_name=_("customer")
    )
    customer_name = models.CharField(
        _("customer as named"), max_length=120, blank=True,
        help_text=_("Who cannot choose the customer enters its full name, short name, number or credit code instead."),
    )  # fmt: skip
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    caller = models.CharField(_("reported by"), max_length=60, blank=True)
    name = models.CharField(_("what it is about"), max_length=160)
    product = models.ForeignKey(
        "catalog.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product concerned")
    )
    category = PicklistField(_("ticket category"), picklist=picklists.TICKET_CATEGORY, blank=True)
    severity = PicklistField(_("severity"), picklist=picklists.SEVERITY, blank=True)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    reported_on = models.DateField(
        _("reported on"), blank=True, help_text=_("Left empty: today. The time to settle it runs from this day.")
    )
    description = models.TextField(_("what happened"), blank=True)
    solution = models.TextField(
        _("solution"), blank=True, help_text=_("A ticket is settled only with what was done about it.")
    )
    hours = models.DecimalField(
        _("hours spent"), max_digits=7, decimal_places=1, null=True, blank=True, validators=_NOT_NEGATIVE
    )
    days = models.DecimalField(
        _("days spent"), max_digits=6, decimal_places=1, null=True, blank=True, validators=_NOT_NEGATIVE
    )

    state = models.CharField(
        _("state"), max_length=10, choices=TicketState.choices, default=TicketState.OPEN, editable=False
    )
    due_on = models.DateField(_("to be settled by"), editable=False)
    closed_at = models.DateTimeField(_("ticket settled at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ticket settled by"),
    )
    closed_late = models.BooleanField(_("settled late"), default=False, editable=False)
    reopened_at = models.DateTimeField(_("last reopened at"), null=True, editable=False)
    reopened_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("reopened by")
    )
    reopenings = models.PositiveIntegerField(_("times reopened"), default=0, editable=False)
    faq = models.ForeignKey(
        "service.Faq", models.SET_NULL, null=True, editable=False, related_name="tickets",
        verbose_name=_("frequent question made of it"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="ticket_changed"),
            models.Index(fields=["customer", "-created_at"], name="ticket_customer"),
            models.Index(fields=["owner", "state"], name="ticket_owner"),
            models.Index(fields=["state", "due_on"], name="ticket_due"),
            models.Index(fields=["reported_on"], name="ticket_reported"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(solution="")
                | ~models.Q(state="closed") & models.Q(closed_at=None),
                name="settled_ticket_has_solution",
            ),
        ]


class NoteKind(models.TextChoices):
    """What a note was written for."""

    NOTE = "note", _("plain note")
    WAITING = "waiting", _("asked the customer")
    CLOSED = "closed", _("settled the ticket")
    REOPENED = "reopened", _("reopened the ticket")


class TicketNote(Row):
    """A dated note on a ticket: who wrote it, when, what for. Nobody changes or deletes one (CRM-40)."""

    data_class = DataClass.C2

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes", verbose_name=_("ticket"))
    kind = models.CharField(_("kind of note"), max_length=10, choices=NoteKind.choices, default=NoteKind.NOTE)
    content = models.TextField(_("note"))

    class Meta:
        verbose_name = _("note on a ticket")
        verbose_name_plural = _("notes on tickets")
        indexes = [models.Index(fields=["ticket", "created_at"], name="ticket_note_ticket")]

    def __str__(self) -> str:
        return self.content[:60]
