"""Scopes with named actors. The rows judged are people themselves seen as records of a made-up module: owner is the
superior's column, department the department's; the condition knows nothing of the model it is put on."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from guanxi.platform.access.explanation import explain
from guanxi.platform.access.models import AccessGrant, PersonRole, Role, RoleKind, RoleRight, Scope
from guanxi.platform.access.rights import rights_of, scope_condition
from guanxi.platform.access.roles import give_role, take_role
from guanxi.platform.people.accounts import deactivate
from guanxi.platform.people.models import Department, Deputy, Person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
COLUMNS = {"owner": "superior", "department": "department"}
CUSTOMER = "customers.customer"


@pytest.fixture
def company():
    """A company with a sales department, its eastern team and a service department; customers of each."""
    c = SimpleNamespace()
    c.top = Department.objects.create(name="公司", code="c")
    c.sales = Department.objects.create(name="销售部", code="s", parent=c.top)
    c.east = Department.objects.create(name="华东组", code="e", parent=c.sales)
    c.service = Department.objects.create(name="客服部", code="v", parent=c.top)
    for name, department in (
        ("wang", c.east),
        ("zhao", c.east),
        ("chief", c.sales),
        ("clerk", c.service),
        ("lone", None),
    ):
        setattr(c, name, Person.objects.create(username=name, name=name, department=department))
    for name, owner, department in (
        ("of_wang", c.wang, c.east),
        ("of_zhao", c.zhao, c.east),
        ("of_chief", c.chief, c.sales),
        ("of_clerk", c.clerk, c.service),
        ("of_wang_in_service", c.wang, c.service),
        ("of_nobody", None, None),
    ):
        row = Person.objects.create(username=f"row_{name}", name=name, superior=owner, department=department)
        setattr(c, name, row)
    c.rows = Person.objects.filter(username__startswith="row_")
    return c


def role_with(*rights, code="seller", kind=RoleKind.BUSINESS):
    role = Role.objects.create(code=code, name=code, kind=kind)
    for module, action, scope in rights:
        RoleRight.objects.create(role=role, module=module, action=action, scope=scope)
    return role


def seen(company, person, module=CUSTOMER, action="view", at=AT):
    """The names of the rows that the condition lets through; each row's explanation has to say the same."""
    condition = scope_condition(rights_of(person, at), module, action, **COLUMNS)
    names = set() if condition is None else {row.name for row in company.rows.filter(condition)}
    for row in company.rows:
        assert bool(explain(person, module, action, row, at, **COLUMNS)) == (row.name in names)
    return names


@pytest.mark.parametrize(
    ("scope", "wang", "chief"),
    [
        (Scope.NONE, set(), set()),
        (Scope.OWN, {"of_wang", "of_wang_in_service"}, {"of_chief"}),
        (Scope.TEAM, {"of_wang", "of_wang_in_service", "of_zhao"}, {"of_chief"}),
        (Scope.DEPARTMENT, {"of_wang", "of_wang_in_service", "of_zhao"}, {"of_chief", "of_wang", "of_zhao"}),
        (Scope.ALL, None, None),
    ],
)
def test_how_far_each_scope_reaches(company, scope, wang, chief):
    role = role_with((CUSTOMER, "view", scope))
    everything = {row.name for row in company.rows}
    assert seen(company, company.wang) == set()
    give_role(company.wang, role)
    give_role(company.chief, role)
    assert seen(company, company.wang) == (everything if wang is None else wang)
    assert seen(company, company.chief) == (everything if chief is None else chief)
    assert seen(company, company.wang, action="update") == set()
    assert seen(company, company.wang, module="customers.contact") == set()
    assert seen(company, company.clerk) == set()


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.TEAM, Scope.DEPARTMENT])
def test_without_a_department_only_ones_own_rows(company, scope):
    give_role(company.lone, role_with((CUSTOMER, "view", scope)))
    company.of_nobody.superior = company.lone
    company.of_nobody.save()
    assert seen(company, company.lone) == {"of_nobody"}


def test_the_widest_right_wins_named_or_not(company):
    give_role(company.wang, role_with((CUSTOMER, "view", Scope.OWN), ("*", "view", Scope.TEAM)))
    rights = rights_of(company.wang, AT)
    assert rights.scope(CUSTOMER, "view") == Scope.TEAM
    assert rights.scope("sales.order", "view") == Scope.TEAM
    assert rights.scope(CUSTOMER, "update") == Scope.NONE
    give_role(company.wang, role_with((CUSTOMER, "*", Scope.DEPARTMENT), code="second"))
    rights = rights_of(company.wang, AT)
    assert rights.scope(CUSTOMER, "view") == Scope.DEPARTMENT
    assert rights.scope(CUSTOMER, "update") == Scope.DEPARTMENT
    assert rights.scope("sales.order", "view") == Scope.TEAM
    give_role(company.wang, role_with(("*", "*", Scope.ALL), code="third"))
    assert rights_of(company.wang, AT).scope("sales.order", "purge") == Scope.ALL


