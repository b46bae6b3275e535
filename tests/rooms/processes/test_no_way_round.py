"""Every state of every shipped approval × every actor × every verb × every door: nothing gets past the signatures.

The states are reached by doing: whatever somebody can do is done, judged, and taken back.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from guanxi.kernel.errors import Problem
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Deed, ProcessInstance, ProcessVersion, Timer, WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.asking import PURPOSE, AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.standard import DELETE, action_of, create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.processes.module import INSTANCE, WORK_ITEM
from guanxi.rooms.processes.public import install_processes
from tests.people import World

CUSTOMER = "customers.customer"
#: Who asks, his colleague, the two above him, one who may write every customer, one who looks after the system.
ACTORS = ("li_wei", "wang_fang", "sales_manager", "general_manager", "archivist", "system_admin")
DOORS = ("page", "api", "agent", "import")
VERBS = ("approve", "refuse", "complete", "answer_yes", "pass_on", "add_signer", "send_back")
#: Steps deep: enough for two levels, each passed on or widened once.
DEEP = 4


class _Back(Exception):  # noqa: N818 - the end of what was only tried
    pass


@dataclass
class Explorer:
    """Does whatever can be done in a state, and goes on from there; each state is looked at once."""

    world: World
    instance: ProcessInstance
    customer: Customer
    seen: set[Any] = field(default_factory=set)
    tried: int = 0
    ended: set[str] = field(default_factory=set)

    def state(self) -> Any:
        row = ProcessInstance.objects.get(pk=self.instance.pk)
        items = WorkItem.objects.filter(instance=row, state="open").values_list("node", "owner__username")
        return row.state, row.outcome, tuple(sorted(items)), self.is_gone()

    def is_gone(self) -> bool:
        return Customer.objects.filter(pk=self.customer.pk).exclude(deleted_at=None).exists()

    def look(self, depth: int = 0) -> None:
        here = self.state()
        if here in self.seen or depth > DEEP:
            return
        self.seen.add(here)
        for attempt in self.attempts():
            self.tried += 1
            try:
                with transaction.atomic():
                    attempt()
                    self.judge()
                    self.look(depth + 1)
                    raise _Back
            except (_Back, Problem, AwaitsApproval):
                continue

    def attempts(self) -> Iterator[Any]:
        items = list(WorkItem.objects.filter(instance=self.instance))
        other = self.world["archivist"]
        for who in ACTORS:
            for item in items:
                for verb in VERBS:
                    data = {"comment": "试"}
                    if verb in ("pass_on", "add_signer"):
                        data["other"] = other  # type: ignore[assignment]
                    if verb == "send_back":
                        data["node"] = "superior"
                    yield lambda who=who, verb=verb, item=item, data=data: self.act(who, verb, WORK_ITEM, item, data)
            yield lambda who=who: self.act(who, "withdraw", INSTANCE, self.instance, {})
            for door in DOORS:
                yield lambda who=who, door=door: self.delete(who, door)
        for timer in Timer.objects.filter(instance=self.instance, state="running"):
            yield lambda timer=timer: running.ring(timer.pk, timer.due_at)

    def act(self, who: str, verb: str, module: Any, target: Any, data: dict[str, Any]) -> None:
        action = action_of(module, verb)
        assert action is not None
        run(action, self.world.ctx(who), module, target, data)

    def delete(self, who: str, door: str) -> None:
        run(DELETE, self.world.ctx(who, source=door, reason="绕过"), CUSTOMER, self.customer.pk, confirmed=True)

    def judge(self) -> None:
        """What was asked for has happened if, and only if, those who had to agree have."""
        row = ProcessInstance.objects.select_related("owner").get(pk=self.instance.pk)
        approved = row.state == "ended" and row.outcome == "approved"
        assert self.is_gone() == approved
        pending = PendingAction.objects.get(process=row)
        assert (pending.state == "done") == approved
        if row.state != "running":
            assert not WorkItem.objects.filter(instance=row, state="open").exists()
            self.ended.add(row.outcome)
        said = list(row.trail.filter(deed=Deed.DECIDED).select_related("person"))
        assert all(entry.person != row.owner for entry in said)
        if approved:
            assert said and said[-1].outcome == "approve"
            for step in versions.diagram_of(row.process).steps:
                asked = WorkItem.objects.filter(instance=row, node=step.id, state="done", outcome="approve")
                skipped = not WorkItem.objects.filter(instance=row, node=step.id).exists()
                rung = row.trail.filter(deed=Deed.RANG).exists()
                assert asked.exists() or skipped or rung


def _approvals() -> list[str]:
    return [
        "superior",
        "sales_manager",
        "countersigned",
        "two_levels",
        "escalating",
        "graded",
        "export",
        "archive_access",
    ]


@pytest.mark.parametrize("process", _approvals())
def test_there_is_no_way_round(world: World, process: str) -> None:
    install_processes(world.now)
    ApprovalRule.objects.create(
        name="删除", module=CUSTOMER, action="delete", process=f"approval.{process}", condition={},
        valid_from=datetime.date(2026, 1, 1),
    )  # fmt: skip
    customer = create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="成都锦江大酒店", city="重庆")
    with pytest.raises(AwaitsApproval):
        run(DELETE, world.ctx("li_wei", reason="重复"), CUSTOMER, customer, confirmed=True)
    explorer = Explorer(world, ProcessInstance.objects.get(), customer)
    explorer.look()
    # It can be approved, refused and withdrawn: the walk has been everywhere, or it would prove nothing.
    assert explorer.ended == {"approved", "refused", "withdrawn"} and len(explorer.seen) > 4


def test_every_shipped_approval_is_looked_at(world: World) -> None:
    install_processes(world.now)
    used = [
        version for version in ProcessVersion.objects.all() if versions.serves(versions.diagram_of(version), PURPOSE)
    ]
    approvals = {version.key for version in used if version.key.startswith("approval.")}
    assert approvals == {f"approval.{name}" for name in _approvals()}
