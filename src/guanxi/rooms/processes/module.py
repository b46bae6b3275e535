"""Work items, processes, their versions, requests for approval and approval rules, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.workflow.models import (
    Copied,
    DecisionTable,
    ProcessInstance,
    ProcessVersion,
    WorkItem,
    in_language,
)
from guanxi.records import registry
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.context import Context
from guanxi.records.module import Computed, Lifecycle, Menu, Module, Related, Section, View
from guanxi.records.standard import action_of, verb_of
from guanxi.rooms.processes import actions, picklists

#: What comes from processes is never entered, changed or taken away by hand.
_FIXED = (
    "create", "edit", "copy", "delete", "assign", "import_rows", "export_rows", "search", "inline_edit", "merge",
)  # fmt: skip


def _step(item: WorkItem | Copied) -> str:
    return in_language(item.step, item.step_en)


def _process(item: WorkItem) -> str:
    return in_language(item.process, item.process_en)


def _verb(row: WorkItem | ProcessInstance) -> str:
    """What is to be done, in the reader's words."""
    key, _colon, name = row.verb.partition(":")
    return verb_of(registry.find(key), name) if name else ""


WORK_ITEM = Module(
    model=WorkItem,
    icon="inbox",
    data_class=DataClass.C2,
    classes={"comment": DataClass.C2},
    profile="work",
    title="subject",
    columns=("subject", "what", "step_name", "starter", "created_at", "due_on", "owner", "state"),
    computed=(
        Computed("what", _("what is to be done"), _verb, needs=("verb",)),
        Computed("step_name", _("step"), _step, needs=("step", "step_en")),
        Computed("process_name", _("business process"), _process, needs=("process", "process_en")),
    ),
    sections=(
        Section(
            _("What is asked"),
            ("subject", "what", "step_name", "process_name", "instance", "starter", "owner", "due_on"),
        ),
        Section(_("Decision"), ("state", "outcome", "comment", "done_by", "done_at", "added_by")),
    ),
    read_only=(
        "subject", "instance", "starter", "owner", "due_on", "state", "outcome", "comment", "done_by", "done_at",
        "added_by",
    ),
    hidden=("node", "round", "step", "step_en", "process", "process_en", "verb", "module", "record_id",
        "reminded_at", "escalated_at"),
    filters=("state", "starter", "owner", "due_on", "created_at"),
    sort="due_on",
    views=(
        View("waiting", _("Waiting for me"), {"all": [
            {"field": "state", "op": "in", "value": ["open"]}, {"field": "owner", "op": "in", "value": ["me"]}
        ]}),
        View("done", _("Decided by me"), {"field": "done_by", "op": "in", "value": ["me"]}, sort="-done_at"),
    ),
    lifecycle=Lifecycle("state", WorkItem.State.OPEN, locked=tuple(WorkItem.State.values)),
    actions=(
        actions.APPROVE, actions.COMPLETE, actions.ANSWER_YES, actions.REFUSE, actions.ANSWER_NO, actions.SEND_BACK,
        actions.PASS_ON, actions.ADD_SIGNER, actions.COPY_TO,
    ),
    without=(*_FIXED, "history"),
)  # fmt: skip

