"""What can be drawn, and what is refused before it can run."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.workflow.diagrams import MOST_BYTES, read
from tests.platform.workflow.drawn import HEAD, ONE, START, TWO, choice, end, flow, process, task


def wrong_with(xml: str) -> str:
    with pytest.raises(Invalid) as caught:
        read(xml)
    return " | ".join(str(message) for messages in caught.value.errors.values() for message in messages)


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
        lane, START, '<userTask id="do" name="处理" guanxi:outcomes="done"/>', end("e"), flow("start", "do"), flow("do", "e")
    )
    assert read(xml).step("do").ask == ("role:service",)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<definitions", "no readable XML"),
        ("<html/>", "no BPMN"),
        (f"{HEAD}</definitions>", "exactly one process"),
        ("x" * (MOST_BYTES + 1), "too large"),
        (f'<!DOCTYPE a [<!ENTITY b "c">]>{ONE}', "document type"),
        (process(task("a"), end("e"), flow("a", "e")), "0 starts"),
        (process(START, task("a"), flow("start", "a")), "no end"),
        (process(START, task("a"), end("e"), flow("start", "e")), "never reached"),
        (
            process(START, task("a"), task("b"), choice("c", "c-a"), end("e"), flow("start", "c"), flow("c", "a"),
                    flow("c", "b", "x == 1"), flow("a", "e"), flow("b", "b2"), task("b2"), flow("b2", "b")),
            "no way leads to an end",
        ),  # fmt: skip
        (process(START, '<scriptTask id="s"/>', end("e"), flow("start", "s"), flow("s", "e")), "not understood"),
        (
            process(START, '<userTask id="a" name="a" guanxi:ask="starter"><multiInstanceLoopCharacteristics/></userTask>',
                    end("e"), flow("start", "a"), flow("a", "e")),
            "multiInstance",
        ),  # fmt: skip
        (process(START, task("a", ask=""), end("e"), flow("start", "a"), flow("a", "e")), "asks nobody"),
        (process(START, task("a", outcomes="maybe"), end("e"), flow("start", "a"), flow("a", "e")), "no decision"),
        (process(START, task("a", days="0"), end("e"), flow("start", "a"), flow("a", "e")), "days"),
        (process(START, task("a"), end("e"), flow("start", "a"), flow("a", "nowhere")), "leads to nothing"),
        (
            process(START, choice("c", "none"), end("e"), end("f"), flow("start", "c"), flow("c", "e"), flow("c", "f")),
            "needs a condition",
        ),
        (
            process(START, choice("c", "c-e"), end("e"), end("f"), flow("start", "c"), flow("c", "e"),
                    flow("c", "f", "__import__('os').system('true')")),
            "no condition",
        ),  # fmt: skip
        (
            process(START, choice("c", "c-d"), choice("d", "d-c"), end("e"), flow("start", "c"), flow("c", "d"),
                    flow("d", "c"), flow("d", "e", "x == 1")),
            "circle without a step",
        ),  # fmt: skip
        (process(START, task("a"), task("a"), end("e"), flow("start", "a"), flow("a", "e")), "id of its own"),
        (process(START, task("a"), end("e"), end("f"), flow("start", "a"), flow("a", "e"), flow("a", "f")), "Several arrows"),
    ],
)  # fmt: skip
def test_what_could_not_run_is_refused_and_named(xml: str, said: str) -> None:
    assert said in wrong_with(xml)
