"""What stands in the company when the matrix is asked, what each address is expected to answer, and asking it.

The expectation is worked out from the table of rights and from `routes`, not from the code that enforces it.
"""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.test import Client

from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.people.models import Deputy
from guanxi.platform.people.sign_in import Factor
from guanxi.records import batches, registry
from guanxi.records.actions import run
from guanxi.records.importing import running
from guanxi.records.models import SavedView
from guanxi.records.module import Module
from guanxi.records.standard import STANDARD, action_of, create
from guanxi.web.editing import SIMPLE
from tests.contract import oracle
from tests.digest import digest, undone, written
from tests.makers import make
from tests.people import CAST, NOW
from tests.proof.conftest import Company, text_of
from tests.proof.routes import Everybody, Holder, OfRecord, OfType, Own, Promise

OWNER, OTHER = "li_wei", "zhang_min"
REFUSED = frozenset({403, 404})
#: Which records of a type stand there: two people's, and of the first one's one in the bin and one in a locked state.
BINNED, LOCKED, NOBODYS = "binned", "locked", "nobody's"


@dataclass
class Stage:
    """The records, by type and by whose or what they are; and of each kind of personal thing one of Zhang Min's."""

    company: Company
    records: dict[str, dict[str, Any]]
    things: dict[str, Any]

    def asked(self, module: Module) -> dict[str, Any]:
        """The records of a type that one can ask for, one that never existed included."""
        return {**self.records.get(module.key, {}), NOBODYS: None}


#: What else stands in a record that has come into its last state.
TOLD_WITH_THE_STATE: dict[str, dict[str, Any]] = {
    "engagement.watch": {"ended_on": "2026-11-20"},
    "sales.lead": {"closed_on": "2026-11-20"},
    "sales.opportunity": {"closed_on": "2026-11-20"},
    "receivables.invoice": {"issued_on": "2026-11-20", "due_on": "2026-12-20"},
    "sales.periodreport": {"handed_in_on": "2026-11-20"},
    "sales.salesorder": {"delivered_on": "2026-11-20"},
    "service.ticket": {"solution": "换新", "closed_at": NOW},
}


def built(company: Company, modules: list[Module]) -> Stage:
    """The stage for these record types."""
    records = {module.key: _records(company, module) for module in modules if module.can("create")}
    # Nobody stands in for anybody while the matrix is asked: it would widen what the table of rights says.
    Deputy.objects.update(from_date="2020-01-01", until_date="2020-01-02")
    return Stage(company, records, _things(company))


def _records(company: Company, module: Module) -> dict[str, Any]:
    world = company.world
    made = {who: make(world.system, module, world[who]) for who in (OWNER, OTHER)}
    if action_of(module, "delete"):
        made[BINNED] = make(world.system, module, world[OWNER])
        run(STANDARD["delete"], world.system, module, made[BINNED], confirmed=True)
    if module.lifecycle and module.lifecycle.locked:
        made[LOCKED] = make(world.system, module, world[OWNER])
        # Brought there by hand: how a state is reached is for other tests.
        made[LOCKED].__class__._default_manager.filter(pk=made[LOCKED].pk).update(
            **{module.lifecycle.field: module.lifecycle.locked[-1]}, **TOLD_WITH_THE_STATE.get(module.key, {})
        )
    return made


def _things(company: Company) -> dict[str, Any]:
    """One thing of Zhang Min's of each kind that belongs to one person."""
    world = company.world
    person, now, ctx = world[OTHER], world.now, world.ctx(OTHER)
    customer = registry.module("customers.customer")
    rows = store("名称\n新客户\n".encode(), "rows.csv", person, now, StoredFile.Kind.IMPORT, module=customer.key)
    binned = make(world.system, customer, person)
    return {
        "factor": Factor.objects.create(person=person, kind=Factor.Kind.APP, name="Phone", created_at=now),
        "batch": batches.begin(ctx, registry.entry(customer), STANDARD["delete"], [binned.pk], {}),
        "job": Job.objects.create(kind="export", title="Export", actor=person),
        "file": store(b"1,2\n", "hers.csv", person, now, StoredFile.Kind.EXPORT, module=customer.key),
        "view": SavedView.objects.create(module=customer.key, name="Hers", person=person),
        "import": running.begin(ctx, customer, rows),
        "field": create(
            world.ctx("system_admin"), "records.customfield",
            module=customer.key, kind="text", label_zh="口味", label_en="Taste",
        ),
    }  # fmt: skip


# ---- What is expected ------------------------------------------------------------------------------------------------


def reaches(username: str, right: str) -> str:
    """How far somebody reaches with "module action" or "@line action"."""
    name, action = right.split()
    named = registry.find(name) or SimpleNamespace(profile=name.removeprefix("@"), key=name)
    return oracle.reach(username, named, action)  # type: ignore[arg-type]


def holds(username: str, *rights: str) -> bool:
    """Whether he holds one of them on anything at all."""
    return any(reaches(username, right) != oracle.NOTHING for right in rights)


def has(module: Module, abilities: str) -> bool:
    """Whether a record type has everything that a page is about."""
    return all(_has(module, ability) for ability in abilities.split())


def _has(module: Module, ability: str) -> bool:
    if ability == "lines":
        return module.lines is not None and module.lines.offer is not None
    if ability == "same_as":
        return bool(module.same_as)
    if ability in ("merge", "check_known", "delete"):
        return action_of(module, ability) is not None
    if ability == "inline":
        return module.can("edit") and module.can("inline_edit") and bool(inline_field(module))
    return module.can(ability)


