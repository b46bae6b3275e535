"""Who holds which role, what the audit trail says, why somebody sees a record."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.access.explanation import explain
from guanxi.platform.access.models import ANY, PersonRole, Role, RoleKind, RoleRight, Scope
from guanxi.platform.access.rights import rights_of
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.calendar.clock import CHINA
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.custom_values import COLUMN
from guanxi.records.models import CustomField
from guanxi.records.module import Module
from guanxi.rooms.administration.roles import CUSTOMER_PROFILES


def roles_of(person: Person) -> QuerySet[Role]:
    """The roles a person holds now."""
    return Role.objects.filter(holders__person=person, holders__deleted_at=None, deleted_at=None).order_by("code")


def other_administrators(person: Person, kind: str) -> int:
    """How many other active people hold a role of this kind."""
    holders = PersonRole.objects.filter(
        role__kind=kind, role__deleted_at=None, deleted_at=None, person__is_active=True, person__deleted_at=None
    )
    return holders.exclude(person=person).values("person").distinct().count()


def carries_customer_data(name: str) -> bool:
    """Whether a right's module ("@customer", "customers.customer") holds data about customers."""
    return _profile(name) in CUSTOMER_PROFILES


def _profile(name: str) -> str:
    module = registry.find(name)
    return module.profile if module else name.removeprefix("@")


def reaches_customers(rights: Iterable[tuple[str, str, Scope]]) -> set[str]:
    """Which of these rights (module, action, scope) let one see customers beyond what everybody enters himself."""
    return {
        name
        for name, action, scope in rights
        if scope > Scope.NONE
        and action in ("view", ANY)
        and (name == ANY or _profile(name) == "customer" or (carries_customer_data(name) and scope > Scope.OWN))
    }


def rights_in(roles: Iterable[Role]) -> list[tuple[str, str, Scope]]:
    """The rights of some roles together: (module, action, scope)."""
    rows = RoleRight.objects.filter(role__in=list(roles), deleted_at=None).values_list("module", "action", "scope")
    return [(module, action, Scope(scope)) for module, action, scope in rows]


def administrators_holding(role: Role) -> bool:
    """Whether an administrator holds this role too."""
    holders = PersonRole.objects.filter(role=role, deleted_at=None).values("person")
    others = PersonRole.objects.filter(person__in=holders, deleted_at=None, role__deleted_at=None)
    return others.exclude(role__kind=RoleKind.BUSINESS).exists()


def reasons_to_see(person: Person, module: Module, record: Any, at: datetime) -> list[Message]:
    """Every reason why the person may see the record at that moment; empty when he may not."""
    through = getattr(record, module.scope_through) if module.scope_through else None
    if through is not None:
        followed = registry.find(type(through)._meta.label_lower)
        return explain(
            person, module.names, "view", through, at, granted_as=followed.names if followed else module.names
        )
    owner, department = ("owner", "department") if module.has_owner else (None, None)
    reasons = explain(person, module.names, "view", record, at, owner=owner, department=department)
    is_shared = bool(module.shared) and all(getattr(record, name) == value for name, value in module.shared.items())
    if is_shared and rights_of(person, at).scope(module.names, "view") is not Scope.NONE:
        reasons.append(Message("It is for everybody who may see %(modules)s.", modules=module.label_plural))
    return reasons


def may_read_trail(ctx: Context) -> bool:
    """Whether the person may read the audit trail."""
    return ctx.unbounded or ctx.rights.scope("@audit", "view") is Scope.ALL


def may_operate(ctx: Context, action: str) -> bool:
    """Whether the person looks after the installation itself: "view", "back_up", "download_backup"."""
    return ctx.unbounded or ctx.rights.scope("@operations", action) is Scope.ALL


def may_ask_why(ctx: Context) -> bool:
    """Whether the person may ask why somebody sees a record."""
    return ctx.unbounded or ctx.rights.scope("@security", "view") is Scope.ALL


def trail(filters: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The audit entries that a filter selects, newest first.

    `filters`: person and token (ids), module, action, outcome, source, from, until (days in China, both included),
    before (an entry's number: older ones only).
    """
    entries = AuditEntry.objects.order_by("-id")
    names = {
        "person": "actor_id", "token": "token", "module": "module", "action": "action", "outcome": "outcome",
        "source": "source",
    }  # fmt: skip
    for name, column in names.items():
        if filters.get(name):
            entries = entries.filter(**{column: filters[name]})
    return _between(entries, filters)


def disclosures(filters: Mapping[str, Any]) -> QuerySet[Disclosure]:
    """Who was shown what, as a filter selects it, newest first.

    `filters`: person, token and record (ids), module, kind, outcome, from, until (days in China, both included), before
    (an entry's number: older ones only).
    """
    entries = Disclosure.objects.order_by("-id")
    names = {
        "person": "actor_id", "token": "token", "module": "module", "kind": "kind", "outcome": "outcome",
        "record": "record_id",
    }  # fmt: skip
    for name, column in names.items():
        if filters.get(name):
            entries = entries.filter(**{column: filters[name]})
    return _between(entries, filters)


def _between(entries: QuerySet[Any], filters: Mapping[str, Any]) -> QuerySet[Any]:
    if filters.get("from"):
        entries = entries.filter(at__gte=_midnight(filters["from"]))
    if filters.get("until"):
        entries = entries.filter(at__lt=_midnight(filters["until"] + timedelta(days=1)))
    if filters.get("before"):
        entries = entries.filter(pk__lt=filters["before"])
    return entries


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CHINA)


def may_read_values(ctx: Context, module_key: str) -> bool:
    """Whether an entry's names and values may be shown: who reads the trail does not thereby read customers."""
    try:
        module = registry.module(module_key)
    except NotFound:
        return not carries_customer_data(module_key)
    return module.profile not in CUSTOMER_PROFILES or ctx.scope(module) is Scope.ALL


def filled_records(field: CustomField) -> int:
    """How many records, in the bin or not, hold a value in an added field."""
    model = registry.module(field.module).model
    return model._default_manager.filter(**{f"{COLUMN}__has_key": field.name}).count()
