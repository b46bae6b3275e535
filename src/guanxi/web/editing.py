"""Creating and changing one record: the form, its refusals, its conflicts; nothing typed is ever lost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.errors import Invalid, NotFound, Problem, Refused, Stale, Unconfirmed
from guanxi.kernel.messages import Message
from guanxi.records import disclosing, duplicates, history, links, masking
from guanxi.records.actions import require_possible, run
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.listing import columns_of
from guanxi.records.merging.verbs import MOST
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT, LINES, action_of
from guanxi.web import addresses, entered, errors, flashes, form_fields, told
from guanxi.web.cells import SIMPLE, cell_of
from guanxi.web.gate import Request, of_module, require
from guanxi.web.lines_editor import blank_row, lines_of_post, rows_for
from guanxi.web.listing import new_label
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page, template_of


@dataclass
class Form:
    """A form about to be drawn: of a new record or a standing one, fresh or come back with a problem."""

    known: Registered
    record: Any = None
    posted: QueryDict | None = None
    initial: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] | None = None
    problem: Problem | None = None
    version: int = 0

    @property
    def errors(self) -> Mapping[str, list[Any]]:
        return self.problem.errors if isinstance(self.problem, Invalid) else {}


# ---- New -------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def create(request: Request, known: Registered) -> HttpResponseBase:
    """A new record: empty, filled from the address (`?customer=…`), or as a copy of another (`?copy=…`)."""
    if not known.module.can("create"):
        raise NotFound
    require(request.ctx, known, "create", CREATE.label)
    if request.method == "GET":
        return _draw(request, Form(known, initial=_initial(request, known), lines=_copied_lines(request, known)))

    posted = request.POST.copy()

    def act() -> str:
        data = _data(request, known, posted)
        made = run(CREATE, _because(request), known.module, data=data, confirmed=bool(request.POST.get("confirmed")))
        if request.POST.get("again"):
            return addresses.of_module(known.module, "new")
        return addresses.record(known.module, made.pk)

    address, problem = once(request, act, partial(_keep_uploads, request, known, posted))
    if problem is not None:
        return _draw(request, Form(known, posted=posted, problem=problem))
    return _gone_to(request, address, Message("%(noun)s created.", noun=capfirst(str(known.module.label))))


def _initial(request: Request, known: Registered) -> dict[str, Any]:
    """The values a new form starts with."""
    values: dict[str, Any] = {}
    for spec in known.form_fields:
        if spec.has_default:
            values[spec.name] = spec.default
        elif spec.required and spec.kind.name in ("date", "moment"):
            # What must have a date mostly happens as it is being written down.
            values[spec.name] = request.ctx.today if spec.kind.name == "date" else request.ctx.now
    if known.module.has_owner:
        values["owner"] = request.ctx.actor
    if known.module.starts:
        values |= known.module.starts(request.ctx)
    if original := request.GET.get("copy"):
        values |= _copied(request, known, original)
    for spec in known.form_fields:
        if spec.name in request.GET:
            values[spec.name] = _from_address(request, spec)
    return values


def _copied(request: Request, known: Registered, original: str) -> dict[str, Any]:
    record = request.ctx.get(known.module, original)
    disclosing.looked_at(request.ctx, known.module, record, part="copy")
    left_out = {spec.name for spec in known.form_fields if spec.column.unique or spec.kind.name == "file"}
    veiled = {
        spec.name
        for spec in known.form_fields
        if spec.kind.name == "link" and links.unseen(request.ctx, spec.target, {spec.stored(record)} - {None})
    }
    kept_back = left_out | veiled | masking.hidden_in(record) | masking.sealed_in(known, record)
    return {spec.name: spec.value(record) for spec in known.form_fields if spec.name not in kept_back}


def _copied_lines(request: Request, known: Registered) -> list[dict[str, Any]] | None:
    original = request.GET.get("copy")
    if not original or known.module.lines is None:
        return None
    rows = rows_for(request.ctx, known, request.ctx.get(known.module, original))
    return [{**row, "id": ""} for row in rows]


def _from_address(request: Request, spec: FieldSpec) -> Any:
    """A value given in the address; what cannot be read is left for the person to fill in."""
    raw = request.GET.getlist(spec.name) if spec.kind.name == "multi_choice" else request.GET[spec.name]
    try:
        if spec.kind.name in ("link", "person"):
            return entered.linked(request.ctx, spec, raw)
        return spec.kind.parse(spec, raw)
    except Problem:
        return None


# ---- Edit ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def edit(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """Change a standing record, unless somebody else has done so since the form was opened."""
    if not known.module.can("edit"):
        raise NotFound
    require(request.ctx, known, "edit", EDIT.label)
    record = request.ctx.get(known.module, pk)
    require_possible(request.ctx, known.module, EDIT, record)
    if request.method == "GET":
        disclosing.looked_at(request.ctx, known.module, record, part="form")
        return _draw(request, Form(known, record=record, version=record.version))
    version, posted = _version(request), request.POST.copy()

    def act() -> str:
        data = _changed_only(request, _data(request, known, posted))
        run(
            EDIT, _because(request), known.module, record, data,
            version=version, confirmed=bool(request.POST.get("confirmed")),
        )  # fmt: skip
        return addresses.record(known.module, record.pk, list=request.POST.get("list", ""))

    address, problem = once(request, act, partial(_keep_uploads, request, known, posted))
    if problem is None:
        return _gone_to(request, address, Message("Saved."))
    form = Form(known, record=record, posted=posted, problem=problem, version=version or record.version)
    if isinstance(problem, Stale):
        form.version = problem.current_version
    return _draw(request, form)


def _because(request: Request) -> Context:
    """With the reason, where the form asked for one because somebody has to approve first."""
    return request.ctx.because(request.POST.get("reason", "").strip())


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _changed_only(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    """What the person changed on the form: the rest is not written, so nothing of anybody else's is overwritten.

    A field set to "theirs" in the comparison of a conflict is not written either.
    """
    opened = _read_opened(request.POST.get("opened", ""))
    kept = {}
    for name, value in data.items():
        if request.POST.get(f"take-{name}") == "theirs":
            continue
        if name != LINES and name in opened and _plain(value) == _plain(opened[name]):
            continue
        kept[name] = value
    return kept


def _read_opened(text: str) -> dict[str, Any]:
    """The values the form was opened with, as the form carried them."""
    try:
        opened = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return opened if isinstance(opened, dict) else {}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return str(value).replace("\r\n", "\n") if value is not None else ""


def _opened(request: Request, known: Registered, record: Any) -> dict[str, Any]:
    """The values the form starts from, as the controls send them."""
    values = {}
    for spec in known.form_fields:
        value = form_fields.as_entered(spec, spec.value(record))
        values[spec.name] = ", ".join(value) if spec.kind.name == "tags" and value else value
    return values


# ---- Both ------------------------------------------------------------------------------------------------------------


def _keep_uploads(request: Request, known: Registered, posted: QueryDict) -> None:
    entered.keep_uploads(request.ctx, known.form_fields, posted, request.FILES)


def _data(request: Request, known: Registered, posted: QueryDict) -> dict[str, Any]:
    data = entered.values(request.ctx, known.form_fields, posted)
    if known.module.lines is not None and posted.get("has_lines"):
        data[LINES] = lines_of_post(request.ctx, known, posted)
    return data


def _gone_to(request: Request, address: str, text: Message) -> HttpResponseBase:
    if request.ctx.told:
        return told.show(request, address)
    if request.htmx:
        answer: HttpResponseBase = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = address
        flashes.say(answer, text)
        return answer
    return flashes.redirect(address, text)


def _draw(request: Request, form: Form) -> HttpResponse:
    known, module = form.known, form.known.module
    is_new = form.record is None
    verb = CREATE if is_new else EDIT
    action = known.actions.get(verb.name, verb)
    problem = form.problem
    warnings_only = isinstance(problem, Refused) and problem.decision.allowed
    # What a person sends back is compared with what the form was opened with, so that stays what it was.
    opened = form.posted.get("opened", "") if form.posted is not None else ""
    if not opened and not is_new:
        opened = json.dumps(_opened(request, known, form.record), ensure_ascii=False)
    cancel = addresses.listing(module) if is_new else addresses.record(module, form.record.pk)
    context = {
        "known": known,
        "module": module,
        "record": form.record,
        "is_new": is_new,
        "sections": _sections(request, form),
        "lines": _lines_context(request, form),
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem, warnings=warnings_only) if problem else [],
        "warnings_only": warnings_only,
        "summary": _summary(known, form.errors),
        "conflicts": _conflicts(known, problem, opened),
        "version": form.version,
        "opened": opened,
        "form_token": new_token(),
        "boxes": form_fields.mask_boxes(known.form_fields),
        "similar_fields": ",".join(rule.field for rule in module.same_as),
        "cancel": cancel,
        "list_state": request.POST.get("list") or request.GET.get("list", ""),
        "title": _title(known, form.record),
        "confirmed": bool(form.posted is not None and form.posted.get("confirmed")),
        "needs_approval": asking.expected(request.ctx, known, action),
        "is_asked": action.approval is not None,
        "reason": form.posted.get("reason", "") if form.posted is not None else "",
        "reason_errors": [str(message) for message in form.errors.get("reason", ())],
    }
    return page(request, template_of(module, "form"), context, status=problem.status if problem else 200)


def _title(known: Registered, record: Any) -> str:
    if record is None:
        return new_label(known.module)
    return _("Edit %(title)s") % {"title": str(record)}


def _sections(request: Request, form: Form) -> list[dict[str, Any]]:
    sections = []
    for section in form.known.sections:
        fields = [drawn for name in section.fields for drawn in [_field(request, form, name)] if drawn]
        if fields:
            mirrored = section.mirrored if len(fields) == len(section.fields) else ()
            sections.append({"label": section.label, "help": section.help, "fields": fields, "mirrored": mirrored})
    return sections


def _field(request: Request, form: Form, name: str) -> dict[str, Any] | None:
    spec = form.known.fields.get(name)
    if spec is None:
        return None
    if not spec.editable:
        return form_fields.readonly(request.ctx, spec, form.record) if form.record is not None else None
    value = spec.value(form.record) if form.record is not None else form.initial.get(name)
    return form_fields.field(request.ctx, spec, value, errors=form.errors.get(name, ()), posted=form.posted)


def _lines_context(request: Request, form: Form) -> dict[str, Any] | None:
    lines = form.known.module.lines
    if lines is None:
        return None
    if form.posted is not None and form.posted.get("has_lines"):
        rows = rows_for(request.ctx, form.known, None, posted=form.posted)
    elif form.lines is not None:
        rows = form.lines
    else:
        rows = rows_for(request.ctx, form.known, form.record)
    return {
        "label": lines.label,
        "columns": list(form.known.line_fields.values()),
        "rows": rows,
        "blank": blank_row(request.ctx, form.known),
        "ordered": bool(lines.order),
        "before": lines.before,
        "sums": lines.sums,
        "offered_by": next(iter(form.known.line_inputs)) if lines.offer is not None else "",
        "errors": [str(message) for message in form.errors.get(LINES, ())],
    }


def _summary(known: Registered, found: Mapping[str, list[Any]]) -> list[dict[str, str]]:
    """The errors above the form, each leading to its field."""
    summary = []
    for name, messages in found.items():
        spec = known.fields.get(name)
        for message in messages:
            label = capfirst(str(spec.label)) if spec else ""
            summary.append({"name": name if spec else "", "label": label, "text": str(message)})
    return summary


def _conflicts(known: Registered, problem: Problem | None, opened: str) -> list[dict[str, Any]]:
    """What both have changed: mine beside theirs. What they left as the form found it is no conflict."""
    if not isinstance(problem, Stale):
        return []
    before = _read_opened(opened)
    conflicts = []
    for name, (mine, theirs) in ((name, pair[:2]) for name, pair in problem.changes.items()):
        spec = known.fields.get(name)
        if spec is None or (name in before and _same(spec, theirs, before[name])):
            continue
        shown = {"mine": history.text_of(spec, mine), "theirs": history.text_of(spec, theirs)}
        conflicts.append({"name": name, "label": spec.label, **shown})
    return conflicts


def _same(spec: FieldSpec, theirs: Any, before: Any) -> bool:
    """Whether the stored value is still what the form was opened with."""
    if isinstance(theirs, dict):
        return str(theirs.get("id", "")) == str(before)
    return history.text_of(spec, theirs) == history.text_of(spec, bool(before) if isinstance(theirs, bool) else before)


# ---- While typing ----------------------------------------------------------------------------------------------------


@require_GET
@of_module
def similar(request: Request, known: Registered) -> HttpResponseBase:
    """Records that may be the same as what is being typed."""
    if not (request.ctx.may(known.module, "create") or request.ctx.may(known.module, "edit")):
        raise NotFound
    values: dict[str, Any] = {}
    for rule in known.module.same_as:
        spec = known.field(rule.field)
        raw = request.GET.get(rule.field, "")
        try:
            values[rule.field] = spec.kind.parse(spec, raw) if raw else ""
        except Invalid:
            values[rule.field] = ""
    excluded = [uuid.UUID(key) for key in request.GET.getlist("except") if entered.is_id(key)]
    found = duplicates.find(request.ctx, known, values, exclude=excluded)
    return render(
        request,
        "web/parts/similar.html",
        {"module": known.module, "found": found, "compare": _comparison(request, known, excluded, found)},
    )


def _comparison(request: Request, known: Registered, own: list[uuid.UUID], found: list[duplicates.Duplicate]) -> str:
    """Where the record being edited is compared with those that may be the same."""
    others = [each.record_id for each in found if each.record_id is not None][: MOST - 1]
    if len(own) != 1 or not others or action_of(known.module, "merge") is None:
        return ""
    if not request.ctx.may(known.module, "merge"):
        return ""
    return addresses.of_module(known.module, "merge", query={"pk": [*own, *others]})


@require_http_methods(["GET", "POST"])
@of_module
def inline(request: Request, known: Registered, pk: Any, name: str) -> HttpResponseBase:
    """One field of a row of a list: its control (GET), and saving it (POST), which answers the cell's new content."""
    if not (known.module.can("edit") and known.module.can("inline_edit")):
        raise NotFound
    spec = next((spec for spec in known.form_fields if spec.name == name), None)
    if spec is None or spec.kind.name not in SIMPLE:
        raise NotFound
    record = request.ctx.get(known.module, pk)
    if name in masking.hidden_in(record):
        raise NotFound
    require_possible(request.ctx, known.module, EDIT, record)
    if request.method == "GET":
        drawn = form_fields.field(request.ctx, spec, spec.value(record))
        context = {"f": drawn, "version": record.version}
        return render(request, "web/parts/inline.html", context)
    data = entered.values(request.ctx, [spec], request.POST)
    try:
        run(EDIT, request.ctx, known.module, record, data, version=_version(request))
    except (Unconfirmed, asking.AwaitsApproval):
        raise
    except Refused as problem:
        if problem.decision.allowed:
            text = _("There is a question about this: change it on the form.")
            return HttpResponse(f"{text} {_warning(problem)}", status=409, content_type="text/plain; charset=utf-8")
        return errors.part(problem)
    except Problem as problem:
        return errors.part(problem)
    fresh = request.ctx.search(known.module).filter(pk=record.pk).first()
    if fresh is None:
        return HttpResponse("", status=200)
    return render(
        request, "web/parts/cell.html", {"cell": cell_of(known.module, fresh, columns_of(known.module, (name,))[0])}
    )


def _warning(problem: Refused) -> str:
    return " ".join(str(reason.message) for reason in problem.decision.warnings)
