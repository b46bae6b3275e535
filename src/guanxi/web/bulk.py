"""Doing something with many records: what is asked for, a rehearsal, and then the batch with its result."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.kernel.errors import Conflict, Invalid, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.records import batches, listing, problems
from guanxi.records.actions import Action, inputs_of
from guanxi.records.fields import FieldSpec
from guanxi.records.models import Batch, BatchRow
from guanxi.records.registry import Registered
from guanxi.records.standard import EDIT
from guanxi.web import entered, flashes, form_fields
from guanxi.web.doing import initial, named
from guanxi.web.gate import Request, of_module, require
from guanxi.web.list_state import ListState, remembered_params
from guanxi.web.rendering import page

EXAMPLES = 8
_PREFIX = "set-"
#: What can be done with a field of many records.
_HOW = {
    "set": gettext_lazy("set to"),
    "clear": gettext_lazy("empty"),
    "add": gettext_lazy("add"),
    "remove": gettext_lazy("take away"),
}


@require_POST
@of_module
def bulk(request: Request, known: Registered, name: str) -> HttpResponseBase:
    """An action on the chosen rows: asks for inputs or consent first, rehearses it if wanted, then does it."""
    action = EDIT if name == EDIT.name and known.module.can("edit") else named(known, name)
    if not (action.bulk or name == EDIT.name):
        raise NotFound
    require(request.ctx, known, action.name, action.label)
    keys = chosen(request, known, binned=action.binned)
    step = "go" if request.POST.get("go") else "try" if request.POST.get("try") else ""
    if not step and action.judged_first and keys:
        return _ask(request, known, action, keys, tried=batches.rehearse(request.ctx, known, action, keys, {}))
    if not step:
        return _ask(request, known, action, keys)
    try:
        data = _data(request, known, action)
        if action.asks_reason and not request.POST.get("reason", "").strip():
            raise Invalid({"reason": [Message("Please give the reason.")]})
        _same_as_shown(request, len(keys))
    except (Invalid, Conflict) as problem:
        return _ask(request, known, action, keys, problem=problem)
    ctx = request.ctx.because(request.POST.get("reason", "").strip())
    if step == "try":
        return _ask(request, known, action, keys, tried=batches.rehearse(ctx, known, action, keys, data))
    batch = batches.begin(ctx, known, action, keys, data, confirmed=bool(request.POST.get("confirmed")))
    return after(batch, _list_after(request, known, action), ctx)


def after(batch: Batch, back: str, ctx: Any) -> HttpResponseBase:
    """Where one wants to be after a bulk action: back at the list if all went well, else at its result."""
    here = f"/batches/{batch.pk}/"
    if batch.job is not None or batch.failed or batch.waiting:
        return flashes.redirect(here)
    module = batches.title_of(batch)
    text = Message("%(action)s: %(count)s records done.", action=module, count=batch.done)
    return flashes.redirect(back, text, undo=f"{here}undo/" if batches.can_undo(ctx, batch) else "")


def chosen(request: Request, known: Registered, *, binned: bool) -> list[uuid.UUID]:
    """The ids of the rows that were chosen in a list; or, when everything the list finds is chosen, of those."""
    if request.POST.get("everything"):
        state = ListState(request.ctx, known, remembered_params(request.POST.get("state", "")), binned=binned)
        rows = listing.selected(request.ctx, known.module, state.query)
        return list(rows.order_by().values_list("pk", flat=True)[: batches.MAX_ROWS + 1])
    return [uuid.UUID(key) for key in dict.fromkeys(request.POST.getlist("pk")) if entered.is_id(key)]


def _same_as_shown(request: Request, count: int) -> None:
    """Everything a list finds is found again when it is done: nobody changes more records than he was told of."""
    shown = request.POST.get("count", "")
    if request.POST.get("everything") and shown.isdigit() and int(shown) != count:
        raise Conflict(Message("The list has changed: it now finds %(count)s records. Please look again.", count=count))


# ---- Which fields ----------------------------------------------------------------------------------------------------


def _picked(request: Request, known: Registered) -> list[FieldSpec]:
    """The fields that were picked so far, in order; one may have been dropped again."""
    offered = {spec.name: spec for spec in batches.changeable(known)}
    names = dict.fromkeys([*request.POST.getlist("picked"), *request.POST.getlist("field")])
    return [offered[name] for name in names if name in offered and name != request.POST.get("drop")]


def _ways(spec: FieldSpec) -> list[str]:
    ways = ["set"]
    if spec.kind.name in batches.SEVERAL:
        ways += ["add", "remove"]
    if not spec.required and spec.kind.name != "boolean":
        ways.append("clear")
    return ways


def _how(request: Request, spec: FieldSpec) -> str:
    given = request.POST.get(f"how-{spec.name}", "set")
    return given if given in _ways(spec) else "set"


def _data(request: Request, known: Registered, action: Action) -> dict[str, Any]:
    if action is not EDIT:
        return {batches.SET: entered.values(request.ctx, inputs_of(known, action), request.POST)}
    picked = _picked(request, known)
    if not picked:
        raise Invalid({"field": [_("Choose the field to change.")]})
    given = entered.values(request.ctx, picked, request.POST, prefix=_PREFIX)
    data: dict[str, dict[str, Any]] = {batches.SET: {}, batches.ADD: {}, batches.REMOVE: {}}
    errors: dict[str, list[Any]] = {}
    for spec in picked:
        how = _how(request, spec)
        raw = "" if how == "clear" else given.get(spec.name, "")
        if how in ("set", "clear"):
            data[batches.SET][spec.name] = raw
            continue
        try:
            data[how][spec.name] = list(spec.kind.parse(spec, raw))
        except Invalid as problem:
            errors[spec.name] = [message for messages in problem.errors.values() for message in messages]
    if errors:
        raise Invalid(errors)
    return data


def _drawn(request: Request, spec: FieldSpec, found: Any) -> dict[str, Any]:
    how = _how(request, spec)
    posted: QueryDict | None = request.POST if f"how-{spec.name}" in request.POST else None
    return {
        "spec": spec,
        "how": how,
        "ways": [(way, _HOW[way], way == how) for way in _ways(spec)],
        "field": form_fields.field(
            request.ctx, spec, None, prefix=_PREFIX, errors=found.get(spec.name, ()), posted=posted, required=False
        ),
    }


# ---- The page --------------------------------------------------------------------------------------------------------


def _ask(
    request: Request,
    known: Registered,
    action: Action,
    keys: list[uuid.UUID],
    *,
    problem: Problem | None = None,
    tried: Batch | None = None,
) -> HttpResponse:
    if not keys:
        raise Conflict(Message("No row is chosen. Tick the boxes of the rows you mean first."))
    found = problem.errors if isinstance(problem, Invalid) else {}
    is_edit = action is EDIT
    picked = _picked(request, known) if is_edit else []
    inputs = () if is_edit else inputs_of(known, action)
    posted = request.POST if problem or tried else None
    everything = bool(request.POST.get("everything"))
    examples = request.ctx.search(known.module, binned=action.binned).filter(pk__in=keys[:EXAMPLES])
    given = {
        "known": known,
        "module": known.module,
        "action": action,
        "label": _("Change fields") if is_edit else action.label,
        "is_edit": is_edit,
        "offered": [spec for spec in batches.changeable(known) if spec not in picked] if is_edit else [],
        "picked": [_drawn(request, spec, found) for spec in picked],
        "fields": [
            form_fields.field(
                request.ctx, each, initial(request, each, None), errors=found.get(each.name, ()), posted=posted
            )
            for each in inputs
        ],
        "boxes": form_fields.mask_boxes(inputs) + form_fields.mask_boxes(picked, _PREFIX),
        "keys": [] if everything else keys,
        "everything": everything,
        "count": len(keys),
        "examples": [str(row) for row in examples],
        "tried": _told(known, tried, len(keys)) if tried is not None else None,
        "judged": _each(request, known, tried) if tried is not None and action.judged_first else [],
        "reason": request.POST.get("reason", ""),
        "reason_errors": [str(message) for message in found.get("reason", ())],
        "errors": [str(message) for key in ("", "field") for message in found.get(key, ())]
        + ([str(problem.message)] if isinstance(problem, Conflict) else []),
        "state": request.POST.get("state", ""),
        "cancel": _list_after(request, known, action),
        "post_to": request.path,
    }
    return page(request, "web/bulk.html", given, status=problem.status if problem else 200)


def _told(known: Registered, tried: Batch, count: int) -> dict[str, Any]:
    """What a rehearsal has shown: how many would be done, and why the others would not."""
    rows = tried.tried_rows  # type: ignore[attr-defined]
    labels = {name: spec.label for name, spec in known.fields.items()}
    bad = [row for row in rows if row.state == BatchRow.State.FAILED]
    waiting = sum(row.state == BatchRow.State.WAITING for row in rows)
    why = Counter((problems.text(row.problems, labels), row.is_warned) for row in bad)
    return {
        "done": len(rows) - len(bad) - waiting,
        "failed": len(bad),
        "waiting": waiting,
        "warned": sum(row.is_warned for row in bad),
        "tried": len(rows) if len(rows) < count else 0,
        "reasons": [(text, number, warned) for (text, warned), number in why.most_common(12)],
    }


def _each(request: Request, known: Registered, tried: Batch) -> list[dict[str, Any]]:
    """What a rehearsal has shown of each record by itself."""
    rows = tried.tried_rows  # type: ignore[attr-defined]
    records = request.ctx.search(known.module).in_bulk([row.record_id for row in rows])
    labels = {name: spec.label for name, spec in known.fields.items()}
    return [
        {
            "title": str(records.get(row.record_id, "")),
            "problem": problems.text(row.problems, labels) if row.state == BatchRow.State.FAILED else "",
        }
        for row in rows
    ]


def _list_after(request: Request, known: Registered, action: Action) -> str:
    state = ListState(request.ctx, known, remembered_params(request.POST.get("state", "")), binned=action.binned)
    return state.url()
