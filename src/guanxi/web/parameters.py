"""Values of the regulation's parameters as people read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.kernel.errors import Invalid
from guanxi.kernel.money import format_money
from guanxi.kernel.policy import Parameter

#: What each unit of a parameter is called.
UNITS = {
    "days": gettext_lazy("days"),
    "CNY": gettext_lazy("yuan"),
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "months": gettext_lazy("months"),
    "o'clock": gettext_lazy("o'clock"),
    "MB": "MB",
    "rows": pgettext_lazy("unit", "rows"),
    "records": pgettext_lazy("unit", "records"),
}


def shown(parameter: Parameter[Any], value: Any) -> str:
    """A value with its unit."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if parameter.kind == "money":
        return format_money(value)
    if parameter.kind == "percent":
        return f"{value.normalize():f}%"
    return f"{value} {unit_of(parameter)}".strip()


def unit_of(parameter: Parameter[Any]) -> str:
    """What the parameter counts, in the reader's language."""
    return str(UNITS.get(parameter.unit, parameter.unit))


def stored(parameter: Parameter[Any], value: Any) -> str:
    """A value as it is kept; one that a later version of the program no longer allows stays readable."""
    try:
        return shown(parameter, parameter.load(value))
    except Invalid:
        return str(value)