def inline_field(module: Module) -> str:
    """A field that is changed in its row of a list; "" where there is none."""
    return next((spec.name for spec in registry.entry(module).form_fields if spec.kind.name in SIMPLE), "")


def expected(promise: Promise, method: str, username: str, module: Module | None, whose: str) -> frozenset[int] | None:
    """The statuses of a refusal, or None where the request goes through."""
    if isinstance(promise, Everybody):
        return None
    if isinstance(promise, Own):
        mine = whose == OTHER and (username == OTHER or _oversees(username, promise))
        return None if mine else REFUSED | {409}
    if isinstance(promise, Holder):
        rights = (promise.to_write,) if method == "POST" and promise.to_write else promise.rights
        return None if holds(username, *rights) else frozenset({403})
    assert module is not None
    if not has(module, promise.ability):
        return REFUSED
    if isinstance(promise, OfType):
        is_seen = promise.is_blind or _sees(username, module)
        return None if is_seen and holds(username, f"{module.key} {promise.right}") else REFUSED
    return _of_record(promise, username, module, whose)


def _of_record(promise: OfRecord, username: str, module: Module, whose: str) -> frozenset[int] | None:
    if not _sees(username, module):
        return REFUSED
    own = (whose in (OWNER, LOCKED) and username == OWNER) or whose == OTHER == username
    if whose in (BINNED, NOBODYS) or not oracle.may(username, module, "view", own=own):
        # That he may do such a thing to nothing may be said before it is looked for.
        lacks = not holds(username, f"{module.key} {promise.right}")
        return REFUSED if lacks else frozenset({404})
    if not oracle.may(username, module, promise.right, own=own):
        return frozenset({403})
    return frozenset({409}) if whose == LOCKED and promise.right == "edit" else None


def _sees(username: str, module: Module) -> bool:
    return holds(username, f"{module.key} view")


def _oversees(username: str, promise: Own) -> bool:
    return bool(promise.overseers) and reaches(username, promise.overseers) == oracle.ALL


def people(module: Module | None, right: str) -> list[str]:
    """One person of each kind of reach that there is, and both whose records stand there."""
    if module is None:
        return list(CAST)
    kinds = {
        (oracle.reach(name, module, "view"), oracle.reach(name, module, right), name in (OWNER, OTHER) and name): name
        for name in reversed(CAST)
    }
    return list(kinds.values())


def widest(module: Module, *rights: str) -> str:
    """Who reaches furthest with these rights: whom nothing but the thing itself stops."""
    order = (oracle.NOTHING, oracle.OWN, oracle.ALL)
    return max(CAST, key=lambda name: [order.index(oracle.reach(name, module, right)) for right in rights])


# ---- Asking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back, and whether anything that the business keeps was changed that should not have been.

    It was taken back. What a request changes that went through is not looked at.
    """

    status: int
    text: str
    is_changed: bool


def filled(pattern: str, parts: dict[str, str]) -> str:
    """An address of the URL table, or of the interface, with something in each of its places."""
    for start, end in (("<", ">"), ("{", "}")):
        for piece in pattern.split(start)[1:]:
            place = piece.partition(end)[0]
            pattern = pattern.replace(f"{start}{place}{end}", parts[place.rpartition(":")[2]])
    return pattern


def named(parts: tuple[tuple[str, str], ...], module: Module | None, record: Any) -> dict[str, str]:
    """What is sent, with the names of the record type and the record in it."""
    names = {"{key}": module.key if module else "", "{pk}": str(record.pk if record is not None else uuid.uuid4())}
    return {name: names.get(value, value) for name, value in parts}


def sent(client: Client, method: str, address: str, data: Any = None, **more: Any) -> Answer:
    """One request, judged and taken back. `data`: a form for a page, JSON (`as_json=True`) for the interface."""
    kept, client.cookies = client.cookies, copy.deepcopy(client.cookies)
    as_json = more.pop("as_json", False)
    try:
        with undone(), written() as statements:
            if as_json:
                answer = client.generic(method, address, json.dumps(data or {}), "application/json", **more)
            elif method == "POST":
                answer = client.post(address, data or {}, **more)
            else:
                answer = client.generic(method, address, **more)
            may_write = method not in ("GET", "HEAD") and answer.status_code < 400
            is_changed = bool(statements) and not may_write and _differs()
            return Answer(answer.status_code, text_of(answer), is_changed)
    finally:
        client.cookies = kept


_standing: list[str] = []


def stand() -> None:
    """From here on is compared: what was written before belongs to the stage."""
    _standing[:] = [digest()]


def _differs() -> bool:
    return digest() != _standing[0]


def wrong(promise: Promise, answer: Answer, refused: frozenset[int] | None, record: Any = None) -> Iterator[str]:
    """In what an answer breaks a promise. `refused`: see `expected`; `record`: what the address is about."""
    stopped = {401, 405, *REFUSED} - ({404} if promise.is_short else set())
    if refused is None and answer.status in stopped:
        yield f"though it is allowed: {answer.text[:200]}"
    if refused is not None and answer.status not in refused:
        yield f"expected {sorted(refused)}"
    if answer.status == 404 and record is not None and str(record) in answer.text:
        yield "and yet it is named"
    if answer.is_changed or (refused is not None and answer.status < 400):
        yield "yet something was changed"
    if answer.status >= 500:
        yield "a defect"
