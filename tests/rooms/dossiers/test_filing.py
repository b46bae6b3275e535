"""Six classes, volumes, leaves, three signatures: how a document comes into the archive, and when it does not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from guanxi.records.actions import run
from guanxi.records.standard import EDIT, create
from guanxi.rooms.dossiers.actions import (
    APPROVE_DOCUMENT,
    FILE_DOCUMENT,
    NOTE_CUSTOMER_SIGNATURE,
    SUBMIT_DOCUMENT,
    TAKE_BACK,
)
from guanxi.rooms.dossiers.models import Document, DocumentState, Volume
from guanxi.rooms.dossiers.queries.filing import catalogue
from tests.digest import digest
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, ORIGINAL, TODAY, page_of

Make = Callable[..., Document]


def refused_for(problem: Refused) -> list[str]:
    return [reason.clause for reason in problem.decision.blocking]


def file(world: World, document: Document, who: str = "archivist", **values: Any) -> Document:
    run(FILE_DOCUMENT, world.ctx(who), DOCUMENT, document, values)
    document.refresh_from_db()
    return document


# ---- Class, number, volume -------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-11")
def test_without_a_class_it_is_not_filed(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper(dossier_class=""))
    before = digest()
    with pytest.raises(Refused) as caught:
        file(world, document)
    assert refused_for(caught.value) == ["ARC-11"]
    assert digest() == before


@pytest.mark.clause("ARC-11", "ARC-18")
def test_filed_it_gets_the_next_number_and_is_found_by_it(world: World, filed: Make) -> None:
    first, second, other = filed(), filed(title="身份证复印件"), filed(dossier_class="2", title="经销合同")
    assert [first.number, second.number, other.number] == ["1-2026-001/0001", "1-2026-001/0002", "2-2026-001/0001"]
    assert (first.filed_by, first.filed_on, str(first.volume)) == (world["archivist"], TODAY, "1-2026-001")
    ctx = world.ctx("sales_manager")
    assert list(catalogue(ctx, "1", text="1-2026-001/0002")) == [second]
    assert list(catalogue(ctx, "1", text="身份证")) == [second]
    assert list(catalogue(ctx, "1")) == [first, second]


@pytest.mark.clause("ARC-11")
def test_a_leaf_is_inserted_and_no_other_gets_another_number(world: World, filed: Make) -> None:
    first, second = filed(), filed()
    between, after = filed(behind=first), filed(behind=first)
    deep = filed(behind=between)
    assert [between.leaf, after.leaf, deep.leaf] == ["0001-01", "0001-02", "0001-01-01"]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.number, second.number) == ("1-2026-001/0001", "1-2026-001/0002")
    assert list(catalogue(world.ctx("archivist"), "1")) == [first, between, deep, after, second]


@pytest.mark.clause("ARC-18")
def test_nothing_is_filed_outside_the_catalogue(world: World, paper: Make) -> None:
    document = paper()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(state=DocumentState.FILED)
    assert not catalogue(world.ctx("archivist"), "1").exists()


@pytest.mark.clause("ARC-20")
def test_every_manager_has_a_volume_of_his_own_in_every_class(
    world: World, filed: Make, paper: Make, sign: Make
) -> None:
    ours, theirs, contract = filed(), filed("zhang_min"), filed(dossier_class="2")
    assert len({ours.volume_id, theirs.volume_id, contract.volume_id}) == 3
    assert [theirs.volume and theirs.volume.owner, theirs.number] == [world["zhang_min"], "1-2026-002/0001"]
    mine = Volume.objects.filter(owner=world["li_wei"]).order_by("number")
    assert [volume.dossier_class for volume in mine] == ["1", "2"]
    assert list(catalogue(world.ctx("archivist"), "1", manager=world["zhang_min"].pk)) == [theirs]
    for wrong in (theirs, contract):
        document = sign(paper())
        before = digest()
        with pytest.raises(Refused) as caught:
            file(world, document, behind=wrong)
        assert refused_for(caught.value) == ["ARC-20"]
        assert digest() == before


def test_a_manager_has_one_open_volume_of_a_class(world: World, filed: Make) -> None:
    filed()
    with pytest.raises(Conflict):
        create(world.ctx("archivist"), "dossiers.volume", dossier_class="1", owner=world["li_wei"], year=2026)


@pytest.mark.clause("ARC-13")
def test_contracts_lie_by_their_day_of_signing(world: World, filed: Make) -> None:
    days = [datetime.date(2026, 3, 1), datetime.date(2024, 7, 9), datetime.date(2025, 12, 31)]
    made = [filed(dossier_class="2", title=f"合同{day}", signed_on=day, content="甲乙双方约定") for day in days]
    listed = list(catalogue(world.ctx("archivist"), "2"))
    assert listed == [made[1], made[2], made[0]]
    assert {document.content for document in listed} == {"甲乙双方约定"}


@pytest.mark.clause("ARC-13")
def test_a_contract_without_its_day_of_signing_is_not_filed(world: World, paper: Make, sign: Make) -> None:
    undated = sign(paper(dossier_class="2", kind="contract", signed_on=None))
    before = digest()
    with pytest.raises(Refused) as caught:
        file(world, undated)
    assert refused_for(caught.value) == ["ARC-13"]
    assert digest() == before
    assert file(world, sign(paper(signed_on=None))).state == "filed"  # of the other classes none asks for it


@pytest.mark.clause("ARC-13")
@pytest.mark.usefixtures("consent_needed")
def test_a_filed_contract_keeps_a_day_of_signing(world: World, filed: Make) -> None:
    contract = filed(dossier_class="2", kind="contract")
    before = digest()
    with pytest.raises(Refused) as caught:
        run(EDIT, world.ctx("li_wei").because("日期有误"), DOCUMENT, contract, {"signed_on": None})
    assert refused_for(caught.value) == ["ARC-13"]
    assert digest() == before


# ---- Confirmation and signatures -------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-21")
def test_only_the_handler_submits_and_only_by_confirming(world: World, paper: Make) -> None:
    document = paper()
    before = digest()
    for who, says in (("li_wei", False), ("sales_manager", True), ("archivist", True)):
        with pytest.raises(Refused) as caught:
            run(SUBMIT_DOCUMENT, world.ctx(who), DOCUMENT, document, {"is_true": says})
        assert refused_for(caught.value) == ["ARC-21"]
    with pytest.raises(NotFound):
        run(SUBMIT_DOCUMENT, world.ctx("wang_fang"), DOCUMENT, document, {"is_true": True})
    assert digest() == before
    run(SUBMIT_DOCUMENT, world.ctx("li_wei"), DOCUMENT, document, {"is_true": True})
    document.refresh_from_db()
    assert (document.confirmed_by, document.confirmed_at, document.state) == (world["li_wei"], world.now, "submitted")


@pytest.mark.clause("ARC-22")
@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("customer", "The customer's signature is missing."),
        ("superior", "The signature of the handler's direct superior is missing."),
    ],
)
def test_a_missing_signature_is_named(world: World, paper: Make, sign: Make, missing: str, named: str) -> None:
    document = sign(paper(), missing)
    before = digest()
    with pytest.raises(Refused) as caught:
        file(world, document)
    assert [(reason.clause, reason.message.plain) for reason in caught.value.decision.blocking] == [("ARC-22", named)]
    assert digest() == before


@pytest.mark.clause("ARC-22")
def test_a_customers_signature_can_be_seen_somewhere(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper(), "customer")
    given = {"customer_signer": "王经理", "customer_signed_on": TODAY}
    before = digest()
    with pytest.raises(Refused) as caught:
        run(NOTE_CUSTOMER_SIGNATURE, world.ctx("li_wei"), DOCUMENT, document, given)
    assert refused_for(caught.value) == ["ARC-22"]
    assert digest() == before
    create(world.ctx("archivist"), ORIGINAL, document=document, paper_number="HT-001", place="甲柜")
    run(NOTE_CUSTOMER_SIGNATURE, world.ctx("li_wei"), DOCUMENT, document, given)
    assert file(world, document).state == "filed"


@pytest.mark.clause("ARC-22")
def test_without_any_signature_all_three_are_named(world: World, paper: Make) -> None:
    document = paper()
    with pytest.raises(Refused) as caught:
        file(world, document)
    assert [reason.message.plain for reason in caught.value.decision.blocking] == [
        "The customer's signature is missing.",
        "The handler's signature is missing.",
        "The signature of the handler's direct superior is missing.",
    ]


@pytest.mark.clause("ARC-22")
def test_with_all_three_it_is_filed_and_the_handler_never_approves(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper(), "superior")
    manager = paper("sales_manager")
    before = digest()
    with pytest.raises((NotAllowed, Refused)):
        run(APPROVE_DOCUMENT, world.ctx("li_wei"), DOCUMENT, document)
    with pytest.raises(Refused) as caught:  # not his direct superior
        run(APPROVE_DOCUMENT, world.ctx("general_manager"), DOCUMENT, document)
    assert refused_for(caught.value) == ["ARC-22"]
    assert digest() == before
    run(SUBMIT_DOCUMENT, world.ctx("sales_manager"), DOCUMENT, manager, {"is_true": True})
    with pytest.raises(Refused):  # who has the right, but handles it himself
        run(APPROVE_DOCUMENT, world.ctx("sales_manager"), DOCUMENT, manager)
    run(APPROVE_DOCUMENT, world.ctx("general_manager"), DOCUMENT, manager)
    run(APPROVE_DOCUMENT, world.ctx("sales_manager"), DOCUMENT, document)
    assert file(world, document).state == "filed"


def test_what_is_signed_is_not_edited_and_taken_back_it_is_unsigned(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper())
    with pytest.raises(Conflict):
        run(EDIT, world.ctx("li_wei"), DOCUMENT, document, {"title": "另一份"})
    run(TAKE_BACK, world.ctx("li_wei"), DOCUMENT, document)
    document.refresh_from_db()
    assert (document.state, document.confirmed_by, document.customer_page, document.approved_by) == (
        "draft", None, None, None,
    )  # fmt: skip
    run(EDIT, world.ctx("li_wei"), DOCUMENT, document, {"title": "另一份"})


def test_what_belongs_to_no_customer_has_no_customer_to_sign_it(world: World, paper: Make, sign: Make) -> None:
    trend = sign(paper(customer=None, dossier_class="5", kind="trade_trend", title="三季度行业动态"))
    assert file(world, trend).number == "5-2026-001/0001"
    loose = sign(paper(customer=None, dossier_class="1"))
    with pytest.raises(Refused) as caught:
        file(world, loose)
    assert refused_for(caught.value) == ["ARC-11"]


@pytest.mark.clause("ARC-29")
def test_what_has_legal_effect_lies_on_paper_before_it_is_filed(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper(legally_effective=True, dossier_class="2", kind="contract"))
    archivist = world.ctx("archivist")
    with pytest.raises(Refused) as caught:
        file(world, document)
    assert refused_for(caught.value) == ["ARC-29"]
    original = create(archivist, ORIGINAL, document=document, paper_number="HT-2026-018", place="")
    before = digest()
    with pytest.raises(Refused):  # a number without a place
        file(world, document)
    assert digest() == before
    run(EDIT, archivist, ORIGINAL, original, {"place": "档案室甲柜三层"})
    assert file(world, document).state == "filed"


# ---- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SEC-05")
def test_only_the_archivist_files(world: World, paper: Make, sign: Make) -> None:
    document = sign(paper())
    before = digest()
    for who in ("li_wei", "sales_manager", "general_manager", "wang_fang", "clerk", "system_admin"):
        with pytest.raises((NotAllowed, NotFound)):
            file(world, document, who)
    assert digest() == before
    assert file(world, document).state == "filed"


def test_another_managers_dossier_is_nobodys_business(world: World, filed: Make) -> None:
    document = filed()
    other = world.ctx("wang_fang")
    with pytest.raises(NotFound):
        other.get(DOCUMENT, document.pk)
    assert not catalogue(other, "1").exists()
    assert list(catalogue(world.ctx("li_wei"), "1")) == [document]
    with pytest.raises(NotFound):
        run(NOTE_CUSTOMER_SIGNATURE, other, DOCUMENT, document, {"customer_page": page_of(world)})


# ---- Pages -----------------------------------------------------------------------------------------------------------


def test_catalogue_and_tab(world: World, filed: Make, paper: Make) -> None:
    document, draft = filed(title="入会登记表"), paper(title="背景材料")
    client = Client()
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")
    told = client.get("/dossiers/catalogue/", {"class": "1", "q": "001"}).content.decode()
    assert document.number in told and draft.title not in told
    assert document.number not in client.get("/dossiers/catalogue/", {"class": "2"}).content.decode()
    tab = client.get(f"/customers/customer/{document.customer_id}/", {"tab": "dossiers"}).content.decode()
    assert document.title in tab and "class-6" in tab
    clerk = Client()
    clerk.force_login(world["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert clerk.get("/dossiers/catalogue/").status_code == 403
