"""What must be true of business records and of what the engine keeps beside them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.kernel.search import normalise
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.verify.checks import Findings, check
from guanxi.records import registry, search
from guanxi.records.duplicates import keys_of
from guanxi.records.models import DuplicateKey, Record, SearchEntry
from guanxi.records.module import Module, has_column
from guanxi.records.references import referring

_AT_ONCE = 5000


def _live(module: Module) -> models.QuerySet[Any]:
    return module.model._default_manager.filter(deleted_at=None)


def _business() -> Iterator[Module]:
    """The record types whose rows are business records: numbered, owned, written by actions only."""
    return (module for module in registry.modules() if issubclass(module.model, Record))


@check("records.search", _("Every living record is found by its present name, and nothing else is"))
def search_entries_match() -> Findings:
    """Living records without an entry in the search, entries under a former name, entries of what is gone."""
    for module in registry.modules():
        entries = SearchEntry.objects.filter(module=module.key)
        if not module.can("search"):
            if entries.exists():
                yield Message("%(module)s is not searched, but has entries.", module=module.key)
            continue
        known = registry.entry(module)
        titles = dict(entries.values_list("record_id", "title"))
        for record in _live(module).iterator(chunk_size=_AT_ONCE):
            title = titles.pop(record.pk, None)
            if title is None:
                yield _row(Message("cannot be found by the search"), module, record.pk)
            elif title != normalise(search.title_of(known, record)):
                yield _row(Message("is found under a former name"), module, record.pk)
        for gone in sorted(titles):
            yield _row(Message("is found although it is gone"), module, gone)
    strays = SearchEntry.objects.exclude(module__in=[module.key for module in registry.modules()])
    for key in strays.values_list("module", flat=True).distinct():
        yield Message("The search has entries of an unknown record type: %(module)s.", module=key)


@check("records.duplicates", _("The keys by which duplicates are recognised are those of the living records"))
def duplicate_keys_match() -> Findings:
    """Records whose stored keys are not what their fields give today."""
    for module in registry.modules():
        known = registry.entry(module)
        stored: dict[uuid.UUID, Counter[tuple[str, str]]] = {}
        rows = DuplicateKey.objects.filter(module=module.key).values_list("record_id", "rule", "key")
        for record_id, rule, key in rows.iterator(chunk_size=_AT_ONCE):
            stored.setdefault(record_id, Counter())[rule, key] += 1
        if module.same_as:
            for record in _live(module).iterator(chunk_size=_AT_ONCE):
                due = Counter(keys_of(known, record))
                if stored.pop(record.pk, Counter()) != due:
                    yield _row(Message("has other keys than its fields give"), module, record.pk)
        for gone in sorted(stored):
            yield _row(Message("has keys although it is gone"), module, gone)


@check("records.references", _("Grants, notices and files point to records that exist"))
def references_lead_somewhere() -> Findings:
    """What names a record by type and id, so that the database itself cannot keep the link."""
    for table in referring():
        named = table.objects.exclude(record_id=None).exclude(module="").values_list("module", "record_id").distinct()
        by_module: dict[str, list[uuid.UUID]] = {}
        for key, record_id in named.order_by("module").iterator(chunk_size=_AT_ONCE):
            by_module.setdefault(key, []).append(record_id)
        for key, ids in by_module.items():
            for missing in _missing(key, ids):
                yield Message(
                    "%(table)s: %(module)s %(id)s does not exist.", table=table._meta.label, module=key, id=missing
                )


def _missing(key: str, ids: list[uuid.UUID]) -> list[uuid.UUID]:
    try:
        model = apps.get_model(key)
    except (LookupError, ValueError):
        return ids
    found: set[Any] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found.update(model._default_manager.filter(pk__in=part).values_list("pk", flat=True))
    return [pk for pk in ids if pk not in found]


@check("records.numbers", _("No document number was given out twice"))
def numbers_are_unique() -> Findings:
    """Numbers that two records of one type bear, in the recycle bin or not."""
    for module in registry.modules():
        if module.number and has_column(module.model, "number"):
            rows = module.model._default_manager.exclude(number="").order_by().values("number")
            for row in rows.annotate(times=Count("pk")).filter(times__gt=1):
                yield Message("%(module)s: %(number)s exists twice.", module=module.key, number=row["number"])


@check("records.states", _("Every record is in a state that its life knows"))
def states_are_known() -> Findings:
    """Records in a state that no action leads to."""
    for module in registry.modules():
        if module.lifecycle is None:
            continue
        field = module.lifecycle.field
        known = [value for value, _label in registry.entry(module).field(field).choices]
        for pk in module.model._default_manager.exclude(**{f"{field}__in": known}).values_list("pk", flat=True):
            yield _row(Message("is in no known state"), module, pk)


@check("records.owners", _("A record lies in the department of the person responsible for it"))
def departments_follow_owners() -> Findings:
    """Living records whose stored department is not their owner's: rights by department would reach wrongly."""
    for module in _business():
        wrong = _live(module).exclude(owner=None).exclude(department=F("owner__department"))
        wrong = wrong.exclude(department=None, owner__department=None)
        for pk in wrong.order_by().values_list("pk", flat=True):
            yield _row(Message("lies in another department than its owner"), module, pk)


@check("records.audited", _("The audit trail tells of every business record"))
def records_are_audited() -> Findings:
    """Business records of which the trail knows nothing: written past the one way to write."""
    for module in _business():
        told = AuditEntry.objects.filter(module=module.key, record_id=OuterRef("pk"))
        for pk in module.model._default_manager.filter(~Exists(told)).order_by().values_list("pk", flat=True):
            yield _row(Message("has no entry in the audit trail"), module, pk)


def _row(what: Message, module: Module, pk: Any) -> Message:
    return Message("%(module)s %(id)s %(what)s.", module=module.key, id=str(pk), what=what)
