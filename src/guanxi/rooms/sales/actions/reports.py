"""Reports on periods: asked for, owed, handed in; the sales reports of days and weeks in the archive (RPT-05 to 07)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.dates import Period
from guanxi.kernel.decision import Decision
from guanxi.kernel.money import format_money
from guanxi.platform.calendar import local
from guanxi.platform.files.storage import store
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.people.models import Person
from guanxi.records import workbooks
from guanxi.records.actions import Action
from guanxi.records.context import Context, system_context
from guanxi.records.events import RecordsWritten
from guanxi.records.standard import create
from guanxi.rooms.catalog.public import Product
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.sales.duties import ANALYSE_MARKET, SUM_UP
from guanxi.rooms.sales.models import FiledReport, PeriodReport, ReportKind, ReportState, SalesOrder
from guanxi.rooms.sales.models.plans import Level, period_name, period_of
from guanxi.rooms.sales.policies import SUMMARY_DAYS
from guanxi.rooms.sales.queries.plans import SOLD, Sale, sales
from guanxi.rooms.sales.queries.reports import (
    DAY,
    REPORT,
    WEEK,
    grouped,
    head_of_selling,
    reported_period,
    summaries_to_ask_for,
    summary_due,
    total,
)
from guanxi.rooms.sales.rules import has_something_written, is_asked_once, period_has_begun, stays_as_asked
from guanxi.web import taking_out

_ONE_DAY = datetime.timedelta(days=1)
#: So many days are made up for at most when nothing ran for a while.
MADE_UP_DAYS = 31
DAILY_PAPER = "dossiers.dailypaper"

# ---- What is written about a period ----------------------------------------------------------------------------------


def _duty(report: PeriodReport) -> Duty:
    return SUM_UP if report.kind == ReportKind.SUMMARY else ANALYSE_MARKET


def complete_report(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A report is about a whole period, whichever day of it was named."""
    if record is None and values.get("begins_on"):
        begins = period_of(values.get("level") or Level.MONTH, values["begins_on"]).start
        return {**values, "begins_on": begins}
    return values


def report_stays_as_asked(ctx: Context, report: Any, changed: frozenset[str]) -> Decision:
    """Once asked for, neither what it is about nor its day changes: the duty stands by it."""
    if report._state.adding:
        return Decision.allow()
    clause = _duty(report).clause
    return stays_as_asked(clause, bool(changed & {"kind", "level", "begins_on", "due_on"}))


def report_is_asked_once(ctx: Context, report: Any, changed: frozenset[str]) -> Decision:
    """Nobody else is asked for the same report on the same time."""
    if not changed & {"kind", "level", "begins_on", "subject"}:
        return Decision.allow()
    report.place()
    found = PeriodReport.objects.filter(slot=report.slot, deleted_at=None).exclude(pk=report.pk).first()
    return is_asked_once(_duty(report).clause, "" if found is None else found.name)


def owe_reports(event: RecordsWritten, at: datetime.datetime) -> None:
    """Whoever a report is asked of owes it, by its day; a new author owes it instead (RPT-06, RPT-07)."""
    if event.module != REPORT:
        return
    rows = PeriodReport.objects.filter(pk__in=event.records, state=ReportState.OPEN, deleted_at=None)
    for report in rows.select_related("owner"):
        if report.owner is not None:
            owed = keeping.open_duty(
                _duty(report), key=str(report.pk), owner=report.owner, subject=report.name, due_on=report.due_on,
                at=at, module=REPORT, record_id=report.pk,
            )  # fmt: skip
            if owed.owner_id != report.owner_id:
                keeping.hand_over(_duty(report), key=str(report.pk), to=report.owner, at=at)


def _may_hand_in(ctx: Context, report: Any, values: Mapping[str, Any]) -> Decision:
    clause = _duty(report).clause
    has_text = bool(report.content.strip() or report.file_id)
    return has_something_written(clause, has_text) & period_has_begun(clause, report.begins_on, ctx.today)


def _hand_in(ctx: Context, report: Any, values: dict[str, Any]) -> None:
    report.handed_in_on, report.is_late = ctx.today, ctx.today > report.due_on
    keeping.discharge(_duty(report), key=str(report.pk), by=ctx.actor, at=ctx.now, evidence=(REPORT, report.pk))


HAND_IN_REPORT = Action(
    name="hand_in_report",
    label=gettext_lazy("Hand in the report"),
    icon="send",
    tone="ink",
    rules=(_may_hand_in,),
    states=(ReportState.OPEN,),
    to_state=ReportState.HANDED_IN,
    perform=_hand_in,
    undoable=False,
)


