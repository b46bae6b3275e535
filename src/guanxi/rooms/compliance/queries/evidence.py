"""What stands behind a figure: the duties, decisions and requests themselves, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from guanxi.kernel.clauses import ids_in
from guanxi.kernel.decision import Reason
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.platform.calendar import local
from guanxi.platform.obligations.models import Obligation, State
from guanxi.records import registry
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.standard import verb_of
from guanxi.rooms.compliance.counting import DAY, begins, outcomes_of
from guanxi.rooms.compliance.models import COUNTS, DayFigures
from guanxi.rooms.compliance.queries.figures import Wanted, reach

#: So many stand on one page.
SHOWN = 50
_DUTIES = {"kept": State.KEPT, "late": State.LATE, "waived": State.WAIVED, "broken": State.OPEN}
_REQUESTS = {"approved": PendingAction.State.DONE, "declined": PendingAction.State.REFUSED}


@dataclass(frozen=True)
class Piece:
    """One thing that was counted. `record`: what it is about, "" where the reader may not see that.

    `told`: why, in words, also only for who may see it; `figures`: the numbers that a rule saw, by name.
    """

    day: date
    at: datetime | None
    clause: str
    person: str
    what: str
    record: str = ""
    module: str = ""
    record_id: UUID | None = None
    told: str = ""
    figures: tuple[tuple[str, str], ...] = ()


def pieces(ctx: Context, wanted: Wanted, name: str, start: int = 0) -> list[Piece]:
    """What was counted under one of the figures, the newest first, from the `start`-th on; one more than is shown."""
    if name not in COUNTS or reach(ctx) is None:
        return []
    if name in _DUTIES:
        return _duties(ctx, wanted, name, start)
    if name in _REQUESTS:
        return _requests(ctx, wanted, name, start)
    return list(islice(_decisions(ctx, wanted, name), start, start + SHOWN + 1))


def _narrowed(ctx: Context, wanted: Wanted, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Duties and requests: they name whose they are as every record does."""
    condition = reach(ctx, person="owner")
    assert condition is not None
    rows = rows.filter(condition)
    if wanted.person is not None:
        rows = rows.filter(owner=wanted.person)
    if wanted.departments is not None:
        rows = rows.filter(department__in=wanted.departments)
    return rows


def _duties(ctx: Context, wanted: Wanted, name: str, start: int) -> list[Piece]:
    rows = _narrowed(ctx, wanted, Obligation.objects.filter(state=_DUTIES[name]).exclude(clause=""))
    first, last = wanted.period.first, wanted.period.last
    if name == "broken":
        rows = rows.filter(due_on__gte=first - DAY, due_on__lte=min(last, ctx.today) - DAY).order_by("-due_on", "-pk")
    else:
        rows = rows.filter(discharged_at__gte=begins(first), discharged_at__lt=begins(last + DAY))
        rows = rows.order_by("-discharged_at", "-pk")
    if wanted.clauses is not None:
        rows = rows.filter(clause__in=wanted.clauses)
    found = list(rows.select_related("owner")[start : start + SHOWN + 1])
    seen = visible(ctx, ((row.module, row.record_id) for row in found))
    return [
        Piece(
            day=row.due_on if name == "broken" else local(row.discharged_at).date(),
            at=None if name == "broken" else row.discharged_at,
            clause=row.clause, person=row.owner.name, what=str(row.label),
            record=row.subject if is_seen else "",
            module="obligations.obligation", record_id=row.pk, told=row.remark if is_seen else "",
            figures=(("days_late", str(row.days_late)),) if row.days_late else (),
        )
        for row in found
        for is_seen in [(row.module, row.record_id) in seen]
    ]  # fmt: skip


