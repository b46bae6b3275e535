"""What customers consume and what they intend to buy: the two together, customer by customer (ARC-45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from guanxi.kernel.money import CENT
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.records.filters import compile_filter
from guanxi.records.registry import module as module_of
from guanxi.rooms.customers.models.customer import DemandLevel
from guanxi.rooms.customers.policies import HIGH_CONSUMPTION, MEDIUM_CONSUMPTION

CUSTOMER = "customers.customer"
#: How strongly a customer means to buy, as its demand level says; "" where nobody has stated one.
INTENTIONS = (*DemandLevel.values, "")


@dataclass(frozen=True)
class Group:
    """The customers of one level of consumption and one intention; `filters` finds exactly these. Amounts in yuan."""

    filters: Mapping[str, Any]
    customers: int
    sales: Decimal


@dataclass(frozen=True)
class Consumption:
    """One level of consumption: sales of twelve months from `least` (None: none at all) to below `below`."""

    name: str
    least: Decimal | None
    below: Decimal | None

    @property
    def filters(self) -> list[dict[str, Any]]:
        """The conditions of the filter language that a customer of this level meets."""
        found: list[dict[str, Any]] = []
        if self.least is not None:
            found.append({"field": "sales_12m", "op": "at_least", "value": str(self.least)})
        if self.below is not None:
            found.append({"field": "sales_12m", "op": "at_most", "value": str(self.below - CENT)})
        return found


def levels_of_consumption(high: Decimal, medium: Decimal) -> tuple[Consumption, ...]:
    """The four levels, the highest first; together they hold every customer once. `medium` is never above `high`."""
    medium = min(medium, high)
    return (
        Consumption("high", high, None), Consumption("medium", medium, high), Consumption("low", CENT, medium),
        Consumption("none", None, CENT),
    )  # fmt: skip


def _intends(intention: str) -> dict[str, Any]:
    if intention:
        return {"field": "demand_level", "op": "in", "value": [intention]}
    return {"field": "demand_level", "op": "empty"}


def consumption_and_intention(ctx: Context) -> list[tuple[Consumption, list[Group]]]:
    """For each level of consumption the groups by intention, in the order of `INTENTIONS`, as far as the person sees.

    One statement: each group is counted by the very filter that its link carries, so that the list shows its customers.
    """
    module = module_of(CUSTOMER)
    levels = levels_of_consumption(value_of(HIGH_CONSUMPTION, ctx.today), value_of(MEDIUM_CONSUMPTION, ctx.today))
    trees = {
        f"{level.name}_{place}": {"all": [*level.filters, _intends(intention)]}
        for level in levels
        for place, intention in enumerate(INTENTIONS)
    }
    holds = {name: compile_filter(module, tree, ctx) for name, tree in trees.items()}
    figures = ctx.search(CUSTOMER).order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in holds.items()},
        **{f"sum_{name}": Sum("sales_12m", filter=condition) for name, condition in holds.items()},
    )  # fmt: skip
    return [
        (
            level,
            [
                Group(trees[name], figures[f"n_{name}"], figures[f"sum_{name}"] or Decimal(0))
                for place in range(len(INTENTIONS))
                for name in [f"{level.name}_{place}"]
            ],
        )
        for level in levels
    ]
