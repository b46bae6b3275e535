"""The register of modules: filled at start-up from each room's module.py, checked once, then read by everyone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import NotFound
from guanxi.records import customising
from guanxi.records.custom_values import COLUMN, CustomValues
from guanxi.records.customising import Customisation
from guanxi.records.fields import KINDS, FieldSpec, SealedField, chosen, kind_of, listed, named
from guanxi.records.layout import Shape, shape_of
from guanxi.records.module import Computed, Module, Section, has_column

if TYPE_CHECKING:
    from guanxi.records.actions import Action


#: What the engine keeps of every record: whose it is, and when it was changed by whom.
ENGINE_COLUMNS = frozenset(
    {
        "id", "version", "created_at", "created_by", "changed_at", "changed_by", "deleted_at", "deleted_by",
        "number", "owner", "department",
    }
)  # fmt: skip
#: Kinds that are likely to be about a natural person: their class is never taken from the record type's.
_PERSONAL_KINDS = frozenset({"phone", "email", "address"})


class Registered:
    """A module with what the engine derives from it: its fields in order and its actions by name.

    What the company has made its own (added fields, labels, order) is in the fields, sections and columns given here,
    not in the module: everybody who draws, reads or writes records asks here.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._made: Customisation | None = None
        self._shape: Shape | None = None

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """The names of the columns that are encrypted where they are kept (C3)."""
        columns = self.module.model._meta.concrete_fields
        hidden = self.module.hidden
        return tuple(column.name for column in columns if isinstance(column, SealedField) and column.name not in hidden)

    @cached_property
    def shipped(self) -> dict[str, FieldSpec]:
        """Every column by name, as the program ships it: the sections' fields first, then the rest, then the kept."""
        ordered = [name for section in self.module.sections for name in section.fields]
        columns = (column for column in self.module.model._meta.concrete_fields if not isinstance(column, CustomValues))
        rest = [column.name for column in columns if column.name not in ordered]
        left_out = {*self.computed, *self.module.hidden}
        return {name: self._spec(name) for name in [*ordered, *rest] if name not in left_out}

    @property
    def shape(self) -> Shape:
        """The record type as the company has it now."""
        made = customising.current()
        if self._shape is None or made is not self._made:
            models = {key: other.module.model for key, other in _registered.items()}
            self._shape, self._made = shape_of(self.module, self.shipped, made, models), made
        return self._shape

    @property
    def fields(self) -> Mapping[str, FieldSpec]:
        """Every field by name: those of the form in its order, then the rest, then the kept columns."""
        return self.shape.fields

    @property
    def form_fields(self) -> tuple[FieldSpec, ...]:
        """What create and edit accept, and nothing else."""
        return self.shape.form_fields

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headed groups of form and page."""
        return self.shape.sections

    @property
    def columns(self) -> tuple[str, ...]:
        """What the list shows until somebody chooses otherwise."""
        return self.shape.columns

    @property
    def filters(self) -> tuple[str, ...]:
        """The quick filters of the list."""
        return self.shape.filters

    @property
    def search(self) -> tuple[str, ...]:
        """The fields by which the search finds a record, beside title and number."""
        return self.shape.search

    @cached_property
    def computed(self) -> dict[str, Computed]:
        return {figure.name: figure for figure in self.module.computed}

    @property
    def personal(self) -> tuple[str, ...]:
        """The names of the fields that tell how to reach, or something of the life of, a natural person."""
        return self.shape.personal

    @cached_property
    def line_fields(self) -> dict[str, FieldSpec]:
        lines = self.module.lines
        if lines is None:
            return {}
        plain = {name: spec_of(lines.model, name) for name in lines.columns}
        return {name: named(spec, lines.named[name]) if name in lines.named else spec for name, spec in plain.items()}

    @cached_property
    def line_inputs(self) -> dict[str, FieldSpec]:
        """The columns of a line that are entered; the others are worked out."""
        return {name: spec for name, spec in self.line_fields.items() if spec.editable}

    @cached_property
    def actions(self) -> dict[str, Action]:
        return {action.name: action for action in self.module.actions}

    def class_of(self, name: str) -> DataClass:
        """How confidential a column is."""
        otherwise = DataClass.C1 if name in ENGINE_COLUMNS else self.module.data_class
        return self.module.classes.get(name, otherwise)

    @property
    def can_grow(self) -> bool:
        """Whether the company may add fields: every business record can hold them."""
        return has_column(self.module.model, COLUMN)

    def field(self, name: str) -> FieldSpec:
        """The field of that name; raises KeyError for anything else."""
        return self.fields[name]

    def assign(self, record: models.Model, values: Mapping[str, Any]) -> None:
        """Give a record values by name: its fields, or what only its `prepare` knows."""
        fields = self.fields
        for name, value in values.items():
            if spec := fields.get(name):
                spec.assign(record, value)
            else:
                setattr(record, name, value)

    def _spec(self, name: str) -> FieldSpec:
        plain = spec_of(self.module.model, name)
        if name in self.module.listed:
            plain = listed(plain, self.module.listed[name])
        elif name in self.module.chosen:
            plain = chosen(plain, self.module.chosen[name])
        spec = dataclasses.replace(
            plain,
            data_class=self.class_of(name),
            personal=name in self.module.personal,
        )
        if name in self.module.read_only:
            return dataclasses.replace(spec, editable=False)
        in_section = any(name in section.fields for section in self.module.sections)
        return spec if in_section else dataclasses.replace(spec, editable=False)


def spec_of(model: type[models.Model], name: str) -> FieldSpec:
    """The engine's description of one column of a model."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    target = ""
    if isinstance(column, models.ForeignKey):
        target = column.related_model._meta.label_lower
    kind = kind_of(column) if name != "id" else KINDS["text"]
    required = not (column.blank or column.null or column.has_default())
    return FieldSpec(
        name=name,
        label=column.verbose_name,
        kind=kind,
        column=column,
        required=required or (not column.blank and not column.null and kind.name in ("text", "choice", "link")),
        editable=column.editable,
        help=column.help_text,
        target=target,
    )