INSTANCE = Module(
    model=ProcessInstance,
    icon="route",
    data_class=DataClass.C2,
    profile="process",
    title="subject",
    columns=("subject", "what", "process", "owner", "created_at", "state", "ended_at"),
    computed=(Computed("what", _("what is to be done"), _verb, needs=("verb",)),),
    sections=(
        Section(_("Business process"), ("subject", "what", "process", "owner", "department")),
        Section(_("How it went"), ("state", "outcome", "ended_at")),
    ),
    read_only=("subject", "process", "owner", "department", "state", "outcome", "ended_at"),
    hidden=("purpose", "verb", "module", "record_id", "figures", "tokens"),
    filters=("state", "process", "owner", "department", "created_at"),
    sort="-created_at",
    views=(
        View("running", _("Running"), {"field": "state", "op": "in", "value": ["running"]}),
        View("mine", _("Started by me"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    related=(
        Related(
            "workflow.workitem", "instance", _("Who was asked"), ("owner", "step_name", "state", "done_at", "comment")
        ),
    ),
    lifecycle=Lifecycle("state", ProcessInstance.State.RUNNING, locked=tuple(ProcessInstance.State.values)),
    actions=(actions.REMIND, actions.WITHDRAW, actions.START),
    menu=Menu(group="management", order=60, create=False),
    without=(*_FIXED, "history"),
)  # fmt: skip

VERSION = Module(
    model=ProcessVersion,
    icon="git-branch",
    data_class=DataClass.C1,
    profile="settings",
    title="title",
    columns=("title", "number", "state", "published_at"),
    sections=(
        Section(_("Business process"), ("title", "title_en", "key", "number", "state", "published_at", "fingerprint")),
    ),
    read_only=("title", "title_en", "key", "number", "state", "published_at", "fingerprint"),
    hidden=("diagram", "shipped"),
    filters=("state", "key"),
    sort="title",
    views=(View("used", _("In use"), {"field": "state", "op": "in", "value": ["published"]}),),
    lifecycle=Lifecycle("state", ProcessVersion.State.DRAFT, locked=tuple(ProcessVersion.State.values)),
    actions=(actions.DRAW, actions.PUBLISH, actions.NEW_DRAFT, actions.TAKE_IN),
    menu=Menu(group="administration", order=30, create=False),
    without=_FIXED,
)

COPIED = Module(
    model=Copied,
    icon="send",
    data_class=DataClass.C2,
    classes={"comment": DataClass.C2},
    profile="work",
    title="subject",
    columns=("subject", "step_name", "outcome", "sender", "created_at", "read_at"),
    computed=(Computed("step_name", _("step"), _step, needs=("step", "step_en")),),
    sections=(
        Section(_("For your information"), ("subject", "step_name", "outcome", "instance", "sender", "comment")),
        Section(_("Taken note of"), ("owner", "read_at")),
    ),
    read_only=("subject", "outcome", "instance", "sender", "comment", "owner", "department", "read_at"),
    hidden=("node", "step", "step_en", "module", "record_id"),
    filters=("sender", "created_at", "read_at"),
    sort="-created_at",
    views=(
        View("unread", _("Not noted yet"), {"all": [
            {"field": "read_at", "op": "empty"}, {"field": "owner", "op": "in", "value": ["me"]}
        ]}),
        View("mine", _("Copied to me"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    actions=(actions.NOTE,),
    menu=Menu(group="management", order=61, create=False),
    without=(*_FIXED, "history"),
)  # fmt: skip

TABLE = Module(
    model=DecisionTable,
    icon="table",
    data_class=DataClass.C1,
    profile="settings",
    title="title",
    columns=("title", "number", "state", "published_at"),
    sections=(
        Section(_("Decision table"), ("title", "title_en", "key", "number", "state", "published_at", "fingerprint")),
    ),
    read_only=("title", "title_en", "key", "number", "state", "published_at", "fingerprint"),
    hidden=("source", "shipped"),
    filters=("state", "key"),
    sort="title",
    views=(View("used", _("In use"), {"field": "state", "op": "in", "value": ["published"]}),),
    lifecycle=Lifecycle("state", DecisionTable.State.DRAFT, locked=tuple(DecisionTable.State.values)),
    actions=(actions.WRITE_TABLE, actions.PUBLISH_TABLE, actions.NEW_TABLE, actions.TAKE_IN_TABLE),
    menu=Menu(group="administration", order=32, create=False),
    without=_FIXED,
)

PENDING = Module(
    model=PendingAction,
    icon="writing-sign",
    data_class=DataClass.C2,
    classes={"input": DataClass.C3},
    profile="approval",
    title="title",
    columns=("title", "action", "owner", "reason", "created_at", "state", "decided_by", "decided_at"),
    sections=(
        Section(
            _("Request"),
            ("title", "module", "action", "owner", "department", "reason", "rule", "clause", "created_at"),
        ),
        Section(_("Decision"), ("state", "answer", "decided_by", "decided_at")),
    ),
    read_only=(
        "title", "module", "action", "owner", "department", "reason", "rule", "clause", "state", "answer",
        "decided_by", "decided_at",
    ),
    hidden=(
        "record_id", "record_version", "input", "changes", "decision", "seal", "source",
        "handed_on", "process", "job",
    ),
    filters=("state", "owner", "department", "created_at", "decided_at"),
    sort="-created_at",
    views=(
        View("waiting", _("Waiting for a decision"), {"field": "state", "op": "in", "value": ["waiting"]}),
        View("mine", _("Asked for by me"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    lifecycle=Lifecycle("state", PendingAction.State.WAITING, locked=tuple(PendingAction.State.values)),
    menu=Menu(group="management", order=59, create=False),
    without=(*_FIXED, "history"),
)  # fmt: skip


def _prepare_rule(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A rule that could never ask for anything is refused when it is written down."""

    def given(name: str) -> Any:
        return values.get(name, getattr(record, name, None))

    module = registry.find(str(given("module")))
    if module is not None and given("action") and action_of(module, str(given("action"))) is None:
        raise Invalid({"action": [Message("%(module)s has no such action.", module=module.label)]})
    first, last = given("valid_from"), given("valid_until")
    if first and last and last < first:
        raise Invalid(
            {"valid_until": [Message("The last day cannot be before the first day, %(start)s.", start=first)]}
        )
    return values


APPROVAL_RULE = Module(
    model=ApprovalRule,
    icon="rubber-stamp",
    data_class=DataClass.C1,
    profile="settings",
    columns=("name", "module", "action", "process", "clause", "valid_from", "valid_until"),
    sections=(
        Section(_("What asks for approval"), ("name", "module", "action")),
        Section(_("Who approves"), ("process", "clause", "asks_reason")),
        Section(_("In force"), ("valid_from", "valid_until")),
    ),
    filters=("module", "action", "process", "valid_from"),
    sort="name",
    starts=lambda ctx: {"valid_from": ctx.today},
    prepare=_prepare_rule,
    actions=(actions.SET_CONDITION,),
    menu=Menu(group="administration", order=31, create=False),
    without=("import_rows", "merge", "assign", "inline_edit"),
)

registry.register(WORK_ITEM, INSTANCE, COPIED, VERSION, TABLE, PENDING, APPROVAL_RULE)
__all__ = ["picklists"]
