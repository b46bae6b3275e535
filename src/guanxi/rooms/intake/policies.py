"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: Within so many working days after it was collected an approved file stands in the customer master.
ENTRY_DAYS: Final = declare(
    Parameter(
        "intake.entry_days",
        "days",
        2,
        label=_("Working days after collection within which an approved information file is entered"),
        clause="WF-10",
        minimum=1,
        maximum=30,
    )
)

#: So many working days after its entry a file goes to marketing.
SENDING_DAYS: Final = declare(
    Parameter(
        "intake.sending_days",
        "days",
        1,
        label=_("Working days after entry on which a file is sent to marketing"),
        clause="WF-11",
        minimum=1,
        maximum=30,
    )
)

#: What the regulation leaves open: how long marketing takes to name who files, and to file.
NAMING_DAYS: Final = declare(
    Parameter(
        "intake.naming_days",
        "days",
        1,
        label=_("Working days within which the marketing manager names who sorts and files"),
        clause="WF-12",
        minimum=1,
        maximum=30,
    )
)
FILING_DAYS: Final = declare(
    Parameter(
        "intake.filing_days",
        "days",
        5,
        label=_("Working days within which a file sent to marketing is sorted and filed"),
        clause="WF-12",
        minimum=1,
        maximum=90,
    )
)

#: So many days after a customer was given to somebody the manager may give it to somebody else.
CONTACT_DAYS: Final = declare(
    Parameter(
        "intake.contact_days",
        "days",
        7,
        label=_("Days within which a new customer is contacted by whom it was assigned to"),
        clause="WF-17",
        minimum=1,
        maximum=92,
    )
)

#: For how long marketing may open a file that it collected for somebody else, or that was sent to it.
SIGHT_DAYS: Final = declare(
    Parameter(
        "intake.sight_days",
        "days",
        92,
        label=_("Days for which marketing may open an information file it collected or was sent"),
        minimum=1,
        maximum=731,
    )
)

#: Whether new customers come from approved files alone; else only companies of which a file exists are held to it.
ONLY_BY_FILE: Final = declare(
    Parameter(
        "intake.only_by_file",
        bool,
        False,
        label=_("New customers come from approved information files only"),
        clause="WF-09",
    )
)
