"""The shipped table of rights, installed once and left alone afterwards."""

import re
from datetime import UTC, datetime

import pytest

from guanxi.platform.access.models import PersonRole, Role, RoleKind, RoleRight, Scope
from guanxi.platform.access.rights import rights_of
from guanxi.platform.access.roles import give_role
from guanxi.platform.people.models import Person
from guanxi.records import picklists, registry
from guanxi.rooms.administration.picklists import RIGHT_MODULES, RIGHT_VERBS
from guanxi.rooms.administration.roles import CUSTOMER_PROFILES, PROFILES, ROLES, install_roles

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_installing_twice_changes_nothing_and_changed_rows_stay():
    zhou = Person.objects.create(username="zhou", name="周静")
    assert install_roles(AT) > len(ROLES)
    assert PersonRole.objects.get(person=zhou).role.code == "employee"
    assert install_roles(AT) == 0
    seller = Role.objects.get(code="account_manager")
    view = seller.rights.get(module="@customer", action="view")
    assert view.scope == Scope.OWN
    RoleRight.objects.filter(pk=view.pk).update(scope=Scope.NONE)
    seller.rights.filter(module="@customer", action="import").delete()
    assert install_roles(AT) == 1  # the right was lost from a role nobody edited: it is put back
    Role.objects.filter(pk=seller.pk).update(version=2)
    seller.rights.filter(module="@customer", action="import").delete()
    assert install_roles(AT) == 0  # the company edited the role: what it took away stays away
    assert RoleRight.objects.get(pk=view.pk).scope == Scope.NONE
    marketing = Role.objects.get(code="marketing")
    Role.objects.filter(pk=marketing.pk).update(deleted_at=AT)
    assert install_roles(AT) == 0
    assert not Role.objects.filter(code="marketing", deleted_at=None).exists()


def test_a_base_role_that_was_taken_away_does_not_come_back():
    zhou = Person.objects.create(username="zhou", name="周静")
    install_roles(AT)
    PersonRole.objects.filter(person=zhou).update(deleted_at=AT)
    assert install_roles(AT) == 0
    assert not PersonRole.objects.filter(person=zhou, deleted_at=None).exists()


def test_every_right_stands_on_a_known_line_once():
    for role in ROLES:
        lines = {key for key in role.rights if "." not in key}
        assert lines <= set(PROFILES), role.code
        assert all(registry.find(key) for key in set(role.rights) - lines), role.code
        cells = [(module, action) for module, action, _scope in role.cells()]
        assert len(cells) == len(set(cells)), role.code


def test_the_three_administrators_reach_no_customer_data():
    install_roles(AT)
    administrators = [role for role in ROLES if role.kind != RoleKind.BUSINESS]
    assert {role.code for role in administrators} == {"system_admin", "security_admin", "audit_admin"}
    for shipped in administrators:
        person = Person.objects.create(username=shipped.code, name=shipped.name)
        give_role(person, Role.objects.get(code=shipped.code))
        rights = rights_of(person, AT)
        assert rights.scope("@organisation", "view") == Scope.ALL
        for profile in CUSTOMER_PROFILES:
            for action in ("view", "edit", "export", "assign"):
                assert rights.scope(f"@{profile}", action) == Scope.NONE


def test_whatever_a_role_may_has_a_name_to_choose_it_by():
    modules = {value for value, _label in picklists.choices(RIGHT_MODULES)}
    verbs = {value for value, _label in picklists.choices(RIGHT_VERBS)}
    assert {f"@{profile}" for profile in PROFILES} <= modules
    assert {f"@{module.profile}" for module in registry.modules() if module.profile} <= modules
    cells = [cell for role in ROLES for cell in role.cells()]
    assert {module for module, _verb, _scope in cells} <= modules
    assert {verb for _module, verb, _scope in cells} <= verbs


def test_rights_are_chosen_from_lists_of_names(world, client):
    client.force_login(world["security_admin"])
    role = Role.objects.get(code="account_manager")
    page = client.get(f"/access/role/{role.pk}/edit/").content.decode()
    assert re.search(r'<select class="control" name="line-0-module".*?<option value="@customer" selected>', page)
    assert not re.search(r'<input[^>]+name="line-\d+-(module|action)"', page)
