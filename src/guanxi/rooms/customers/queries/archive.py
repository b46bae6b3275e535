"""How complete a customer's archive is, how long we have dealt, who is meant by a name, who belongs to whom."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from typing import Any

from django.db.models import Q

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.dates import age_in_years_months
from guanxi.records.context import Context
from guanxi.records.models import DuplicateKey
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.models import BLOCKS, Customer


@dataclass(frozen=True)
class BlockState:
    """How far one block of a customer's archive is filled."""

    key: str
    label: Any
    filled: int
    total: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        return self.filled * 100 // self.total


_NOTHING = (None, "", ())
#: Everything that the archive asks for in one go, and where in it each block stands: it is worked out for every row.
_held = attrgetter(*(name for _key, _label, fields in BLOCKS for name in fields))
_ENDS = list(accumulate(len(fields) for _key, _label, fields in BLOCKS))
_PLACES = [slice(start, end) for start, end in zip([0, *_ENDS], _ENDS, strict=False)]


def block_states(customer: Customer) -> list[BlockState]:
    """The blocks of one customer with what is missing in each."""
    states = []
    for key, label, fields in BLOCKS:
        missing = tuple(name for name in fields if getattr(customer, name) in _NOTHING)
        states.append(BlockState(key, label, len(fields) - len(missing), len(fields), missing))
    return states


def completeness(customer: Customer) -> int:
    """The archive's completeness in whole per cent: the mean over the blocks, so that long blocks do not outweigh."""
    is_filled = [value not in _NOTHING for value in _held(customer)]
    return sum(sum(is_filled[block]) * 100 // (block.stop - block.start) for block in _PLACES) // len(_PLACES)


def length_of_dealings(customer: Customer, today: datetime.date) -> tuple[int, int] | None:
    """Years and months since the first dealing (ARC-02); None before it."""
    if customer.first_dealing_on is None or customer.first_dealing_on > today:
        return None
    return age_in_years_months(customer.first_dealing_on, today)


def known_as(text: str) -> Customer | None:
    """The one live customer meant by a name, number or credit code as somebody knows it; None when in doubt.

    Not scoped: it serves people who contribute to customers they may not see, and tells them nothing (ARC-23).
    """
    text = text.strip()
    if not text:
        return None
    exact = Customer.objects.filter(
        Q(number=text) | Q(name=text) | Q(short_name=text) | Q(credit_code=text.upper()), deleted_at=None
    )
    found = list(exact[:2])
    if not found:
        keys = DuplicateKey.objects.filter(module="customers.customer", rule="name", key=company_key(text))
        found = list(Customer.objects.filter(pk__in=keys.values("record_id"), deleted_at=None)[:2])
    return found[0] if len(found) == 1 else None


_BELOW = Scoped(
    lambda ctx, parents: (
        ctx.search("customers.customer").filter(parent__in=parents).select_related("owner").order_by("name")
    )
)


def group_of(ctx: Context, customer: Customer) -> list[tuple[int, Customer]]:
    """The institutions below a customer with their depth, as far as the person may see them (ARC-43)."""
    found: list[tuple[int, Customer]] = []
    level = [customer]
    seen = {customer.pk}
    depth = 0
    while level and depth < 8:
        depth += 1
        below = _BELOW.rows(ctx, parents=[row.pk for row in level])
        level = [row for row in below if row.pk not in seen]
        seen.update(row.pk for row in level)
        found.extend((depth, row) for row in level)
    return found


def ancestors(customer: Customer) -> list[Customer]:
    """What a customer belongs to, step by step; stops where a circle would close."""
    chain: list[Customer] = []
    seen = {customer.pk}
    step = customer.parent
    while step is not None and step.pk not in seen:
        chain.append(step)
        seen.add(step.pk)
        step = step.parent
    return chain
