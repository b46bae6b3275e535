"""What the page of a customer shows at a glance: figures, key people, competition, open matters, warnings."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Reason
from guanxi.kernel.money import format_money
from guanxi.platform.obligations.keeping import OBLIGATION
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.policy.values import value_of
from guanxi.platform.prepared import Prepared
from guanxi.records import masking, picklists, registry
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.models import Contact, Contribution, Customer
from guanxi.rooms.customers.models.knowledge import ContributionState
from guanxi.rooms.customers.models.market import Direction, WentTo
from guanxi.rooms.customers.picklists import DEALING_STATUSES, KEY_ROLES, STATUS
from guanxi.rooms.customers.policies import FEWEST_SOURCES, QUIET_DAYS
from guanxi.rooms.customers.queries.archive import block_states, completeness
from guanxi.rooms.customers.queries.figures import Month
from guanxi.rooms.customers.queries.reports import not_internal, notes_on
from guanxi.rooms.customers.rules import must_keep_policy_notes, one_sided_information
from guanxi.rooms.customers.sources import Figure, NextStep

#: The roles whose holders count as key people beside the first contact.
KEY_PEOPLE = (*KEY_ROLES, "decision_maker")


def whole_yuan(amount: Decimal) -> str:
    """An amount for the head of a page: without 角 and 分, which nobody reads there."""
    return format_money(amount).rpartition(".")[0]


# ---- Figures ---------------------------------------------------------------------------------------------------------


def figures(
    ctx: Context,
    customer: Customer,
    trend: Sequence[Month],
    people: Sequence[Contact],
    market: Competition,
    none_of: Collection[str] = (),
) -> list[Figure]:
    """The strip at the head of the page: this room's figures and those of the rooms above, in their order."""
    own = [_sales(trend), _contact(ctx, customer), _orders(market), _people(customer, people), _completeness(customer)]
    asked = [source for source in sources.figure_sources if getattr(source, "only", "") not in none_of]
    told = [figure for source in asked for figure in source.figures(ctx, customer)]
    return sorted([*told, *own], key=lambda figure: figure.order)


def _sales(trend: Sequence[Month]) -> Figure:
    total = sum((month.amount for month in trend), Decimal(0))
    before = sum((month.year_before for month in trend), Decimal(0))
    note, tone = "", ""
    if before:
        change = int((total - before) * 100 / before)
        note = f"{'↑' if change > 0 else '↓' if change < 0 else '→'} {abs(change)}%"
        tone = "red" if change <= -20 else ""
    return Figure(_("Sales, 12 months"), whole_yuan(total), note, tone, order=40)


def _contact(ctx: Context, customer: Customer) -> Figure:
    day, who = customer.last_contact_on, str(customer.owner or "")
    if day is None:
        return Figure(
            _("Last contact"), _("never"), who, "red" if customer.status in DEALING_STATUSES else "", order=50
        )
    days = (ctx.today - day).days
    value = ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days} if days > 0 else _("today")
    return Figure(_("Last contact"), value, who, "red" if days > ctx.value_of(QUIET_DAYS) else "", order=50)


def _orders(market: Competition) -> Figure:
    note = _("%(count)s went to competitors") % {"count": market.lost} if market.lost else _("none lost")
    return Figure(_("Orders, 12 months"), str(market.won), note, order=60)


def _people(customer: Customer, people: Sequence[Contact]) -> Figure:
    count = _CONTACTS.count(customer=customer.pk)
    key = sum(1 for person in people if set(person.roles) & set(KEY_PEOPLE))
    note = (
        ngettext("%(count)s key person", "%(count)s key people", key) % {"count": key}
        if key
        else _("no key people yet")
    )
    return Figure(_("Contacts"), str(count), note, "" if count else "red", order=70)


def _completeness(customer: Customer) -> Figure:
    percent = completeness(customer)
    missing = sum(len(state.missing) for state in block_states(customer))
    note = _("%(count)s items missing") % {"count": missing} if missing else _("complete")
    return Figure(_("Completeness"), f"{percent}%", note, share=percent, order=80)


# ---- People ----------------------------------------------------------------------------------------------------------


def key_people(ctx: Context, customer: Customer, limit: int = 5) -> list[Contact]:
    """The first contact and who leads or decides, in that order (ARC-03)."""
    people = _LEADING.rows(limit, customer=customer.pk)
    return masking.guard(ctx, registry.entry("customers.contact"), people)


def _leading(limit: int, customer: Any) -> QuerySet[Contact]:
    leads = Q(primary=True)
    for role in KEY_PEOPLE:
        leads |= Q(roles__contains=f"|{role}|")
    return Contact.objects.filter(leads, customer=customer, deleted_at=None).order_by("-primary", "created_at")[:limit]


_LEADING = Prepared(_leading)
_CONTACTS = Prepared(lambda customer: Contact.objects.filter(customer=customer, deleted_at=None))


