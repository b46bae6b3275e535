"""What people owe on the way of an information file, and to a new customer."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty
from guanxi.rooms.intake.policies import CONTACT_DAYS, FILING_DAYS, NAMING_DAYS

#: Two working days from the collection, the manager's review among them; whose file it is owes it.
ENTER: Final = Duty("intake.enter_file", label=_("enter a collected company as a customer"), clause="WF-10")
#: On the working day after its entry; the designated person owes it.
SEND: Final = Duty("intake.send_file", label=_("send a file to marketing"), clause="WF-11", remind_days=0)
#: The regulation names no day for these two; how long they may take is a parameter.
NAME_FILER: Final = Duty(
    "intake.name_filer", label=_("name who sorts and files"), clause="WF-12", days=NAMING_DAYS, remind_days=0
)
FILE_AWAY: Final = Duty("intake.file_away", label=_("sort and file"), clause="WF-12", days=FILING_DAYS)
#: A week from the day on which a new customer came into somebody's hands, holidays or not.
CONTACT: Final = Duty(
    "intake.contact_customer", label=_("speak with a new customer"), clause="WF-17", days=CONTACT_DAYS, working=False
)
