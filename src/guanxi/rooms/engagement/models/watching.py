"""Customers to watch: who, since when, why, and when somebody looks again (RPT-02)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.records.picklists import declare
from guanxi.rooms.engagement.models.meetings import Meeting

WATCH_REASON = declare(
    "engagement.watch_reason",
    _("Reason to watch a customer"),
    [
        ("growing", _("Growing fast")),
        ("lost", _("Lost")),
        ("falling", _("Buying less")),
        ("complaint", _("Complaint")),
        ("payment", _("Paying late")),
        ("potential", _("Promising")),
        ("other", _("Another reason")),
    ],
)


class WatchState(models.TextChoices):
    """On the list, or taken off it."""

    ON = "on", _("being watched")
    OFF = "off", _("taken off")


class Watch(Record):
    """A customer on the list to watch, from `since` on; the list of a month holds whom it covers on any day of it."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="watches", verbose_name=_("customer")
    )
    reason = PicklistField(_("reason to watch"), picklist=WATCH_REASON)
    cause = models.TextField(_("analysed cause"), help_text=_("Why it has come to this, and what is to be done."))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="watches", verbose_name=_("decided in the meeting")
    )
    since = models.DateField(_("watched since"), editable=False)
    look_on = models.DateField(_("next look"))
    looked_on = models.DateField(_("looked at on"), null=True, editable=False)
    finding = models.TextField(_("what was found"), blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=4, choices=WatchState.choices, default=WatchState.ON, editable=False
    )
    ended_on = models.DateField(_("taken off on"), null=True, editable=False)
    outcome = models.TextField(_("why it was taken off"), blank=True, editable=False)

    class Meta:
        verbose_name = _("customer to watch")
        verbose_name_plural = _("customers to watch")
        indexes = [
            models.Index(fields=["state", "look_on"], name="watch_state"),
            models.Index(fields=["since", "ended_on"], name="watch_month"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(state="on", deleted_at=None), name="watched_once",
                violation_error_message=_("This customer is being watched already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="on", ended_on=None) | models.Q(state="off", ended_on__isnull=False),
                name="watch_ended",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.customer)
