"""The other end of a link: who may not see the record does not learn its name, at any door."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.test import Client

from guanxi.records import exporting, history, links, listing, registry, search
from guanxi.records.actions import run
from guanxi.records.filters import compile_filter
from guanxi.records.listing import Query
from guanxi.records.standard import ASSIGN, DELETE, create, edit
from guanxi.rooms.engagement.public import my_agenda
from tests.people import World

THING = "room.thing"


@pytest.fixture
def linked(world: World) -> World:
    """A thing of 李伟's that is part of one of 王芳's: only the sales manager could make it so."""
    secret = create(world.ctx("wang_fang"), THING, name="SECRET-BOX")
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    edit(world.ctx("sales_manager"), THING, thing, part_of=secret)
    return world


def test_only_what_one_may_see_counts_as_seen(linked: World) -> None:
    secret = linked.ctx("sales_manager").search(THING).get(name="SECRET-BOX")
    assert links.unseen(linked.ctx("li_wei"), THING, [secret.pk]) == {secret.pk}
    assert links.unseen(linked.ctx("clerk"), THING, [secret.pk]) == {secret.pk}
    assert links.unseen(linked.ctx("wang_fang"), THING, [secret.pk]) == set()
    assert links.unseen(linked.ctx("sales_manager"), THING, [secret.pk]) == set()
    run(DELETE, linked.ctx("wang_fang"), THING, secret)
    assert links.unseen(linked.ctx("wang_fang"), THING, [secret.pk]) == set()
    assert links.unseen(linked.ctx("li_wei"), THING, [secret.pk]) == {secret.pk}


@pytest.mark.parametrize(("who", "sees"), [("li_wei", False), ("sales_manager", True)])
def test_list_page_history_and_export_keep_the_name_from_whom_it_does_not_concern(
    linked: World, client: Client, tmp_path: Path, who: str, sees: bool
) -> None:
    ctx = linked.ctx(who)
    thing = ctx.search(THING).get(name="Bottle")
    client.force_login(ctx.actor)
    for path in ("/room/thing/?columns=name,part_of", f"/room/thing/{thing.pk}/", f"/room/thing/{thing.pk}/history/"):
        page = client.get(path)
        assert page.status_code == 200
        shown = page.content.decode().replace('data-label="SECRET-BOX"', "")
        if path.startswith("/room/thing/?") and sees:
            continue  # the box itself stands in the manager's list
        assert ("SECRET-BOX" in shown) is sees, path
    past = [change for entry in history.of(ctx, registry.entry(THING), thing) for change in entry.changes]
    assert {change.new for change in past if str(change.label) == "part of"} == {"SECRET-BOX" if sees else "****"}
    target = tmp_path / "things.csv"
    exporting.export_file(ctx.because("for the auditor"), registry.module(THING), target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert (rows["Bottle"]["part of"] != "") is sees


def test_neither_filter_nor_order_nor_cursor_tells_of_what_one_may_not_see(linked: World) -> None:
    ctx, module = linked.ctx("li_wei"), registry.module(THING)
    edit(linked.ctx("wang_fang"), THING, linked.ctx("wang_fang").search(THING).get(), notes="1390000")

    def answers(op: str, value: str) -> tuple[int, int]:
        node = {"field": "part_of.notes", "op": op, "value": value}
        found = [ctx.search(module).filter(compile_filter(module, tree, ctx)) for tree in (node, {"not": node})]
        return found[0].count(), found[1].count()

    assert answers("starts", "139") == answers("starts", "777") == (0, 1)
    assert answers("not_contains", "139") == answers("not_contains", "777") == (0, 1)
    manager = linked.ctx("sales_manager")
    node = {"field": "part_of.notes", "op": "starts", "value": "139"}
    assert manager.search(module).filter(compile_filter(module, node, manager)).count() == 1
    assert listing.page(ctx, module, Query(sort="part_of")).sort == "-changed_at"
    assert listing.page(manager, module, Query(sort="part_of")).sort == "part_of"


def test_forms_and_editing_in_place_keep_the_name_too(linked: World, client: Client) -> None:
    ctx = linked.ctx("li_wei")
    thing = ctx.search(THING).get(name="Bottle")
    secret = thing.part_of_id
    client.force_login(ctx.actor)
    for path in (f"/room/thing/{thing.pk}/edit/", f"/room/thing/new/?copy={thing.pk}"):
        page = client.get(path)
        assert page.status_code == 200 and "SECRET-BOX" not in page.content.decode(), path
    assert client.post(f"/room/thing/{thing.pk}/field/part_of/", {}).status_code == 404
    saved = client.post(
        f"/room/thing/{thing.pk}/edit/",
        {"name": "Flask", "part_of": str(secret), "part_of__text": "****", "version": str(thing.version)},
    )
    assert saved.status_code == 302
    thing.refresh_from_db()
    assert (thing.name, thing.part_of_id) == ("Flask", secret)


def test_a_task_keeps_no_name_of_a_customer_that_went_to_somebody_else(world: World) -> None:
    ctx = world.ctx("li_wei")
    customer = create(ctx, "customers.customer", name="秘密酒业有限公司")
    create(ctx, "engagement.task", subject="回访", customer=customer, due_on="2026-11-21")
    assert [step.customer for step in my_agenda(ctx, 5)] == ["秘密酒业有限公司"]
    run(ASSIGN, world.ctx("sales_manager"), "customers.customer", customer, {"owner": world["wang_fang"]})
    step = my_agenda(world.ctx("li_wei"), 5)[0]
    assert (step.title, step.customer, step.customer_id) == ("回访", "", None)
    hits = search.find(world.ctx("li_wei"), "回访", modules=[registry.module("engagement.task")])
    assert [(hit.title, "秘密" in hit.note) for hit in hits] == [("回访", False)]
