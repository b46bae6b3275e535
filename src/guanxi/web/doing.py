"""Doing something with one record, or with a record type: what an action asks for, and doing it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import models
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, NotFound, Problem, Refused, Stale
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.records import history, registry
from guanxi.records.actions import Action, inputs_of, require_possible, run
from guanxi.records.approvals import asking
from guanxi.records.fields import FieldSpec
from guanxi.records.registry import Registered
from guanxi.records.standard import APART, action_of
from guanxi.web import addresses, entered, errors, flashes, form_fields, told
from guanxi.web.gate import Request, of_module, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page


def named(known: Registered, name: str) -> Action:
    """The action that an address names; NotFound for one that has a form of its own."""
    action = action_of(known.module, name)
    if action is None or name in ("create", "edit", "merge", *APART):
        raise NotFound
    return action


# ---- One record ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def on_record(request: Request, known: Registered, pk: Any, name: str) -> HttpResponseBase:
    """An action on one record: what it asks for (GET), and doing it (POST)."""
    action = named(known, name)
    record = request.ctx.get(known.module, pk, binned=action.binned)
    require(request.ctx, known, action.name, action.label)
    require_possible(request.ctx, known.module, action, record)
    if action.page:
        return _own_page(request, reverse(action.page, args=[record.pk]))
    if request.method == "GET":
        return _draw(request, known, action, [record])

    posted = request.POST.copy()

    def act() -> str:
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

    first = partial(entered.keep_uploads, request.ctx, inputs_of(known, action), posted, request.FILES)
    address, problem = once(request, act, first)
    if problem is not None:
        return _draw(request, known, action, [record], problem=problem, posted=posted)
    return _done(request, address, Message("%(action)s: done.", action=action.label))


@require_http_methods(["GET", "POST"])
@of_module
def on_module(request: Request, known: Registered, name: str) -> HttpResponseBase:
    """An action of a record type that works on no single record."""
    action = named(known, name)
    if action.on_record:
        raise NotFound
    require(request.ctx, known, action.name, action.label)
    if action.page:
        return _own_page(request, reverse(action.page))
    if request.method == "GET":
        return _draw(request, known, action, [])

    posted = request.POST.copy()

    def act() -> str:
        ctx = request.ctx.because(request.POST.get("reason", "").strip())
        data = entered.values(request.ctx, inputs_of(known, action), posted)
        result = run(action, ctx, known.module, None, data, confirmed=bool(request.POST.get("confirmed")))
        return _address_after(request, known, action, None, result)

    first = partial(entered.keep_uploads, request.ctx, inputs_of(known, action), posted, request.FILES)
    address, problem = once(request, act, first)
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
        value = initial(request, spec, record)
        fields.append(form_fields.field(request.ctx, spec, value, errors=found.get(spec.name, ()), posted=posted))
    warnings_only = isinstance(problem, Refused) and problem.decision.allowed
    shown = {spec.name for spec in inputs} | {"reason"}
    needs_approval = asking.expected(request.ctx, known, action)
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
        "asks_reason": action.asks_reason or needs_approval,
        "needs_approval": needs_approval,
        "cancel": _cancel(known, action, record),
    }
    own = f"{known.module.app}/{known.module.noun}/{action.name}.html"
    return page(request, [own, "web/action.html"], given, status=problem.status if problem else 200)


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


def initial(request: Request, spec: FieldSpec, record: Any) -> Any:
    """What an input starts with: a value of the address, else its default."""
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