_registered: dict[str, Registered] = {}


def register(*modules: Module) -> None:
    """Enter record types; called from each room's AppConfig.ready through `load`."""
    for module in modules:
        if module.key in _registered:
            raise ValueError(f"{module.key} is registered twice")
        _registered[module.key] = Registered(module)


def entry(module: Module | str) -> Registered:
    """The register's entry for a module or its key; raises NotFound for an unknown key."""
    key = module if isinstance(module, str) else module.key
    try:
        return _registered[key]
    except KeyError:
        raise NotFound from None


def module(key: str) -> Module:
    """The module of that key; raises NotFound for an unknown one."""
    return entry(key).module


def modules() -> tuple[Module, ...]:
    """Every module, in the order of registration."""
    return tuple(registered.module for registered in _registered.values())


def find(key: str) -> Module | None:
    """The module of that key, or None: people and files are linked to, but not every linked thing is a module."""
    registered = _registered.get(key)
    return registered.module if registered else None


def check() -> list[str]:
    """What is wrong with the descriptions: names of fields that do not exist, links to unknown modules."""
    return [problem for registered in _registered.values() for problem in _check(registered)]


def _check(registered: Registered) -> list[str]:
    described = registered.module
    problems: list[str] = []
    computed = set(registered.computed)

    def known(name: str, where: str, *, extra: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        if name in extra:
            return
        try:
            column = described.model._meta.get_field(name)
            if not getattr(column, "concrete", False):
                raise FieldDoesNotExist
        except FieldDoesNotExist:
            problems.append(f"{described.key}: {where} names “{name}”, which is not a field")

    for name in described.columns:
        known(name, "columns", extra=computed)
    for section in described.sections:
        for name in section.fields:
            known(name, f"section {section.label}", extra=computed)
    for where, names in (
        ("filters", described.filters),
        ("search", described.search),
        ("read_only", described.read_only),
        ("hidden", described.hidden),
        ("title", (described.title,)),
        ("sort", (described.sort.lstrip("-"),)),
        ("same_as", tuple(rule.field for rule in described.same_as)),
        ("aliases", tuple(described.aliases)),
        ("classes", tuple(described.classes)),
        ("personal", described.personal),
        ("shared", tuple(described.shared)),
        ("computed needs", tuple(name for figure in described.computed for name in figure.needs)),
    ):
        for name in names:
            known(name, where)
    problems += _check_classes(registered)
    for figure in described.computed:
        if figure.kind not in KINDS:
            problems.append(f"{described.key}: computed {figure.name} has the unknown kind {figure.kind}")
    for related in described.related:
        other = _registered.get(related.module)
        if other is None:
            problems.append(f"{described.key}: related names the unknown module {related.module}")
        elif not has_column(other.module.model, related.link):
            problems.append(f"{described.key}: {related.module} has no link {related.link}")
    if described.scope_through and not has_column(described.model, described.scope_through):
        problems.append(f"{described.key}: scope_through names “{described.scope_through}”, which is not a field")
    if described.private and not (described.has_owner and has_column(described.model, described.private)):
        problems.append(f"{described.key}: private names “{described.private}”, which is no field of an owner’s record")
    if described.lifecycle and not has_column(described.model, described.lifecycle.field):
        problems.append(f"{described.key}: lifecycle names “{described.lifecycle.field}”, which is not a field")
    return problems


def _check_classes(registered: Registered) -> list[str]:
    """What nobody has thought about: telephone numbers and addresses without a class of their own."""
    described = registered.module
    problems = []
    for name, spec in registered.shipped.items():
        if spec.kind.name in _PERSONAL_KINDS and name not in described.classes and name not in described.personal:
            problems.append(f"{described.key}: “{name}” may be about a person; name its class, or call it personal")
    for column in described.model._meta.concrete_fields:
        is_sealed, is_shown = isinstance(column, SealedField), column.name not in described.hidden
        if is_shown and is_sealed != (registered.class_of(column.name) is DataClass.C3):
            problems.append(f"{described.key}: “{column.name}” is C3 and sealed, or neither")
        if is_sealed and column.name in (*described.search, described.title):
            problems.append(f"{described.key}: “{column.name}” is sealed; it can be neither searched nor a title")
    for name in described.personal:
        if registered.class_of(name) is not DataClass.C2:
            problems.append(f"{described.key}: “{name}” is personal, hence C2 (C3 is masked for everybody)")
    return problems


def class_of_column(model: type[models.Model], name: str) -> DataClass | None:
    """The class of a column of any table of ours: by its record type, or as the model says; None if nobody said."""
    registered = _registered.get(model._meta.label_lower)
    if registered is not None:
        return registered.class_of(name)
    declared = vars(model)
    return declared.get("classes", {}).get(name, declared.get("data_class"))
