# ruff: noqa: E501 - files as they come
"""Files that would do harm, or that other programs make: refused in both languages, and nothing of them is kept."""

from __future__ import annotations

import pytest
from django.utils import translation

from guanxi.kernel.errors import Invalid
from guanxi.platform.workflow import tokens, versions
from guanxi.platform.workflow.diagrams import Unsound
from tests.digest import digest
from tests.people import World
from tests.platform.workflow.drawn import HEAD, ONE, START, choice, end, flow, process, task

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SOUND = (START, task("a"), end("e"), flow("start", "a"), flow("a", "e"))


def with_part(part: str) -> str:
    """A sound process with one part more, on its way."""
    return process(
        START, task("a"), part, end("e"), flow("start", "a"), flow("a", "x"), flow("x", "e"),
    )  # fmt: skip


CORPUS: dict[str, str | bytes] = {
    "nothing at all": "",
    "broken XML": ONE[:-20],
    "an entity that names a file": ONE.replace("<definitions", '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><definitions'),
    "entities that unfold without end": f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{ONE}',
    "entities within an attribute": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{ONE.replace("步骤boss", "&l9;")}',
    "a document type elsewhere": '<!DOCTYPE d SYSTEM "http://example.com/d.dtd">' + ONE,
    "an entity nobody declared": ONE.replace("步骤boss", "&boom;"),
    "ten megabytes": ONE + " " * 10_000_000,
    "another encoding": ONE.encode("utf-16"),
    "an encoding that hides what it says": ONE.replace("<definitions", '<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-', 1),
    "signs that XML does not have": ONE.replace("步骤boss", "\x00"),
    "very deep": HEAD + "<process id='p'>" + "<lane>" * 5000 + "</lane>" * 5000 + "</process></definitions>",
    "no process": f"{HEAD}</definitions>",
    "two processes": ONE.replace("</definitions>", "<process id='b'/></definitions>"),
    "no start": process(task("a"), end("e"), flow("a", "e")),
    "no end": process(START, task("a"), flow("start", "a")),
    "an end nobody reaches": process(*SOUND, end("f")),
    "a step nobody reaches": process(*SOUND, task("b"), flow("b", "e")),
    "a script": with_part('<scriptTask id="x"><script>import os</script></scriptTask>'),
    "a script in a task": with_part('<userTask id="x" name="x" guanxi:ask="starter"><script>1</script></userTask>'),
    "a service": with_part('<serviceTask id="x" implementation="##WebService"/>'),
    "a call to nowhere": with_part('<callActivity id="x" calledElement="nowhere"/>'),
    "a process within": with_part('<subProcess id="x"><startEvent id="y"/></subProcess>'),
    "a message": with_part('<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>'),
    "a timer of any language": with_part(
        '<intermediateCatchEvent id="x" guanxi:days="1"><timerEventDefinition><timeDuration>PT1S</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    ),
    "a signal for all": ONE.replace("<process", '<signal id="s" name="s"/><process', 1),
    "attributes of another program": ONE.replace("<userTask", '<userTask xmlns:c="http://camunda.org/schema" c:expression="${x}"', 1),
    "extensions of another program": ONE.replace(
        "<userTask", '<extensionElements><c:in xmlns:c="urn:c"/></extensionElements><userTask', 1
    ),
    "parts of no kind": with_part('<x:task xmlns:x="urn:unknown" id="x"/>'),
    "an id twice": process(*SOUND, task("a")),
    "an id of an arrow and a step": process(*SOUND).replace('id="start-a"', 'id="a"'),
    "an arrow to nowhere": process(*SOUND, flow("a", "nowhere")),
    "a circle without a person": process(
        START, choice("c", "c-d"), choice("d", "d-c"), end("e"), flow("start", "c"), flow("c", "d"), flow("d", "c"),
        flow("d", "e", "x == 1"),
    ),
    "a condition that is a program": ONE.replace('outcome == "refuse"', "__import__('os').system('id')"),
    "a condition without end": ONE.replace('outcome == "refuse"', "not " * 400 + "x"),
    "an id without end": ONE.replace('id="boss"', f'id="{"b" * 500}"').replace("boss", "b" * 500),
    "too many parts": process(START, *(task(f"t{n}") for n in range(300)), end("e")),
    "nobody to ask": ONE.replace("role:sales_manager", ""),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("what", CORPUS)
def test_it_is_refused_with_a_reason_and_nothing_is_kept(world: World, what: str, language: str) -> None:
    before = digest()
    with translation.override(language), pytest.raises(Invalid) as caught:
        versions.new_version(CORPUS[what], world.now)
    assert isinstance(caught.value, Unsound) and caught.value.flaws
    with translation.override(language):
        said = [str(flaw.message) for flaw in caught.value.flaws]
    assert all(said) and not any("%(" in text for text in said)
    if language == "zh-hans":
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in said)
    assert digest() == before


@pytest.mark.parametrize(
    "asked", ["role:no_such_role", "person:nobody", "position:无此职位", "boss", "superior_of:moon"]
)
def test_whoever_is_nobody_cannot_be_asked(world: World, asked: str) -> None:
    version = versions.new_version(ONE.replace("role:sales_manager", asked), world.now)
    before = digest()
    with pytest.raises(Invalid):
        versions.publish(version, world.now)
    assert digest() == before


def test_the_engine_sees_nothing_but_what_was_read(world: World) -> None:
    """What is passed over when a file is read never gets to the process engine."""
    noted = ONE.replace(
        "<process", "<collaboration id='c'><participant id='p' processRef='test.process'/></collaboration><process", 1
    )
    noted = noted.replace("<userTask", "<documentation>print(1)</documentation><userTask", 1)
    version = versions.new_version(noted, world.now)
    text = tokens.written_anew(versions.diagram_of(version)).decode()
    assert "print" not in text and "participant" not in text and 'id="boss"' in text
