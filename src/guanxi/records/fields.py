"""Field kinds: one table that says how each kind of value is parsed, shown, filtered, exported and asked for.

A record's columns are ordinary Django fields. This module adds the few classes that Django lacks and maps every class
to a `Kind`; list, form, filter, import, export and (later) the API read the kind and nothing else.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.papers import check_account, check_identity
from guanxi.kernel.chinese.phone import format_phone, normalise_phone
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.kernel.masks import mask_number
from guanxi.kernel.messages import Message
from guanxi.kernel.money import fen, format_money, from_fen, parse_money
from guanxi.platform.sealing import vault
from guanxi.records import picklists

# ---- Django fields of ours -------------------------------------------------------------------------------------------


class MoneyField(models.BigIntegerField):
    """An amount of money: Decimal yuan in Python, integer 分 in the database, so that no sum is ever rounded."""

    # What the type checker sees on either side of the attribute.
    _pyi_private_set_type: Decimal | int  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: object, connection: object) -> Decimal | None:
        return None if value is None else from_fen(int(value))

    def to_python(self, value: object) -> Decimal | None:
        if value in (None, ""):
            return None
        return value if isinstance(value, Decimal) else parse_money(str(value))

    def get_prep_value(self, value: object) -> int | None:
        if value is None:
            return None
        return fen(value if isinstance(value, Decimal) else Decimal(str(value)))


class PercentField(models.DecimalField):
    """A percentage with two decimals: 12.5 is twelve and a half per cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 7)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class YearField(models.PositiveSmallIntegerField):
    """A year of the calendar: a whole number that counts nothing, so that it is written without a comma."""


class PhoneField(models.CharField):
    """A telephone number, stored as digits (with + for foreign ones), shown grouped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class AddressField(models.CharField):
    """A postal address on one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class PicklistField(models.CharField):
    """One value of a picklist that administrators may extend (see `records.picklists`)."""

    def __init__(self, *args: Any, picklist: str = "", **kwargs: Any) -> None:
        self.picklist = picklist
        kwargs.setdefault("max_length", 60)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["picklist"] = self.picklist
        return name, path, args, kwargs


class _SeveralField(models.CharField):
    """Several short values in one column, stored as |a|b| so that `contains |a|` finds one on any database."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> tuple[str, ...]:
        return tuple(part for part in (value or "").split("|") if part)

    def to_python(self, value: object) -> tuple[str, ...]:
        if not value:
            return ()
        if isinstance(value, str):
            return tuple(part for part in value.split("|") if part)
        return tuple(str(part) for part in value)  # type: ignore[attr-defined]

    def get_prep_value(self, value: object) -> str:
        if isinstance(value, str):  # a lookup such as contains="|a|"
            return value
        parts = self.to_python(value)
        return "|" + "|".join(parts) + "|" if parts else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


class MultiPicklistField(_SeveralField):
    """Several values of a picklist."""

    def __init__(self, *args: Any, picklist: str = "", **kwargs: Any) -> None:
        self.picklist = picklist
        kwargs.setdefault("max_length", 600)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["picklist"] = self.picklist
        return name, path, args, kwargs


class TagsField(_SeveralField):
    """Free words, entered with commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 600)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


class Sealed:
    """A C3 value as a record holds it: shown masked wherever it is shown; `plain` opens it."""

    __slots__ = ("_plain", "_stored", "place")

    def __init__(self, place: str, *, stored: str = "", plain: str | None = None) -> None:
        self.place, self._stored, self._plain = place, stored, plain

    @property
    def plain(self) -> str:
        """The value in clear: for whom `reveal` allows it, and for what the program itself compares."""
        if self._plain is None:
            self._plain = vault.open_value(self._stored, self.place)
        return self._plain

    @property
    def stored(self) -> str:
        """The value as the database keeps it."""
        if not self._stored:
            self._stored = vault.seal_value(self.plain, self.place)
        return self._stored

    def is_kept_with(self, mark: str) -> bool:
        """Whether the database keeps it sealed with the key of this mark (".3.")."""
        return vault.is_sealed(self._stored) and mark in self._stored

    @property
    def fingerprint(self) -> str:
        """By what an equal value of the same column is found."""
        return vault.fingerprint(self.plain, self.place)

    @property
    def beginning(self) -> str:
        """How every stored value equal to this one begins."""
        return f"{vault.FORMAT}.{self.fingerprint}."

    def __str__(self) -> str:
        return mask_number(self.plain)

    def __repr__(self) -> str:
        return f"<sealed {self}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed):
            return self.place == other.place and self.plain == other.plain
        return False

    def __hash__(self) -> int:
        return hash((self.place, self.fingerprint))


