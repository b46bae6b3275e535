"""A report as it is kept: plain JSON of names, read into this form; what it names may be gone when it is run.

    {"module": "sales.opportunity", "related": ["customer"], "kind": "groups",
     "columns": ["name", "customer/city"], "sort": "-amount",
     "groups": [{"field": "expected_on", "by": "month"}, {"field": "customer/city", "order": "-figure"}],
     "figures": [{"how": "sum", "field": "amount"}], "period": {"field": "expected_on", "within": "this_year"},
     "filters": {"all": [{"field": "state", "op": "in", "value": ["open"]}]}, "chart": {"kind": "bar", "figure": 0}}

A field is named by itself, or with the related table it stands in before it: "customer/city".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.filters import PERIOD_LABELS
from guanxi.records.reporting.periods import UNITS

KINDS: dict[str, Any] = {"groups": _("Grouped, with totals"), "rows": _("List of single rows")}
CHARTS: dict[str, Any] = {
    "": _("No chart"), "bar": _("Bars"), "line": _("Line"), "pie": _("Pie"), "funnel": _("Funnel"),
}  # fmt: skip
HOW: dict[str, Any] = {
    "count": pgettext_lazy("calculation", "number of rows"), "sum": pgettext_lazy("calculation", "sum"),
    "average": pgettext_lazy("calculation", "average"), "min": pgettext_lazy("calculation", "smallest"),
    "max": pgettext_lazy("calculation", "largest"),
}  # fmt: skip
#: In which order the groups stand: by what they are called, or by the first calculation.
ORDERS: dict[str, Any] = {
    "": _("ascending"), "-": _("descending"), "-figure": _("largest first"), "figure": _("smallest first"),
}  # fmt: skip
MOST_GROUPS, MOST_FIGURES, MOST_COLUMNS = 3, 6, 20
#: The longest of "the last n days".
MOST_DAYS = 3660


@dataclass(frozen=True)
class Group:
    """What rows are put together by; `by`: the unit of a date."""

    field: str
    by: str = ""
    order: str = ""


@dataclass(frozen=True)
class Figure:
    """What is calculated of each group; counting needs no field."""

    how: str
    field: str = ""


@dataclass(frozen=True)
class Period:
    """The standard date filter: a named period, the last `days`, or from one day until another."""

    field: str = ""
    within: str = ""
    days: int = 0
    first: str = ""
    last: str = ""

    def __bool__(self) -> bool:
        return bool(self.field and (self.within or self.days or self.first or self.last))


@dataclass(frozen=True)
class Definition:
    """A report: its primary module, what depends on it, and what is shown of both."""

    module: str
    related: tuple[str, ...] = ()
    kind: Literal["groups", "rows"] = "groups"
    columns: tuple[str, ...] = ()
    sort: str = ""
    groups: tuple[Group, ...] = ()
    figures: tuple[Figure, ...] = ()
    period: Period = Period()
    filters: Mapping[str, Any] = field(default_factory=dict)
    chart: str = ""
    drawn: int = 0

    @property
    def calculated(self) -> tuple[Figure, ...]:
        """The figures; a grouped report counts at least."""
        return self.figures or (Figure("count"),)

    def within(self, period: Period, filters: Mapping[str, Any]) -> Definition:
        """The same report with another period and other filters, for one run."""
        return replace(self, period=period, filters=filters)

    def as_dict(self) -> dict[str, Any]:
        """The JSON that `read` takes."""
        period = {name: value for name, value in vars(self.period).items() if value}
        return {
            "module": self.module, "related": list(self.related), "kind": self.kind, "columns": list(self.columns),
            "sort": self.sort, "groups": [vars(each) for each in self.groups],
            "figures": [vars(each) for each in self.figures], "period": period, "filters": dict(self.filters),
            "chart": {"kind": self.chart, "figure": self.drawn},
        }  # fmt: skip


def _wrong(message: Message | None = None) -> Invalid:
    return Invalid({"definition": [message or Message("This report has the wrong form.")]})


def _texts(given: Any, most: int) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise _wrong()
    if len(given) > most:
        raise _wrong(Message("At most %(most)s columns fit into a report.", most=most))
    return tuple(dict.fromkeys(each for each in given if each))


def _parts(given: Any, names: set[str], most: int) -> list[Mapping[str, Any]]:
    if not isinstance(given, list | tuple) or len(given) > most:
        raise _wrong()
    for each in given:
        if not isinstance(each, Mapping) or not set(each) <= names:
            raise _wrong()
        if not all(isinstance(value, str) for value in each.values()):
            raise _wrong()
    return list(given)


def _period(given: Any) -> Period:
    if not isinstance(given, Mapping) or not set(given) <= {"field", "within", "days", "first", "last"}:
        raise _wrong()
    days = given.get("days", 0)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= MOST_DAYS:
        raise _wrong(Message("The number of days lies between 1 and %(most)s.", most=MOST_DAYS))
    texts = {name: given.get(name, "") for name in ("field", "within", "first", "last")}
    if not all(isinstance(text, str) for text in texts.values()) or texts["within"] not in ("", *PERIOD_LABELS):
        raise _wrong()
    return Period(days=days, **texts)


def read(kept: Any) -> Definition:
    """The report that JSON describes; Invalid for what was never one. Whether its fields exist is not asked."""
    known = {"module", "related", "kind", "columns", "sort", "groups", "figures", "period", "filters", "chart"}
    if not isinstance(kept, Mapping) or not set(kept) <= known or not isinstance(kept.get("module"), str):
        raise _wrong()
    kind, sort, filters = kept.get("kind", "groups"), kept.get("sort", ""), kept.get("filters") or {}
    chart = kept.get("chart") or {}
    if kind not in KINDS or not isinstance(sort, str) or not isinstance(filters, Mapping):
        raise _wrong()
    if not isinstance(chart, Mapping) or chart.get("kind", "") not in CHARTS:
        raise _wrong()
    groups = tuple(Group(**each) for each in _parts(kept.get("groups", []), {"field", "by", "order"}, MOST_GROUPS))
    figures = tuple(Figure(**each) for each in _parts(kept.get("figures", []), {"how", "field"}, MOST_FIGURES))
    if any(group.by not in ("", *UNITS) or group.order not in ORDERS for group in groups):
        raise _wrong()
    if any(figure.how not in HOW for figure in figures):
        raise _wrong()
    drawn = chart.get("figure", 0)
    definition = Definition(
        module=kept["module"], related=_texts(kept.get("related", []), 12), kind=kind,
        columns=_texts(kept.get("columns", []), MOST_COLUMNS), sort=sort, groups=groups, figures=figures,
        period=_period(kept.get("period") or {}), filters=filters, chart=chart.get("kind", ""),
        drawn=drawn if isinstance(drawn, int) and 0 <= drawn < MOST_FIGURES else 0,
    )  # fmt: skip
    if kind == "rows" and not definition.columns:
        raise _wrong(Message("Choose at least one column."))
    if kind == "groups" and not groups:
        raise _wrong(Message("Choose what the rows are grouped by."))
    return definition
