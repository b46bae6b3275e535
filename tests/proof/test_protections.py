"""Every protection does something: with it nothing gets through, and switched off the same attempt is seen to.

Each attempt is a function that names what got through. Row scope and masking are switched off in `test_canaries`, what
guards spreadsheets in `test_cells`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client

from guanxi.api import identity, replies
from guanxi.api.calls import Call
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Problem, Unconfirmed
from guanxi.platform.once.sending import Answer as Once
from guanxi.platform.policy.values import set_value
from guanxi.records import export_cells, export_limits, links, registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import ATTENDED, Context
from guanxi.records.exporting import export_file, start_export
from guanxi.records.listing import Query
from guanxi.records.standard import create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.processes.public import install_processes
from guanxi.web import cells, form_fields
from tests.digest import undone
from tests.makers import make
from tests.proof.canaries import WORD, Planted, addresses, agents, opened, programs, seen
from tests.proof.conftest import EVIL, Company, marked
from tests.proof.stage import sent, stand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

THING, CUSTOMER = "room.thing", "customers.customer"


# ---- Other sites -----------------------------------------------------------------------------------------------------


def _posted(company: Company, address: str, *, from_elsewhere: bool = False, **more: Any) -> list[str]:
    """The address, where the business took a form without our mark, or one from another site with it."""
    client, mark = marked(company.world["general_manager"])
    stand()
    headers = {**EVIL, **mark} if from_elsewhere else {}
    status = sent(client, "POST", address, {"name": "Forged"}, headers=headers, **more).status
    return [] if status == 403 else [f"{address}: {status}"]


def unmarked(company: Company) -> list[str]:
    """A page takes a form that was not drawn by us."""
    return _posted(company, "/customers/customer/new/")


def from_elsewhere(company: Company) -> list[str]:
    """A page takes a form with our mark from another site."""
    return _posted(company, "/customers/customer/new/", from_elsewhere=True)


def called_from_elsewhere(company: Company) -> list[str]:
    """The interface takes a call that a browser was made to send."""
    return _posted(company, "/api/v1/customers/customer", as_json=True)


# ---- Names behind links ----------------------------------------------------------------------------------------------


def behind_links(company: Company) -> list[str]:
    """Somebody's own record tells the name of a record that he may not see and that it leads to."""
    world, word = company.world, f"{WORD}link"
    secret = make(world.system, THING, world["zhang_min"], name=word)
    own = make(world.system, THING, world["li_wei"], part_of=secret)
    planted = Planted(records=[(registry.module(THING), own)], places={word: "part of"})
    browser, base = company.browser("li_wei"), "/room/thing/"
    pages = [f"{base}?columns=name,part_of", f"{base}{own.pk}/field/part_of/", *addresses(planted)]

    def doors() -> Iterator[Any]:
        for page in pages:
            yield opened(browser, page)
        yield from programs(browser, company.token("li_wei"), planted)
        yield from agents(world, "li_wei", planted)

    return sorted(set(seen(doors(), planted).values()))


def behind_links_in_files(company: Company, folder: Path) -> list[str]:
    """The same in a file."""
    world, word = company.world, f"{WORD}file"
    secret = make(world.system, THING, world["zhang_min"], name=word)
    make(world.system, THING, world["li_wei"], part_of=secret)
    path = folder / "things.csv"
    export_file(world.ctx("li_wei").because("proof"), THING, path)
    return ["file"] if word in path.read_text("utf-8-sig") else []


# ---- Confirming who one is -------------------------------------------------------------------------------------------


def unconfirmed(company: Company) -> list[str]:
    """Something grave goes on although nobody has shown for long who sits there."""
    world, found = company.world, []
    graves = [
        (module, action)
        for module in registry.modules()
        for action in registry.entry(module).actions.values()
        if action.step_up
    ]
    assert len(graves) > 10
    for source in ATTENDED:
        for module, action in graves:
            holder = next((name for name in world.people if world.ctx(name).may(module, action.name)), None)
            if holder is None:
                continue
            ctx = Context.of(world[holder], source=source, now=world.now)
            found += _went_on(f"{source} {module.key} {action.name}", lambda: run(action, ctx, module, None, {}))  # noqa: B023
        boss = Context.of(world["general_manager"], source=source, now=world.now, reason="proof")
        found += _went_on(f"{source} export", lambda: start_export(boss, registry.module(CUSTOMER), Query()))  # noqa: B023
    return found


def _went_on(what: str, attempt: Callable[[], Any]) -> list[str]:
    try:
        attempt()
    except Unconfirmed:
        return []
    except Problem:
        return [what]
    return [what]


