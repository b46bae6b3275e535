"""Meetings of all levels: planned with who attends, held with their minutes (RPT-01, RPT-08, WF-27)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.records.picklists import declare

#: The kind of the meeting that the regulation wants once a month.
ARCHIVE_UPDATE = "archive_update"
MEETING_KIND = declare(
    "engagement.meeting_kind",
    _("Kind of meeting"),
    [
        (ARCHIVE_UPDATE, _("Monthly archive update")),
        ("consumption", _("Consumption analysis")),
        ("half_year", _("Half-year analysis")),
        ("regular", _("Regular meeting")),
        ("special", _("Meeting on one matter")),
    ],
)
WITH_CUSTOMER = "customer"
MEETING_LEVEL = declare(
    "engagement.meeting_level",
    _("Level of a meeting"),
    [
        ("company", _("Company level")),
        ("department", _("Department level")),
        ("region", _("Sales region level")),
        ("team", _("Team level")),
        (WITH_CUSTOMER, _("With a customer")),
    ],
)


class MeetingState(models.TextChoices):
    """A meeting is planned; its minutes make it held."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held, with minutes")
    CANCELLED = "cancelled", _("cancelled")


class Meeting(Record):
    """A meeting of our own, planned with its participants; the owner takes the chair and owes the minutes (RPT-01)."""

    name = models.CharField(_("subject of the meeting"), max_length=120)
    kind = PicklistField(_("kind of meeting"), picklist=MEETING_KIND, default=ARCHIVE_UPDATE)
    level = PicklistField(_("level of the meeting"), picklist=MEETING_LEVEL, default="company")
    planned_at = models.DateTimeField(_("when"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    agenda = models.TextField(
        _("further points"), blank=True, help_text=_("Beside what has changed since the last meeting.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED, editable=False
    )
    minutes = models.OneToOneField(
        "engagement.Minutes", models.PROTECT, null=True, editable=False, related_name="meeting",
        verbose_name=_("minutes of the meeting"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(fields=["kind", "-planned_at"], name="meeting_kind"),
            models.Index(fields=["state", "planned_at"], name="meeting_state"),
        ]


class MeetingSeat(Row):
    """Somebody who is asked to a meeting."""

    data_class = DataClass.C1

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats", verbose_name=_("meeting"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("participant"))

    class Meta:
        verbose_name = _("seat at a meeting")
        verbose_name_plural = _("seats at meetings")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="meeting_seat_once")]

    def __str__(self) -> str:
        return str(self.person)


class MinutesState(models.TextChoices):
    """Minutes are reviewed before the customer gets them, and are done when he has confirmed that he did."""

    DRAFT = "draft", _("being written")
    REVIEWED = "reviewed", _("reviewed")
    SENT = "sent", _("sent, not confirmed")
    CONFIRMED = "confirmed", _("receipt confirmed")


class Minutes(Record):
    """The minutes of a meeting, with a customer (会谈纪要: reviewed, sent, received; WF-27, WF-28) or our own (RPT-08).

    `decisions` is what was decided, in words; what somebody has to do by a day becomes a task of his.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="minutes",
        verbose_name=_("customer"),
    )  # fmt: skip
    level = PicklistField(_("level of the meeting"), picklist=MEETING_LEVEL, default=WITH_CUSTOMER)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    present = models.CharField(_("who was present"), max_length=300)
    content = models.TextField(_("what was discussed and agreed"))
    decisions = models.TextField(_("what was decided"), blank=True)
    days_late = models.PositiveSmallIntegerField(_("written late by, working days"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT, editable=False
    )
    reviewed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, editable=False)
    sent_to = models.CharField(_("sent to"), max_length=160, blank=True, editable=False)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    received_by = models.CharField(_("received by"), max_length=80, blank=True, editable=False)
    received_on = models.DateField(_("received on"), null=True, editable=False)

    class Meta:
        verbose_name = _("minutes of a meeting")
        verbose_name_plural = _("minutes of meetings")
        indexes = [
            models.Index(fields=["customer", "-held_on"], name="minutes_customer"),
            models.Index(fields=["state", "sent_on"], name="minutes_state"),
            models.Index(fields=["level", "-held_on"], name="minutes_level"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:40]}".strip()
