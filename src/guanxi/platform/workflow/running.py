"""Starting processes and moving them on. Each step is one transaction: after a kill it was taken wholly or not at all.

Nothing here asks for rights: the actions that call it do. Whoever decides twice, or a moment too late, gets a Conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.ids import uuid7
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar.working_days import due_at
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of
from guanxi.platform.workflow import assigning, purposes, tables, versions
from guanxi.platform.workflow.clocks import rings_at
from guanxi.platform.workflow.diagrams import REFUSALS, Node, Ruling, Step
from guanxi.platform.workflow.models import (
    Copied,
    Deed,
    ProcessInstance,
    ProcessVersion,
    Timer,
    TrailEntry,
    WorkItem,
)
from guanxi.platform.workflow.tokens import Tokens

#: The name under which rights and notices know work items and processes.
WORK_ITEM, INSTANCE, COPY = "workflow.workitem", "workflow.processinstance", "workflow.copied"
#: The names under which the right to look after processes is given: their own, and that of their line of rights.
PROCESSES = (INSTANCE, "@process")
#: What sort of notices tell of work.
NOTICE = "work"
#: The right of whoever looks after processes that stand still.
CARE = "reassign"
State, Run = WorkItem.State, ProcessInstance.State
_HIS_OWN = Message("Nobody approves what he asked for himself.")
#: What a person chose who did not decide but sent the work back.
SENT_BACK = "send_back"


class _Running:
    """A process under its lock, with its diagram and tokens."""

    def __init__(self, instance: ProcessInstance, at: datetime) -> None:
        self.instance, self.at = instance, at
        self.diagram = versions.diagram_of(instance.process)
        self.tokens = Tokens.taken_up(self.diagram, instance.tokens, instance.figures)

    @classmethod
    def locked(cls, instance: UUID, at: datetime) -> _Running:
        found = ProcessInstance.objects.select_for_update(of=("self",)).select_related("process", "owner")
        row = found.get(pk=instance)
        if row.state != Run.RUNNING:
            raise Conflict(Message("The process is over: %(subject)s.", subject=row.subject))
        return cls(row, at)

    def note(self, person: Person | None, deed: Deed, **more: Any) -> None:
        note(self.instance, person, deed, self.at, **more)


def lock(instances: Iterable[UUID]) -> None:
    """Nobody else moves these processes on until the transaction ends. In one order: nobody waits in a circle."""
    rows = ProcessInstance.objects.select_for_update().filter(pk__in=list(instances)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def note(instance: ProcessInstance, person: Person | None, deed: Deed, at: datetime, **more: Any) -> None:
    """Put down who did what."""
    TrailEntry.objects.create(instance=instance, person=person, deed=deed, at=at, **more)


def start(
    version: ProcessVersion,
    starter: Person,
    subject: str,
    at: datetime,
    *,
    verb: str = "",
    module: str = "",
    record_id: UUID | None = None,
    purpose: str = "",
    figures: Mapping[str, Any] | None = None,
) -> ProcessInstance:
    """Begin a process about `subject`: the first steps ask their people.

    `verb`: "record type:action", where something is to be done with it.

    `figures`: JSON values that its conditions may ask for; those of the names in `assigning.PARTS` hold people's ids.
    Raises Conflict when some step of it could ask nobody at all.
    """
    diagram = versions.diagram_of(version)
    known = {**(figures or {}), "starter": str(starter.pk)}
    with transaction.atomic():
        tokens = Tokens.begin(diagram, known)
        instance = ProcessInstance.objects.create(
            process=version, purpose=purpose, subject=subject[:300], verb=verb, module=module,
            record_id=record_id, owner=starter, department=starter.department, figures=known,
            tokens=tokens.as_dict(), created_at=at, created_by=starter, changed_at=at, changed_by=starter,
        )  # fmt: skip
        running = _Running(instance, at)
        running.tokens = tokens
        running.note(starter, Deed.STARTED)
        for step in diagram.steps:
            _asked_at(running, step)
        _go_on(running, starter)
    return instance


# ---- What people do --------------------------------------------------------------------------------------------------


def decide(item: WorkItem, person: Person, outcome: str, comment: str, at: datetime) -> ProcessInstance:
    """A person does what the item asks, and the process goes on as far as it goes. `item` changes and is saved.

    Raises Conflict when it is no longer asked, Invalid for a decision that cannot be chosen or lacks its comment.
    """
    with transaction.atomic():
        running, step = _begun(item, at)
        if _decides(step) and person == running.instance.owner:
            # He may stand in for whom it is asked of.
            raise Conflict(_HIS_OWN)
        if outcome not in step.outcomes:
            raise Invalid({"outcome": Message("This cannot be decided here.")})
        if step.wants_comment(outcome):
            _require_comment(comment)
        _finish_item(item, person, outcome, comment, at)
        running.note(person, Deed.DECIDED, **_said(item, person, comment), outcome=outcome)
        if _is_settled(item, step):
            running.instance.figures |= {
                "outcome": outcome, "comment": comment, "previous": str(person.pk), item.node: outcome,
            }  # fmt: skip
            _leave(item.round, at)
            running.tokens.figures.update(running.instance.figures)
            running.tokens.complete(item.round)
            _send_copies(running, step, person, outcome, comment)
            _go_on(running, person)
    return running.instance


def send_back(item: WorkItem, person: Person, node: str, comment: str, at: datetime) -> ProcessInstance:
    """Return the work to a step that was done before; what was decided since is to be decided again (退回)."""
    _require_comment(comment)
    with transaction.atomic():
        running, step = _begun(item, at)
        if node not in {each.id for each in _earlier(running, step)}:
            raise Invalid({"node": Message("It cannot be sent back there.")})
        _finish_item(item, person, SENT_BACK, comment, at)
        running.note(person, Deed.SENT_BACK, **_said(item, person, comment), outcome=node)
        _drop(running.instance, at)
        running.tokens.send_back(node)
        for task, _node in running.tokens.waiting():
            # The engine calls the step as before; what was signed the first time does not count the second.
            running.instance.items.filter(round=task).exclude(state=State.OPEN).update(round=uuid7())
        _go_on(running, person)
    return running.instance


def earlier_steps(item: WorkItem) -> list[Step]:
    """The steps to which the work can be sent back."""
    running = _Running(item.instance, item.instance.changed_at or calendar.now())
    return _earlier(running, running.diagram.step(item.node))


def _earlier(running: _Running, step: Step) -> list[Step]:
    behind = running.tokens.been_at() & running.diagram.before(step.id)
    return [each for each in running.diagram.steps if each.id in behind]


def pass_on(item: WorkItem, person: Person, other: Person, comment: str, at: datetime) -> WorkItem:
    """Somebody else is to do it instead (转办); the day it is due stays."""
    with transaction.atomic():
        running, step = _begun(item, at)
        _require_may_be_asked(running, step, item, other)
        item.state, item.done_at, item.done_by, item.comment = State.PASSED_ON, at, person, comment
        _save(item, person, at)
        running.note(person, Deed.PASSED_ON, **_said(item, person, comment), other=other)
        return _ask(running, step, item.round, [other], due_on=item.due_on, added_by=item.added_by)[0]


def add_signer(item: WorkItem, person: Person, other: Person, comment: str, at: datetime) -> WorkItem:
    """Somebody more has to agree before the process goes on (加签)."""
    with transaction.atomic():
        running, step = _begun(item, at)
        _require_may_be_asked(running, step, item, other)
        running.note(person, Deed.ADDED, **_said(item, person, comment), other=other)
        return _ask(running, step, item.round, [other], due_on=item.due_on, added_by=person)[0]


def copy_to(item: WorkItem, person: Person, other: Person, comment: str, at: datetime) -> Copied:
    """Somebody is told of it without having to do anything (抄送)."""
    if not other.is_active or other.deleted_at is not None:
        raise Invalid({"other": Message("%(person)s cannot log in.", person=other.name)})
    with transaction.atomic():
        running, step = _begun(item, at)
        return _copy(running, step, [other], person, "", comment)[0]


def ring(timer: int, at: datetime) -> bool:
    """A timer's time has come; returns whether it rang now: another worker may have been first, or it is needless.

    Raises what the steps after it raise; it has then not rung.
    """
    with transaction.atomic():
        instance = Timer.objects.filter(pk=timer, state=Timer.State.RUNNING).values_list("instance", flat=True).first()
        if instance is None:
            return False
        running = _Running.locked(instance, at)
        row = Timer.objects.filter(pk=timer, state=Timer.State.RUNNING, due_at__lte=at).first()
        if row is None:
            return False
        row.state, row.rung_at = Timer.State.RUNG, at
        row.save(update_fields=["state", "rung_at"])
        running.note(None, Deed.RANG, node=row.node)
        running.tokens.ring(row.task)
        _go_on(running, None)
    return True


def withdraw(instance: ProcessInstance, person: Person, comment: str, at: datetime) -> None:
    """Who started it takes it back (撤回): nobody is asked any more."""
    with transaction.atomic():
        running = _Running.locked(instance.pk, at)
        running.note(person, Deed.WITHDRAWN, comment=comment)
        running.instance.figures |= {"comment": comment}
        _end(running, person, Run.WITHDRAWN, "withdrawn")


def remind(instance: ProcessInstance, person: Person, at: datetime) -> int:
    """Tell everybody who is waited for that he is (催办); returns how many."""
    with transaction.atomic():
        running = _Running.locked(instance.pk, at)
        items = list(instance.items.filter(state=State.OPEN).select_related("owner"))
        for item in items:
            running.note(person, Deed.REMINDED, node=item.node, other=item.owner)
            title = Message("%(person)s reminds you: %(subject)s", person=person.name, subject=item.subject)
            notify([item.owner], title, item.step, WORK_ITEM, item.pk, NOTICE, at=at)
        instance.items.filter(pk__in=[item.pk for item in items]).update(reminded_at=at)
    return len(items)


def _begun(item: WorkItem, at: datetime) -> tuple[_Running, Step]:
    running = _Running.locked(item.instance_id, at)
    item.refresh_from_db()
    if item.state != State.OPEN:
        by = item.done_by.name if item.done_by else ""
        raise Conflict(Message("This is no longer asked of you. %(by)s", by=by))
    return running, running.diagram.step(item.node)


def _require_comment(comment: str) -> None:
    if not comment.strip():
        raise Invalid({"comment": Message("Please say why.")})


def _said(item: WorkItem, person: Person, comment: str) -> dict[str, Any]:
    instead = item.owner if item.owner_id != person.pk else None
    return {"node": item.node, "instead_of": instead, "comment": comment}


def _finish_item(item: WorkItem, person: Person, outcome: str, comment: str, at: datetime) -> None:
    item.state, item.outcome, item.comment = State.DONE, outcome, comment
    item.done_at, item.done_by = at, person
    _save(item, person, at)


def _save(item: WorkItem, person: Person, at: datetime) -> None:
    item.changed_at, item.changed_by = at, person
    item.save(update_fields=["state", "outcome", "comment", "done_at", "done_by", "changed_at", "changed_by"])


def _is_settled(item: WorkItem, step: Step) -> bool:
    """Whether the step needs nobody else: it was refused, or whoever had to agree has."""
    if item.outcome in REFUSALS:
        return True
    rest = WorkItem.objects.filter(round=item.round).exclude(pk=item.pk)
    waiting = rest.filter(state=State.OPEN)
    if step.mode == "all":
        return not waiting.exists()
    if waiting.filter(added_by__isnull=False).exists():
        return False
    # Who was added agrees; one of those who were asked at first has to as well.
    return item.added_by_id is None or rest.filter(state=State.DONE, added_by=None).exists()


def _leave(round_: UUID, at: datetime) -> None:
    WorkItem.objects.filter(round=round_, state=State.OPEN).update(state=State.NEEDLESS, changed_at=at)


def _drop(instance: ProcessInstance, at: datetime) -> None:
    instance.items.filter(state=State.OPEN).update(state=State.NEEDLESS, changed_at=at)
    instance.timers.filter(state=Timer.State.RUNNING).update(state=Timer.State.NEEDLESS)


# ---- Going on --------------------------------------------------------------------------------------------------------


def _go_on(running: _Running, person: Person | None) -> None:
    """Ask the decision tables on the way; at rest, ask the people of the steps it stands at, or end the process.

    `person`: who took the step that led here; nobody, when a timer rang.
    """
    while ruling := running.tokens.ruling():
        for task, node in ruling:
            _ask_table(running, task, node)
    for end in running.tokens.ended_at:
        _send_copies(running, end, person, end.outcome, "")
    said = [node for node in running.tokens.ended_at if node.outcome]
    if said or running.tokens.ended:
        # An end that says how it went ends the whole process, whatever stands on other branches.
        _end(running, person, Run.ENDED, said[-1].outcome if said else "")
        return
    waiting = running.tokens.waiting()
    standing = running.instance.items.filter(state=State.OPEN)
    known = set(standing.values_list("round", flat=True))
    if left := known - {task for task, _node in waiting}:
        # A timer has ended the step.
        standing.filter(round__in=left).update(state=State.NEEDLESS, changed_at=running.at)
    for task, node in waiting:
        if task not in known:
            step = running.diagram.step(node)
            _ask(running, step, task, _asked_at(running, step))
    if running.diagram.clocks:
        _set_clocks(running)
    _keep(running, person)


def _ask_table(running: _Running, task: UUID, node: str) -> None:
    asked = running.diagram.nodes[node]
    assert isinstance(asked, Ruling)
    row = tables.in_use(asked.table)
    line, said = tables.table_of(row).decide(running.tokens.figures)
    running.instance.figures |= said
    running.tokens.figures.update(said)
    told = ", ".join(f"{name} = {value}" for name, value in said.items())
    running.note(None, Deed.RULED, node=node, comment=f"{row.title} · {row.number}, #{line}: {told}")
    running.tokens.complete(task)


def _set_clocks(running: _Running) -> None:
    """Timers run for where the process stands, and for nowhere else."""
    ticking = dict(running.tokens.ticking())
    standing = running.instance.timers.filter(state=Timer.State.RUNNING)
    standing.exclude(task__in=list(ticking)).update(state=Timer.State.NEEDLESS)
    known = set(standing.values_list("task", flat=True))
    clocks = {clock.id: clock for clock in running.diagram.clocks}
    Timer.objects.bulk_create(
        Timer(instance=running.instance, node=node, task=task, due_at=rings_at(clocks[node], running.at))
        for task, node in ticking.items() if task not in known
    )  # fmt: skip


def _send_copies(running: _Running, node: Node, person: Person | None, outcome: str, comment: str) -> None:
    """Whoever is to know of it is told; not who did it himself."""
    if node.copy:
        told = assigning.people_asked(node.copy, running.instance.figures)
        _copy(running, node, [each for each in told if each != person], None, outcome, comment)


def _copy(
    running: _Running, node: Node, people: list[Person], sender: Person | None, outcome: str, comment: str
) -> list[Copied]:
    instance, at = running.instance, running.at
    copies = [
        Copied(
            instance=instance, owner=person, department=person.department, sender=sender, node=node.id,
            step=node.name or node.id, step_en=node.name_en, outcome=outcome, subject=instance.subject,
            module=instance.module, record_id=instance.record_id, comment=comment,
            created_at=at, created_by=sender, changed_at=at, changed_by=sender,
        )
        for person in people
    ]  # fmt: skip
    Copied.objects.bulk_create(copies)
    for copy in copies:
        running.note(sender, Deed.COPIED, node=node.id, other=copy.owner, comment=comment)
        title = Message("For your information: %(subject)s", subject=instance.subject)
        notify([copy.owner], title, comment or node.label, COPY, copy.pk, NOTICE, at=at)
    return copies


def _keep(running: _Running, person: Person | None, *more: str) -> None:
    instance = running.instance
    instance.tokens = running.tokens.as_dict()
    instance.changed_at, instance.changed_by = running.at, person
    instance.version += 1
    instance.save(update_fields=["tokens", "figures", "changed_at", "changed_by", "version", *more])


def _end(running: _Running, person: Person | None, state: str, outcome: str) -> None:
    instance = running.instance
    _drop(instance, running.at)
    instance.state, instance.outcome, instance.ended_at = state, outcome, running.at
    _keep(running, person, "state", "outcome", "ended_at")
    running.note(None, Deed.ENDED, outcome=outcome)
    if serving := purposes.of(instance.purpose):
        serving.ended(instance, person, running.at)


def _asked_at(running: _Running, step: Step) -> list[Person]:
    """Whom a step asks now. Never who started it, where something is to be decided: then his superior is asked.

    Where nobody is left, those who look after processes are; raises Conflict when there is not even one of them.
    """
    starter = running.instance.owner
    found = assigning.people_asked(step.ask, running.instance.figures)
    if _decides(step):
        found = [person for person in found if person != starter] or _others(starter, [superior_of(starter)])
    found = found or _others(starter, people_who_may(PROCESSES, CARE))
    if not found:
        raise Conflict(Message("“%(step)s” could ask nobody: %(ask)s.", step=step.label, ask=", ".join(step.ask)))
    return found


def _others(starter: Person, people: Iterable[Person | None]) -> list[Person]:
    return [person for person in people if person is not None and person != starter]


def _decides(step: Step) -> bool:
    """Whether it is about agreeing to what the starter wants, not about work that he may well do himself."""
    return "approve" in step.outcomes


def _require_may_be_asked(running: _Running, step: Step, item: WorkItem, other: Person) -> None:
    if not other.is_active or other.deleted_at is not None:
        raise Invalid({"other": Message("%(person)s cannot log in.", person=other.name)})
    if _decides(step) and other == running.instance.owner:
        raise Invalid({"other": _HIS_OWN})
    if WorkItem.objects.filter(round=item.round, owner=other, state=State.OPEN).exists():
        raise Invalid({"other": Message("%(person)s is asked already.", person=other.name)})


def _ask(
    running: _Running, step: Step, round_: UUID, people: list[Person], *, due_on: Any = None, added_by: Any = None
) -> list[WorkItem]:
    instance, at = running.instance, running.at
    if due_on is None and step.days:
        due_on = due_at(calendar.local(at).date(), step.days)
    version = instance.process
    items = [
        WorkItem(
            instance=instance, node=step.id, round=round_, step=step.name, step_en=step.name_en,
            process=version.title, process_en=version.title_en, subject=instance.subject, verb=instance.verb,
            module=instance.module, record_id=instance.record_id,
            starter=instance.owner, owner=person, department=person.department, due_on=due_on, added_by=added_by,
            created_at=at, created_by=instance.owner, changed_at=at, changed_by=instance.owner,
        )
        for person in people
    ]  # fmt: skip
    WorkItem.objects.bulk_create(items)
    for item in items:
        title = Message("%(person)s asks you: %(subject)s", person=instance.owner.name, subject=instance.subject)
        notify([item.owner], title, step.label, WORK_ITEM, item.pk, NOTICE, at=at)
    return items
