"""Every module × ability × person, own record and another's: allowed exactly where the table of rights says so.

A refusal leaves every business table as it was.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import NotAllowed, NotFound, Problem
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.records import history, listing, registry, search
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import Context
from guanxi.records.exporting import export_file
from guanxi.records.importing.running import begin
from guanxi.records.listing import Query
from guanxi.records.module import Module
from guanxi.records.standard import STANDARD, action_of
from tests.contract import oracle
from tests.contract.oracle import OWNER
from tests.digest import tried
from tests.makers import changed_value, make, values_for
from tests.people import CAST, World

MODULES = [module for module in registry.modules() if module.can("create")]
IDS = [module.key for module in MODULES]


def attempt(work: Callable[..., Any], *arguments: Any, **options: Any) -> Problem | None:
    """Do it and give the problem it ended in, if any."""
    try:
        work(*arguments, **options)
    except Problem as problem:
        return problem
    return None


@pytest.fixture(params=MODULES, ids=IDS)
def module(request: pytest.FixtureRequest) -> Module:
    return request.param


def test_seeing(world: World, module: Module) -> None:
    """A record is in lists, search, counts and reachable by its id exactly for those who may see it."""
    record = make(world.system, module, world[OWNER])
    text = str(getattr(record, module.title) or "")
    for username in CAST:
        ctx = world.ctx(username)
        allowed = oracle.may(username, module, "view", own=username == OWNER)
        shown = [row.pk for row in listing.page(ctx, module, Query()).rows] if ctx.may(module) else []
        assert (record.pk in shown) is allowed, username
        assert (attempt(ctx.get, module, record.pk) is None) is allowed, username
        if module.can("search") and text:
            hits = [hit.record_id for hit in search.find(ctx, text, modules=[module], limit=50)]
            assert (record.pk in hits) is allowed, username


def test_creating(world: World, module: Module) -> None:
    """Whoever has the right creates a record of his own; nobody else leaves a trace."""
    action = action_of(module, "create")
    assert action is not None
    for username in CAST:
        ctx = world.ctx(username)
        if oracle.reach(username, module, "create") == oracle.NOTHING:
            values = values_for(world.system, module, world[username])
            with tried(in_vain=True):
                problem = attempt(run, action, ctx, module, None, values, confirmed=True)
            assert isinstance(problem, NotAllowed), username
            continue
        with tried():
            values = values_for(world.system, module, world[username])
            if not _sees_links(ctx, module, values):
                continue
            problem = attempt(run, action, ctx.because("for the auditor"), module, None, values, confirmed=True)
            if action.approval is not None:
                # What needs an approval by its nature becomes a request, and nothing else.
                assert isinstance(problem, AwaitsApproval), (username, str(problem))
                assert problem.pending.owner == world[username] and not module.model._default_manager.exists()
            else:
                assert problem is None, username


def _sees_links(ctx: Context, module: Module, values: dict[str, Any]) -> bool:
    """Whether the person sees every record the prepared input links to; otherwise he could not have chosen it."""
    for name, value in values.items():
        spec = registry.entry(module).fields.get(name)
        target = registry.find(spec.target) if spec and spec.kind.name == "link" else None
        if target and not ctx.search(target).filter(pk=getattr(value, "pk", None)).exists():
            return False
    return True


@pytest.mark.parametrize("name", ["edit", "delete", "restore", "purge", "assign"])
def test_changing(world: World, module: Module, name: str) -> None:
    """Edit, delete, restore, purge and assign, on one's own record and on another's."""
    action = action_of(module, name)
    opted_out = not module.can("delete" if name in ("restore", "purge") else name)
    if opted_out or (name == "assign" and not module.has_owner):
        assert action is None or name == "edit"
        return
    assert action is not None
    record = make(world.system, module, world[OWNER])
    if action.binned:
        run(STANDARD["delete"], world.system, module, record)
    for username in CAST:
        ctx = world.ctx(username)
        may = oracle.may(username, module, name, own=username == OWNER)
        data: dict[str, Any] = {}
        if name == "edit":
            data = changed_value(ctx, module)
        elif name == "assign":
            data = {"owner": world[OWNER]}
        with tried(in_vain=not may):
            problem = attempt(run, action, ctx, module, record.pk, data, confirmed=True)
            if may:
                assert problem is None, (username, str(problem))
                assert history.of(world.system, registry.entry(module), record) if name != "purge" else True
            else:
                assert isinstance(problem, NotAllowed | NotFound), (username, problem)


def test_merging(world: World, module: Module) -> None:
    """Merging, and taking apart again, is a right that one needs on every record of the merge."""
    merge, unmerge = action_of(module, "merge"), action_of(module, "unmerge")
    if not (module.can("merge") and module.can("edit") and module.can("delete")):
        assert merge is None and unmerge is None
        return
    assert merge is not None and unmerge is not None
    survivor, other = (make(world.system, module, world[OWNER]).pk for _each in range(2))
    for username in CAST:
        may = oracle.may(username, module, "merge", own=username == OWNER)
        with tried(in_vain=not may):
            problem = attempt(run, merge, world.ctx(username), module, survivor, {"others": [other]}, confirmed=True)
        assert problem is None if may else isinstance(problem, NotAllowed | NotFound), (username, str(problem))
    run(merge, world.system, module, survivor, {"others": [other]}, confirmed=True)
    for username in CAST:
        ctx, may = world.ctx(username), oracle.may(username, module, "unmerge", own=username == OWNER)
        with tried(in_vain=not may):
            problem = attempt(run, unmerge, ctx, module, survivor)
            if may:
                assert problem is None and ctx.get(module, other).pk == other, (username, str(problem))
            else:
                assert isinstance(problem, NotAllowed | NotFound), (username, problem)


def test_own_actions_are_rights_of_their_own(world: World, module: Module) -> None:
    """A room's own verbs are granted by name like the standard ones: with the right reached, without it refused."""
    for action in module.actions:
        if action.standard or not action.on_record:
            continue
        record = make(world.system, module, world[OWNER])
        for username in CAST:
            may = oracle.may(username, module, action.name, own=username == OWNER)
            with tried(in_vain=not may):
                problem = attempt(run, action, world.ctx(username), module, record.pk, {})
            # What the verb itself asks for may be missing; the right is not.
            assert isinstance(problem, NotAllowed | NotFound) is not may, (username, action.name, str(problem))


