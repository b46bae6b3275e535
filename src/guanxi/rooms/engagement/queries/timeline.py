"""What this room tells the customer page: the timeline, the visit log, the day of the last contact."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, Exists, F, Max, Min, OuterRef, QuerySet, TextField, Value, When
from django.utils.translation import gettext as _

from guanxi.platform import calendar
from guanxi.records.context import Context
from guanxi.records.links import unseen
from guanxi.records.picklists import label
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import NextStep, TimelineEntry
from guanxi.rooms.engagement.models import (
    EVENT_KIND,
    FOLLOW_UP_KIND,
    VISIT_PURPOSE,
    EventState,
    FollowUp,
    TaskState,
    VisitReport,
)

_ICONS = {"phone": "phone", "visit": "map-pin", "wechat": "message-circle", "email": "mail", "meeting": "users"}

#: An announced next step that nobody came back to leaves the list after so many days.
STALE_STEP_DAYS = 30


def _keys(customers: Sequence[Any]) -> list[uuid.UUID]:
    return [customer.pk for customer in customers]


def _of(rows: QuerySet[Any], whose: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows of some customers, or of one owner."""
    return rows.filter(customer__in=whose["customers"]) if "customers" in whose else rows.filter(**whose)


_OF_BOTH = ("kind", "created_at", "subject", "body", "progress", "owner__name", "pk", "customer_id")


def _tasks_and_memos(ctx: Context, limit: int, customers: Sequence[uuid.UUID]) -> QuerySet[Any]:
    """The newest of both kinds in one query: they tell the same of themselves."""
    tasks = (
        ctx.search("engagement.task").filter(customer__in=customers).order_by()
        .annotate(
            kind=Value("engagement.task", output_field=CharField()),
            body=Case(When(result="", then=F("details")), default=F("result"), output_field=TextField()),
            progress=F("state"),
        )
        .values_list(*_OF_BOTH)
    )  # fmt: skip
    memos = (
        ctx.search("engagement.memo").filter(customer__in=customers).order_by()
        .annotate(
            kind=Value("engagement.memo", output_field=CharField()),
            body=F("content"),
            progress=Value("", output_field=CharField()),
        )
        .values_list(*_OF_BOTH)
    )  # fmt: skip
    return tasks.union(memos, all=True).order_by("-created_at")[:limit]


_TASKS_AND_MEMOS = Scoped(_tasks_and_memos)
_FOLLOW_UPS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("engagement.followup")
        .filter(customer__in=customers)
        .select_related("owner", "contact")
        .only("happened_at", "kind", "content", "next_step", "customer_id", "owner__name", "contact__name")
        .order_by("-happened_at")[:limit]
    )
)
_VISITS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("engagement.visitreport")
        .filter(customer__in=customers)
        .select_related("owner")
        .order_by("-visited_on", "-created_at")[:limit]
    )
)
_MINUTES = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("engagement.minutes").filter(customer__in=customers).select_related("owner")
        .order_by("-held_on", "-created_at")[:limit]
    )
)  # fmt: skip
_APPOINTMENTS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search("engagement.event").filter(customer__in=customers, state=EventState.HELD).select_related("owner")
        .order_by("-starts_at")[:limit]
    )
)  # fmt: skip
_OPEN_TASKS = Scoped(
    lambda ctx, limit, **whose: (
        _of(ctx.search("engagement.task").filter(state=TaskState.OPEN), whose)
        .select_related("owner", "customer")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:limit]
    )
)


def _announced(ctx: Context, limit: int, since: Any, **whose: Any) -> QuerySet[Any]:
    """Announced steps since a day. A talk that came after one has taken its place."""
    later = FollowUp.objects.filter(
        customer=OuterRef("customer"), happened_at__gt=OuterRef("happened_at"), deleted_at=None
    )
    talks = _of(ctx.search("engagement.followup").filter(~Exists(later), next_on__gte=since), whose)
    return talks.select_related("owner", "customer").order_by("next_on", "pk")[:limit]


_ANNOUNCED = Scoped(_announced)


