"""The one way to write: an action runs through the same steps whoever calls it.

scope → permission → lifecycle → validate → transaction (lock, rules) → execute → re-check the scope of what was
written → approval gate → audit → events on commit. Page, API, import, workflow step, job and command all call `run` or
its batched form `run_many`, which takes the same steps in the same order, set by set; `run` is `run_many` of one.

The gate comes last within the transaction: what has to be approved first is taken back as if it had never been, and a
request that tells exactly what it would have done waits in its place (ADR 0045).
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, Stale, Unconfirmed
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.records import attachments, derived, duplicates, events, history, links, masking, registry
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.work import Item, Work, add_error, parse_values, require

#: A judgement on an action: (context, the record, the cleaned input) to a Decision.
ActionRule = Callable[[Context, Any, Mapping[str, Any]], Decision]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One verb: one function, one permission, one audit entry, one endpoint, one button.

    `fields` are the record's own fields that it asks for anew, `inputs` what it asks for besides; `perform(ctx, record,
    values)` changes the record, which the pipeline saves, and may return what the caller should see. `plan` and
    `execute` replace the set-based steps for standard verbs.
    """

    name: str
    label: Any
    icon: str = "point"
    on_record: bool = True
    fields: tuple[str, ...] = ()
    inputs: tuple[FieldSpec, ...] = ()
    rules: tuple[ActionRule, ...] = ()
    states: tuple[str, ...] = ()
    to_state: str = ""
    perform: Callable[[Context, Any, dict[str, Any]], Any] | None = None
    asks_reason: bool = False
    confirm: Any = ""
    tone: str = "line"
    #: Seldom wanted: it stands in the menu of a record's page, not among its buttons.
    rare: bool = False
    bulk: bool = False
    binned: bool = False
    may_leave_scope: bool = False
    #: Whether it means anything on a record as it stands: pages do not offer it otherwise, and it would change nothing.
    fits: Callable[[Any], bool] | None = None
    #: Locks rows of other types before the targets of a run: whoever acts on the same does so in one order.
    locks: Callable[[Sequence[Work]], object] | None = None
    #: Further records of the type that it changes: locked with the target, and handed to the rules as `others`.
    also: Callable[[Work], Sequence[uuid.UUID]] | None = None
    #: Before a batch of it is done, the page shows what would become of each record.
    judged_first: bool = False
    #: Whether a batch of it can be taken back: all that it does is change the record's own columns, or bin it.
    undoable: bool = True
    #: So grave that the person confirms who he is first; see `Context.require_confirmed`.
    step_up: bool = False
    #: What it needs whatever rules the company has; see `approvals.asking`.
    approval: asking.ByNature | None = None
    #: Name of the room's own page for this action (its url name, given the record's id), instead of the plain dialog.
    page: str = ""
    #: Under which name the audit tells of it, where that is not its own.
    entered: str = ""
    standard: bool = False
    #: Of a standard verb: the abilities that a record type must not have opted out of (`Module.without`).
    needs: tuple[str, ...] = ()
    plan: Callable[[Context, Registered, list[Work], Action], None] | None = None
    execute: Callable[[Context, Registered, list[Work]], None] | None = None


def inputs_of(known: Registered, action: Action) -> tuple[FieldSpec, ...]:
    """What an action asks for on this record type; the record's own fields that it names must be filled in."""
    own = (dataclasses.replace(known.field(name), required=True) for name in action.fields)
    return (*own, *action.inputs)


def run(
    action: Action,
    ctx: Context,
    module: Module | str,
    target: Any = None,
    data: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    confirmed: bool = False,
) -> Any:
    """Run an action on one record (or on the module) and return its result; raises a Problem when it may not be."""
    item = Item(target=target, data=data or {}, version=version, confirmed=confirmed)
    return run_many(action, ctx, module, [item])[0].result


