"""Bulk actions: one verb on many records as one batch, with a result for each record, and undoable as a whole.

Up to `AT_ONCE` records are done while the person waits; more, up to `MAX_ROWS`, by a job, chunk by chunk, each chunk
with the rights that the person has at that moment. Every record passes the ordinary pipeline.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.jobs.progress import Cancelled, Progress, Superseded
from guanxi.platform.jobs.registry import job, scheduled
from guanxi.platform.jobs.starting import start
from guanxi.platform.people.models import Person
from guanxi.records import problems, registry, undoing
from guanxi.records.actions import Action, run_many
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.models import Batch, BatchRow
from guanxi.records.registry import Registered
from guanxi.records.standard import EDIT, action_of
from guanxi.records.steps import Pace, Renew, Steps, Untold
from guanxi.records.work import Item, Work

AT_ONCE = 200
MAX_ROWS = 100_000
CHUNK = 500
#: So many records are tried for a preview.
REHEARSED = 500
#: For so long a bulk action can be undone; then what became of each record is forgotten.
KEPT_FOR = datetime.timedelta(days=90)
RUN, UNDO = "records.run_batch", "records.undo_batch"
State, RowState = Batch.State, BatchRow.State
ENDED = (State.DONE, State.FAILED, State.CANCELLED)

#: What a change of fields asks for: values to set, and values to add to or take from fields that hold several.
SET, ADD, REMOVE = "set", "add", "remove"
SEVERAL = frozenset({"multi_choice", "tags"})


# ---- Who may look ----------------------------------------------------------------------------------------------------


def batches(ctx: Context) -> QuerySet[Batch]:
    """The bulk actions that a person may look at, newest first: his own, or everybody's with the right to."""
    found = Batch.objects.filter(deleted_at=None).select_related("person", "job").order_by("-created_at", "-pk")
    return found if sees_all(ctx) else found.filter(person=ctx.actor)


def sees_all(ctx: Context) -> bool:
    """Whether the person may look at everybody's bulk actions."""
    return ctx.unbounded or ctx.rights.scope("@batch", "view") is Scope.ALL


def batch_of(ctx: Context, pk: object) -> Batch:
    """One bulk action by its id; NotFound when it does not exist or is somebody else's."""
    try:
        batch = batches(ctx).filter(pk=uuid.UUID(str(pk))).first()
    except ValueError:
        batch = None
    if batch is None:
        raise NotFound
    return batch


def can_undo(ctx: Context, batch: Batch) -> bool:
    """Whether the person may take it back now: it is his own, its verb leaves its former values, and it has ended."""
    module = registry.find(batch.module)
    action = action_of(module, batch.verb) if module is not None else None
    return (
        module is not None
        and action is not None
        and action.undoable
        and batch.person_id == ctx.actor.pk
        and ctx.may(module, batch.verb)
        and batch.state in ENDED
        and batch.rows.filter(state=RowState.DONE).exists()
    )


# ---- Fields that can be changed for many -----------------------------------------------------------------------------


def changeable(known: Registered) -> list[FieldSpec]:
    """The fields that make sense as one value for many records: never what tells records apart."""
    telling = {known.module.title, "owner", "number", *(rule.field for rule in known.module.same_as if rule.strict)}
    for constraint in known.module.model._meta.constraints:
        telling.update(getattr(constraint, "fields", ()))
    kinds = {"file", "data"}
    return [
        spec
        for spec in known.form_fields
        if spec.name not in telling and spec.kind.name not in kinds and not spec.column.unique
    ]


def _items(ctx: Context, known: Registered, batch: Batch, rows: Sequence[BatchRow]) -> list[Item]:
    """What each record is to get. Values added or taken away depend on those it holds, so its version is compared."""
    given = batch.data.get(SET, {})
    if not (batch.data.get(ADD) or batch.data.get(REMOVE)):
        return [Item(row.record_id, given, confirmed=batch.confirmed) for row in rows]
    # Read as they are, whoever may see that; the pipeline judges what the person may do with them.
    records = known.module.model._default_manager.in_bulk([row.record_id for row in rows])
    return [_item(known, batch, row, records.get(row.record_id)) for row in rows]


