"""The regulation's numbers may be changed only with somebody's consent, where an approval rule says so."""

from __future__ import annotations

import datetime

import pytest

from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import value_of
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.export_limits import ROWS_ALONE
from guanxi.records.standard import create
from guanxi.rooms.administration.actions import SET_PARAMETER
from guanxi.rooms.processes.public import APPROVE, REFUSE, install_processes
from tests.people import World

VALUES = "policy.parametervalue"
DATA = {"name": ROWS_ALONE.name, "value": "200", "valid_from": "2026-12-01"}


@pytest.fixture
def gate(world: World) -> None:
    """Whoever changes a parameter needs the sales manager's consent."""
    install_processes(world.now)
    create(
        world.ctx("system_admin"), "approvals.approvalrule", name="参数变更须会签", module=VALUES,
        action="set_parameter", process="approval.sales_manager", clause="SEC-04", valid_from=world.now.date(),
    )  # fmt: skip


def asked_for(world: World) -> WorkItem:
    with pytest.raises(AwaitsApproval):
        run(SET_PARAMETER, world.ctx("general_manager").because("检查后收紧"), VALUES, None, DATA)
    assert not ParameterValue.objects.exists()
    return WorkItem.objects.get(state=WorkItem.State.OPEN)


@pytest.mark.clause("SEC-04")
def test_a_parameter_waits_for_consent_and_holds_from_its_day(world, gate):
    item = asked_for(world)
    assert item.owner == world["sales_manager"]
    run(APPROVE, world.ctx("sales_manager"), "workflow.workitem", item, {"comment": "同意"})
    assert value_of(ROWS_ALONE, datetime.date(2026, 11, 30)) == 500
    assert value_of(ROWS_ALONE, datetime.date(2026, 12, 1)) == 200
    row = ParameterValue.objects.get()
    assert (row.created_by, row.reason) == (world["general_manager"], "检查后收紧")


@pytest.mark.clause("SEC-04")
def test_without_consent_the_parameter_stays_as_it_is(world, gate):
    run(REFUSE, world.ctx("sales_manager"), "workflow.workitem", asked_for(world), {"comment": "不必收紧"})
    assert not ParameterValue.objects.exists()
    assert value_of(ROWS_ALONE, datetime.date(2026, 12, 1)) == 500
