"""Reading a process that somebody drew (BPMN 2.0), and saying what is wrong with it before it can be used.

Of BPMN this much is understood: one process with start and end events, user tasks, exclusive, parallel and inclusive
gateways, lanes. What runs programs of its own (scripts, services, messages) is refused. What BPMN has no words for
stands in attributes of ours on a user task or on its lane, see docs/how-to/draw-a-process.md:

    ask       whom: "role:sales_manager", "superior_of:starter", "person:zhang.wei", … (`assigning`)
    mode      "any" (或签, the first decides) or "all" (会签, everybody asked has to agree)
    outcomes  what may be decided: "approve refuse" (usual), "done", "yes no"
    comment   when it must be given: "never", "refusal" (usual), "always"
    days      working days until it is due; then the superior is told
    bulk      "yes" where many may be decided at a time
    name-en   the English name of whatever carries it
    outcome   on an end event: how the process ended, "approved" or "refused" for an approval
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guanxi.kernel.conditions import Condition, condition
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.workflow.models import NAME_LENGTH, in_language

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OURS = "urn:guanxi:process"
#: Larger than any process that a person can read.
MOST_BYTES = 512 * 1024
MOST_NODES = 200

START, END, TASK = "startEvent", "endEvent", "userTask"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusiveGateway", "parallelGateway", "inclusiveGateway"
GATEWAYS = (EXCLUSIVE, PARALLEL, INCLUSIVE)
NODES = (START, END, TASK, *GATEWAYS)
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
class Node:
    """A place in the diagram. `outcome` is said by an end event."""

    id: str
    kind: str
    name: str = ""
    name_en: str = ""
    lane: str = ""
    outcome: str = ""

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.name, self.name_en)


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
    def always_asks(self) -> bool:
        """Whether it never ends without somebody having been asked."""
        onward: dict[str, list[str]] = {}
        for flow in self.flows:
            if self.nodes[flow.source].kind != TASK:
                onward.setdefault(flow.source, []).append(flow.target)
        starts = (node.id for node in self.nodes.values() if node.kind == START)
        return not any(self.nodes[key].kind == END for start in starts for key in _reached(start, onward))

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
        back: dict[str, list[str]] = {}
        for flow in self.flows:
            back.setdefault(flow.target, []).append(flow.source)
        return _reached(key, back)


def read(text: str | bytes) -> Diagram:
    """The process in a BPMN file. Raises Invalid with everything that is wrong with it, in the reader's words."""
    root = _tree(text)
    processes = [part for part in root if part.tag == f"{{{BPMN}}}process"]
    if len(processes) != 1:
        raise Invalid(Message("The file must hold exactly one process; it holds %(count)s.", count=len(processes)))
    wrong: list[Message] = []
    try:
        diagram = _read(processes[0], text.decode() if isinstance(text, bytes) else text, wrong)
    except UnicodeDecodeError:
        raise Invalid(Message("The file is not UTF-8.")) from None
    if not wrong:
        wrong = list(_unsound(diagram))
    if wrong:
        raise Invalid({"": wrong})
    return diagram