def _item(known: Registered, batch: Batch, row: BatchRow, record: Any) -> Item:
    if record is None:
        return Item(row.record_id, confirmed=batch.confirmed)
    values = dict(batch.data.get(SET, {}))
    for name, added in batch.data.get(ADD, {}).items():
        values[name] = list(dict.fromkeys([*known.field(name).value(record), *added]))
    for name, removed in batch.data.get(REMOVE, {}).items():
        values[name] = [item for item in known.field(name).value(record) if item not in removed]
    return Item(row.record_id, values, record.version, batch.confirmed)


# ---- Beginning -------------------------------------------------------------------------------------------------------


def begin(
    ctx: Context,
    known: Registered,
    action: Action,
    keys: Sequence[uuid.UUID],
    data: Mapping[str, Any],
    *,
    confirmed: bool = False,
) -> Batch:
    """Do a verb to many records; returns the batch: ended where there are few, with its job where there are many.

    `data` is what the verb asks for under "set" (see `Batch`). The context's reason holds for all of them. Raises
    NotAllowed without the right, Conflict without records, TooLarge for more than `MAX_ROWS`.
    """
    _check(ctx, known, action, len(keys))
    with transaction.atomic():
        batch = _staged(ctx, known, action, keys, data, confirmed=confirmed)
        if len(keys) > AT_ONCE:
            batch.job = start(RUN, ctx.actor, _payload(ctx, batch), title_of(batch), ctx.now)
            batch.save(update_fields=["job"])
        else:
            mine = ctx.in_batch(batch.pk)
            _carry_out(lambda: mine, batch, Untold())
    return batch


def rehearse(
    ctx: Context, known: Registered, action: Action, keys: Sequence[uuid.UUID], data: Mapping[str, Any]
) -> Batch:
    """The same on the first records, taken back at once: what would become of each, judged by what would judge it.

    Returns the batch, which is kept nowhere; `tried_rows` of it holds the rows.
    """
    _check(ctx, known, action, len(keys))
    with transaction.atomic():
        batch = _staged(ctx, known, action, keys[:REHEARSED], data, confirmed=False)
        mine = ctx.in_batch(batch.pk)
        _carry_out(lambda: mine, batch, Untold())
        batch.tried_rows = list(batch.rows.order_by("place"))  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return batch


def _check(ctx: Context, known: Registered, action: Action, count: int) -> None:
    if not ctx.may(known.module, action.name):
        raise NotAllowed(
            Message("You may not do this: %(action)s, %(module)s.", action=action.label, module=known.module.label)
        )
    if action.step_up:
        # A job cannot be asked: it is asked when it is started.
        ctx.require_confirmed()
    if not count:
        raise Conflict(Message("No row is chosen. Tick the boxes of the rows you mean first."))
    if count > MAX_ROWS:
        raise TooLarge(Message("At most %(limit)s records at once; narrow the list and go in steps.", limit=MAX_ROWS))


def _staged(
    ctx: Context,
    known: Registered,
    action: Action,
    keys: Sequence[uuid.UUID],
    data: Mapping[str, Any],
    *,
    confirmed: bool,
) -> Batch:
    batch = Batch.objects.create(
        module=known.module.key, verb=action.name, person=ctx.actor, confirmed=confirmed, reason=ctx.reason,
        address=ctx.address, total=len(keys), data=json.loads(json.dumps(dict(data), cls=DjangoJSONEncoder)),
        created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now, changed_by=ctx.actor,
    )  # fmt: skip
    rows = (BatchRow(batch=batch, place=place, record_id=key) for place, key in enumerate(keys))
    BatchRow.objects.bulk_create(rows, batch_size=2000)
    return batch


def title_of(batch: Batch) -> Message:
    """What a bulk action is called: "Assign: customers"."""
    module = registry.module(batch.module)
    action = action_of(module, batch.verb)
    return Message(
        "%(action)s: %(module)s", action=action.label if action else batch.verb, module=capfirst(module.label_plural)
    )


