"""The customer at a glance: everything about one customer on one page (ARC-38)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from guanxi.records import masking, registry
from guanxi.records.added import AddedField
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.rooms.customers import queries
from guanxi.rooms.customers.models import BLOCKS, Contact, Customer
from guanxi.rooms.customers.pages import tabs
from guanxi.rooms.customers.picklists import KEY_ROLES
from guanxi.rooms.customers.sources import tab_sources
from guanxi.web import addresses, cells, detail, panels
from guanxi.web.gate import Request, of_module
from guanxi.web.rendering import page

#: The facts of the left column, in order.
FACTS = (
    "owner", "status", "stage", "stage_on", "legal_representative", "operating_manager", "phone", "industry", "size",
    "market_area", "demand_level", "market_role", "relations", "goods_consumed", "source", "first_dealing_on", "vendor",
)  # fmt: skip
PROFILE = ("personality", "interests", "hobbies", "family", "education", "age", "ability", "career")
#: Records that can be added from the page, in the order of the menu; the first three are buttons.
NEW = (
    "engagement.visitreport", "engagement.task", "engagement.memo", "customers.contact", "intake.registration",
    "customers.need", "customers.opinion", "customers.marketflow", "customers.changeevent",
    "customers.intelligencenote", "customers.policynote", "customers.downstreamcustomer", "customers.contribution",
)  # fmt: skip
FIRST = "engagement.followup"
FOLLOWING = "customers.following"
#: Lines of the timeline at first, and when earlier ones are asked for.
RECENT, EARLIER = 16, 200


@require_GET
@of_module
def show(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """The page of a customer; a script that changes tabs gets the tab alone."""
    ctx = request.ctx
    customer = detail.get_record(ctx, known, pk)
    members = [] if request.GET.get("alone") else queries.group_of(ctx, customer)
    if request.htmx and request.GET.get("tab"):
        return page(
            request, "customers/customer/tab.html", _tab(request, customer, members, _offered(ctx, customer, members))
        )
    return page(request, "customers/customer/detail.html", _context(request, known, customer, members))


def _context(
    request: Request, known: Registered, customer: Customer, members: Sequence[tuple[int, Customer]]
) -> dict[str, Any]:
    ctx = request.ctx
    group = [customer, *(row for _depth, row in members)]
    offered = _offered(ctx, customer, members)
    trend = queries.sales_trend([row.pk for row in group], ctx.today, none_of=offered.none_of)
    people = queries.key_people(ctx, customer)
    market = queries.competition(ctx, group)
    told = panels.of(ctx, known.module.key, customer)
    told["buttons"] = [*_follow(ctx, customer), *told.get("buttons", [])]
    return {
        "known": known,
        "module": known.module,
        "record": customer,
        "title": customer.name,
        "sub_parts": _sub(ctx, customer),
        "seals": [*_seals(customer), *told.pop("seals", [])],
        "strip": [*queries.figures(ctx, customer, trend, people, market, offered.none_of), *told.pop("strip", [])],
        "first": _new_item(ctx, FIRST, customer),
        "news": [item for key in NEW for item in [_new_item(ctx, key, customer)] if item],
        "actions": detail.actions_for(ctx, known, customer),
        "standard": detail.standard_for(ctx, known, customer),
        "neighbours": detail.neighbours(request, known, customer),
        "waiting": detail.waiting(ctx, known, customer),
        "facts": _facts(ctx, known, customer),
        "people": [_person(person) for person in people],
        "market": market,
        "ancestors": _visible_ancestors(ctx, customer),
        "members": members,
        "blocks": queries.block_states(customer),
        "steps": queries.next_steps(ctx, group),
        "contributions": queries.open_contributions(customer),
        "duties": queries.open_duties(ctx, customer),
        "warnings": queries.warnings(ctx, customer),
        "needs": queries.newest_needs(ctx, customer),
        "trend": _drawn(trend),
        **told,
        **_tab(request, customer, members, offered),
    }


# ---- Head ------------------------------------------------------------------------------------------------------------


def _sub(ctx: Context, customer: Customer) -> list[str]:
    """What stands below the name: number, credit code, address, how long we have dealt (ARC-02)."""
    parts = [customer.number]
    if customer.credit_code:
        parts.append(_("Credit code %(code)s") % {"code": customer.credit_code})
    place = customer.address or customer.city
    if place:
        parts.append(place)
    if length := queries.length_of_dealings(customer, ctx.today):
        parts.append(_("dealings for %(length)s") % {"length": _length(*length)})
    return parts


def _length(years: int, months: int) -> str:
    parts = [ngettext("%(count)s year", "%(count)s years", years) % {"count": years}] if years else []
    if months or not years:
        parts.append(ngettext("%(count)s month", "%(count)s months", months) % {"count": months})
    return " ".join(parts)


def _seals(customer: Customer) -> list[dict[str, str]]:
    """Grades as seals: the demand level round, importance and key account square."""
    seals = []
    if customer.demand_level:
        tone = "" if customer.demand_level == "A" else "quiet"
        seals.append({"text": _("Level %(level)s") % {"level": customer.demand_level}, "shape": "ro", "tone": tone})
    if customer.importance:
        tone = "quiet" if customer.importance == "ordinary" else ""
        seals.append({"text": customer.get_importance_display(), "shape": "sq", "tone": tone})
    if customer.key_account:
        seals.append({"text": _("Key account"), "shape": "sq", "tone": ""})
    return seals


def _new_item(ctx: Context, key: str, customer: Customer) -> dict[str, Any] | None:
    """A record that the person may add to this customer: its form is bound to the customer already (CRM-19)."""
    module = registry.find(key)
    if module is None or not tabs.may_add(ctx, module, customer):
        return None
    return {"label": module.label, "href": tabs.new_address(module, customer), "icon": module.icon}


# ---- Columns ---------------------------------------------------------------------------------------------------------


def _facts(ctx: Context, known: Registered, customer: Customer) -> list[dict[str, Any]]:
    """The facts of the left column; what is not filled in is left to the archive's tab."""
    visible = detail.visible_targets(ctx, known)
    added = [name for name, spec in known.fields.items() if isinstance(spec, AddedField)]
    shown = [known.field(name) for name in (*FACTS, *added)]
    found = [cells.fact(ctx, spec, customer, visible) for spec in shown if detail.applies(ctx, known, spec, customer)]
    if customer.owner_id and customer.department_id:
        found[0]["value"] += _(" (%(department)s)") % {"department": customer.department}
    return [{**fact, "full": False} for fact in found if fact["value"]]


