"""Doing something with records: a type's own actions with their inputs, and bulk actions on chosen rows."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.kernel.errors import Conflict, Invalid, NotFound, Problem, Refused, Stale, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.records import history, listing, registry
from guanxi.records.actions import Action, inputs_of, run, run_many
from guanxi.records.fields import FieldSpec
from guanxi.records.registry import Registered
from guanxi.records.standard import EDIT, action_of
from guanxi.records.work import Item
from guanxi.web import addresses, entered, errors, flashes, form_fields, told
from guanxi.web.gate import Request, of_module, require
from guanxi.web.list_state import ListState, remembered_params
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

#: What one page does at once; more goes in several steps, or through an import.
MAX_BULK = 2000
BULK_EDIT = "edit_field"
#: Kinds of fields that make sense as one value for many records.
_BULK_KINDS = frozenset(
    {
        "choice",
        "multi_choice",
        "boolean",
        "date",
        "person",
        "link",
        "tags",
        "text",
        "integer",
        "number",
        "percent",
        "money",
    }
)


def _action(known: Registered, name: str) -> Action:
    action = action_of(known.module, name)
    if action is None or name in ("create", "edit"):
        raise NotFound
    return action


# ---- One record ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def on_record(request: Request, known: Registered, pk: Any, name: str) -> HttpResponseBase:
    """An action on one record: what it asks for (GET), and doing it (POST)."""
    action = _action(known, name)
    record = request.ctx.get(known.module, pk, binned=action.binned)
    require(request.ctx, known, action.name, action.label)
    if action.page:
        return _own_page(request, reverse(action.page, args=[record.pk]))
    if request.method == "GET":
        return _draw(request, known, action, [record])

    posted = request.POST.copy()

    def act() -> str:
        entered.keep_uploads(request.ctx, inputs_of(known, action), posted, request.FILES)
        result = run(
            action,
            request.ctx.because(request.POST.get("reason", "").strip()),
            known.module,
            record,
            entered.values(request.ctx, inputs_of(known, action), posted),
            version=_version(request),
            confirmed=bool(request.POST.get("confirmed")),
        )
        return _address_after(request, known, action, record, result)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, known, action, [record], problem=problem, posted=posted)
    return _done(request, address, Message("%(action)s: done.", action=action.label))


@require_http_methods(["GET", "POST"])
@of_module
def on_module(request: Request, known: Registered, name: str) -> HttpResponseBase:
    """An action of a record type that works on no single record."""
    action = _action(known, name)
    if action.on_record:
        raise NotFound
    require(request.ctx, known, action.name, action.label)
    if action.page:
        return _own_page(request, reverse(action.page))
    if request.method == "GET":
        return _draw(request, known, action, [])

    posted = request.POST.copy()

    def act() -> str:
        entered.keep_uploads(request.ctx, inputs_of(known, action), posted, request.FILES)
        ctx = request.ctx.because(request.POST.get("reason", "").strip())
        data = entered.values(request.ctx, inputs_of(known, action), posted)
        result = run(action, ctx, known.module, None, data, confirmed=bool(request.POST.get("confirmed")))
        return _address_after(request, known, action, None, result)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, known, action, [], problem=problem, posted=posted)
    return _done(request, address, Message("%(action)s: done.", action=action.label))


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _address_after(request: Request, known: Registered, action: Action, record: Any, result: Any) -> str:
    """Where one wants to be afterwards: at what the action made, else at the record, else at the list."""
    if isinstance(result, StoredFile):
        return f"/files/{result.pk}/"
    if isinstance(result, models.Model) and registry.find(result._meta.label_lower) is not None:
        is_gone = getattr(result, "deleted_at", None) is not None
        if not is_gone and action.name != "purge" and request.ctx.may(result._meta.label_lower):
            return addresses.record(result._meta.label_lower, result.pk)
    if action.binned:
        return addresses.of_module(known.module, "bin")
    if record is None or action.name == "delete" or not request.ctx.search(known.module).filter(pk=record.pk).exists():
        return addresses.listing(known.module)
    return addresses.record(known.module, record.pk)


def _own_page(request: Request, address: str) -> HttpResponseBase:
    """The room has a page of its own for this action."""
    answer = HttpResponse(status=204) if request.htmx else flashes.redirect(address)
    if request.htmx:
        answer.headers["HX-Redirect"] = address
    return answer


def _done(request: Request, address: str, text: Message) -> HttpResponseBase:
    if request.ctx.told:
        return told.show(request, address)
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = address
        flashes.say(answer, text)
        return answer
    return flashes.redirect(address, text)


def _draw(
    request: Request,
    known: Registered,
    action: Action,
    records: list[Any],
    *,
    problem: Problem | None = None,
    posted: QueryDict | None = None,
) -> HttpResponse:
    found = problem.errors if isinstance(problem, Invalid) else {}
    inputs = inputs_of(known, action)
    record = records[0] if records else None
    fields = []
    for spec in inputs:
        value = _initial(request, spec, record)
        fields.append(form_fields.field(request.ctx, spec, value, errors=found.get(spec.name, ()), posted=posted))
    warnings_only = isinstance(problem, Refused) and problem.decision.allowed
    shown = {spec.name for spec in inputs} | {"reason"}
    given = {
        "known": known,
        "module": known.module,
        "action": action,
        "record": record,
        "version": _shown_version(request, record, problem),
        "since": _since(request, known, record, problem),
        "title": f"{action.label} · {record}" if record is not None else str(action.label),
        "fields": fields,
        "boxes": form_fields.mask_boxes(inputs),
        "form_token": new_token(),
        "post_to": request.path,
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem, warnings=warnings_only) if problem else [],
        "warnings_only": warnings_only,
        "errors": [str(message) for name, messages in found.items() if name not in shown for message in messages],
        "reason_errors": [str(message) for message in found.get("reason", ())],
        "reason": request.POST.get("reason", ""),
        "cancel": _cancel(known, action, record),
    }
    return page(request, "web/action.html", given, status=problem.status if problem else 200)


def _shown_version(request: Request, record: Any, problem: Problem | None) -> int | None:
    """The version that the person has before him: the stored one once he has been told what changed."""
    if isinstance(problem, Stale):
        return problem.current_version
    return _version(request) or getattr(record, "version", None)


def _since(request: Request, known: Registered, record: Any, problem: Problem | None) -> list[history.Past]:
    """What others have changed since the dialog was opened."""
    seen = _version(request)
    if not isinstance(problem, Stale) or seen is None:
        return []
    return history.since(request.ctx, known, request.ctx.get(known.module, record.pk), seen)


def _initial(request: Request, spec: FieldSpec, record: Any) -> Any:
    if spec.name in request.GET:
        try:
            if spec.kind.name in ("link", "person"):
                return entered.linked(request.ctx, spec, request.GET[spec.name])
            return spec.kind.parse(spec, request.GET[spec.name])
        except Problem:
            return None
    return spec.default


def _cancel(known: Registered, action: Action, record: Any) -> str:
    if action.binned:
        return addresses.of_module(known.module, "bin")
    return addresses.record(known.module, record.pk) if record is not None else addresses.listing(known.module)


# ---- Many records ----------------------------------------------------------------------------------------------------


@require_POST
@of_module
def bulk(request: Request, known: Registered, name: str) -> HttpResponseBase:
    """An action on the chosen rows: asks for inputs or consent first, then does it and tells what became of each."""
    action = EDIT if name == BULK_EDIT else _action(known, name)
    if not (action.bulk or name == BULK_EDIT):
        raise NotFound
    require(request.ctx, known, action.name, action.label)
    keys = _chosen(request, known, binned=action.binned)
    if not request.POST.get("go"):
        return _ask(request, known, action, name, keys)
    try:
        data = _bulk_data(request, known, action, name)
        if action.asks_reason and not request.POST.get("reason", "").strip():
            raise Invalid({"reason": [Message("Please give the reason.")]})
    except Invalid as problem:
        return _ask(request, known, action, name, keys, problem=problem)
    ctx = request.ctx.because(request.POST.get("reason", "").strip()).in_batch(uuid.uuid4())
    confirmed = bool(request.POST.get("confirmed"))
    items = [Item(target=key, data=data, confirmed=confirmed) for key in keys]
    works = run_many(action, ctx, known.module, items, keep_good=True)
    bad = [work for work in works if work.problem is not None]
    good = len(works) - len(bad)
    back = _list_after(request, known, action)
    text = Message("%(action)s: %(count)s records done.", action=_label(name, action), count=good)
    if not bad:
        return flashes.redirect(back, text)
    given = {
        "known": known,
        "module": known.module,
        "action": action,
        "name": name,
        "label": _label(name, action),
        "done": good,
        "total": len(works),
        "bad": _explained(request, known, bad, binned=action.binned),
        "to_confirm": [work.item.target for work in bad if _only_warns(work.problem)],
        "kept": [(key, value) for key, value in _kept_inputs(request) if key != "confirmed"],
        "back": back,
        "post_to": request.path,
    }
    return page(request, "web/bulk_result.html", given)


def _only_warns(problem: Problem | None) -> bool:
    return isinstance(problem, Refused) and problem.decision.allowed


def _label(name: str, action: Action) -> Any:
    return _("Change a field") if name == BULK_EDIT else action.label


def _chosen(request: Request, known: Registered, *, binned: bool) -> list[str]:
    """The ids of the chosen rows; or, when everything the list finds is chosen, of those."""
    if request.POST.get("everything"):
        state = ListState(request.ctx, known, remembered_params(request.POST.get("state", "")), binned=binned)
        rows = listing.selected(request.ctx, known.module, state.query)
        keys = [str(key) for key in rows.order_by().values_list("pk", flat=True)[: MAX_BULK + 1]]
    else:
        keys = list(dict.fromkeys(key for key in request.POST.getlist("pk") if entered.is_id(key)))
    if not keys:
        raise Conflict(Message("No row is chosen. Tick the boxes of the rows you mean first."))
    if len(keys) > MAX_BULK:
        raise TooLarge(Message("At most %(limit)s records at once; narrow the list and go in steps.", limit=MAX_BULK))
    return keys


def bulk_fields(known: Registered) -> list[FieldSpec]:
    """The fields that can be set to one value for many records."""
    return [
        spec
        for spec in known.form_fields
        if spec.kind.name in _BULK_KINDS and not spec.column.unique and spec.name not in (known.module.title, "owner")
    ]


def _bulk_data(request: Request, known: Registered, action: Action, name: str) -> dict[str, Any]:
    if name != BULK_EDIT:
        return entered.values(request.ctx, inputs_of(known, action), request.POST)
    spec = next((spec for spec in bulk_fields(known) if spec.name == request.POST.get("field")), None)
    if spec is None:
        raise Invalid({"field": [_("Choose the field to change.")]})
    return entered.values(request.ctx, [spec], request.POST, prefix="set-") or {spec.name: ""}


def _ask(
    request: Request,
    known: Registered,
    action: Action,
    name: str,
    keys: list[str],
    *,
    problem: Invalid | None = None,
) -> HttpResponse:
    found = problem.errors if problem else {}
    posted = request.POST if problem else None
    inputs = () if name == BULK_EDIT else inputs_of(known, action)
    first = list(request.ctx.search(known.module, binned=action.binned).filter(pk__in=keys[:8]))
    chosen = request.POST.get("field", "")
    offered = bulk_fields(known) if name == BULK_EDIT else []
    spec = next((spec for spec in offered if spec.name == chosen), None)
    given = {
        "known": known,
        "module": known.module,
        "action": action,
        "label": _label(name, action),
        "is_field_change": name == BULK_EDIT,
        "offered": [(each.name, each.label, each.name == chosen) for each in offered],
        "set_field": form_fields.field(
            request.ctx, spec, None, prefix="set-", errors=found.get(chosen, ()), required=False
        )
        if spec
        else None,
        "fields": [
            form_fields.field(
                request.ctx, each, _initial(request, each, None), errors=found.get(each.name, ()), posted=posted
            )
            for each in inputs
        ],
        "boxes": form_fields.mask_boxes(inputs) + (form_fields.mask_boxes([spec], "set-") if spec else []),
        "keys": keys,
        "count": len(keys),
        "examples": [str(row) for row in first],
        "reason": request.POST.get("reason", ""),
        "reason_errors": [str(message) for message in found.get("reason", ())],
        "errors": [str(message) for key in ("", "field") for message in found.get(key, ())],
        "state": request.POST.get("state", ""),
        "cancel": _list_after(request, known, action),
        "post_to": request.path,
    }
    return page(request, "web/bulk.html", given, status=problem.status if problem else 200)


def _list_after(request: Request, known: Registered, action: Action) -> str:
    state = ListState(request.ctx, known, remembered_params(request.POST.get("state", "")), binned=action.binned)
    return state.url()


def _kept_inputs(request: Request) -> list[tuple[str, str]]:
    """What was sent, to be sent again for the rows that only warn."""
    left_out = {"csrfmiddlewaretoken", "pk", "everything"}
    return [(key, value) for key, values in request.POST.lists() if key not in left_out for value in values]


def _explained(request: Request, known: Registered, works: list[Any], *, binned: bool) -> list[dict[str, Any]]:
    """Why each of these rows was left as it is."""
    keys = [work.item.target for work in works]
    rows = request.ctx.search(known.module, binned=binned).in_bulk([uuid.UUID(key) for key in keys])
    explained = []
    for work in works:
        row = rows.get(uuid.UUID(work.item.target))
        problem = work.problem
        messages = [str(problem.message)]
        if isinstance(problem, Invalid):
            messages = [str(message) for found in problem.errors.values() for message in found]
        elif isinstance(problem, Refused):
            messages = [str(reason.message) for reason in problem.decision.reasons]
        explained.append(
            {
                "title": str(row) if row is not None else _("(not visible)"),
                "href": addresses.record(known.module, row.pk) if row is not None and not binned else "",
                "text": " ".join(messages),
                "reasons": errors.reasons(problem) or errors.reasons(problem, warnings=True),
            }
        )
    return explained
