"""The value of a parameter on a given day, and changing it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter, declared
from guanxi.platform.people.models import Person
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.prepared import Prepared

T = TypeVar("T")

REASON_LENGTH = 500

_IN_FORCE = Prepared(
    lambda name, on: (
        ParameterValue.objects.filter(name=name, valid_from__lte=on, deleted_at=None)
        .order_by("-valid_from", "-created_at", "-id")
        .values_list("value", flat=True)[:1]
    )
)


def value_of(parameter: Parameter[T], on: date) -> T:
    """What the parameter was worth on that day: the newest value in force, else the regulation's own (the default).

    Raises Invalid when the stored value no longer fits the declaration.
    """
    stored = _IN_FORCE.first(name=parameter.name, on=on)
    return parameter.default if stored is None else parameter.load(stored)


def values_on(on: date) -> dict[str, Any]:
    """The values of all declared parameters on that day, by name, in one query."""
    stored = dict(
        ParameterValue.objects.filter(valid_from__lte=on, deleted_at=None)
        .order_by("valid_from", "created_at", "id")
        .values_list("name", "value")
    )
    return {each.name: each.load(stored[each.name]) if each.name in stored else each.default for each in declared()}


def timeline(parameter: Parameter[Any]) -> list[ParameterValue]:
    """Every value the parameter was given, oldest first, with reason and person: its history for those who ask."""
    return list(
        ParameterValue.objects.filter(name=parameter.name, deleted_at=None)
        .select_related("created_by")
        .order_by("valid_from", "created_at", "id")
    )


def set_value(
    parameter: Parameter[Any], raw: str, valid_from: date, by: Person | None, reason: str, at: datetime
) -> ParameterValue:
    """Record what a person typed as the parameter's value from `valid_from` on.

    `by`: who decides it (None: the system at installation); `reason`: why, kept for later explanation; `at`: the
    moment of recording. The right to do so is the caller's to judge. Raises Invalid for a value outside the
    parameter's kind and bounds (key "value") and for a missing or overlong reason (key "reason").
    """
    errors: dict[str, list[Message]] = {}
    value: object = None
    try:
        value = parameter.dump(parameter.parse(raw))
    except Invalid as problem:
        errors["value"] = _all_messages(problem.errors.values())
    reason = reason.strip()
    if not reason:
        errors["reason"] = [Message("Give the reason for the change.")]
    elif len(reason) > REASON_LENGTH:
        errors["reason"] = [Message("At most %(limit)s characters.", limit=REASON_LENGTH)]
    if errors:
        raise Invalid(errors)
    return ParameterValue.objects.create(
        name=parameter.name,
        value=value,
        valid_from=valid_from,
        reason=reason,
        created_at=at,
        created_by_id=_key(by),
        changed_at=at,
        changed_by_id=_key(by),
    )


def _key(person: Person | None) -> UUID | None:
    return None if person is None else person.pk


def _all_messages(groups: Iterable[list[Message]]) -> list[Message]:
    return [message for group in groups for message in group]
