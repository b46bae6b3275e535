"""The numbers by which processes tell the time; authorised people change them with a date and a reason."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

DAY_BEGINS: Final = declare(
    Parameter(
        "workflow.day_begins", int, 9, unit="o'clock", label=_("When the working day begins"), minimum=0, maximum=11
    )
)
DAY_ENDS: Final = declare(
    Parameter(
        "workflow.day_ends", int, 18, unit="o'clock", label=_("When the working day ends"), minimum=12, maximum=24
    )
)
