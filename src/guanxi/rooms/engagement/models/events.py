"""Events of the calendar: calls, meetings and other appointments, once or again and again (CRM-27, CRM-53)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.records.picklists import declare
from guanxi.rooms.engagement.models.activities import Priority

EVENT_KIND = declare(
    "engagement.event_kind",
    _("Kind of event"),
    [
        ("call", _("Call")),
        ("meeting", _("Meet")),
        ("negotiation", _("Negotiation")),
        ("other", _("Other appointment")),
    ],
)

#: Kinds at which a customer and we sit together: somebody named keeps the minutes (WF-25).
TOGETHER = ("meeting", "negotiation")

#: A reminder comes four weeks before at the earliest, in minutes.
EARLIEST_REMINDER = 4 * 7 * 24 * 60
#: Most occurrences that a series may have.
MOST_TIMES = 400


class EventState(models.TextChoices):
    """An event is planned, and then took place or did not."""

    PLANNED = "planned", _("planned ahead")
    HELD = "held", _("took place")
    NOT_HELD = "not_held", _("did not take place")


class Repeats(models.TextChoices):
    """In which rhythm an event comes again."""

    NEVER = "never", _("once only")
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")
    YEARLY = "yearly", _("every year")


class Event(Record):
    """An appointment of somebody, about a customer or not (日程), seen by whose it is and by who is asked to it.

    A series is one record: its first occurrence and the rhythm. A day of it that was changed on its own is a record of
    its own (`series`, `instead_of`), a day that was left out or changed stands among its `gaps`.
    """

    subject = models.CharField(_("subject"), max_length=160)
    kind = PicklistField(_("kind of event"), picklist=EVENT_KIND, default="meeting")
    starts_at = models.DateTimeField(_("start time"))
    ends_at = models.DateTimeField(_("end time"))
    all_day = models.BooleanField(_("whole days"), default=False, help_text=_("The times of day do not count then."))
    place = models.CharField(_("place"), max_length=200, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="appointments",
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    minute_taker = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeps the minutes"),
        help_text=_("Of a meeting or negotiation with a customer; without one it cannot be confirmed."),
    )  # fmt: skip
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    private = models.BooleanField(
        _("private"), default=False, help_text=_("Nobody but you and those asked to it sees it.")
    )
    remind_minutes = models.PositiveIntegerField(
        _("reminder, minutes before"), null=True, blank=True, validators=[MaxValueValidator(EARLIEST_REMINDER)],
        help_text=_("Left empty: none. Of whole days it is counted from 9 o’clock."),
    )  # fmt: skip
    details = models.TextField(_("details"), blank=True)
    repeats = models.CharField(_("comes again"), max_length=8, choices=Repeats.choices, default=Repeats.NEVER)
    every = models.PositiveSmallIntegerField(
        _("at intervals of"), default=1, validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("2 with “every week”: every other week."),
    )  # fmt: skip
    until = models.DateField(_("up to the day"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(
        _("so many times"), null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(MOST_TIMES)]
    )
    #: The last day on which it or its last occurrence is going on.
    last_on = models.DateField(_("over after"), editable=False)
    series = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="changed_days", verbose_name=_("of the series")
    )
    instead_of = models.DateField(_("instead of the day"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=EventState.choices, default=EventState.PLANNED, editable=False
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)
    present = models.CharField(_("who was present"), max_length=300, blank=True, editable=False)
    result = models.TextField(_("what came of it"), blank=True, editable=False)
    minutes = models.OneToOneField(
        "engagement.Minutes", models.PROTECT, null=True, editable=False, related_name="event",
        verbose_name=_("minutes of the meeting"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["owner", "starts_at"], name="event_owner"),
            models.Index(fields=["last_on", "starts_at"], name="event_window"),
            models.Index(fields=["customer", "-starts_at"], name="event_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="event_ends"),
            models.CheckConstraint(
                condition=Q(repeats="never", until=None, times=None)
                | (~Q(repeats="never") & (Q(until=None) ^ Q(times=None))),
                name="event_series_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class EventSeat(Row):
    """Somebody who is asked to an event."""

    data_class = DataClass.C1

    event = models.ForeignKey(Event, models.CASCADE, related_name="seats", verbose_name=_("event"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("invited person"))

    class Meta:
        verbose_name = _("seat at an event")
        verbose_name_plural = _("seats at events")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="event_seat_once")]

    def __str__(self) -> str:
        return str(self.person)


class EventGap(Row):
    """An occurrence of a series that does not take place as the series has it; 0 is the first."""

    data_class = DataClass.C1

    event = models.ForeignKey(Event, models.CASCADE, related_name="gaps", verbose_name=_("event"))
    number = models.PositiveSmallIntegerField(_("which occurrence"))

    class Meta:
        verbose_name = _("gap in a series")
        verbose_name_plural = _("gaps in series")
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="event_gap_once")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"


class EventReminder(Row):
    """When who is asked to an event is reminded next, and of which occurrence; the row goes with the last reminder."""

    data_class = DataClass.C1

    event = models.OneToOneField(Event, models.CASCADE, related_name="reminder", verbose_name=_("event"))
    number = models.PositiveSmallIntegerField(_("which occurrence"))
    due_at = models.DateTimeField(_("to be told at"), db_index=True)

    class Meta:
        verbose_name = _("reminder of an event")
        verbose_name_plural = _("reminders of events")

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"
