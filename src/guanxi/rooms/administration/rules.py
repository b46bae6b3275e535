"""Judgements on people, roles and parameters: pure, from figures to a Decision.

They keep the three administrators apart: nobody changes his own rights, nobody is two administrators at once, no
administrator's role reaches customer data, and the company never locks itself out.
"""

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import ANY, RoleKind, Scope

SEPARATION = "SEC-04"


def may_change_access_of(actor: UUID, person: UUID) -> Decision:
    """Nobody gives rights to himself, takes them from himself, or shuts himself out."""
    if actor != person:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("Nobody changes his own access."),
        remedy=Message("Ask another administrator to do it."),
    )


def may_hold_together(held: Collection[str], given: str) -> Decision:
    """A person is at most one of the three administrators. `held`, `given`: kinds of roles."""
    others = {kind for kind in held if kind != RoleKind.BUSINESS} - {given}
    if given == RoleKind.BUSINESS or not others:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message(
            "System, security and audit administration check each other: one person holds only one of them (%(held)s).",
            held=tuple(RoleKind(kind).label for kind in sorted(others)),
        ),
        remedy=Message("Take the other administrator's role away first, or give the role to somebody else."),
    )


def may_carry(kind: str, rights: Iterable[tuple[str, bool, Scope]]) -> Decision:
    """No administrator's role reaches customer data. `rights`: (name of the module, carries customer data, scope)."""
    if kind == RoleKind.BUSINESS:
        return Decision.allow()
    found = sorted({name for name, sensitive, scope in rights if scope > Scope.NONE and (sensitive or name == ANY)})
    if not found:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("An administrator's role gives no access to customer data: %(rights)s.", rights=tuple(found)),
        remedy=Message("Put these rights into a business role."),
    )


def may_mix(administers: bool, rights: Iterable[str]) -> Decision:
    """Nobody is an administrator and works with customers. `rights`: what of the customers would be reached."""
    found = tuple(sorted(set(rights)))
    if not administers or not found:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("An administrator does not work with customers as well: %(rights)s.", rights=found),
        remedy=Message("Give the one or the other to another person."),
    )


def may_keep_archive(
    joined_on: datetime.date | None, today: datetime.date, months: int, *, is_waived: bool = False
) -> Decision:
    """Who keeps the archive has been with the company for so many months; nobody newly hired does (SEC-06).

    `is_waived`: the general manager has made an exception of this person.
    """
    if months == 0 or is_waived:
        return Decision.allow()
    if joined_on is None:
        return refuse(
            "SEC-06",
            Message("It is not known since when this person has been with the company."),
            remedy=Message("Have the day of joining entered, or ask the general manager for an exception."),
        )
    first = add_months(joined_on, months)
    if today >= first:
        return Decision.allow()
    return refuse(
        "SEC-06",
        Message("Who joined on %(day)s may keep the archive from %(first)s on.", day=joined_on, first=first),
        remedy=Message("Appoint somebody who has been here longer, or ask the general manager for an exception."),
        joined_on=joined_on,
        months=months,
    )


def may_be_excepted(is_long_enough: bool) -> Decision:
    """The general manager makes an exception only of who is too new to keep the archive (SEC-06)."""
    if not is_long_enough:
        return Decision.allow()
    return refuse("SEC-06", Message("This person may keep the archive without an exception."))


def may_change_kind(before: str, after: str, holders: int) -> Decision:
    """What kind of role it is stays while somebody holds it: else one would be made administrator, or cease to be."""
    if before == after or not holders:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("%(count)s people hold this role; its kind cannot change meanwhile.", count=holders),
        remedy=Message("Make a new role of the other kind."),
    )


def may_change_role(held: bool) -> Decision:
    """Nobody widens a role that he holds himself."""
    if not held:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("You hold this role yourself; its rights are changed by somebody who does not."),
        remedy=Message("Ask another security administrator."),
    )


def must_keep_an_administrator(kind: str, others: int) -> Decision:
    """The last person who can administer stays. `others`: how many more active people hold a role of this kind."""
    if kind == RoleKind.BUSINESS or others:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("This is the last active person with the task %(task)s.", task=RoleKind(kind).label, others=others),
        remedy=Message("Give the role to another person first."),
    )


def may_start_on(valid_from: datetime.date, today: datetime.date) -> Decision:
    """A parameter changes from today on at the earliest: decisions of the past keep the values of their day."""
    if valid_from >= today:
        return Decision.allow()
    return refuse(
        "",
        Message("A parameter cannot be changed for the past (%(date)s).", date=valid_from),
        remedy=Message("Choose today or a later day."),
    )


def may_be_deleted(users: int) -> Decision:
    """A role, department or position that somebody still has stays. `users`: how many do."""
    if not users:
        return Decision.allow()
    return refuse(
        "",
        Message("It is still in use by %(count)s others.", count=users),
        remedy=Message("Move them elsewhere first."),
    )


#: How many fields a company may add to one record type: more cannot be taken in on one page.
MOST_FIELDS = 60


def may_have_more_fields(standing: int) -> Decision:
    """An added field comes back only while the record type has room for it. `standing`: fields added so far."""
    if standing < MOST_FIELDS:
        return Decision.allow()
    return refuse(
        "",
        Message("A record type can have at most %(limit)s added fields.", limit=MOST_FIELDS),
        remedy=Message("Retire another field first."),
    )


def may_lose_values(filled: int) -> Decision:
    """A field is deleted for good only when nobody would lose what he entered. `filled`: records with a value."""
    if not filled:
        return Decision.allow()
    return refuse(
        "",
        Message("%(count)s records still hold a value in this field.", count=filled),
        remedy=Message("Leave it in the recycle bin: it is shown nowhere, and the values are kept."),
    )
