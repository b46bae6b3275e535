"""How the fields of a record type stand on its form and its page: as shipped, and as the company has arranged them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import override

from guanxi.records.added import AddedField, changed_by, field_of, in_language
from guanxi.records.customising import Customisation
from guanxi.records.fields import FieldSpec
from guanxi.records.models import CustomField, FieldSetting
from guanxi.records.module import Module, Section

#: Distance between neighbours, so that something can be put between them.
STEP = 10


@dataclass(frozen=True)
class Shape:
    """A record type as the company has it: its fields in order, the sections they stand in, what lists and search show.

    `key` of a section: its English heading where it is shipped, what the company calls it where it is the company's.
    """

    fields: Mapping[str, FieldSpec]
    form_fields: tuple[FieldSpec, ...]
    sections: tuple[Section, ...]
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    personal: tuple[str, ...]
    search: tuple[str, ...]

    @cached_property
    def form_names(self) -> frozenset[str]:
        """The names of the fields that are entered."""
        return frozenset(spec.name for spec in self.form_fields)

    @cached_property
    def demanding(self) -> tuple[FieldSpec, ...]:
        """The fields of which something is asked even where nothing is entered: mandatory, or depending on others."""
        return tuple(spec for spec in self.form_fields if spec.required or spec.shown_when or spec.required_when)

    @cached_property
    def usual_defaults(self) -> dict[str, Any]:
        """What a new record starts with in each field where that is the same for every record."""
        return {spec.name: spec.default for spec in self.form_fields if spec.has_default and not spec.default_varies}

    @cached_property
    def varying_defaults(self) -> tuple[FieldSpec, ...]:
        """The fields in which each new record starts with something of its own."""
        return tuple(spec for spec in self.form_fields if spec.has_default and spec.default_varies)


@dataclass
class _Place:
    """Where one name stands: the position first, the shipped order where positions are equal."""

    name: str
    section: str
    position: int
    order: int


def section_key(section: Section) -> str:
    """The name under which settings know a section: its English heading, whatever the language of the page."""
    if section.key:
        return section.key
    with override("en"):
        return str(section.label)


def shape_of(module: Module, shipped: Mapping[str, FieldSpec], made: Customisation, models: Mapping[str, Any]) -> Shape:
    """The shape of a record type under the company's rows. `models`: the model of each record type, for links."""
    rows, settings = made.fields.get(module.key, ()), made.settings.get(module.key, {})
    added = {
        row.name: field_of(row, models.get(row.target), module.data_class) for row in rows if _is_usable(row, models)
    }
    changed = {name: _changed(spec, settings.get(name)) for name, spec in shipped.items()}
    if not added and not settings:
        return _plain(module, changed)
    fields: dict[str, FieldSpec] = {**changed, **added}
    places = [*_shipped_places(module, settings), *_added_places(module, rows, added)]
    sections = _sections(module, places, _hidden(settings))
    in_order = [name for section in sections for name in section.fields if name in fields]
    ordered = {name: fields[name] for name in [*in_order, *fields]}
    shown = tuple(name for name, spec in added.items() if spec.in_list)
    return Shape(
        fields=ordered,
        form_fields=tuple(spec for spec in ordered.values() if spec.editable),
        sections=sections,
        columns=(*module.columns, *shown),
        filters=(*module.filters, *(name for name in shown if added[name].kind.name in ("choice", "boolean"))),
        personal=_personal(ordered),
        search=(*module.search, *(name for name, spec in added.items() if spec.searchable)),
    )


def _plain(module: Module, fields: Mapping[str, FieldSpec]) -> Shape:
    return Shape(
        fields=fields,
        form_fields=tuple(spec for spec in fields.values() if spec.editable),
        sections=module.sections,
        columns=module.columns,
        filters=module.filters,
        personal=_personal(fields),
        search=module.search,
    )


def _personal(fields: Mapping[str, FieldSpec]) -> tuple[str, ...]:
    return tuple(name for name, spec in fields.items() if spec.personal)


def _is_usable(row: CustomField, models: Mapping[str, Any]) -> bool:
    # A link to a record type that this version of the program no longer has is as good as retired.
    return row.kind != CustomField.Kind.LINK or row.target in models


def _changed(spec: FieldSpec, setting: FieldSetting | None) -> FieldSpec:
    return changed_by(spec, setting) if setting is not None else spec


def _hidden(settings: Mapping[str, FieldSetting]) -> frozenset[str]:
    return frozenset(name for name, setting in settings.items() if setting.hidden)


def _shipped_places(module: Module, settings: Mapping[str, FieldSetting]) -> Iterable[_Place]:
    order = 0
    for section in module.sections:
        key = section_key(section)
        for place, name in enumerate(section.fields, 1):
            setting = settings.get(name)
            moved = setting.section if setting is not None else ""
            position = setting.position if setting is not None else None
            order += 1
            yield _Place(name, moved or key, place * STEP if position is None else position, order)


def _added_places(module: Module, rows: Iterable[CustomField], added: Mapping[str, AddedField]) -> Iterable[_Place]:
    last = section_key(module.sections[0]) if module.sections else module.key
    for order, row in enumerate(rows, 10_000):
        if row.name in added:
            yield _Place(row.name, row.section or last, row.position, order)


def _named(key: str) -> str:
    """The heading of a section of the company's: "渠道 / Channels" is read in the language of the page."""
    chinese, divided, english = key.partition(" / ")
    return in_language(chinese.strip(), english.strip()) if divided else key


def _sections(module: Module, places: Iterable[_Place], hidden: frozenset[str]) -> tuple[Section, ...]:
    """The shipped sections in their order, then those of the company by their first field; empty ones fall away."""
    shipped = {section_key(section): section for section in module.sections}
    held: dict[str, list[_Place]] = {key: [] for key in shipped}
    for place in sorted(places, key=lambda place: (place.position, place.order)):
        held.setdefault(place.section, []).append(place)
    found = []
    for key, inside in held.items():
        names = tuple(place.name for place in inside if place.name not in hidden)
        section = shipped.get(key)
        if names:
            found.append(
                dataclasses.replace(section, fields=names, key=key) if section else Section(_named(key), names, "", key)
            )
    return tuple(found)
