"""One item on its way through the pipeline, and how what was entered becomes what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.records.fields import FieldSpec

#: What stands for the hidden part of a personal value; no telephone number, address or name has it.
MASK = "***"


@dataclass(frozen=True)
class Item:
    """One target with its input. `version` is the version the person saw; `confirmed` says warnings were read."""

    target: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    confirmed: bool = False


@dataclass
class Work:
    """One item on its way through the pipeline."""

    item: Item
    record: Any = None
    before: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    lines: list[Any] | None = None
    #: Further records of the type that the action changes, as they stand under the lock.
    others: list[Any] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    decision: Decision = field(default_factory=Decision.allow)
    problem: Problem | None = None
    result: Any = None


def add_error(work: Work, name: str, message: Message) -> None:
    """Add a message to what is wrong with one field of an item; "" is the item as a whole."""
    errors: dict[str, list[Message]] = dict(work.problem.errors) if isinstance(work.problem, Invalid) else {}
    errors.setdefault(name, []).append(message)
    work.problem = Invalid(errors)


def parse_values(work: Work, specs: Mapping[str, FieldSpec], data: Mapping[str, Any]) -> None:
    """Turn entered values into stored ones; a name that was not asked for is an error, never ignored."""
    for name, raw in data.items():
        spec = specs.get(name)
        if spec is None:
            add_error(work, name, Message("There is no such field to fill in here: %(name)s.", name=str(name)[:60]))
            continue
        if spec.personal and isinstance(raw, str) and MASK in raw:
            # Whoever reads a record masked and sends it back would else overwrite what he could not see.
            add_error(work, name, Message("This is masked. Leave it out, or enter the whole value."))
            continue
        try:
            work.values[name] = spec.kind.parse(spec, raw)
        except Invalid as problem:
            for message in next(iter(problem.errors.values()), [problem.message]):
                add_error(work, name, message)


def require(work: Work, specs: Iterable[FieldSpec]) -> None:
    """Name the mandatory fields that were left empty."""
    for spec in specs:
        given = work.values.get(spec.name)
        if spec.required and given in (None, "", ()) and not _has_error(work, spec.name):
            add_error(work, spec.name, Message("%(field)s must be filled in.", field=spec.label))


def _has_error(work: Work, name: str) -> bool:
    return isinstance(work.problem, Invalid) and name in work.problem.errors