def _tree(text: str | bytes) -> Any:
    from lxml import etree  # only who reads or runs a process needs it: it is not loaded with the rest

    data = text.encode() if isinstance(text, str) else text
    if len(data) > MOST_BYTES:
        raise Invalid(Message("The diagram is too large: at most %(limit)s KB.", limit=MOST_BYTES // 1024))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(Message("This is no readable XML: %(problem)s", problem=str(error)[:200])) from error
    if root.getroottree().docinfo.doctype:
        raise Invalid(Message("The file must not declare a document type or entities."))
    if root.tag != f"{{{BPMN}}}definitions":
        raise Invalid(Message("This is no BPMN 2.0 diagram."))
    return root


def _read(process: Any, text: str, wrong: list[Message]) -> Diagram:
    lanes = [_lane(each) for each in process.iter(f"{{{BPMN}}}lane")]
    lane_of = {node: lane for lane in lanes for node in lane.nodes}
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    usual = {part.get("default") for part in process if isinstance(part.tag, str)}
    for part in process:
        if not isinstance(part.tag, str):
            continue
        kind = part.tag.partition("}")[2] if part.tag.startswith(f"{{{BPMN}}}") else ""
        if kind == "sequenceFlow":
            flows.append(_flow(part, usual, wrong))
        elif kind in NODES:
            key = part.get("id") or ""
            if not key or key in nodes:
                wrong.append(Message("Every part of the diagram needs an id of its own: “%(id)s”.", id=key))
            nodes[key] = _node(part, kind, lane_of.get(key), wrong)
            _require_plain(part, nodes[key], wrong)
        elif kind not in _QUIET:
            wrong.append(_not_understood(part))
    key = process.get("id") or ""
    if not key or len(key) > 80:
        wrong.append(Message("The process needs an id of at most 80 characters."))
    title = _name(process) or key
    return Diagram(key, title, _ours(process, "name-en"), nodes, tuple(flows), tuple(lanes), text)


def _not_understood(part: Any) -> Message:
    return Message(
        "“%(name)s” is of a kind that is not understood here (%(kind)s).",
        name=_name(part) or part.get("id") or "?",
        kind=part.tag.partition("}")[2] or part.tag,
    )


def _require_plain(part: Any, node: Node, wrong: list[Message]) -> None:
    """Timers, messages, loops and scripts within a node would be passed over in silence: they are refused."""
    allowed = {"incoming", "outgoing", "documentation", "extensionElements"}
    for child in part:
        if isinstance(child.tag, str) and child.tag.partition("}")[2] not in allowed:
            wrong.append(
                Message(
                    "“%(name)s” holds what is not understood here: %(kind)s.",
                    name=node.label or node.id,
                    kind=child.tag.partition("}")[2],
                )
            )


def _name(part: Any) -> str:
    return " ".join((part.get("name") or "").split())[:NAME_LENGTH]


def _ours(part: Any, name: str) -> str:
    return (part.get(f"{{{OURS}}}{name}") or "").strip()


def _asked(part: Any) -> tuple[str, ...]:
    return tuple(each.strip() for each in _ours(part, "ask").split(",") if each.strip())


def _lane(part: Any) -> Lane:
    inside = frozenset((each.text or "").strip() for each in part if each.tag == f"{{{BPMN}}}flowNodeRef")
    return Lane(part.get("id") or "", _name(part), _ours(part, "name-en"), _asked(part), inside)


def _flow(part: Any, usual: set[str | None], wrong: list[Message]) -> Flow:
    key = part.get("id") or ""
    text = "".join(each.text or "" for each in part if each.tag == f"{{{BPMN}}}conditionExpression").strip()
    when = None
    if text:
        try:
            when = condition(text)
        except Invalid as problem:
            wrong.append(problem.message)
    return Flow(
        key, part.get("sourceRef") or "", part.get("targetRef") or "", _name(part), _ours(part, "name-en"), when,
        key in usual,
    )  # fmt: skip


def _node(part: Any, kind: str, lane: Lane | None, wrong: list[Message]) -> Node:
    key, name, english = part.get("id") or "", _name(part), _ours(part, "name-en")[:NAME_LENGTH]
    place = lane.id if lane else ""
    if kind != TASK:
        return Node(key, kind, name, english, place, _ours(part, "outcome"))
    outcomes = tuple(_ours(part, "outcomes").split()) or ("approve", "refuse")
    days = _ours(part, "days")
    step = Step(
        key, kind, name, english, place,
        ask=_asked(part) or (lane.ask if lane else ()), mode=_ours(part, "mode") or "any", outcomes=outcomes,
        comment=_ours(part, "comment") or "refusal", days=int(days) if days.isdecimal() else None,
        bulk=_ours(part, "bulk") == "yes",
    )  # fmt: skip
    label = step.label or key
    for unknown in set(outcomes) - set(OUTCOMES):
        wrong.append(Message("“%(step)s”: there is no decision “%(value)s”.", step=label, value=unknown))
    if step.mode not in MODES or step.comment not in COMMENTS or (days and not 0 < (step.days or 0) <= 365):
        wrong.append(Message("“%(step)s”: mode, comment or days are none that there are.", step=label))
    if not step.ask:
        wrong.append(Message("“%(step)s” asks nobody: say whom, there or on its lane.", step=label))
    if not name:
        wrong.append(Message("The step “%(id)s” needs a name.", id=key))
    return step


# ---- What cannot run -------------------------------------------------------------------------------------------------


def _unsound(diagram: Diagram) -> Iterator[Message]:
    """What would let a process stand still, run for ever, or go where nobody meant."""
    nodes = diagram.nodes
    if len(nodes) > MOST_NODES:
        yield Message("A process has at most %(limit)s parts.", limit=MOST_NODES)
        return
    for flow in diagram.flows:
        if flow.source not in nodes or flow.target not in nodes:
            yield Message("An arrow leads to nothing: %(id)s.", id=flow.id)
            return
    starts = [node.id for node in nodes.values() if node.kind == START]
    ends = [node.id for node in nodes.values() if node.kind == END]
    if len(starts) != 1:
        yield Message("A process begins in one place; this one has %(count)s starts.", count=len(starts))
        return
    if not ends:
        yield Message("The process has no end.")
        return
    yield from _lost(diagram, starts[0], ends)
    for node in nodes.values():
        yield from _wrong_exits(diagram, node)
    yield from _restless(diagram)


def _lost(diagram: Diagram, start: str, ends: list[str]) -> Iterator[Message]:
    onward: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for flow in diagram.flows:
        onward.setdefault(flow.source, []).append(flow.target)
        back.setdefault(flow.target, []).append(flow.source)
    reached = _reached(start, onward) | {start}
    finished = {node for end in ends for node in _reached(end, back) | {end}}
    for node in diagram.nodes.values():
        if node.id not in reached:
            yield Message("“%(name)s” is never reached from the start.", name=node.label or node.id)
        elif node.id not in finished:
            yield Message("From “%(name)s” no way leads to an end.", name=node.label or node.id)


def _reached(start: str, onward: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for after in onward.get(todo.pop(), ()):
            if after not in found:
                found.add(after)
                todo.append(after)
    return found


def _wrong_exits(diagram: Diagram, node: Node) -> Iterator[Message]:
    exits, name = diagram.after(node.id), node.label or node.id
    if node.kind == END:
        if exits:
            yield Message("An arrow leaves the end “%(name)s”.", name=name)
        return
    if node.kind not in GATEWAYS and len(exits) > 1:
        yield Message("Several arrows leave “%(name)s”: put a gateway there that says which is taken.", name=name)
    if node.kind not in (EXCLUSIVE, INCLUSIVE):
        if any(flow.when for flow in exits):
            yield Message("Only a deciding gateway may have conditions: “%(name)s”.", name=name)
    elif len(exits) > 1:
        open_ended = [flow for flow in exits if flow.when is None and not flow.usual]
        if open_ended or not any(flow.usual for flow in exits):
            yield Message(
                "At “%(name)s” every arrow needs a condition but one, the default, which is taken when none holds.",
                name=name,
            )


def _restless(diagram: Diagram) -> Iterator[Message]:
    """A circle of gateways alone would turn for ever in one moment: some step has to stand on every circle."""
    resting = {node.id for node in diagram.nodes.values() if node.kind == TASK}
    onward: dict[str, list[str]] = {}
    for flow in diagram.flows:
        if flow.source not in resting and flow.target not in resting:
            onward.setdefault(flow.source, []).append(flow.target)
    for node in diagram.nodes.values():
        if node.id in _reached(node.id, onward):
            yield Message("The way goes round in a circle without a step: “%(name)s”.", name=node.label or node.id)
