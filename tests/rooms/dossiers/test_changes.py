"""What is filed changes and goes only with the sales manager's consent (ARC-24 to ARC-26)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.records import history, registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.approvals.shipping import install_rules
from guanxi.records.standard import DELETE, EDIT, PURGE, RESTORE
from guanxi.rooms.dossiers.models import Document
from guanxi.rooms.dossiers.queries.filing import catalogue
from tests.digest import digest
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, decide

Make = Callable[..., Document]
pytestmark = pytest.mark.usefixtures("consent_needed")


def asked(world: World, action: Any, document: Document, who: str = "li_wei", **data: Any) -> PendingAction:
    with pytest.raises(AwaitsApproval) as caught:
        run(action, world.ctx(who).because("合同到期日抄录有误"), DOCUMENT, document, data)
    return caught.value.pending


@pytest.mark.clause("ARC-24")
def test_the_old_value_stays_until_the_sales_manager_consents(world: World, filed: Make) -> None:
    document = filed(title="经销合同", dossier_class="2")
    pending = asked(world, EDIT, document, title="经销合同（更正）")
    document.refresh_from_db()
    assert (document.title, document.version) == ("经销合同", 5)
    assert pending.process is not None and pending.process.items.get().owner == world["sales_manager"]
    decide(world, pending)
    document.refresh_from_db()
    assert document.title == "经销合同（更正）"
    assert pending.changes["title"] == ["经销合同", "经销合同（更正）"]
    assert (pending.reason, pending.owner, pending.decided_by) == (
        "合同到期日抄录有误", world["li_wei"], world["sales_manager"],
    )  # fmt: skip
    entry = AuditEntry.objects.filter(module=DOCUMENT, record_id=document.pk, action="edit").latest("id")
    assert entry.changes["title"] == ["经销合同", "经销合同（更正）"]
    past = history.of(world.ctx("sales_manager"), registry.entry(DOCUMENT), document)[0]
    assert (past.actor, past.reason, past.approved_by) == ("李伟", "合同到期日抄录有误", ("陈慧敏",))


@pytest.mark.clause("ARC-24")
def test_without_a_reason_nothing_is_even_asked(world: World, filed: Make) -> None:
    document = filed()
    before = digest()
    with pytest.raises(Invalid) as caught:
        run(EDIT, world.ctx("li_wei"), DOCUMENT, document, {"title": "改"})
    assert set(caught.value.errors) == {"reason"}
    assert digest() == before


@pytest.mark.clause("ARC-24")
def test_refused_everything_stays_and_nobody_consents_to_his_own_request(world: World, filed: Make) -> None:
    document = filed()
    pending = asked(world, EDIT, document, title="改")
    decide(world, pending, "refuse", "无依据")
    document.refresh_from_db()
    assert (document.title, pending.state) == ("入会登记表", "refused")
    own = asked(world, EDIT, document, who="sales_manager", title="改")
    assert own.process is not None and own.process.items.get().owner != world["sales_manager"]


@pytest.mark.clause("ARC-24")
def test_while_nobody_is_appointed_to_consent_nothing_filed_changes(world: World, filed: Make, paper: Make) -> None:
    document = filed()
    ApprovalRule.objects.update(valid_until=datetime.date(2026, 11, 20), valid_from=datetime.date(2026, 1, 1))
    before = digest()
    for action, data in ((EDIT, {"title": "改"}), (DELETE, {})):
        with pytest.raises(Refused):
            run(action, world.ctx("li_wei").because("更正"), DOCUMENT, document, data)
    assert digest() == before
    run(EDIT, world.ctx("li_wei"), DOCUMENT, paper(), {"title": "改"})  # a draft is nobody else's business


@pytest.mark.clause("ARC-24")
def test_a_rule_for_other_documents_frees_none_of_these(world: World, filed: Make) -> None:
    document = filed()
    ApprovalRule.objects.update(condition={"field": "title", "op": "equals", "value": "别的文件"})
    before = digest()
    with pytest.raises(Refused):
        run(EDIT, world.ctx("li_wei").because("更正"), DOCUMENT, document, {"title": "改"})
    assert digest() == before


@pytest.mark.clause("ARC-11")
def test_a_filed_document_keeps_its_class(world: World, filed: Make) -> None:
    document = filed()
    before = digest()
    with pytest.raises(Refused):
        run(EDIT, world.ctx("li_wei").because("放错类"), DOCUMENT, document, {"dossier_class": "2"})
    assert digest() == before


@pytest.mark.clause("ARC-25")
def test_deleting_needs_a_reason_and_consent(world: World, filed: Make) -> None:
    document = filed(customer=None, dossier_class="5", kind="trade_trend", title="过时的行情")
    before = digest()
    with pytest.raises(Invalid):
        run(DELETE, world.ctx("li_wei"), DOCUMENT, document)
    assert digest() == before
    pending = asked(world, DELETE, document)
    document.refresh_from_db()
    assert document.deleted_at is None
    assert list(catalogue(world.ctx("archivist"), "5")) == [document]
    decide(world, pending)
    document.refresh_from_db()
    assert document.deleted_at is not None
    assert not catalogue(world.ctx("archivist"), "5").exists()
    entry = AuditEntry.objects.filter(module=DOCUMENT, record_id=document.pk, action="delete").latest("id")
    assert (entry.reason, pending.decided_by) == ("合同到期日抄录有误", world["sales_manager"])


@pytest.mark.clause("ARC-26")
def test_for_a_month_it_comes_back_and_only_then_goes_for_good(world: World, filed: Make) -> None:
    kept, gone = filed(), filed()
    for document in (kept, gone):
        decide(world, asked(world, DELETE, document))  # on 21 November: kept through 21 December
    run(RESTORE, world.ctx("archivist"), DOCUMENT, kept)
    kept.refresh_from_db()
    assert (kept.deleted_at, kept.number) == (None, "1-2026-001/0001")

    def at(day: datetime.datetime, confirmed: bool) -> Any:
        return run(PURGE, world.ctx("archivist", now=day), DOCUMENT, gone, {"for_good": confirmed})

    before = digest()
    last = datetime.datetime(2026, 12, 21, 15, 59, tzinfo=datetime.UTC)  # a minute before midnight in China
    for day, confirmed in ((world.now, True), (last, True), (last + datetime.timedelta(minutes=2), False)):
        with pytest.raises(Refused) as caught:
            at(day, confirmed)
        assert [reason.clause for reason in caught.value.decision.blocking] == ["ARC-26"]
    assert digest() == before
    at(last + datetime.timedelta(minutes=2), True)
    assert not Document.objects.filter(pk=gone.pk).exists()


@pytest.mark.clause("SEC-05")
def test_only_the_archivist_purges(world: World, filed: Make) -> None:
    document = filed()
    decide(world, asked(world, DELETE, document))
    later = world.now + datetime.timedelta(days=60)
    before = digest()
    for who in ("li_wei", "sales_manager", "general_manager", "clerk"):
        with pytest.raises((NotAllowed, NotFound)):
            run(PURGE, world.ctx(who, now=later), DOCUMENT, document, {"for_good": True})
    assert digest() == before


def test_shipped_rules_are_installed_once_and_ended_they_do_not_come_back(world: World) -> None:
    rules = ApprovalRule.objects.filter(module=DOCUMENT)
    assert {(rule.action, rule.process, rule.clause) for rule in rules} == {
        ("edit", "approval.sales_manager", "ARC-24"), ("delete", "approval.sales_manager", "ARC-25"),
    }  # fmt: skip
    rules.update(deleted_at=world.now)
    assert install_rules(world.now) == 0
