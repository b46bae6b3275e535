"""The demo company itself: departments, positions, people with their roles and logins."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from guanxi.platform.access.models import Role
from guanxi.platform.access.roles import give_role
from guanxi.platform.people.models import Department, DepartmentKind, Person
from guanxi.records import registry
from guanxi.records.actions import run, run_many
from guanxi.records.context import Context
from guanxi.records.standard import action_of, create, edit
from guanxi.records.work import Item
from guanxi.rooms.administration.public import BASE_ROLE, install_roles
from guanxi.rooms.processes.public import install_processes

#: Every demo login has this one password. It is printed for everyone to see and belongs to no real installation.
PASSWORD = "guanxi-demo-2026"  # noqa: S105 - public by intention

#: Where the demo's entries in the audit trail come from.
SOURCE = "demo"


@dataclass(frozen=True)
class Post:
    """A person of the company. `superior` is a user name; `phone` the internal extension."""

    name: str
    department: str
    position: str
    role: str
    superior: str = ""


@dataclass(frozen=True)
class Login:
    """A way into the demo: user name, name and task of the person, the password all of them share."""

    username: str
    name: str
    position: str
    department: str
    password: str


#: code → (name, code of the department above, kind, user name of the head)
DEPARTMENTS: dict[str, tuple[str, str, str, str]] = {
    "company": ("川兴酒业", "", DepartmentKind.COMPANY, "general_manager"),
    "sales": ("销售部", "company", DepartmentKind.SALES_ORGANISATION, "sales_manager"),
    "southwest": ("西南大区", "sales", DepartmentKind.SALES_ORGANISATION, "li_wei"),
    "east": ("华东大区", "sales", DepartmentKind.SALES_ORGANISATION, "zhang_min"),
    "north": ("华北大区", "sales", DepartmentKind.SALES_ORGANISATION, "ma_chao"),
    "south": ("华南大区", "sales", DepartmentKind.SALES_ORGANISATION, "huang_haitao"),
    "marketing": ("市场部", "company", DepartmentKind.DEPARTMENT, "marketing"),
    "finance": ("财务部", "company", DepartmentKind.DEPARTMENT, "finance"),
    "risk": ("风控部", "company", DepartmentKind.DEPARTMENT, "risk"),
    "store": ("仓储部", "company", DepartmentKind.DEPARTMENT, "storekeeper"),
    "service": ("客服部", "company", DepartmentKind.DEPARTMENT, "service"),
    "office": ("综合办", "company", DepartmentKind.DEPARTMENT, "archivist"),
}
#: name → rank
POSITIONS = {
    "总经理": 100, "销售部经理": 80, "市场部经理": 70, "财务主管": 70, "风控主管": 70, "大区经理": 60, "客服主管": 60,
    "仓管员": 40, "档案管理员": 40, "客户经理": 30, "文员": 20, "系统管理员": 50, "安全管理员": 50, "审计管理员": 50,
}  # fmt: skip
#: The two who exist before anybody can be entered by an action.
FOUNDERS: dict[str, Post] = {
    "system_admin": Post("杨工", "office", "系统管理员", "system_admin", "general_manager"),
    "security_admin": Post("高安", "office", "安全管理员", "security_admin", "general_manager"),
}
STAFF: dict[str, Post] = {
    "general_manager": Post("周建国", "company", "总经理", "general_manager"),
    "sales_manager": Post("陈慧敏", "sales", "销售部经理", "sales_manager", "general_manager"),
    "li_wei": Post("李伟", "southwest", "大区经理", "account_manager", "sales_manager"),
    "wang_fang": Post("王芳", "southwest", "客户经理", "account_manager", "li_wei"),
    "zhang_min": Post("张敏", "east", "大区经理", "account_manager", "sales_manager"),
    "liu_yang": Post("刘洋", "east", "客户经理", "account_manager", "zhang_min"),
    "ma_chao": Post("马超", "north", "大区经理", "account_manager", "sales_manager"),
    "zhao_xin": Post("赵欣", "north", "客户经理", "account_manager", "ma_chao"),
    "huang_haitao": Post("黄海涛", "south", "大区经理", "account_manager", "sales_manager"),
    "he_mei": Post("何梅", "south", "客户经理", "account_manager", "huang_haitao"),
    "marketing": Post("钱芸", "marketing", "市场部经理", "marketing", "general_manager"),
    "finance": Post("林淑芬", "finance", "财务主管", "finance", "general_manager"),
    "risk": Post("郑凯", "risk", "风控主管", "risk_control", "general_manager"),
    "storekeeper": Post("赵铁", "store", "仓管员", "storekeeper", "general_manager"),
    "service": Post("孙丽", "service", "客服主管", "service", "general_manager"),
    "archivist": Post("吴静", "office", "档案管理员", "archivist", "general_manager"),
    "clerk": Post("何小雨", "office", "文员", "attendance_clerk", "archivist"),
    "audit_admin": Post("许审", "office", "审计管理员", "audit_admin", "general_manager"),
}
EVERYBODY = {**STAFF, **FOUNDERS}
#: Heads of other departments, who may ask to see an archive.
DEPARTMENT_MANAGERS = ("marketing", "finance", "service")

#: Sales region → its account managers.
ACCOUNT_MANAGERS: dict[str, tuple[str, ...]] = {
    region: tuple(name for name, post in STAFF.items() if post.department == region)
    for region in ("southwest", "east", "north", "south")
}


def logins() -> list[Login]:
    """Every login of the demo, for printing after it was built."""
    return [
        Login(username, post.name, post.position, DEPARTMENTS[post.department][0], PASSWORD)
        for username, post in EVERYBODY.items()
    ]


def found(now: datetime.datetime) -> dict[str, Person]:
    """Found the company at that moment; returns its people by user name, with what later actions need of them."""
    install_roles(now)
    install_processes(now)
    founders = {username: _founder(username, post, now) for username, post in FOUNDERS.items()}
    ctx = Context.of(founders["system_admin"], source=SOURCE, now=now)
    departments = _departments(ctx)
    _enter_staff(ctx, departments)
    people = {person.username: person for person in Person.objects.filter(deleted_at=None)}
    _place_founders(ctx, departments, people)
    for code, (_name, _parent, _kind, head) in DEPARTMENTS.items():
        edit(ctx, "people.department", departments[code], head=people[head])
    _give_roles(Context.of(founders["security_admin"], source=SOURCE, now=now), people)
    _set_password(people)
    _open_the_door(Context.of(founders["system_admin"], source=SOURCE, now=now))
    _install_pack(Context.of(founders["system_admin"], source=SOURCE, now=now))
    return {person.username: person for person in Person.objects.select_related("department").filter(deleted_at=None)}


def _set_password(people: dict[str, Person]) -> None:
    """One password for all, hashed once: it is public, and hashing is slow by intention."""
    first, *others = people.values()
    first.set_password(PASSWORD)
    Person.objects.filter(pk__in=[first.pk, *(person.pk for person in others)]).update(
        password=first.password, must_change_password=False
    )


#: The demo is opened by one public password, so nobody is made to carry a phone, and nobody is hurried.
DOOR = {"people.second_factor_roles": "none", "people.idle_minutes": "480", "people.confirmed_minutes": "60"}


def _open_the_door(ctx: Context) -> None:
    change = action_of(registry.module("policy.parametervalue"), "set_parameter")
    assert change is not None
    for name, value in DOOR.items():
        data = {"name": name, "value": value, "valid_from": ctx.today}
        run(change, ctx.because("演示公司：用公开口令登录，不强制两步验证。"), "policy.parametervalue", None, data)


def _install_pack(ctx: Context) -> None:
    """The fields of the trade: the company deals in liquor."""
    install = action_of(registry.module("records.customfield"), "install_pack")
    assert install is not None
    run(install, ctx, "records.customfield", None, {"pack": "liquor"})


def _founder(username: str, post: Post, now: datetime.datetime) -> Person:
    person = Person.objects.create_user(username, None, name=post.name, created_at=now, changed_at=now)
    for code in (BASE_ROLE, post.role):
        give_role(person, Role.objects.get(code=code, deleted_at=None))
    return person


def _departments(ctx: Context) -> dict[str, Department]:
    made: dict[str, Department] = {}
    for code, (name, parent, kind, _head) in DEPARTMENTS.items():
        made[code] = create(ctx, "people.department", name=name, code=code, kind=kind, parent=made.get(parent))
    return made


def _enter_staff(ctx: Context, departments: dict[str, Department]) -> None:
    positions = {name: create(ctx, "people.position", name=name, rank=rank) for name, rank in POSITIONS.items()}
    entered: dict[str, Person] = {}
    for number, (username, post) in enumerate(STAFF.items(), start=1):
        entered[username] = create(
            ctx, "people.person", name=post.name, username=username, number=f"CX{number:03}",
            email=f"{username.replace('_', '.')}@chuanxing.example", phone=f"028-8540 {6000 + number}",
            department=departments[post.department], position=positions[post.position],
            superior=entered.get(post.superior), joined_on=ctx.today.replace(year=ctx.today.year - 3, day=1),
        )  # fmt: skip


def _place_founders(ctx: Context, departments: dict[str, Department], people: dict[str, Person]) -> None:
    for number, (username, post) in enumerate(FOUNDERS.items(), start=len(STAFF) + 1):
        edit(
            ctx, "people.person", people[username], number=f"CX{number:03}", department=departments[post.department],
            position=post.position, superior=people[post.superior],
        )  # fmt: skip


def _give_roles(ctx: Context, people: dict[str, Person]) -> None:
    give = action_of(registry.module("people.person"), "give_role")
    assert give is not None
    held = [*((username, post.role) for username, post in STAFF.items())]
    held += [(username, "department_manager") for username in DEPARTMENT_MANAGERS]
    held += [(head, "team_leader") for _name, above, _kind, head in DEPARTMENTS.values() if above == "sales"]
    roles = {role.code: role for role in Role.objects.filter(deleted_at=None)}
    items = [Item(people[username], {"role": roles[code]}) for username, code in held]
    run_many(give, ctx, "people.person", items)
