"""The actors of the tests: one company with named people, each with a shipped role."""

from __future__ import annotations

import copy
import datetime
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField, Model

from guanxi.kernel.chinese.pinyin import person_initials, person_pinyin
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Department, Person
from guanxi.records.context import Context, system_context
from guanxi.rooms.administration.roles import BASE_ROLE, install_roles

#: Saturday 21 November 2026, 10:24 in Shanghai.
NOW = datetime.datetime(2026, 11, 21, 2, 24, tzinfo=datetime.UTC)

#: user name → (name, department code, role)
CAST = {
    "li_wei": ("李伟", "southwest", "account_manager"),
    "wang_fang": ("王芳", "southwest", "account_manager"),
    "zhang_min": ("张敏", "east", "account_manager"),
    "sales_manager": ("陈慧敏", "sales", "sales_manager"),
    "general_manager": ("周建国", "company", "general_manager"),
    "archivist": ("吴静", "office", "archivist"),
    "risk": ("郑凯", "finance", "risk_control"),
    "finance": ("林淑芬", "finance", "finance"),
    "finance_manager": ("沈岚", "finance", "department_manager"),
    "storekeeper": ("赵铁", "store", "storekeeper"),
    "service": ("孙丽", "service", "service"),
    "marketing": ("钱芸", "marketing", "marketing"),
    "clerk": ("何小雨", "office", "employee"),
    "system_admin": ("杨工", "company", "system_admin"),
    "security_admin": ("高安", "company", "security_admin"),
    "audit_admin": ("许审", "company", "audit_admin"),
}
DEPARTMENTS = {
    "company": ("川兴酒业", None),
    "sales": ("销售部", "company"),
    "southwest": ("西南大区", "sales"),
    "east": ("华东大区", "sales"),
    "office": ("综合办", "company"),
    "finance": ("财务部", "company"),
    "store": ("仓储部", "company"),
    "service": ("客服部", "company"),
    "marketing": ("市场部", "company"),
}


@dataclass
class World:
    """The people and departments, and contexts in which they act."""

    people: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    now: datetime.datetime = NOW

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    def ctx(self, username: str, **more: Any) -> Context:
        """That person acting now, from a page, having just confirmed who he is."""
        now = more.pop("now", self.now)
        return Context.of(Person.objects.get(username=username), now=now, confirmed_at=now, **more)

    @property
    def system(self) -> Context:
        return system_context(self.people["system_admin"], now=self.now)


def build_world() -> World:
    """The company in the database; what it takes is worked out once, as every second test begins with it."""
    if _FOUNDED:
        return _FOUNDED[0].again()
    before = _stored()
    with clock_at(NOW):
        world = _build()
    _FOUNDED.append(Founded(copy.deepcopy(world), _rows_since(before)))
    return world


def _build() -> World:
    """Create the company. Passwords are not set: tests log in by force."""
    world = World()
    for code, (name, parent) in DEPARTMENTS.items():
        world.departments[code] = Department.objects.create(
            name=name,
            code=code,
            parent=world.departments.get(parent or ""),
            kind="sales_organisation" if parent == "sales" else "department" if parent else "company",
        )
    for username, (name, department, _role) in CAST.items():
        person = Person(
            username=username,
            name=name,
            name_pinyin=person_pinyin(name),
            initials=person_initials(name),
            department=world.departments[department],
        )
        person.set_unusable_password()
        world.people[username] = person
    # In one statement each: hundreds of tests build this company.
    Person.objects.bulk_create(world.people.values())
    install_roles(world.now)
    roles = {role.code: role for role in Role.objects.all()}
    PersonRole.objects.bulk_create(
        PersonRole(person=world.people[username], role=roles[role])
        for username, (_name, _department, role) in CAST.items()
        if role != BASE_ROLE
    )
    for code, head in {"sales": "sales_manager", "company": "general_manager"}.items():
        world.departments[code].head = world.people[head]
        world.departments[code].save()
    return world


# ---- The company as rows ---------------------------------------------------------------------------------------------

#: Names of columns, and rows: on PostgreSQL as the block that its COPY gives and takes.
Table = tuple[tuple[str, ...], Any]


@dataclass(frozen=True)
class Founded:
    """What founding the company left behind: the people and departments, and by table the rows."""

    world: World
    tables: dict[str, Table]

    def again(self) -> World:
        """The same rows once more, in a database that has lost them."""
        with transaction.atomic(), connection.cursor() as cursor:
            for name, (columns, rows) in self.tables.items():
                names = ", ".join(map(connection.ops.quote_name, columns))
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as block:
                        block.write(rows)
                else:
                    places = ", ".join(["%s"] * len(columns))
                    cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({places})", rows)  # noqa: S608
        return copy.deepcopy(self.world)


_FOUNDED: list[Founded] = []


def _stored() -> dict[str, set[Any]]:
    """The keys of all rows there are, by table."""
    return {model._meta.db_table: set(model._base_manager.values_list("pk", flat=True)) for model in _models()}


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _rows_since(before: dict[str, set[Any]]) -> dict[str, Table]:
    """By table the rows that came since, as the database gave them; keys that it counts itself are left to it."""
    found: dict[str, Table] = {}
    for model in _models():
        table = model._meta.db_table
        if new := set(model._base_manager.values_list("pk", flat=True)) - before[table]:
            is_counted = isinstance(model._meta.pk, AutoField)
            columns = [column for column in model._meta.concrete_fields if not (column.primary_key and is_counted)]
            rows = model._base_manager.filter(pk__in=new).order_by("pk").query
            rows.clear_select_clause()
            rows.add_fields([column.attname for column in columns])
            sql, parameters = rows.sql_with_params()
            found[table] = (tuple(column.column for column in columns), _read(sql, parameters))
    return found


def _read(sql: str, parameters: tuple[Any, ...]) -> Any:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as block:
                return b"".join(block)
        cursor.execute(sql, parameters)
        return cursor.fetchall()