def ask_for_summaries(at: datetime.datetime) -> int:
    """After each month, quarter and year its summary is asked of whoever answers for all sales (RPT-06)."""
    person = head_of_selling()
    if person is None:
        return 0
    ctx = system_context(person, now=at)
    wanted = summaries_to_ask_for(ctx)
    for level, period in wanted:
        create(
            ctx, REPORT, kind=ReportKind.SUMMARY, level=level, begins_on=period.start, owner=person,
            due_on=summary_due(period, ctx.value_of(SUMMARY_DAYS)),
        )  # fmt: skip
    return len(wanted)


# ---- The daily archive (RPT-05) --------------------------------------------------------------------------------------


def file_reports(at: datetime.datetime) -> int:
    """Put the sales reports of the days and weeks that have ended into the daily archive, each once; how many."""
    person = head_of_selling()
    if person is None or not SalesOrder.objects.filter(state__in=SOLD, deleted_at=None).exists():
        return 0
    return sum(_file(level, period, person, at) for level in (DAY, WEEK) for period in _unfiled(level, at))


def _unfiled(level: str, at: datetime.datetime) -> list[Period]:
    """The days or weeks that ended since the last one that was filed; at first just the one that ended last."""
    last = reported_period(level, reported_period(level, local(at).date()).start - _ONE_DAY)
    filed = FiledReport.objects.filter(level=level).order_by("-begins_on").first()
    day = last.start
    if filed is not None:
        after = reported_period(level, filed.begins_on).end + _ONE_DAY
        day = max(after, last.start - MADE_UP_DAYS * _ONE_DAY)
    found = []
    while day <= last.start:
        found.append(reported_period(level, day))
        day = found[-1].end + _ONE_DAY
    return found


def _file(level: str, period: Period, person: Person, at: datetime.datetime) -> int:
    ctx = system_context(person, now=at)
    with translation.override(settings.LANGUAGE_CODE):
        found = sales(period)
        title = _title(level, period)
        content = _content(found, at)
        book = store(_workbook(ctx, title, found), f"{title}.xlsx", person, at)
    with transaction.atomic():
        row, is_new = FiledReport.objects.get_or_create(level=level, begins_on=period.start)
        if is_new:
            kind = "day_report" if level == DAY else "week_report"
            row.paper = create(
                ctx, DAILY_PAPER, kind=kind, dated_on=period.end, title=title, content=content, file=book, owner=person
            )
            row.save(update_fields=["paper"])
    return int(is_new)


def _title(level: str, period: Period) -> str:
    if level == DAY:
        return _("Sales report of %(day)s") % {"day": f"{period.start:%Y-%m-%d}"}
    return _("Sales report, %(week)s") % {"week": period_name(Level.WEEK, period)}


def _tables(found: list[Sale]) -> list[tuple[str, list[tuple[str, int, Any]]]]:
    """The sales by salesperson, customer and product, as names and figures."""
    tables = []
    kinds = (
        (_("By salesperson"), "owner", Person), (_("By customer"), "customer", Customer),
        (_("By product"), "product", Product),
    )  # fmt: skip
    for label, by, model in kinds:
        parts = grouped(found, by)
        names = {row.pk: str(row) for row in model.objects.filter(pk__in=[part.key for part in parts])}
        rows = [(names.get(part.key, _("nobody")) if part.key else _("nobody"), part.orders, part.amount)
                for part in parts]  # fmt: skip
        tables.append((label, rows))
    return tables


def _content(found: list[Sale], at: datetime.datetime) -> str:
    """The report as text, which the search of the archive finds."""
    count = len({sale.order for sale in found})
    told = {"amount": format_money(total(found)), "count": count, "at": f"{local(at):%Y-%m-%d %H:%M}"}
    lines = [_("Sold %(amount)s yuan in %(count)s orders, as at %(at)s.") % told]
    for label, rows in _tables(found):
        if rows:
            lines += ["", label, *(f"{name}  {format_money(amount)}" for name, _count, amount in rows)]
    return "\n".join(lines)


def _workbook(ctx: Context, title: str, found: list[Sale]) -> bytes:
    heads = [_("Counted by"), _("Name"), _("Orders"), _("Sold")]
    values = [[label, name, count, amount] for label, rows in _tables(found) for name, count, amount in rows]
    values.append([_("Total"), None, len({sale.order for sale in found}), total(found)])
    return taking_out.workbook(ctx, title, heads, values, ["", "", "", workbooks.MONEY])