# ---- How much leaves -------------------------------------------------------------------------------------------------


def much_alone(company: Company) -> list[str]:
    """More leaves the house on one person's word than the rule allows: as a list, as a report, by a program."""
    world = company.world
    for name in ("Many One", "Many Two"):
        make(world.system, CUSTOMER, world["li_wei"], name=name)
    Customer.objects.update(status="dealing")
    set_value(export_limits.ROWS_ALONE, "1", world.ctx("li_wei").today, None, "test", world.now)
    found = []
    boss = world.ctx("general_manager", reason="proof")
    install_processes(world.now)
    with suppress(AwaitsApproval):
        start_export(boss, registry.module(CUSTOMER), Query())
        found.append("list")
    browser, token = company.browser("general_manager"), company.token("general_manager")
    if browser.post("/customers/reports/register/export/", {"reason": "proof"}).status_code == 200:
        found.append("report")
    called = browser.post(
        "/api/v1/customers/customer/export", {"_reason": "proof"}, content_type="application/json", headers=token
    )
    return [*found, "call"] if "approval" not in called.json() else found


# ---- Two at once, twice the same -------------------------------------------------------------------------------------


def _program(company: Company) -> Callable[..., Any]:
    client, token = Client(raise_request_exception=False), company.token("li_wei")

    def call(method: str, path: str, body: Any, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()} | token
        return client.generic(method, f"/api/v1/{path}", json.dumps(body), "application/json", headers=told)

    return call


def blind_changes(company: Company) -> list[str]:
    """A program changes a record without saying what it saw, or on the strength of what has passed."""
    world, call = company.world, _program(company)
    thing = create(world.ctx("li_wei"), THING, name="Versioned")
    path, found = f"room/thing/{thing.pk}", []
    if call("PATCH", path, {"notes": "blind"}).status_code != 428:
        found.append("without a version")
    call("PATCH", path, {"notes": "first"}, If_Match='"1"')
    if call("PATCH", path, {"notes": "second"}, If_Match='"1"').status_code != 412:
        found.append("with an old version")
    return found


def done_twice(company: Company) -> list[str]:
    """A call that is sent again is done again."""
    call, known = _program(company), registry.module(THING).model._default_manager
    before = known.count()
    for _time in range(2):
        call("POST", "room/thing", {"name": "Once", "_confirmed": True}, Idempotency_Key="proof-1")
    return [] if known.count() == before + 1 else [f"{known.count() - before} times"]


# ---- With and without ------------------------------------------------------------------------------------------------

Switch = list[tuple[Any, str, Any]]


def _nothing_unseen(*_arguments: Any, **_more: Any) -> set[Any]:
    return set()


def _done_anew(_person: Any, _key: str, act: Callable[[], Any], *_arguments: Any, **_more: Any) -> Once:
    return Once(act())


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_arguments, **_more: value


UNSEEN: Switch = [(place, "unseen", _nothing_unseen) for place in (links, cells, form_fields, export_cells)]
PROTECTIONS: dict[str, tuple[Callable[..., list[str]], Switch]] = {
    "the mark of our forms": (unmarked, [(CsrfViewMiddleware, "process_view", _always(None))]),
    "where a form comes from": (from_elsewhere, [(CsrfViewMiddleware, "_origin_verified", _always(True))]),
    "the mark of our calls": (called_from_elsewhere, [(identity, "_is_forged", _always(False))]),
    "names behind links": (behind_links, UNSEEN),
    "names behind links in files": (behind_links_in_files, UNSEEN),
    "confirming": (unconfirmed, [(Context, "require_confirmed", _always(None))]),
    "the limit of exports": (much_alone, [(export_limits, "judged", _always(Decision.allow()))]),
    "If-Match": (blind_changes, [(Call, "version", _always(None))]),
    "Idempotency-Key": (done_twice, [(replies, "once", _done_anew)]),
}


def tried(company: Company, folder: Path, name: str) -> list[str]:
    """What gets through an attempt; what it made is taken back."""
    attempt = PROTECTIONS[name][0]
    with undone():
        return attempt(company, folder) if attempt is behind_links_in_files else attempt(company)


@pytest.mark.parametrize("name", PROTECTIONS)
def test_nothing_gets_through(company: Company, tmp_path: Path, name: str) -> None:
    assert tried(company, tmp_path, name) == []


@pytest.mark.parametrize("name", PROTECTIONS)
def test_switched_off_it_does(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for owner, attribute, instead in PROTECTIONS[name][1]:
        monkeypatch.setattr(owner, attribute, instead)
    assert tried(company, tmp_path, name)
