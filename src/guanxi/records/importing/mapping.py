"""Which column of a file is which field: guessed from headings, memory and content, decided by the person."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from guanxi.kernel.chinese import credit_code
from guanxi.kernel.chinese.phone import normalise_phone
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.kernel.search import normalise
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.models import ImportMapping
from guanxi.records.module import Module, has_column
from guanxi.records.registry import Registered

#: Below this nothing is suggested.
LEAST = 0.5
HEADING_LENGTH = 120
#: A column by which a record that exists is found; it is never written.
NUMBER = "number"
_SKIPPED_KINDS = frozenset({"file", "data"})


@dataclass(frozen=True)
class Suggestion:
    """What one column probably is. `field` is "" where nothing fits; `confidence` runs from 0 to 1."""

    column: int
    heading: str
    field: str
    confidence: float


def importable(module: Module) -> list[FieldSpec]:
    """The fields a column may be assigned to: what the form offers, and the number for finding what exists."""
    known = registry.entry(module)
    fields = [spec for spec in known.form_fields if spec.kind.name not in _SKIPPED_KINDS]
    if has_column(module.model, NUMBER) and all(spec.name != NUMBER for spec in fields):
        fields.append(known.field(NUMBER))
    return fields


def suggest(
    ctx: Context, module: Module, headings: Sequence[str], sample_rows: Sequence[Sequence[Any]] = ()
) -> list[Suggestion]:
    """One suggestion for each column, each field at most once: the most certain pairs first."""
    known = registry.entry(module)
    names = _names(known)
    remembered = _remembered(ctx, module, headings)
    scored: list[tuple[float, int, str]] = []
    for column, heading in enumerate(headings):
        text = normalise_heading(heading)
        hints = _hints([row[column] for row in sample_rows if column < len(row)])
        for spec in importable(module):
            score = remembered.get((text, spec.name), 0.0) or _likeness(text, names[spec.name])
            hint = _hinted(spec, hints)
            score = min(1.0, score + 0.04) if hint and score >= LEAST else max(score, 0.55 if hint else 0.0)
            if score >= LEAST:
                scored.append((score, column, spec.name))
    chosen: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for score, column, name in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if column not in chosen and name not in used:
            chosen[column] = (name, score)
            used.add(name)
    return [Suggestion(column, heading, *chosen.get(column, ("", 0.0))) for column, heading in enumerate(headings)]


def remember(ctx: Context, module: Module, headings: Sequence[str], mapping: Mapping[int, str]) -> None:
    """Keep what a person chose, for his next file and, after his own, for everybody's."""
    rows = [
        ImportMapping(
            module=module.key,
            person=ctx.actor,
            heading=heading,
            field=name,
            created_at=ctx.now,
            created_by=ctx.actor,
            changed_at=ctx.now,
            changed_by=ctx.actor,
        )
        for heading, name in {
            normalise_heading(headings[column])[:HEADING_LENGTH]: name
            for column, name in mapping.items()
            if column < len(headings)
        }.items()
        if heading
    ]
    ImportMapping.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["module", "person", "heading"],
        update_fields=["field", "changed_at", "changed_by"],
    )


def normalise_heading(heading: str) -> str:
    """A heading as it compares: without marks, remarks in brackets, blanks and case."""
    heading = heading[:HEADING_LENGTH]
    without_remark = re.sub(r"[（(【\[][^）)】\]]*[）)】\]]", "", heading)
    return normalise(without_remark.strip() or heading).replace(" ", "")


def _names(known: Registered) -> dict[str, set[str]]:
    """Everything each field is called: its name, its labels in both languages, its aliases."""
    found: dict[str, set[str]] = {}
    for spec in importable(known.module):
        called = {spec.name, spec.name.replace("_", " "), *known.module.aliases.get(spec.name, ())}
        for language in ("zh-hans", "en"):
            with override(language):
                called.add(str(spec.label))
        found[spec.name] = {text for name in called if (text := normalise_heading(name))}
    return found


def _remembered(ctx: Context, module: Module, headings: Sequence[str]) -> dict[tuple[str, str], float]:
    texts = {normalise_heading(heading)[:HEADING_LENGTH] for heading in headings}
    rows = ImportMapping.objects.filter(module=module.key, heading__in=texts, deleted_at=None)
    scores: dict[tuple[str, str], float] = {}
    for row in rows:
        own = row.person_id == ctx.actor.pk
        scores[row.heading, row.field] = max(scores.get((row.heading, row.field), 0.0), 1.0 if own else 0.96)
    return scores


def _likeness(text: str, names: set[str]) -> float:
    return max((_likeness_to(text, name) for name in names), default=0.0) if text else 0.0


def _likeness_to(text: str, name: str) -> float:
    if text == name:
        return 0.95
    shorter, longer = sorted((text, name), key=len)
    if len(shorter) >= 2 and shorter in longer:
        return 0.6 + 0.3 * len(shorter) / len(longer)
    ratio = difflib.SequenceMatcher(None, text, name).ratio()
    return 0.8 * ratio if ratio >= 0.7 else 0.0


def _is(judge: Callable[[str], object]) -> Callable[[Any], bool]:
    def judged(value: Any) -> bool:
        try:
            judge(str(value))
        except Invalid:
            return False
        return True

    return judged


def _is_date(value: Any) -> bool:
    # A bare figure would pass for a spreadsheet's day number.
    return not re.fullmatch(r"[\d.]+", str(value)) and _is(parse_date)(value)


_LOOKS: dict[str, Callable[[Any], bool]] = {
    "email": lambda value: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value))),
    "phone": _is(normalise_phone),
    "credit_code": _is(credit_code.check),
    "date": _is_date,
}


def _hints(values: Sequence[Any]) -> set[str]:
    """What four fifths of a column's values look like."""
    filled = [value for value in values if value is not None and str(value).strip()]
    return {name for name, looks in _LOOKS.items() if filled and sum(map(looks, filled)) * 5 >= len(filled) * 4}


def _hinted(spec: FieldSpec, hints: set[str]) -> bool:
    kind = {"moment": "date"}.get(spec.kind.name, spec.kind.name)
    return kind in hints or (spec.name in hints)