class SealedField(models.CharField):
    """Sensitive personal data (C3), encrypted in the database: an identity number, a bank account.

    `what` names the check of `SEALED_CHECKS` that an entered value must pass. Equality is found by a keyed
    fingerprint; nothing else can be asked of it.
    """

    def __init__(self, *args: Any, what: str = "", **kwargs: Any) -> None:
        self.what = what
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        """Where the values belong: in no other column do they open."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed | str:
        if not value:
            return ""
        if vault.is_sealed(value):
            return Sealed(self.place, stored=value)
        return Sealed(self.place, plain=value)  # entered before the column was sealed

    def to_python(self, value: Any) -> Any:
        return Sealed(self.place, plain=value) if isinstance(value, str) and value else value or ""

    def get_prep_value(self, value: Any) -> str:
        if not value:
            return ""
        if isinstance(value, Masked):
            raise TypeError(f"a mask is no value of {self.place}")
        return value.stored if isinstance(value, Sealed) else Sealed(self.place, plain=str(value)).stored

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "what": self.what}

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def fingerprint_of(value: Sealed) -> str:
    """The comparable key of a sealed value, for the check for duplicates."""
    return value.fingerprint


#: What an entered value of a sealed column must be; each raises Invalid, and returns it as it is kept.
SEALED_CHECKS: dict[str, Callable[[str], str]] = {"identity": check_identity, "account": check_account}


# ---- Kinds -----------------------------------------------------------------------------------------------------------

TEXT_OPERATORS = ("contains", "equals", "starts", "not_contains", "empty", "filled")
CHOICE_OPERATORS = ("in", "not_in", "empty", "filled")
NUMBER_OPERATORS = ("equals", "at_least", "at_most", "between", "empty", "filled")
DATE_OPERATORS = ("on", "from", "until", "between", "within", "older_than", "empty", "filled")
LINK_OPERATORS = ("in", "not_in", "empty", "filled")


def is_masked(value: Any) -> bool:
    """Whether a value is shown as a mask: to this person, or to everybody."""
    return isinstance(value, Masked | Sealed)


class Masked(str):
    """What is shown in the place of a value that the person may not read; see `records.masking`."""

    __slots__ = ()


def _shown_masked(show: Callable[[FieldSpec, Any], Any]) -> Callable[[FieldSpec, Any], Any]:
    """A mask is text already, whatever kind of value it hides."""

    def shown(spec: FieldSpec, value: Any) -> Any:
        return str(value) if isinstance(value, Masked) else show(spec, value)

    return shown


@dataclass(frozen=True)
class Kind:
    """How values of one kind are read, written and asked for.

    `parse(spec, raw)` turns what a person or a file gave into the stored value or raises `Invalid`; `text(spec, value)`
    is what a page shows; `cell(spec, value)` is what an export writes (numbers stay numbers).
    """

    name: str
    widget: str
    operators: tuple[str, ...]
    parse: Callable[[FieldSpec, Any], Any]
    text: Callable[[FieldSpec, Any], str]
    cell: Callable[[FieldSpec, Any], Any]
    numeric: bool = False
    wide: bool = False
    sortable: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _shown_masked(self.text))
        object.__setattr__(self, "cell", _shown_masked(self.cell))


@dataclass(frozen=True)
class FieldSpec:
    """One field of one record type, as the engine sees it."""

    name: str
    label: Any
    kind: Kind
    column: models.Field
    required: bool
    editable: bool = True
    help: Any = ""
    unit: Any = ""
    target: str = ""  # module key of the record a link points to
    path: str = field(default="")  # ORM path where it differs from the name
    #: What a new record starts with where the company has said so; None leaves it to the column.
    preset: Any = None
    #: Conditions on other fields of the record (see `records.conditions`); empty ones always hold.
    shown_when: Mapping[str, Any] = field(default_factory=dict)
    required_when: Mapping[str, Any] = field(default_factory=dict)
    data_class: DataClass = DataClass.C1
    personal: bool = False  # tells how to reach, or something of the life of, a natural person
    named_by: str = ""  # the picklist that a plain text column is chosen from

    @property
    def lookup(self) -> str:
        """The path under which queries know the field."""
        return self.path or self.name

    @property
    def written(self) -> str:
        """The column of the table that holds the value."""
        return self.name

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Value and label of each choice, in order; empty for kinds without choices."""
        if self.named_by:
            return picklists.choices(self.named_by)
        if isinstance(self.column, PicklistField | MultiPicklistField):
            return picklists.choices(self.column.picklist)
        return [(value, label) for value, label in (self.column.choices or ()) if value != ""]

    @property
    def max_length(self) -> int | None:
        return self.column.max_length

    @property
    def join(self) -> str:
        """The name under which a query can fetch what a link leads to together with the record; empty otherwise."""
        return self.name if isinstance(self.column, models.ForeignKey) else ""

    @property
    def has_default(self) -> bool:
        return self.preset is not None or self.column.has_default()

    @property
    def default_varies(self) -> bool:
        """Whether the default is made anew for each record."""
        return self.preset is None and callable(self.column.default)

    @property
    def default(self) -> Any:
        """What a new record starts with, as a record holds it; None where nothing is given."""
        if self.preset is not None:
            return self.preset
        # A default may be written as it is stored: several values as one text.
        return self.column.to_python(self.column.get_default()) if self.has_default else None

    def stored(self, record: models.Model) -> Any:
        """What a record holds in this field; of a link the id."""
        return getattr(record, self.column.attname)

    def value(self, record: models.Model) -> Any:
        """What a record holds in this field; of a link the linked row."""
        return getattr(record, self.name)

    def assign(self, record: models.Model, value: Any) -> None:
        """Give a record a value that `kind.parse` made (of a link the row)."""
        if value is not None and type(self.column) is models.ForeignKey:
            # As Django's own way to set a link, which asks its routers about each record.
            setattr(record, self.column.attname, value.pk)
            self.column.set_cached_value(record, value)
        else:
            setattr(record, self.name, value)

    def load(self, records: Sequence[models.Model]) -> None:
        """Fetch at once what the link of these records leads to, as far as that has not been done."""
        if self.join:
            models.prefetch_related_objects(records, self.join)

    def text(self, record: models.Model) -> str:
        """The value as people read it; money of a document in a currency of its own bears the sign of that."""
        value = self.value(record)
        if self.kind.name == "money" and isinstance(value, Decimal) and hasattr(record, "currency"):
            return format_money(value, record.currency)
        return self.kind.text(self, value)


