"""The register: every clause that the program serves, and what keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from guanxi.kernel import clauses, policy
from guanxi.kernel.clauses import Clause, Kind, ids_in
from guanxi.kernel.policy import Parameter
from guanxi.platform.obligations import duties
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import timeline, value_of
from guanxi.platform.workflow.models import in_language
from guanxi.records import registry
from guanxi.records.approvals.models import ApprovalRule
from guanxi.records.module import Module, SameAs

#: Written by tools/regulation.py from code and tests.
_SHOWN = Path(__file__).resolve().parents[1] / "evidence.json"


def title_of(clause: Clause) -> str:
    """What the clause asks for, in the reader's language."""
    return in_language(clause.zh, clause.en)


def area_of(clause: Clause) -> str:
    """The part of the regulation that it stands in, in the reader's language."""
    return in_language(clause.area.zh, clause.area.en)


def found(text: str = "", area: str = "", kind: str = "") -> list[Clause]:
    """The clauses that a search selects: by id, by words of either title, by area and by kind."""
    words = text.casefold().split()
    return [
        clause
        for clause in clauses.declared()
        if (not area or clause.area.key == area)
        and (not kind or clause.kind == kind)
        and all(word in f"{clause.id} {clause.zh} {clause.en}".casefold() for word in words)
    ]


def areas() -> list[tuple[str, str]]:
    """The areas of which any clause is served: key and name."""
    served = dict.fromkeys(clause.area for clause in clauses.declared())
    return [(area.key, in_language(area.zh, area.en)) for area in served]


def kinds() -> list[Kind]:
    """The kinds of which any clause is served."""
    served = {clause.kind for clause in clauses.declared()}
    return [kind for kind in Kind if kind in served]


# ---- What keeps a clause ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """A parameter of the regulation: its value today, and every value it was given."""

    parameter: Parameter[Any]
    today: Any
    values: tuple[ParameterValue, ...]


@dataclass(frozen=True)
class Keeping:
    """What keeps one clause. `code`, `tests`: places, as tools/regulation.py finds them."""

    settings: tuple[Setting, ...]
    duties: tuple[Duty, ...]
    approvals: tuple[ApprovalRule, ...]
    doubles: tuple[tuple[Module, SameAs], ...]
    code: tuple[str, ...]
    tests: tuple[str, ...]


def keeping_of(clause: Clause, on: date) -> Keeping:
    """What keeps the clause on that day: parameters with their values, duties, approvals, rules and tests."""
    shown = _evidence().get(clause.id, {})
    return Keeping(
        settings=tuple(
            Setting(each, value_of(each, on), tuple(timeline(each)))
            for each in policy.declared()
            if clause.id in ids_in(each.clause)
        ),
        duties=tuple(duty for duty in duties.declared() if clause.id in ids_in(duty.clause)),
        approvals=tuple(rule for rule in _rules_in_force(on) if clause.id in ids_in(rule.clause)),
        doubles=tuple(
            (module, rule)
            for module in registry.modules()
            for rule in module.same_as
            if clause.id in ids_in(rule.clause)
        ),
        code=tuple(shown.get("code", ())),
        tests=tuple(shown.get("tests", ())),
    )


def means(on: date) -> dict[str, frozenset[str]]:
    """By clause what sort of thing keeps it: "parameter", "duty", "approval", "double", "rule", "test"."""
    found: dict[str, set[str]] = {}

    def note(sort: str, texts: Iterable[str]) -> None:
        for text in texts:
            for clause in ids_in(text):
                found.setdefault(clause, set()).add(sort)

    note("parameter", (parameter.clause for parameter in policy.declared()))
    note("duty", (duty.clause for duty in duties.declared()))
    note("approval", (rule.clause for rule in _rules_in_force(on)))
    note("double", (rule.clause for module in registry.modules() for rule in module.same_as))
    note("rule", (clause for clause, shown in _evidence().items() if any(_is_rule(place) for place in shown["code"])))
    note("test", (clause for clause, shown in _evidence().items() if shown["tests"]))
    return {clause: frozenset(sorts) for clause, sorts in found.items()}


def _is_rule(place: str) -> bool:
    file, _colon, _name = place.partition(":")
    return file.endswith("rules.py") or "/rules/" in file


def _rules_in_force(on: date) -> list[ApprovalRule]:
    rules = ApprovalRule.objects.filter(deleted_at=None, valid_from__lte=on).order_by("name")
    return [rule for rule in rules if rule.valid_until is None or rule.valid_until >= on]


@cache
def _evidence() -> dict[str, dict[str, list[str]]]:
    told: dict[str, dict[str, list[str]]] = json.loads(_SHOWN.read_text("utf-8"))
    return told
