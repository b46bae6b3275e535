"""Reading a process that somebody drew (BPMN 2.0), and saying what is wrong with it before it can be used.

Of BPMN this much is understood: one process with start and end events, user tasks, business rule tasks, timers,
gateways (exclusive, parallel, inclusive), lanes. What runs programs of its own (scripts, services, messages) is
refused. What BPMN has no words for stands in attributes of ours (docs/how-to/draw-a-process.md); on a user task:

    ask       whom, there or on its lane: "role:sales_manager", "superior_of:starter", … (`assigning`)
    mode      "any" (或签, the first decides) or "all" (会签, everybody asked has to agree)
    outcomes  what may be decided: "approve refuse" (usual), "done", "yes no"
    comment   when it must be given: "never", "refusal" (usual), "always"
    days      working days until it is due; then the superior is told
    bulk      "yes" where many may be decided at a time
    copy      who is told when it is done (抄送); on an end event: when that is reached
    name-en   the English name of whatever carries it
    outcome   on an end event: how the process ended, "approved" or "refused" for an approval
    table     on a business rule task: the decision table that is asked (`tables`)
    hours     on a timer: working hours after which it rings; or days
    starts    on the process: who may begin it by hand, "everybody" or as in `ask`
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guanxi.kernel.conditions import Condition, condition
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.workflow.models import NAME_LENGTH, in_language

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
#: The part of a file that says where things stand on the paper; it says nothing about what happens.
PAPER = "http://www.omg.org/spec/BPMN/20100524/DI"
OURS = "urn:guanxi:process"
#: Larger than any process that a person can read.
MOST_BYTES = 512 * 1024
MOST_NODES = 200
MOST_KEY, MOST_ID = 80, 120
MOST_NOTE = 500
#: Working days that a step may take.
MOST_DAYS = 365
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

START, END, TASK = "startEvent", "endEvent", "userTask"
#: A timer on the way, and one at the border of a step; a decision table.
CATCH, BOUNDARY, RULING = "intermediateCatchEvent", "boundaryEvent", "businessRuleTask"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusiveGateway", "parallelGateway", "inclusiveGateway"
GATEWAYS = (EXCLUSIVE, PARALLEL, INCLUSIVE)
CLOCKS = (CATCH, BOUNDARY)
NODES = (START, END, TASK, RULING, *CLOCKS, *GATEWAYS)
#: How an approval ends that was not given; nobody need have been asked for that.
REFUSED = "refused"
#: What stands in a process without doing anything.
_QUIET = {
    "laneSet", "sequenceFlow", "documentation", "extensionElements", "textAnnotation", "association", "group",
    "dataObject", "dataObjectReference",
}  # fmt: skip

OUTCOMES = ("approve", "refuse", "done", "yes", "no")
#: The decisions after which a step of several signatures needs nobody else.
REFUSALS = ("refuse", "no")
MODES = ("any", "all")
COMMENTS = ("never", "refusal", "always")


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a diagram, and the part of it that it is wrong with ("" for the whole)."""

    element: str
    message: Message


class Unsound(Invalid):
    """A diagram that cannot be used; `flaws` says why, part by part."""

    code = "unsound"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__({"diagram": [flaw.message for flaw in flaws]})
        self.flaws = tuple(flaws)


@dataclass(frozen=True)
class Node:
    """A place in the diagram. `outcome` is said by an end event; `copy`: who is told that it was passed."""

    id: str
    kind: str
    name: str = ""
    name_en: str = ""
    lane: str = ""
    outcome: str = ""
    copy: tuple[str, ...] = ()
    #: What is to be minded there, for who does it.
    note: str = ""

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.name, self.name_en)


@dataclass(frozen=True)
class Clock(Node):
    """A timer, which rings after so many working days or working hours.

    `host`: the step at whose border it stands, if it does; `interrupts`: that step is then over.
    """

    days: int | None = None
    hours: int | None = None
    host: str = ""
    interrupts: bool = True


@dataclass(frozen=True)
class Ruling(Node):
    """A business rule task: the decision table of that key is asked, and what it says becomes figures."""

    table: str = ""


