"""Which value the merged record gets: what is proposed for each field, and what becomes of a person's choices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.records.fields import FieldSpec
from guanxi.records.registry import Registered

#: All the values of a field that holds several.
UNION = "union"
#: No value at all.
NONE = "none"
SEVERAL = frozenset({"multi_choice", "tags"})
_EMPTY = (None, "", ())


def is_filled(spec: FieldSpec, record: Any) -> bool:
    """Whether a record says something in a field; a box that is not ticked says something."""
    return spec.stored(record) not in _EMPTY


def completeness(known: Registered, record: Any) -> int:
    """How many fields of the form a record has filled in."""
    return sum(is_filled(spec, record) for spec in known.form_fields if spec.kind.name != "boolean")


def best(known: Registered, records: Sequence[Any]) -> Any:
    """The record that should survive: the most complete one, of equals the one changed last."""
    return max(records, key=lambda record: (completeness(known, record), record.changed_at or record.created_at))


def proposal(known: Registered, survivor: Any, others: Sequence[Any]) -> dict[str, str]:
    """For each field whose value it should be: the survivor's, else the newest one filled in; several values united."""
    newest = sorted(others, key=lambda record: (str(record.changed_at), str(record.pk)), reverse=True)
    found = {}
    for spec in known.form_fields:
        filled = [record for record in (survivor, *newest) if is_filled(spec, record)]
        distinct = {spec.stored(record) for record in filled} if spec.kind.name in SEVERAL else set()
        if len(distinct) > 1:
            found[spec.name] = UNION
        elif leads_inside(known, spec, filled[0] if filled else survivor, (survivor, *others)):
            found[spec.name] = NONE
        else:
            found[spec.name] = str((filled[0] if filled else survivor).pk)
    return found


def leads_inside(known: Registered, spec: FieldSpec, record: Any, records: Sequence[Any]) -> bool:
    """Whether a link of the record leads to one of the records that become one: it would lead to itself."""
    return spec.target == known.module.key and spec.stored(record) in {each.pk for each in records}


def chosen(known: Registered, survivor: Any, others: Sequence[Any], take: Mapping[str, str]) -> dict[str, Any]:
    """The values that the survivor gets, by field; Invalid for a choice that is none."""
    by_id = {str(record.pk): record for record in (survivor, *others)}
    proposed = proposal(known, survivor, others)
    values: dict[str, Any] = {}
    errors: dict[str, list[Message]] = {}
    for spec in known.form_fields:
        choice = str(take.get(spec.name, proposed[spec.name]))
        if choice == UNION and spec.kind.name in SEVERAL:
            values[spec.name] = _union(spec, [survivor, *others], errors)
        elif choice == NONE and not spec.required:
            values[spec.name] = () if spec.kind.name in SEVERAL else None if spec.column.null else ""
        elif choice in by_id:
            record = by_id[choice]
            inside = leads_inside(known, spec, record, [survivor, *others])
            values[spec.name] = None if inside else spec.value(record)
        else:
            errors[spec.name] = [Message("Choose whose value is to stay.")]
    for name in take:
        if name not in proposed:
            errors[name] = [Message("There is no such field to fill in here: %(name)s.", name=str(name)[:60])]
    if errors:
        raise Invalid(errors)
    return values


def _union(spec: FieldSpec, records: Sequence[Any], errors: dict[str, list[Message]]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for record in records for value in spec.value(record) or ()))
    if sum(len(value) + 1 for value in values) + 1 > (spec.max_length or 600):
        errors[spec.name] = [Message("Too many words for one field.")]
    return values


def refuse_circles(known: Registered, survivor: Any, others: Sequence[Any], values: Mapping[str, Any]) -> None:
    """Conflict where a link to the same record type would lead from the merged record back to itself.

    A parent of one of them may be a child of another: as one record it would stand above itself.
    """
    model = known.module.model
    ours = {survivor.pk, *(other.pk for other in others)}
    for name, value in values.items():
        spec = known.field(name)
        if spec.target != known.module.key or value is None:
            continue
        seen: set[uuid.UUID] = set()
        here = value.pk
        while here is not None and here not in seen:
            if here in ours:
                raise Conflict(
                    Message(
                        "%(field)s: %(record)s itself belongs to one of these records. Leave it empty.",
                        field=spec.label, record=str(value),
                    )
                )  # fmt: skip
            seen.add(here)
            here = model._default_manager.filter(pk=here).values_list(spec.column.attname, flat=True).first()
