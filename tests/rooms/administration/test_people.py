"""People, departments and who gives whom which role."""

import pytest
from django.contrib.auth.hashers import check_password

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.models import Department, Deputy, Person
from guanxi.records import listing, registry, standard
from guanxi.records.actions import run

pytestmark = pytest.mark.django_db

PERSON, DEPARTMENT = "people.person", "people.department"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def act(ctx, name, person, **data):
    return run(registry.entry(PERSON).actions[name], ctx, PERSON, person, data)


def codes_of(person):
    return set(PersonRole.objects.filter(person=person, deleted_at=None).values_list("role__code", flat=True))


def test_a_new_person_logs_in_with_a_password_told_once(world):
    admin = world.ctx("system_admin")
    made = standard.create(admin, PERSON, name="单立人", username=" Shan.LiRen ", department="西南大区")
    stored = Person.objects.get(pk=made.pk)
    assert (stored.username, stored.initials, stored.department) == (
        "shan.liren",
        "slr",
        world.departments["southwest"],
    )
    assert [told.message.params["username"] for told in admin.told] == ["shan.liren"]
    password = admin.told[0].secret
    assert len(password) == 19 and check_password(password, stored.password)
    assert codes_of(stored) == {"employee"}
    trail = AuditEntry.objects.filter(module=PERSON, record_id=made.pk)
    assert trail.get().action == "create"
    assert password not in str(trail.get().changes) and stored.password not in str(trail.get().changes)
    for wrong in ({"name": "乙", "username": "shan.liren"}, {"name": "乙", "username": "a b!"}, {"username": "yi"}):
        with pytest.raises(Invalid):
            standard.create(admin, PERSON, **wrong)
    with pytest.raises(NotAllowed):
        standard.create(world.ctx("sales_manager"), PERSON, name="乙", username="yi")


def test_no_secret_of_a_person_is_a_field(world):
    known = registry.entry(PERSON)
    assert not {"password", "epoch", "preferences", "last_login"} & set(known.fields)
    offered = {column.name for column in listing.offered_columns(known.module)}
    assert "username" in offered and "password" not in offered
    with pytest.raises(Invalid):
        query = listing.Query(filters={"field": "password", "op": "contains", "value": "a"})
        listing.page(world.ctx("system_admin"), known.module, query)
    with pytest.raises(Invalid):
        standard.edit(world.ctx("system_admin"), PERSON, world["li_wei"], password="x", is_active=False)


def test_everybody_finds_colleagues_by_pinyin_and_only_administrators_change_them(world):
    clerk = world.ctx("clerk")
    page = listing.page(clerk, registry.module(PERSON), listing.Query(text="lw"))
    assert [row.name for row in page.rows] == ["李伟"]
    with pytest.raises(NotAllowed):
        standard.edit(clerk, PERSON, world["li_wei"], phone="13800138000")
    standard.edit(world.ctx("system_admin"), PERSON, world["li_wei"], name="黎伟", phone="138 0013 8000")
    assert Person.objects.get(username="li_wei").name_pinyin.startswith("li")
    assert [row.username for row in listing.page(clerk, registry.module(PERSON), listing.Query(text="黎")).rows] == [
        "li_wei"
    ]


def test_deactivating_ends_sessions_and_reactivating_does_not_bring_them_back(world):
    admin = world.ctx("system_admin")
    before = Person.objects.get(username="li_wei")
    act(admin, "deactivate", before)
    after = Person.objects.get(username="li_wei")
    assert not after.is_active and after.get_session_auth_hash() != before.get_session_auth_hash()
    act(admin, "reactivate", after)
    again = Person.objects.get(username="li_wei")
    assert again.is_active
    assert again.get_session_auth_hash() not in (before.get_session_auth_hash(), after.get_session_auth_hash())
    with pytest.raises(Refused):
        act(admin, "deactivate", world["system_admin"])
    with pytest.raises(NotAllowed):
        act(world.ctx("security_admin"), "deactivate", world["li_wei"])


