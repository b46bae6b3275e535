"""What one person may do at one moment, and the condition that confines queries to it. By default: nothing."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.platform.access.gathering import GRANT, RIGHT, gathered
from guanxi.platform.access.models import ANY, PersonRole, RoleKind, Scope, actions_in
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import department_ids_from

#: What rights may call one module: its own name, or also those of lines of rights it stands on ("@customer").
Names = str | tuple[str, ...]


def names_of(module: Names) -> tuple[str, ...]:
    """One name or several, as several."""
    return (module,) if isinstance(module, str) else module


@dataclass(frozen=True)
class Grant:
    """A live grant: these actions on this one record."""

    module: str
    record_id: UUID
    actions: frozenset[str]

    def covers(self, module: Names, action: str) -> bool:
        """Whether it permits this action on its record as a row of this module."""
        return self.module in names_of(module) and (action in self.actions or ANY in self.actions)


@dataclass(frozen=True)
class Limits:
    """What is left of a person's rights to who acts with less than all of them; an empty set does not narrow."""

    modules: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()

    def admit(self, module: Names, action: str) -> bool:
        """Whether this action on this module is among what is left."""
        named = not self.modules or not self.modules.isdisjoint(names_of(module))
        return named and (not self.actions or action in self.actions)

    def as_dict(self) -> dict[str, list[str]]:
        """JSON, to be kept with what goes on later."""
        return {"modules": sorted(self.modules), "actions": sorted(self.actions)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Iterable[str]]) -> "Limits":
        """The limits that `as_dict` gave."""
        return cls(frozenset(kept["modules"]), frozenset(kept["actions"]))

    @property
    def only_reads(self) -> bool:
        """Whether nothing is left but reading."""
        return bool(self.actions) and self.actions <= {"view"}


UNLIMITED = Limits()


@dataclass(frozen=True)
class Rights:
    """What one person may do at the moment `at`.

    `widest`: by (module, action), "*" for any, the widest scope among his roles; `grants`: live grants to single
    records; `represented`: ids of the absent people he stands in for, whose own rows are his own meanwhile; `limits`:
    what an access token leaves of it all.
    """

    person_id: UUID
    department_id: UUID | None
    at: datetime
    widest: Mapping[tuple[str, str], Scope]
    grants: tuple[Grant, ...] = ()
    represented: frozenset[UUID] = frozenset()
    limits: Limits = UNLIMITED

    @cached_property
    def department_ids(self) -> frozenset[UUID]:
        """His department and all below it; asked of the database only when a right reaches that far."""
        return department_ids_from(self.department_id)

    @cached_property
    def form(self) -> Hashable:
        """What of the rights decides how a query is built, without the ids that it is built with."""
        return (
            frozenset(self.widest.items()),
            tuple((grant.module, grant.actions) for grant in self.grants),
            self.limits,
        )

    @cached_property
    def asks_for_departments(self) -> bool:
        """Whether any right reaches the departments below his own: only then they are asked of the database."""
        return Scope.DEPARTMENT in self.widest.values()

    @property
    def owner_ids(self) -> frozenset[UUID]:
        """Whose rows count as his own: his, and those of the people he stands in for."""
        return self.represented | {self.person_id}

    def scope(self, module: Names, action: str) -> Scope:
        """How far his roles reach for this action; the widest right wins, named or "*". Grants do not count here."""
        if not self.limits.admit(module, action):
            return Scope.NONE
        widest, found = self.widest, Scope.NONE
        for name in (*names_of(module), ANY):
            for key in ((name, action), (name, ANY)):
                if key in widest and widest[key] > found:
                    found = widest[key]
        return found

    def may(self, module: Names, action: str) -> bool:
        """Whether there can be any row at all on which he may do this: by a role, or by a live grant."""
        return self.scope(module, action) > Scope.NONE or bool(self.granted(module, action))

    def granted(self, module: Names, action: str) -> set[UUID]:
        """The ids of the records on which live grants permit this action."""
        if not self.grants or not self.limits.admit(module, action):
            return set()
        return {grant.record_id for grant in self.grants if grant.covers(module, action)}


