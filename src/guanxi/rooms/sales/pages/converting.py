"""What a lead becomes, before it does: each value with where it goes, whom we know already, and the conversion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.messages import Message
from guanxi.records import duplicates, registry
from guanxi.records.actions import inputs_of, require_possible, run
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.rooms.sales.actions import CONVERT_LEAD
from guanxi.rooms.sales.actions.converting import CONTACT_FIELDS, CUSTOMER_FIELDS, usual_day
from guanxi.rooms.sales.models import Lead
from guanxi.rooms.sales.queries import CONTACT, CUSTOMER, LEAD
from guanxi.web import addresses, entered, errors, flashes, form_fields
from guanxi.web.doing import initial
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

#: The inputs of each part of the form.
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Customer"), ("customer", "credit_code")),
    (gettext_lazy("Contact"), ("with_contact", "contact")),
    (gettext_lazy("Opportunity"), ("with_opportunity", "opportunity_name", "amount", "expected_on")),
)


@require_http_methods(["GET", "POST"])
def convert(request: Request, pk: Any) -> HttpResponseBase:
    """The form with what goes where (GET), and the conversion (POST)."""
    ctx, known = request.ctx, registry.entry(LEAD)
    lead = ctx.get(LEAD, pk)
    require(ctx, known, CONVERT_LEAD.name, CONVERT_LEAD.label)
    require_possible(ctx, LEAD, CONVERT_LEAD, lead)
    if request.method == "GET":
        return _draw(request, known, lead)

    def act() -> str:
        data = entered.values(ctx, inputs_of(known, CONVERT_LEAD), request.POST)
        version = request.POST.get("version", "")
        customer = run(
            CONVERT_LEAD, ctx, LEAD, lead, data, version=int(version) if version.isdigit() else None,
            confirmed=bool(request.POST.get("confirmed")),
        )  # fmt: skip
        return addresses.record(CUSTOMER, customer.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, known, lead, problem)
    return flashes.redirect(address, Message("The lead has become a customer; it stays in the customer's history."))


def _draw(request: Request, known: Registered, lead: Lead, problem: Problem | None = None) -> HttpResponse:
    ctx = request.ctx
    found = problem.errors if isinstance(problem, Invalid) else {}
    specs = {spec.name: spec for spec in inputs_of(known, CONVERT_LEAD)}
    posted = request.POST if request.method == "POST" else None
    starts = {"opportunity_name": lead.name, "expected_on": usual_day(ctx.today), "with_contact": bool(lead.person)}

    def drawn(name: str) -> dict[str, Any]:
        spec = specs[name]
        value = initial(request, spec, lead)
        value = starts.get(name, value) if name not in request.GET else value
        return form_fields.field(ctx, spec, value, errors=found.get(name, ()), posted=posted)

    is_warned = isinstance(problem, Refused) and problem.decision.allowed
    given = {
        "lead": lead,
        "parts": [(label, [drawn(name) for name in names]) for label, names in PARTS],
        "boxes": form_fields.mask_boxes(tuple(specs.values())),
        "customer_lines": _lines(known, registry.entry(CUSTOMER), CUSTOMER_FIELDS, lead),
        "contact_lines": _lines(known, registry.entry(CONTACT), CONTACT_FIELDS, lead),
        "same": _same(ctx, lead),
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem, warnings=is_warned) if problem else [],
        "warnings_only": is_warned,
        "form_token": new_token(),
        "back": addresses.record(LEAD, lead.pk),
    }
    return page(request, "sales/convert.html", given, status=problem.status if problem else 200)


def _lines(known: Registered, other: Registered, names: Mapping[str, str], lead: Lead) -> list[tuple[str, str, str]]:
    """Each value that goes over: the lead's field, the value, the field where it goes."""
    told = []
    for theirs, ours in names.items():
        text = known.field(ours).text(lead)
        if text:
            told.append((capfirst(str(known.field(ours).label)), text, capfirst(str(other.field(theirs).label))))
    return told


def _same(ctx: Context, lead: Lead) -> list[dict[str, Any]]:
    """Customers and contacts who may be the same, as far as the person may know of them."""
    asked = (
        (CUSTOMER, {"name": lead.name, "phone": lead.phone}),
        (CONTACT, {"mobile": lead.mobile, "email": lead.email}),
    )
    return [
        {
            "kind": registry.module(key).label, "title": one.title, "why": one.label, "owner": one.owner,
            "href": addresses.record(key, one.record_id) if one.record_id else "",
            "choose": _chosen(key, one.record_id),
        }
        for key, values in asked
        for one in duplicates.find(ctx, registry.entry(key), values)
    ]  # fmt: skip


def _chosen(key: str, record_id: Any) -> str:
    """The query that chooses what stands already; a contact is chosen with its customer."""
    if record_id is None:
        return ""
    if key == CUSTOMER:
        return f"?customer={record_id}"
    customer = registry.module(CONTACT).model._default_manager.values_list("customer", flat=True).get(pk=record_id)
    return f"?customer={customer}&contact={record_id}"
