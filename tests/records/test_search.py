"""Finding records: Chinese of any length, pinyin, initials, digits; only what one may see; best first."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db import connection

from guanxi.records import listing, registry, search, search_upkeep, selection
from guanxi.records.actions import run
from guanxi.records.listing import Query
from guanxi.records.models import SearchEntry
from guanxi.records.standard import DELETE, RESTORE, create, edit
from tests.people import NOW, World


@pytest.fixture
def shelf(world: World) -> World:
    ctx = world.ctx("li_wei")
    for name, phone in (
        ("四川省川兴酒业有限责任公司", "028-86754321"),
        ("重庆渝中糖酒集团有限公司", "13812345678"),
        ("川味餐饮管理有限公司", ""),
        ("成都锦绣川兴商贸行", ""),
        ("ABC Trading Co., Ltd.", ""),
    ):
        create(ctx, "room.thing", name=name, phone=phone)
    create(world.ctx("wang_fang"), "room.thing", name="川兴分销部")
    return world


def titles(world: World, query: str, who: str = "li_wei") -> list[str]:
    return [hit.title for hit in search.find(world.ctx(who), query, modules=[registry.module("room.thing")])]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("川兴", ["四川省川兴酒业有限责任公司", "成都锦绣川兴商贸行"]),
        ("川", ["川味餐饮管理有限公司", "四川省川兴酒业有限责任公司", "成都锦绣川兴商贸行"]),
        ("渝中糖酒", ["重庆渝中糖酒集团有限公司"]),
        ("chongqing", ["重庆渝中糖酒集团有限公司"]),
        ("cwcy", ["川味餐饮管理有限公司"]),
        ("scscxjy", ["四川省川兴酒业有限责任公司"]),
        ("8675", ["四川省川兴酒业有限责任公司"]),
        ("138 1234", ["重庆渝中糖酒集团有限公司"]),
        ("川兴 成都", ["成都锦绣川兴商贸行"]),
        ("ＡＢＣ", ["ABC Trading Co., Ltd."]),
        ("trading", ["ABC Trading Co., Ltd."]),
        ("T-2026-002", ["重庆渝中糖酒集团有限公司"]),
        ("不存在的", []),
        ('川兴" OR "', []),
        ("%", []),
        ("   ", []),
    ],
)
def test_any_piece_of_the_text_finds_it_best_first(shelf: World, query: str, expected: list[str]) -> None:
    assert titles(shelf, query) == expected


def test_others_records_are_not_found(shelf: World) -> None:
    assert titles(shelf, "川兴", "wang_fang") == ["川兴分销部"]
    assert titles(shelf, "川兴", "clerk") == []
    assert len(titles(shelf, "川兴", "sales_manager")) == 3


def test_the_index_follows_every_change(shelf: World) -> None:
    ctx = shelf.ctx("li_wei")
    thing = ctx.search("room.thing").get(name="川味餐饮管理有限公司")
    edit(ctx, "room.thing", thing, name="湘味餐饮管理有限公司")
    assert titles(shelf, "川味") == [] and titles(shelf, "xwcy") == ["湘味餐饮管理有限公司"]
    run(DELETE, ctx, "room.thing", thing)
    assert titles(shelf, "湘味") == []
    run(RESTORE, ctx, "room.thing", thing)
    assert titles(shelf, "湘味") == ["湘味餐饮管理有限公司"]
    assert SearchEntry.objects.filter(record_id=thing.pk).count() == 1


def test_a_list_is_narrowed_by_the_same_search(shelf: World) -> None:
    ctx, module = shelf.ctx("sales_manager"), registry.module("room.thing")
    found = search.matching(ctx, ctx.search(module), module, "川兴")
    assert {row.name for row in found} == {"四川省川兴酒业有限责任公司", "成都锦绣川兴商贸行", "川兴分销部"}
    assert search.matching(ctx, ctx.search(module), module, "").count() == 6


def listed(world: World, who: str, query: Query) -> list[list[str]]:
    """The names on all pages of a list, and what it says how many they are."""
    module, ctx, pages = registry.module("room.thing"), world.ctx(who), []
    while True:
        found = listing.page(ctx, module, query)
        pages.append([row.name for row in found.rows])
        if not found.next_cursor:
            return [*pages, [found.number().text]]
        query = dataclasses.replace(query, cursor=found.next_cursor)


@pytest.mark.parametrize("walked", [0, 3, 2400], ids=["too far apart", "near its beginning", "within reach"])
@pytest.mark.parametrize("who", ["li_wei", "wang_fang", "sales_manager", "clerk"])
def test_what_many_contain_is_listed_and_ranked_like_what_few_contain(
    shelf: World, monkeypatch: pytest.MonkeyPatch, who: str, walked: int
) -> None:
    mine = {"field": "owner", "op": "in", "value": ["me"]}
    queries = [
        Query(text=text, sort=sort, size=size, filters=filters)
        for text in ("川", "川兴", "有限公司", "川兴 成都", "28", "不存在的")
        for sort, filters in (("name", {}), ("-changed_at", {}), ("-made_on", {}), ("name", mine))
        for size in (1, 2, 50)
    ]
    few = [listed(shelf, who, query) for query in queries]
    ranked = [titles(shelf, query.text, who) for query in queries]
    monkeypatch.setattr(search, "FEW", 0)
    monkeypatch.setattr(search, "WALKED", walked)
    assert [listed(shelf, who, query) for query in queries] == few
    assert [titles(shelf, query.text, who) for query in queries] == ranked


def test_the_number_of_many_hits_is_told_up_to_a_cap(shelf: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def number(**query: Any) -> str:
        asked = Query(size=1, **query)
        return listing.page(shelf.ctx("sales_manager"), registry.module("room.thing"), asked).number().text

    assert number(text="川兴") == "3"
    monkeypatch.setattr(search, "FEW", 1)
    assert number(text="川兴") == "3"
    monkeypatch.setattr(selection, "HITS_CAP", 2)
    assert number(text="川兴") == "2+"
    assert number(text="渝中") == "1"
    assert number(text="渝中", cursor="") == "1"


def test_a_mark_of_a_record_type_never_changes() -> None:
    assert [search.mark_of(key) for key in ("customers.customer", "customers.contact")] == ["jim", "zsk"]
    marks = {search.mark_of(module.key) for module in registry.modules()}
    assert len(marks) == len(registry.modules()), "two record types with one mark are told apart more slowly"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded index is sorted as it is written")
def test_what_was_written_last_is_sorted_into_the_index(shelf: World) -> None:
    def heap() -> int:
        """How many pages of the heap it takes to sort it in."""
        with connection.cursor() as cursor:
            cursor.execute(search_upkeep._SETTLE)
            return int(cursor.fetchone()[0])

    assert heap() > 0
    create(shelf.ctx("li_wei"), "room.thing", name="川兴分店")
    search_upkeep.settle(NOW)
    assert heap() == 0
    assert "川兴分店" in titles(shelf, "分店")
