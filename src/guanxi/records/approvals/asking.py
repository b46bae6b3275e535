"""The approval gate: which actions ask for one, and the request that then waits instead of the action.

The pipeline has done the whole action when it comes here, and takes it back where an approval is asked for: so what the
request tells (what would change, what the rules said) is what would really happen, whatever the action is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q

from guanxi.kernel.errors import Conflict, Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries as audit
from guanxi.platform.prepared import Prepared
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Outcome, WorkItem
from guanxi.records import registry
from guanxi.records.approvals.models import MOST_INPUT, ApprovalRule, PendingAction
from guanxi.records.filters import compile_filter

if TYPE_CHECKING:
    from guanxi.records.actions import Action
    from guanxi.records.context import Context
    from guanxi.records.registry import Registered
    from guanxi.records.work import Work

#: For what processes are started here; a diagram that serves it can end both ways.
PURPOSE = "approval"
APPROVED, REFUSED = "approved", "refused"
PENDING = "approvals.pendingaction"
State = PendingAction.State


class AwaitsApproval(Problem):
    """Not done, and not refused either: it waits until somebody else has approved it."""

    status = 202
    code = "awaits_approval"

    def __init__(self, pending: PendingAction) -> None:
        self.pending = pending
        super().__init__(Message("Sent for approval: %(what)s", what=pending.title))


def _always(ctx: Context, work: Work) -> bool:
    return True


@dataclass(frozen=True)
class ByNature:
    """An approval that an action needs because of what it is, declared beside it (ADR 0053).

    No rule of the company ends it. `process` decides, as the company has drawn it; whatever is drawn, one at least of
    those who agree holds one of `roles`, where they are given. `holds`: whether this item needs it at all.
    """

    process: str
    clause: str
    roles: tuple[str, ...] = ()
    holds: Callable[[Context, Work], bool] = _always
    asks_reason = True


@dataclass(frozen=True)
class Asked:
    """One item of a run that must not be done before it is approved, and why not."""

    work: Work
    ground: ApprovalRule | ByNature


_IN_FORCE = Prepared(
    lambda module, action, today: (
        ApprovalRule.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=today),
            module=module, action=action, valid_from__lte=today, deleted_at=None,
        ).order_by("-valid_from", "-created_at")
    )
)  # fmt: skip


class Gate:
    """What of one run asks for an approval: the nature of the action first, then the rules of the company.

    A rule is asked of a record as it was and as it would be: nobody changes it out of the rule's reach alone. What is
    about no record has nothing that a condition could be asked of: there each rule holds.
    """

    def __init__(self, ctx: Context, known: Registered, action: Action) -> None:
        self.ctx, self.known, self.action = ctx, known, action
        self.nature = None if ctx.unbounded else action.approval
        self.rules = [] if ctx.unbounded else _rules(ctx, known, action)
        self._held: dict[UUID, set[UUID]] = {}

    def look(self, works: Sequence[Work]) -> None:
        """Remember which rules hold of the records before the action changes them."""
        keys = [work.record.pk for work in works if work.record is not None]
        self._held = {rule.pk: _holding(self.ctx, self.known, rule, keys) for rule in self.rules if keys}

    def asked(self, works: Sequence[Work]) -> list[Asked]:
        """Which of these items ask for approval first, as they stand in the transaction that has just done them."""
        open_ = [work for work in works if not self._is_approved(work)]
        found: list[Asked] = []
        if nature := self.nature:
            # What a rule put before somebody was not put before those who decide on it by its nature.
            by_rule = self.ctx.approved is not None and self.ctx.approved.rule_id is not None
            found = [Asked(work, nature) for work in (works if by_rule else open_) if nature.holds(self.ctx, work)]
            open_ = _without(open_, found)
        for rule in self.rules if open_ else ():
            caught = self._held.get(rule.pk, set()) | _holding(self.ctx, self.known, rule, self._keys(open_))
            held = [Asked(work, rule) for work in open_ if (key := self._key(work)) is None or key in caught]
            open_ = _without(open_, held)
            found += held
        return found

    def _is_approved(self, work: Work) -> bool:
        approved = self.ctx.approved
        if approved is None:
            return False
        same_record = (work.record.pk if work.record is not None else None) == approved.record_id
        return approved.module == self.known.module.key and approved.action == self.action.name and same_record

    def _key(self, work: Work) -> UUID | None:
        subject = _subject(self.known, work)
        return subject.pk if subject is not None else None

    def _keys(self, works: Sequence[Work]) -> list[UUID]:
        return [key for key in map(self._key, works) if key is not None]


def _without(works: Sequence[Work], asked: Sequence[Asked]) -> list[Work]:
    caught = {id(each.work) for each in asked}
    return [work for work in works if id(work) not in caught]


def _rules(ctx: Context, known: Registered, action: Action) -> list[ApprovalRule]:
    return _IN_FORCE.rows(module=known.module.key, action=action.name, today=ctx.today)


def _holding(ctx: Context, known: Registered, rule: ApprovalRule, keys: Sequence[UUID]) -> set[UUID]:
    """Of which of these records the rule holds as they are stored now."""
    try:
        holds = compile_filter(known.module, rule.condition, replace(ctx, unbounded=True))
    except Invalid:
        # It asks for a field that is no more: nobody can say that it does not hold.
        return set(keys)
    rows = known.module.model._default_manager.filter(holds)
    return set(rows.filter(pk__in=keys).values_list("pk", flat=True))


def asks(ctx: Context, known: Registered, action: Action, record: models.Model) -> bool:
    """Whether a rule in force puts the action on this record, as it stands, before somebody."""
    return any(record.pk in _holding(ctx, known, rule, [record.pk]) for rule in _rules(ctx, known, action))


def _subject(known: Registered, work: Work) -> Any:
    """The record that the item is about; None where what came of it is no record of the type."""
    subject = work.record if work.record is not None else work.result
    return subject if isinstance(subject, known.module.model) else None


_WAITING = Prepared(
    lambda module, record: PendingAction.objects.filter(
        module=module, record_id=record, state=State.WAITING, deleted_at=None
    ).select_related("owner")
)


def waiting_on(module: str, record_id: UUID) -> list[PendingAction]:
    """The requests that wait for approval of something to be done with a record."""
    return _WAITING.rows(module=module, record=record_id)


def signed(pending: PendingAction) -> list[WorkItem]:
    """What those who have agreed so far were asked, in the order in which they agreed."""
    items = WorkItem.objects.filter(instance=pending.process_id, state=WorkItem.State.DONE, outcome=Outcome.APPROVE)
    return list(items.select_related("done_by").order_by("done_at", "id"))


def approval_of(pending: PendingAction) -> dict[str, Any]:
    """What the audit tells of a request that is carried out: its id, who has agreed in their order, and the clause."""
    names = [item.done_by.name for item in signed(pending) if item.done_by is not None]
    return {"request": str(pending.pk), "by": list(dict.fromkeys(names)), "clause": pending.clause}


def expected(ctx: Context, known: Registered, action: Action) -> bool:
    """Whether the action may have to be approved on some record: its form then asks for the reason."""
    return action.approval is not None or bool(_rules(ctx, known, action))


# ---- The request -----------------------------------------------------------------------------------------------------


def ask(ctx: Context, known: Registered, action: Action, held: Asked) -> PendingAction:
    """Put an action before those who approve it; asked twice, the waiting request is given again.

    Raises Invalid where a reason is wanted and none was given, Conflict while nobody could decide.
    """
    work, ground = held.work, held.ground
    if ground.asks_reason and not ctx.reason.strip():
        raise Invalid({"reason": Message("This needs an approval: please give the reason.")})
    record = work.record
    entered = json.dumps(_plain(work.item.data), ensure_ascii=False, cls=DjangoJSONEncoder)
    if len(entered) > MOST_INPUT:
        raise Invalid(Message("This is too much to be put before somebody in one piece."))
    pending = PendingAction(
        title=_title(known, work), module=known.module.key, action=action.name,
        record_id=record.pk if record is not None else None, input=entered,
        record_version=_version(known, work),
        changes=work.changes, decision=work.decision.as_dict() if work.decision.reasons else None,
        reason=ctx.reason.strip(), rule=ground if isinstance(ground, ApprovalRule) else None, clause=ground.clause,
        owner=ctx.actor, department=ctx.actor.department,
        source=ctx.source, handed_on=ctx.handed_on(), created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now,
        changed_by=ctx.actor,
    )  # fmt: skip
    pending.seal = seal_of(pending, entered)
    with transaction.atomic():
        waiting = PendingAction.objects.filter(owner=ctx.actor, seal=pending.seal, state=State.WAITING, deleted_at=None)
        if already := waiting.first():
            return already
        pending.save(force_insert=True)
        _start_process(ctx, pending, ground.process)
        _put_down(ctx, pending)
    return pending


def _version(known: Registered, work: Work) -> int | None:
    """The version that was judged: in memory the record is already as it would be."""
    if work.record is None or work.item.version is not None:
        return work.item.version
    rows = known.module.model._default_manager.filter(pk=work.record.pk)
    return rows.values_list("version", flat=True).first()


def seal_of(pending: PendingAction, entered: str) -> str:
    """The fingerprint of what is asked for: the action, on what, as it stood, with what input."""
    said = [
        pending.module, pending.action, str(pending.record_id or ""), str(pending.record_version or ""),
        str(pending.owner_id), json.loads(entered), pending.changes,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What was entered as JSON that the same form field reads again."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value


def _title(known: Registered, work: Work) -> str:
    about = work.record if work.record is not None else work.result
    return str(about if isinstance(about, models.Model) else known.module.label_plural)[:300]


def _start_process(ctx: Context, pending: PendingAction, process: str) -> None:
    version = versions.in_use(process)
    if not versions.serves(versions.diagram_of(version), PURPOSE):
        # It was drawn anew since somebody chose it.
        raise Conflict(Message("The process “%(process)s” does not ask for an approval.", process=version.title))
    figures = {"owner": _owner_of(pending), "action": pending.action, "module": pending.module}
    pending.process = running.start(
        version, ctx.actor, pending.title, ctx.now,
        verb=f"{pending.module}:{pending.action}", module=pending.module, record_id=pending.record_id, purpose=PURPOSE,
        figures=figures,
    )  # fmt: skip
    pending.save(update_fields=["process"])


def _owner_of(pending: PendingAction) -> str | None:
    """Whose the record is: as it stands, or as it would be made."""
    before, after = pending.changes.get("owner", (None, None))
    if before or after:
        return (before or after)["id"]
    model = registry.module(pending.module).model
    if pending.record_id is None or not hasattr(model, "owner_id"):
        return None
    found = model._default_manager.filter(pk=pending.record_id).values_list("owner", flat=True).first()
    return str(found) if found else None


def _put_down(ctx: Context, pending: PendingAction) -> None:
    entry = ctx.entry(
        "ask_approval", module=pending.module, record_id=pending.record_id, record_label=pending.title,
        decision={"allowed": True, "reasons": [], "request": str(pending.pk)},
    )  # fmt: skip
    audit.write([entry])