def test_exporting(world: World, module: Module, tmp_path: Path) -> None:
    """An export is a right of its own, and holds exactly the rows the person may both see and export."""
    if not module.can("export_rows"):
        return
    mine, other = (make(world.system, module, world[name]) for name in (OWNER, "wang_fang"))
    for username in CAST:
        ctx = world.ctx(username)
        target = tmp_path / f"{username}.csv"
        problem = attempt(export_file, ctx.because("for the auditor"), module, target)
        if oracle.reach(username, module, "export") == oracle.NOTHING:
            assert isinstance(problem, NotAllowed), username
            assert not target.exists()
            continue
        assert problem is None, (username, str(problem))
        with target.open(encoding="utf-8-sig", newline="") as file:
            rows = len(list(csv.reader(file))) - 1
        may_export = ctx.search(module, "export").filter(pk__in=ctx.search(module).values("pk"))
        assert rows == may_export.count(), username
        for record, owner in ((mine, OWNER), (other, "wang_fang")):
            expected = oracle.may(username, module, "export", own=username == owner)
            assert may_export.filter(pk=record.pk).exists() is expected, username


def test_importing(world: World, module: Module) -> None:
    """An import is a right of its own: who lacks it cannot even begin."""
    if not module.can("import_rows"):
        return
    for username in CAST:
        ctx = world.ctx(username)
        stored = store(b"name\nx\n", "rows.csv", ctx.actor, ctx.now, kind=StoredFile.Kind.IMPORT)
        may = oracle.reach(username, module, "import") != oracle.NOTHING
        with tried(in_vain=not may):
            problem = attempt(begin, ctx, module, stored)
        assert problem is None if may else isinstance(problem, NotAllowed), (username, str(problem))


def test_pages(world: World, module: Module, client: Client) -> None:
    """The list and the record's pages open exactly for those who may see them; a stranger learns nothing."""
    record = make(world.system, module, world[OWNER])
    base = f"/{module.app}/{module.noun}/"
    for username in oracle.people(module, "edit"):
        client.force_login(world.ctx(username).actor)
        seen = oracle.may(username, module, "view", own=username == OWNER)
        reach = oracle.reach(username, module, "view")
        assert client.get(base).status_code == (200 if reach != oracle.NOTHING else 403), username
        page = client.get(f"{base}{record.pk}/")
        assert page.status_code == (200 if seen else 404 if reach != oracle.NOTHING else 403), username
        history_page = client.get(f"{base}{record.pk}/history/")
        assert (history_page.status_code == 200) is (seen and module.can("history")), username
        form = client.get(f"{base}{record.pk}/edit/")
        may_edit = oracle.may(username, module, "edit", own=username == OWNER) and module.can("edit")
        lifecycle = module.lifecycle
        if lifecycle is None or getattr(record, lifecycle.field) not in lifecycle.locked:
            assert (form.status_code == 200) is may_edit, username


def test_a_trace_would_be_noticed(world: World) -> None:
    with pytest.raises(AssertionError, match="though in vain"), tried(in_vain=True):
        make(world.system, "engagement.memo", world[OWNER])
    assert not registry.module("engagement.memo").model._default_manager.exists()
