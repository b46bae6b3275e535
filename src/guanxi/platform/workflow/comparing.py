"""What has changed between two versions of a process, part by part, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.conditions import Condition
from guanxi.platform.workflow.diagrams import Diagram, Flow, Node

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: What is said of a part, in the reader's words; what is not named here is of no concern to anybody who reads it.
_NAMES: Mapping[str, Any] = {
    "name": gettext_lazy("name"),
    "name_en": gettext_lazy("English name"),
    "outcome": gettext_lazy("outcome"),
    "ask": gettext_lazy("whom it asks"),
    "mode": gettext_lazy("how many have to agree"),
    "outcomes": gettext_lazy("what may be decided"),
    "comment": gettext_lazy("when a comment is needed"),
    "days": gettext_lazy("working days"),
    "bulk": gettext_lazy("many at a time"),
    "when": gettext_lazy("condition"),
    "usual": gettext_lazy("taken when no condition holds"),
    "source": gettext_lazy("from where"),
    "target": gettext_lazy("to where"),
    "lane": gettext_lazy("lane"),
    "copy": gettext_lazy("who gets a copy"),
    "note": gettext_lazy("what is to be minded"),
    "hours": gettext_lazy("working hours"),
    "interrupts": gettext_lazy("ends the step"),
    "table": gettext_lazy("decision table"),
}


@dataclass(frozen=True)
class Difference:
    """One part that came, went or changed; `details` are (what, before, now)."""

    kind: str
    what: str
    details: tuple[tuple[str, str, str], ...] = ()


def differences(old: Diagram, new: Diagram) -> list[Difference]:
    """What one has to know who knew the old version: the steps first, then the arrows."""
    found = [*_compared(old.nodes, new.nodes, old, new)]
    found += _compared({flow.id: flow for flow in old.flows}, {flow.id: flow for flow in new.flows}, old, new)
    titles = [(_("name"), old.title, new.title), (_("English name"), old.title_en, new.title_en)]
    own = tuple(each for each in titles if each[1] != each[2])
    return ([Difference(CHANGED, new.title, own)] if own else []) + found


def _compared(
    before: Mapping[str, Node | Flow], now: Mapping[str, Node | Flow], old: Diagram, new: Diagram
) -> Iterator[Difference]:
    for key, part in now.items():
        former = before.get(key)
        if former is None:
            yield Difference(ADDED, _called(part, new))
        elif details := tuple(_details(former, part, old, new)):
            yield Difference(CHANGED, _called(part, new), details)
    for key, part in before.items():
        if key not in now:
            yield Difference(REMOVED, _called(part, old))


def _details(former: Node | Flow, part: Node | Flow, old: Diagram, new: Diagram) -> Iterator[tuple[str, str, str]]:
    for each in fields(part):
        if each.name not in _NAMES or _same(getattr(former, each.name, None), getattr(part, each.name)):
            continue
        yield str(_NAMES[each.name]), _said(former, each.name, old), _said(part, each.name, new)


def _same(before: Any, now: Any) -> bool:
    return bool(_plain(before) == _plain(now))


def _plain(value: Any) -> Any:
    return value.text if isinstance(value, Condition) else value


def _said(part: Node | Flow, name: str, diagram: Diagram) -> str:
    value = getattr(part, name, "")
    if name in ("source", "target"):
        node = diagram.nodes.get(value)
        return node.label or node.id if node else str(value)
    if name == "when":
        return str(_plain(value) or "")
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _called(part: Node | Flow, diagram: Diagram) -> str:
    if isinstance(part, Flow):
        ends = " → ".join(_said(part, name, diagram) for name in ("source", "target"))
        return f"{ends} ({part.label})" if part.label else ends
    return part.label or part.id
