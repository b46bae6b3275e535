"""Fields that the company has added: made from their rows, and told apart from columns by nobody above this module."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.platform.files.models import StoredFile
from guanxi.platform.people.models import Person
from guanxi.records.custom_values import COLUMN, nothing, packed, path_of, unpacked
from guanxi.records.fields import (
    KINDS,
    AddressField,
    FieldSpec,
    Masked,
    MoneyField,
    MultiPicklistField,
    PercentField,
    PhoneField,
    PicklistField,
    TagsField,
)
from guanxi.records.models import CustomField, FieldSetting

TEXT_LENGTH = 200


def in_language(chinese: str, english: str) -> str:
    """One of two texts, chosen when it is read."""
    return _chosen(chinese, english)


def _choose(chinese: str, english: str) -> str:
    return (english or chinese) if (get_language() or "").startswith("en") else (chinese or english)


_chosen: Callable[[str, str], str] = lazy(_choose, str)


@dataclass(frozen=True)
class AddedField(FieldSpec):
    """A field whose value stands in the record's `custom` column."""

    searchable: bool = False
    in_list: bool = False

    @property
    def written(self) -> str:
        """The document that holds the values of all added fields."""
        return COLUMN

    @property
    def join(self) -> str:
        """No query can follow a link that stands in a document; `load` fetches what it leads to."""
        return ""

    def stored(self, record: Any) -> Any:
        """What a record holds in this field; of a link the id."""
        found = getattr(record, COLUMN).get(self.name)
        if isinstance(found, Masked):
            return found
        return nothing(self.kind.name) if found is None else unpacked(self.kind.name, found)

    def value(self, record: Any) -> Any:
        """What a record holds in this field; of a link the linked row, fetched unless `load` has done so."""
        found = self.stored(record)
        if found is None or not self.target or isinstance(found, Masked):
            return found
        loaded = _loaded(record)
        if (self.name, found) not in loaded:
            self.load([record])
        return loaded[self.name, found]

    def assign(self, record: Any, value: Any) -> None:
        """Give a record a value that `kind.parse` made (of a link the row)."""
        document = {name: held for name, held in getattr(record, COLUMN).items() if name != self.name}
        if isinstance(value, Masked):
            document[self.name] = value
        elif value not in (None, "", ()):
            document[self.name] = packed(self.kind.name, value)
            if self.target:
                _loaded(record)[self.name, value.pk] = value
        setattr(record, COLUMN, document)

    def load(self, records: Sequence[Any]) -> None:
        """Fetch what the link of these records leads to, in one query; a row that is gone is nothing."""
        if not self.target:
            return
        ids = {record.pk: key for record in records if isinstance(key := self.stored(record), uuid.UUID)}
        model = self.column.related_model
        assert isinstance(model, type)
        rows = model._default_manager.in_bulk(set(ids.values())) if ids else {}
        for record in records:
            if key := ids.get(record.pk):
                _loaded(record)[self.name, key] = rows.get(key)


def _loaded(record: Any) -> dict[tuple[str, Any], Any]:
    """What links of this record lead to, as far as it has been fetched, by field and id."""
    loaded: dict[tuple[str, Any], Any] = record.__dict__.setdefault("_loaded_links", {})
    return loaded


# ---- From a row to a field -------------------------------------------------------------------------------------------

_Column = Callable[[CustomField, Any], models.Field]


def _number(row: CustomField, target: Any) -> models.Field:
    return models.DecimalField(max_digits=21, decimal_places=6, null=True, blank=True)


