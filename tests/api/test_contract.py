"""Every record type × verb × person through the interface: reached exactly where the table of rights says so.

A refusal leaves every business table as it was.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from guanxi.api.records import actions_of
from guanxi.platform.access import tokens
from guanxi.platform.access.models import AccessToken
from guanxi.records import registry
from guanxi.records.actions import Action, run
from guanxi.records.module import Module
from guanxi.records.standard import STANDARD, action_of
from tests.api.conftest import Program
from tests.contract import oracle
from tests.contract.oracle import OWNER
from tests.digest import digest, tried
from tests.makers import changed_value, make, values_for
from tests.people import CAST, NOW, World

MODULES = list(registry.modules())
REFUSED, DONE = {403, 404}, {200, 204}
#: What the verb itself asks for may be missing, or a rule may refuse it; the right is there.
TAKEN = {200, 409, 422}


@pytest.fixture(params=MODULES, ids=[module.key for module in MODULES])
def module(request: pytest.FixtureRequest) -> Module:
    return request.param


@pytest.fixture
def programs(world: World) -> dict[str, Program]:
    """A program of each person, with everything he may."""
    made = {username: tokens.new_secret() for username in CAST}
    AccessToken.objects.bulk_create(
        AccessToken(
            name="Contract", owner=world[username], digest=tokens.digest_of(secret), hint=tokens.hint_of(secret),
            expires_on=NOW.date(), read_only=False, elevated=True,
        )
        for username, secret in made.items()
    )  # fmt: skip
    return {username: Program(secret) for username, secret in made.items()}


def base_of(module: Module) -> str:
    return f"{module.app}/{module.noun}"


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Input as a program sends it: links by id, yes and no as JSON has them."""
    return {name: _as_json(value) for name, value in values.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.pk)
    return value == "yes" if value in ("yes", "no") else value


def sees_links(world: World, username: str, module: Module, values: dict[str, Any]) -> bool:
    ctx = world.ctx(username)
    for name, value in values.items():
        spec = registry.entry(module).fields.get(name)
        target = registry.find(spec.target) if spec and spec.kind.name == "link" else None
        if target and not ctx.search(target).filter(pk=getattr(value, "pk", None)).exists():
            return False
    return True


def test_reading(world: World, module: Module, programs: dict[str, Program]) -> None:
    """A list holds the person's scope and nothing else; what is outside it does not exist, whatever is asked of it."""
    record = make(world.system, module, world[OWNER]) if module.can("create") else None
    for username in oracle.people(module, "view"):
        program, ctx = programs[username], world.ctx(username)
        answer = program.get(f"{base_of(module)}?limit=200")
        assert program.get(f"{base_of(module)}/count").status_code == answer.status_code
        if not ctx.may(module):
            assert answer.status_code == 403, username
            assert record is None or program.get(f"{base_of(module)}/{record.pk}").status_code == 403
            continue
        assert answer.status_code == 200, (username, answer.content)
        seen = {str(pk) for pk in ctx.search(module).values_list("pk", flat=True)}
        assert {item["id"] for item in answer.json()["items"]} == seen, username
        assert program.get(f"{base_of(module)}/count").json() == {"count": len(seen), "more": False}
        if record is not None:
            status = 200 if oracle.may(username, module, "view", own=username == OWNER) else 404
            one = program.get(f"{base_of(module)}/{record.pk}")
            assert one.status_code == status, username
            assert not set(module.hidden) & set(one.json())
            past = program.get(f"{base_of(module)}/{record.pk}/history").status_code
            assert past == (status if module.can("history") else 404), username


def test_creating(world: World, module: Module, programs: dict[str, Program]) -> None:
    if not module.can("create"):
        assert programs["general_manager"].post(base_of(module), {}).status_code == 405
        return
    create = action_of(module, "create")
    is_asked = create is not None and create.approval is not None
    for username in oracle.people(module, "create"):
        may = oracle.reach(username, module, "create") != oracle.NOTHING and module.key != "access.accesstoken"
        program = programs[username]
        values = values_for(world.system, module, world[username])
        with tried(in_vain=not may):
            answer = program.post(base_of(module), {**as_json(values), "_confirmed": True, "_reason": "test"})
            if not may:
                assert answer.status_code == 403, (username, answer.content)
            elif is_asked:
                assert answer.status_code == 202, (username, answer.content)
                request = program.get(answer.json()["approval"]["href"].removeprefix("/api/v1/")).json()
                assert (request["state"], request["owner"]["id"]) == ("waiting", str(world[username].pk))
                assert not module.model._default_manager.exists()
            elif sees_links(world, username, module, values):
                assert answer.status_code == 201, (username, answer.content)
                assert module.model._default_manager.filter(pk=answer.json()["id"]).exists()


def send(program: Program, module: Module, action: Action, record: Any, body: dict[str, Any]) -> Any:
    path = f"{base_of(module)}/{record.pk}"
    body = {**body, "_confirmed": True, "_reason": "test"}
    if action.name == "edit":
        return program.patch(path, body, record.version)
    if action.name == "delete":
        return program.call("DELETE", path, body, If_Match=f'"{record.version}"')
    return program.do(path, action.name, body, record.version)


#: Standard verbs that need to be told more than the record: which others, which field.
ASKING = frozenset({"merge", "unmerge", "reveal"})


def test_verbs(world: World, module: Module, programs: dict[str, Program]) -> None:
    """Edit, delete, restore, purge, assign and the type's own verbs, on a record that is one's own or another's."""
    if not module.can("create"):
        return
    for action in actions_of(module):
        if not action.on_record:
            continue
        record = make(world.system, module, world[OWNER])
        if action.binned:
            run(STANDARD["delete"], world.system, module, record)
            record.refresh_from_db()
        body: dict[str, Any] = {}
        if action.name == "edit":
            body = as_json(changed_value(world.system, module))
        elif action.name == "assign":
            body = {"owner": str(world[OWNER].pk)}
        for username in oracle.people(module, action.name):
            may = oracle.may(username, module, action.name, own=username == OWNER)
            expected = REFUSED if not may else DONE if action.standard and action.name not in ASKING else TAKEN
            with tried() as trial:
                answer = send(programs[username], module, action, record, body)
                told = (username, action.name, answer.status_code, answer.content)
                assert answer.status_code in expected, told
                trial.in_vain = answer.status_code not in DONE


def test_changes_name_their_version(world: World, module: Module, programs: dict[str, Program]) -> None:
    """Without If-Match 428, with an old one 412; both leave everything as it was."""
    program = programs["general_manager"]
    if not (module.can("create") and module.can("edit") and oracle.reach("general_manager", module, "edit") == "all"):
        return
    record = make(world.system, module, world[OWNER])
    path, body, before = f"{base_of(module)}/{record.pk}", as_json(changed_value(world.system, module)), digest()
    assert program.call("PATCH", path, body).status_code == 428
    if module.can("delete"):
        assert program.call("DELETE", path).status_code == 428
    assert program.patch(path, {**body, "_confirmed": True}, record.version + 1).status_code == 412
    assert digest() == before