# ---- Competition -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rival:
    """One competitor at a customer: the orders of twelve months that it got, and how we stand against it."""

    name: str
    competitor_id: uuid.UUID
    lost: int
    lost_amount: Decimal
    our_share: Decimal | None = None
    their_share: Decimal | None = None


@dataclass(frozen=True)
class Competition:
    """Where the orders of the last twelve months went (ARC-07)."""

    won: int
    lost: int
    rivals: tuple[Rival, ...]

    @property
    def our_share(self) -> Decimal | None:
        """Our share at the customer as noted in the newest standing."""
        return next((rival.our_share for rival in self.rivals if rival.our_share is not None), None)


def competition(ctx: Context, customers: Sequence[Customer]) -> Competition:
    """Won and lost orders of these customers, by competitor, with the newest standing against each."""
    keys = [customer.pk for customer in customers]
    rows = _WENT_TO.rows(ctx, customers=keys, after=add_months(ctx.today, -12))
    shares: dict[uuid.UUID, tuple[str, Decimal | None, Decimal | None]] = {}
    for pk, name, ours, theirs in _STANDINGS.rows(ctx, customers=keys):
        shares.setdefault(pk, (name, ours, theirs))
    lost = {pk: (name, n, total or Decimal(0)) for went_to, pk, name, n, total in rows if went_to == WentTo.COMPETITOR}
    rivals = [
        Rival(
            (lost.get(pk) or shares[pk])[0], pk, lost[pk][1] if pk in lost else 0,
            lost[pk][2] if pk in lost else Decimal(0), *shares.get(pk, ("", None, None))[1:],
        )
        for pk in dict.fromkeys([*shares, *lost])
    ]  # fmt: skip
    return Competition(
        won=sum(n for went_to, _pk, _name, n, _total in rows if went_to == WentTo.US),
        lost=sum(n for _name, n, _total in lost.values()),
        rivals=tuple(rivals),
    )


_WENT_TO = Scoped(
    lambda ctx, customers, after: (
        ctx.search("customers.marketflow")
        .filter(customer__in=customers, direction=Direction.SALE, ordered_on__gt=after)
        .values_list("went_to", "competitor_id", "competitor__name")
        .annotate(n=Count("id"), total=Sum("amount"))
        .order_by()
    )
)
_STANDINGS = Scoped(
    lambda ctx, customers: (
        ctx.search("customers.competitorstanding")
        .filter(customer__in=customers)
        .order_by("-as_of", "-pk")
        .values_list("competitor_id", "competitor__name", "our_share", "their_share")
    )
)


# ---- Open matters ----------------------------------------------------------------------------------------------------


def next_steps(ctx: Context, customers: Sequence[Customer], limit: int = 6) -> list[NextStep]:
    """What is to be done about these customers, earliest first; what has no day comes last."""
    steps = [step for source in sources.next_step_sources for step in source.next_steps(ctx, customers, limit)]
    return sorted(steps, key=lambda step: step.due_on or datetime.date.max)[:limit]


_OWED = Scoped(
    lambda ctx, limit, customer: (
        ctx.search(OBLIGATION)
        .filter(Q(record_id=customer) | Q(within_id=customer), state=State.OPEN)
        .select_related("owner")
        .order_by("due_on", "pk")[:limit]
    )
)


def open_duties(ctx: Context, customer: Customer, limit: int = 8) -> list[Obligation]:
    """What is owed about the customer, by day, as far as it is this person’s business: his own, or his people’s."""
    return _OWED.rows(ctx, limit, customer=customer.pk)


def open_contributions(customer: Customer, limit: int = 5) -> list[Contribution]:
    """What waits for the archivist about a customer, the newest first.

    Who sees the customer sees it, whoever contributed it (ARC-23).
    """
    return _WAITING.rows(limit, customer=customer.pk)


def newest_needs(ctx: Context, customer: Customer, limit: int = 4) -> list[Any]:
    """What the customer needs or prefers, as collected last (ARC-10)."""
    return _NEEDS.rows(ctx, limit, customer=customer.pk)


_WAITING = Prepared(
    lambda limit, customer: (
        Contribution.objects.filter(customer=customer, state=ContributionState.WAITING, deleted_at=None)
        .select_related("owner")
        .order_by("-created_at")[:limit]
    )
)
_NEEDS = Scoped(
    lambda ctx, limit, customer: (
        ctx.search("customers.need").filter(customer=customer).select_related("owner").order_by("-collected_on")[:limit]
    )
)


def warnings(ctx: Context, customer: Customer) -> tuple[Reason, ...]:
    """What the regulation finds wanting in a key account's archive (ARC-06, ARC-36)."""
    if not customer.key_account:
        return ()
    policy_notes, sources_of_notes, notes = notes_on(customer)
    decision = must_keep_policy_notes(customer.key_account, policy_notes)
    fewest = ctx.value_of(FEWEST_SOURCES)
    return (decision & one_sided_information(customer.key_account, sources_of_notes, notes, fewest)).warnings


