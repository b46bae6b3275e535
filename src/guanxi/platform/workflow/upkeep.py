"""What processes need without anybody asking: a superior who is told, somebody instead of one who has left."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from guanxi.kernel.errors import Problem
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of
from guanxi.platform.workflow.models import Deed, ProcessInstance, Timer, WorkItem
from guanxi.platform.workflow.running import CARE, INSTANCE, WORK_ITEM, note, ring

logger = logging.getLogger(__name__)
State = WorkItem.State
#: Timers that one round looks after; what is left over is the next round's.
TIMERS = 500


@scheduled("workflow.escalate", every=timedelta(minutes=5))
def escalate(at: datetime) -> None:
    """Tell the superiors of those who are late, once for each piece of work."""
    late = WorkItem.objects.filter(state=State.OPEN, due_on__lt=calendar.local(at).date(), escalated_at=None)
    for key in list(late.values_list("pk", flat=True)):
        with transaction.atomic():
            # Only the first worker that finds it still untold tells it.
            if late.filter(pk=key).update(escalated_at=at):
                rows = WorkItem.objects.select_related("owner__superior", "owner__department__head", "instance")
                _tell(rows.get(pk=key), at)


def _tell(item: WorkItem, at: datetime) -> None:
    above = superior_of(item.owner)
    title = Message(
        "Overdue with %(person)s since %(day)s: %(subject)s",
        person=item.owner.name, day=item.due_on, subject=item.subject,
    )  # fmt: skip
    notify([person for person in (above, item.owner) if person], title, item.step, WORK_ITEM, item.pk, "work", at=at)
    note(item.instance, None, Deed.ESCALATED, at, node=item.node, other=above)


@scheduled("workflow.clocks", every=timedelta(minutes=1))
def ring_what_is_due(at: datetime) -> None:
    """Ring the timers whose time has come, each in a transaction of its own: one that fails hinders no other."""
    due = Timer.objects.filter(state=Timer.State.RUNNING, due_at__lte=at).order_by("due_at", "id")
    for key in list(due.values_list("pk", flat=True)[:TIMERS]):
        try:
            ring(key, at)
        except Problem as problem:
            # It is tried again in a minute: a role that has nobody may have somebody then.
            logger.warning("the timer %s cannot ring: %s", key, problem)


@scheduled("workflow.instead_of_leavers", every=timedelta(minutes=5))
def ask_instead_of_leavers(at: datetime) -> None:
    """What waits for somebody who can no longer log in is asked of his superior, or of who looks after processes."""
    stuck = WorkItem.objects.filter(state=State.OPEN, owner__is_active=False).select_related("instance")
    for key in stuck.values_list("pk", flat=True):
        with transaction.atomic():
            _ask_instead(key, at)


def _ask_instead(key: UUID, at: datetime) -> None:
    items = WorkItem.objects.select_for_update(of=("self",)).filter(pk=key, state=State.OPEN, owner__is_active=False)
    item = items.select_related("owner__superior", "owner__department__head", "instance").first()
    if item is None:
        return
    other = _instead_of(item)
    if other is None:
        return
    former = item.owner
    item.owner, item.department, item.changed_at = other, other.department, at
    item.save(update_fields=["owner", "department", "changed_at"])
    note(item.instance, None, Deed.PASSED_ON, at, node=item.node, instead_of=former, other=other)
    title = Message("%(person)s asks you: %(subject)s", person=item.instance.owner.name, subject=item.subject)
    notify([other], title, item.step, WORK_ITEM, item.pk, "work", at=at)


def _instead_of(item: WorkItem) -> Person | None:
    starter = ProcessInstance.objects.values_list("owner", flat=True).get(pk=item.instance_id)
    asked = set(WorkItem.objects.filter(round=item.round, state=State.OPEN).values_list("owner", flat=True))
    above = superior_of(item.owner)
    for person in (*([above] if above else []), *people_who_may(INSTANCE, CARE)):
        if person.pk != starter and person.pk not in asked:
            return person
    return None