@dataclass(frozen=True)
class ListedField(FieldSpec):
    """Several values of a picklist in a plain text column: the platform has tables, but knows no picklists.

    They stand there as |a|b|, like those of a `MultiPicklistField`, so that queries find them alike.
    """

    def stored(self, record: models.Model) -> Any:
        return tuple(part for part in re.split(r"[|,\s]+", getattr(record, self.name)) if part)

    def value(self, record: models.Model) -> Any:
        return self.stored(record)

    def assign(self, record: models.Model, value: Any) -> None:
        setattr(record, self.name, self.column.get_prep_value(value))


def listed(spec: FieldSpec, picklist: str) -> ListedField:
    """That text column of the platform as one that holds values of a picklist."""
    column = MultiPicklistField(spec.label, picklist=picklist, max_length=spec.max_length, help_text=spec.help)
    column.set_attributes_from_name(spec.name)
    known = {each.name: getattr(spec, each.name) for each in fields(spec)}
    return ListedField(**{**known, "kind": kind_of(column), "column": column, "required": False})


def chosen(spec: FieldSpec, picklist: str) -> FieldSpec:
    """That plain text column as one that holds one value of a picklist, chosen by its name."""
    column = PicklistField(spec.label, picklist=picklist, max_length=spec.max_length, help_text=spec.help)
    column.set_attributes_from_name(spec.name)
    return replace(spec, kind=kind_of(column), column=column)


def named(spec: FieldSpec, picklist: str) -> FieldSpec:
    """That plain text column, chosen and read by the names that a picklist has for its values."""
    kind = replace(spec.kind, widget="select", text=lambda _spec, value: picklists.label(picklist, value))
    return replace(spec, kind=kind, named_by=picklist)


def _fail(message: Message) -> Invalid:
    return Invalid({"": [message]})


_SIMPLE = (str, int, float, Decimal, datetime.date)


def _as_text(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, _SIMPLE):
        return str(raw)
    raise _fail(Message("This value has the wrong form."))


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _parse_text(spec: FieldSpec, raw: Any) -> str:
    text = " ".join(_as_text(raw).split())
    return _bounded(spec, text)


