"""Days put together to weeks, months, quarters and years by the database: the first day stands for all of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateField, DateTimeField, Func
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.dates import add_months
from guanxi.platform.calendar import CHINA

UNITS: dict[str, Any] = {
    "day": pgettext_lazy("grouped by", "Day"),
    "week": pgettext_lazy("grouped by", "Week"),
    "month": pgettext_lazy("grouped by", "Month"),
    "quarter": pgettext_lazy("grouped by", "Quarter"),
    "year": pgettext_lazy("grouped by", "Year"),
}

#: SQLite keeps days as texts, so that most of it is cutting; its own functions are many times faster than Python's.
_SQLITE = {
    "day": "substr({0}, 1, 10)",
    "week": "date({0}, 'weekday 0', '-6 days')",
    "month": "(substr({0}, 1, 8) || '01')",
    "quarter": "(substr({0}, 1, 5) || substr('01040710', ((substr({0}, 6, 2) + 2) / 3) * 2 - 1, 2) || '-01')",
    "year": "(substr({0}, 1, 5) || '01-01')",
}


class FirstDay(Func):
    """The first day of the unit in which a day, or a moment in China, lies."""

    output_field = DateField()

    def __init__(self, expression: Any, unit: str, **extra: Any) -> None:
        if unit not in UNITS:
            raise ValueError(f"unknown unit {unit}")
        self.unit = unit
        super().__init__(expression, **extra)

    @property
    def _is_moment(self) -> bool:
        return isinstance(self.get_source_expressions()[0].output_field, DateTimeField)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Moments are kept in UTC; China has had one offset since 1991."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        if not self._is_moment:
            return self._cut(column, params)
        offset = datetime.datetime(2000, 1, 1, tzinfo=CHINA).utcoffset()
        hours = int((offset or datetime.timedelta()).total_seconds() // 3600)
        return self._cut(f"datetime({column}, '{hours:+d} hours')", params)

    def _cut(self, column: str, params: Any) -> tuple[str, Any]:
        form = _SQLITE[self.unit]
        return form.format(column), [*params] * form.count("{0}")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The same by PostgreSQL's own calendar."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        local = f"({column} AT TIME ZONE '{CHINA.key}')" if self._is_moment else f"({column})::timestamp"
        return f"(date_trunc('{self.unit}', {local}))::date", params


def last_day(first: datetime.date, unit: str) -> datetime.date:
    """The last day of the unit that begins with a day."""
    if unit in ("day", "week"):
        return first + datetime.timedelta(days=0 if unit == "day" else 6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return add_months(first, months) - datetime.timedelta(days=1)


def name_of(first: datetime.date, unit: str) -> str:
    """A unit as people write it, by its first day: 2026-11, 2026 Q4, the week from 2026-11-16."""
    if unit == "week":
        return str(_("week from %(day)s") % {"day": first.isoformat()})
    if unit == "quarter":
        return f"{first.year} Q{(first.month + 2) // 3}"
    return first.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]