def test_a_temporary_password_replaces_the_old_one(world):
    admin = world.ctx("system_admin")
    before = Person.objects.get(username="li_wei")
    act(admin, "reset_password", before)
    after = Person.objects.get(username="li_wei")
    assert check_password(admin.told[0].secret, after.password)
    assert after.get_session_auth_hash() != before.get_session_auth_hash()
    with pytest.raises(Refused):
        act(admin, "reset_password", world["system_admin"])


def test_a_security_administrator_gives_roles_but_never_to_himself(world):
    security = world.ctx("security_admin")
    sales = Role.objects.get(code="sales_manager")
    act(security, "give_role", world["clerk"], role=sales)
    assert codes_of(world["clerk"]) == {"employee", "sales_manager"}
    entry = AuditEntry.objects.get(action="give_role", outcome="done")
    assert entry.changes["roles"][1] == ["员工", "销售部经理"]
    with pytest.raises(Refused) as refused:
        act(security, "give_role", world["security_admin"], role=sales)
    assert refused.value.decision.clauses == ("SEC-04",)
    with pytest.raises(NotAllowed):
        act(world.ctx("system_admin"), "give_role", world["clerk"], role=sales)
    act(security, "take_role", world["clerk"], role=sales)
    assert codes_of(world["clerk"]) == {"employee"}
    assert codes_of(world["security_admin"]) == {"employee", "security_admin"}


def test_nobody_is_two_administrators_at_once(world):
    security = world.ctx("security_admin")
    audit = Role.objects.get(code="audit_admin")
    with pytest.raises(Refused):
        act(security, "give_role", world["system_admin"], role=audit)
    act(security, "give_role", world["clerk"], role=audit)
    assert codes_of(world["clerk"]) == {"employee", "audit_admin"}


def test_the_last_administrator_stays(world):
    security = world.ctx("security_admin")
    system = Role.objects.get(code="system_admin")
    with pytest.raises(Refused):
        act(security, "take_role", world["system_admin"], role=system)
    act(security, "give_role", world["clerk"], role=system)
    act(security, "take_role", world["system_admin"], role=system)
    assert codes_of(world["system_admin"]) == {"employee"}


def test_departments_keep_their_tree(world):
    admin = world.ctx("system_admin")
    made = standard.create(admin, DEPARTMENT, name="成都组", code="cd", kind="team", parent="southwest")
    southwest = world.departments["southwest"]
    assert Department.objects.get(pk=made.pk).path.startswith(southwest.path)
    standard.edit(admin, DEPARTMENT, southwest, parent="east")
    moved = Department.objects.get(pk=made.pk)
    assert moved.path.startswith(Department.objects.get(code="east").path)
    with pytest.raises(Invalid):
        standard.edit(admin, DEPARTMENT, world.departments["east"], parent="cd")
    delete = registry.entry(DEPARTMENT).actions["delete"]
    with pytest.raises(Refused):
        run(delete, admin, DEPARTMENT, southwest)
    run(delete, admin, DEPARTMENT, made)
    assert Department.objects.get(pk=made.pk).deleted_at is not None


def test_a_deputy_is_another_person_and_ends_after_he_begins(world):
    manager = world.ctx("sales_manager")
    values = {"person": "li_wei", "deputy": "wang_fang", "from_date": "2026-11-23", "until_date": "2026-11-27"}
    standard.create(manager, "people.deputy", **values)
    with pytest.raises(Invalid) as refused:
        standard.create(manager, "people.deputy", **{**values, "deputy": "li_wei"})
    assert set(refused.value.errors) == {"deputy"}
    with pytest.raises(Invalid) as refused:
        standard.create(manager, "people.deputy", **{**values, "until_date": "2026-11-22"})
    assert set(refused.value.errors) == {"until_date"}
    with pytest.raises(NotAllowed):
        standard.create(world.ctx("li_wei"), "people.deputy", **values)
    assert Deputy.objects.count() == 1


def test_people_are_never_deleted(world):
    assert standard.action_of(registry.module(PERSON), "delete") is None
    with pytest.raises((NotAllowed, NotFound)):
        run(standard.DELETE, world.ctx("security_admin"), PERSON, world["li_wei"])