# ---- Doing it --------------------------------------------------------------------------------------------------------


def _carry_out(renew: Renew, batch: Batch, steps: Steps) -> None:
    """Do what is still waiting. Called again after an interruption, it goes on where the last chunk ended."""
    pace = Pace(CHUNK)
    while _part(renew, batch, RowState.PENDING, _do, pace):
        steps.step(batch.total - batch.rows.filter(state=RowState.PENDING).count(), batch.total)
    _finish(batch, State.DONE, renew().now)


def _part(renew: Renew, batch: Batch, state: str, work: Any, pace: Pace) -> bool:
    """One chunk in one transaction: its records, and what became of each."""
    with transaction.atomic(), pace.measured():
        # Of two workers that both believe they run this batch, the second waits here and finds the next rows.
        Batch.objects.select_for_update().get(pk=batch.pk)
        order = "place" if state == RowState.PENDING else "-place"
        rows = list(batch.rows.filter(state=state).order_by(order)[: pace.size])
        if rows:
            work(renew(), registry.entry(batch.module), batch, rows)
            BatchRow.objects.bulk_update(rows, ["state", "is_warned", "problems", "version_after"], batch_size=200)
        return bool(rows)


def _do(ctx: Context, known: Registered, batch: Batch, rows: list[BatchRow]) -> None:
    action = action_of(known.module, batch.verb)
    if action is None or not ctx.may(known.module, batch.verb):
        raise NotAllowed
    works = run_many(action, ctx, known.module, _items(ctx, known, batch, rows), keep_good=True)
    for row, work in zip(rows, works, strict=True):
        _note(row, work)


def _note(row: BatchRow, work: Work) -> None:
    if work.problem is None:
        row.state, row.version_after = RowState.DONE, getattr(work.record, "version", None)
        return
    waits = isinstance(work.problem, AwaitsApproval)
    row.state, row.problems = RowState.WAITING if waits else RowState.FAILED, problems.stored(work.problem)
    row.is_warned = isinstance(work.problem, Refused) and work.problem.decision.allowed


def _finish(batch: Batch, state: str, now: datetime.datetime, error: str = "") -> None:
    counts = dict(batch.rows.order_by().values_list("state").annotate(Count("id")))
    Batch.objects.filter(pk=batch.pk).update(
        state=state, error=error, finished_at=now, changed_at=now, failed=counts.get(RowState.FAILED, 0),
        done=sum(counts.get(each, 0) for each in (RowState.DONE, RowState.UNDONE, RowState.KEPT)),
        undone=counts.get(RowState.UNDONE, 0), waiting=counts.get(RowState.WAITING, 0),
    )  # fmt: skip
    batch.refresh_from_db()


