"""Why a person may do something with one record, in words: the page "why can this person see it"."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from guanxi.kernel.messages import Message
from guanxi.platform.access.models import ANY, AccessGrant, Role, Scope
from guanxi.platform.access.rights import Names, Rights, names_of, rights_of
from guanxi.platform.calendar import local
from guanxi.platform.people.models import Department, Person


def explain(
    person: Person,
    module: Names,
    action: str,
    row: Any,
    at: datetime,
    *,
    owner: str | None = "owner",
    department: str | None = "department",
    granted_as: Names | None = None,
) -> list[Message]:
    """Every reason why the person may do the action with this row of the module at the moment `at`.

    `module`: its name, or several under which rights may reach it. Empty when it is not permitted; it agrees row by row
    with `scope_condition`. `owner` and `department` name the row's columns as there; `granted_as` names the module of
    the row where grants go by another (a customer's visits are granted with the customer).
    """
    granted = module if granted_as is None else granted_as
    rights = rights_of(person, at)
    owner_id, department_id = _id_in(row, owner), _id_in(row, department)
    if rights.scope(module, action) == Scope.NONE:
        return list(_by_grant(rights, granted, action, row.pk))
    reasons = [
        reason
        for role, scope in _roles_with(person, module, action)
        if (reason := _by_role(rights, role, scope, owner_id, department_id)) is not None
    ]
    return [*reasons, *_by_grant(rights, granted, action, row.pk)]


def _id_in(row: Any, column: str | None) -> UUID | None:
    if column is None:
        return None
    return getattr(row, f"{column}_id") if hasattr(row, f"{column}_id") else getattr(row, column)


def _roles_with(person: Person, module: Names, action: str) -> Iterator[tuple[Role, Scope]]:
    roles = (
        Role.objects.filter(
            holders__person=person,
            holders__deleted_at__isnull=True,
            deleted_at__isnull=True,
            rights__module__in=(*names_of(module), ANY),
            rights__action__in=(action, ANY),
            rights__deleted_at__isnull=True,
        )
        .annotate(widest=Max("rights__scope"))
        .order_by("code")
    )
    for role in roles:
        yield role, Scope(role.widest)


def _by_role(
    rights: Rights, role: Role, scope: Scope, owner_id: UUID | None, department_id: UUID | None
) -> Message | None:
    if scope == Scope.ALL:
        return Message("The role %(role)s reaches all records.", role=role.name)
    if scope >= Scope.OWN and owner_id is not None:
        if owner_id == rights.person_id:
            return Message("The role %(role)s reaches one's own records, and this is one.", role=role.name)
        if owner_id in rights.represented:
            return Message(
                "The role %(role)s reaches one's own records; %(owner)s, whose record this is, is being deputised for.",
                role=role.name,
                owner=Person.objects.get(pk=owner_id).name,
            )
    if department_id is None or rights.department_id is None:
        return None
    if scope >= Scope.TEAM and department_id == rights.department_id:
        return Message(
            "The role %(role)s reaches the records of one's own department, and this is one of %(department)s.",
            role=role.name,
            department=Department.objects.get(pk=department_id).name,
        )
    if scope >= Scope.DEPARTMENT and department_id in rights.department_ids:
        return Message(
            "The role %(role)s reaches the departments below one's own, and this record belongs to %(department)s.",
            role=role.name,
            department=Department.objects.get(pk=department_id).name,
        )
    return None


def _by_grant(rights: Rights, module: Names, action: str, record_id: UUID) -> Iterator[Message]:
    if record_id not in rights.granted(module, action):
        return
    live = AccessGrant.objects.filter(
        person_id=rights.person_id,
        module__in=names_of(module),
        record_id=record_id,
        valid_from__lte=rights.at,
        valid_until__gt=rights.at,
        deleted_at__isnull=True,
    ).order_by("valid_until", "pk")
    for grant in live:
        if {action, ANY} & grant.action_names:
            yield Message(
                "A grant for this record holds until %(until)s: %(reason)s",
                until=local(grant.valid_until),
                reason=grant.reason,
            )
