"""Verbs of the catalogue: putting many products into a price book at once."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import links
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.standard import LINES
from guanxi.records.work import Item, Work, add_error, parse_values, require
from guanxi.rooms.catalog.models import PriceBook, PriceBookEntry
from guanxi.rooms.catalog.queries import listed_products

ENTRIES = "entries"


def _plan_entries(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Read {"entries": [{"product": id, "price": text}]}: errors go under the product's id, to be shown beside it."""
    for work in works:
        given = work.item.data.get(ENTRIES)
        if not isinstance(given, list | tuple) or not all(isinstance(entry, Mapping) for entry in given):
            add_error(work, "", Message("This value has the wrong form."))
            continue
        if not given:
            add_error(work, "", Message("Tick at least one product."))
            continue
        rows = [Work(item=Item(data=entry)) for entry in given]
        for row in rows:
            parse_values(row, known.line_fields, row.item.data)
        links.resolve(ctx, known.line_fields, rows)
        for row in rows:
            require(row, known.line_fields.values())
        _refuse_second_entries(work.record, rows)
        for row in rows:
            if isinstance(row.problem, Invalid):
                for messages in row.problem.errors.values():
                    for message in messages:
                        add_error(work, str(row.item.data.get("product", "")), message)
        work.values = {ENTRIES: [row.values for row in rows]}


def _refuse_second_entries(price_book: PriceBook, rows: list[Work]) -> None:
    taken: set[UUID | None] = set(listed_products(price_book))
    for row in rows:
        product = row.values.get("product")
        key = getattr(product, "pk", None)
        if key in taken:
            add_error(row, "product", Message("%(product)s already stands in this price book.", product=str(product)))
        taken.add(key)


def _execute_entries(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        entries = [
            PriceBookEntry(
                price_book=work.record,
                created_at=ctx.now,
                created_by=ctx.actor,
                changed_at=ctx.now,
                changed_by=ctx.actor,
                **values,
            )
            for values in work.values[ENTRIES]
        ]
        PriceBookEntry.objects.bulk_create(entries)
        work.record.version += 1
        work.record.changed_at, work.record.changed_by = ctx.now, ctx.actor
        work.record.save(update_fields=["version", "changed_at", "changed_by"])
        added = "\n".join(" · ".join(spec.text(entry) for spec in known.line_fields.values()) for entry in entries)
        work.changes = {LINES: ["", added]}
        work.result = work.record


ADD_PRODUCTS = Action(
    name="add_products",
    label=_("Choose products"),
    icon="list-check",
    page="catalog:choose",
    plan=_plan_entries,
    execute=_execute_entries,
)
