"""Roles as data: who may change them, and that no administrator reaches customers."""

import pytest

from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.records import registry, standard
from guanxi.records.actions import run
from guanxi.records.standard import STANDARD

pytestmark = pytest.mark.django_db

ROLE = "access.role"
VIEW_ALL = {"module": "@customer", "action": "view", "scope": "4"}


def test_a_role_is_made_of_rights_that_exist(world):
    security = world.ctx("security_admin")
    made = standard.create(
        security,
        ROLE,
        name="区域助理",
        code="assistant",
        lines=[VIEW_ALL, {**VIEW_ALL, "action": "edit", "scope": "own"}],
    )
    assert set(made.rights.values_list("action", "scope")) == {("view", Scope.ALL), ("edit", Scope.OWN)}
    for wrong in ({"module": "@secrets"}, {"module": "customers.nothing"}, {"action": "VIEW!"}, {"scope": "9"}):
        with pytest.raises(Invalid):
            standard.create(security, ROLE, name="错", code="wrong", lines=[{**VIEW_ALL, **wrong}])
    with pytest.raises(NotAllowed):
        standard.create(world.ctx("system_admin"), ROLE, name="错", code="wrong")
    assert not Role.objects.filter(code="wrong").exists()


@pytest.mark.parametrize("module", ["@customer", "@contribution", "@activity", "*"])
def test_no_administrators_role_reaches_customers(world, module):
    security = world.ctx("security_admin")
    system = Role.objects.get(code="system_admin")
    standing = [
        {"id": str(right.pk), "module": right.module, "action": right.action, "scope": str(right.scope)}
        for right in system.rights.all()
    ]
    with pytest.raises(Refused) as refused:
        standard.edit(security, ROLE, system, lines=[*standing, {**VIEW_ALL, "module": module}])
    assert refused.value.decision.clauses == ("SEC-04",)
    standard.edit(security, ROLE, system, lines=[*standing, {"module": "@catalog", "action": "edit", "scope": "4"}])
    assert RoleRight.objects.filter(role=system, module="@catalog").exists()
    seller = Role.objects.get(code="account_manager")
    with pytest.raises(Refused):
        standard.edit(security, ROLE, seller, kind="system")


def test_nobody_changes_a_role_he_holds(world):
    security = world.ctx("security_admin")
    own = Role.objects.get(code="security_admin")
    with pytest.raises(Refused):
        standard.edit(security, ROLE, own, description="更多")
    other = Role.objects.get(code="audit_admin")
    standard.edit(security, ROLE, other, description="核验审计记录")
    assert Role.objects.get(pk=other.pk).description == "核验审计记录"


def test_a_role_that_somebody_holds_stays(world):
    security = world.ctx("security_admin")
    delete = registry.entry(ROLE).actions["delete"]
    with pytest.raises(Refused):
        run(delete, security, ROLE, Role.objects.get(code="archivist"))
    unused = standard.create(security, ROLE, name="空", code="unused")
    run(delete, security, ROLE, unused)
    assert Role.objects.get(pk=unused.pk).deleted_at is not None


def test_every_action_of_every_module_is_somebodys_right(world):
    """An action that no shipped role may do would be a button nobody ever sees."""
    contexts = [world.ctx(username) for username in world.people]
    orphans = [
        f"{module.key}: {name}"
        for module in registry.modules()
        if module.model.__module__.startswith("guanxi.")
        for name in (*registry.entry(module).actions, "view")
        if name not in STANDARD and not any(ctx.may(module, name) for ctx in contexts)
    ]
    assert orphans == []
