"""What becomes of a request for approval: carried out with the rules judged afresh, refused, or withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, Stale
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.jobs.models import Job
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.models import ProcessInstance
from guanxi.platform.workflow.purposes import purpose
from guanxi.records import history, registry
from guanxi.records.actions import Action, run
from guanxi.records.approvals.asking import APPROVED, PENDING, PURPOSE, REFUSED, State, approval_of, seal_of, signed
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.fields import Sealed
from guanxi.records.standard import EDIT, action_of


class _Rehearsed(Exception):  # noqa: N818 (no error: the end of a rehearsal)
    """Takes back what was only tried."""


@dataclass(frozen=True)
class Foreseen:
    """What would happen if it were approved now: what the rules say, or why it is not possible any more."""

    decision: Decision
    problem: Problem | None = None

    @property
    def possible(self) -> bool:
        """Whether it would be carried out."""
        return self.problem is None


def foreseen(pending: PendingAction, at: datetime) -> Foreseen:
    """The fresh judgement before somebody decides: the action is tried and taken back."""
    try:
        with transaction.atomic():
            _carry_out(pending, at)
            raise _Rehearsed
    except _Rehearsed:
        return Foreseen(Decision.allow())
    except Refused as refused:
        return Foreseen(refused.decision, refused)
    except Problem as problem:
        return Foreseen(Decision.allow(), problem)


@purpose(PURPOSE, ends=(APPROVED, REFUSED))
def settle(instance: ProcessInstance, person: Person | None, at: datetime) -> None:
    """The process of a request has ended: within its transaction the action is carried out, or the asker told no.

    Raises what the action raises: the last signature is then not given, and nothing is half done.
    """
    requests = PendingAction.objects.select_for_update(of=("self",)).select_related("owner")
    pending = requests.get(process=instance)
    if pending.state != State.WAITING:
        raise Conflict(Message("This was decided already: %(what)s", what=pending.title))
    if instance.state == ProcessInstance.State.WITHDRAWN:
        _close(pending, State.WITHDRAWN, person, at, str(instance.figures.get("comment") or ""))
        return
    if instance.outcome != APPROVED:
        _close(pending, State.REFUSED, person, at, str(instance.figures.get("comment") or ""))
        late = Message("Nobody decided in time: %(what)s", what=pending.title)
        _tell(pending, late if person is None else Message("Refused: %(what)s", what=pending.title), at)
        return
    _require_signed(pending)
    result = _carry_out(pending, at)
    if pending.record_id is None and isinstance(result, registry.module(pending.module).model):
        pending.record_id = instance.record_id = result.pk
        instance.save(update_fields=["record_id"])
        instance.items.update(record_id=result.pk)
    pending.job = result if isinstance(result, Job) else None
    _close(pending, State.DONE, person, at, str(instance.figures.get("comment") or ""))
    _tell(pending, Message("Approved and carried out: %(what)s", what=pending.title), at)


def verb_asked(pending: PendingAction) -> Action | None:
    """The action that a request asks for; None for one that is no more."""
    module = registry.find(pending.module)
    return action_of(module, pending.action) if module is not None else None


def is_grave(process: UUID) -> bool:
    """Whether a process decides on something for which the asker had to confirm who he is."""
    pending = PendingAction.objects.filter(process=process).only("module", "action").first()
    action = verb_asked(pending) if pending is not None else None
    return action is not None and action.step_up


def _require_signed(pending: PendingAction) -> None:
    """Raise Conflict without anybody's signature, Refused without that of whom the action needs by its nature."""
    items = signed(pending)
    if not items:
        raise Conflict(Message("Nobody has agreed to this; it cannot be carried out."))
    action = verb_asked(pending)
    nature = action.approval if action is not None and pending.rule_id is None else None
    if nature is None or not nature.roles:
        return
    # Whoever stands in for a manager signs in his place.
    signers = {person for item in items for person in (item.owner_id, item.done_by_id)}
    roles = Role.objects.filter(code__in=nature.roles, deleted_at=None)
    if PersonRole.objects.filter(role__in=roles, person__in=signers, deleted_at=None).exists():
        return
    names = " / ".join(roles.order_by("code").values_list("name", flat=True))
    raise Refused(refuse(nature.clause, Message("One of those who agree has to be: %(roles)s.", roles=names)))


def _carry_out(pending: PendingAction, at: datetime) -> Any:
    """Run the action as it was asked for, in the asker's name and with the rights that he has now."""
    kept = pending.input
    entered = kept.plain if isinstance(kept, Sealed) else kept
    if not entered or seal_of(pending, entered) != pending.seal:
        raise Conflict(Message("The request is not what was asked for any more; it cannot be carried out."))
    module, action = registry.module(pending.module), verb_asked(pending)
    if action is None:
        raise Conflict(Message("There is no such action any more."))
    ctx = Context.taken_up(
        pending.owner,
        pending.handed_on,
        source="job",
        now=at,
        reason=pending.reason,
        approved=pending,
        approval=approval_of(pending),
    )
    version = _version(pending)
    try:
        return run(action, ctx, module, pending.record_id, json.loads(entered), version=version, confirmed=True)
    except (NotFound, NotAllowed, Stale) as problem:
        # Who decides reads it: it is not he who may not, nor his own page that is out of date.
        raise Conflict(_hindered(pending, problem)) from problem


def _hindered(pending: PendingAction, problem: Problem) -> Message:
    """Why a request cannot be carried out any more, for who has to decide on it."""
    asked = {"what": pending.title, "person": pending.owner.name}
    if isinstance(problem, Stale):
        return Message(
            "“%(what)s” was changed since %(person)s asked: refuse this, and let it be asked for anew.", **asked
        )
    if isinstance(problem, NotAllowed):
        return Message("%(person)s may no longer do this to “%(what)s”: it can only be refused.", **asked)
    return Message(
        "“%(what)s” is no longer there, or no longer %(person)s's business: this can only be refused.", **asked
    )


def _version(pending: PendingAction) -> int | None:
    """The version that the record must still have.

    Of an edit it is enough that the very fields it changes are as they were: what others changed beside it is not what
    was approved, and not in its way.
    """
    if pending.action != EDIT.name:
        return pending.record_version
    known = registry.entry(pending.module)
    record = known.module.model._default_manager.filter(pk=pending.record_id).first()
    if record is None:
        return None
    now = {name: history.plain(known.fields[name].value(record)) for name in pending.changes if name in known.fields}
    moved = any(_told(value) != _told(pending.changes[name][0]) for name, value in now.items())
    return pending.record_version if moved else record.version


def _told(value: Any) -> Any:
    """A value of the trail without what may change beside it: a record's title."""
    if isinstance(value, dict) and "id" in value:
        return value["id"]
    return None if value in ("", [], ()) else value


def _close(pending: PendingAction, state: str, person: Person | None, at: datetime, answer: str) -> None:
    pending.state, pending.decided_at, pending.decided_by, pending.answer = state, at, person, answer
    pending.changed_at, pending.changed_by, pending.version = at, person, pending.version + 1
    # What was entered has become the record, or nothing: there is no second copy of it to keep.
    pending.input = ""
    pending.save()


def _tell(pending: PendingAction, title: Message, at: datetime) -> None:
    notify([pending.owner], title, pending.answer, PENDING, pending.pk, "approval", at=at)
