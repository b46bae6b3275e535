"""The actors of the tests: one company with named people, each with a shipped role."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from guanxi.kernel.chinese.pinyin import person_initials, person_pinyin
from guanxi.platform.access.models import PersonRole, Role
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