@dataclass(frozen=True)
class Step(Node):
    """A user task: whom it asks for what, by when."""

    ask: tuple[str, ...] = ()
    mode: str = "any"
    outcomes: tuple[str, ...] = ("approve", "refuse")
    comment: str = "refusal"
    days: int | None = None
    bulk: bool = False

    def wants_comment(self, outcome: str) -> bool:
        """Whether this decision has to be explained."""
        return self.comment == "always" or (self.comment == "refusal" and outcome in REFUSALS)


@dataclass(frozen=True)
class Flow:
    """An arrow; `when` is the condition under which it is taken, `usual` marks the one taken when none holds."""

    id: str
    source: str
    target: str
    name: str = ""
    name_en: str = ""
    when: Condition | None = None
    usual: bool = False

    @property
    def label(self) -> str:
        """What stands beside it, in the reader's language."""
        return in_language(self.name, self.name_en)


@dataclass(frozen=True)
class Lane:
    """A row of the diagram: who does what stands in it."""

    id: str
    name: str
    name_en: str
    ask: tuple[str, ...]
    nodes: frozenset[str]

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.name, self.name_en)


@dataclass(frozen=True)
class Diagram:
    """A process as it was drawn, found to be sound."""

    key: str
    title: str
    title_en: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    xml: str = field(repr=False)
    #: Who may begin it by hand.
    starts: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.xml.encode()).hexdigest()

    @property
    def steps(self) -> list[Step]:
        """The user tasks, in the order of the text."""
        return [node for node in self.nodes.values() if isinstance(node, Step)]

    @property
    def outcomes(self) -> frozenset[str]:
        """How it may end."""
        return frozenset(node.outcome for node in self.nodes.values() if node.kind == END)

    @property
    def clocks(self) -> list[Clock]:
        """The timers."""
        return [node for node in self.nodes.values() if isinstance(node, Clock)]

    @cached_property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """From where to where it may go: along the arrows, and from a step to the timers at its border."""
        rung = ((clock.host, clock.id) for clock in self.clocks if clock.host)
        return (*((flow.source, flow.target) for flow in self.flows), *rung)

    @property
    def always_asks(self) -> bool:
        """Whether nothing but a refusal comes of it unless somebody decided last: no timer says yes."""
        onward = _onward((flow.source, flow.target) for flow in self.flows if self.nodes[flow.source].kind != TASK)
        alone = (node.id for node in self.nodes.values() if node.kind in (START, BOUNDARY))
        reached = {key for each in alone for key in _reached(each, onward)}
        return all(self.nodes[key].outcome == REFUSED for key in reached if self.nodes[key].kind == END)

    def step(self, key: str) -> Step:
        """The user task of that id."""
        found = self.nodes[key]
        assert isinstance(found, Step)
        return found

    def after(self, key: str) -> list[Flow]:
        """The arrows that leave a node."""
        return [flow for flow in self.flows if flow.source == key]

    def before(self, key: str) -> set[str]:
        """The nodes from which a node can be reached."""
        return _reached(key, _onward((target, source) for source, target in self.ways))


def read(text: str | bytes) -> Diagram:
    """The process in a BPMN file. Raises Unsound with everything that is wrong with it, in the reader's words."""
    plain = decoded(text)
    root = tree_of(plain)
    if root.tag != f"{{{BPMN}}}definitions":
        raise _one(Message("This is no BPMN 2.0 diagram."))
    flaws = list(_foreign(root))
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        raise _one(Message("The file must hold exactly one process; it holds %(count)s.", count=len(processes)))
    diagram = _read(processes[0], plain, flaws)
    flaws = flaws or list(_unsound(diagram))
    if flaws:
        raise Unsound(flaws)
    return diagram


def _one(message: Message, element: str = "") -> Unsound:
    return Unsound([Flaw(element, message)])


