"""The permission matrix of the pages: every address × method × person × whose record it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from guanxi.records import registry
from guanxi.records.module import Module
from tests.proof.conftest import Company
from tests.proof.routes import NAMED, PAGES, PUBLIC, Everybody, Holder, OfRecord, OfType, Own, Promise
from tests.proof.stage import (
    BINNED,
    NOBODYS,
    OTHER,
    Answer,
    Stage,
    built,
    expected,
    filled,
    inline_field,
    named,
    people,
    sent,
    stand,
    widest,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

#: One record type of each kind that rights tell apart.
TYPES = (
    "customers.customer", "customers.contact", "customers.contribution", "engagement.visitreport", "catalog.pricebook",
    "people.department", "access.role", "policy.parametervalue",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(company: Company) -> Stage:
    made = built(company, [registry.module(key) for key in TYPES])
    stand()
    return made


def addresses(stage: Stage, name: str) -> Iterator[tuple[str, Module | None, str, Any]]:
    """Every address of a route: (address, record type, whose the record is, the record)."""
    pattern, promise = NAMED[name]["pattern"], PAGES[name]
    customer = registry.module("customers.customer")
    if isinstance(promise, Everybody | Holder):
        pk = stage.things["field"].pk if name == "administration:conditions" else uuid.uuid4()
        yield filled(pattern, {"pk": str(pk), **dict(promise.parts)}), None, "", None
        return
    if isinstance(promise, Own):
        of_type = {"app": customer.app, "noun": customer.noun}
        for whose, pk in ((OTHER, stage.things[promise.thing].pk), (NOBODYS, uuid.uuid4())):
            yield filled(pattern, {**of_type, "pk": str(pk), **dict(promise.parts)}), None, whose, None
        return
    only = promise.module if isinstance(promise, OfRecord) else ""
    for module in map(registry.module, (only,) if only else TYPES):
        word = _word(module, promise.word)
        parts = {"app": module.app, "noun": module.noun, "name": word, "book": word}
        if isinstance(promise, OfType):
            yield filled(pattern, parts), module, "", None
            continue
        for whose, record in stage.asked(module).items():
            pk = str(record.pk if record is not None else uuid.uuid4())
            yield filled(pattern, {**parts, "pk": pk}), module, whose, record


def _word(module: Module, word: str) -> str:
    if word == "filter":
        return (module.filters or ("created_at",))[0]
    return inline_field(module) or "name" if word == "field" else word


def askers(promise: Promise, module: Module | None, whose: str) -> list[str]:
    """Who asks: one of each kind; of what is not there, who would see it before anybody else."""
    right = getattr(promise, "right", "view")
    if module is not None and whose in (BINNED, NOBODYS):
        return [widest(module, "view", right)]
    return people(module, right)


def differences(stage: Stage, name: str) -> list[str]:
    """Where a route does not keep its promise; empty where all is well."""
    promise, found = PAGES[name], []
    for number, (address, module, whose, record) in enumerate(addresses(stage, name)):
        for method in promise.methods:
            for username in askers(promise, module, whose):
                refusal = expected(promise, method, username, module, whose)
                answer = _asked(stage, username, method, address, promise, module, record)
                told = f"{method} {address} ({whose or '-'}) as {username}: {answer.status}"
                found += [f"{told}, {each}" for each in wrong(promise, answer, refusal, record)]
        if number == 0:
            found += _other_methods(stage, address, promise, module, record)
    return found


def _asked(
    stage: Stage, username: str, method: str, address: str, promise: Promise, module: Module | None, record: Any
) -> Answer:
    data = named(promise.sends, module, record) if method == "POST" else None
    return sent(stage.company.browser(username), method, address, data)


def _other_methods(stage: Stage, address: str, promise: Promise, module: Module | None, record: Any) -> Iterator[str]:
    """What is asked with a method that the address does not take, and HEAD, changes nothing whoever asks."""
    username = OTHER if module is None else widest(module, "view", getattr(promise, "right", "view"))
    for method in ({"GET", "POST"} - set(promise.methods)) | {"HEAD", "PUT", "DELETE"}:
        answer = _asked(stage, username, method, address, promise, module, record)
        is_head = method == "HEAD" and "GET" in promise.methods
        if answer.is_changed or answer.status >= 500 or (not is_head and answer.status < 400):
            yield f"{method} {address} as {username}: {answer.status}, changed: {answer.is_changed}"


def test_every_route_says_what_it_promises() -> None:
    unknown = set(NAMED) - set(PAGES) - PUBLIC
    assert not unknown, f"say in tests/proof/routes.py what these routes promise: {sorted(unknown)}"
    assert not (set(PAGES) | PUBLIC) - set(NAMED), "these routes are gone"


@pytest.mark.parametrize("name", PAGES)
def test_pages_keep_their_promise(stage: Stage, name: str) -> None:
    found = differences(stage, name)
    assert not found, "\n".join(found)
