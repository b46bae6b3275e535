"""Who is acting, when, on whose behalf and from where: one explicit argument of everything that reads or writes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q, QuerySet

from guanxi.kernel.errors import NotFound, Unconfirmed
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter
from guanxi.platform import calendar
from guanxi.platform.access.models import Scope
from guanxi.platform.access.rights import UNLIMITED, Limits, Rights, rights_of, rows_within
from guanxi.platform.access.tokens import UsedToken
from guanxi.platform.audit.models import AuditEntry, Sight
from guanxi.platform.bulk import new_rows
from guanxi.platform.people.policies import CONFIRMED_MINUTES
from guanxi.platform.policy.values import value_of, values_on
from guanxi.records import disclosing, masking, registry
from guanxi.records.module import Module

if TYPE_CHECKING:
    from guanxi.platform.people.models import Person
    from guanxi.records.approvals.models import PendingAction

T = TypeVar("T")

#: Where a call came from; written to the audit.
SOURCES = ("page", "api", "agent", "caldav", "import", "job", "cli", "demo", "system")
#: Where somebody may sit who found the session open: grave things are confirmed there first.
ATTENDED = ("page", "api", "agent", "caldav")


@dataclass(frozen=True)
class Told:
    """What the person who ran an action is told once and what is kept nowhere, such as a temporary password."""

    message: Message
    secret: str = ""


@dataclass(frozen=True)
class Context:
    """The circumstances of one call. Frozen: `because` and `at` give a changed copy."""

    actor: Person
    now: datetime.datetime
    source: str = "page"
    reason: str = ""
    address: str = ""
    batch: uuid.UUID | None = None
    #: System work (installation, schedule, demo) is bound by rules but not by a person's scope; see `system_context`.
    unbounded: bool = False
    #: What an access token leaves of the person's rights; see `guanxi.platform.access.tokens`.
    limits: Limits = UNLIMITED
    #: That token; None for the person himself.
    token: UsedToken | None = None
    #: When the person last showed who he is (signed in, or confirmed it since); None where nobody was asked.
    confirmed_at: datetime.datetime | None = None
    #: A program calls with a token that was made for what people have to confirm.
    elevated: bool = False
    #: The request that was approved and is being carried out: its very action needs no second approval.
    approved: PendingAction | None = None
    #: What the audit tells of that approval; see `approvals.asking.approval_of`.
    approval: Mapping[str, Any] | None = None
    _cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, actor: Person, *, source: str = "page", now: datetime.datetime | None = None, **more: Any) -> Context:
        if source not in SOURCES:
            raise ValueError(f"unknown source {source}")
        return cls(actor=actor, now=now or calendar.now(), source=source, **more)

    def handed_on(self) -> dict[str, Any]:
        """What binds a job that goes on with this beyond the person's own rights, as JSON; see `taken_up`."""
        return {"limits": self.limits.as_dict(), "token": self.token.as_dict() if self.token else None}

    @classmethod
    def taken_up(cls, actor: Person, handed_on: Mapping[str, Any] | None, *, source: str, **more: Any) -> Context:
        """The circumstances of a job: the rights the person has now, within what was left of them when he began it."""
        if not handed_on:
            return cls.of(actor, source=source, **more)
        limits, token = Limits.from_dict(handed_on["limits"]), handed_on["token"]
        return cls.of(actor, source=source, limits=limits, token=UsedToken.from_dict(token) if token else None, **more)

    @property
    def today(self) -> datetime.date:
        """The calendar day in Shanghai."""
        return calendar.local(self.now).date()

    @cached_property
    def rights(self) -> Rights:
        return rights_of(self.actor, self.now, self.limits)

    def value_of(self, parameter: Parameter[T]) -> T:
        """What a parameter is worth today; the first that is asked brings all, for who asks several."""
        key = f"parameters/{self.today}"
        if key not in self._cache:
            self._cache[key] = values_on(self.today)
        value: T = self._cache[key][parameter.name]
        return value

    @property
    def told(self) -> list[Told]:
        """What the actions run with this context have to tell the person, in order."""
        told: list[Told] = self._cache.setdefault("told", [])
        return told

    def tell(self, message: Message, secret: str = "") -> None:
        """Let the page that ran the action say something once; `secret` is never logged, audited or stored."""
        self.told.append(Told(message, secret))

    def entry(self, action: str, **told: Any) -> AuditEntry:
        """An audit entry of what was done in these circumstances, to be written by `platform.audit.entries`."""
        return self.entries(1, action, **told)[0]

    def entries(self, count: int, action: str, **told: Any) -> list[AuditEntry]:
        """So many of them, which tell the same so far."""
        circumstances: dict[str, Any] = {
            "at": self.now,
            "actor": self.actor,
            "actor_name": self.actor.name,
            "source": self.source,
            "reason": self.reason,
            "batch": self.batch,
            "address": self.address,
            "token": self.token.id if self.token else None,
            "token_name": self.token.name if self.token else None,
        }
        return new_rows(AuditEntry, count, action=action, **circumstances, **told)

    def because(self, reason: str) -> Context:
        return replace(self, reason=reason)

    def at(self, now: datetime.datetime) -> Context:
        return replace(self, now=now)

    def in_batch(self, batch: uuid.UUID) -> Context:
        return replace(self, batch=batch)

    def as_program(self) -> Context:
        """The same circumstances for a part of somebody's action that people have no verb for, nor the scope to reach.

        Bound by rules and told of as his, but asking for no right and no approval: those are the whole action's.
        """
        return replace(self, unbounded=True)

    def require_confirmed(self) -> None:
        """Raise Unconfirmed unless it was shown just now that it is this person: before an export, a purge, a role.

        The one place that decides it; the number of minutes is a parameter. Jobs, commands and the system itself were
        asked when they were started.
        """
        if self.source not in ATTENDED or self.elevated or self.unbounded:
            return
        longest = datetime.timedelta(minutes=value_of(CONFIRMED_MINUTES, self.today))
        if self.confirmed_at is None or self.now - self.confirmed_at > longest:
            raise Unconfirmed

    def scope(self, module: Module, action: str = "view") -> Scope:
        """How far this person's right to an action reaches in a module: by its name, or by its line of rights."""
        if self.unbounded:
            return Scope.ALL
        return self.rights.scope(module.names, action)

    def may(self, module: Module | str, action: str = "view") -> bool:
        """Whether this person may do the action on at least some records of the module."""
        known = registry.module(module) if isinstance(module, str) else module
        return self.scope(known, action) is not Scope.NONE or bool(self.rights.granted(known.names, action))

    def search(self, module: Module | str, action: str = "view", *, binned: bool = False) -> QuerySet[Any]:
        """The rows this person may do `action` on; the only query that pages, API and jobs get.

        Personal columns of rows that the right to reveal does not reach come masked.
        """
        known = registry.module(module) if isinstance(module, str) else module
        rows = known.model._default_manager.filter(deleted_at__isnull=not binned)
        condition = self.condition(known, action)
        return rows.none() if condition is None else masking.guarded(self, known, rows.filter(condition))

    def condition(self, module: Module, action: str = "view") -> Q | None:
        """The scope as a filter: None for nothing, an empty Q for everything."""
        if self.unbounded:
            return Q()
        reach = self._reach(module, action)
        if reach is None or not module.private:
            return reach
        own = Q(owner=self.rights.person_id) | Q(**{module.private: False})
        granted = self.rights.granted(module.names, action)
        return reach & (own | Q(pk__in=granted) if granted else own)

    def _reach(self, module: Module, action: str) -> Q | None:
        scope = self.scope(module, action)
        if not module.scope_through:
            own = "owner" if module.has_owner else None
            granted = self.rights.granted(module.names, action)
            found = rows_within(self.rights, scope, granted, owner=own, department="department" if own else None)
            if found and module.shared and action == "view" and scope is not Scope.NONE:
                found |= Q(deleted_at=None, **module.shared)
            return found
        through = module.scope_through
        followed = registry.find(module.model._meta.get_field(through).related_model._meta.label_lower)
        granted = self.rights.granted(followed.names, action) if followed else set()
        condition = rows_within(self.rights, scope, granted, f"{through}__")
        if not condition or not module.has_owner:
            return condition
        # A record that belongs to no customer yet is judged by its own owner.
        loose = rows_within(self.rights, scope, ())
        if loose:
            condition |= Q(**{f"{through}__isnull": True}) & loose
        kept = rows_within(self.rights, Scope.OWN, ()) if module.owner_keeps and scope is not Scope.NONE else None
        return condition | kept if kept else condition

    def get(self, module: Module | str, pk: Any, action: str = "view", *, binned: bool = False) -> Any:
        """One row by its id; NotFound when it does not exist or is none of this person's business."""
        try:
            key = pk if isinstance(pk, uuid.UUID) else uuid.UUID(str(pk))
        except ValueError:
            raise NotFound from None
        known = registry.module(module) if isinstance(module, str) else module
        row = self.search(known, action, binned=binned).filter(pk=key).first()
        if row is None:
            disclosing.refused(self, known, Sight.VIEW, key)
            raise NotFound
        return row


def system_context(actor: Person, *, source: str = "system", now: datetime.datetime | None = None) -> Context:
    """A context for installation, schedule and demo: named in the audit, bound by rules, not by a person's scope."""
    return Context.of(actor, source=source, now=now, unbounded=True)