_SCOPES = {scope.value: scope for scope in Scope}


def rights_of(person: Person, at: datetime, limits: Limits = UNLIMITED) -> Rights:
    """The person's rights at the moment `at` (aware), in one query; none at all for who may not log in."""
    if not person.is_active or person.deleted_at is not None:
        return Rights(person.pk, None, at, {})
    widest: dict[tuple[str, str], Scope] = {}
    grants: list[Grant] = []
    represented: set[UUID] = set()
    for source, module, actions, scope, subject in gathered(person, at):
        if source == RIGHT:
            widest[module, actions] = max(_SCOPES[scope], widest.get((module, actions), Scope.NONE))
        elif source == GRANT:
            grants.append(Grant(module, subject, actions_in(actions)))
        else:
            represented.add(subject)
    if (grants or represented) and _administers(person):
        # Neither a grant nor somebody's absence lets an administrator into an archive.
        grants, represented = [], set()
    return Rights(
        person_id=person.pk,
        department_id=person.department_id,
        at=at,
        widest=widest,
        grants=tuple(grants),
        represented=frozenset(represented),
        limits=limits,
    )


def people_who_may(module: Names, action: str) -> QuerySet[Person]:
    """Everybody whose roles permit the action on at least some rows of the module, and who can log in."""
    holding = PersonRole.objects.filter(
        role__rights__module__in=(*names_of(module), ANY),
        role__rights__action__in=(action, ANY),
        role__rights__scope__gt=Scope.NONE,
        role__rights__deleted_at=None,
        role__deleted_at=None,
        deleted_at=None,
    )
    return Person.objects.filter(pk__in=holding.values("person"), is_active=True, deleted_at=None)


def scope_condition(
    rights: Rights,
    module: Names,
    action: str,
    prefix: str = "",
    *,
    owner: str | None = "owner",
    department: str | None = "department",
) -> Q | None:
    """The rows of `module` on which the action is permitted, as a condition on a queryset.

    `None`: not a single one (the caller takes `.none()`); an empty `Q()` (which is falsy: ask `is None`): all of them.
    `prefix` leads from the queried rows to those of `module` ("customer__"). `owner` and `department` name the columns
    that say whose a row is; None for a module without, where only the scope "all" and grants reach anything.
    """
    return rows_within(
        rights, rights.scope(module, action), rights.granted(module, action), prefix, owner=owner, department=department
    )


def rows_within(
    rights: Rights,
    scope: Scope,
    granted: Collection[UUID],
    prefix: str = "",
    *,
    owner: str | None = "owner",
    department: str | None = "department",
) -> Q | None:
    """The same condition for a scope that the caller has worked out; `granted`: ids reached by grants beyond it."""
    if scope == Scope.ALL:
        return Q()
    conditions: list[Q] = []
    if scope >= Scope.OWN and owner:
        conditions.append(Q(**{f"{prefix}{owner}__in": rights.owner_ids}))
    if department and (department_ids := _departments_within(rights, scope)):
        conditions.append(Q(**{f"{prefix}{department}__in": department_ids}))
    if granted:
        conditions.append(Q(**{f"{prefix}pk__in": granted}))
    if not conditions:
        return None
    return Q(*conditions, _connector=Q.OR)


def _departments_within(rights: Rights, scope: Scope) -> frozenset[UUID]:
    if rights.department_id is None or scope < Scope.TEAM:
        return frozenset()
    return frozenset({rights.department_id}) if scope == Scope.TEAM else rights.department_ids


def _administers(person: Person) -> bool:
    """Who administers stands in for nobody: else he would read customers by a deputyship that he enters."""
    held = PersonRole.objects.filter(person=person, deleted_at=None, role__deleted_at=None)
    return held.exclude(role__kind=RoleKind.BUSINESS).exists()