def test_administrators_see_no_customer_by_being_administrators(company):
    give_role(company.clerk, role_with(("administration.person", "*", Scope.ALL), code="sys", kind=RoleKind.SYSTEM))
    assert rights_of(company.clerk, AT).may("administration.person", "update")
    assert not rights_of(company.clerk, AT).may(CUSTOMER, "view")
    assert seen(company, company.clerk) == set()


def test_a_deputy_has_the_rows_of_the_absent_as_his_own(company):
    role = role_with((CUSTOMER, "view", Scope.OWN))
    give_role(company.clerk, role)
    Deputy.objects.create(
        person=company.wang, deputy=company.clerk, from_date=date(2026, 11, 20), until_date=date(2026, 11, 20)
    )
    assert seen(company, company.clerk) == {"of_clerk", "of_wang", "of_wang_in_service"}
    # 16:30 in Greenwich is the next day in China.
    assert seen(company, company.clerk, at=datetime(2026, 11, 20, 16, 30, tzinfo=UTC)) == {"of_clerk"}
    assert seen(company, company.clerk, at=datetime(2026, 11, 19, 16, 30, tzinfo=UTC)) > {"of_wang"}


def test_a_grant_opens_one_record_for_its_actions_and_time(company):
    grant = AccessGrant.objects.create(
        person=company.clerk,
        module=CUSTOMER,
        record_id=company.of_wang.pk,
        actions="view, export",
        valid_from=AT,
        valid_until=AT + timedelta(days=3),
        reason="联合走访",
    )
    assert seen(company, company.clerk) == {"of_wang"}
    assert seen(company, company.clerk, action="export") == {"of_wang"}
    assert rights_of(company.clerk, AT).may(CUSTOMER, "view")
    assert rights_of(company.clerk, AT).granted(CUSTOMER, "view") == {company.of_wang.pk}
    assert rights_of(company.clerk, AT).scope(CUSTOMER, "view") == Scope.NONE
    for module, action, at in (
        (CUSTOMER, "update", AT),
        (CUSTOMER, "vie", AT),
        ("sales.order", "view", AT),
        (CUSTOMER, "view", AT - timedelta(seconds=1)),
        (CUSTOMER, "view", AT + timedelta(days=3)),
    ):
        assert seen(company, company.clerk, module, action, at) == set()
        assert not rights_of(company.clerk, at).may(module, action)
    assert seen(company, company.zhao) == set()
    give_role(company.clerk, role_with((CUSTOMER, "view", Scope.OWN)))
    assert seen(company, company.clerk) == {"of_clerk", "of_wang"}
    grant.deleted_at = AT
    grant.save()
    assert seen(company, company.clerk) == {"of_clerk"}


def test_a_prefix_leads_to_the_rows_that_are_judged(company):
    give_role(company.wang, role_with((CUSTOMER, "view", Scope.TEAM)))
    AccessGrant.objects.create(
        person=company.wang, module=CUSTOMER, record_id=company.of_clerk.pk, actions="*", reason="x",
        valid_from=AT, valid_until=AT + timedelta(days=1),
    )  # fmt: skip
    Deputy.objects.bulk_create(
        Deputy(person=row, deputy=company.lone, from_date=date(2020, 1, 1), until_date=date(2020, 1, 1))
        for row in company.rows
    )
    condition = scope_condition(rights_of(company.wang, AT), CUSTOMER, "view", prefix="person__", **COLUMNS)
    found = Deputy.objects.filter(condition).values_list("person__name", flat=True)
    assert sorted(found) == ["of_clerk", "of_wang", "of_wang_in_service", "of_zhao"]


def test_modules_without_owner_or_department(company):
    give_role(company.wang, role_with((CUSTOMER, "view", Scope.DEPARTMENT), ("catalog.product", "view", Scope.ALL)))
    rights = rights_of(company.wang, AT)
    assert scope_condition(rights, CUSTOMER, "view", owner=None, department=None) is None
    everything = scope_condition(rights, "catalog.product", "view", owner=None, department=None)
    assert everything is not None
    assert not everything
    own = scope_condition(rights, CUSTOMER, "view", owner="pk", department=None)
    assert list(Person.objects.filter(own)) == [company.wang]


