"""Verbs of administration: people's access, roles, and the regulation's parameters."""

import dataclasses
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter, parameter
from guanxi.platform.access import tokens
from guanxi.platform.access.models import ANY, AccessToken, PersonRole, Role, RoleKind, Scope
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.access.roles import give_role, take_role
from guanxi.platform.notices.notify import notify
from guanxi.platform.people import factors
from guanxi.platform.people.accounts import end_sessions
from guanxi.platform.people.models import Department, Person, Position
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import set_value, value_of
from guanxi.records import belonging, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered, spec_of
from guanxi.records.standard import CREATE, DELETE, EDIT, LINES
from guanxi.records.work import Work, add_error
from guanxi.rooms.administration import rules
from guanxi.rooms.administration.policies import ARCHIVIST_MONTHS
from guanxi.rooms.administration.queries import (
    administrators_holding,
    carries_customer_data,
    other_administrators,
    reaches_customers,
    rights_in,
    roles_of,
)
from guanxi.rooms.administration.roles import ARCHIVIST, BASE_ROLE, PROFILES

# Without letters and digits that are mistaken for one another when read out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """A password of 16 random letters and digits in groups of four: some 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(4)) for _group in range(4))


# ---- People ----------------------------------------------------------------------------------------------------------


def _execute_create_person(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    base = Role.objects.filter(code=BASE_ROLE, deleted_at=None).first()
    for work in works:
        if base is not None:
            give_role(work.result, base)
        _set_temporary_password(ctx, work.result)


def _execute_edit_person(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert EDIT.execute is not None
    EDIT.execute(ctx, known, works)
    for work in works:
        if "department" in work.changes:
            belonging.follow(work.record)


def _set_temporary_password(ctx: Context, person: Person) -> None:
    password = temporary_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    ctx.tell(
        Message(
            "%(person)s logs in as %(username)s with this temporary password. It is shown only now.",
            person=person.name,
            username=person.username,
        ),
        password,
    )


def _not_oneself(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_change_access_of(ctx.actor.pk, person.pk)


def _not_the_last(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    """With a role among the values that role is what is lost, else all the person's roles are."""
    lost = {values["role"].kind} if "role" in values else set(roles_of(person).values_list("kind", flat=True))
    decision = Decision.allow()
    for kind in sorted(lost & set(roles_of(person).values_list("kind", flat=True))):
        decision = decision & rules.must_keep_an_administrator(kind, other_administrators(person, kind))
    return decision


def _one_administrator(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    held = roles_of(person).exclude(pk=values["role"].pk).values_list("kind", flat=True)
    return rules.may_hold_together(set(held), values["role"].kind)


def _administers_or_sells(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    """With the given role the person would have both: an administrator's task and customers."""
    roles = [*roles_of(person), values["role"]]
    administers = any(role.kind != RoleKind.BUSINESS for role in roles)
    return rules.may_mix(administers, reaches_customers(rights_in(roles)))


def _long_enough_here(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    if values["role"].code != ARCHIVIST:
        return Decision.allow()
    months, is_waived = value_of(ARCHIVIST_MONTHS, ctx.today), person.service_waived_on is not None
    return rules.may_keep_archive(person.joined_on, ctx.today, months, is_waived=is_waived)


def _too_short_here(ctx: Context, person: Any, values: Mapping[str, Any]) -> Decision:
    """An exception is made of who needs one."""
    months = value_of(ARCHIVIST_MONTHS, ctx.today)
    return rules.may_be_excepted(rules.may_keep_archive(person.joined_on, ctx.today, months).allowed)


def _perform_waive_service(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    person.service_waived_on = ctx.today
    title = Message("%(manager)s lets %(person)s keep the archive before time", manager=ctx.actor, person=person)
    _tell_security(ctx, person, title)


def _perform_end_waiver(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    person.service_waived_on = None
    title = Message("%(manager)s makes no exception of %(person)s any more", manager=ctx.actor, person=person)
    _tell_security(ctx, person, title)


def _tell_security(ctx: Context, person: Person, title: Message) -> None:
    """Who gives roles hears of an exception, with the reason (SEC-06)."""
    people = people_who_may(registry.module("people.person").names, GIVE_ROLE.name)
    notify(people, title, ctx.reason, "people.person", person.pk, "security", at=ctx.now)


def _perform_deactivate(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    person.is_active = False
    end_sessions([person.pk])


def _perform_reactivate(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    person.is_active = True
    end_sessions([person.pk])


def _perform_reset_password(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    _set_temporary_password(ctx, person)
    end_sessions([person.pk])
    # He learns of it even when whoever did it signs in first: the notice stays until he has read it.
    _warn(ctx, person, Message("%(admin)s has given you a temporary password.", admin=ctx.actor.name))


def _perform_end_sessions(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    end_sessions([person.pk])


def _perform_reset_factors(ctx: Context, person: Any, values: dict[str, Any]) -> None:
    factors.remove_all(person)
    end_sessions([person.pk])
    _warn(ctx, person, Message("%(admin)s has removed your second factors.", admin=ctx.actor.name))


def _warn(ctx: Context, person: Person, text: Message) -> None:
    """Tell the person what was done to his access, by e-mail too."""
    body = Message("If you did not ask for it, tell the security administrator at once.")
    notify([person], text, body, kind="security", email=True, at=ctx.now)


def _changing_roles(change: Callable[[Person, Role], object]) -> Callable[[Context, Registered, list[Work]], None]:
    def execute(ctx: Context, known: Registered, works: list[Work]) -> None:
        for work in works:
            before = [role.name for role in roles_of(work.record)]
            change(work.record, work.values["role"])
            PersonRole.objects.filter(person=work.record, role=work.values["role"], created_at=None).update(
                created_at=ctx.now,
                created_by=ctx.actor,
                changed_at=ctx.now,
                changed_by=ctx.actor,
                note=work.values.get("note") or "",
            )
            work.changes = {"roles": [before, [role.name for role in roles_of(work.record)]]}
            work.result = work.record

    return execute


CREATE_PERSON = dataclasses.replace(CREATE, execute=_execute_create_person)
EDIT_PERSON = dataclasses.replace(EDIT, execute=_execute_edit_person)
DEACTIVATE = Action(
    name="deactivate",
    label=_("Deactivate"),
    icon="user-off",
    tone="danger",
    rare=True,
    confirm=_("The person cannot log in any more and all open sessions end. Continue?"),
    rules=(_not_oneself, _not_the_last),
    fits=lambda person: person.is_active,
    perform=_perform_deactivate,
)
REACTIVATE = Action(
    name="reactivate",
    label=_("Reactivate"),
    icon="user-check",
    rules=(_not_oneself,),
    fits=lambda person: not person.is_active,
    perform=_perform_reactivate,
)
RESET_PASSWORD = Action(
    name="reset_password",
    step_up=True,
    label=_("New temporary password"),
    icon="key",
    rare=True,
    confirm=_("The present password stops working and all open sessions end. Continue?"),
    rules=(_not_oneself,),
    perform=_perform_reset_password,
)
END_SESSIONS = Action(
    name="end_sessions",
    label=_("End all sessions"),
    icon="logout",
    rare=True,
    confirm=_("The person is signed out everywhere, at once. Continue?"),
    asks_reason=True,
    perform=_perform_end_sessions,
)
RESET_FACTORS = Action(
    name="reset_factors",
    label=_("Remove second factors"),
    icon="shield-x",
    tone="danger",
    rare=True,
    confirm=_("The person signs in with the password alone until new ones are set up. Make sure who is asking."),
    asks_reason=True,
    step_up=True,
    rules=(_not_oneself,),
    perform=_perform_reset_factors,
)
GIVE_ROLE = Action(
    name="give_role",
    step_up=True,
    label=_("Give a role"),
    icon="shield-plus",
    inputs=(spec_of(PersonRole, "role"), spec_of(PersonRole, "note")),
    rules=(_not_oneself, _one_administrator, _administers_or_sells, _long_enough_here),
    execute=_changing_roles(give_role),
)
WAIVE_SERVICE = Action(
    name="waive_service",
    label=_("Let keep the archive before time"),
    icon="shield-plus",
    rare=True,
    asks_reason=True,
    step_up=True,
    confirm=_("The required length of service is waived for this person; the security administrator is told why."),
    rules=(_not_oneself, _too_short_here),
    fits=lambda person: person.service_waived_on is None,
    perform=_perform_waive_service,
)
END_WAIVER = Action(
    name="end_waiver",
    label=_("End the exception of the length of service"),
    icon="shield-minus",
    rare=True,
    asks_reason=True,
    fits=lambda person: person.service_waived_on is not None,
    perform=_perform_end_waiver,
)
TAKE_ROLE = Action(
    name="take_role",
    step_up=True,
    label=_("Take a role away"),
    icon="shield-minus",
    inputs=(spec_of(PersonRole, "role"),),
    rules=(_not_oneself, _not_the_last),
    execute=_changing_roles(take_role),
)


# ---- Roles -----------------------------------------------------------------------------------------------------------

_ACTION_NAME = re.compile(r"[a-z][a-z0-9_]*|\*")


def _planning_role(action: Action) -> Action:
    """The standard verb with the judgement on the rights that the role would have."""
    assert action.plan is not None
    standard_plan = action.plan

    def plan(ctx: Context, known: Registered, works: list[Work], verb: Action) -> None:
        standard_plan(ctx, known, works, verb)
        for work in works:
            if not isinstance(work.problem, Invalid):
                _check_right_names(work)
                work.decision = work.decision & _judge_role(ctx, work)

    return dataclasses.replace(action, plan=plan, step_up=True)


def _check_right_names(work: Work) -> None:
    for number, line in enumerate(work.lines or (), start=1):
        module, action = line.values.get("module", ""), line.values.get("action", "")
        if not is_right_module(module):
            add_error(
                work, LINES, Message("Line %(number)s: there is no module “%(module)s”.", number=number, module=module)
            )
        if not _ACTION_NAME.fullmatch(action):
            add_error(
                work, LINES, Message("Line %(number)s: “%(action)s” is not an action.", number=number, action=action)
            )


def is_right_module(name: str) -> bool:
    """Whether a right may name this: a record type, a line of rights ("@customer"), or "*" for everything."""
    return name == ANY or name.removeprefix("@") in PROFILES or registry.find(name) is not None


def _judge_role(ctx: Context, work: Work) -> Decision:
    role = work.record
    kind = work.values.get("kind") or (role.kind if role else "")
    if work.lines is not None:
        given = [line.values for line in work.lines]
        rights = [(line["module"], line["action"], Scope(line["scope"] or 0)) for line in given]
    else:
        rights = rights_in([role]) if role is not None else []
    decision = rules.may_carry(kind, [(name, carries_customer_data(name), scope) for name, _action, scope in rights])
    if role is None:
        return decision
    held = not ctx.unbounded and roles_of(ctx.actor).filter(pk=role.pk).exists()
    return (
        decision
        & rules.may_change_role(held)
        & rules.may_change_kind(role.kind, kind, _holders(role))
        & rules.may_mix(administrators_holding(role), reaches_customers(rights))
    )


def _nobody_has(count: Callable[[Any], int]) -> Action:
    def unused(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
        return rules.may_be_deleted(count(record))

    return dataclasses.replace(DELETE, rules=(unused,))


def _holders(role: Role) -> int:
    return PersonRole.objects.filter(role=role, deleted_at=None).count()


def _below(department: Department) -> int:
    people = Person.objects.filter(department=department, deleted_at=None).count()
    return people + Department.objects.filter(parent=department, deleted_at=None).count()


def _in_position(position: Position) -> int:
    return Person.objects.filter(position=position, deleted_at=None).count()


CREATE_ROLE = _planning_role(CREATE)
EDIT_ROLE = _planning_role(EDIT)
DELETE_ROLE = dataclasses.replace(_nobody_has(_holders), step_up=True)
DELETE_DEPARTMENT = _nobody_has(_below)
DELETE_POSITION = _nobody_has(_in_position)


# ---- Parameters ------------------------------------------------------------------------------------------------------


def _execute_set_parameter(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        values = work.values
        changed = parameter(values["name"])
        work.result = set_value(changed, values["value"], values["valid_from"], ctx.actor, ctx.reason, ctx.now)
        work.changes = {
            "name": [None, changed.name],
            "value": [None, str(work.result.value)],
            "valid_from": [None, values["valid_from"].isoformat()],
        }


def _plan_set_parameter(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Read {"name", "value", "valid_from"}; the reason travels in the context."""
    day = spec_of(ParameterValue, "valid_from")
    for work in works:
        data = work.item.data
        name, text = str(data.get("name", "")), str(data.get("value", ""))
        changed = _try(work, "name", _known, name)
        if changed is not None:
            _try(work, "value", changed.parse, text)
        start = _try(work, "valid_from", day.kind.parse, day, data.get("valid_from") or ctx.today)
        if not ctx.reason.strip():
            add_error(work, "reason", Message("Please give the reason."))
        work.values = {"name": name, "value": text, "valid_from": start}
        if start is not None:
            work.decision = work.decision & rules.may_start_on(start, ctx.today)


def _known(name: str) -> Parameter[Any]:
    try:
        return parameter(name)
    except LookupError:
        raise Invalid(Message("There is no such parameter: %(name)s.", name=name[:80])) from None


def _try(work: Work, field: str, read: Callable[..., Any], *given: Any) -> Any:
    """What `read` makes of the input; None when it is wrong, which is then noted under the field."""
    try:
        return read(*given)
    except Invalid as problem:
        for messages in problem.errors.values():
            for message in messages:
                add_error(work, field, message)
        return None


SET_PARAMETER = Action(
    name="set_parameter",
    label=_("Change a parameter"),
    icon="adjustments",
    on_record=False,
    page="administration:parameters",
    plan=_plan_set_parameter,
    execute=_execute_set_parameter,
)


# ---- Access tokens ---------------------------------------------------------------------------------------------------


def _plan_create_token(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """A token is made by its owner himself: one that a program could make would outlive the program's own."""
    assert CREATE.plan is not None
    if ctx.token:
        raise NotAllowed(Message("An access token cannot make another one. Log in to do so."))
    CREATE.plan(ctx, known, works, action)
    for work in works:
        work.values["owner"] = ctx.actor


def _execute_create_token(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    for work in works:
        secret = tokens.new_secret()
        work.values |= {"digest": tokens.digest_of(secret), "hint": tokens.hint_of(secret)}
        ctx.tell(
            Message("This is the access token “%(name)s”. It is shown only now.", name=work.values["name"]), secret
        )
    CREATE.execute(ctx, known, works)


def _perform_revoke(ctx: Context, token: AccessToken, values: dict[str, Any]) -> None:
    if token.revoked_at is not None:
        raise Conflict(Message("This access token is already revoked."))
    token.revoked_at = ctx.now


CREATE_TOKEN = dataclasses.replace(CREATE, plan=_plan_create_token, execute=_execute_create_token, step_up=True)
REVOKE = Action(
    name="revoke",
    label=_("Revoke"),
    icon="ban",
    tone="danger",
    bulk=True,
    fits=lambda token: token.revoked_at is None,
    confirm=_("Whatever uses this token is refused from now on. Continue?"),
    perform=_perform_revoke,
)
