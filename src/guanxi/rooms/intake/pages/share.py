"""Customers for whom nobody is responsible, shared out by the manager: one by one or many at once (WF-16, WF-18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Conflict, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.people.models import Person
from guanxi.records import batches, listing, registry
from guanxi.records.context import Context
from guanxi.records.picklists import choices
from guanxi.records.standard import ASSIGN
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.intake import queries
from guanxi.rooms.intake.models import SOURCE
from guanxi.rooms.intake.queries import CUSTOMER
from guanxi.web import errors, flashes, menu
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

PLACE = "/intake/share/"
#: A page of paper ends somewhere; what is left comes when these are shared out.
SHOWN = 100


def may_share(ctx: Context) -> bool:
    """Whether the person gives customers that are nobody's to others."""
    return ctx.scope(registry.module(CUSTOMER), ASSIGN.name) is Scope.ALL


@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponseBase:
    """Who should get which customer (GET, narrowed by source and city); what was confirmed is done (POST)."""
    require(request.ctx, registry.entry(CUSTOMER), ASSIGN.name, ASSIGN.label)
    if request.method == "GET":
        return _draw(request)
    address, problem = once(request, lambda: _assign(request))
    if problem is not None:
        return _draw(request, problem)
    return flashes.redirect(address, Message("Shared out; the new owners have been told."))


def _assign(request: Request) -> str:
    """One batch for each new owner, so that each can be taken back; what somebody else gave away meanwhile stays."""
    ctx, known = request.ctx, registry.entry(CUSTOMER)
    people = {str(person.pk): person for person in queries.salespeople()}
    given: dict[str, list[UUID]] = {}
    ticked = queries.ownerless(ctx, own=bool(request.POST.get("own"))).filter(pk__in=request.POST.getlist("pk"))
    with transaction.atomic():
        # Of two who share out the same customers the second finds them taken.
        for customer in ticked.select_for_update(of=("self",)):
            owner = request.POST.get(f"owner-{customer.pk}", "")
            if owner in people:
                given.setdefault(owner, []).append(customer.pk)
        if not given:
            raise Conflict(Message("Nothing was shared out: tick customers that are still without an owner."))
        for owner, keys in given.items():
            batches.begin(ctx, known, ASSIGN, keys, {batches.SET: {"owner": owner}}, confirmed=True)
    return PLACE


def _draw(request: Request, problem: Problem | None = None) -> HttpResponseBase:
    ctx = request.ctx
    asked = {name: request.GET.get(name, "") for name in ("source", "city", "by", "own")}
    rows = queries.ownerless(ctx, own=bool(asked["own"]))
    for name in ("source", "city"):
        rows = rows.filter(**{name: asked[name]}) if asked[name] else rows
    customers, people = list(rows[:SHOWN]), queries.salespeople()
    proposed = queries.proposed_owners(customers, people, ctx.today, by_place=asked["by"] == "place")
    given = {
        "lines": [_line(row, people, proposed.get(row.pk)) for row in customers],
        "loads": _loads(people, proposed.values()),
        "count": listing.count(rows, cap=999),
        "narrowing": _narrowing(asked),
        "is_narrowed": any(asked.values()),
        "here": PLACE,
        "own": asked["own"],
        "problem": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
    }
    return page(request, "intake/share.html", given, status=problem.status if problem else 200)


def _line(customer: Customer, people: Sequence[Person], chosen: UUID | None) -> dict[str, Any]:
    known = registry.entry(CUSTOMER)
    return {
        "customer": customer,
        "source": known.fields["source"].text(customer),
        "choices": [(str(person.pk), person.name, person.pk == chosen) for person in people],
    }


def _loads(people: Sequence[Person], proposed: Any) -> list[dict[str, Any]]:
    """How many customers each has, would get, and then have."""
    names, new = {person.pk: person.name for person in people}, Counter(proposed)
    bearers = queries.bearers(people)
    most = max((one.customers + new[one.id] for one in bearers), default=0)
    return [
        {"label": names[one.id], "share": (one.customers + new[one.id]) * 100 / most if most else 0,
         "value": f"{one.customers} + {new[one.id]}" + (f" · {one.weight}%" if one.weight != 100 else "")}
        for one in bearers
    ]  # fmt: skip


def _narrowing(asked: dict[str, str]) -> list[dict[str, Any]]:
    sources = [("", "", not asked["source"]), *((key, text, key == asked["source"]) for key, text in choices(SOURCE))]
    ways = (("", _("evenly")), ("place", _("by place, the rest evenly")))
    return [
        {"name": "source", "label": _("Source of the customer"), "widget": "select", "choices": sources,
         "value": asked["source"]},
        {"name": "city", "label": _("City"), "widget": "text", "value": asked["city"]},
        {"name": "by", "label": _("Proposal"), "widget": "select", "value": asked["by"],
         "choices": [(key, text, key == asked["by"]) for key, text in ways]},
        {"name": "own", "label": _("those in my own hands too"), "widget": "checkbox", "value": asked["own"]},
    ]  # fmt: skip


menu.add(
    menu.Entry(
        "share", _("Share out customers"), PLACE, "users-plus", group="management", order=19, may=may_share
    )
)  # fmt: skip