def test_rights_cost_one_query_and_a_wide_scope_one_more(company, django_assert_num_queries):
    give_role(company.chief, role_with((CUSTOMER, "view", Scope.DEPARTMENT), ("x.y", "view", Scope.OWN)))
    chief = Person.objects.get(pk=company.chief.pk)
    with django_assert_num_queries(1):
        rights = rights_of(chief, AT)
        scope_condition(rights, "x.y", "view")
    with django_assert_num_queries(1):
        scope_condition(rights, CUSTOMER, "view")
        scope_condition(rights, CUSTOMER, "view", prefix="customer__")


def test_whatever_is_taken_away_or_deleted_no_longer_counts(company):
    role = role_with((CUSTOMER, "view", Scope.ALL), (CUSTOMER, "update", Scope.OWN))
    give_role(company.wang, role)
    assert len(seen(company, company.wang)) == 6
    RoleRight.objects.filter(action="view").update(deleted_at=AT)
    assert seen(company, company.wang) == set()
    assert seen(company, company.wang, action="update") == {"of_wang", "of_wang_in_service"}
    RoleRight.objects.create(role=role, module=CUSTOMER, action="view", scope=Scope.OWN)
    assert seen(company, company.wang) == {"of_wang", "of_wang_in_service"}
    PersonRole.objects.update(deleted_at=AT)
    assert seen(company, company.wang) == set()
    give_role(company.wang, role)
    assert seen(company, company.wang) == {"of_wang", "of_wang_in_service"}
    Role.objects.update(deleted_at=AT)
    assert seen(company, company.wang) == set()
    Role.objects.update(deleted_at=None)
    assert seen(company, company.wang) == {"of_wang", "of_wang_in_service"}
    deactivate(company.wang)
    assert seen(company, company.wang) == set()


def test_giving_and_taking_a_role_ends_sessions_and_is_idempotent(company):
    role = role_with((CUSTOMER, "view", Scope.OWN))
    epoch = company.wang.epoch

    def raised():
        return Person.objects.get(pk=company.wang.pk).epoch - epoch

    first = give_role(company.wang, role)
    assert raised() == 1
    assert give_role(company.wang, role) == first
    assert raised() == 1
    assert take_role(company.wang, role) is True
    assert raised() == 2
    assert take_role(company.wang, role) is False
    assert raised() == 2


def test_explanations_name_role_department_absent_person_and_grant(company):
    give_role(company.chief, role_with((CUSTOMER, "view", Scope.DEPARTMENT), code="销售经理"))
    give_role(company.chief, role_with((CUSTOMER, "*", Scope.ALL), code="总经理"))
    assert [reason.plain for reason in explain(company.chief, CUSTOMER, "view", company.of_wang, AT, **COLUMNS)] == [
        "The role 总经理 reaches all records.",
        "The role 销售经理 reaches the departments below one's own, and this record belongs to 华东组.",
    ]
    assert [
        reason.plain for reason in explain(company.chief, CUSTOMER, "update", company.of_nobody, AT, **COLUMNS)
    ] == ["The role 总经理 reaches all records."]
    give_role(company.zhao, role_with((CUSTOMER, "view", Scope.OWN), code="业务员"))
    Deputy.objects.create(
        person=company.wang, deputy=company.zhao, from_date=date(2026, 11, 1), until_date=date(2026, 11, 30)
    )
    AccessGrant.objects.create(
        person=company.zhao, module=CUSTOMER, record_id=company.of_wang.pk, actions="view", reason="联合走访",
        valid_from=AT, valid_until=datetime(2026, 11, 30, 16, 0, tzinfo=UTC),
    )  # fmt: skip
    assert [reason.plain for reason in explain(company.zhao, CUSTOMER, "view", company.of_wang, AT, **COLUMNS)] == [
        "The role 业务员 reaches one's own records; wang, whose record this is, is being deputised for.",
        "A grant for this record holds until 2026-12-01 00:00: 联合走访",
    ]
    assert explain(company.zhao, CUSTOMER, "view", company.of_chief, AT, **COLUMNS) == []


def test_the_database_refuses_doubled_rights_and_impossible_values(company):
    role = role_with((CUSTOMER, "view", Scope.OWN))
    give_role(company.wang, role)
    impossible = [
        lambda: RoleRight.objects.create(role=role, module=CUSTOMER, action="view", scope=Scope.ALL),
        lambda: RoleRight.objects.create(role=role, module=CUSTOMER, action="update", scope=9),
        lambda: PersonRole.objects.create(person=company.wang, role=role),
        lambda: Role.objects.create(code="seller", name="x"),
        lambda: Role.objects.create(code="other", name="x", kind="root"),
        lambda: AccessGrant.objects.create(
            person=company.wang, module="m", record_id=role.pk, valid_from=AT, valid_until=AT, reason="x"
        ),
    ]
    for attempt in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
