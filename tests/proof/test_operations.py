"""The permission matrix of the interface: every operation of the description × person × whose record it is.

Whose own or another's record takes a verb is shown for each verb in tests/api/test_contract.py; here is what that
leaves out: records in the bin, locked and unknown ones, files, imports, exports and jobs, and that reading is reading.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from guanxi.api import building
from guanxi.api.building import document
from guanxi.api.operations import Operation
from guanxi.records import registry
from guanxi.records.module import Module
from tests.proof.conftest import Company
from tests.proof.operations import shape_of, type_of, verb_in
from tests.proof.routes import OPERATIONS, Everybody, Holder, OfRecord, OfType, Own, Promise
from tests.proof.stage import (
    BINNED,
    LOCKED,
    NOBODYS,
    OTHER,
    OWNER,
    REFUSED,
    Stage,
    built,
    expected,
    people,
    sent,
    stand,
    widest,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

#: Verbs that work on what lies in the bin.
ON_BINNED = {"restore", "purge"}


@pytest.fixture(scope="module")
def stage(company: Company) -> Stage:
    made = built(company, list(registry.modules()))
    assert LOCKED in made.records["engagement.visitreport"]
    stand()
    return made


def promise_of(operation: Operation) -> Promise:
    """What its shape promises, for the verb in its address."""
    promise, verb = OPERATIONS[shape_of(operation)], verb_in(operation)
    if isinstance(promise, OfRecord | OfType):
        return dataclasses.replace(promise, right=promise.right.format(verb=verb))
    return promise


#: Shapes whose people tests/api/test_contract.py goes through.
CONTRACTED = {"GET *", "GET */count", "POST *"}
IMPORTED = "customers.customer"


def cases(stage: Stage, operation: Operation) -> Iterator[tuple[str, Module | None, str, str]]:
    """What an operation is asked about, and by whom: (address, record type, whose, who asks)."""
    promise, module = promise_of(operation), type_of(operation)
    address = f"/{building.BASE}{operation.path}"
    if isinstance(promise, Everybody | Holder):
        yield address, None, "", OTHER
    elif isinstance(promise, Own):
        for whose, pk in ((OTHER, stage.things[promise.thing].pk), (NOBODYS, uuid.uuid4())):
            for username in _askers_of_a_thing(module):
                yield address.replace("{id}", str(pk)), module, whose, username
    elif isinstance(promise, OfType) and module is None:
        yield address.replace("{id}", "people.person"), registry.module("people.person"), "", OTHER
        yield address.replace("{id}", "access.role"), registry.module("access.role"), "", OTHER
    elif module is not None and isinstance(promise, OfType):
        furthest = [widest(module, "view", promise.right)]
        for username in furthest if shape_of(operation) in CONTRACTED else people(module, promise.right):
            yield address, module, "", username
    elif module is not None:
        for whose, record in stage.asked(module).items():
            if whose not in (OWNER, OTHER):
                pk = str(record.pk if record is not None else uuid.uuid4())
                yield address.replace("{id}", pk), module, whose, widest(module, "view", promise.right)


def _askers_of_a_thing(module: Module | None) -> list[str]:
    if module is None:
        return [OWNER, OTHER, "general_manager", "audit_admin"]
    return people(module, "import") if module.key == IMPORTED else [widest(module, "view", "import")]


def refusal(operation: Operation, promise: Promise, module: Module | None, whose: str, username: str) -> Any:
    """What is expected of an answer; None where it goes through."""
    if isinstance(promise, Own) and module is not None and module.key != IMPORTED:
        return REFUSED  # the import that stands there is one of customers
    found = expected(promise, operation.method, username, module, whose)
    if isinstance(promise, OfRecord) and promise.right in ON_BINNED and module is not None:
        mine = expected(promise, operation.method, username, module, OWNER)
        return mine if whose == BINNED else mine or frozenset({404})
    return found


def differences(stage: Stage, operation: Operation) -> list[str]:
    """Where an operation does not keep its promise; empty where all is well."""
    promise, found, client = promise_of(operation), [], Client(raise_request_exception=False)
    for address, module, whose, username in cases(stage, operation):
        headers = {"If-Match": "*", **stage.company.token(username)}
        body = {"_reason": "test", "_confirmed": True}
        data: Any = {} if operation.method == "GET" else {"data": body, "as_json": True}
        answer = sent(client, operation.method, address, headers=headers, **data)
        refused = refusal(operation, promise, module, whose, username)
        told = f"{operation.method} {address} ({whose or '-'}) as {username}: {answer.status}"
        found += [f"{told}, {each}" for each in wrong(promise, answer, refused)]
    return found


BY_SHAPE: dict[str, list[Operation]] = {}
for _operation in building.operations():
    BY_SHAPE.setdefault(shape_of(_operation), []).append(_operation)


def test_every_operation_says_what_it_promises() -> None:
    unknown = set(BY_SHAPE) - set(OPERATIONS)
    assert not unknown, f"say in tests/proof/routes.py what these operations promise: {sorted(unknown)}"
    assert not set(OPERATIONS) - set(BY_SHAPE), "these operations are gone"
    told = {
        (method.upper(), path.removeprefix(f"/{building.BASE}"))
        for path, methods in document()["paths"].items()
        for method in methods
    }
    assert told == {(each.method, each.path) for found in BY_SHAPE.values() for each in found}


@pytest.mark.parametrize("shape", OPERATIONS)
def test_operations_keep_their_promise(stage: Stage, shape: str) -> None:
    found = [line for operation in BY_SHAPE[shape] for line in differences(stage, operation)]
    assert not found, "\n".join(found)
