"""The verbs every record type has: create, edit, delete to the recycle bin, restore, purge, assign, merge.

They are ordinary actions whose steps work on a whole set at a time.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.numbering.sequences import next_numbers
from guanxi.records import binning, conditions, derived, history, links, registry
from guanxi.records.actions import (
    Action,
    ask_rules,
    has_verb,
    judge_written,
    run_many,
    save_changed,
    saves_itself,
    settle_decisions,
)
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.merging.verbs import MERGE, UNMERGE
from guanxi.records.models import CustomField
from guanxi.records.module import Lines, Module, has_column
from guanxi.records.registry import Registered
from guanxi.records.revealing import REVEAL
from guanxi.records.work import Item, Work, add_error, parse_values, require

LINES = "lines"


# ---- Create and edit -------------------------------------------------------------------------------------------------


def _plan_create(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    specs = {spec.name: spec for spec in known.form_fields}
    shape = known.shape
    for work in works:
        parse_values(work, specs, _without_lines(work.item.data))
        work.values = {**shape.usual_defaults, **work.values}
        for spec in shape.varying_defaults:
            if spec.name not in work.values:
                work.values[spec.name] = spec.default
    links.resolve(ctx, specs, works)
    for work in works:
        if known.module.has_owner and not work.values.get("owner"):
            work.values["owner"] = ctx.actor
        _prepare(ctx, known, work, None)
        require(work, applicable(ctx, known, work, shape.demanding))
    _plan_lines(ctx, known, works)
    check_unique(known, works)


def _plan_edit(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    specs = {spec.name: spec for spec in known.form_fields}
    for work in works:
        parse_values(work, specs, _without_lines(work.item.data))
    links.resolve(ctx, specs, works)
    _owner_needs_assign(ctx, known, works)
    for work in works:
        _prepare(ctx, known, work, work.record)
        require(work, applicable(ctx, known, work, _touched(known, work)))
    _plan_lines(ctx, known, works)
    check_unique(known, works)


def _touched(known: Registered, work: Work) -> list[FieldSpec]:
    """The fields that an edit changes, and those whose being asked for or mandatory depends on these."""
    changed = work.values.keys()
    return [
        spec
        for spec in known.form_fields
        if spec.name in changed
        or (
            (spec.shown_when or spec.required_when)
            and changed & conditions.fields_of([spec.shown_when, spec.required_when])
        )
    ]


def _owner_needs_assign(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Giving a record to somebody else is a right of its own, whichever form it is done on."""
    if not known.module.has_owner or ctx.unbounded or ctx.may(known.module, "assign"):
        return
    for work in works:
        owner = work.values.get("owner", work.record)
        if owner is not work.record and getattr(owner, "pk", None) != work.record.owner_id:
            add_error(work, "owner", Message("You may not give this record to somebody else."))


def applicable(ctx: Context, known: Registered, work: Work, specs: Iterable[FieldSpec]) -> Iterator[FieldSpec]:
    """The fields as they are asked for on the record as it would be: conditions made into plain mandatory or not.

    A value for a field that is not asked for is refused; one that stands already stays, out of sight.
    """

    def holds(name: str) -> Any:
        if name in work.values:
            return work.values[name]
        spec = known.fields[name]
        return spec.value(work.record) if work.record is not None else spec.default

    for spec in specs:
        given = work.values.get(spec.name)
        if spec.shown_when and not conditions.met(ctx, known.fields, spec.shown_when, holds):
            if spec.name not in work.item.data:
                work.values.pop(spec.name, None)
            elif given not in (None, "", (), False) and (work.record is None or given != spec.value(work.record)):
                add_error(work, spec.name, Message("“%(field)s” is not asked for here.", field=spec.label))
            continue
        depends = bool(spec.required_when) and conditions.met(ctx, known.fields, spec.required_when, holds)
        if depends or (spec.required and spec.shown_when):
            work.values.setdefault(spec.name, holds(spec.name))
        yield dataclasses.replace(spec, required=True) if depends else spec


def _without_lines(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != LINES}


def _prepare(ctx: Context, known: Registered, work: Work, record: Any) -> None:
    """Let the module complete the values; what it finds wrong is reported like any other wrong input."""
    if known.module.prepare is None or isinstance(work.problem, Invalid):
        return
    try:
        work.values = known.module.prepare(ctx, work.values, record)
    except Invalid as problem:
        for name, messages in problem.errors.items():
            for message in messages:
                add_error(work, name, message)


def check_unique(known: Registered, works: list[Work]) -> None:
    """A unique field is compared for the whole set; of a column the database's own constraint is the last word."""
    _refuse_taken(known, works, [spec for spec in known.form_fields if spec.column.unique])


