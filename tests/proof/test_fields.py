"""Every field × person × door: clear, masked or not there, exactly as its class and the table of rights say (R21).

What is expected is worked out here, from the description of the record types and the shipped roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Problem
from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.records import customising, listing, masking, reading, registry, search
from guanxi.records.context import Context
from guanxi.records.exporting import export_file
from guanxi.records.fields import FieldSpec, Sealed
from guanxi.records.listing import Query
from guanxi.records.module import Module
from tests.contract import oracle
from tests.digest import undone
from tests.proof.canaries import FOUND, Planted, opened, plant
from tests.proof.conftest import Company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

OWNER = "zhang_min"
#: The owner; a colleague, who sees what is on the market only; one who sees all; one who sees all archives but not how
#: to reach their people; one who may do nothing here.
PEOPLE = (OWNER, "li_wei", "sales_manager", "service", "clerk")
CLEAR, MASKED, ABSENT = "clear", "masked", "absent"
#: What stands in no role as it is shipped: to see every archive and to reveal none.
GRANTED = {("service", "customer", "view"), ("service", "customer", "export")}
PROFILES = ("customer", "contribution", "activity", "market", "catalog")


@pytest.fixture(scope="module")
def planted(company: Company) -> Planted:
    """One record of Zhang Min's of every business type, a canary in every text it takes."""
    customising.forget()
    role = Role.objects.get(code="service")
    for action in ("view", "export"):
        RoleRight.objects.create(role=role, module="@customer", action=action, scope=Scope.ALL)
    return plant(company.world, OWNER, _types())


def _types() -> list[Module]:
    """The customer first, so that the others can lead to it."""
    found = [module for module in registry.modules() if module.profile in PROFILES and module.can("create")]
    return sorted(found, key=lambda module: module.key != "customers.customer")


# ---- What is expected ------------------------------------------------------------------------------------------------


def reach(username: str, module: Module, action: str) -> bool:
    """Whether a person may do this to Zhang Min's record."""
    if (username, module.profile, action) in GRANTED:
        return True
    return oracle.may(username, module, action, own=username == OWNER)


def expected(username: str, module: Module, name: str) -> str:
    """How a field of Zhang Min's record stands before somebody."""
    if name in module.hidden or not reach(username, module, "view"):
        return ABSENT
    if registry.entry(module).class_of(name) is DataClass.C3:
        return MASKED
    return MASKED if name in module.personal and not reach(username, module, "reveal") else CLEAR


# ---- What is seen ----------------------------------------------------------------------------------------------------


