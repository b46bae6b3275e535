"""The tables a report reads: the primary module, what is really related to it, and the ways between them.

A report has one row for each row of its finest table, its root: the lines of a document, or the records below the
primary one, where such are chosen; else the primary records themselves. From the root every other table is reached
along links that lead to one row, so that no row is ever counted twice. Of every table only what the reader may see is
joined: rows of the root and of the primary module that he may not see are left out, linked ones are empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.text import capfirst

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.records import masking, registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.links import LINK_KINDS
from guanxi.records.module import Module
from guanxi.records.reporting.definition import Definition

LINES = "lines"
#: What no report is made of: who wrote a row is the history's; the bin is not read.
_LEFT_OUT = frozenset({"id", "version", "deleted_at", "deleted_by", "created_by", "changed_by"})
_NOT_SHOWN = frozenset({"file", "data"})


@dataclass(frozen=True)
class Offer:
    """A related table that can be chosen. `is_many`: it has several rows to one of the primary module."""

    key: str
    label: str
    is_many: bool = False
    needs: str = ""


def offers(ctx: Context, module: Module) -> list[Offer]:
    """What is really related to a module and may be seen by the person: its links, its lines, the records below it."""
    known = registry.entry(module)
    found = [Offer(name, _named(spec, target)) for name, spec, target in _links(ctx, known.fields)]
    if module.lines is not None:
        found.append(Offer(LINES, str(module.lines.label), is_many=True))
        parent = module.lines.parent
        for name, spec, target in _links(ctx, known.line_fields):
            if name != parent:
                label = f"{capfirst(str(module.lines.label))} · {_named(spec, target)}"
                found.append(Offer(f"{LINES}.{name}", label, needs=LINES))
    return found + [Offer(key, label, is_many=True) for key, label in _below(ctx, module)]


def _named(spec: FieldSpec, target: Module) -> str:
    label, kind = capfirst(str(spec.label)), str(target.label)
    return label if label.casefold() == kind.casefold() else f"{label} ({kind})"


def _links(ctx: Context, fields: Mapping[str, FieldSpec]) -> Iterator[tuple[str, FieldSpec, Module]]:
    for name, spec in fields.items():
        if spec.kind.name in ("link", "person") and spec.join and name not in _LEFT_OUT:
            target = registry.find(spec.target)
            if target is not None and ctx.may(target):
                yield name, spec, target


def _below(ctx: Context, module: Module) -> Iterator[tuple[str, str]]:
    for other in registry.modules():
        if other.key == module.key or not ctx.may(other):
            continue
        links = [
            (name, spec) for name, spec in registry.entry(other).shipped.items()
            if spec.kind.name == "link" and spec.target == module.key and name not in _LEFT_OUT
        ]  # fmt: skip
        for name, spec in links:
            label = capfirst(str(other.label_plural))
            yield f"{other.key}:{name}", label if len(links) == 1 else f"{label} ({spec.label})"


@dataclass(frozen=True)
class Table:
    """A table as the query reads it. `prefix` leads there from the root; lines belong to no module of their own."""

    key: str
    label: str
    prefix: str
    module: Module | None
    fields: Mapping[str, FieldSpec]
    #: Of a linked table the rows that the person may see, as seen from the root; None for all of them.
    visible: Q | None = None

    @property
    def is_root(self) -> bool:
        return not self.prefix

    def read(self, path: str) -> Any:
        """The expression for a column of it: nothing where the row is none of the person's business."""
        column = F(f"{self.prefix}{path}")
        return column if self.visible is None else Case(When(self.visible, then=column), default=None)


@dataclass(frozen=True)
class Place:
    """One field of one table. `ref` is how the definition names it."""

    ref: str
    table: Table
    spec: FieldSpec

    @property
    def label(self) -> str:
        own = capfirst(str(self.spec.label))
        return own if self.table.key == "" else f"{self.table.label} · {own}"

    @property
    def kind(self) -> str:
        return self.spec.kind.name

    @property
    def path(self) -> str:
        """The column within its table; of a link the id."""
        return self.spec.column.attname if self.spec.join else self.spec.lookup

    @property
    def can_group(self) -> bool:
        return self.kind not in ("long_text", "multi_choice", "tags", "sealed", "number", "percent", "money", "address")

    @property
    def is_date(self) -> bool:
        return self.kind in ("date", "moment")

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "integer", "number", "percent")