def run_many(
    action: Action, ctx: Context, module: Module | str, items: Sequence[Item], *, keep_good: bool = False
) -> list[Work]:
    """Run an action on many items, all or nothing; with `keep_good` the bad ones carry their problem instead.

    Steps are taken for the whole set at a time, so that 10,000 rows cost a handful of statements each.
    """
    known = registry.entry(module)
    if action.standard:
        # A record type's own way of creating, editing or deleting holds wherever the standard verb is asked for.
        action = known.actions.get(action.name, action)
    works = [Work(item=item) for item in items]
    try:
        _permit(ctx, known, action)
        _load(ctx, known, action, works)
        _in_state(known, action, works)
        _settle(works, keep_good)
        (action.plan or plan_inputs)(ctx, known, _good(works), action)
        _settle(works, keep_good)
        with transaction.atomic():
            _lock(ctx, known, action, _good(works))
            # Somebody may have moved it on between the first look and the lock.
            _in_state(known, action, works)
            _settle(works, keep_good)
            _judge(ctx, known, action, _good(works))
            _settle(works, keep_good)
            good = _good(works)
            gate = asking.Gate(ctx, known, action)
            gate.look(good)
            (action.execute or perform_each(action))(ctx, known, good)
            attachments.bind(ctx, known, [work.record if work.record is not None else work.result for work in good])
            _recheck(ctx, known, action, good)
            if asked := gate.asked(good):
                raise _Suspended(asked)
            history.write(ctx, known, action.entered or action.name, good)
            _publish(ctx, known, action, good)
    except Unconfirmed:
        raise
    except _Suspended as suspended:
        return _suspend(ctx, known, action, works, suspended.asked, keep_good)
    except (Problem, IntegrityError) as error:
        problem = error if isinstance(error, Problem) else Conflict(_TAKEN)
        if isinstance(problem, asking.AwaitsApproval):
            # Something that this action does on its way; the request made for it went with the transaction.
            problem = Conflict(_ITS_OWN)
        if not keep_good:
            if isinstance(problem, Refused | NotAllowed):
                history.write_refusal(ctx, known, action.name, works, problem)
            raise problem from error
        if len(items) > 1:
            # Somebody in the set cannot be written: halve until it is found, so that the others still are.
            half = len(items) // 2
            return [
                work
                for part in (items[:half], items[half:])
                for work in run_many(action, ctx, module, part, keep_good=True)
            ]
        works[0].problem, works[0].result = problem, None
    _note_refusals(ctx, known, action, works)
    return works


class _Suspended(Exception):  # noqa: N818 (no error: the transaction is taken back, and a request made of it)
    def __init__(self, asked: list[asking.Asked]) -> None:
        self.asked = asked


def _suspend(
    ctx: Context, known: Registered, action: Action, works: list[Work], asked: list[asking.Asked], keep_good: bool
) -> list[Work]:
    """Put before others what they have to approve; the rest is done, where each item stands for itself."""
    if ctx.approved is not None:
        raise Conflict(_ITS_OWN)
    if not keep_good and len(works) > 1:
        raise Conflict(Message("Some of these need an approval. Please do these one by one."))
    for each in asked:
        try:
            each.work.problem = asking.AwaitsApproval(asking.ask(ctx, known, action, each))
        except Problem as problem:
            each.work.problem = problem
        each.work.result = None
    _settle(works, keep_good)
    rest = [work for work in works if work.problem is None]
    again = iter(run_many(action, ctx, known.module, [work.item for work in rest], keep_good=True) if rest else ())
    return [work if work.problem is not None else next(again) for work in works]


def require_possible(ctx: Context, module: Module | str, action: Action, record: Any) -> None:
    """Raise what `run` would raise of this action on this record whatever is entered: before anything is asked for.

    NotAllowed (which goes on record) where the person's right does not reach the record, NotFound where he does not see
    it, Conflict where its state forbids it.
    """
    known = registry.entry(module)
    works = [Work(item=Item(target=record))]
    _load(ctx, known, action, works)
    _in_state(known, action, works)
    problem = works[0].problem
    if isinstance(problem, NotAllowed):
        history.write_refusal(ctx, known, action.name, works, problem)
    if problem is not None:
        raise problem