def shown(company: Company, username: str, module: Module, record: Any, folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Door by door what canaries a person meets of one record; doors that show all fields begin with "all"."""
    browser, token = company.browser(username), company.token(username)
    base, names = f"/{module.app}/{module.noun}", ",".join(registry.entry(module).fields)
    readable = ",".join(reading.names_of(registry.entry(module)))
    for door, client, address, headers in (
        ("all: list", browser, f"{base}/?columns={names}", {}),
        ("all: call for the list", Client(), f"/api/v1{base}?columns={readable}", token),
        ("all: call", Client(), f"/api/v1{base}/{record.pk}", token),
        ("page", browser, f"{base}/{record.pk}/", {}),
        ("form", browser, f"{base}/{record.pk}/edit/", {}),
        ("history", browser, f"{base}/{record.pk}/history/", {}),
        ("call for the history", Client(), f"/api/v1{base}/{record.pk}/history", token),
    ):
        yield door, set(FOUND.findall(opened(client, address, headers=headers)[2].replace(" ", "")))
    if module.can("export_rows") and reach(username, module, "export"):
        path = folder / f"{username} {module.key}.csv"
        with undone():
            export_file(company.world.ctx(username).because("proof"), module, path)
        yield "all: file", set(FOUND.findall(path.read_text("utf-8-sig").replace(" ", "")))


def told(ctx: Context, module: Module, record: Any, name: str, canary: str) -> dict[str, bool]:
    """Whether asking for a value finds its record: by filter, by search; and whether a list goes by its order."""
    spec = registry.entry(module).field(name)
    entered = canary.partition("@")[0]
    return {
        "filter": _finds(ctx, module, record, {"field": name, "op": _operator(spec), "value": entered}),
        "search": record.pk in [hit.record_id for hit in search.find(ctx, entered, modules=[module], limit=50)],
        "quick search": _finds(ctx, module, record, {}, entered),
        "sort": ctx.may(module) and listing.can_sort(ctx, module, name),
    }


def _operator(spec: FieldSpec) -> str:
    return {"sealed": "equals", "tags": "any"}.get(spec.kind.name, "contains")


def _finds(ctx: Context, module: Module, record: Any, tree: dict[str, Any], text: str = "") -> bool:
    try:
        rows = listing.page(ctx, module, Query(filters=tree, text=text)).rows
    except Problem:
        return False
    return record.pk in [row.pk for row in rows]


def differences(company: Company, planted: Planted, username: str, folder: Path) -> list[str]:
    """Where a field stands otherwise before somebody than it should."""
    found: list[str] = []
    ctx = company.world.ctx(username)
    for module, record in planted.records:
        canaries = {place.rpartition(".")[2]: canary for canary, place in planted.places.items()
                    if place.rpartition(".")[0] == module.key}  # fmt: skip
        states = {name: expected(username, module, name) for name in canaries}
        for door, met in shown(company, username, module, record, folder):
            for name, canary in canaries.items():
                is_clear = canary in met
                if is_clear is (states[name] == CLEAR) or (not is_clear and not door.startswith("all")):
                    continue
                found.append(f"{module.key}.{name}, {door}: {'clear' if is_clear else 'not'}, though {states[name]}")
        for name, canary in canaries.items():
            found += _oracles(module, name, states[name], told(ctx, module, record, name, canary), username)
    return found


def _oracles(module: Module, name: str, state: str, answers: dict[str, bool], username: str) -> Iterator[str]:
    """An answer that tells of what is not shown; or none about what is, as a control."""
    spec, may_ask = registry.entry(module).field(name), state == CLEAR
    if spec.kind.name == "sealed":  # who may reveal it may ask whether it is this one
        may_ask = reach(username, module, "reveal") and state == MASKED
    wanted = {"filter": may_ask and _operator(spec) in spec.kind.operators}
    if state != CLEAR:
        wanted |= {"search": False, "quick search": False}
    if name in module.personal:
        # The order of a list goes by all its rows: it is told who may read them all.
        sight = oracle.reach(username, module, "view")
        everything = sight != oracle.NOTHING and oracle.reach(username, module, "reveal") in (oracle.ALL, sight)
        wanted["sort"] = everything and spec.kind.sortable
    yield from (
        f"{module.key}.{name}, {door}: {answers[door]}, though {state}"
        for door, is_wanted in wanted.items()
        if answers[door] is not is_wanted
    )


@pytest.mark.parametrize("username", PEOPLE)
def test_every_field_stands_as_its_class_and_the_rights_say(
    company: Company, planted: Planted, tmp_path: Path, username: str
) -> None:
    assert len(planted.places) > 100 and planted.sealed and planted.personal
    found = differences(company, planted, username, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("owner", "name", "switched_off", "column"),
    [
        (masking, "covers", lambda ctx, module: True, "customers.contact.mobile"),
        (Sealed, "__str__", lambda value: value.plain, "customers.billingprofile.account"),
    ],
)
def test_the_proof_notices_a_protection_switched_off(
    company: Company, planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    owner: Any, name: str, switched_off: Any, column: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(owner, name, switched_off)
    told_by = {line.partition(", ")[2] for line in differences(company, planted, "service", tmp_path)
               if line.startswith(column)}  # fmt: skip
    assert len(told_by) >= 3, told_by