def _hold_unique(known: Registered, works: list[Work]) -> None:
    """Of added fields no constraint is the last word: their row is locked, and who comes second looks again."""
    specs = [spec for spec in known.form_fields if spec.column.unique and spec.written != spec.name]
    touched = [spec for spec in specs if any(work.values.get(spec.name) not in (None, "") for work in works)]
    if not touched:
        return
    names = [spec.name for spec in touched]
    list(CustomField.objects.select_for_update().filter(module=known.module.key, name__in=names).order_by("pk"))
    _refuse_taken(known, works, touched)
    for work in works:
        if work.problem is not None:
            raise work.problem


def _refuse_taken(known: Registered, works: list[Work], specs: Iterable[FieldSpec]) -> None:
    for spec in specs:
        given = [work for work in works if work.values.get(spec.name) not in (None, "")]
        values = [work.values[spec.name] for work in given]
        taken = dict(
            known.module.model._default_manager.filter(**{f"{spec.lookup}__in": values}).values_list(spec.lookup, "pk")
        )
        seen: set[Any] = set()
        for work in given:
            value = work.values[spec.name]
            owner = taken.get(value)
            if (owner is not None and (work.record is None or owner != work.record.pk)) or value in seen:
                add_error(work, spec.name, Message("“%(value)s” is already in use.", value=str(value)))
            seen.add(value)


def _execute_create(ctx: Context, known: Registered, works: list[Work]) -> None:
    _make_records(ctx, known, works)
    for work, changes in zip(works, history.created(known, [work.result for work in works]), strict=True):
        work.changes = changes
    judge_written(ctx, known, works)
    _hold_unique(known, works)
    records = [work.result for work in works]
    _number(ctx, known, records)
    if len(records) == 1 or saves_itself(known.module.model):
        for record in records:
            record.save(force_insert=True)
    elif records:
        insert_many(known.module.model, records)
    _write_lines(ctx, known, works)
    derived.add(known, records)


