"""How the work that processes ask of people is looked after: told above when late, asked of another when one has left.

Whoever touches work locks its process first, as everybody does who moves a process on: none waits for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import lazy

from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.owing.ledgers import Above, Ledger, register
from guanxi.platform.workflow.models import Deed, TrailEntry, WorkItem, in_language
from guanxi.platform.workflow.running import CARE, NOTICE, PROCESSES, WORK_ITEM, lock, note

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from guanxi.platform.people.models import Person

State = WorkItem.State
_in_language = lazy(in_language, str)


@register
class Work(Ledger):
    """What processes ask of people."""

    model = WorkItem
    name, notice, kind = WORK_ITEM, NOTICE, "step"
    care = PROCESSES, CARE

    def standing(self) -> QuerySet[Any]:
        return WorkItem.objects.filter(state=State.OPEN)

    def to_escalate(self, today: date) -> QuerySet[Any]:
        return self.standing().filter(due_on__lt=today, escalated_at=None)

    def mark_escalated(self, rows: QuerySet[Any], above: Above, at: datetime) -> int:
        lock(rows.values_list("instance", flat=True))
        late = list(rows.values_list("pk", "instance", "node", "owner"))
        told = [
            TrailEntry(instance_id=instance, deed=Deed.ESCALATED, at=at, node=node, other=above.get(owner))
            for _key, instance, node, owner in late
        ]
        TrailEntry.objects.bulk_create(told)
        return WorkItem.objects.filter(pk__in=[row[0] for row in late]).update(escalated_at=at)

    def label(self, row: Any) -> object:
        return _in_language(row.step, row.step_en)

    def hand_over(self, leaver: Person, others: Sequence[Person], at: datetime) -> None:
        for key, instance in self.standing().filter(owner=leaver).values_list("pk", "instance"):
            with transaction.atomic():
                lock([instance])
                _ask_instead(key, others, at)


def _ask_instead(key: UUID, others: Sequence[Person], at: datetime) -> None:
    waiting = WorkItem.objects.filter(pk=key, state=State.OPEN, owner__is_active=False)
    item = waiting.select_related("owner", "instance__owner").first()
    if item is None:
        return
    asked = set(WorkItem.objects.filter(round=item.round, state=State.OPEN).values_list("owner", flat=True))
    impossible = asked | {item.instance.owner_id}
    other = next((person for person in others if person.pk not in impossible), None)
    if other is None:
        return
    former = item.owner
    item.owner, item.department, item.changed_at = other, other.department, at
    item.save(update_fields=["owner", "department", "changed_at"])
    note(item.instance, None, Deed.PASSED_ON, at, node=item.node, instead_of=former, other=other)
    title = Message("%(person)s asks you: %(subject)s", person=item.instance.owner.name, subject=item.subject)
    notify([other], title, item.step, WORK_ITEM, item.pk, NOTICE, at=at)
