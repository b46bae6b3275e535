"""Decision tables: what their cells mean, what they say, and what is refused before it can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.platform.workflow import running, tables, versions
from guanxi.platform.workflow.models import DecisionTable, Deed, ProcessInstance
from guanxi.platform.workflow.tables import Column, Line, Table, comparison_of, read, written
from tests.digest import digest
from tests.people import World
from tests.platform.workflow.drawn import START, choice, end, flow, process, task
from tests.platform.workflow.test_running import fresh, waiting

holds = comparison_of
LEVELS = Table(
    "test.level", "级别", "Level", "FIRST", (Column("amount", "金额"), Column("grade")), (Column("level"),),
    (
        Line(("> 50000", "-"), ('"two"',), "大额"),
        Line(("", '"C", "D"'), ('"two"',)),
        Line(("-", ""), ('"one"',)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "fits", "not_"),
    [
        (">= 50000", ["50000", 50000.01], ["49999.99", None, "many"]),
        ('"A", "B"', ["A", "B"], ["C", "", None]),
        ("[1..5]", [1, 5, "3"], [0.99, 6]),
        ("(1..5)", [2], [1, 5]),
        ('not("A", "B")', ["C", None], ["A", "B"]),
        ("true", [True], [False, None]),
        ("1,5", [1, 5], [1.5]),
        ('"a,b"', ["a,b"], ["a"]),
    ],
)
def test_what_a_cell_means(cell: str, fits: list[Any], not_: list[Any]) -> None:
    asked = holds("x", cell)
    assert asked is not None
    assert [asked.holds({"x": value}) for value in (*fits, *not_)] == [True] * len(fits) + [False] * len(not_)


@pytest.mark.parametrize(
    "cell",
    [
        "__import__('os')",
        "x.y",
        "today()",
        "> now()",
        '"a" + "b"',
        "if a then b",
        "[1..]",
        "1 2",
        '"',
        "a",
        "**",
        "-1-",
    ],
)
def test_a_cell_is_never_an_expression(cell: str) -> None:
    with pytest.raises(Invalid):
        holds("x", cell)


def test_the_first_line_that_holds_decides() -> None:
    for figures, said in (
        ({"amount": "50000.01", "grade": "A"}, (1, {"level": "two"})),
        ({"amount": "50000", "grade": "C"}, (2, {"level": "two"})),
        ({"amount": None, "grade": "A"}, (3, {"level": "one"})),
    ):
        assert LEVELS.decide(figures) == said


def test_lines_that_ought_to_exclude_each_other() -> None:
    unique = Table(*(getattr(LEVELS, name) for name in ("key", "title", "title_en")), "UNIQUE", *_rest(LEVELS))
    with pytest.raises(Conflict):
        unique.decide({"amount": 60000, "grade": "C"})
    with pytest.raises(Conflict):
        Table("k", "k", "", "FIRST", LEVELS.inputs, LEVELS.outputs, LEVELS.lines[:2]).decide(
            {"amount": 1, "grade": "A"}
        )


def _rest(table: Table) -> tuple[Any, ...]:
    return table.inputs, table.outputs, table.lines


def test_what_is_written_is_read_again() -> None:
    again = read(written(LEVELS))
    assert again.decide({"amount": 1, "grade": "D"}) == (2, {"level": "two"})
    assert written(read(written(again))) == written(again)


HOSTILE = {
    "no readable XML": "<definitions",
    "no DMN": "<html/>",
    "document type": '<!DOCTYPE a [<!ENTITY b "c">]>' + written(LEVELS).partition("?>")[2],
    "exactly one decision": written(LEVELS).replace("decisionTable", "literalExpression"),
    "hit policy": written(LEVELS).replace("FIRST", "COLLECT"),
    "no name of a figure": written(LEVELS).replace("<text>amount</text>", "<text>amount * 2</text>"),
    "no value": written(LEVELS).replace("&gt; 50000", "&gt; os.getcwd()"),
    "one column only": written(LEVELS).replace('name="level"', 'name="grade"'),
    "too large": "x" * 600_000,
}


@pytest.mark.parametrize(("said", "text"), HOSTILE.items(), ids=HOSTILE)
def test_what_could_not_be_asked_is_refused_and_named(world: World, said: str, text: str) -> None:
    before = digest()
    with pytest.raises(Invalid) as caught:
        tables.new_version(text, world.now)
    plain = " | ".join(message.plain for messages in caught.value.errors.values() for message in messages)
    assert said in plain and digest() == before


BY_TABLE = process(
    START, '<businessRuleTask id="level" name="查级别" guanxi:table="test.level"/>', choice("which", "which-one"),
    task("one", "role:sales_manager", outcomes="done"), task("two", "role:general_manager", outcomes="done"), end("e"),
    flow("start", "level"), flow("level", "which"), flow("which", "one"), flow("which", "two", 'level == "two"'),
    flow("one", "e"), flow("two", "e"),
)  # fmt: skip


def begun(world: World, **figures: Any) -> ProcessInstance:
    tables.new_version(written(LEVELS), world.now).put_to_use(world.now)
    version = versions.new_version(BY_TABLE, world.now)
    versions.publish(version, world.now)
    return running.start(version, world["li_wei"], "试验", world.now, figures=figures)


def test_a_process_goes_where_the_table_says(world: World) -> None:
    small = begun(world, amount="100", grade="A")
    assert set(waiting(small)) == {"sales_manager"}
    large = running.start(small.process, world["li_wei"], "大额", world.now, figures={"amount": "80000", "grade": "A"})
    assert set(waiting(large)) == {"general_manager"}
    entry = fresh(large).trail.get(deed=Deed.RULED)
    assert (entry.node, entry.comment) == ("level", "级别 · 1, #1: level = two")


def test_without_the_table_nothing_is_put_to_use_or_begun(world: World) -> None:
    version = versions.new_version(BY_TABLE, world.now)
    with pytest.raises(Invalid):
        versions.publish(version, world.now)
    version.refresh_from_db()
    assert version.state == version.State.DRAFT


def test_where_no_line_fits_nothing_has_happened(world: World) -> None:
    instance = begun(world, amount="100", grade="A")
    short = Table("test.level", "级别", "", "FIRST", LEVELS.inputs, LEVELS.outputs, LEVELS.lines[:1])
    tables.new_version(written(short), world.now).put_to_use(world.now)
    assert DecisionTable.objects.filter(state="published").count() == 1
    before = digest()
    with pytest.raises(Conflict):
        running.start(instance.process, world["li_wei"], "试验", world.now, figures={"amount": "1", "grade": "A"})
    assert digest() == before