def decoded(text: str | bytes) -> str:
    """The file as text. What is looked at and what is parsed must be one and the same: no other encoding is read."""
    if len(text) > MOST_BYTES or (isinstance(text, str) and len(text.encode()) > MOST_BYTES):
        raise _one(Message("The diagram is too large: at most %(limit)s KB.", limit=MOST_BYTES // 1024))
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError:
        raise _one(Message("The file is not UTF-8.")) from None
    if "<!DOCTYPE" in plain or "<!ENTITY" in plain:
        raise _one(Message("The file must not declare a document type or entities."))
    return plain


def tree_of(text: str) -> Any:
    """The parsed file; what is no XML, or would fetch or unfold something, is refused."""
    from lxml import etree  # only who reads or runs a process needs it: it is not loaded with the rest

    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _one(Message("This is no readable XML: %(problem)s", problem=str(error)[:200])) from error


def _foreign(root: Any) -> Iterator[Flaw]:
    """What another program may have put into the file and this one would pass over in silence."""
    known = {f"{{{BPMN}}}process", f"{{{BPMN}}}collaboration", f"{{{PAPER}}}BPMNDiagram"}
    for part in root:
        if isinstance(part.tag, str) and part.tag not in known:
            yield Flaw("", _not_understood(part))
    for part in root.iter(f"{{{BPMN}}}*"):
        if part is root or part.tag == f"{{{BPMN}}}documentation":
            continue
        for name in part.attrib:
            space = name[1:].partition("}")[0] if name.startswith("{") else ""
            if space not in ("", OURS, _INSTANCE):
                yield Flaw(part.get("id") or "", Message("“%(name)s” is of another program: %(space)s.",
                    name=name.partition("}")[2], space=space[:120]))  # fmt: skip
        if part.tag == f"{{{BPMN}}}extensionElements" and len(part):
            holder = part.getparent()
            yield Flaw(holder.get("id") or "", _not_understood(part[0]))


def _read(process: Any, text: str, flaws: list[Flaw]) -> Diagram:
    lanes = [_lane(each) for each in process.iter(f"{{{BPMN}}}lane")]
    lane_of = {node: lane for lane in lanes for node in lane.nodes}
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    usual = {part.get("default") for part in process if isinstance(part.tag, str)}
    for part in process:
        if not isinstance(part.tag, str):
            continue
        kind = part.tag.partition("}")[2] if part.tag.startswith(f"{{{BPMN}}}") else ""
        key = part.get("id") or ""
        if kind == "sequenceFlow":
            flows.append(_flow(part, usual, flaws))
        elif kind in NODES:
            nodes[key] = _node(part, kind, lane_of.get(key), flaws)
            flaws += [Flaw(key, message) for message in _passed_over(part, nodes[key])]
        elif kind not in _QUIET:
            flaws.append(Flaw(key, _not_understood(part)))
    flaws += _unnamed(process)
    key = process.get("id") or ""
    if not 0 < len(key) <= MOST_KEY:
        flaws.append(Flaw("", Message("The process needs an id of at most %(limit)s characters.", limit=MOST_KEY)))
    title = _name(process) or key
    starts = _people(process, "starts")
    return Diagram(key, title, _ours(process, "name-en"), nodes, tuple(flows), tuple(lanes), text, starts)


def _unnamed(process: Any) -> Iterator[Flaw]:
    """Parts without an id, and several with the same one."""
    seen: set[str] = set()
    for part in process.iter(*(f"{{{BPMN}}}{kind}" for kind in (*NODES, "sequenceFlow", "lane"))):
        key = part.get("id") or ""
        if not key or len(key) > MOST_ID or key in seen:
            yield Flaw(key, Message("Every part of the diagram needs an id of its own: “%(id)s”.", id=key[:MOST_ID]))
        seen.add(key)


def _not_understood(part: Any) -> Message:
    return Message(
        "“%(name)s” is of a kind that is not understood here (%(kind)s).",
        name=_name(part) or part.get("id") or "?",
        kind=part.tag.partition("}")[2] or part.tag,
    )


def _passed_over(part: Any, node: Node) -> Iterator[Message]:
    """Messages, loops and scripts within a node would be passed over in silence: they are refused."""
    allowed = {"incoming", "outgoing", "documentation", "extensionElements"}
    if isinstance(node, Clock):
        allowed.add("timerEventDefinition")
    for child in part:
        if isinstance(child.tag, str) and child.tag.partition("}")[2] not in allowed:
            yield Message(
                "“%(name)s” holds what is not understood here: %(kind)s.",
                name=node.label or node.id,
                kind=child.tag.partition("}")[2],
            )


def _name(part: Any) -> str:
    return " ".join((part.get("name") or "").split())[:NAME_LENGTH]


def _ours(part: Any, name: str) -> str:
    return (part.get(f"{{{OURS}}}{name}") or "").strip()


def _people(part: Any, name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in _ours(part, name).split(",") if each.strip())


def _note(part: Any) -> str:
    return "\n".join((each.text or "").strip() for each in part if each.tag == f"{{{BPMN}}}documentation")[:MOST_NOTE]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _lane(part: Any) -> Lane:
    inside = frozenset((each.text or "").strip() for each in part if each.tag == f"{{{BPMN}}}flowNodeRef")
    return Lane(part.get("id") or "", _name(part), _ours(part, "name-en"), _people(part, "ask"), inside)


def _flow(part: Any, usual: set[str | None], flaws: list[Flaw]) -> Flow:
    key = part.get("id") or ""
    text = "".join(each.text or "" for each in part if each.tag == f"{{{BPMN}}}conditionExpression").strip()
    when = None
    if text:
        try:
            when = condition(text)
        except Invalid as problem:
            flaws.append(Flaw(key, problem.message))
    return Flow(
        key, part.get("sourceRef") or "", part.get("targetRef") or "", _name(part), _ours(part, "name-en"), when,
        key in usual,
    )  # fmt: skip


def _node(part: Any, kind: str, lane: Lane | None, flaws: list[Flaw]) -> Node:
    key, name, english = part.get("id") or "", _name(part), _ours(part, "name-en")[:NAME_LENGTH]
    place = lane.id if lane else ""
    if kind in CLOCKS:
        return _clock(part, Node(key, kind, name, english, place), flaws)
    if kind == RULING:
        table = _ours(part, "table")
        if not table:
            flaws.append(Flaw(key, Message("“%(name)s” names no decision table.", name=name or key)))
        return Ruling(key, kind, name, english, place, table=table)
    if kind != TASK:
        return Node(key, kind, name, english, place, _ours(part, "outcome"), _people(part, "copy"), _note(part))
    outcomes = tuple(_ours(part, "outcomes").split()) or ("approve", "refuse")
    days = _ours(part, "days")
    step = Step(
        key, kind, name, english, place, copy=_people(part, "copy"), note=_note(part),
        ask=_people(part, "ask") or (lane.ask if lane else ()), mode=_ours(part, "mode") or "any", outcomes=outcomes,
        comment=_ours(part, "comment") or "refusal", days=_number(days), bulk=_ours(part, "bulk") == "yes",
    )  # fmt: skip
    flaws += [Flaw(key, message) for message in _wrong_with_step(step, days)]
    return step


def _clock(part: Any, node: Node, flaws: list[Flaw]) -> Clock:
    days, hours = _ours(part, "days"), _ours(part, "hours")
    clock = Clock(
        node.id, node.kind, node.name, node.name_en, node.lane, days=_number(days), hours=_number(hours),
        host=part.get("attachedToRef") or "", interrupts=part.get("cancelActivity") != "false",
    )  # fmt: skip
    definitions = [each for each in part if each.tag == f"{{{BPMN}}}timerEventDefinition"]
    said = (clock.days or 0) if days else (clock.hours or 0)
    if len(definitions) != 1 or len(definitions[0]) or bool(days) == bool(hours) or not 0 < said <= MOST_DAYS:
        text = Message("The timer “%(name)s” needs either working days or working hours.", name=node.label or node.id)
        flaws.append(Flaw(node.id, text))
    return clock


def _wrong_with_step(step: Step, days: str) -> Iterator[Message]:
    label = step.label or step.id
    for unknown in sorted(set(step.outcomes) - set(OUTCOMES)):
        yield Message("“%(step)s”: there is no decision “%(value)s”.", step=label, value=unknown)
    if step.mode not in MODES or step.comment not in COMMENTS or (days and not 0 < (step.days or 0) <= MOST_DAYS):
        yield Message("“%(step)s”: mode, comment or days are none that there are.", step=label)
    if not step.ask:
        yield Message("“%(step)s” asks nobody: say whom, there or on its lane.", step=label)
    if not step.name:
        yield Message("The step “%(id)s” needs a name.", id=step.id)


# ---- What cannot run -------------------------------------------------------------------------------------------------


def _unsound(diagram: Diagram) -> Iterator[Flaw]:
    """What would let a process stand still, run for ever, or go where nobody meant."""
    nodes = diagram.nodes
    if len(nodes) > MOST_NODES:
        yield Flaw("", Message("A process has at most %(limit)s parts.", limit=MOST_NODES))
        return
    for flow in diagram.flows:
        if flow.source not in nodes or flow.target not in nodes:
            yield Flaw(flow.id, Message("An arrow leads to nothing: %(id)s.", id=flow.id))
            return
    starts = [node.id for node in nodes.values() if node.kind == START]
    ends = [node.id for node in nodes.values() if node.kind == END]
    if len(starts) != 1:
        yield Flaw("", Message("A process begins in one place; this one has %(count)s starts.", count=len(starts)))
        return
    if not ends:
        yield Flaw("", Message("The process has no end."))
        return
    yield from _lost(diagram, starts[0], ends)
    for node in nodes.values():
        yield from _wrong_exits(diagram, node)
    for clock in diagram.clocks:
        host = nodes.get(clock.host)
        attached = host is not None and host.kind == TASK
        if attached != (clock.kind == BOUNDARY) or (
            attached and any(flow.target == clock.id for flow in diagram.flows)
        ):
            text = Message("The timer “%(name)s” must stand at the border of a step.", name=clock.label or clock.id)
            yield Flaw(clock.id, text)
    yield from _restless(diagram)


def _lost(diagram: Diagram, start: str, ends: list[str]) -> Iterator[Flaw]:
    onward, back = _onward(diagram.ways), _onward((target, source) for source, target in diagram.ways)
    reached = _reached(start, onward) | {start}
    finished = {node for end in ends for node in _reached(end, back) | {end}}
    for node in diagram.nodes.values():
        if node.id not in reached:
            yield Flaw(node.id, Message("“%(name)s” is never reached from the start.", name=node.label or node.id))
        elif node.id not in finished:
            yield Flaw(node.id, Message("From “%(name)s” no way leads to an end.", name=node.label or node.id))


def _onward(ways: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = {}
    for source, target in ways:
        onward.setdefault(source, []).append(target)
    return onward


def _reached(start: str, onward: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for after in onward.get(todo.pop(), ()):
            if after not in found:
                found.add(after)
                todo.append(after)
    return found


def _wrong_exits(diagram: Diagram, node: Node) -> Iterator[Flaw]:
    exits, name = diagram.after(node.id), node.label or node.id
    if node.kind == END:
        if exits:
            yield Flaw(node.id, Message("An arrow leaves the end “%(name)s”.", name=name))
        return
    if node.kind not in GATEWAYS and len(exits) > 1:
        text = Message("Several arrows leave “%(name)s”: put a gateway there that says which is taken.", name=name)
        yield Flaw(node.id, text)
    if node.kind not in (EXCLUSIVE, INCLUSIVE):
        if any(flow.when for flow in exits):
            yield Flaw(node.id, Message("Only a deciding gateway may have conditions: “%(name)s”.", name=name))
    elif len(exits) > 1:
        open_ended = [flow for flow in exits if flow.when is None and not flow.usual]
        if open_ended or not any(flow.usual for flow in exits):
            text = Message(
                "At “%(name)s” every arrow needs a condition but one, the default, which is taken when none holds.",
                name=name,
            )
            yield Flaw(node.id, text)


def _restless(diagram: Diagram) -> Iterator[Flaw]:
    """A circle of gateways alone would turn for ever in one moment: some step has to stand on every circle."""
    resting = {node.id for node in diagram.nodes.values() if node.kind in (TASK, CATCH)}
    onward = _onward((flow.source, flow.target) for flow in diagram.flows if not {flow.source, flow.target} & resting)
    for node in diagram.nodes.values():
        if node.id in _reached(node.id, onward):
            text = Message("The way goes round in a circle without a step: “%(name)s”.", name=node.label or node.id)
            yield Flaw(node.id, text)
