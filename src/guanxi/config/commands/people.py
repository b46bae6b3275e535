"""The people of this installation, entered from the console: above all the first ones, before anybody can log in."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.config.commands.actors import person_of
from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.models import PersonRole, Role, RoleKind
from guanxi.platform.access.roles import give_role
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.accounts import change_password
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context, system_context
from guanxi.records.standard import action_of, create
from guanxi.rooms.administration.public import BASE_ROLE

PERSON = "people.person"
ADMINISTRATION = (RoleKind.SYSTEM, RoleKind.SECURITY, RoleKind.AUDIT)


def add_person(options: Namespace) -> int:
    """Enters a person with a role and a password that is asked for twice.

    The very first person becomes an administrator by founding the installation. Until somebody can grant rights, the
    console may enter the other administrators; from then on it has the rights of the person named by `--as`.

    Raises:
        Invalid: no such role or person, a user name that is taken, a password that is too weak.
        NotAllowed: the person named by `--as` may not do this.
    """
    require_prepared_database()
    username = Person.normalize_username(options.username)
    role = role_of(options.role)
    founding = not Person.objects.exists()
    if founding and role.kind not in (RoleKind.SYSTEM, RoleKind.SECURITY):
        raise Invalid(Message("The first person must be a system_admin or a security_admin, who can enter the others."))
    ctx = None if founding else console_context(options.actor, role)
    password = asked_password(Person(username=username, name=options.name))
    with transaction.atomic():
        person = found(username, options.name, role) if ctx is None else enter(ctx, username, options.name, role)
        change_password(person, password)
    print(
        _("%(name)s can log in as %(username)s: %(role)s.")
        % {"name": person.name, "username": person.username, "role": role.name}
    )
    return 0


def role_of(code: str) -> Role:
    """The role of that code.

    Raises:
        Invalid: there is none; the message names those that there are.
    """
    roles = {role.code: role for role in Role.objects.filter(deleted_at__isnull=True).order_by("code")}
    if code not in roles:
        raise Invalid(Message("There is no role “%(code)s”. There are: %(known)s.", code=code, known=tuple(roles)))
    return roles[code]


def console_context(actor: str, role: Role) -> Context:
    """In whose name a further person is entered, and how far that reaches.

    Raises:
        Invalid: `--as` is missing or names nobody.
        NotAllowed: rights can be granted on the pages by now, and the person may not.
    """
    if not actor:
        raise Invalid(Message("Say in whose name: --as USER."))
    person = person_of(actor)
    granting = PersonRole.objects.filter(
        role__kind=RoleKind.SECURITY, person__is_active=True, person__deleted_at=None, deleted_at=None
    )
    if not granting.exists() and role.kind in ADMINISTRATION:
        return system_context(person, source="cli")
    ctx = Context.of(person, source="cli")
    if role.code != BASE_ROLE and not ctx.may(PERSON, "give_role"):
        raise NotAllowed(
            Message(
                "%(person)s may not give roles. Enter the person as “employee”; the security administrator then gives "
                "the role.",
                person=person.name,
            )
        )
    return ctx


def asked_password(person: Person, ask: Callable[[str], str] | None = None) -> str:
    """The password typed twice without showing, or one line of standard input when that is not a terminal.

    Raises:
        Invalid: the two differ, or the password is too weak for this person.
    """
    if ask is None and not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        ask = ask or getpass.getpass
        password = ask(_("Password (at least 12 characters): "))
        if ask(_("The same once more: ")) != password:
            raise Invalid(Message("The two passwords differ; nobody was entered."))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    return password


def enter(ctx: Context, username: str, name: str, role: Role) -> Person:
    """Enters a person by the ordinary actions, each with its audit entry."""
    person: Person = create(ctx, PERSON, username=username, name=name)
    if role.code != BASE_ROLE:
        give = action_of(registry.module(PERSON), "give_role")
        assert give is not None
        run(give, ctx, PERSON, person, {"role": role})
    return person


def found(username: str, name: str, role: Role) -> Person:
    """Enters the first person, who acts in his own name because there is nobody else; told in the audit as founding.

    Raises:
        Invalid: an impossible user name or name.
    """
    now = calendar.now()
    person = Person(username=username, name=name, created_at=now, changed_at=now)
    try:
        person.set_unusable_password()
        person.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    person.save()
    for given in {BASE_ROLE, role.code}:
        give_role(person, role_of(given))
    audit.write(
        [
            AuditEntry(
                at=now, actor=person, actor_name=person.name, source="cli", action="create", module=PERSON,
                record_id=person.pk, record_label=person.name,
                changes={"username": [None, username], "name": [None, name], "roles": [[], [role.name]]},
            )
        ]
    )  # fmt: skip
    return person