def _note_refusals(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    """Of a set whose good ones went on, what was refused is on record too; a file's rows have their own report."""
    if ctx.source == "import":
        return
    for work in works:
        if isinstance(work.problem, Refused | NotAllowed):
            history.write_refusal(ctx, known, action.name, [work], work.problem)


_ITS_OWN = Message("A part of this needs an approval of its own; please do that first, by itself.")
_TAKEN = Message("Another record already has one of these values; nothing was saved.")


def _good(works: list[Work]) -> list[Work]:
    return [work for work in works if work.problem is None]


def _settle(works: list[Work], keep_good: bool) -> None:
    """Without `keep_good` the first problem ends the whole run."""
    if not keep_good:
        for work in works:
            if work.problem is not None:
                raise work.problem


# ---- The steps -------------------------------------------------------------------------------------------------------


def has_verb(known: Registered, action: Action) -> bool:
    """Whether a record type has the verb: one of its own, or a standard one it has not opted out of."""
    if not all(map(known.module.can, action.needs)):
        return False
    return action.name in known.actions or all(name in known.shipped for name in action.fields)


def _permit(ctx: Context, known: Registered, action: Action) -> None:
    # What has no verb for people is still written by the program itself: rows that are shipped, say.
    if not ctx.unbounded and not has_verb(known, action):
        raise NotAllowed(Message("%(module)s has no such action.", module=known.module.label))
    if not ctx.may(known.module, action.name):
        raise NotAllowed(
            Message("You may not do this: %(action)s, %(module)s.", action=action.label, module=known.module.label)
        )
    if action.step_up:
        ctx.require_confirmed()


def _load(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    """Fetch the targets through the person's scope: first of seeing, then of the action itself."""
    if not action.on_record:
        return
    wanted = [links.key_of(work.item.target) for work in works]
    seen = ctx.search(known.module, "view", binned=action.binned).in_bulk([key for key in wanted if key])
    allowed: set[Any] | None = None
    if not ctx.unbounded and ctx.scope(known.module, action.name) is not Scope.ALL:
        # Whether it has gone to the bin since is for the lock to find: that is not a question of rights.
        reach = ctx.condition(known.module, action.name)
        rows = known.module.model._default_manager.filter(pk__in=list(seen))
        allowed = set() if reach is None else set(rows.filter(reach).values_list("pk", flat=True))
    for work, key in zip(works, wanted, strict=True):
        record = seen.get(key) if key else None
        if record is None:
            work.problem = NotFound()
        elif allowed is not None and key not in allowed:
            work.problem = NotAllowed(
                Message(
                    "You may see %(record)s, but not do this to it: %(action)s.",
                    record=str(record),
                    action=action.label,
                )
            )
        else:
            work.record = record


def _in_state(known: Registered, action: Action, works: list[Work]) -> None:
    lifecycle = known.module.lifecycle
    if lifecycle is None or not action.on_record:
        return
    spec = known.field(lifecycle.field)
    for work in _good(works):
        state = getattr(work.record, lifecycle.field)
        wrong = action.states and state not in action.states
        if wrong or (action.name == "edit" and state in lifecycle.locked):
            work.problem = Conflict(
                Message(
                    "%(action)s is not possible while the state is “%(state)s”.",
                    action=action.label,
                    state=spec.kind.text(spec, state),
                )
            )


def plan_inputs(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Validate the declared inputs of a custom action."""
    inputs = inputs_of(known, action)
    specs = {spec.name: spec for spec in inputs}
    for work in works:
        parse_values(work, specs, work.item.data)
        for spec in inputs:
            work.values.setdefault(spec.name, spec.default)
        if action.asks_reason and not ctx.reason.strip():
            add_error(work, "reason", Message("Please give the reason."))
        require(work, inputs)
    links.resolve(ctx, specs, works)


def _lock(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    """Read the targets again under a lock and compare the version that the person saw."""
    if not action.on_record:
        return
    # In one order whoever locks: two that want the same rows wait for each other, and never both.
    if action.locks:
        action.locks(works)
    also = [action.also(work) for work in works] if action.also else [()] * len(works)
    wanted = {work.record.pk for work in works}.union(*also)
    rows = known.module.model._default_manager.select_for_update().order_by("pk").in_bulk(sorted(wanted))
    for work, others in zip(works, also, strict=True):
        record = rows.get(work.record.pk)
        work.others = [rows[key] for key in others if key in rows]
        if record is None or (record.deleted_at is not None) != action.binned:
            work.problem = NotFound()
            continue
        masked = masking.hidden_in(work.record)
        work.record = record
        work.before = history.snapshot(known, record)
        if work.item.version is not None and work.item.version != record.version:
            theirs = {
                name: (history.plain(value), history.plain(work.before.get(name)))
                for name, value in work.values.items()
                if name in work.before and history.plain(value) != history.plain(work.before[name])
            }
            for name in masked & theirs.keys():
                theirs[name] = (theirs[name][0], masking.mask(known.field(name), theirs[name][1]))
            work.problem = Stale(current_version=record.version, changes=theirs)


def _judge(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    """Ask the action's rules; a refusal stops the item, a warning waits until the person has confirmed it."""
    for work in works:
        decision = work.decision
        for rule in action.rules:
            decision = decision & rule(ctx, work.record, work.values)
        work.decision = decision
    settle_decisions(works)


def settle_decisions(works: list[Work]) -> None:
    """Turn decisions into refusals: blocking ones always, warnings until the person has confirmed them."""
    for work in works:
        if not work.decision.reasons:
            continue
        if not work.decision.allowed or (work.decision.warnings and not work.item.confirmed):
            work.problem = Refused(work.decision)


def judge_written(ctx: Context, known: Registered, works: list[Work]) -> None:
    """The module's own rules and the duplicate check, on the records as they would be."""
    written = [(work.result if work.result is not None else work.record, frozenset(work.changes)) for work in works]
    ask_rules(ctx, known, works, written)
    duplicates.judge(ctx, known, works)
    settle_decisions(works)
    for work in works:
        if work.problem is not None:
            raise work.problem


def ask_rules(
    ctx: Context, known: Registered, works: Sequence[Work], written: Sequence[tuple[Any, frozenset[str]]]
) -> None:
    """Add to each item's decision what the module's rules say of it: `written` is the record, and what it says anew."""
    for work, (record, changed) in zip(works, written, strict=True):
        for rule in known.module.rules:
            work.decision = work.decision & rule(ctx, record, changed)
    for set_rule in known.module.set_rules if works else ():
        for work, decision in zip(works, set_rule(ctx, written), strict=True):
            work.decision = work.decision & decision


def perform_each(action: Action) -> Callable[[Context, Registered, list[Work]], None]:
    """The execution of a custom action: perform on each record, then save what it changed."""

    def execute(ctx: Context, known: Registered, works: list[Work]) -> None:
        for work in works:
            record = work.record
            if action.to_state and known.module.lifecycle:
                setattr(record, known.module.lifecycle.field, action.to_state)
            outcome = action.perform(ctx, record, work.values) if action.perform else None
            if record is not None:
                work.changes = history.difference(known, work.before, record)
            work.result = outcome if outcome is not None else record
        save_changed(ctx, known, [work for work in works if work.changes])

    return execute


def save_changed(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Write the changed columns of many records, raise their versions, and refresh what is derived from them."""
    if not works:
        return
    names: set[str] = set()
    for work in works:
        work.record.version += 1
        work.record.changed_at, work.record.changed_by = ctx.now, ctx.actor
        names.update(work.changes)
    columns = dict.fromkeys(known.fields[name].written for name in names if name in known.fields)
    write_columns(known, [work.record for work in works], [*columns, "version", "changed_at", "changed_by"])
    derived.refresh(known, [work.record for work in works], names)


def saves_itself(model: type[models.Model]) -> bool:
    """Whether a model keeps something in its own `save` (a place in a tree, a pinyin): its rows are saved singly."""
    return model.save is not models.Model.save


def write_columns(known: Registered, records: list[Any], columns: list[str]) -> None:
    """Write columns of many rows that stand already."""
    model = known.module.model
    if saves_itself(model):
        for record in records:
            record.save(update_fields=columns)
    else:
        model._default_manager.bulk_update(records, columns, batch_size=200)


def _recheck(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    """What was written must still be within the reach of who wrote it, or everything is rolled back."""
    if ctx.unbounded or action.may_leave_scope or ctx.scope(known.module, action.name) is Scope.ALL:
        return
    written = _written(known, works)
    condition = ctx.condition(known.module, action.name)
    reach = known.module.model._default_manager.filter(pk__in=written)
    if condition is None or reach.filter(condition).distinct().count() != len(set(written)):
        raise NotAllowed(Message("Saved like this the record would be outside your own reach; nothing was saved."))


def _publish(ctx: Context, known: Registered, action: Action, works: list[Work]) -> None:
    written = tuple(_written(known, works))
    events.publish(events.RecordsWritten(known.module.key, action.name, written, ctx.actor.pk))


def _written(known: Registered, works: list[Work]) -> list[uuid.UUID]:
    """The ids of the module's records that were written, whatever a perform returned for its caller to see."""
    subjects = (work.record if work.record is not None else work.result for work in works)
    return [subject.pk for subject in subjects if isinstance(subject, known.module.model)]
