"""The interface does what its description says: generated calls by four callers, no defect, no undescribed answer.

Deterministic: the same calls each time. One record type with every kind of field, the customer, a person of the
company, and what is about no type; the others are made by the same code (see `test_contract`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from guanxi.api import problems
from guanxi.api.building import document
from guanxi.kernel.errors import Problem
from guanxi.records.standard import create
from tests.api.conftest import Program
from tests.makers import make
from tests.people import World

TYPES = ("room/thing", "customers/customer", "people/person", "access/accesstoken")
GENERAL = ("me", "modules", "search", "jobs", "files", "openapi.json")
CALLERS = ("nobody", "reader", "manager", "administrator")
EXAMPLES = 3


def is_tested(path: str) -> bool:
    below = path.removeprefix("/api/v1/")
    return below.startswith(TYPES) or below.split("/")[0] in GENERAL


@pytest.fixture
def callers(world: World, program: Any) -> dict[str, Program]:
    make(world.system, "customers.customer", world["li_wei"])
    create(world.system, "room.thing", confirmed=True, name="Box", owner=world["li_wei"])
    return {
        "nobody": Program(None),
        "reader": program("li_wei", read_only="yes"),
        "manager": program("sales_manager", elevated="yes"),
        "administrator": program("system_admin", elevated="yes"),
    }


def test_the_description_is_valid_and_covers_every_verb(world: World) -> None:
    told = document()
    schema: OpenApiSchema = schemathesis.openapi.from_dict(told)
    schema.validate()
    names = [operation["operationId"] for path in told["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) > 300
    assert {"room_thing_create", "customers_customer_do_restore", "people_person_do_give_role"} <= set(names)
    assert "digest" not in told["components"]["schemas"]["access.accesstoken"]["properties"]
    assert "password" not in told["components"]["schemas"]["people.person"]["properties"]


def test_the_description_is_open_and_in_both_languages(world: World) -> None:
    titles = [
        Client()
        .get("/api/v1/openapi.json", headers={"accept-language": language})
        .json()["components"]["schemas"]["customers.customer"]["title"]
        for language in ("en", "zh-CN")
    ]
    assert titles == ["customer", "客户"]


@pytest.mark.parametrize("caller", CALLERS)
def test_generated_calls_are_answered_as_described(callers: dict[str, Program], caller: str) -> None:
    told = document()
    schema: OpenApiSchema = schemathesis.openapi.from_dict(told)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if not is_tested(operation.path):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += _try(operation, operation.as_strategy(generation_mode=mode), callers[caller], told)
    assert tried > 100


def _try(operation: Any, strategy: st.SearchStrategy[Any], program: Program, told: dict[str, Any]) -> int:
    tried = [0]

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def one(case: Any) -> None:
        tried[0] += 1
        answer = _sent(case, program)
        label = f"{case.method} {case.path}: {case.query} {case.body!r} → {answer.status_code} {answer.content[:400]!r}"
        assert answer.status_code < 500, label
        described = operation.definition.raw["responses"].get(str(answer.status_code))
        assert described is not None or answer.status_code in (404, 405), label
        _validate(answer, described, told, label)

    try:
        one()
    except Unsatisfiable:  # nothing of this operation can be wrong
        return tried[0]
    return tried[0]


def _sent(case: Any, program: Program) -> Any:
    arguments = case.as_transport_kwargs(base_url="http://testserver")
    request = _prepared(arguments)
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in request.headers.items()
        if name.lower() not in ("cookie", "authorization", "content-length", "host")
    }
    body = request.body or b""
    return program.client.generic(
        request.method,
        request.path_url,
        body.encode() if isinstance(body, str) else body,
        content_type=request.headers.get("Content-Type", "application/json"),
        headers={**headers, **program.headers},
    )


def test_every_problem_there_is_has_its_own_code_with_a_title() -> None:
    # Pages are loaded with the addresses, and some have problems of their own.
    assert get_resolver().url_patterns
    kinds, waiting = set(), [Problem]
    while waiting:
        kind = waiting.pop()
        kinds.add(kind)
        waiting += kind.__subclasses__()
    codes = [kind.code for kind in kinds if kind.__module__.startswith("guanxi.")]
    assert sorted(codes) == sorted(set(codes))
    assert set(codes) | {"needs_confirmation"} == set(problems.TITLES)


def _prepared(arguments: dict[str, Any]) -> Any:
    known = ("method", "url", "headers", "params", "data", "json", "files", "cookies")
    return requests.Request(**{name: value for name, value in arguments.items() if name in known}).prepare()


def _validate(answer: Any, described: Any, told: dict[str, Any], label: str) -> None:
    if described is None:
        return
    while "$ref" in described:
        described = told["components"]["responses"][described["$ref"].rpartition("/")[2]]
    content = described.get("content", {})
    if not content or "*/*" in content:
        return
    kind = answer["Content-Type"].partition(";")[0]
    assert kind in content, label
    schema = {**content[kind]["schema"], "components": told["components"]}
    Draft202012Validator(schema).validate(json.loads(answer.content))