class Engagements:
    """This room as a source of the customer page."""

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """Follow-ups, visits, minutes, tasks and memos, newest first, as far as the person may see them."""
        yield from self._follow_ups(ctx, customers, limit)
        yield from self._visits(ctx, customers, limit)
        for row in _MINUTES.rows(ctx, limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.held_on, icon="notes", title=_("Meeting: %(present)s") % {"present": row.present},
                body=row.content, actor=str(row.owner or ""), tag=row.get_state_display(), aside=row.number,
                clause="WF-28", module="engagement.minutes", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip
        for row in _APPOINTMENTS.rows(ctx, limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.starts_at, icon="phone" if row.kind == "call" else "users",
                title=f"{label(EVENT_KIND, row.kind)} · {row.subject}", body=row.result, actor=str(row.owner or ""),
                tag=row.get_state_display(), aside=row.present, clause="WF-28", module="engagement.event",
                record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip
        for kind, at, subject, body, state, owner, pk, customer in _TASKS_AND_MEMOS.rows(
            ctx, limit, customers=_keys(customers)
        ):
            is_task = kind == "engagement.task"
            yield TimelineEntry(
                at=at, icon="checkbox" if is_task else "note",
                title=_("Task: %(subject)s") % {"subject": subject} if is_task else subject, body=body,
                actor=owner or "", tag=TaskState(state).label if is_task else "",
                tone="green" if state == TaskState.DONE else "", module=kind, record_id=pk, customer_id=customer,
            )  # fmt: skip

    def _follow_ups(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        for row in _FOLLOW_UPS.rows(ctx, limit, customers=_keys(customers)):
            who = f" · {row.contact}" if row.contact else ""
            yield TimelineEntry(
                at=row.happened_at, icon=_ICONS.get(row.kind, "message"),
                title=f"{label(FOLLOW_UP_KIND, row.kind)}{who}", body=row.content, actor=str(row.owner or ""),
                aside=_("next: %(step)s") % {"step": row.next_step} if row.next_step else "",
                module="engagement.followup", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip

    def _visits(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        for row in _VISITS.rows(ctx, limit, customers=_keys(customers)):
            yield TimelineEntry(
                at=row.visited_on, icon="map-pin",
                title=_("Visit: %(purpose)s") % {"purpose": label(VISIT_PURPOSE, row.purpose)},
                body=row.content, actor=str(row.owner or ""), tag=row.get_state_display(), aside=row.number,
                clause="ARC-04", module="engagement.visitreport", record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip

    def next_steps(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[NextStep]:
        """Open tasks and announced next steps that are not behind us by more than a month, earliest first."""
        return _agenda(ctx, limit, customers=_keys(customers))

    def last_contacts(self, customers: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, datetime.date]:
        """The day of the last follow-up or visit of each customer."""
        ids = list(customers)
        found: dict[uuid.UUID, datetime.date] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            talks = FollowUp.objects.filter(customer__in=part, deleted_at=None).values_list("customer")
            for pk, moment in talks.annotate(last=Max("happened_at")).order_by():
                found[pk] = calendar.local(moment).date()
            visits = VisitReport.objects.filter(customer__in=part, deleted_at=None).values_list("customer")
            for pk, day in visits.annotate(last=Max("visited_on")).order_by():
                found[pk] = max(day, found.get(pk, day))
        return found

    def first_contact_since(self, customer: uuid.UUID, day: datetime.date) -> datetime.date | None:
        """The day of the first follow-up or visit from a day on."""
        begins = datetime.datetime.combine(day, datetime.time.min, tzinfo=calendar.CHINA)
        talks = FollowUp.objects.filter(customer=customer, deleted_at=None, happened_at__gte=begins)
        talk = talks.aggregate(first=Min("happened_at"))["first"]
        visits = VisitReport.objects.filter(customer=customer, deleted_at=None, visited_on__gte=day)
        found = [visits.aggregate(first=Min("visited_on"))["first"], calendar.local(talk).date() if talk else None]
        return min((each for each in found if each is not None), default=None)

    def visits(self, ctx: Context, customer: Any) -> Iterable[TimelineEntry]:
        """The visit log (ARC-40): visit reports, and follow-ups that were visits, newest first."""
        reports = [
            TimelineEntry(
                at=row.visited_on, icon="map-pin", title=label(VISIT_PURPOSE, row.purpose), body=_whole_report(row),
                actor=str(row.owner or ""), tag=row.get_state_display(), aside=row.number, clause="VIS-06",
                module="engagement.visitreport", record_id=row.pk, customer_id=row.customer_id,
            )
            for row in _VISITS.rows(ctx, None, customers=[customer.pk])
        ]  # fmt: skip
        talks = ctx.search("engagement.followup").filter(customer=customer, kind="visit").select_related("owner")
        reports += [
            TimelineEntry(
                at=calendar.local(row.happened_at).date(), icon="map-pin", title=label(FOLLOW_UP_KIND, "visit"),
                body=row.content, actor=str(row.owner or ""), module="engagement.followup", record_id=row.pk,
            )
            for row in talks
        ]  # fmt: skip
        return sorted(reports, key=lambda entry: entry.at, reverse=True)


ENGAGEMENTS = Engagements()


def _whole_report(report: Any) -> str:
    """A visit as the log has it: who was met, what was said, what came of it, what comes next (VIS-06)."""
    told = (
        (_("met with"), report.met), ("", report.content), (_("result of the visit"), report.outcome),
        (_("next step"), report.next_step),
    )  # fmt: skip
    return "\n".join(f"{name}：{text}" if name else text for name, text in told if text)


def _short(customer: Any) -> str:
    """A customer's name where there is little room."""
    return customer.short_name or customer.name if customer is not None else ""


def _agenda(ctx: Context, limit: int, **whose: Any) -> Iterable[NextStep]:
    """Of some `customers` or one `owner`, given by id."""
    mine = _OPEN_TASKS.rows(ctx, limit, **whose)
    # A task stays with whose it is when its customer goes to somebody else; the customer's name does not.
    veiled = unseen(ctx, "customers.customer", {task.customer_id for task in mine if task.customer_id})
    for task in mine:
        may_see = task.customer_id not in veiled
        yield NextStep(
            title=task.subject, due_on=task.due_on, who=str(task.owner or ""), kind=task._meta.verbose_name,
            module="engagement.task", record_id=task.pk, customer_id=task.customer_id if may_see else None,
            customer=_short(task.customer) if may_see else "",
        )  # fmt: skip
    since = ctx.today - datetime.timedelta(days=STALE_STEP_DAYS)
    for talk in _ANNOUNCED.rows(ctx, limit, since=since, **whose):
        yield NextStep(
            title=talk.next_step or talk.content[:60], due_on=talk.next_on, who=str(talk.owner or ""),
            kind=talk._meta.verbose_name, module="engagement.followup", record_id=talk.pk,
            customer_id=talk.customer_id, customer=_short(talk.customer),
        )  # fmt: skip


def my_agenda(ctx: Context, limit: int) -> list[NextStep]:
    """What this person has to do: open tasks and announced next steps of his own, by due day; the rest comes last."""
    steps = list(_agenda(ctx, limit, owner=ctx.actor.pk))
    return sorted(steps, key=lambda step: step.due_on or datetime.date.max)[:limit]


def latest_talks(ctx: Context, limit: int) -> list[TimelineEntry]:
    """The newest follow-ups and visits with customers this person sees, newest first."""
    talks = (
        ctx.search("engagement.followup").select_related("owner", "customer").order_by("-happened_at", "-pk")[:limit]
    )
    visits = (
        ctx.search("engagement.visitreport").select_related("owner", "customer").order_by("-visited_on", "-pk")[:limit]
    )
    entries = [
        TimelineEntry(
            at=calendar.local(row.happened_at).date(),
            icon=_ICONS.get(row.kind, "message"),
            title=row.kind,
            body=row.content,
            actor=str(row.owner or ""),
            module="engagement.followup",
            record_id=row.pk,
            customer_id=row.customer_id,
            customer=_short(row.customer),
        )
        for row in talks
    ]
    entries += [
        TimelineEntry(
            at=row.visited_on, icon="map-pin", title=row.purpose, body=row.content, actor=str(row.owner or ""),
            module="engagement.visitreport", record_id=row.pk, customer_id=row.customer_id,
            customer=_short(row.customer),
        )
        for row in visits
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def visits_between(ctx: Context, first: datetime.date, last: datetime.date) -> int:
    """How many visits were paid to the customers this person sees, both days included."""
    return ctx.search("engagement.visitreport").filter(visited_on__range=(first, last)).count()


def talks_between(ctx: Context, first: datetime.date, last: datetime.date) -> int:
    """How many follow-ups were noted of the customers this person sees, both days included, on a Chinese clock."""
    start = datetime.datetime.combine(first, datetime.time.min, tzinfo=calendar.CHINA)
    end = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time.min, tzinfo=calendar.CHINA)
    return ctx.search("engagement.followup").filter(happened_at__gte=start, happened_at__lt=end).count()
