"""System, security and audit administration check each other, and none of them comes to customers by it (SEC-04)."""

from __future__ import annotations

import datetime
import random

import pytest
from django.db import transaction

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refused
from guanxi.platform.access.models import AccessGrant, PersonRole, Role, RoleKind, RoleRight, Scope
from guanxi.platform.access.rights import rights_of
from guanxi.platform.people.models import Deputy, Person
from guanxi.records import registry, standard
from guanxi.records.actions import run
from guanxi.records.exporting import require_right
from guanxi.rooms.administration.roles import CUSTOMER_PROFILES
from tests.digest import digest
from tests.makers import make
from tests.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SEC-04")]

ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
PERSON, ROLE = "people.person", "access.role"


def act(ctx, name, person, **data):
    return run(registry.entry(PERSON).actions[name], ctx.because("test"), PERSON, person, data)


def customer_modules():
    return [module for module in registry.modules() if module.profile in CUSTOMER_PROFILES and module.can("create")]


@pytest.mark.parametrize("username", ADMINISTRATORS)
def test_no_administrator_reads_a_record_about_customers(world, username):
    ctx = world.ctx(username)
    for module in customer_modules():
        record = make(world.system, module, world["li_wei"])
        assert not ctx.search(module).filter(pk=record.pk).exists(), module.key
        with pytest.raises(NotFound):
            ctx.get(module, record.pk)
        for action in ("edit", "delete", "assign", "purge", "restore"):
            assert not ctx.search(module, action).filter(pk=record.pk).exists(), (module.key, action)
        with pytest.raises(NotAllowed):
            require_right(ctx, module)


@pytest.mark.parametrize("username", ADMINISTRATORS)
def test_neither_a_grant_nor_an_absence_lets_an_administrator_in(world, username):
    customer = make(world.system, registry.module("customers.customer"), world["li_wei"])
    AccessGrant.objects.create(
        person=world[username], module="customers.customer", record_id=customer.pk, actions="*", reason="x",
        valid_from=NOW, valid_until=NOW + datetime.timedelta(days=1),
    )  # fmt: skip
    today = NOW.date()
    Deputy.objects.create(person=world["li_wei"], deputy=world[username], from_date=today, until_date=today)
    assert not world.ctx(username).search("customers.customer").exists()
    # Taken off the administrator's task, the same grant holds: what is refused is the task, not the person.
    PersonRole.objects.filter(person=world[username]).exclude(role__kind=RoleKind.BUSINESS).delete()
    assert world.ctx(username).search("customers.customer").exists()


def test_each_administrator_does_his_own_task_and_no_other(world):
    may = {name: world.ctx(name).may for name in ADMINISTRATORS}
    assert may["system_admin"](PERSON, "reset_password") and not may["security_admin"](PERSON, "reset_password")
    assert may["security_admin"](PERSON, "give_role") and not may["system_admin"](PERSON, "give_role")
    assert may["security_admin"](PERSON, "reset_factors") and not may["system_admin"](PERSON, "reset_factors")
    assert not may["system_admin"](ROLE, "edit") and may["security_admin"](ROLE, "edit")
    audit = world.ctx("audit_admin").rights
    writes = {action for _module, action in audit.widest} - {"view", "export"}
    # What everybody may do for himself is all that the auditor changes: his own contributions, tasks and tokens.
    own = {action for (_module, action), scope in audit.widest.items() if scope > Scope.OWN} - {
        "view",
        "export",
        "check_known",
    }
    assert own == set() and writes


@pytest.mark.parametrize("given", ADMINISTRATORS)
@pytest.mark.parametrize("holder", ADMINISTRATORS)
def test_nobody_is_two_of_the_three(world, given, holder):
    role = Role.objects.get(code=given)
    second = Person.objects.create(username="second", name="二号")
    PersonRole.objects.create(person=second, role=Role.objects.get(code="security_admin"))
    actor = world.ctx("second") if holder == "security_admin" else world.ctx("security_admin")
    if given == holder:
        return
    before = digest()
    with pytest.raises(Refused):
        act(actor, "give_role", world[holder], role=role)
    assert digest() == before


@pytest.mark.parametrize("first", ["system_admin", "sales_manager"])
def test_nobody_administers_and_works_with_customers(world, first):
    second = {"system_admin": "account_manager", "sales_manager": "audit_admin"}[first]
    before = digest()
    with pytest.raises(Refused) as refused:
        act(world.ctx("security_admin"), "give_role", world[first], role=Role.objects.get(code=second))
    assert digest() == before and "SEC-04" in refused.value.decision.clauses


def test_a_role_that_an_administrator_holds_is_not_widened_to_customers(world):
    employee = Role.objects.get(code="employee")
    security = Person.objects.create(username="second", name="二号")
    PersonRole.objects.create(person=security, role=Role.objects.get(code="security_admin"))
    ctx = world.ctx("second")
    standing = [
        {"id": str(right.pk), "module": right.module, "action": right.action, "scope": str(right.scope)}
        for right in employee.rights.all()
    ]
    before = digest()
    with pytest.raises(Refused):
        view_all = {"module": "@customer", "action": "view", "scope": "4"}
        standard.edit(ctx, ROLE, employee, lines=[*standing, view_all])
    with pytest.raises(Refused):
        standard.edit(ctx, ROLE, Role.objects.get(code="system_admin"), kind="business")
    assert digest() == before


