"""How far a round of revision is, and what the sales of two intervals say of each customer."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from decimal import Decimal

from guanxi.kernel.dates import add_months
from guanxi.platform.policy.values import value_of
from guanxi.rooms.customers.public import dealing_sources
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Review, ReviewRound, ReviewState
from guanxi.rooms.dossiers.policies import GROWTH_PERCENT, LOSS_PERCENT, ROUND_MONTHS


def percent_verified(review_round: ReviewRound) -> Decimal:
    """How much of a round is done, in whole per cent; 100 means all of it (ARC-33)."""
    reviews = Review.objects.filter(round=review_round, deleted_at=None)
    total = reviews.count()
    verified = reviews.filter(state=ReviewState.VERIFIED).count()
    return Decimal(verified * 100 // total) if total else Decimal(0)


def sales_of_two_intervals(
    customers: Sequence[uuid.UUID], today: datetime.date
) -> dict[uuid.UUID, tuple[Decimal, Decimal]]:
    """Sales of the last interval of revision and of the one before, in yuan, by customer."""
    months = value_of(ROUND_MONTHS, today)
    middle, first = add_months(today, -months), add_months(today, -2 * months)
    found = dict.fromkeys(customers, (Decimal(0), Decimal(0)))
    for source in dealing_sources:
        last, both = source.sales_since(customers, middle), source.sales_since(customers, first)
        for pk in customers:
            now, before = found[pk]
            late = last.get(pk, Decimal(0))
            found[pk] = (now + late, before + both.get(pk, Decimal(0)) - late)
    return found


def finding(sales: Decimal, before: Decimal, today: datetime.date) -> str:
    """Growing fast, lost or steady, by the thresholds of the day (ARC-34)."""
    return rules.finding_of(sales, before, value_of(GROWTH_PERCENT, today), value_of(LOSS_PERCENT, today))
