"""What of selling keeps a customer out of the public pool: orders and contracts on their way, open opportunities."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Q

from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.policy.values import value_of
from guanxi.rooms.sales.models import Contract, ContractState, Opportunity, OrderState, SalesOrder
from guanxi.rooms.sales.models.opportunities import Outcome
from guanxi.rooms.sales.policies import KEEPING_AMOUNT


def what_keeps(customers: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Message]:
    """For those of these customers with whom something is on its way, what it is."""
    orders = SalesOrder.objects.filter(
        customer__in=customers, deleted_at=None, state__in=(OrderState.BOOKED, OrderState.CREATED, OrderState.APPROVED)
    )
    contracts = Contract.objects.filter(
        customer__in=customers, deleted_at=None, state__in=(ContractState.REVIEW, ContractState.APPROVED)
    )
    least = value_of(KEEPING_AMOUNT, calendar.today())
    # Of an amount that nobody can say yet nothing speaks against its being large enough.
    enough = Q(amount=None) | Q(amount__gte=least)
    opportunities = Opportunity.objects.filter(enough, customer__in=customers, deleted_at=None, state=Outcome.OPEN)
    found: dict[uuid.UUID, Message] = {}
    for row in opportunities:
        found[row.customer_id] = Message("the opportunity %(name)s is open.", name=row.name)
    for contract in contracts:
        found[contract.customer_id] = Message("the contract %(name)s is on its way.", name=str(contract))
    for order in orders:
        found[order.customer_id] = Message("the order %(number)s is open.", number=order.number)
    return found
