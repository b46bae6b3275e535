"""The tabs of the customer page: the timeline, the archive block by block, and everything linked to the customer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, QuerySet, Value
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.platform.access.models import Scope
from guanxi.records import history, listing, masking, registry
from guanxi.records.context import Context
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries import BlockState, block_states, reachable
from guanxi.web import addresses, cells

CUSTOMER = "customers.customer"
#: Rows of a linked list on the customer page; the rest is behind "show all".
ROWS = 10

#: The tabs of this room's own records. What other rooms link to the customer gets one tab for each room.
OWN_TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("people", _("Contacts"), ("customers.contact", "customers.address", "customers.billingprofile")),
    ("needs", _("Needs and opinions"), ("customers.need", "customers.opinion")),
    (
        "market", _("Market"),
        (
            "customers.marketflow", "customers.competitorstanding", "customers.downstreamcustomer",
            "customers.trendreference", "customers.promotedsale",
        ),
    ),
    (
        "knowledge", _("Intelligence"),
        (
            "customers.changeevent", "customers.intelligencenote", "customers.policynote", "customers.contribution",
            "customers.datacheck",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """One tab with the lists it holds, by module key."""

    key: str
    label: Any
    modules: tuple[str, ...] = ()


def linked_modules(ctx: Context) -> list[Module]:
    """Every record type with a link called “customer” to a customer that the person may see or contribute to."""
    found = []
    for module in registry.modules():
        spec = registry.entry(module).fields.get("customer")
        if spec is not None and spec.target == CUSTOMER and ctx.may(module):
            found.append(module)
    return found


def tabs_for(ctx: Context) -> list[Tab]:
    """The tabs that this person gets, in their order."""
    visible = {module.key: module for module in linked_modules(ctx)}
    tabs = [Tab("timeline", _("Timeline")), Tab("archive", _("Archive"))]
    by_room: dict[str, list[str]] = {}
    for key, module in visible.items():
        if module.app != "customers":
            by_room.setdefault(module.app, []).append(key)
    tabs += [
        Tab(app, capfirst(str(apps.get_app_config(app).verbose_name)), tuple(keys)) for app, keys in by_room.items()
    ]
    for key, label, modules in OWN_TABS:
        if held := tuple(name for name in modules if name in visible):
            tabs.append(Tab(key, label, held))
    return tabs


def rows_of(ctx: Context, module: Module, customer: Any) -> QuerySet[Any]:
    """The records of a type that belong to a customer, given as row or id.

    What everybody contributes is seen by who sees the customer, whoever contributed it (ARC-05, ARC-23).
    """
    if module.profile == "contribution":
        rows: QuerySet[Any] = module.model._default_manager.filter(customer=customer, deleted_at=None)
        return masking.guarded(ctx, module, rows)
    return ctx.search(module).filter(customer=customer)


def counts(ctx: Context, customer: Customer, modules: Sequence[str]) -> dict[str, int]:
    """How many records of each type belong to the customer: one query for all."""
    return dict(_COUNTS.rows(ctx, tuple(modules), customer=customer.pk)) if modules else {}


def _counts(ctx: Context, modules: Sequence[str], customer: Any) -> QuerySet[Any]:
    parts = [
        rows_of(ctx, registry.module(key), customer).order_by()
        .annotate(record_type=Value(key, output_field=CharField()))
        .values("record_type").annotate(n=Count("pk")).values_list("record_type", "n")
        for key in modules
    ]  # fmt: skip
    return parts[0].union(*parts[1:], all=True)


_COUNTS = Scoped(_counts)


# ---- Linked lists ----------------------------------------------------------------------------------------------------


def linked_list(ctx: Context, key: str, customer: Customer, count: int) -> dict[str, Any]:
    """One list of records of the customer: its first rows, how many there are, where to add one."""
    known = registry.entry(key)
    module = known.module
    columns = listing.columns_of(module, tuple(name for name in module.columns if name not in _SELF)[:6])
    joined = [column.spec.join for column in columns if column.spec and column.spec.join]
    name, descending = listing.sort_of(ctx, module, module.sort)
    rows: list[Any] = []
    if count:
        ordered = (
            rows_of(ctx, module, customer).select_related(*joined).order_by(f"-{name}" if descending else name, "-pk")
        )
        rows = list(ordered[:ROWS])
    return {
        "module": module,
        "label": module.label_plural,
        "key": key.replace(".", "-"),
        "columns": columns,
        "lines": [_within_reach(ctx, known, line) for line in cells.lines_of(ctx, known, rows, columns)],
        "count": count,
        "all": addresses.listing(module, **{"f-customer": str(customer.pk)}) if count > ROWS else "",
        "new": new_address(module, customer) if may_add(ctx, module, customer) else "",
    }


#: Columns that say nothing on the customer's own page.
_SELF = frozenset({"customer", "customer_name", "changed_at"})


def _within_reach(ctx: Context, known: Registered, line: cells.Line) -> cells.Line:
    """A contribution of somebody else is read here, but not opened."""
    if known.module.profile != "contribution" or reachable(ctx, known.module.key, line.record):
        return line
    shown = tuple(cell.without_link() if cell.is_primary else cell for cell in line.cells)
    return dataclasses.replace(line, href="", cells=shown)


def may_add(ctx: Context, module: Module, customer: Customer) -> bool:
    """Whether the person may add such a record to this very customer, and not only to customers of his own."""
    if not module.can("create") or not ctx.may(module, "create"):
        return False
    is_own_only = bool(module.scope_through) and ctx.scope(module, "create") is Scope.OWN
    return not is_own_only or customer.owner_id == ctx.actor.pk


def new_address(module: Module, customer: Customer, **more: str) -> str:
    """The form for a new record that belongs to this customer already (CRM-19)."""
    fields = {spec.name for spec in registry.entry(module).form_fields}
    bound = {"customer": str(customer.pk)} if "customer" in fields else {"customer_name": customer.number}
    return addresses.of_module(module, "new", query={**bound, **more})


# ---- The archive -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One item of a block of the archive: what it says, since when, from whom; where it is filled in."""

    name: str
    label: Any
    text: str
    changed: history.LastChange | None
    wide: bool


@dataclass(frozen=True)
class Block:
    """One block of the archive as the page shows it."""

    state: BlockState
    items: tuple[Item, ...]
    missing: tuple[Any, ...]


def archive_blocks(customer: Customer, blocks: Sequence[tuple[str, Any, tuple[str, ...]]]) -> list[Block]:
    """Every block with its items, each with the day and the author of its last change (ARC-08)."""
    known = registry.entry(CUSTOMER)
    names = [name for _key, _label, fields in blocks for name in fields]
    last = history.last_changes(known, customer, names)
    states = {state.key: state for state in block_states(customer)}
    return [
        Block(
            states[key],
            tuple(
                Item(name, spec.label, spec.text(customer), last.get(name), spec.kind.wide)
                for name in fields
                for spec in [known.field(name)]
                if name not in states[key].missing
            ),
            tuple((name, known.field(name).label) for name in states[key].missing),
        )
        for key, _label, fields in blocks
    ]
