"""Who is nobody here, or nobody any more: strangers, people who have left, other sites, programs that may only read.

Every address of the URL table and every operation of the interface refuses them, and nothing is changed by the asking.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from guanxi.api import building
from guanxi.api.operations import Operation
from guanxi.platform.people.models import Person
from guanxi.records import registry
from tests.makers import make
from tests.proof.conftest import EVIL, Company, client_of, marked
from tests.proof.operations import shape_of, type_of
from tests.proof.routes import NAMED, PAGES, PUBLIC, READS, UNMARKED
from tests.proof.stage import Answer, filled, sent, stand, widest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

OPERATIONS = list(building.operations())
WRITING = [operation for operation in OPERATIONS if operation.method != "GET" and shape_of(operation) not in READS]
OPEN = {"openapi"}


@pytest.fixture(scope="module")
def record(company: Company) -> Any:
    """A customer that stands, so that a refusal is not only one of what is not there."""
    made = make(company.world.system, "customers.customer", company.world["li_wei"])
    stand()
    return made


def page_address(name: str, record: Any) -> str:
    """An address of the route that is there."""
    parts = {
        "app": "customers", "noun": "customer", "name": "delete", "report": "register", "book": "visits",
        "what": "stop",
        "key": "customers.customer", "file": "none", "token": "none", "secret": "none", "rest": "none/",
        "pk": str(record.pk), **dict(getattr(PAGES.get(name), "parts", ())),
    }  # fmt: skip
    if NAMED[name]["pattern"].startswith("/api/"):
        return "/api/v1/me"
    return filled(NAMED[name]["pattern"], parts)


def call_address(operation: Operation, record: Any) -> str:
    return "/" + building.BASE + operation.path.replace("{id}", str(record.pk))


def turned_away(answer: Answer, status: int) -> bool:
    """Whether somebody was sent to the log-in page, or told that it needs one, and nothing happened."""
    return not answer.is_changed and answer.status == status


# ---- Strangers, and who has left -------------------------------------------------------------------------------------


def let_in(client: Client, record: Any) -> set[str]:
    """The routes that do not turn this browser away: as a page it is sent to the door, else it is told of it."""
    asked: tuple[tuple[str, dict[str, str], int], ...] = (
        ("GET", {}, 302), ("POST", {}, 403), ("GET", {"HX-Request": "true"}, 403),
    )  # fmt: skip
    return {
        name
        for name in NAMED
        for method, headers, status in asked
        if not turned_away(sent(client, method, page_address(name, record), headers=headers), status)
    }


def test_a_stranger_reaches_the_public_pages_and_no_other(company: Company, record: Any) -> None:
    assert let_in(client_of(None), record) == PUBLIC


def test_who_has_left_reaches_no_more_than_a_stranger(company: Company, record: Any) -> None:
    """Somebody is deactivated, or deleted, while he is signed in and while his program holds a token."""
    person, header = company.world["wang_fang"], company.token("wang_fang")
    for left in ({"is_active": False}, {"deleted_at": company.world.now}):
        client = client_of(person)
        Person.objects.filter(pk=person.pk).update(**left)
        stand()
        assert let_in(client, record) == PUBLIC, left
        assert called(Client(), record, 401, headers=header) == OPEN, left
        Person.objects.filter(pk=person.pk).update(is_active=True, deleted_at=None)
    stand()


def called(client: Client, record: Any, status: int, operations: list[Operation] = OPERATIONS, **more: Any) -> set[str]:
    """The operations that answer otherwise than with this refusal, or change something."""
    found = set()
    for operation in operations:
        address = call_address(operation, record)
        headers = {"If-Match": "*", **more.get("headers", {})}
        answer = sent(client, operation.method, address, {"name": "X"}, as_json=True, headers=headers)
        if answer.status != status or answer.is_changed:
            found.add(operation.name)
    return found


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic bGk6d2Vp"}])
def test_a_program_without_a_token_reaches_the_description_only(
    company: Company, record: Any, header: dict[str, str]
) -> None:
    assert called(Client(), record, 401, headers=header) == OPEN


# ---- Other sites -----------------------------------------------------------------------------------------------------


def forged(company: Company, record: Any) -> Iterator[tuple[str, Answer]]:
    """Every page that takes something, asked by another site in the name of somebody who is signed in."""
    client, mark = marked(company.world["general_manager"])
    for name in NAMED:
        takes = PAGES[name].methods if name in PAGES else ("POST",)
        if "POST" not in takes or NAMED[name]["methods"] in ("GET", "GET HEAD"):
            continue
        for headers in ({}, EVIL, {**EVIL, **mark}, {"X-CSRFToken": "x" * 32}):
            yield name, sent(client, "POST", page_address(name, record), {"pk": str(record.pk)}, headers=headers)


def test_no_page_takes_what_another_site_sends(company: Company, record: Any) -> None:
    answers = list(forged(company, record))
    assert len(answers) > 100
    assert {name for name, answer in answers if answer.status != 403 or answer.is_changed} == UNMARKED
    assert not [name for name, answer in answers if answer.is_changed]


def test_no_operation_takes_what_another_site_sends(company: Company, record: Any) -> None:
    """With the cookie of a browser a program needs the mark of our pages, and must not come from another site."""
    client, mark = marked(company.world["general_manager"])
    for headers in ({}, {**EVIL, **mark}):
        assert called(client, record, 403, WRITING, headers=headers) == set()


def test_our_own_pages_are_let_through(company: Company, record: Any) -> None:
    """The control: with the mark, from here, the same requests are not refused as forged."""
    client, mark = marked(company.world["general_manager"])
    assert sent(client, "POST", "/notices/read/", headers=mark).status < 400
    answer = sent(client, "POST", "/api/v1/customers/contact", {}, as_json=True, headers=mark)
    assert answer.status == 422


# ---- Programs that may only read -------------------------------------------------------------------------------------


def test_a_token_for_reading_writes_nothing(company: Company, record: Any) -> None:
    """Whoever holds the widest right gives his program a token that may only read: no verb of any type works."""
    found = []
    for operation in WRITING:
        module = type_of(operation)
        verb = operation.name.rpartition("_do_")[2] if "_do_" in operation.name else operation.name.rpartition("_")[2]
        owner = widest(module, verb, "view") if module else "general_manager"
        headers = {"If-Match": "*", **company.token(owner, read_only=True)}
        pk = record.pk if module is registry.module("customers.customer") else uuid.uuid4()
        address = f"/{building.BASE}{operation.path.replace('{id}', str(pk))}"
        answer = sent(Client(), operation.method, address, {}, as_json=True, headers=headers)
        if answer.status not in (403, 404) or answer.is_changed:
            found.append(f"{operation.method} {operation.path} as {owner}: {answer.status} {answer.text[:200]}")
    assert not found, "\n".join(found)