def _parse_long_text(spec: FieldSpec, raw: Any) -> str:
    return _bounded(spec, _as_text(raw).replace("\r\n", "\n").strip())


LONG_TEXT_LIMIT = 20_000


def _bounded(spec: FieldSpec, text: str) -> str:
    if _CONTROL.search(text):
        raise _fail(Message("This text contains characters that cannot be shown."))
    limit = spec.max_length or LONG_TEXT_LIMIT
    if len(text) > limit:
        raise _fail(Message("At most %(limit)s characters; these are %(length)s.", limit=limit, length=len(text)))
    return text


def _match_choice(spec: FieldSpec, text: str) -> Any:
    """The stored value (text, or the number that stands for a choice) for a value or a label in any language."""
    wanted = text.strip()
    choices = spec.choices
    for value, label in choices:
        if wanted == str(value) or wanted == str(label):
            return value
    known = picklists.every_label(spec.column, choices)
    if (found := known.get(wanted.casefold())) is not None:
        return next(value for value, _label in choices if str(value) == found)
    shown = gettext(", ").join(str(label) for _value, label in choices[:12])
    raise _fail(Message("“%(value)s” is not one of: %(choices)s", value=wanted[:60], choices=shown))


def _parse_choice(spec: FieldSpec, raw: Any) -> Any:
    text = _as_text(raw).strip()
    return _match_choice(spec, text) if text else ""


def _split(raw: Any) -> list[str]:
    if raw is None:
        return []
    parts: Iterable[Any] = re.split(r"[,，、;；|\n]", raw) if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        raise _fail(Message("This value has the wrong form."))
    return [_as_text(part).strip() for part in parts if _as_text(part).strip()]


def _parse_choices(spec: FieldSpec, raw: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_match_choice(spec, part) for part in _split(raw)))


def _parse_tags(spec: FieldSpec, raw: Any) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(_bounded(spec, " ".join(part.split())) for part in _split(raw)))
    if sum(len(tag) + 1 for tag in tags) + 1 > (spec.max_length or 600):
        raise _fail(Message("Too many words for one field."))
    return tags


def _parse_integer(spec: FieldSpec, raw: Any) -> int | None:
    number = _parse_decimal(spec, raw)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise _fail(Message("A whole number is needed here."))
    lowest = 0 if isinstance(spec.column, models.PositiveIntegerField | models.PositiveSmallIntegerField) else -(2**31)
    if not lowest <= number <= 2**31 - 1:
        raise _fail(Message("This number is out of range."))
    return int(number)


def _within_bounds(spec: FieldSpec, number: Any) -> Any:
    """The number, if it keeps the smallest and largest value that the column declares by its validators."""
    for validator in spec.column.validators:
        limit = getattr(validator, "limit_value", None)
        if isinstance(validator, MinValueValidator) and number < limit:
            raise _fail(Message("At least %(limit)s is needed here.", limit=spec.kind.text(spec, limit)))
        if isinstance(validator, MaxValueValidator) and number > limit:
            raise _fail(Message("At most %(limit)s is possible here.", limit=spec.kind.text(spec, limit)))
    return number


def _parse_decimal(spec: FieldSpec, raw: Any) -> Decimal | None:
    text = _as_text(raw).strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").strip()
    if not text:
        return None
    if not re.fullmatch(r"[-+]?\d{1,15}(\.\d+)?", text):
        raise _fail(Message("“%(value)s” is not a number.", value=_as_text(raw)[:40]))
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern above admits only numbers
        raise _fail(Message("“%(value)s” is not a number.", value=text[:40])) from None
    places = getattr(spec.column, "decimal_places", None)
    if places is not None:
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise _fail(Message("At most %(places)s decimals.", places=places))
        whole = (spec.column.max_digits or 15) - places  # type: ignore[attr-defined]
        if abs(number) >= Decimal(10) ** whole:
            raise _fail(Message("This number is out of range."))
    return _within_bounds(spec, number)


def _parse_money(spec: FieldSpec, raw: Any) -> Decimal | None:
    text = _as_text(raw).strip()
    return _within_bounds(spec, parse_money(text)) if text else None


def _parse_date(spec: FieldSpec, raw: Any) -> datetime.date | None:
    if isinstance(raw, datetime.datetime):
        return timezone.localtime(raw).date() if timezone.is_aware(raw) else raw.date()
    if isinstance(raw, datetime.date):
        return raw
    text = _as_text(raw).strip()
    return parse_date(text) if text else None


