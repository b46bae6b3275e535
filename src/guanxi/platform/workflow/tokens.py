"""Where a process stands: the one place that knows the process engine (SpiffWorkflow).

What is drawn is compiled once and kept; a running process keeps only its tokens. The engine never sees the file, but
what was read of it, written anew: nothing that a file may hold beside it can reach the engine. Conditions are ours
(`kernel.conditions`), because the engine's own would run any Python; so are clocks and decision tables: to the engine
a timer is a signal that is given, a business rule task something that is done by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from guanxi.kernel.conditions import condition
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.workflow.diagrams import BOUNDARY, BPMN, CLOCKS, END, RULING, TASK, Clock, Diagram, Node

if TYPE_CHECKING:
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

#: What this version of the engine writes; another one refuses to go on rather than to guess.
FORMAT = 1


class Tokens:
    """The tokens of one process on its diagram."""

    def __init__(self, diagram: Diagram, workflow: BpmnWorkflow, figures: Mapping[str, Any]) -> None:
        self.diagram = diagram
        #: What conditions compare; whoever learns more puts it in before the process goes on.
        self.figures = dict(figures)
        self.ended_at: list[Node] = []
        self._workflow = workflow
        workflow.script_engine = _engine(self.figures)

    @classmethod
    def begin(cls, diagram: Diagram, figures: Mapping[str, Any]) -> Tokens:
        """A process that was just started, gone as far as it goes without anybody."""
        from SpiffWorkflow.bpmn import BpmnWorkflow

        tokens = cls(diagram, BpmnWorkflow(compiled(diagram)), figures)
        tokens._go_on()
        return tokens

    @classmethod
    def taken_up(cls, diagram: Diagram, kept: Mapping[str, Any], figures: Mapping[str, Any]) -> Tokens:
        """The process as `as_dict` kept it."""
        if kept.get("format") != FORMAT:
            raise ValueError(f"tokens of format {kept.get('format')}; this version reads {FORMAT}")
        return cls(diagram, _serializer().from_dict(kept["workflow"], spec=compiled(diagram)), figures)

    def as_dict(self) -> dict[str, Any]:
        """The tokens as JSON, without what is drawn."""
        return {"format": FORMAT, "workflow": _serializer().to_dict(self._workflow)}

    @property
    def ended(self) -> bool:
        """Whether nothing is left to be done."""
        return bool(self._workflow.completed)

    def waiting(self) -> list[tuple[UUID, str]]:
        """The steps that wait for people: (the engine's task, the step's id in the diagram)."""
        return self._ready(TASK)

    def ruling(self) -> list[tuple[UUID, str]]:
        """The decision tables that are to be asked now."""
        return self._ready(RULING)

    def ticking(self) -> list[tuple[UUID, str]]:
        """The timers that run."""
        from SpiffWorkflow.util.task import TaskState

        tasks = self._workflow.get_tasks(state=TaskState.WAITING)
        return [(task.id, task.task_spec.name) for task in tasks if self._kind(task) in CLOCKS]

    def ring(self, task: UUID) -> None:
        """A timer has run out; the process goes as far as it goes without anybody."""
        from SpiffWorkflow.bpmn.util import BpmnEvent

        rung = self._workflow.get_task_from_id(task)
        rung.task_spec.catch(rung, BpmnEvent(rung.task_spec.event_definition))
        rung.task_spec._update(rung)
        self._go_on()

    def _ready(self, kind: str) -> list[tuple[UUID, str]]:
        from SpiffWorkflow.util.task import TaskState

        ready = self._workflow.get_tasks(state=TaskState.READY)
        return [(task.id, task.task_spec.name) for task in ready if self._kind(task) == kind]

    def complete(self, task: UUID) -> None:
        """A step is done; the process goes as far as it goes without anybody."""
        self._workflow.get_task_from_id(task).run()
        self._go_on()

    def send_back(self, node: str) -> None:
        """The process stands at a step again that was done before; what came after it is forgotten."""
        from SpiffWorkflow.util.task import TaskState

        done = [task for task in self._workflow.get_tasks(state=TaskState.COMPLETED) if task.task_spec.name == node]
        if not done:
            raise LookupError(node)
        self._workflow.reset_from_task_id(max(done, key=lambda task: task.last_state_change).id)
        self._go_on()

    def been_at(self) -> set[str]:
        """The ids of the nodes that were passed."""
        from SpiffWorkflow.util.task import TaskState

        done = (task.task_spec.name for task in self._workflow.get_tasks(state=TaskState.COMPLETED))
        return {name for name in done if name in self.diagram.nodes}

    def _kind(self, task: Any) -> str:
        node = self.diagram.nodes.get(task.task_spec.name)
        return node.kind if node else ""

    def _go_on(self) -> None:
        def passed(task: Any) -> None:
            if self._kind(task) == END:
                self.ended_at.append(self.diagram.nodes[task.task_spec.name])

        self._workflow.do_engine_steps(did_complete_task=passed)


@lru_cache(maxsize=64)
def _compiled(text: bytes, key: str) -> Any:
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.exceptions import SpiffWorkflowException

    parser = BpmnParser()
    try:
        parser.add_bpmn_io(BytesIO(text))
        return parser.get_spec(key)
    except SpiffWorkflowException as error:
        raise Invalid(
            Message("The process engine does not understand the diagram: %(problem)s", problem=error)
        ) from error


def compiled(diagram: Diagram) -> Any:
    """The diagram as the engine runs it. Raises Invalid when it cannot: ask before it is put to use."""
    return _compiled(written_anew(diagram), diagram.key)


def written_anew(diagram: Diagram) -> bytes:
    """What was read of the file as BPMN for the engine, and not a letter more."""
    usual = {flow.source: flow.id for flow in diagram.flows if flow.usual}
    parts = [_node(node, usual.get(node.id, "")) for node in diagram.nodes.values()]
    for flow in diagram.flows:
        when = f"<conditionExpression>{escape(flow.when.text)}</conditionExpression>" if flow.when else ""
        ends = f"sourceRef={quoteattr(flow.source)} targetRef={quoteattr(flow.target)}"
        parts.append(f"<sequenceFlow id={quoteattr(flow.id)} {ends}>{when}</sequenceFlow>")
    inside = "".join(parts)
    process = f'<process id={quoteattr(diagram.key)} isExecutable="true">{inside}</process>'
    return f'<definitions xmlns="{BPMN}" targetNamespace="urn:guanxi:process">{process}</definitions>'.encode()


def _node(node: Node, usual: str) -> str:
    named = f"id={quoteattr(node.id)} name={quoteattr(node.id)}" + (f" default={quoteattr(usual)}" if usual else "")
    if isinstance(node, Clock):
        if node.kind == BOUNDARY:
            ends = "true" if node.interrupts else "false"
            named += f' attachedToRef={quoteattr(node.host)} cancelActivity="{ends}"'
        return f"<{node.kind} {named}><signalEventDefinition/></{node.kind}>"
    kind = "manualTask" if node.kind == RULING else node.kind
    return f"<{kind} {named}/>"


def _engine(figures: Mapping[str, Any]) -> Any:
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

    class Comparing(PythonScriptEngine):  # type: ignore[misc]
        """Compares figures of the process, and does nothing else."""

        def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
            return condition(expression).holds(figures)

        def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
            raise Invalid(Message("A process runs no programs."))

        def call_service(self, task: Any, **kwargs: Any) -> Any:
            raise Invalid(Message("A process runs no programs."))

    return Comparing()


@lru_cache(maxsize=1)
def _serializer() -> BpmnWorkflowSerializer:
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
    from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter

    class WithoutDiagram(BpmnWorkflowConverter):  # type: ignore[misc]
        """Keeps the tokens alone: what is drawn is kept once for each version of a process."""

        def to_dict(self, workflow: Any) -> dict[str, Any]:
            return dict(WorkflowConverter.to_dict(self, workflow))

        def from_dict(self, dct: dict[str, Any], spec: Any = None) -> Any:
            workflow = self.target_class(spec, {}, deserializing=True)
            workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
            workflow.task_tree = workflow.tasks[UUID(dct["root"])]
            self.set_default_attributes(workflow, dct)
            return workflow

    registry = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: WithoutDiagram})
    return BpmnWorkflowSerializer(registry)
