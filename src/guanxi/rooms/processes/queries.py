"""What a page tells of a process: where it stands, who did what, and what it is asked to approve."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

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