@pytest.mark.parametrize("username", ADMINISTRATORS)
def test_the_last_of_each_stays(world, username):
    role = Role.objects.get(code=username)
    Person.objects.create(username="second", name="二号")
    if username == "security_admin":
        # Two of them, so that one can act on the other; the one who acts is no reason against it.
        act(world.ctx("security_admin"), "give_role", Person.objects.get(username="second"), role=role)
        act(world.ctx("second"), "take_role", world[username], role=role)
        with pytest.raises(Refused):
            act(world.ctx("second"), "take_role", Person.objects.get(username="second"), role=role)
        return
    before = digest()
    with pytest.raises(Refused):
        act(world.ctx("security_admin"), "take_role", world[username], role=role)
    if username != "system_admin":
        with pytest.raises(Refused):
            act(world.ctx("system_admin"), "deactivate", world[username])
    assert digest() == before


MODULES = ("@customer", "@activity", "@catalog", "@organisation", "@security", "@audit", "*", "customers.customer")
VERBS = ("view", "edit", "export", "give_role", "*")


class Chaos:
    """Anybody tries anything with roles, at random."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)

    def step(self):
        """One attempt: who tried, and whether it was done."""
        chance = self.chance
        actor = chance.choice(["security_admin", "security_admin", "second", "system_admin", "sales_manager", "clerk"])
        person = chance.choice(list(Person.objects.filter(deleted_at=None)))
        role = chance.choice(list(Role.objects.filter(deleted_at=None)))
        ctx = self.world.ctx(actor).because("chaos")
        before = rights_of(ctx.actor, NOW).widest
        try:
            with transaction.atomic():
                self._try(
                    chance.choice(["give_role", "give_role", "take_role", "edit", "create", "deactivate"]),
                    ctx,
                    person,
                    role,
                )
        except (Invalid, Problem):
            pass
        actor_now = Person.objects.get(username=actor)
        assert all(scope <= before.get(cell, Scope.NONE) for cell, scope in rights_of(actor_now, NOW).widest.items()), (
            actor,
            "gave himself more than he had",
        )

    def _try(self, verb, ctx, person, role):
        if verb in ("give_role", "take_role"):
            act(ctx, verb, person, role=role)
        elif verb == "deactivate":
            act(ctx, verb, person)
        else:
            lines = [
                {"module": self.chance.choice(MODULES), "action": verb, "scope": str(self.chance.randint(0, 4))}
                for verb in self.chance.sample(VERBS, self.chance.randint(0, 3))
            ]
            kind = self.chance.choice([kind.value for kind in RoleKind])
            if verb == "create":
                code = f"c{self.chance.randrange(10**6)}"
                standard.create(ctx, ROLE, name=code, code=code, kind=kind, lines=lines)
            else:
                standard.edit(ctx, ROLE, role, **self.chance.choice([{"kind": kind}, {"lines": lines}]))


def violations():
    """What must never be, computed without the rules."""
    found = []
    held: dict[str, set[str]] = {}
    active: dict[str, int] = {}
    reach: dict[str, bool] = {}
    rows = PersonRole.objects.filter(deleted_at=None, role__deleted_at=None).select_related("person", "role")
    for row in rows:
        name = row.person.username
        held.setdefault(name, set())
        if row.role.kind != RoleKind.BUSINESS:
            held[name].add(row.role.kind)
            active[row.role.kind] = active.get(row.role.kind, 0) + row.person.is_active
        for right in RoleRight.objects.filter(role=row.role, deleted_at=None):
            module = registry.find(right.module)
            line = module.profile if module else right.module.removeprefix("@")
            wide = right.scope > Scope.OWN or line == "customer"
            reach[name] = reach.get(name, False) or (
                right.scope > 0
                and right.action in ("view", "*")
                and (right.module == "*" or (line in CUSTOMER_PROFILES and wide))
            )
    for name, kinds in held.items():
        if len(kinds) > 1:
            found.append(f"{name} is {kinds}")
        if kinds and reach.get(name):
            found.append(f"{name}, an administrator, reaches customers")
    return found + [f"nobody left for {kind}" for kind in ("system", "security", "audit") if not active.get(kind)]


@pytest.mark.parametrize("seed", range(8))
def test_nobody_comes_to_more_than_he_may_be_given(world, seed):
    second = Person.objects.create(username="second", name="二号")
    PersonRole.objects.create(person=second, role=Role.objects.get(code="security_admin"))
    chaos = Chaos(world, seed)
    assert violations() == []
    for _step in range(60):
        chaos.step()
    assert violations() == []


def test_without_the_rules_chaos_finds_its_way(world, monkeypatch):
    from guanxi.kernel.decision import Decision
    from guanxi.rooms.administration import rules

    second = Person.objects.create(username="second", name="二号")
    PersonRole.objects.create(person=second, role=Role.objects.get(code="security_admin"))
    for name in ("may_hold_together", "may_mix", "may_carry", "may_change_kind", "must_keep_an_administrator"):
        monkeypatch.setattr(rules, name, lambda *given: Decision.allow())
    chaos = Chaos(world, 1)
    with pytest.raises(AssertionError):
        for _step in range(200):
            chaos.step()
            assert violations() == []