# ---- The books -------------------------------------------------------------------------------------------------------


def visit_log(ctx: Context, customer: Customer) -> list[sources.TimelineEntry]:
    """The customer's visit log, newest first (ARC-40)."""
    entries = [entry for source in sources.contact_sources for entry in source.visits(ctx, customer)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def purchase_and_sale_record(ctx: Context, customer: Customer) -> list[sources.Dealing]:
    """What the customer bought of us and sold to us, newest first (ARC-40, ARC-41)."""
    lines: Iterable[sources.Dealing] = (
        line for source in sources.dealing_sources for line in source.dealings(ctx, customer)
    )
    return sorted(lines, key=lambda line: line.on, reverse=True)


@dataclass(frozen=True)
class Totals:
    """What a customer bought of us, sold to us and sold on in a period (SAL-09)."""

    name: str
    quantity: Decimal
    sold: Decimal
    bought: Decimal
    resold_quantity: Decimal
    resold: Decimal


def totals_of(lines: Iterable[sources.Dealing], by: str) -> list[Totals]:
    """The lines of a purchase-and-sale record added up by "month", "quarter" or "year", newest first; "": all."""
    groups: dict[str, list[sources.Dealing]] = {}
    for line in lines:
        year, month = line.on.year, line.on.month
        names = {"month": f"{year}-{month:02}", "quarter": f"{year} Q{(month + 2) // 3}", "year": str(year)}
        groups.setdefault(names.get(by, ""), []).append(line)
    return [_added_up(name, groups[name]) for name in sorted(groups, reverse=True)]


def _added_up(name: str, lines: list[sources.Dealing]) -> Totals:
    bought = [line for line in lines if line.is_sale and not line.is_resale]
    resold = [line for line in lines if line.is_resale]
    to_us = [line for line in lines if not line.is_sale and not line.is_resale]
    nothing = Decimal(0)
    return Totals(
        name,
        sum((line.quantity or nothing for line in bought), nothing),
        sum((line.amount or nothing for line in bought), nothing),
        sum((line.amount or nothing for line in to_us), nothing),
        sum((line.quantity or nothing for line in resold), nothing),
        sum((line.amount or nothing for line in resold), nothing),
    )


def contact_directory(ctx: Context, customer: Customer) -> list[Any]:
    """Everybody we know at a customer, the first contact on top (ARC-40)."""
    return list(ctx.search("customers.contact").filter(customer=customer).order_by("-primary", "office", "name"))


# ---- The workbench ---------------------------------------------------------------------------------------------------


def quiet_customers(ctx: Context) -> QuerySet[Customer]:
    """Customers in contact or dealing with us whom nobody has spoken to for the quiet days, longest silence first."""
    days = datetime.timedelta(days=value_of(QUIET_DAYS, ctx.today))
    since = ctx.today - days
    rows = ctx.search("customers.customer").filter(status__in=("following", *DEALING_STATUSES))
    never = Q(last_contact_on=None, created_at__lt=ctx.now - days)
    silent = rows.filter(Q(last_contact_on__lt=since) | never)
    return silent.select_related("owner").order_by(F("last_contact_on").asc(nulls_first=True), "name")


def both_ends(ctx: Context, each: int = 3) -> tuple[list[Customer], list[Customer]]:
    """The largest buyers of twelve months, and the largest of those at risk: 抓两头."""
    rows = ctx.search("customers.customer").filter(not_internal()).select_related("owner")
    top = rows.filter(sales_12m__gt=0).exclude(status__in=("at_risk", "lost")).order_by("-sales_12m", "name")
    return list(top[:each]), list(rows.filter(status="at_risk").order_by("-sales_12m", "name")[:each])


@dataclass(frozen=True)
class StatusShare:
    """How many customers stand in one status, and what they bought in twelve months."""

    status: str
    customers: int
    sales: Decimal


def by_status(ctx: Context) -> list[StatusShare]:
    """The customers this person sees by status, in the order of the relation."""
    rows = ctx.search("customers.customer").values_list("status").annotate(n=Count("id"), total=Sum("sales_12m"))
    found = {status: (n, total or Decimal(0)) for status, n, total in rows.order_by()}
    order = [value for value, _label in picklists.choices(STATUS, inactive=True)]
    return [StatusShare(status, *found[status]) for status in [*order, *(set(found) - set(order))] if status in found]


def new_customers_between(ctx: Context, first: datetime.date, last: datetime.date) -> int:
    """How many customers were collected, both days included."""
    return ctx.search("customers.customer").filter(collected_on__range=(first, last)).count()


def sales_between(ctx: Context, first: datetime.date, last: datetime.date) -> Decimal:
    """What the customers this person sees ordered of us, both days included, in yuan."""
    flows = ctx.search("customers.marketflow").filter(
        went_to=WentTo.US, direction=Direction.SALE, ordered_on__range=(first, last)
    )
    return flows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