#: A moment as programs and the audit write it.
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)")


def _parse_moment(spec: FieldSpec, raw: Any) -> datetime.datetime | None:
    if isinstance(raw, datetime.datetime):
        return raw if timezone.is_aware(raw) else timezone.make_aware(raw)
    text = _as_text(raw).strip()
    if not text:
        return None
    match = _MOMENT.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        raise _fail(Message("“%(value)s” is not a day and time.", value=text[:40]))
    day = parse_date(match["day"].strip())
    try:
        time = datetime.time(
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            int(match["second"] or 0),
            int((match["fraction"] or "").ljust(6, "0")[:6]),
        )
    except ValueError:
        raise _fail(Message("“%(value)s” is not a time of day.", value=text[:40])) from None
    moment = datetime.datetime.combine(day, time)
    # A person means his own clock; a program says how far its clock is from Greenwich's.
    zone = match["zone"]
    return moment.replace(tzinfo=_zone(zone, text)) if zone else timezone.make_aware(moment)


_MOMENT = re.compile(
    r"(?P<day>.+?)(?:[T\s]+(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def _zone(text: str, moment: str) -> datetime.timezone:
    if text == "Z":
        return datetime.UTC
    distance = datetime.timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if distance > datetime.timedelta(hours=14):
        raise _fail(Message("“%(value)s” is not a day and time.", value=moment[:40]))
    return datetime.timezone(-distance if text[0] == "-" else distance)


_TRUE = {"1", "true", "yes", "y", "on", "是", "有", "对", "√", "✓"}
_FALSE = {"0", "false", "no", "n", "off", "否", "无", "错", "×", ""}


def _parse_boolean(spec: FieldSpec, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _as_text(raw).strip().casefold()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _fail(Message("Yes or no is needed here, not “%(value)s”.", value=text[:40]))


def _parse_phone(spec: FieldSpec, raw: Any) -> str:
    text = _as_text(raw).strip()
    if not text:
        return ""
    phone = normalise_phone(text)
    return f"{phone.digits}-{phone.extension}" if phone.extension else phone.digits


def _parse_sealed(spec: FieldSpec, raw: Any) -> Sealed | str:
    if isinstance(raw, Sealed):
        return raw
    assert isinstance(spec.column, SealedField)
    text = _as_text(raw).strip()
    if not text:
        return ""
    check = SEALED_CHECKS.get(spec.column.what)
    return Sealed(spec.column.place, plain=check(text) if check else text[:120])


def _parse_email(spec: FieldSpec, raw: Any) -> str:
    text = _as_text(raw).strip()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise _fail(Message("“%(value)s” is not an e-mail address.", value=text[:80])) from None
    return _bounded(spec, text)


def _parse_json(spec: FieldSpec, raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        return json.loads(raw) if raw.strip() else None
    except ValueError:
        raise _fail(Message("This value has the wrong form.")) from None


def _parse_link(spec: FieldSpec, raw: Any) -> Any:
    """Links are resolved for a whole batch at once by `records.links`; here a value passes through untouched."""
    return raw


def _text_plain(spec: FieldSpec, value: Any) -> str:
    return "" if value is None else str(value)


def _text_choice(spec: FieldSpec, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(spec.column, PicklistField):
        return picklists.label(spec.column.picklist, value)
    return next((str(label) for key, label in spec.column.choices or () if key == value), str(value))


def _text_choices(spec: FieldSpec, value: Any) -> str:
    return gettext(", ").join(picklists.label(spec.column.picklist, item) for item in value or ())  # type: ignore[attr-defined]


def _text_tags(spec: FieldSpec, value: Any) -> str:
    return gettext(", ").join(value or ())


def _text_number(spec: FieldSpec, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(spec.column, YearField):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value.normalize():,f}"


def _text_money(spec: FieldSpec, value: Any) -> str:
    return "" if value is None else format_money(value)


def _text_percent(spec: FieldSpec, value: Any) -> str:
    return "" if value is None else f"{_text_number(spec, value)}%"


def _text_date(spec: FieldSpec, value: Any) -> str:
    return "" if value is None else value.isoformat()


def _text_moment(spec: FieldSpec, value: Any) -> str:
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def _text_boolean(spec: FieldSpec, value: Any) -> str:
    return str(_("Yes")) if value else str(_("No"))


def _text_phone(spec: FieldSpec, value: Any) -> str:
    if not value:
        return ""
    try:
        return format_phone(normalise_phone(value))
    except Invalid:
        return str(value)


def _cell_same(spec: FieldSpec, value: Any) -> Any:
    return value


def _cell_text(spec: FieldSpec, value: Any) -> str:
    return spec.kind.text(spec, value)


def _cell_moment(spec: FieldSpec, value: Any) -> Any:
    return None if value is None else timezone.localtime(value).replace(tzinfo=None)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", "text", TEXT_OPERATORS, _parse_text, _text_plain, _cell_same),
        Kind(
            "long_text",
            "textarea",
            TEXT_OPERATORS,
            _parse_long_text,
            _text_plain,
            _cell_same,
            wide=True,
            sortable=False,
        ),
        Kind("choice", "select", CHOICE_OPERATORS, _parse_choice, _text_choice, _cell_text),
        Kind(
            "multi_choice", "multiselect", CHOICE_OPERATORS, _parse_choices, _text_choices, _cell_text, sortable=False
        ),
        Kind("integer", "number", NUMBER_OPERATORS, _parse_integer, _text_number, _cell_same, numeric=True),
        Kind("number", "number", NUMBER_OPERATORS, _parse_decimal, _text_number, _cell_same, numeric=True),
        Kind("money", "money", NUMBER_OPERATORS, _parse_money, _text_money, _cell_same, numeric=True),
        Kind("percent", "percent", NUMBER_OPERATORS, _parse_decimal, _text_percent, _cell_same, numeric=True),
        Kind("date", "date", DATE_OPERATORS, _parse_date, _text_date, _cell_same),
        Kind("moment", "datetime", DATE_OPERATORS, _parse_moment, _text_moment, _cell_moment),
        Kind("boolean", "checkbox", ("is",), _parse_boolean, _text_boolean, _cell_text),
        Kind("phone", "tel", TEXT_OPERATORS, _parse_phone, _text_phone, _cell_text),
        Kind("sealed", "text", ("equals", "empty", "filled"), _parse_sealed, _text_plain, _cell_text, sortable=False),
        Kind("email", "email", TEXT_OPERATORS, _parse_email, _text_plain, _cell_same),
        Kind("address", "text", TEXT_OPERATORS, _parse_text, _text_plain, _cell_same, wide=True),
        Kind("link", "link", LINK_OPERATORS, _parse_link, _text_plain, _cell_text),
        Kind("person", "person", LINK_OPERATORS, _parse_link, _text_plain, _cell_text),
        Kind("file", "file", ("empty", "filled"), _parse_link, _text_plain, _cell_text, sortable=False),
        Kind("tags", "tags", CHOICE_OPERATORS, _parse_tags, _text_tags, _cell_text, sortable=False),
        Kind("data", "textarea", ("empty", "filled"), _parse_json, _text_plain, _cell_text, sortable=False),
    )
}

# Nearest class first: a subclass must stand before its base.
_BY_CLASS: tuple[tuple[type[models.Field], str], ...] = (
    (MoneyField, "money"),
    (PercentField, "percent"),
    (PhoneField, "phone"),
    (SealedField, "sealed"),
    (AddressField, "address"),
    (PicklistField, "choice"),
    (MultiPicklistField, "multi_choice"),
    (TagsField, "tags"),
    (models.EmailField, "email"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.IntegerField, "integer"),
    (models.TextField, "long_text"),
    (models.JSONField, "data"),
    (models.CharField, "text"),
)


def kind_of(column: models.Field) -> Kind:
    """The kind of a Django field; raises TypeError at start-up for a class the engine does not know."""
    if isinstance(column, models.ForeignKey):
        target = column.related_model._meta.label
        if target == settings.AUTH_USER_MODEL:
            return KINDS["person"]
        return KINDS["file" if target == "files.StoredFile" else "link"]
    if column.choices:
        return KINDS["choice"]
    for cls, name in _BY_CLASS:
        if isinstance(column, cls):
            return KINDS[name]
    raise TypeError(f"no field kind for {column!r}")


def asked(name: str, label: Any, column: models.Field, *, required: bool = False, help: Any = "") -> FieldSpec:
    """An input that an action asks for, described by a Django field that belongs to no table."""
    column.set_attributes_from_name(name)
    target = column.related_model._meta.label_lower if isinstance(column, models.ForeignKey) else ""
    return FieldSpec(
        name=name, label=label, kind=kind_of(column), column=column, required=required, help=help, target=target
    )