def _person(person: Contact) -> dict[str, Any]:
    """A key person; legal representatives and managers with what is known of them personally (ARC-03)."""
    known = registry.entry("customers.contact")
    has_profile = bool(set(person.roles) & set(KEY_ROLES))
    profile = [(known.field(name).label, known.field(name).text(person)) for name in PROFILE] if has_profile else []
    return {
        "name": person.name,
        "href": addresses.record(known.module, person.pk),
        "post": person.post,
        "roles": known.field("roles").text(person),
        "phone": known.field("mobile").text(person) or known.field("phone").text(person),
        "call": "" if masking.hidden_in(person) else person.mobile or person.phone,
        "has_profile": has_profile,
        "profile": [(label, text) for label, text in profile if text],
    }


def _drawn(trend: Sequence[queries.Month]) -> dict[str, Any] | None:
    """The trend as two lines in a field of 240 × 64: this year's and, fainter, last year's."""
    highest = max((max(month.amount, month.year_before) for month in trend), default=Decimal(0))
    if not highest:
        return None

    def points(amounts: Sequence[Decimal]) -> str:
        step = Decimal(232) / max(len(amounts) - 1, 1)
        return " ".join(f"{4 + step * n:.1f},{60 - amount * 54 / highest:.1f}" for n, amount in enumerate(amounts))

    now = points([month.amount for month in trend])
    has_past = any(month.year_before for month in trend)
    return {
        "now": now,
        "before": points([month.year_before for month in trend]) if has_past else "",
        "end": now.rpartition(" ")[2].split(","),
        "from": trend[0].first,
        "to": trend[-1].first,
        "highest": queries.whole_yuan(highest),
        "total": queries.whole_yuan(sum((month.amount for month in trend), Decimal(0))),
    }