class Tables:
    """The tables of one report, for one person. Raises NotAllowed for a module that he may not see."""

    def __init__(self, ctx: Context, definition: Definition) -> None:
        self.ctx = ctx
        module = registry.find(definition.module)
        if module is None:
            raise Invalid({"definition": [Message("The module of this report is not there any more.")]})
        self._require(module)
        self.module = module
        self.offered = {offer.key: offer for offer in offers(ctx, module)}
        #: Related tables that do not exist, or not any more.
        self.gone: list[str] = []
        chosen = [key for key in definition.related if self._is_there(key)]
        many = [key for key in chosen if self.offered[key].is_many]
        if len(many) > 1:
            names = " / ".join(self.offered[key].label for key in many)
            raise Invalid(
                {"related": [Message("Only one of these can be chosen: %(names)s. Else rows would be counted several "
                                     "times.", names=names)]}
            )  # fmt: skip
        self._many = many[0] if many else ""
        self.tables = {table.key: table for table in self._built(chosen)}

    def _require(self, module: Module) -> None:
        if not self.ctx.may(module):
            raise NotAllowed(Message("You have no right to see: %(module)s.", module=module.label_plural))

    def _is_there(self, key: str) -> bool:
        if key in self.offered:
            return True
        hidden = self._beyond_rights(key)
        if hidden is not None:
            self._require(hidden)
        self.gone.append(key)
        return False

    def _beyond_rights(self, key: str) -> Module | None:
        """The module that a related table belongs to which is not offered: because the person may not see it."""
        if ":" in key:
            return registry.find(key.partition(":")[0])
        known = registry.entry(self.module)
        spec = (known.line_fields if key.startswith(f"{LINES}.") else known.fields).get(key.removeprefix(f"{LINES}."))
        return registry.find(spec.target) if spec is not None else None

    def _built(self, chosen: list[str]) -> Iterator[Table]:
        known = registry.entry(self.module)
        primary = ""
        if self._many == LINES:
            assert self.module.lines is not None
            primary = f"{self.module.lines.parent}__"
        elif self._many:
            primary = f"{self._many.partition(':')[2]}__"
        yield Table("", capfirst(str(self.module.label)), primary, self.module, known.fields)
        for key in chosen:
            offer = self.offered[key]
            if key == LINES:
                yield Table(key, offer.label, "", None, known.line_fields)
            elif key == self._many:
                other = registry.entry(key.partition(":")[0])
                yield Table(key, offer.label, "", other.module, other.fields)
            elif key.startswith(f"{LINES}."):
                if self._many == LINES:
                    yield self._linked(offer, "", known.line_fields[key.removeprefix(f"{LINES}.")])
            else:
                yield self._linked(offer, primary, known.fields[key])

    def _linked(self, offer: Offer, before: str, spec: FieldSpec) -> Table:
        target = registry.entry(spec.target)
        path = f"{before}{spec.name}"
        return Table(offer.key, offer.label, f"{path}__", target.module, target.fields, self.seen(target.module, path))

    def seen(self, module: Module, path: str) -> Q | None:
        """The rows whose link leads to a record that the person may see, in the bin or not; None for all of them."""
        condition = self.ctx.condition(module)
        if condition is None:
            return Q(pk__in=())
        if not condition:
            return None
        return Q(**{f"{path}__in": module.model._default_manager.filter(condition).order_by().values("pk")})

    @cached_property
    def root(self) -> Table:
        """The finest table: the report has a row for each of its rows."""
        return next(table for table in self.tables.values() if table.is_root)

    @cached_property
    def primary(self) -> Table:
        return self.tables[""]

    def rows(self) -> QuerySet[Any]:
        """The rows of the root within the person's reach, and within his reach of the primary module."""
        if self.root.module is None:
            assert self.module.lines is not None
            rows = self.module.lines.model._default_manager.filter(deleted_at=None)
        else:
            rows = self._own(self.root.module)
        if not self.primary.is_root:
            path = self.primary.prefix.removesuffix("__")
            condition = self.ctx.condition(self.module)
            rows = rows.filter(**{f"{path}__deleted_at": None})
            if condition is None:
                return rows.none()
            if condition:
                rows = rows.filter(**{f"{path}__in": self._own(self.module).order_by().values("pk")})
        return rows.order_by()

    def _own(self, module: Module) -> QuerySet[Any]:
        rows = module.model._default_manager.filter(deleted_at=None)
        condition = self.ctx.condition(module)
        # Masks are put on by who reads the values (`running`): these rows are not fetched as records.
        return rows.none() if condition is None else rows.filter(condition)

    def places(self) -> Iterator[Place]:
        """Every field that a report over these tables can show."""
        for table in self.tables.values():
            for name, spec in table.fields.items():
                if name not in _LEFT_OUT and spec.kind.name not in _NOT_SHOWN:
                    yield Place(f"{table.key}/{name}" if table.key else name, table, spec)

    def find(self, ref: str) -> Place | None:
        """The field of that name, or None for one that is not there, or not any more."""
        key, _slash, name = ref.rpartition("/")
        table = self.tables.get(key)
        spec = table.fields.get(name) if table is not None else None
        if table is None or spec is None or name in _LEFT_OUT or spec.kind.name in _NOT_SHOWN:
            return None
        return Place(ref, table, spec)

    def is_clear(self, place: Place) -> bool:
        """Whether every value of the field that the person meets stands there in clear."""
        if place.kind == "sealed":
            return False
        module = place.table.module
        return module is None or not place.spec.personal or masking.covers(self.ctx, module)

    def require_clear(self, place: Place) -> Place:
        """Raise NotAllowed for a field that is masked for the person: order, sums and groups would tell it."""
        if not self.is_clear(place):
            raise NotAllowed(
                Message(
                    "“%(field)s” is masked for you: it can stand in a list, but nothing is filtered, sorted, grouped "
                    "or calculated by it.", field=place.label,
                )
            )  # fmt: skip
        return place

    def linked(self, place: Place) -> Q | None:
        """Of a link field the rows whose link leads to what the person may see; None for all of them."""
        module, target = place.table.module, registry.find(place.spec.target)
        if place.kind not in LINK_KINDS or target is None:
            return None
        # Who sees a record sees what it belongs to.
        if module is not None and place.spec.name == module.scope_through:
            return None
        return self.seen(target, f"{place.table.prefix}{place.spec.name if place.spec.join else place.spec.lookup}")
