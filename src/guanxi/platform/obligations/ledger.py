"""How what people owe as duties is looked after: its days were worked out when it was opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, UUIDField, Value, When
from django.db.models.functions import Coalesce

from guanxi.platform.obligations.keeping import NOTICE, OBLIGATION, hand_over_many, open_items
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.owing.ledgers import Above, Ledger, register

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from guanxi.platform.people.models import Person


@register
class Duties(Ledger):
    """The duties of the regulation."""

    model = Obligation
    name, notice, kind = OBLIGATION, NOTICE, "duty"
    care = (OBLIGATION, "@duty"), "hand_over"

    def standing(self) -> QuerySet[Any]:
        return Obligation.objects.filter(state=State.OPEN, deleted_at=None)

    def to_remind(self, today: date) -> QuerySet[Any]:
        # Whoever is told that he is late needs no reminder of the day before.
        soon = Obligation.objects.filter(state=State.OPEN, reminded_at=None, remind_on__lte=today)
        return soon.filter(escalate_on__gt=today)

    def to_escalate(self, today: date) -> QuerySet[Any]:
        return Obligation.objects.filter(state=State.OPEN, escalated_at=None, escalate_on__lte=today)

    def mark_escalated(self, rows: QuerySet[Any], above: Above, at: datetime) -> int:
        below: dict[UUID, list[UUID]] = defaultdict(list)
        for owner, boss in above.items():
            if boss is not None:
                below[boss.pk].append(owner)
        told = [When(owner__in=owners, then=Value(boss)) for boss, owners in below.items()]
        to = Case(*told, default=None, output_field=UUIDField())
        return rows.update(escalated_at=at, escalated_to=to, reminded_at=Coalesce("reminded_at", at))

    def label(self, row: Any) -> object:
        return row.label

    def hand_over(self, leaver: Person, others: Sequence[Person], at: datetime) -> None:
        if others:
            hand_over_many(open_items(owner=leaver), others[0], at)
