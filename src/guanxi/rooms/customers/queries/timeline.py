"""The customer's timeline: what this room and the rooms above know of a customer, newest first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.platform import calendar
from guanxi.platform.access.models import Scope
from guanxi.platform.prepared import Prepared
from guanxi.records import history, registry
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers import picklists, sources
from guanxi.rooms.customers.models import Contribution, Opinion
from guanxi.rooms.customers.models.market import WentTo
from guanxi.rooms.customers.sources import TimelineEntry

LIMIT = 40


def timeline(
    ctx: Context, customers: Sequence[Any], limit: int = LIMIT, none_of: Collection[str] = ()
) -> list[TimelineEntry]:
    """Everything that happened with customers (one, or a head office and its institutions) that the person may see.

    `none_of`: record types of which they are known to have none, so that whoever tells of these alone is not asked.
    """
    asked = [source for source in sources.timeline_sources if getattr(source, "only", "") not in none_of]
    entries = [entry for source in asked for entry in source.entries(ctx, customers, limit)]
    return sorted(entries, key=lambda entry: _moment(entry.at), reverse=True)[:limit]


def _moment(at: datetime.date) -> datetime.datetime:
    """A day without a time counts as its end: what is only dated stands above the day's moments."""
    if isinstance(at, datetime.datetime):
        return at
    return datetime.datetime.combine(at, datetime.time.max, tzinfo=calendar.CHINA)


def reachable(ctx: Context, module: str, row: Any) -> bool:
    """Whether the person may open what belongs to a customer he sees, but is judged by who contributed it."""
    return row.owner_id == ctx.actor.pk or ctx.scope(registry.module(module)) is Scope.ALL


def _changed(change: history.Change) -> str:
    return _("%(field)s: %(old)s → %(new)s") % {
        "field": capfirst(str(change.label)), "old": change.old or "—", "new": change.new or "—"
    }  # fmt: skip


def _keys(customers: Sequence[Any]) -> list[Any]:
    return [customer.pk for customer in customers]


_ROWS = Scoped(
    lambda ctx, module, order, limit, customers: (
        ctx.search(module).filter(customer__in=customers).select_related("owner").order_by(order)[:limit]
    )
)
_TRENDS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("customers.trendreference")
        .filter(customer__in=customers)
        .select_related("trend", "owner")
        .order_by("-created_at")[:limit]
    )
)
_FLOWS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("customers.marketflow")
        .filter(customer__in=customers)
        .select_related("competitor", "product")
        .order_by("-ordered_on")[:limit]
    )
)
_OPINIONS = Prepared(
    lambda limit, customers: (
        Opinion.objects.filter(customer__in=customers, deleted_at=None)
        .select_related("owner", "department")
        .order_by("-expressed_on")[:limit]
    )
)
_CONTRIBUTIONS = Prepared(
    lambda limit, customers: (
        Contribution.objects.filter(customer__in=customers, deleted_at=None)
        .select_related("owner")
        .order_by("-collected_on")[:limit]
    )
)


class Archive:
    """This room as the first source of the timeline: events, notes, opinions, needs, orders, filings, changes."""

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """Newest first within each kind."""
        for row in self._rows(ctx, "customers.changeevent", customers, "-happened_on", limit):
            yield TimelineEntry(
                at=row.happened_on, icon="refresh", title=label(picklists.CHANGE_KIND, row.kind), body=row.content,
                actor=str(row.owner or ""), tag=label(picklists.INFORMATION_SOURCE, row.source), clause="ARC-32",
                module="customers.changeevent", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip
        for row in self._rows(ctx, "customers.intelligencenote", customers, "-noted_on", limit):
            yield TimelineEntry(
                at=row.noted_on, icon="eye", title=_("Information"), body=row.content, actor=str(row.owner or ""),
                tag=label(picklists.INFORMATION_SOURCE, row.source), clause="ARC-36",
                module="customers.intelligencenote", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip
        for row in self._rows(ctx, "customers.need", customers, "-collected_on", limit):
            yield TimelineEntry(
                at=row.collected_on, icon="heart-handshake",
                title=_("Need: %(occasion)s") % {"occasion": label(picklists.OCCASION, row.occasion)}, body=row.content,
                actor=str(row.owner or ""), clause="ARC-10", module="customers.need", record_id=row.pk,
                customer_id=row.customer_id,
            )  # fmt: skip
        for row in _TRENDS.rows(ctx, limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.created_at, icon="trending-up", title=_("Trend: %(trend)s") % {"trend": row.trend.name},
                body=row.meaning, actor=str(row.owner or ""), clause="ARC-16",
                module="customers.trendreference", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip
        yield from self._opinions(ctx, customers, limit)
        yield from self._flows(ctx, customers, limit)
        yield from self._contributions(ctx, customers, limit)
        for customer in customers[:1]:
            yield from self._changes(ctx, customer)

    def _rows(self, ctx: Context, module: str, customers: Sequence[Any], order: str, limit: int) -> Iterable[Any]:
        return _ROWS.rows(ctx, module, order, limit, customers=_keys(customers))

    def _opinions(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        # An opinion that has found its customer belongs to the customer: who may see him sees it.
        for row in _OPINIONS.rows(limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.expressed_on, icon="message-2", title=label(picklists.OPINION_KIND, row.kind), body=row.content,
                actor=" · ".join(str(part) for part in (row.owner, row.department) if part),
                tone="red" if row.kind == "dissatisfaction" else "", tag=row.get_improvement_display(), clause="ARC-05",
                module="customers.opinion" if reachable(ctx, "customers.opinion", row) else "", record_id=row.pk,
                customer_id=row.customer_id,
            )  # fmt: skip

    def _flows(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        for row in _FLOWS.rows(ctx, limit, customers=_keys(customers)):
            ours = row.went_to == WentTo.US
            number = row.order_number or row.number
            title = (
                _("Order %(number)s") % {"number": number}
                if ours
                else _("Order went to %(competitor)s") % {"competitor": row.competitor}
            )
            spec = registry.entry("customers.marketflow").field("amount")
            yield TimelineEntry(
                at=row.ordered_on, icon="shopping-cart" if ours else "arrows-split", title=title,
                body=row.goods or str(row.product or ""), aside=spec.text(row), tone="" if ours else "red",
                tag="" if ours else label(picklists.LOST_REASON, row.lost_reason) if row.lost_reason else _("lost"),
                clause="ARC-07", module="customers.marketflow", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip

    def _contributions(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        for row in _CONTRIBUTIONS.rows(limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.collected_on, icon="inbox", title=label(picklists.CONTRIBUTION_KIND, row.kind), body=row.content,
                actor=str(row.owner or ""), tag=row.get_state_display(),
                tone={"waiting": "warn", "filed": "green"}.get(row.state, ""), aside=row.document, clause="ARC-23",
                module="customers.contribution" if reachable(ctx, "customers.contribution", row) else "",
                record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip

    def _changes(self, ctx: Context, customer: Any) -> Iterable[TimelineEntry]:
        for past in history.of(ctx, registry.entry("customers.customer"), customer, limit=15):
            if past.action == "create" or past.outcome != "done":
                continue
            shown = _("; ").join(_changed(change) for change in past.changes[:4])
            yield TimelineEntry(
                at=past.at,
                icon="pencil",
                title=_("Master data changed"),
                body=shown,
                actor=past.actor,
                customer_id=customer.pk,
            )
