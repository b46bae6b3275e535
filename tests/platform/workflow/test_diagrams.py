"""What can be drawn, and what is refused before it can run."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.workflow.diagrams import MOST_BYTES, read
from tests.platform.workflow.drawn import HEAD, ONE, START, TWO, choice, end, flow, process, task


def wrong_with(xml: str) -> str:
    with pytest.raises(Invalid) as caught:
        read(xml)
    return " | ".join(message.plain for messages in caught.value.errors.values() for message in messages)


def test_a_sound_process_is_read_with_its_steps_and_ends() -> None:
    diagram = read(TWO)
    assert [(step.id, step.ask, step.days) for step in diagram.steps] == [
        ("first", ("superior_of:starter",), 2),
        ("second", ("role:general_manager",), None),
    ]
    assert diagram.outcomes == {"approved", "refused"}
    assert diagram.before("second") == {"start", "first", "a"}


def test_a_lane_says_whom_its_steps_ask() -> None:
    lane = (
        '<laneSet id="l"><lane id="l1" name="客服" guanxi:ask="role:service">'
        "<flowNodeRef>do</flowNodeRef></lane></laneSet>"
    )
    xml = process(
        lane,
        START,
        '<userTask id="do" name="处理" guanxi:outcomes="done"/>',
        end("e"),
        flow("start", "do"),
        flow("do", "e"),
    )
    assert read(xml).step("do").ask == ("role:service",)


def lost() -> str:
    """Two steps that lead only to each other."""
    ways = (("start", "c"), ("c", "a"), ("a", "e"), ("b", "b2"), ("b2", "b"))
    arrows = [flow(*way) for way in ways]
    parts = (task("a"), task("b"), task("b2"), choice("c", "c-a"), end("e"))
    return process(START, *parts, *arrows, flow("c", "b", "x == 1"))


def circling() -> str:
    """Gateways that would turn for ever."""
    arrows = [flow("start", "c"), flow("c", "d"), flow("d", "c"), flow("d", "e", "x == 1")]
    return process(START, choice("c", "c-d"), choice("d", "d-c"), end("e"), *arrows)


def deciding(first: str, usual: str = "c-e") -> str:
    """A gateway with two ends and one condition."""
    arrows = [flow("start", "c"), flow("c", "e"), flow("c", "f", first)]
    return process(START, choice("c", usual), end("e"), end("f"), *arrows)


def plain(part: str) -> str:
    """A process of one part, which is called a."""
    return process(START, part, end("e"), flow("start", "a"), flow("a", "e"))


MANY_TIMES = '<userTask id="a" name="a" guanxi:ask="starter"><multiInstanceLoopCharacteristics/></userTask>'
TWICE = process(START, task("a"), end("e"), end("f"), flow("start", "a"), flow("a", "e"), flow("a", "f"))
REFUSED: dict[str, str] = {
    "no readable XML": "<definitions",
    "no BPMN": "<html/>",
    "exactly one process": f"{HEAD}</definitions>",
    "too large": "x" * (MOST_BYTES + 1),
    "document type": f'<!DOCTYPE a [<!ENTITY b "c">]>{ONE}',
    "0 starts": process(task("a"), end("e"), flow("a", "e")),
    "no end": process(START, task("a"), flow("start", "a")),
    "never reached": process(START, task("a"), end("e"), flow("start", "e")),
    "no way leads to an end": lost(),
    "not understood": plain('<scriptTask id="a"/>'),
    "multiInstance": plain(MANY_TIMES),
    "asks nobody": plain(task("a", ask="")),
    "no decision": plain(task("a", outcomes="maybe")),
    "mode, comment or days": plain(task("a", days="0")),
    "leads to nothing": process(START, task("a"), end("e"), flow("start", "a"), flow("a", "nowhere")),
    "needs a condition": deciding("", "none"),
    "no condition": deciding("__import__('os').system('true')"),
    "circle without a step": circling(),
    "id of its own": process(START, task("a"), task("a"), end("e"), flow("start", "a"), flow("a", "e")),
    "Several arrows": TWICE,
}


@pytest.mark.parametrize(("said", "xml"), REFUSED.items(), ids=REFUSED)
def test_what_could_not_run_is_refused_and_named(said: str, xml: str) -> None:
    assert said in wrong_with(xml)
