"""Verbs of work items (sign, refuse, send back, pass on, …), of processes (withdraw, remind) and of their versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import assigning, running, tables, versions
from guanxi.platform.workflow.diagrams import MOST_BYTES, Step
from guanxi.platform.workflow.models import DecisionTable, Outcome, ProcessInstance, ProcessVersion, WorkItem
from guanxi.records import deciding, history, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.filters import compile_filter
from guanxi.records.module import Module
from guanxi.records.work import Work

OPEN = (WorkItem.State.OPEN,)
RUNNING = (ProcessInstance.State.RUNNING,)


def step_of(item: WorkItem) -> Step:
    """What the item asks, as it is drawn in its version of the process."""
    return versions.diagram_of(item.instance.process).step(item.node)


# ---- Deciding --------------------------------------------------------------------------------------------------------


def _their_processes(works: Sequence[Work]) -> None:
    """Two who sign at the same moment wait for each other, and whoever withdraws or rings a timer for both.

    All of them lock the process first, and many in the order of their ids: nobody waits in a circle.
    """
    running.lock(work.record.instance_id for work in works)


def _one_at_a_time(ctx: Context, item: Any, values: Mapping[str, Any]) -> Decision:
    if ctx.batch is None or (step_of(item).bulk and not deciding.is_grave(item.instance_id)):
        return Decision.allow()
    return refuse("", Message("This step is decided one by one."), remedy=Message("Open it and decide there."))


def _deciding(outcome: str) -> Callable[[Context, Any, dict[str, Any]], None]:
    def perform(ctx: Context, item: Any, values: dict[str, Any]) -> None:
        if outcome == Outcome.APPROVE and deciding.is_grave(item.instance_id):
            ctx.require_confirmed()
        running.decide(item, ctx.actor, outcome, values.get("comment") or "", ctx.now)

    return perform


def _comment(*, required: bool = False) -> Any:
    return asked("comment", _("comment"), models.TextField(blank=not required), required=required)


def _decision(name: str, outcome: str, label: Any, icon: str, *, required: bool = False, **more: Any) -> Action:
    return Action(
        name=name,
        label=label,
        icon=icon,
        inputs=(_comment(required=required),),
        rules=(_one_at_a_time,),
        states=OPEN,
        fits=lambda item: outcome in step_of(item).outcomes,
        locks=_their_processes,
        perform=_deciding(outcome),
        may_leave_scope=True,
        undoable=False,
        **more,
    )


APPROVE = _decision("approve", Outcome.APPROVE, _("Approve"), "check", bulk=True, judged_first=True, tone="ink")
REFUSE = _decision("refuse", "refuse", _("Refuse"), "x", required=True)
COMPLETE = _decision("complete", "done", _("Done"), "check", bulk=True, tone="ink")
ANSWER_YES = _decision("answer_yes", "yes", _("Yes"), "check", tone="ink")
ANSWER_NO = _decision("answer_no", "no", _("No"), "x", required=True)


# ---- Having others do it ---------------------------------------------------------------------------------------------


def _perform_send_back(ctx: Context, item: Any, values: dict[str, Any]) -> None:
    running.send_back(item, ctx.actor, values["node"], values["comment"], ctx.now)


def _perform_pass_on(ctx: Context, item: Any, values: dict[str, Any]) -> None:
    running.pass_on(item, ctx.actor, values["other"], values.get("comment") or "", ctx.now)


def _perform_add_signer(ctx: Context, item: Any, values: dict[str, Any]) -> None:
    running.add_signer(item, ctx.actor, values["other"], values.get("comment") or "", ctx.now)


def _other(label: Any) -> Any:
    return asked("other", label, models.ForeignKey(Person, models.PROTECT), required=True)


SEND_BACK = Action(
    name="send_back",
    label=_("Send back"),
    icon="arrow-back-up",
    inputs=(
        asked("node", _("to which step"), models.CharField(max_length=120), required=True),
        _comment(required=True),
    ),
    states=OPEN,
    fits=lambda item: bool(running.earlier_steps(item)),
    locks=_their_processes,
    perform=_perform_send_back,
    may_leave_scope=True,
    undoable=False,
    rare=True,
    page="processes:send_back",
)
PASS_ON = Action(
    name="pass_on",
    label=_("Pass on"),
    icon="user-share",
    inputs=(_other(_("to whom")), _comment()),
    states=OPEN,
    locks=_their_processes,
    perform=_perform_pass_on,
    may_leave_scope=True,
    undoable=False,
    rare=True,
)
ADD_SIGNER = Action(
    name="add_signer",
    label=_("Ask one more"),
    icon="user-plus",
    inputs=(_other(_("who has to agree as well")), _comment()),
    states=OPEN,
    locks=_their_processes,
    perform=_perform_add_signer,
    undoable=False,
    rare=True,
)


def _perform_copy_to(ctx: Context, item: Any, values: dict[str, Any]) -> None:
    running.copy_to(item, ctx.actor, values["other"], values.get("comment") or "", ctx.now)


def _perform_note(ctx: Context, copy: Any, values: dict[str, Any]) -> None:
    copy.read_at = ctx.now


COPY_TO = Action(
    name="copy_to",
    label=_("Copy to"),
    icon="send",
    inputs=(_other(_("who is to know of it")), _comment()),
    states=OPEN,
    locks=_their_processes,
    perform=_perform_copy_to,
    undoable=False,
    rare=True,
)
NOTE = Action(
    name="note_copy",
    label=_("Noted"),
    icon="check",
    tone="ink",
    bulk=True,
    fits=lambda copy: copy.read_at is None,
    perform=_perform_note,
)


# ---- Approval rules --------------------------------------------------------------------------------------------------


def _perform_set_condition(ctx: Context, rule: Any, values: dict[str, Any]) -> None:
    tree = values["condition"] or {}
    try:
        compile_filter(registry.module(rule.module), tree, ctx)
    except Invalid as problem:
        raise Invalid({"condition": [text for found in problem.errors.values() for text in found]}) from problem
    rule.condition = tree


SET_CONDITION = Action(
    name="set_condition",
    label=_("Say where"),
    icon="filter",
    inputs=(asked("condition", _("where"), models.JSONField(null=True)),),
    perform=_perform_set_condition,
    page="processes:condition",
)


# ---- Processes -------------------------------------------------------------------------------------------------------


def _perform_start(ctx: Context, _record: Any, values: dict[str, Any]) -> ProcessInstance:
    """Begin a process by hand, about a record that the person sees or about anything at all."""
    version = versions.in_use(values["process"])
    if not assigning.means(versions.diagram_of(version).starts, ctx.actor):
        raise NotAllowed(Message("You may not start this process: %(process)s.", process=version.name))
    module, record = registry.find(values["module"]), None
    if values["module"] or values["record"]:
        if module is None:
            raise Invalid({"module": Message("There is no such record type.")})
        record = ctx.get(module, values["record"])
    return running.start(
        version, ctx.actor, values["subject"], ctx.now,
        module=module.key if module and record else "", record_id=record.pk if record else None,
        figures=figures_of(module, record) if module and record else {},
    )  # fmt: skip


#: Of a record's values, what conditions and decision tables may compare: no names, no texts, nothing of a person.
_COMPARABLE = ("choice", "integer", "number", "money", "percent", "boolean", "date")


def figures_of(module: Module, record: Any) -> dict[str, Any]:
    """What a process that is about a record may compare."""
    known = registry.entry(module)
    open_to_all = (DataClass.C1, DataClass.C2)
    figures = {
        spec.name: history.plain(spec.value(record))
        for spec in known.fields.values()
        if spec.kind.name in _COMPARABLE and not spec.personal and spec.data_class in open_to_all
    }
    owner = getattr(record, "owner_id", None)
    return {**figures, "owner": str(owner)} if owner else figures


START = Action(
    name="start_process",
    label=_("Start a process"),
    icon="player-play",
    on_record=False,
    inputs=(
        asked("process", _("business process"), models.CharField(max_length=80), required=True),
        asked("subject", _("about"), models.CharField(max_length=300), required=True),
        asked("module", _("record type"), models.CharField(max_length=80, blank=True, default="")),
        asked("record", _("record"), models.CharField(max_length=36, blank=True, default="")),
    ),
    perform=_perform_start,
    page="processes:start",
    undoable=False,
)


def _by_the_starter(ctx: Context, instance: Any, values: Mapping[str, Any]) -> Decision:
    if instance.owner_id == ctx.actor.pk:
        return Decision.allow()
    return refuse("", Message("Only who started a process withdraws it: %(person)s.", person=instance.owner.name))


def _perform_withdraw(ctx: Context, instance: Any, values: dict[str, Any]) -> None:
    running.withdraw(instance, ctx.actor, values.get("comment") or "", ctx.now)
    instance.refresh_from_db()


def _perform_remind(ctx: Context, instance: Any, values: dict[str, Any]) -> None:
    running.remind(instance, ctx.actor, ctx.now)


WITHDRAW = Action(
    name="withdraw",
    label=_("Withdraw"),
    icon="arrow-back-up",
    tone="danger",
    confirm=_("Withdraw the request? Nobody is asked any more."),
    inputs=(_comment(),),
    rules=(_by_the_starter,),
    states=RUNNING,
    perform=_perform_withdraw,
    undoable=False,
)
REMIND = Action(
    name="remind",
    label=_("Remind"),
    icon="bell",
    confirm=_("Remind everybody who is waited for?"),
    states=RUNNING,
    perform=_perform_remind,
    undoable=False,
)


def _perform_publish(ctx: Context, version: Any, values: dict[str, Any]) -> None:
    versions.require_staffed(versions.diagram_of(version))
    versions.publish(version, ctx.now)


def _perform_draw(ctx: Context, version: Any, values: dict[str, Any]) -> None:
    versions.redraw(version, values["diagram"])


def _perform_new_draft(ctx: Context, version: Any, values: dict[str, Any]) -> ProcessVersion:
    return versions.new_version(version.diagram, ctx.now, ctx.actor)


def _perform_take_in(ctx: Context, version: Any, values: dict[str, Any]) -> ProcessVersion:
    return versions.new_version(values["diagram"], ctx.now, ctx.actor)


_DIAGRAM = asked("diagram", _("diagram"), models.TextField(max_length=MOST_BYTES), required=True)
DRAW = Action(
    name="draw",
    label=_("Draw"),
    icon="pencil",
    inputs=(_DIAGRAM,),
    states=(ProcessVersion.State.DRAFT,),
    perform=_perform_draw,
    page="processes:draw",
    undoable=False,
)
NEW_DRAFT = Action(
    name="new_draft",
    label=_("Draw a new version"),
    icon="pencil",
    confirm=_("A draft is made of this version; what is in use stays in use until the draft is put to use."),
    states=(ProcessVersion.State.PUBLISHED, ProcessVersion.State.RETIRED),
    perform=_perform_new_draft,
    undoable=False,
)
TAKE_IN = Action(
    name="take_in",
    label=_("Take in a drawing"),
    icon="upload",
    on_record=False,
    inputs=(_DIAGRAM,),
    perform=_perform_take_in,
    page="processes:take_in",
    undoable=False,
)


PUBLISH = Action(
    name="publish",
    label=_("Put to use"),
    icon="check",
    tone="ink",
    states=(ProcessVersion.State.DRAFT, ProcessVersion.State.RETIRED),
    confirm=_("From now on new processes run by this version; those that run already stay on theirs."),
    perform=_perform_publish,
    undoable=False,
)


# ---- Decision tables -------------------------------------------------------------------------------------------------


def _perform_write_table(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    tables.rewrite(row, values["table"])


def _perform_new_table(ctx: Context, row: Any, values: dict[str, Any]) -> DecisionTable:
    return tables.new_version(row.source, ctx.now, ctx.actor)


def _perform_take_in_table(ctx: Context, row: Any, values: dict[str, Any]) -> DecisionTable:
    return tables.new_version(values["table"], ctx.now, ctx.actor)


def _perform_publish_table(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    row.put_to_use(ctx.now)


_TABLE = asked("table", _("table as a DMN file"), models.TextField(max_length=MOST_BYTES), required=True)
WRITE_TABLE = Action(
    name="write_table",
    label=_("Write the lines"),
    icon="pencil",
    inputs=(_TABLE,),
    states=(DecisionTable.State.DRAFT,),
    perform=_perform_write_table,
    page="processes:table",
    undoable=False,
)
PUBLISH_TABLE = Action(
    name="publish",
    label=_("Put to use"),
    icon="check",
    tone="ink",
    states=(DecisionTable.State.DRAFT, DecisionTable.State.RETIRED),
    confirm=_("From now on processes that come to this table are told by this version."),
    perform=_perform_publish_table,
    undoable=False,
)
NEW_TABLE = Action(
    name="new_draft",
    label=_("Write a new version"),
    icon="pencil",
    confirm=_("A draft is made of this version; what is in use stays in use until the draft is put to use."),
    states=(DecisionTable.State.PUBLISHED, DecisionTable.State.RETIRED),
    perform=_perform_new_table,
    undoable=False,
)
TAKE_IN_TABLE = Action(
    name="take_in",
    label=_("Take in a table"),
    icon="upload",
    on_record=False,
    inputs=(_TABLE,),
    perform=_perform_take_in_table,
    page="processes:take_in_table",
    undoable=False,
)
