"""A report as a form asks for it: what is sent becomes a definition, a definition becomes what the form shows."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.filters import OPERATOR_LABELS, PERIOD_LABELS
from guanxi.records.links import LINK_KINDS, choosable
from guanxi.records.reporting.definition import (
    CHARTS,
    HOW,
    KINDS,
    MOST_GROUPS,
    ORDERS,
    Definition,
    Figure,
    Group,
    Period,
    read,
)
from guanxi.records.reporting.periods import UNITS
from guanxi.records.reporting.tables import Place, Tables
from guanxi.records.wording import BARE

COLUMNS, FIGURES, CONDITIONS = 12, 4, 5
Choice = tuple[str, str, bool]


# ---- Addresses -------------------------------------------------------------------------------------------------------


def packed(definition: Definition) -> str:
    """A definition as a part of an address: for what is run without being kept."""
    content = json.dumps(definition.as_dict(), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


def unpacked(text: str) -> Definition:
    """What `packed` made; Invalid for anything else."""
    try:
        content = base64.urlsafe_b64decode(text[:8000] + "=" * (-len(text[:8000]) % 4))
        plain = zlib.decompressobj().decompress(content, 100_000)
        return read(json.loads(plain))
    except (ValueError, binascii.Error, zlib.error, UnicodeDecodeError, RecursionError):
        raise Invalid({"definition": [Message("This report has the wrong form.")]}) from None


# ---- What was sent ---------------------------------------------------------------------------------------------------


def posted(ctx: Context, sent: QueryDict) -> Definition:
    """The definition that the second step of the wizard sends; Invalid for what does not fit."""
    related = [key for key in sent.getlist("related") if key]
    tables = Tables(ctx, Definition(sent.get("module", ""), tuple(related)))
    kind = sent.get("kind", "groups")
    groups = [
        {"field": name, "by": sent.get(f"by{n}", ""), "order": sent.get(f"order{n}", "")}
        for n in range(MOST_GROUPS) if (name := sent.get(f"group{n}", ""))
    ]  # fmt: skip
    figures = [
        {"how": how, "field": "" if how == "count" else sent.get(f"of{n}", "")}
        for n in range(FIGURES) if (how := sent.get(f"how{n}", ""))
    ]  # fmt: skip
    for figure in figures:
        if figure["how"] != "count" and not figure["field"]:
            raise Invalid({"figures": [Message("Choose the field that “%(how)s” is worked out of.",
                                               how=str(HOW.get(figure["how"], "")))]})  # fmt: skip
    sort = sent.get("sort", "")
    drawn = sent.get("drawn", "0")
    period, filters = narrowed(ctx, tables, sent)
    return read(
        {
            "module": tables.module.key, "related": related, "kind": kind,
            "columns": [name for n in range(COLUMNS) if (name := sent.get(f"column{n}", ""))],
            "sort": f"-{sort}" if sort and sent.get("sort_down") else sort,
            "groups": groups if kind == "groups" else [], "figures": figures,
            "period": {name: value for name, value in vars(period).items() if value}, "filters": filters,
            "chart": {"kind": sent.get("chart", ""), "figure": int(drawn) if drawn.isdigit() else 0},
        }
    )  # fmt: skip


def narrowed(ctx: Context, tables: Tables, sent: QueryDict) -> tuple[Period, Mapping[str, Any]]:
    """The period and the conditions that a form sends; Invalid under their own names."""
    return _period(sent), _filters(ctx, tables, sent)


def _period(sent: QueryDict) -> Period:
    name, within = sent.get("period_field", ""), sent.get("within", "")
    if not name or not within:
        return Period()
    if within in PERIOD_LABELS:
        return Period(name, within)
    if within == "days":
        text = sent.get("days", "").strip()
        if not text.isdigit() or not 1 <= int(text[:5]) <= 3660:
            raise Invalid({"period": [Message("A number of days is needed.")]})
        return Period(name, days=int(text[:5]))
    days = {part: sent.get(part, "").strip() for part in ("first", "last")}
    try:
        read_days = {part: parse_date(text).isoformat() if text else "" for part, text in days.items()}
    except Invalid as problem:
        raise Invalid({"period": [text for found in problem.errors.values() for text in found]}) from problem
    return Period(name, first=read_days["first"], last=read_days["last"])


def _filters(ctx: Context, tables: Tables, sent: QueryDict) -> Mapping[str, Any]:
    if kept := sent.get("kept_filters", ""):
        try:
            tree = json.loads(kept)
        except ValueError:
            tree = None
        if not isinstance(tree, Mapping):
            raise Invalid({"filters": [Message("This filter has the wrong form.")]})
        return tree
    nodes = []
    for n in range(CONDITIONS):
        name, operator, text = (sent.get(f"{part}{n}", "").strip() for part in ("f", "o", "v"))
        if not name:
            continue
        place = tables.find(name)
        if place is None:
            raise Invalid({"filters": [Message("One cannot filter by “%(field)s”.", field=name[:60])]})
        node: dict[str, Any] = {"field": name, "op": operator}
        if operator not in BARE:
            node["value"] = _value(ctx, place, operator, text)
        nodes.append(node)
    if not nodes:
        return {}
    return {"any" if sent.get("join") == "any" else "all": nodes}


def _value(ctx: Context, place: Place, operator: str, text: str) -> Any:
    spec = place.spec
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    try:
        if operator in ("in", "not_in"):
            if place.kind in LINK_KINDS:
                return [_linked(ctx, place, part) for part in parts]
            if place.kind == "choice":
                return [str(spec.kind.parse(spec, part)) for part in parts]
            if place.kind == "multi_choice":
                return [str(spec.kind.parse(spec, part)[0]) for part in parts]
            return parts
        if operator == "between":
            return parts
        if operator == "within":
            return next((key for key, label in PERIOD_LABELS.items() if text in (key, str(label))), text)
        return text
    except Invalid as problem:
        raise Invalid({"filters": [each for found in problem.errors.values() for each in found]}) from problem


def _linked(ctx: Context, place: Place, text: str) -> str:
    """The id of what is called so and may be chosen; "me" and its translation stand for oneself."""
    if place.kind == "person" and text in ("me", _("me")):
        return "me"
    target = registry.find(place.spec.target)
    assert target is not None
    rows = list(choosable(ctx, target.model).filter(**{target.title: text})[:2])
    if len(rows) != 1:
        raise Invalid({"filters": [Message("There is no “%(value)s” that you may choose.", value=text[:60])]})
    return str(rows[0].pk)


# ---- What the form shows ---------------------------------------------------------------------------------------------


def _choices(labels: Mapping[str, Any], chosen: str, blank: str | None = None) -> list[Choice]:
    first = [] if blank is None else [("", blank, not chosen)]
    return [*first, *((key, str(label), key == chosen) for key, label in labels.items())]


def offered(places: Iterable[Place], chosen: str, tables: Tables) -> list[tuple[str, list[Choice]]]:
    """Fields by their table, as a list to choose from; one that is gone stands there still, as what it was."""
    found: dict[str, list[Choice]] = {}
    is_there = not chosen
    for place in places:
        found.setdefault(place.table.label, []).append((place.ref, _own_label(place), place.ref == chosen))
        is_there = is_there or place.ref == chosen
    if not is_there:
        found.setdefault(_("not there any more"), []).append((chosen, chosen, True))
    return list(found.items())


def _own_label(place: Place) -> str:
    label = str(place.spec.label)
    return label[:1].upper() + label[1:]


def form(ctx: Context, tables: Tables, definition: Definition) -> dict[str, Any]:
    """Everything the second step shows, as the template draws it."""
    places = list(tables.places())
    clear = [place for place in places if tables.is_clear(place)]
    groupable = [place for place in clear if place.can_group]
    numbers = [place for place in clear if place.is_number or place.is_date]
    sortable = [place for place in clear if place.spec.kind.sortable]
    groups = [*definition.groups, *[Group("")] * MOST_GROUPS][:MOST_GROUPS]
    figures = [*definition.figures, *[Figure("")] * FIGURES][:FIGURES]
    columns = [*definition.columns, *[""] * COLUMNS][:COLUMNS]
    sort = definition.sort.removeprefix("-")
    return {
        "kinds": _choices(KINDS, definition.kind),
        "columns": [offered(places, ref, tables) for ref in columns],
        "groups": [
            {"fields": offered(groupable, group.field, tables), "by": _choices(UNITS, group.by, ""),
             "order": _choices(ORDERS, group.order)}
            for group in groups
        ],
        "figures": [
            {"how": _choices(HOW, figure.how, ""), "fields": offered(numbers, figure.field, tables)}
            for figure in figures
        ],
        "sort": offered(sortable, sort, tables), "sort_down": definition.sort.startswith("-"),
        "charts": _choices(CHARTS, definition.chart),
        "drawn": [(str(n), _("Calculation %(number)s") % {"number": n + 1}, n == definition.drawn)
                  for n in range(FIGURES)],
        **narrowing(ctx, tables, definition, clear),
    }  # fmt: skip


def narrowing(ctx: Context, tables: Tables, definition: Definition, clear: list[Place] | None = None) -> dict[str, Any]:
    """The part of the form that a single run may change: period and conditions."""
    clear = [place for place in tables.places() if tables.is_clear(place)] if clear is None else clear
    period = definition.period
    within = period.within or ("days" if period.days else "own" if period.first or period.last else "")
    more = {"days": _("last … days"), "own": _("from … until …")}
    join, nodes = flat(definition.filters)
    return {
        "period_fields": offered([place for place in clear if place.is_date], period.field, tables),
        "within": _choices({**PERIOD_LABELS, **more}, within, _("at any time")),
        "days": period.days or "", "first": period.first, "last": period.last, "join": join,
        "kept_filters": "" if nodes is not None else json.dumps(dict(definition.filters), ensure_ascii=False),
        "conditions": [_row(ctx, tables, clear, node) for node in [*(nodes or []), *[{}] * CONDITIONS][:CONDITIONS]],
    }  # fmt: skip


def flat(tree: Mapping[str, Any]) -> tuple[str, list[Mapping[str, Any]] | None]:
    """How the conditions are joined, and they themselves; None where rows of a form cannot show them."""
    if not tree:
        return "all", []
    if "field" in tree:
        return "all", [tree]
    word = "any" if "any" in tree else "all"
    nodes = tree.get(word)
    if not isinstance(nodes, list) or len(nodes) > CONDITIONS or not all("field" in node for node in nodes):
        return word, None
    return word, nodes


def _row(ctx: Context, tables: Tables, clear: list[Place], node: Mapping[str, Any]) -> dict[str, Any]:
    ref = str(node.get("field", ""))
    place = tables.find(ref) if ref else None
    return {
        "fields": offered(clear, ref, tables),
        "operators": _choices(OPERATOR_LABELS, str(node.get("op", ""))),
        "value": _shown(ctx, place, node.get("value", "")),
    }


def _shown(ctx: Context, place: Place | None, value: Any) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    if place is None:
        return ", ".join(map(str, values))
    if place.kind in LINK_KINDS:
        return ", ".join(_name_of(ctx, place, str(each)) for each in values)
    labels = {str(key): str(label) for key, label in place.spec.choices}
    return ", ".join(labels.get(str(each), str(each)) for each in values)


def _name_of(ctx: Context, place: Place, key: str) -> str:
    if key == "me":
        return _("me")
    target = registry.find(place.spec.target)
    try:
        row = choosable(ctx, target.model).filter(pk=key).first() if target is not None else None
    except (ValueError, TypeError):
        row = None
    return str(getattr(row, target.title)) if row is not None and target is not None else key


def conditions_in_words(tables: Tables, ctx: Context, definition: Definition) -> list[str]:
    """Period and conditions as a reader sees them above the table."""
    told = []
    period = definition.period
    if period and (place := tables.find(period.field)):
        if period.within:
            when = str(PERIOD_LABELS[period.within])
        elif period.days:
            when = _("last %(days)s days") % {"days": period.days}
        else:
            when = f"{period.first or '…'} – {period.last or '…'}"
        told.append(f"{place.label}: {when}")
    _join, nodes = flat(definition.filters)
    for node in nodes or []:
        if place := tables.find(str(node["field"])):
            value = _shown(ctx, place, node.get("value", ""))
            told.append(f"{place.label} {OPERATOR_LABELS[node['op']]} {value}".strip())
    return told