@job(RUN, title=_("Bulk action"))
def run_batch(progress: Progress, batch_id: str, handed_on: dict[str, Any] | None = None) -> dict[str, Any]:
    """A bulk action as a job; repeated, it goes on with the records that are still waiting."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.state not in (State.DONE, State.UNDONE, State.PARTLY_UNDONE):
        with _ending(batch):
            _carry_out(_renewed(batch, handed_on), batch, progress)
    return {"done": batch.done, "failed": batch.failed, "waiting": batch.waiting}


def _payload(ctx: Context, batch: Batch) -> dict[str, Any]:
    return {"batch_id": str(batch.pk), "handed_on": ctx.handed_on()}


def _renewed(batch: Batch, handed_on: dict[str, Any] | None = None) -> Renew:
    """The circumstances of the person as they are at each chunk; he may have lost the right meanwhile."""

    def renew() -> Context:
        person = Person.objects.get(pk=batch.person_id)
        circumstances = {"batch": batch.pk, "reason": batch.reason, "address": batch.address}
        return Context.taken_up(person, handed_on, source="job", **circumstances)

    return renew


@contextmanager
def _ending(batch: Batch) -> Iterator[None]:
    """However the job ends, the batch says so; what is only temporary leaves it to the next attempt."""
    try:
        yield
    except (Superseded, OperationalError, InterfaceError, OSError):
        raise
    except Cancelled:
        _finish(batch, State.CANCELLED, _renewed(batch)().now)
        raise
    except Problem as problem:
        _finish(batch, State.FAILED, _renewed(batch)().now, str(problem))
        raise


# ---- Taking it back --------------------------------------------------------------------------------------------------


def undo(ctx: Context, batch: Batch) -> Batch:
    """Put the records of a batch back as they were, as far as nobody has worked on them since.

    Raises NotFound for somebody else's batch, NotAllowed for who has lost the right to the verb, Conflict where nothing
    can be taken back.
    """
    batch = batch_of(ctx, batch.pk)
    module = registry.module(batch.module)
    if batch.person_id != ctx.actor.pk or not ctx.may(module, batch.verb):
        raise NotAllowed(Message("Only who has done this, and still may do it, can take it back."))
    if not can_undo(ctx, batch):
        raise Conflict(Message("There is nothing here that could be taken back."))
    with transaction.atomic():
        # One conditional statement: of two who press the button at once, one is told so.
        if not Batch.objects.filter(pk=batch.pk, state__in=ENDED).update(state=State.UNDOING, changed_at=ctx.now):
            raise Conflict(Message("There is nothing here that could be taken back."))
        count = batch.rows.filter(state=RowState.DONE).count()
        if count > AT_ONCE:
            title = Message("Undo: %(what)s", what=title_of(batch))
            batch.job = start(UNDO, ctx.actor, _payload(ctx, batch), title, ctx.now)
            batch.save(update_fields=["job"])
            batch.refresh_from_db()
        else:
            _take_back(lambda: ctx.in_batch(batch.pk).as_program(), batch, Untold())
    return batch


@job(UNDO, title=_("Undo a bulk action"))
def undo_batch(progress: Progress, batch_id: str, handed_on: dict[str, Any] | None = None) -> dict[str, Any]:
    """The undoing as a job; repeated, it goes on with what is not undone yet."""
    batch = Batch.objects.get(pk=batch_id)
    module = registry.module(batch.module)

    def renew() -> Context:
        ctx = _renewed(batch, handed_on)()
        if not ctx.may(module, batch.verb):
            raise NotAllowed
        # Who gave records away no longer reaches them, yet may take that back: only records of this batch are touched,
        # and only while they are as it left them.
        return ctx.as_program()

    if batch.state == State.UNDOING:
        with _ending(batch):
            _take_back(renew, batch, progress)
    return {"undone": batch.undone, "kept": batch.done - batch.undone}


def _take_back(renew: Renew, batch: Batch, steps: Steps) -> None:
    total = batch.rows.filter(state=RowState.DONE).count()
    pace = Pace(CHUNK)
    while _part(renew, batch, RowState.DONE, _put_back, pace):
        steps.step(total - batch.rows.filter(state=RowState.DONE).count(), total)
    kept = batch.rows.filter(state=RowState.KEPT).exists()
    _finish(batch, State.PARTLY_UNDONE if kept else State.UNDONE, renew().now)


def _put_back(ctx: Context, known: Registered, batch: Batch, rows: list[BatchRow]) -> None:
    left = [undoing.Left(row.record_id, row.version_after or 0) for row in rows]
    for row, problem in zip(rows, undoing.put_back(ctx, known, batch.verb, batch.pk, left), strict=True):
        row.state = RowState.UNDONE if problem is None else RowState.KEPT
        row.problems = [] if problem is None else [problems.note("", undoing.why_kept(problem))]


@scheduled("records.forget_batches", daily_at="03:40")
def forget_batches(at: datetime.datetime) -> int:
    """Forget what became of each record of old bulk actions; how many they were, and the audit trail, stay."""
    return BatchRow.objects.filter(batch__created_at__lt=at - KEPT_FOR).delete()[0]


def is_edit(batch: Batch) -> bool:
    """Whether it is a change of fields."""
    return batch.verb == EDIT.name
