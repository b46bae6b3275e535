"""What keeps the audit trail trustworthy by itself, and what must be true of the administrators."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.models import PersonRole, RoleKind, RoleRight, Scope
from guanxi.platform.audit import chain, disclosures
from guanxi.platform.audit.policies import DISCLOSURES_KEPT_DAYS
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.people.sessions import forget_ended
from guanxi.platform.people.throttle import forget_old
from guanxi.platform.policy.values import value_of
from guanxi.platform.verify.checks import Findings, check
from guanxi.rooms.administration import rules
from guanxi.rooms.administration.queries import carries_customer_data


@scheduled("audit.seal", every=timedelta(seconds=5))
def seal_audit(at: datetime) -> None:
    """Chain the entries written since the last time; writers never wait for this."""
    chain.seal_pending()


@scheduled("audit.anchor", every=timedelta(hours=1))
def anchor_audit(at: datetime) -> None:
    """Write the head of the chain to the file outside the database, so that a cut tail is noticed."""
    chain.anchor()


@scheduled("audit.forget", every=timedelta(days=1))
def forget_disclosures(at: datetime) -> None:
    """Delete what was shown to whom once it has been kept for as long as the parameter says."""
    kept = timedelta(days=value_of(DISCLOSURES_KEPT_DAYS, calendar.local(at).date()))
    while disclosures.forget_before(at - kept):
        pass


@check(
    "access.separation",
    _("System, security and audit administration lie apart, and reach no customer data"),
)
def administrators_are_apart() -> Findings:
    """People who hold two of the three, and administrators' roles that reach customer data (SEC-04)."""
    kinds: dict[str, set[str]] = {}
    holders = PersonRole.objects.filter(deleted_at=None, role__deleted_at=None).exclude(role__kind=RoleKind.BUSINESS)
    for username, kind in holders.values_list("person__username", "role__kind"):
        kinds.setdefault(username, set()).add(kind)
    for username, held in sorted(kinds.items()):
        if len(held) > 1:
            yield Message("%(person)s holds several administrators' roles.", person=username)
    rights = RoleRight.objects.filter(deleted_at=None, role__deleted_at=None).select_related("role")
    for right in rights.exclude(role__kind=RoleKind.BUSINESS).order_by("role__code", "module", "action"):
        found = [(right.module, carries_customer_data(right.module), Scope(right.scope))]
        if not rules.may_carry(right.role.kind, found).allowed:
            yield Message("The role %(role)s reaches %(module)s.", role=right.role.code, module=right.module)


@scheduled("people.forget", every=timedelta(hours=1))
def forget_sign_ins(at: datetime) -> None:
    """Drop the rows of sessions that are over, and of attempts that nobody needs to be reminded of."""
    forget_ended(at)
    forget_old(at)
