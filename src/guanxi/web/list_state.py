"""What a list's address asks for: view, search, quick filters, conditions, order, columns, page; and the way back.

    /customers/customer/?view=mine&q=川兴&f-city=成都&f-owner=me&w0=name&o0=contains&v0=酒&sort=-changed_at

`f-…` are the quick filters (`f-day-from`, `f-day-to` for ranges); `w0 o0 v0` the first condition of the filter builder,
`join` how they are joined; `filter` a whole tree as JSON, for links from other pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import OPERATOR_LABELS, PERIOD_LABELS, field_of
from guanxi.records.links import LINK_KINDS, candidates
from guanxi.records.listing import ALL, Query, offered_columns
from guanxi.records.registry import Registered
from guanxi.web import addresses, preferences
from guanxi.web.entered import TEXT, linked

EMPTY = "__empty"
ME = "me"
MAX_CONDITIONS = 20
RANGES = frozenset({"integer", "number", "money", "percent"})
DAYS = frozenset({"date", "moment"})
CHOICES = frozenset({"choice", "multi_choice"})
BARE = frozenset({"empty", "filled"})
#: What an address says of this one look at the list only: its page, and the drop-down that is open.
PASSING = ("cursor", "open")


@dataclass
class Chip:
    """One quick filter: what it offers, what is chosen, and how to take it off."""

    name: str
    label: Any
    shape: str  # choices, days, yes_no, link, range, text
    options: list[tuple[str, Any, bool]] = field(default_factory=list)
    text: str = ""
    low: str = ""
    high: str = ""
    spec: FieldSpec | None = None
    remove: str = ""

    @property
    def on(self) -> bool:
        return bool(self.text)


@dataclass
class Condition:
    """One row of the filter builder."""

    index: int
    path: str
    operator: str
    values: list[str]
    spec: FieldSpec
    shown: str = ""

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return [(name, OPERATOR_LABELS[name]) for name in self.spec.kind.operators]

    @property
    def shape(self) -> str:
        """Which input asks for the value."""
        if self.operator in BARE:
            return "none"
        if self.operator == "within":
            return "period"
        if self.operator == "older_than":
            return "count"
        if self.operator == "between":
            return "pair"
        if self.spec.kind.name in CHOICES:
            return "choices"
        if self.spec.kind.name in LINK_KINDS:
            return "link"
        return "yes_no" if self.spec.kind.name == "boolean" else "one"


class ListState:
    """The state of one list for one person, read from an address."""

    def __init__(self, ctx: Context, known: Registered, params: QueryDict, *, binned: bool = False) -> None:
        self.ctx = ctx
        self.known = known
        self.params = params
        self.binned = binned

    @cached_property
    def query(self) -> Query:
        """What the record engine is asked; Invalid for a filter that cannot be read."""
        return Query(
            view=self.params.get("view", ""),
            text=self.params.get("q", "").strip(),
            filters=self.tree,
            sort=self.params.get("sort", ""),
            columns=self.columns,
            cursor=self.params.get("cursor", ""),
            size=self.size,
            binned=self.binned,
        )

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns asked for: in the address, else the person's own choice, else (empty) those of the view."""
        named = tuple(name for name in self.params.get("columns", "").split(",") if name)
        if named or self.params.get("view", ALL) not in ("", ALL):
            return named
        return preferences.columns(self.ctx.actor, self.known.module)

    @property
    def opened(self) -> str:
        """The drop-down that the page shows open, for browsers without script: a quick filter's field, or "columns"."""
        return self.params.get("open", "")

    @property
    def size(self) -> int:
        """Rows of a page, as the person has set it."""
        return preferences.page_size(self.ctx.actor)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the view narrows the list; a filter that cannot be read does."""
        return any(value for name, value in self.params.items() if name in ("q", "filter") or name[:2] == "f-") or bool(
            self.conditions
        )

    # ---- Filters -----------------------------------------------------------------------------------------------------

    @cached_property
    def tree(self) -> dict[str, Any]:
        """Quick filters, conditions and a linked tree as one filter."""
        parts = [part for name in self._filtered_names for part in [self._quick(name)] if part]
        conditions = [self._compiled(condition) for condition in self.conditions]
        if conditions:
            parts.append({self.join: conditions})
        if given := self.params.get("filter"):
            parts.append(_parsed_tree(given))
        return {"all": parts} if parts else {}

    @cached_property
    def _filtered_names(self) -> list[str]:
        asked = [re.sub(r"(-from|-to|__text)$", "", key[2:]) for key in self.params if key.startswith("f-")]
        offered = [*self.known.filters, *asked]
        return [name for name in dict.fromkeys(offered) if name in self.known.fields]

    def _given(self, name: str, end: str = "") -> list[str]:
        return [value.strip() for value in self.params.getlist(f"f-{name}{end}") if value.strip()]

    def _quick(self, name: str) -> dict[str, Any] | None:
        spec = self.known.field(name)
        kind = spec.kind.name
        given, low, high = self._given(name), self._given(name, "-from"), self._given(name, "-to")
        if EMPTY in given:
            return {"field": name, "op": "empty"}
        if kind in DAYS or kind in RANGES:
            return self._span(name, kind, given, low, high)
        if kind in LINK_KINDS:
            typed = self._given(name, TEXT)
            added = [str(linked(self.ctx, spec, text).pk) for text in typed if not given]
            chosen = [*given, *added]
            return {"field": name, "op": "in", "value": chosen} if chosen else None
        if not given:
            return None
        if kind == "boolean":
            return {"field": name, "op": "is", "value": given[0]}
        if kind in CHOICES or kind == "tags":
            return {"field": name, "op": "in", "value": given}
        return {"field": name, "op": "contains", "value": given[0]}

    def _span(self, name: str, kind: str, given: list[str], low: list[str], high: list[str]) -> dict[str, Any] | None:
        if kind in DAYS and given:
            return {"field": name, "op": "within", "value": given[0]}
        if low and high:
            return {"field": name, "op": "between", "value": [low[0], high[0]]}
        from_word, to_word = ("from", "until") if kind in DAYS else ("at_least", "at_most")
        if low:
            return {"field": name, "op": from_word, "value": low[0]}
        return {"field": name, "op": to_word, "value": high[0]} if high else None

    # ---- Chips -------------------------------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Chip]:
        """The quick filters in the module's order, with what is chosen."""
        return [self._chip(self.known.field(name)) for name in self._filtered_names if self._offered(name)]

    def chip(self, name: str) -> Chip:
        """One quick filter with what it offers; NotFound for a field that is not filtered by."""
        if name not in self._filtered_names or not self._offered(name):
            raise NotFound
        return self._chip(self.known.field(name))

    def _offered(self, name: str) -> bool:
        return name in self.known.filters or any(self._given(name, end) for end in ("", "-from", "-to", TEXT))

    def _chip(self, spec: FieldSpec) -> Chip:
        kind = spec.kind.name
        given = self._given(spec.name)
        low, high = "".join(self._given(spec.name, "-from")[:1]), "".join(self._given(spec.name, "-to")[:1])
        off: dict[str, Any] = {f"f-{spec.name}{end}": None for end in ("", "-from", "-to", TEXT)}
        remove = self.url("", **off)
        chip = Chip(spec.name, spec.label, "text", spec=spec, low=low, high=high, remove=remove)
        if kind in CHOICES:
            chip.shape = "choices"
            chip.options = [(value, label, value in given) for value, label in spec.choices]
            chip.options.append((EMPTY, _("(empty)"), EMPTY in given))
            chip.text = _(", ").join(str(label) for _value, label, chosen in chip.options if chosen)
        elif kind in DAYS:
            chip.shape = "days"
            chip.options = [(value, label, value in given) for value, label in PERIOD_LABELS.items()]
            chip.options.append((EMPTY, _("(empty)"), EMPTY in given))
            chip.text = _(", ").join(str(label) for _value, label, chosen in chip.options if chosen) or _range_text(
                low, high
            )
        elif kind in RANGES:
            chip.shape = "range"
            chip.text = _range_text(low, high)
        elif kind == "boolean":
            chip.shape = "yes_no"
            chip.options = [("1", _("Yes"), "1" in given), ("0", _("No"), "0" in given)]
            chip.text = _(", ").join(label for _value, label, chosen in chip.options if chosen)
        elif kind in LINK_KINDS:
            chip.shape = "link"
            chip.options = self._linked_options(spec, given)
            chip.text = _(", ").join(str(label) for _value, label, chosen in chip.options if chosen)
        else:
            chip.text = given[0] if given else ""
        return chip

    def _linked_options(self, spec: FieldSpec, given: list[str]) -> list[tuple[str, Any, bool]]:
        options: list[tuple[str, Any, bool]] = []
        if spec.kind.name == "person":
            options.append((ME, _("Me"), ME in given))
        try:
            tree = self._quick(spec.name) or {}
        except Invalid:
            tree = {}
        keys = [key for key in tree.get("value", ()) if key not in (ME, EMPTY)]
        if keys:
            rows = candidates(self.ctx, spec).filter(pk__in=keys)
            options += [(str(row.pk), str(row), True) for row in rows]
        options.append((EMPTY, _("(empty)"), EMPTY in given))
        return options

    # ---- Filter builder ----------------------------------------------------------------------------------------------

    @property
    def join(self) -> str:
        return "any" if self.params.get("join") == "any" else "all"

    @cached_property
    def conditions(self) -> list[Condition]:
        """The conditions that say something."""
        found = [condition_of(self.ctx, self.known, self.params, index) for index in self._indexes]
        return [condition for condition in found if condition is not None and _is_complete(condition)]

    @cached_property
    def _indexes(self) -> list[int]:
        numbers = sorted(int(key[1:]) for key in self.params if re.fullmatch(r"w\d{1,3}", key))
        return numbers[:MAX_CONDITIONS]

    def _compiled(self, condition: Condition) -> dict[str, Any]:
        node: dict[str, Any] = {"field": condition.path, "op": condition.operator}
        if condition.operator not in BARE:
            node["value"] = _condition_value(self.ctx, condition)
        return node

    # ---- Addresses ---------------------------------------------------------------------------------------------------

    def url(self, path: str = "", **changes: Any) -> str:
        """This list's address with some parameters changed; None takes one off. Any change starts at the first page."""
        pairs = self._kept(changes)
        pairs += [(name, value) for name, value in changes.items() if value not in (None, "")]
        base = path or addresses.of_module(self.known.module, *(["bin"] if self.binned else []))
        return f"{base}?{urlencode(pairs)}" if pairs else base

    def _kept(self, left_out: Container[str] = ()) -> list[tuple[str, Any]]:
        """The parameters that stay when one goes on from here."""
        return [
            (name, value)
            for name, values in self.params.lists()
            if name not in PASSING and name not in left_out
            for value in values
        ]

    def hidden(self, *without: str, prefixes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The parameters as hidden inputs, for a form that changes only some of them."""
        left_out = {*PASSING, *without}
        return [
            (name, value)
            for name, values in self.params.lists()
            if name not in left_out and not name.startswith(prefixes or ("\0",))
            for value in values
        ]

    @cached_property
    def remembered(self) -> str:
        """The state in short, for the pages of its records: their neighbours, and the way back."""
        return urlencode(self._kept()) or ALL


def remembered_params(text: str) -> QueryDict:
    """The parameters that `remembered` wrote down."""
    return QueryDict("" if text == ALL else text[:4000])


def _range_text(low: str, high: str) -> str:
    if low and high:
        return f"{low} – {high}"
    if low:
        return f"≥ {low}"
    return f"≤ {high}" if high else ""


def _parsed_tree(text: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise Invalid({"": [Message("This filter has the wrong form.")]})
    return tree


def filterable(ctx: Context, known: Registered) -> list[tuple[str, str, FieldSpec]]:
    """The fields one can filter by, with their label: of the record, and of the records it links to."""
    own = [column.spec for column in offered_columns(known.module) if column.spec]
    found = [(spec.name, str(spec.label), spec) for spec in own]
    for spec in own:
        target = registry.find(spec.target)
        if spec.kind.name == "link" and target is not None and ctx.may(target):
            inner = registry.entry(target)
            found += [
                (f"{spec.name}.{name}", f"{spec.label} · {inner.field(name).label}", inner.field(name))
                for name in dict.fromkeys((*target.filters, target.title))
            ]
    return found


def condition_of(ctx: Context, known: Registered, params: QueryDict, index: int) -> Condition | None:
    """The condition number `index` of an address; None for a field that cannot be filtered by."""
    path = params.get(f"w{index}", "")
    try:
        spec = field_of(known.module, path, ctx)[1]
    except Invalid:
        return None
    operator = params.get(f"o{index}", "")
    if operator not in spec.kind.operators:
        operator = spec.kind.operators[0]
    values = [value.strip() for value in params.getlist(f"v{index}")]
    return Condition(index, path, operator, values, spec, params.get(f"v{index}{TEXT}", "").strip())


def _is_complete(condition: Condition) -> bool:
    if condition.operator in BARE:
        return True
    if condition.shape == "pair":
        return len(condition.values) == 2 and all(condition.values)
    return any(condition.values) or bool(condition.shown)


def _condition_value(ctx: Context, condition: Condition) -> Any:
    spec, given = condition.spec, [value for value in condition.values if value]
    if condition.shape == "pair":
        return given
    if condition.shape == "choices":
        return [spec.kind.parse(spec, value) for value in given] if spec.kind.name == "choice" else given
    if condition.shape == "link":
        if condition.shown and (not given or given == [""]):
            return [str(linked(ctx, spec, condition.shown).pk)]
        return given
    if spec.kind.name == "tags":
        return [part.strip() for part in re.split(r"[,，、]", given[0]) if part.strip()]
    return given[0]