_COLUMNS: dict[str, _Column] = {
    "text": lambda row, target: models.CharField(max_length=TEXT_LENGTH, blank=True),
    "long_text": lambda row, target: models.TextField(blank=True),
    "choice": lambda row, target: PicklistField(picklist=row.picklist, blank=True),
    "multi_choice": lambda row, target: MultiPicklistField(picklist=row.picklist),
    "integer": lambda row, target: models.IntegerField(null=True, blank=True),
    "number": _number,
    "money": lambda row, target: MoneyField(null=True, blank=True),
    "percent": lambda row, target: PercentField(null=True, blank=True),
    "date": lambda row, target: models.DateField(null=True, blank=True),
    "moment": lambda row, target: models.DateTimeField(null=True, blank=True),
    "boolean": lambda row, target: models.BooleanField(default=False),
    "phone": lambda row, target: PhoneField(),
    "email": lambda row, target: models.EmailField(blank=True),
    "address": lambda row, target: AddressField(),
    "tags": lambda row, target: TagsField(),
    "link": lambda row, target: models.ForeignKey(target, models.PROTECT, null=True, related_name="+"),
    "person": lambda row, target: models.ForeignKey(Person, models.PROTECT, null=True, related_name="+"),
    "file": lambda row, target: models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+"),
}
BOUNDED = frozenset({"integer", "number", "money", "percent"})
#: Kinds in which two records can be told apart.
TELLING = frozenset({"text", "integer", "number", "phone", "email"})
#: Kinds whose values can be found by the quick search.
FINDABLE = frozenset({"text", "long_text", "choice", "multi_choice", "phone", "email", "address", "tags"})


def field_of(
    row: CustomField, target: type[models.Model] | None = None, data_class: DataClass = DataClass.C2
) -> AddedField:
    """The field that a row describes, as confidential as its record type; `target` is the model to which it links."""
    column = _COLUMNS[row.kind](row, target)
    column.set_attributes_from_name(row.name)
    if row.kind in TELLING and row.is_unique:
        column._unique = True  # type: ignore[attr-defined]
    if row.kind in BOUNDED:
        column.validators = [*column.validators, *_bounds(row)]
    related = column.related_model
    kind = KINDS[row.kind]
    spec = AddedField(
        name=row.name,
        label=in_language(row.label_zh, row.label_en),
        # One cannot sort by the name of what a document leads to.
        kind=dataclasses.replace(kind, sortable=False) if related is not None else kind,
        column=column,
        required=row.required,
        help=in_language(row.help_zh, row.help_en) if row.help_zh or row.help_en else "",
        unit=row.unit,
        target=related._meta.label_lower if isinstance(related, type) else "",
        path=path_of(row.name, row.kind),
        shown_when=row.shown_when,
        required_when=row.required_when,
        searchable=row.searchable and row.kind in FINDABLE,
        in_list=row.in_list,
        data_class=DataClass.C2 if row.personal else data_class,
        personal=row.personal,
    )
    return dataclasses.replace(spec, preset=preset_of(spec, row.default_value))


def _bounds(row: CustomField) -> list[Any]:
    found: list[Any] = []
    if row.minimum is not None:
        found.append(MinValueValidator(_limit(row.kind, row.minimum)))
    if row.maximum is not None:
        found.append(MaxValueValidator(_limit(row.kind, row.maximum)))
    return found


def _limit(kind: str, value: Decimal) -> Decimal | int:
    return int(value) if kind == "integer" else value


def preset_of(spec: FieldSpec, text: str) -> Any:
    """The value a new record starts with, from its text; None for none, and for one that no longer fits."""
    if not text or spec.target:
        return None
    try:
        return spec.kind.parse(spec, text)
    except Invalid:
        return None


def changed_by(spec: FieldSpec, setting: FieldSetting) -> FieldSpec:
    """A shipped field as the company's setting has it. It can become stricter, never laxer."""
    label, helped = in_language(setting.label_zh, setting.label_en), in_language(setting.help_zh, setting.help_en)
    return dataclasses.replace(
        spec,
        label=label if setting.label_zh or setting.label_en else spec.label,
        help=helped if setting.help_zh or setting.help_en else spec.help,
        required=spec.required or setting.required,
        editable=spec.editable and not setting.read_only,
        preset=preset_of(spec, setting.default_value),
    )
