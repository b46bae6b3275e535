"""Approval rules that rooms ship: what the regulation itself puts before somebody, in force from the first day.

A rule is installed once. Afterwards it is the company's: ended, changed or deleted, it does not come back.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from guanxi.platform.calendar import local
from guanxi.records import derived, registry
from guanxi.records.approvals.models import ApprovalRule


@dataclass(frozen=True)
class ShippedRule:
    """A rule as shipped, see `ApprovalRule`; `process` is the key of a process that some room ships."""

    name: str
    module: str
    action: str
    process: str
    clause: str
    condition: Mapping[str, Any] = field(default_factory=dict)


_shipped: list[ShippedRule] = []


def ship(*rules: ShippedRule) -> None:
    """Enter rules of a room; called from its module.py."""
    _shipped.extend(rules)


def install_rules(at: datetime.datetime) -> int:
    """Put the shipped rules in force that this installation has never had; returns how many."""
    with transaction.atomic():
        had = set(ApprovalRule.objects.values_list("module", "action", "clause"))
        new = [rule for rule in _shipped if (rule.module, rule.action, rule.clause) not in had]
        made = [
            ApprovalRule.objects.create(
                name=rule.name, module=rule.module, action=rule.action, condition=dict(rule.condition),
                process=rule.process, clause=rule.clause, valid_from=local(at).date(), created_at=at, changed_at=at,
            )
            for rule in new
        ]  # fmt: skip
        derived.add(registry.entry("approvals.approvalrule"), made)
    return len(new)