def _follow(ctx: Context, customer: Customer) -> list[dict[str, Any]]:
    """A leader begins or ends to follow the customer (ARC-35)."""
    if not ctx.may(FOLLOWING, "create"):
        return []
    mine = queries.followed(ctx, customer)
    if mine is None:
        href = addresses.with_query(addresses.of_module(FOLLOWING, "new"), {"customer": str(customer.pk)})
        return [{"label": _("Follow"), "href": href, "icon": "star"}]
    return [{"label": _("Followed"), "href": addresses.record(FOLLOWING, mine.pk), "icon": "star"}]


def _visible_ancestors(ctx: Context, customer: Customer) -> list[Customer]:
    """What the customer belongs to, as far as the person may see it: a head office may be somebody else's (SEC-01)."""
    chain = queries.ancestors(customer)
    if not chain:
        return []
    seen = set(ctx.search(tabs.CUSTOMER).filter(pk__in=[row.pk for row in chain]).values_list("pk", flat=True))
    return [row for row in chain if row.pk in seen]


# ---- Tabs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """The tabs that the person gets, how much stands below each, and the types of which there is nothing."""

    tabs: list[tabs.Tab]
    counted: dict[str, int]
    none_of: list[str]


def _offered(ctx: Context, customer: Customer, members: Sequence[tuple[int, Customer]]) -> Offered:
    shown = tabs.tabs_for(ctx)
    modules = [key for tab in shown for key in tab.modules]
    counted = tabs.counts(ctx, customer, modules)
    # What was counted is the customer's own; of its institutions nothing is known yet.
    return Offered(shown, counted, [] if members else [key for key in modules if not counted.get(key)])


def _tab(
    request: Request, customer: Customer, members: Sequence[tuple[int, Customer]], offered: Offered
) -> dict[str, Any]:
    """The row of tabs and what stands below the chosen one."""
    ctx, counted = request.ctx, offered.counted
    chosen = next((tab for tab in offered.tabs if tab.key == request.GET.get("tab")), offered.tabs[0])
    base = addresses.record(tabs.CUSTOMER, customer.pk)
    given: dict[str, Any] = {
        "record": customer,
        "tab": chosen.key,
        "members": members,
        "tab_items": [_tab_item(base, tab, counted, is_chosen=tab is chosen) for tab in offered.tabs],
    }
    if chosen.key == "timeline":
        group = [customer, *(row for _depth, row in members)]
        reach = EARLIER if request.GET.get("earlier") else RECENT
        entries = queries.timeline(ctx, group, reach + 1, offered.none_of)
        given["entries"] = entries[:reach]
        given["earlier"] = addresses.with_query(base, {"earlier": "1"}) if len(entries) > reach else ""
        given["names"] = {row.pk: row.short_name or row.name for row in group[1:]}
    elif chosen.key == "archive":
        given["archive"] = tabs.archive_blocks(customer, BLOCKS)
        given["may_edit"] = detail.may_on(ctx, registry.module(tabs.CUSTOMER), "edit", customer)
    elif source := next((source for source in tab_sources if source.room == chosen.key), None):
        given["own"] = source.template
        given.update(source.told(ctx, customer))
    else:
        given["lists"] = [tabs.linked_list(ctx, key, customer, counted.get(key, 0)) for key in chosen.modules]
    return given


def _tab_item(base: str, tab: tabs.Tab, counted: dict[str, int], *, is_chosen: bool) -> dict[str, Any]:
    href = addresses.with_query(base, {"tab": tab.key})
    count = sum(counted.get(key, 0) for key in tab.modules)
    swap = {"hx-get": href, "hx-target": "#tab", "hx-swap": "outerHTML", "hx-replace-url": "true"}
    return {"label": tab.label, "href": href, "on": is_chosen, "count": count or None, "attrs": swap}