def _make_records(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Make each item's record, unsaved, as its result."""
    module = known.module
    department = known.field("department") if module.has_owner and has_column(module.model, "department") else None
    made = {"created_at": ctx.now, "changed_at": ctx.now, "created_by": ctx.actor, "changed_by": ctx.actor}
    for work, record in zip(works, new_rows(module.model, len(works), **made), strict=True):
        known.assign(record, work.values)
        if department is not None and record.department_id is None:
            # The owner's own instance of the department: asked for once per owner, not once per record.
            department.assign(record, record.owner.department if record.owner_id else None)
        if module.lifecycle and not getattr(record, module.lifecycle.field):
            setattr(record, module.lifecycle.field, module.lifecycle.initial)
        work.result = record


def judge_new(ctx: Context, module: Module | str, items: Sequence[Item]) -> list[Work]:
    """What create would find wrong with each item (duplicates aside), without writing: for the dry run of an import."""
    known = registry.entry(module)
    works = [Work(item=item) for item in items]
    _plan_create(ctx, known, works, CREATE)
    sound = [work for work in works if work.problem is None]
    if known.module.rules or known.module.set_rules:
        _make_records(ctx, known, sound)
        records = [work.result for work in sound]
        saying = [frozenset(spec.name for spec, _value in held) for held in history.said(known, records)]
        ask_rules(ctx, known, sound, list(zip(records, saying, strict=True)))
        settle_decisions(sound)
    return works


def judge_changed(ctx: Context, module: Module | str, items: Sequence[Item]) -> list[Work]:
    """What edit would find wrong with each item, without writing; NotFound where the person may not edit its target."""
    known = registry.entry(module)
    works = [Work(item=item) for item in items]
    records = ctx.search(known.module, EDIT.name).in_bulk([item.target for item in items])
    for work in works:
        work.record = records.get(work.item.target)
        work.problem = NotFound() if work.record is None else None
    reached = [work for work in works if work.problem is None]
    _plan_edit(ctx, known, reached, EDIT)
    sound = [work for work in reached if work.problem is None]
    for work in sound:
        before = history.snapshot(known, work.record)
        known.assign(work.record, work.values)
        work.changes = history.difference(known, before, work.record)
    ask_rules(ctx, known, sound, [(work.record, frozenset(work.changes)) for work in sound])
    settle_decisions(sound)
    return works


def _number(ctx: Context, known: Registered, records: list[Any]) -> None:
    if known.module.number and records:
        numbers = next_numbers(known.module.key, known.module.number, len(records), ctx.today)
        for record, number in zip(records, numbers, strict=True):
            record.number = number


def _execute_edit(ctx: Context, known: Registered, works: list[Work]) -> None:
    seen: dict[Any, Any] = {}
    for work in works:
        known.assign(work.record, work.values)
        if "owner" in work.values and has_column(known.module.model, "department"):
            # The owner's own instance of the department: asked for once per owner, not once per record.
            work.record.department = work.record.owner.department if work.record.owner_id else None
        work.changes = history.difference(known, work.before, work.record, seen)
        work.result = work.record
    judge_written(ctx, known, works)
    _hold_unique(known, works)
    _write_lines(ctx, known, works)
    save_changed(ctx, known, [work for work in works if work.changes])


# ---- Lines -----------------------------------------------------------------------------------------------------------


def _plan_lines(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Validate the lines of documents: a list of {field: value}, an `id` for a line that stands already."""
    lines = known.module.lines
    if lines is None:
        return
    for work in works:
        if LINES not in work.item.data:
            _complete(ctx, lines, work)
            continue
        given = work.item.data[LINES]
        if not isinstance(given, list | tuple) or not all(isinstance(row, Mapping) for row in given):
            add_error(work, LINES, Message("This value has the wrong form."))
            continue
        standing = _standing(known, work.record)
        rows = [Work(item=Item(data=row), record=standing.get(_line_id(row.get("id")))) for row in given]
        for row in rows:
            values = {name: value for name, value in row.item.data.items() if name != "id"}
            parse_values(row, known.line_inputs, values)
        links.resolve(ctx, known.line_inputs, rows)
        for row in rows:
            require(row, known.line_inputs.values())
        _refuse_repeats(known, rows)
        for number, row in enumerate(rows, start=1):
            if isinstance(row.problem, Invalid):
                for name, messages in row.problem.errors.items():
                    for message in messages:
                        label = known.line_fields[name].label if name in known.line_fields else name
                        add_error(
                            work,
                            LINES,
                            Message(
                                "Line %(number)s, %(field)s: %(problem)s", number=number, field=label, problem=message
                            ),
                        )
        work.lines = rows
        _complete(ctx, lines, work)


def _complete(ctx: Context, lines: Lines, work: Work) -> None:
    """Let the document work out what follows from its lines, whether they came with the rest or stand as they were."""
    if lines.complete is None or isinstance(work.problem, Invalid):
        return
    if work.lines is not None:
        rows = [(row.record, row.values) for row in work.lines]
    else:
        rows = [(row, {}) for row in stand_below(lines, work.record)]
    try:
        work.values = lines.complete(ctx, work.values, work.record, rows)
    except Invalid as problem:
        for name, messages in problem.errors.items():
            for message in messages:
                add_error(work, name, message)


def stand_below(lines: Lines, parent: Any) -> list[Any]:
    """The lines that a document has so far, in their order."""
    if parent is None:
        return []
    links_of = [
        column.name
        for column in lines.model._meta.concrete_fields
        if column.name in lines.columns and column.is_relation
    ]
    rows = lines.model._default_manager.filter(**{lines.parent: parent}).select_related(*links_of)
    found = list(rows.order_by(*lines.sort))
    for row in found:
        setattr(row, lines.parent, parent)
    return found


def _standing(known: Registered, parent: Any) -> dict[Any, Any]:
    """The lines that a document has so far, by id."""
    assert known.module.lines is not None
    return {row.pk: row for row in stand_below(known.module.lines, parent)}


def _refuse_repeats(known: Registered, rows: list[Work]) -> None:
    assert known.module.lines is not None
    unique = known.module.lines.unique
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        key = tuple(row.values.get(name) for name in unique)
        if unique and key in seen:
            add_error(row, unique[0], Message("This already stands on another line."))
        seen.add(key)


def _write_lines(ctx: Context, known: Registered, works: list[Work]) -> None:
    lines = known.module.lines
    if lines is None:
        return
    manager = lines.model._default_manager
    for work in works:
        if work.lines is None:
            continue
        parent = work.result
        standing = _standing(known, parent)
        before = [_line_text(known, row) for row in standing.values()]
        kept: set[uuid.UUID] = set()
        written, added, changed = [], [], []
        for place, row in enumerate(work.lines):
            line = standing.get(_line_id(row.item.data.get("id"))) or lines.model(**{lines.parent: parent})
            stands = line.pk in standing
            was = [spec.stored(line) for spec in known.line_fields.values()]
            for name, value in row.values.items():
                known.line_fields[name].assign(line, value)
            moved = bool(lines.order) and getattr(line, lines.order) != place
            if lines.order:
                setattr(line, lines.order, place)
            kept.add(line.pk)
            written.append(line)
            if not stands:
                line.changed_at, line.changed_by = ctx.now, ctx.actor
                added.append(line)
            elif moved or was != [spec.stored(line) for spec in known.line_fields.values()]:
                line.version += 1
                line.changed_at, line.changed_by = ctx.now, ctx.actor
                changed.append(line)
        gone = [pk for pk in standing if pk not in kept]
        if gone:
            manager.filter(pk__in=gone).delete()
        _save_lines(known, added, changed)
        after = [_line_text(known, line) for line in written]
        if before != after:
            work.changes[LINES] = ["\n".join(before), "\n".join(after)]


def _save_lines(known: Registered, added: list[Any], changed: list[Any]) -> None:
    """Store many lines in few statements, unless the rows keep something in a `save` of their own."""
    lines = known.module.lines
    assert lines is not None
    if saves_itself(lines.model):
        for line in [*added, *changed]:
            line.save()
        return
    insert_many(lines.model, added)
    if changed:
        columns = [*known.line_fields, *([lines.order] if lines.order else ()), "version", "changed_at", "changed_by"]
        lines.model._default_manager.bulk_update(changed, columns, batch_size=100)


def _line_id(raw: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(raw))
    except ValueError:
        return None


def _line_text(known: Registered, line: Any) -> str:
    return " · ".join(spec.text(line) for spec in known.line_fields.values())


CREATE = Action(
    name="create",
    label=_("Create"),
    icon="plus",
    needs=("create",),
    on_record=False,
    standard=True,
    plan=_plan_create,
    execute=_execute_create,
)
EDIT = Action(
    name="edit",
    label=_("Edit"),
    icon="pencil",
    needs=("edit",),
    standard=True,
    plan=_plan_edit,
    execute=_execute_edit,
)
DELETE = Action(
    name="delete",
    label=_("Delete"),
    icon="trash",
    needs=("delete",),
    standard=True,
    bulk=True,
    tone="danger",
    confirm=_("Move to the recycle bin? It can be restored from there."),
    execute=binning.execute_delete,
)
RESTORE = Action(
    name="restore",
    label=_("Restore"),
    icon="arrow-back-up",
    needs=("delete",),
    standard=True,
    bulk=True,
    binned=True,
    execute=binning.execute_restore,
)
PURGE = Action(
    name="purge",
    label=_("Delete for good"),
    icon="trash-x",
    needs=("delete",),
    standard=True,
    bulk=True,
    binned=True,
    tone="danger",
    confirm=_("Delete for good? This cannot be undone."),
    step_up=True,
    may_leave_scope=True,
    undoable=False,
    execute=binning.execute_purge,
)
ASSIGN = Action(
    name="assign",
    label=_("Assign"),
    icon="user-share",
    needs=("assign",),
    standard=True,
    bulk=True,
    may_leave_scope=True,
    fields=("owner",),
    execute=_execute_edit,
)
STANDARD = {action.name: action for action in (CREATE, EDIT, DELETE, RESTORE, PURGE, ASSIGN, MERGE, UNMERGE, REVEAL)}

#: Verbs with a page and an operation of their own: found by name, but offered nowhere as a button.
APART: dict[str, Action] = {}


def action_of(module: Module, name: str) -> Action | None:
    """The action of that name on a module: one of its own, or a standard one it has not opted out of."""
    known = registry.entry(module)
    action = known.actions.get(name) or STANDARD.get(name) or APART.get(name)
    if action is None or not has_verb(known, action):
        return None
    if name == REVEAL.name and not known.sealed:
        return None
    return action


#: What is entered in the audit beside the actions; upper floors add what they enter.
ENTERED: dict[str, Any] = {
    "import": _("Import"),
    "undo_import": _("Undo import"),
    "export": _("Export"),
    "ask_export": _("Ask for an export"),
    "ask_approval": _("Ask for approval"),
    "undo": _("Undo"),
    "tell_apart": _("Not the same"),
}


def verb_of(module: Module | None, name: str) -> str:
    """What an entry of the audit tells was done, by the name of its action."""
    action = action_of(module, name) if module is not None else STANDARD.get(name)
    # What has no verb for people is still written by those of the program: rows that were shipped, say.
    label = action.label if action else ENTERED.get(name) or getattr(STANDARD.get(name), "label", None)
    return str(label) if label else name.replace("_", " ")


def create(ctx: Context, module: Module | str, /, *, confirmed: bool = False, **values: Any) -> Any:
    """Create one record by its field names; for rooms, jobs and tests."""
    return run_many(CREATE, ctx, module, [Item(data=values, confirmed=confirmed)])[0].result


def edit(
    ctx: Context,
    module: Module | str,
    target: Any,
    /,
    *,
    version: int | None = None,
    confirmed: bool = False,
    **values: Any,
) -> Any:
    """Change fields of one record by their names; for rooms, jobs and tests."""
    return run_many(EDIT, ctx, module, [Item(target, values, version, confirmed)])[0].result
