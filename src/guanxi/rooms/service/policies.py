"""How soon tickets are settled, by their priority; authorised people change it with a date and a reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare


def _within(name: str, days: int, label: object) -> Parameter[int]:
    return declare(Parameter(f"service.{name}_days", "days", days, label=label, minimum=0, maximum=250))


#: Working days from the day a ticket was reported, or taken up again, to the day by which it is settled.
URGENT_DAYS: Final = _within("urgent", 1, _("Working days to settle an urgent ticket"))
HIGH_DAYS: Final = _within("high", 2, _("Working days to settle a ticket of high priority"))
NORMAL_DAYS: Final = _within("normal", 5, _("Working days to settle an ordinary ticket"))
LOW_DAYS: Final = _within("low", 10, _("Working days to settle a ticket of low priority"))
