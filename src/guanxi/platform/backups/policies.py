"""How many backups are kept."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

DAILY: Final = declare(
    Parameter("backups.daily_count", int, 7, label=_("Backups kept, one a day"), minimum=1, maximum=366)
)
WEEKLY: Final = declare(
    Parameter("backups.weekly_count", int, 5, label=_("Backups kept, one a week"), minimum=0, maximum=520)
)
MONTHLY: Final = declare(
    Parameter("backups.monthly_count", int, 12, label=_("Backups kept, one a month"), minimum=0, maximum=240)
)
