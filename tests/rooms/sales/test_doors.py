"""A signed contract is changed by no door: page, interface, import, batch, agent (SAL-04)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.agents import tools
from guanxi.kernel.errors import Problem
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import registry
from guanxi.records.batches import SET, begin
from guanxi.records.importing import running as importing
from guanxi.records.standard import EDIT
from guanxi.rooms.sales.actions import CONTRACT
from guanxi.rooms.sales.models import Contract
from tests.api.conftest import program
from tests.people import World
from tests.records.tables import workbook
from tests.rooms.sales.test_contracts import drafted, signed

__all__ = ["drafted", "program"]
LOCKED = ("name", "content", "amount", "begins_on", "ends_on", "customer_id", "kind", "state", "deleted_at", "version")


@pytest.fixture
def contract(world: World, drafted: Any) -> Contract:
    found: Contract = signed(world, drafted)
    return found


def as_signed(contract: Contract) -> dict[str, Any]:
    """The contract and its texts as they stand in the database."""
    row = Contract.objects.get(pk=contract.pk)
    texts = list(row.texts.order_by("edition").values_list("edition", "content"))
    return {name: getattr(row, name) for name in LOCKED} | {"texts": texts}


@pytest.mark.clause("SAL-04")
@pytest.mark.parametrize("username", ["li_wei", "sales_manager", "general_manager"])
def test_no_program_changes_a_signed_contract(world, contract, program, username) -> None:
    before, caller = as_signed(contract), program(username)
    address = f"sales/contract/{contract.pk}"
    assert caller.patch(address, {"content": "接口"}, contract.version).status_code in (403, 409, 422)
    assert caller.patch(address, {"amount": "1.00"}, "*").status_code in (403, 409, 422)
    assert caller.delete(address, contract.version).status_code in (403, 409, 422)
    assert as_signed(contract) == before


@pytest.mark.clause("SAL-04")
def test_no_page_and_no_batch_changes_a_signed_contract(world, contract, client: Client) -> None:
    before = as_signed(contract)
    client.force_login(world["sales_manager"])
    address = f"/sales/contract/{contract.pk}"
    for field in ("content", "amount", "ends_on"):
        answer = client.post(f"{address}/field/{field}/", {field: "1", "version": contract.version})
        assert answer.status_code >= 400
    assert client.post(f"{address}/do/delete/", {"reason": "重复"}).status_code >= 400
    mass = begin(world.ctx("sales_manager"), registry.entry(CONTRACT), EDIT, [contract.pk], {SET: {"content": "批量"}})
    assert [row.state for row in mass.rows.all()] == ["failed"]
    assert as_signed(contract) == before


@pytest.mark.clause("SAL-04")
def test_no_agent_changes_a_signed_contract(world, contract) -> None:
    before, ctx = as_signed(contract), world.ctx("sales_manager", source="agent")
    with pytest.raises(Problem):
        tools.edit_record(ctx, CONTRACT, str(contract.pk), contract.version, {"content": "助理"}, confirmed=True)
    with pytest.raises(Problem):
        tools.run_action(ctx, CONTRACT, "delete", str(contract.pk), contract.version, reason="重复", confirmed=True)
    assert as_signed(contract) == before


@pytest.mark.clause("SAL-04")
def test_no_import_changes_a_signed_contract(world, contract, tmp_path: Path, settings) -> None:
    """Its row in a file finds it by its number, and is left with the reason."""
    settings.DATA = tmp_path
    before, ctx = as_signed(contract), world.ctx("sales_manager")
    rows = workbook(("编号", "合同名称", "正文"), (contract.number, contract.name, "导入"))
    file = store(rows, "contracts.xlsx", ctx.actor, world.now, StoredFile.Kind.IMPORT)
    begun = importing.begin(ctx, registry.module(CONTRACT), file)
    importing.set_mapping(ctx, begun, begun.sheet, "", None, {0: "number", 1: "name", 2: "content"})
    assert run_job(importing.check(ctx, begun).pk)
    with suppress(Problem):
        assert run_job(importing.apply(ctx, importing.run_of(ctx, begun.pk), duplicates="update").pk)
    assert as_signed(contract) == before and Contract.objects.count() == 1
    assert "updated" not in importing.run_of(ctx, begun.pk).summary
