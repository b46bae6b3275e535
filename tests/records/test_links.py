"""The other end of a link: who may not see the record does not learn its name, at any door."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.test import Client

from guanxi.records import exporting, history, links, registry
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, create, edit
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
    exporting.export_file(ctx, registry.module(THING), target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert (rows["Bottle"]["part of"] != "") is sees
