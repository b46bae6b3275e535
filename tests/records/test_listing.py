"""Lists: order, paging by the last row seen, views, counts; every page once and only once."""

from __future__ import annotations

import base64
import contextlib
import json
import random

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.records import listing, registry
from guanxi.records.actions import Item, run_many
from guanxi.records.listing import Query
from guanxi.records.models import SavedView
from guanxi.records.standard import CREATE, create
from tests.people import World
from tests.room.models import Thing

MODULE = "room.thing"


@pytest.fixture
def shelf(world: World) -> World:
    dice = random.Random(7)
    rows = [
        {
            "name": f"n{dice.randrange(12):02}",
            "made_on": dice.choice(["", "2026-01-01", "2026-01-02"]),
            "price": dice.choice(["", "1", "2.50"]),
            "colour": dice.choice(["", "red", "blue"]),
            "pieces": dice.choice(["", "1", "2"]),
            "keeper": dice.choice(["", "li_wei", "zhang_min"]),
        }
        for _n in range(47)
    ]
    run_many(CREATE, world.ctx("li_wei"), MODULE, [Item(data=row, confirmed=True) for row in rows])
    create(world.ctx("wang_fang"), MODULE, name="n05", confirmed=True)
    return world


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "made_on", "-made_on", "price", "-price", "keeper", "-keeper", "pieces", "-changed_at", "number"],
)
@pytest.mark.parametrize("size", [5, 20])
def test_walking_forward_and_back_shows_every_row_once_in_order(shelf: World, sort: str, size: int) -> None:
    ctx, module = shelf.ctx("li_wei"), registry.module(MODULE)
    expected = [row.pk for row in listing.ordered(ctx, module, Query(sort=sort))]
    seen, cursor, pages = [], "", []
    while True:
        page = listing.page(ctx, module, Query(sort=sort, size=size, cursor=cursor))
        seen += [row.pk for row in page.rows]
        pages.append([row.pk for row in page.rows])
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert seen == expected
    assert len(seen) == 47
    back = []
    while page.previous_cursor:
        page = listing.page(ctx, module, Query(sort=sort, size=size, cursor=page.previous_cursor))
        back.append([row.pk for row in page.rows])
    assert back == pages[-2::-1]


def test_neighbours_are_the_rows_before_and_after(shelf: World) -> None:
    ctx, module = shelf.ctx("li_wei"), registry.module(MODULE)
    rows = list(listing.ordered(ctx, module, Query(sort="made_on")))
    for place in (0, 1, 23, 46):
        before, after = listing.neighbours(ctx, module, rows[place], Query(sort="made_on"))
        assert before == (rows[place - 1].pk if place else None)
        assert after == (rows[place + 1].pk if place < 46 else None)


def test_views_narrow_and_saved_ones_are_ones_own_or_shared(shelf: World) -> None:
    ctx, module = shelf.ctx("li_wei"), registry.module(MODULE)
    SavedView.objects.create(
        module=MODULE,
        name="mine",
        person=shelf["li_wei"],
        position=1,
        filters={"field": "pieces", "op": "filled"},
        columns=["name", "gone"],
    )
    SavedView.objects.create(module=MODULE, name="everyone's", filters={"field": "price", "op": "filled"})
    SavedView.objects.create(module=MODULE, name="other's", person=shelf["wang_fang"])
    assert [str(tab.label) for tab in listing.views(ctx, module)][2:] == ["mine", "everyone's"]
    assert {row.colour for row in listing.selected(ctx, module, Query(view="red"))} == {"red"}
    mine = listing.views(ctx, module)[2]
    page = listing.page(ctx, module, Query(view=mine.key))
    assert [column.name for column in page.columns] == ["name"]
    assert all(row.pieces is not None for row in page.rows)


def test_counts_stop_at_the_cap(shelf: World) -> None:
    rows = shelf.ctx("li_wei").search(MODULE)
    assert listing.count(rows) == 47
    assert listing.count(rows, cap=10) == 11


def test_only_what_one_may_see_is_listed_counted_and_searched(shelf: World) -> None:
    module = registry.module(MODULE)
    assert listing.count(listing.selected(shelf.ctx("wang_fang"), module, Query())) == 1
    assert listing.count(listing.selected(shelf.ctx("wang_fang"), module, Query(text="n05"))) == 1
    assert listing.count(listing.selected(shelf.ctx("clerk"), module, Query())) == 0
    assert Thing.objects.count() == 48


@pytest.mark.parametrize("cursor", ["x", "e30", "WyI-IiwgMV0", "WyI_IiwgMSwgMV0", "////", "W10"])
def test_a_mangled_cursor_is_refused(shelf: World, cursor: str) -> None:
    with pytest.raises(Invalid):
        listing.page(shelf.ctx("li_wei"), registry.module(MODULE), Query(cursor=cursor))


def test_sorting_by_what_is_not_a_field_falls_back_to_the_modules_order(shelf: World) -> None:
    ctx, module = shelf.ctx("li_wei"), registry.module(MODULE)
    for wrong in ("owner__password", "notes", "nope", "-", "?"):
        assert listing.page(ctx, module, Query(sort=wrong)).sort == "-changed_at"


@pytest.mark.parametrize("sort", ["made_on", "price", "-changed_at", "keeper", "pieces"])
@pytest.mark.parametrize("value", ["zz", True, 1.5, {"date": "x"}, {"number": "NaN"}, {"moment": "2026"}, ["a"]])
def test_a_well_formed_cursor_of_the_wrong_kind_is_refused_or_read(shelf: World, sort: str, value: object) -> None:
    ctx, module = shelf.ctx("li_wei"), registry.module(MODULE)
    for pk in (str(ctx.search(module).first().pk), "zz"):
        text = base64.urlsafe_b64encode(json.dumps([">", value, pk]).encode()).decode().rstrip("=")
        with contextlib.suppress(Invalid):
            listing.page(ctx, module, Query(sort=sort, cursor=text))