def _requests(ctx: Context, wanted: Wanted, name: str, start: int) -> list[Piece]:
    period = wanted.period
    rows = _narrowed(ctx, wanted, PendingAction.objects.filter(state=_REQUESTS[name]).exclude(clause=""))
    rows = rows.filter(decided_at__gte=begins(period.first), decided_at__lt=begins(period.last + DAY))
    rows = rows.select_related("owner", "decided_by").order_by("-decided_at", "-pk")
    hits = (row for row in rows.iterator(chunk_size=500) if _is_wanted(wanted, ids_in(row.clause)))
    found = list(islice(hits, start, start + SHOWN + 1))
    seen = visible(ctx, ((row.module, row.record_id) for row in found))
    return [
        Piece(
            day=local(row.decided_at).date(), at=row.decided_at, clause=row.clause, person=row.owner.name,
            what=verb_of(registry.find(row.module), row.action),
            record=row.title if is_seen else "",
            module="approvals.pendingaction", record_id=row.pk,
            told=" · ".join(part for part in (str(row.decided_by or ""), row.answer if is_seen else "") if part),
        )
        for row in found
        for is_seen in [(row.module, row.record_id) in seen]
        if row.decided_at is not None
    ]  # fmt: skip


def _is_wanted(wanted: Wanted, named: Sequence[str]) -> bool:
    return wanted.clauses is None or not wanted.clauses.isdisjoint(named)


def _decisions(ctx: Context, wanted: Wanted, name: str) -> Iterator[Piece]:
    """The trail's decisions: read of those days only on which the figures know of any."""
    condition = reach(ctx)
    assert condition is not None
    rows = DayFigures.objects.filter(condition).filter(wanted.condition).filter(**{f"{name}__gt": 0})
    rows = rows.filter(day__gte=wanted.period.first, day__lte=wanted.period.last)
    days: dict[date, set[UUID | None]] = {}
    for day, person in rows.order_by("-day").values_list("day", "person_id"):
        days.setdefault(day, set()).add(person)
    for day, people in days.items():
        yield from _decisions_of(ctx, wanted, name, day, people)


def _decisions_of(ctx: Context, wanted: Wanted, name: str, day: date, people: set[UUID | None]) -> Iterator[Piece]:
    outcome = Outcome.REFUSED if name == "refused" else Outcome.DONE
    entries = AuditEntry.objects.filter(
        decision__isnull=False, outcome=outcome, at__gte=begins(day), at__lt=begins(day + DAY)
    ).order_by(F("at").desc(), "-id")
    hits = [
        (entry, sorted(clause for clause, _ended in outcomes_of(entry.outcome, entry.decision or {})))
        for entry in entries
        if entry.actor_id in people
    ]
    wanted_hits = [(entry, named) for entry, named in hits if named and _is_wanted(wanted, named)]
    seen = visible(ctx, ((entry.module, entry.record_id) for entry, _named in wanted_hits))
    for entry, named in wanted_hits:
        for clause in named:
            if _is_wanted(wanted, [clause]):
                yield _decision(entry, day, clause, (entry.module, entry.record_id) in seen)


def _decision(entry: AuditEntry, day: date, clause: str, is_seen: bool) -> Piece:
    stored = (entry.decision or {}).get("reasons", ())
    reasons = [Reason.from_dict(each) for each in stored if clause in ids_in(str(each.get("clause", "")))]
    told = " ".join(str(reason.message) for reason in reasons)
    figures = tuple((name, str(value)) for reason in reasons for name, value in reason.figures.items())
    return Piece(
        day=day, at=entry.at, clause=clause, person=entry.actor_name,
        what=verb_of(registry.find(entry.module), entry.action), module=entry.module,
        record=entry.record_label if is_seen else "", record_id=entry.record_id if is_seen else None,
        told=told if is_seen else "", figures=figures if is_seen else (),
    )  # fmt: skip


def visible(ctx: Context, named: Iterable[tuple[str, UUID | None]]) -> set[tuple[str, UUID | None]]:
    """Which of these records the reader may see. What is about no record he sees where he may see the record type."""
    by_module: dict[str, set[UUID | None]] = {}
    for key, record in named:
        by_module.setdefault(key, set()).add(record)
    seen: set[tuple[str, UUID | None]] = set()
    for key, records in by_module.items():
        module = registry.find(key)
        if module is None:
            seen |= {(key, None)} if not key else set()
        elif ctx.may(module):
            there = ctx.search(module).filter(pk__in=[pk for pk in records if pk]).values_list("pk", flat=True)
            seen |= {(key, pk) for pk in (*there, None)}
    return seen
