"""Serving a person about whom we keep data: the report of everything, and its erasure (PIPL art. 44 to 47)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records import registry, subjects
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.work import Work
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.models import Consent

#: What stays of an erased contact: to which customer he belonged, and which part he played there.
KEPT_OF_CONTACT = frozenset({"customer", "roles"})


def _execute_report(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Nothing is written but the note of who took the report, and why."""
    for work in works:
        work.result = subjects.report(ctx, known, work.record)
        linked = sum(len(rows) for rows in work.result["linked"].values())
        work.changes = {"linked": [None, linked], "trail": [None, len(work.result["trail"])]}


def _nothing_stands_against_it(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    decision = Decision.allow()
    for source in sources.erasure_objections:
        decision = decision & source(record)
    return decision


def _execute_erase(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        emptied = subjects.erase(ctx, known, work.record, KEPT_OF_CONTACT)
        for source in sources.same_person_sources:
            for key, record, kept in source(work.record):
                subjects.erase(ctx, registry.entry(key), record, kept)
        # That he consented may have to be shown; on which paper, and what was noted beside it, goes with the person.
        Consent.objects.filter(contact=work.record).update(evidence=None, remarks="")
        work.changes = {"erased": [None, len(emptied)]}
        work.result = work.record


SUBJECT_REPORT = Action(
    name="subject_report",
    label=_("Everything we keep of this person"),
    icon="file-text",
    rare=True,
    asks_reason=True,
    step_up=True,
    execute=_execute_report,
    page="customers:subject",
)
ERASE_SUBJECT = Action(
    name=subjects.ERASE,
    label=_("Erase the person's data"),
    icon="trash",
    tone="danger",
    rare=True,
    asks_reason=True,
    step_up=True,
    confirm=_(
        "Name, numbers, profile, files and notes of this person become unreadable everywhere. This cannot be undone."
    ),
    rules=(_nothing_stands_against_it,),
    execute=_execute_erase,
)
