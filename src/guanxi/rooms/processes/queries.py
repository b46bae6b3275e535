"""What a page tells of a process: where it stands, who did what, and what it is asked to approve."""

from __future__ import annotations

import datetime
import statistics
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.workflow import versions
from guanxi.platform.workflow.layout import Drawing, drawn
from guanxi.platform.workflow.models import Deed, Outcome, ProcessInstance, ProcessVersion, TrailEntry, WorkItem
from guanxi.platform.workflow.tokens import Tokens
from guanxi.records import deciding, history, registry
from guanxi.records.approvals.asking import PURPOSE
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.history import Change
from guanxi.records.standard import verb_of

OUTCOMES = dict(Outcome.choices)


@dataclass(frozen=True)
class Course:
    """A process as it is drawn: which nodes it passed, and where it stands."""

    drawing: Drawing
    passed: frozenset[str]
    current: frozenset[str]


def as_drawn(version: ProcessVersion) -> Drawing:
    """A version of a process laid out for a page."""
    return drawn(versions.diagram_of(version))


def course_of(instance: ProcessInstance) -> Course:
    """The way of a process so far."""
    diagram = versions.diagram_of(instance.process)
    tokens = Tokens.taken_up(diagram, instance.tokens, instance.figures)
    open_ = instance.items.filter(state=WorkItem.State.OPEN).values_list("node", flat=True)
    return Course(drawn(diagram), frozenset(tokens.been_at()), frozenset(open_))


#: Pieces of work that the figures of a process are taken from: the newest.
_COUNTED = 5000


@dataclass(frozen=True)
class Waited:
    """How long a step let people wait, in hours of the clock: from being asked to having decided."""

    step: str
    count: int
    median: float
    longest: float
    waiting: int
    slowest: str


def waits_of(version: ProcessVersion) -> list[Waited]:
    """How long each step of a process takes, over all its versions; of the newest work, in two statements."""
    items = WorkItem.objects.filter(instance__process__key=version.key)
    done = items.filter(state=WorkItem.State.DONE).order_by("-done_at")
    hours: dict[str, list[tuple[float, str]]] = {}
    rows = done.values_list("node", "created_at", "done_at", "owner__name")[:_COUNTED]
    for node, asked, decided, owner in rows:
        if asked is None or decided is None:
            continue
        hours.setdefault(node, []).append(((decided - asked).total_seconds() / 3600, owner))
    open_ = dict(
        items.filter(state=WorkItem.State.OPEN).order_by().values_list("node").annotate(count=models.Count("pk"))
    )
    return [
        _waited(step.label, hours.get(step.id, []), open_.get(step.id, 0))
        for step in versions.diagram_of(version).steps
    ]


def _waited(step: str, hours: list[tuple[float, str]], waiting: int) -> Waited:
    if not hours:
        return Waited(step, 0, 0, 0, waiting, "")
    of_each: dict[str, list[float]] = {}
    for taken, owner in hours:
        of_each.setdefault(owner, []).append(taken)
    medians = {owner: statistics.median(taken) for owner, taken in of_each.items()}
    slowest = max(medians, key=lambda owner: medians[owner])
    all_ = [taken for taken, _owner in hours]
    return Waited(step, len(all_), statistics.median(all_), max(all_), waiting, slowest)


@dataclass(frozen=True)
class Deeds:
    """One line of the trail: who did what at which step, and what he said to it."""

    at: datetime.datetime
    who: str
    did: str
    step: str
    comment: str
    refused: bool


def trail_of(instance: ProcessInstance) -> list[Deeds]:
    """Who did what, the newest first."""
    diagram = versions.diagram_of(instance.process)
    entries = instance.trail.select_related("person", "instead_of", "other").order_by("-at", "-id")
    return [_told(entry, diagram.nodes) for entry in entries]


def _told(entry: TrailEntry, nodes: Any) -> Deeds:
    did = str(OUTCOMES.get(entry.outcome, "")) if entry.deed in (Deed.DECIDED, Deed.ENDED) else ""
    parts = [did or str(Deed(entry.deed).label)]
    if entry.other is not None:
        parts.append(f"→ {entry.other.name}")
    who = entry.person.name if entry.person else ""
    if entry.instead_of is not None and entry.person is not None:
        who = f"{who} ({_('for')} {entry.instead_of.name})"
    step = nodes[entry.node].label if entry.node in nodes else ""
    return Deeds(entry.at, who, " ".join(parts), step, entry.comment, entry.outcome in ("refuse", "no", "refused"))


@dataclass(frozen=True)
class Request:
    """What is asked to be approved, as one person may read it. `fresh` is what would come of it now."""

    pending: PendingAction
    verb: str
    changes: list[Change]
    target: Any
    fresh: deciding.Foreseen | None


def request_of(ctx: Context, instance: ProcessInstance | None, *, judged: bool) -> Request | None:
    """The request that a process is about, if it is about one; `judged`: with the rules asked afresh."""
    if instance is None or instance.purpose != PURPOSE:
        return None
    pending = PendingAction.objects.select_related("owner", "rule").filter(process=instance).first()
    if pending is None:
        return None
    known = registry.entry(pending.module)
    record = None
    if pending.record_id is not None:
        record = known.module.model._default_manager.filter(pk=pending.record_id).first()
    changes = history.proposed(ctx, known, pending.changes, record)
    visible = record is not None and ctx.search(known.module).filter(pk=record.pk).exists()
    waits = judged and pending.state == PendingAction.State.WAITING
    fresh = deciding.foreseen(pending, ctx.now) if waits else None
    return Request(pending, verb_of(known.module, pending.action), changes, record if visible else None, fresh)
