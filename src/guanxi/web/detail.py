"""The page of one record: facts, lines, related records, what can be done with it, and its neighbours in the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.platform.audit import disclosures
from guanxi.platform.audit.models import Outcome, Sight, Source
from guanxi.records import conditions, disclosing, history, listing, masking, registry
from guanxi.records.actions import Action
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.merging.verbs import is_merged
from guanxi.records.module import Module, Related
from guanxi.records.registry import Registered
from guanxi.records.scoped import Scoped
from guanxi.records.standard import action_of, stand_below, verb_of
from guanxi.web import addresses, cells, panels
from guanxi.web.gate import Request, of_module
from guanxi.web.list_state import ListState, remembered_params
from guanxi.web.looks import seals_of
from guanxi.web.rendering import page, template_of

#: Rows of a related list on the record's page; the rest is behind "show all".
RELATED_ROWS = 6


_WHOLE = Scoped(lambda ctx, module, joined, pk: ctx.search(module).select_related(*joined).filter(pk=pk))


def get_record(ctx: Context, known: Registered, pk: Any) -> Any:
    """The record with everything its page shows of other tables, in one query; that it is seen goes on record."""
    joined = tuple(spec.join for name, spec in known.fields.items() if spec.join and name != "deleted_by")
    row = _WHOLE.first(ctx, known.module.key, joined, pk=pk)
    if row is None:
        disclosing.refused(ctx, known.module, Sight.VIEW, pk)
        raise NotFound
    disclosing.looked_at(ctx, known.module, row)
    return row


@require_GET
@of_module
def show(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """The page of one record."""
    record = get_record(request.ctx, known, pk)
    return page(request, template_of(known.module, "detail"), context(request, known, record))


def context(request: Request, known: Registered, record: Any) -> dict[str, Any]:
    """Everything the page of a record shows; rooms may call it for pages of their own."""
    ctx, module = request.ctx, known.module
    added = panels.of(ctx, module.key, record)
    return {
        "known": known,
        "module": module,
        "record": record,
        "title": str(getattr(record, module.title) or record),
        "here": addresses.record(module, record.pk),
        "state": _state(known, record),
        "sections": sections_of(ctx, known, record),
        "strip": [
            {
                "label": capfirst(str(figure.label)),
                "value": cells.figure_text(figure, figure.figure(record)) or "—",
                "is_text": figure.kind == "text",
            }
            for figure in module.computed
        ],
        "lines": _lines(known, record),
        "related": [found for item in module.related for found in [_related(request, item, record)] if found],
        "actions": actions_for(ctx, known, record),
        "standard": standard_for(ctx, known, record),
        "neighbours": neighbours(request, known, record),
        "waiting": waiting(ctx, known, record),
        **added,
        "seals": [*_seals(known, record), *added.get("seals", ())],
    }


def visible_targets(ctx: Context, known: Registered) -> dict[str, Module]:
    """The links of a record whose other end the person may open."""
    found = {name: registry.find(spec.target) for name, spec in known.fields.items() if spec.target}
    return {name: module for name, module in found.items() if module is not None and ctx.may(module)}


def sections_of(ctx: Context, known: Registered, record: Any) -> list[dict[str, Any]]:
    """The facts of a record under the headings of its form."""
    visible = visible_targets(ctx, known)
    sections = []
    for section in known.sections:
        facts = []
        for name in section.fields:
            if spec := known.fields.get(name):
                if not applies(ctx, known, spec, record):
                    continue
                facts.append(cells.fact(ctx, spec, record, visible))
            elif figure := known.computed.get(name):
                text = cells.figure_text(figure, figure.figure(record))
                facts.append({"label": capfirst(str(figure.label)), "value": text, "href": "", "full": False})
        sections.append({"label": section.label, "facts": facts})
    return sections


def applies(ctx: Context, known: Registered, spec: FieldSpec, record: Any) -> bool:
    """Whether a field is asked for on this record: one that depends on others is shown where its condition holds."""
    return conditions.met(ctx, known.fields, spec.shown_when, lambda name: known.fields[name].value(record))


def waiting(ctx: Context, known: Registered, record: Any) -> list[dict[str, str]]:
    """What somebody has asked to do with this record and what waits for approval."""
    return [
        {
            "text": _("Waits for approval: %(what)s (%(person)s)")
            % {"what": verb_of(known.module, each.action), "person": each.owner.name},
            "href": addresses.record(asking.PENDING, each.pk) if _may_see(ctx, each) else "",
        }
        for each in asking.waiting_on(known.module.key, record.pk)
    ]


def _may_see(ctx: Context, pending: Any) -> bool:
    """Whether the person may open this request."""
    return ctx.search(asking.PENDING).filter(pk=pending.pk).exists()


def _state(known: Registered, record: Any) -> dict[str, str] | None:
    lifecycle = known.module.lifecycle
    if lifecycle is None:
        return None
    spec = known.field(lifecycle.field)
    return {"name": spec.name, "value": spec.value(record), "text": spec.text(record)}


def _seals(known: Registered, record: Any) -> list[dict[str, Any]]:
    """Grades and standing of a record, drawn as seals beside its name."""
    seals = []
    for name, look in seals_of(known.module.key):
        spec = known.fields.get(name)
        value = spec.value(record) if spec else None
        if spec and value not in (None, ""):
            shape = "ro" if look.style == "grade" else "sq"
            tone = "" if not look.strong or value in look.strong else "quiet"
            seals.append({"text": spec.text(record), "shape": shape, "tone": tone})
    return seals


def _lines(known: Registered, record: Any) -> dict[str, Any] | None:
    lines = known.module.lines
    if lines is None:
        return None
    specs = list(known.line_fields.values())
    return {
        "label": lines.label,
        "columns": specs,
        "rows": stand_below(lines, record),
        "sums": lines.sums,
        "before": lines.before,
    }


def _related(request: Request, related: Related, record: Any) -> dict[str, Any] | None:
    """A list of records below this one: the first rows, how many there are, where to make a new one."""
    other = registry.entry(related.module)
    module, ctx = other.module, request.ctx
    if not ctx.may(module):
        return None
    named = related.columns or tuple(name for name in module.columns if name != related.link)[:5]
    columns = listing.columns_of(module, named)
    joined = [column.spec.join for column in columns if column.spec and column.spec.join]
    rows = ctx.search(module).filter(**{related.link: record})
    name, descending = listing.sort_of(ctx, module, module.sort)
    shown = list(rows.select_related(*joined).order_by(f"-{name}" if descending else name, "-pk")[: RELATED_ROWS + 1])
    count = len(shown) if len(shown) <= RELATED_ROWS else listing.count(rows)
    query = {related.link: str(record.pk)}
    # A link that a verb makes, not a form, would be lost on the way.
    is_entered = related.link not in other.fields or other.fields[related.link].column.editable
    may_create = is_entered and module.can("create") and ctx.may(module, "create")
    return {
        "label": related.label or module.label_plural,
        "module": module,
        "columns": columns,
        "lines": cells.lines_of(ctx, other, shown[:RELATED_ROWS], columns),
        "count": count,
        "all": addresses.listing(module, **{f"f-{related.link}": str(record.pk)}) if count > RELATED_ROWS else "",
        "new": addresses.of_module(module, "new", query=query) if may_create else "",
        "key": module.key.replace(".", "-"),
    }


def may_on(ctx: Context, module: Module, action: str, record: Any) -> bool:
    """Whether the person may do the action on this very record, which he sees."""
    return bool(cells.reachable(ctx, module, action, [record]))


def actions_for(ctx: Context, known: Registered, record: Any) -> list[Action]:
    """The record type's own actions that its state and the person's rights allow now."""
    lifecycle = known.module.lifecycle
    state = getattr(record, lifecycle.field) if lifecycle else ""
    return [
        action
        for action in known.module.actions
        if action.on_record
        and not action.standard  # a type's own way of editing stands where editing always stands
        and not action.binned
        and (not action.states or not lifecycle or state in action.states)
        and (action.fits is None or action.fits(record))
        and may_on(ctx, known.module, action.name, record)
    ]


def standard_for(ctx: Context, known: Registered, record: Any) -> dict[str, bool]:
    """Which of the standard verbs the person may use on this record."""
    module = known.module
    locked = module.lifecycle is not None and getattr(record, module.lifecycle.field) in module.lifecycle.locked
    return {
        "edit": module.can("edit") and not locked and may_on(ctx, module, "edit", record),
        "delete": action_of(module, "delete") is not None and may_on(ctx, module, "delete", record),
        "assign": action_of(module, "assign") is not None and may_on(ctx, module, "assign", record),
        "merge": not locked and action_of(module, "merge") is not None and may_on(ctx, module, "merge", record),
        "unmerge": action_of(module, "unmerge") is not None
        and may_on(ctx, module, "unmerge", record)
        and is_merged(known, record),
        "copy": module.can("copy") and module.can("create") and ctx.may(module, "create"),
        "history": module.can("history"),
        "reveal": bool(masking.sealed_in(known, record)) and may_on(ctx, module, masking.REVEAL, record),
        "looks": may_see_looks(ctx, module, record),
    }


def neighbours(request: Request, known: Registered, record: Any) -> dict[str, str] | None:
    """The records before and after this one in the list one came from, and the way back to it."""
    remembered = request.GET.get("list", "")
    if not remembered:
        return None
    state = ListState(request.ctx, known, remembered_params(remembered))
    before, after = listing.neighbours(request.ctx, known.module, record, state.query)
    return {
        "back": state.url(),
        "previous": addresses.record(known.module, before, list=remembered) if before else "",
        "next": addresses.record(known.module, after, list=remembered) if after else "",
        "remembered": remembered,
    }


@require_GET
@of_module
def past(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """The history of one record."""
    if not known.module.can("history"):
        raise NotFound
    record = get_record(request.ctx, known, pk)
    entries = history.of(request.ctx, known, record)
    given = {
        "known": known,
        "module": known.module,
        "record": record,
        "title": str(record),
        "entries": [
            {
                "past": entry,
                "verb": verb_of(known.module, entry.action),
                "icon": icon_of(known, entry.action),
                "source": "" if entry.source == Source.PAGE else dict(Source.choices).get(entry.source, ""),
            }
            for entry in entries
        ],
    }
    return page(request, "web/history.html", given)


#: Looks at one record that its page of looks shows.
LOOKS = 200


@require_GET
@of_module
def looks(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """Who looked at one record, and how: for whom the right to know it reaches the record."""
    record = get_record(request.ctx, known, pk)
    if not may_see_looks(request.ctx, known.module, record):
        raise NotAllowed
    entries = [
        {
            "entry": entry,
            "kind": entry.get_kind_display(),
            "refused": entry.outcome == Outcome.REFUSED,
            "source": "" if entry.source == Source.PAGE else entry.get_source_display(),
            "detail": disclosing.told(entry, True),
        }
        for entry in disclosures.of_record(record.pk)[:LOOKS]
    ]
    given = {"known": known, "module": known.module, "record": record, "title": str(record), "entries": entries}
    return page(request, "web/looks.html", given)


def may_see_looks(ctx: Context, module: Module, record: Any) -> bool:
    """Whether the person may know who looked at this record."""
    return disclosing.is_watched(ctx, module) and may_on(ctx, module, disclosing.SEE_LOOKS, record)


def icon_of(known: Registered, name: str) -> str:
    """The sign of an action in a history."""
    action = action_of(known.module, name) or known.actions.get(name)
    return action.icon if action else "point"
