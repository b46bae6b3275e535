"""What is owed around meetings, visits and the list of customers to watch."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty
from guanxi.rooms.engagement.policies import DISSATISFACTION_DAYS, MINUTES_DAYS, RECORD_DAYS

#: Once in each month, due on its last day; the sales manager owes it. Shown by a meeting with its minutes.
HOLD: Final = Duty(
    "engagement.hold_archive_meeting", label=_("hold the monthly archive meeting"), clause="RPT-01", remind_days=5
)
#: Whoever takes the chair owes the minutes, counted from the day of the meeting.
WRITE_MINUTES: Final = Duty(
    "engagement.write_minutes", label=_("write the minutes of a meeting"), clause="RPT-08", days=MINUTES_DAYS
)
#: What a meeting decided, by the day that it named.
CARRY_OUT: Final = Duty("engagement.carry_out", label=_("carry out what a meeting decided"), clause="RPT-08")
#: A customer to watch is looked at again on the day that was set; whoever looks after it owes it.
LOOK: Final = Duty("engagement.look_again", label=_("look again at a customer to watch"), clause="RPT-02")
#: Whoever met a customer writes the minutes, counted from the day of the meeting.
WRITE_TALK: Final = Duty(
    "engagement.write_talk", label=_("write the minutes of a meeting with a customer"), clause="WF-26",
    days=MINUTES_DAYS,
)  # fmt: skip
#: An appointment with a customer is over: it is said what came of it, or that it did not take place.
RECORD: Final = Duty(
    "engagement.record_contact", label=_("record what came of an appointment with a customer"), clause="WF-28",
    days=RECORD_DAYS,
)  # fmt: skip
#: A customer is visited again when its interval has passed since the last visit; whoever looks after it owes it.
RETURN_VISIT: Final = Duty("engagement.return_visit", label=_("visit a customer again"), clause="VIS-05", remind_days=2)
#: What a visit found a customer dissatisfied with stays open until it is solved.
SOLVE: Final = Duty(
    "engagement.solve_dissatisfaction", label=_("solve what a customer is dissatisfied with"), clause="VIS-04",
    days=DISSATISFACTION_DAYS,
)  # fmt: skip
