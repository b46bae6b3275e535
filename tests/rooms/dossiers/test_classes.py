"""What each class must hold, and the customers who lack it (ARC-12, ARC-14, ARC-15)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.dossiers.actions.installing import install_required_papers
from guanxi.rooms.dossiers.models import Document, RequiredPaper
from guanxi.rooms.dossiers.queries.dossier import Dossier, dossier_of, incomplete
from tests.digest import digest
from tests.people import World

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def required(world: World) -> None:
    """The required papers that an installation starts with."""
    install_required_papers(world.now)


def dossier(world: World, customer: Any, who: str = "li_wei") -> Dossier:
    return dossier_of(world.ctx(who), customer)


def states(found: Dossier, key: str) -> dict[str, str]:
    return {check.kind: check.state for check in found.classes[int(key) - 1].checks}


def credit(world: World, customer: Any, **values: Any) -> Any:
    given = {"settlement": "credit", "credit_limit": "50000", "plan": "每月25日还款", **values}
    return create(world.ctx("li_wei"), "dossiers.creditfile", customer=customer, **given)


@pytest.mark.clause("ARC-12")
def test_class_one_says_what_is_there_and_what_is_missing(
    world: World, customer_of: Make, filed: Make, paper: Make
) -> None:
    customer = customer_of()
    assert states(dossier(world, customer), "1") == dict.fromkeys(
        ("registration_form", "identity_copy", "background", "visit_report"), "missing"
    )
    filed(customer=customer)
    paper(customer=customer, kind="identity_copy", title="身份证复印件")
    found = dossier(world, customer)
    assert states(found, "1") == {
        "registration_form": "filed", "identity_copy": "under_way", "background": "missing", "visit_report": "missing",
    }  # fmt: skip
    assert found.classes[0].percent == 25  # one of four
    listed = incomplete(world.ctx("li_wei"), "1", 10)
    assert [(each.customer, len(each.missing)) for each in listed] == [(customer, 3)]
    assert incomplete(world.ctx("wang_fang"), "1", 10) == []
    credit(world, customer)  # who signs to account also needs the list of who may sign
    assert states(dossier(world, customer), "1")["authorised_signers"] == "missing"


@pytest.mark.clause("ARC-12")
def test_what_is_required_is_the_administrators_to_say(world: World, customer_of: Make) -> None:
    customer = customer_of()
    admin = world.ctx("system_admin")
    create(admin, "dossiers.requiredpaper", dossier_class="2", kind="contract", applies_to="all")
    for row in RequiredPaper.objects.filter(dossier_class="1"):
        run(DELETE, admin, "dossiers.requiredpaper", row)
    found = dossier(world, customer)
    assert (states(found, "1"), states(found, "2")) == ({}, {"contract": "missing"})
    with pytest.raises(Conflict):
        create(admin, "dossiers.requiredpaper", dossier_class="2", kind="contract", applies_to="credit")
    assert install_required_papers(world.now) == 0


@pytest.mark.clause("ARC-14")
def test_class_three_of_a_credit_customer_shows_limit_plan_and_running_balance(world: World, customer_of: Make) -> None:
    customer = customer_of()
    assert dossier(world, customer).classes[2].applies is False
    credit(world, customer)
    ctx = world.ctx("li_wei")
    for day, movement, amount in (
        ("2026-03-10", "repayment", "4000"), ("2026-01-05", "debt", "10000"), ("2026-04-01", "debt", "2500.50"),
    ):  # fmt: skip
        create(ctx, "dossiers.debtentry", customer=customer, booked_on=day, movement=movement, amount=amount)
    found = dossier(world, customer)
    assert found.classes[2].applies
    assert found.credit is not None and (found.credit.credit_limit, found.credit.plan) == (
        Decimal(50000), "每月25日还款",
    )  # fmt: skip
    assert [(line.entry.booked_on, line.balance) for line in found.debts] == [
        (datetime.date(2026, 1, 5), Decimal("10000.00")),
        (datetime.date(2026, 3, 10), Decimal("6000.00")),
        (datetime.date(2026, 4, 1), Decimal("8500.50")),
    ]
    before = digest()
    for amount in ("0", "-5"):
        with pytest.raises(Invalid):
            create(ctx, "dossiers.debtentry", customer=customer, booked_on="2026-05-01", movement="debt", amount=amount)
    with pytest.raises(Conflict):
        credit(world, customer)
    assert digest() == before


@pytest.mark.clause("ARC-14")
def test_a_direct_export_customer_needs_payment_method_and_security(
    world: World, customer_of: Make, filed: Make
) -> None:
    customer = customer_of()
    papers = credit(world, customer, direct_export=True)
    for kind in ("credit_contract", "credit_limit", "credit_security"):
        filed(customer=customer, dossier_class="3", kind=kind, title=kind)
    found = dossier(world, customer).classes[2]
    assert [check.state for check in found.checks] == ["filed"] * 3
    assert (len(found.unfilled), found.percent, found.is_complete) == (3, 50, False)
    given = {"payment_method": "letter_of_credit", "granted_amount": "30000"}
    run(EDIT, world.ctx("li_wei"), "dossiers.creditfile", papers, given)
    assert not dossier(world, customer).classes[2].is_complete
    run(EDIT, world.ctx("li_wei"), "dossiers.creditfile", papers, {"security": "mortgage"})
    assert dossier(world, customer).classes[2].is_complete


@pytest.mark.clause("ARC-15")
def test_class_four_names_reason_and_responsible_party(world: World, customer_of: Make) -> None:
    customer = customer_of()
    ctx = world.ctx("li_wei")
    opinion = create(
        ctx, "customers.opinion", customer_name=customer.name, kind="dissatisfaction", expressed_on="2026-11-10",
        content="到货破损三箱",
    )  # fmt: skip
    assert [each.pk for each in dossier(world, customer).unjudged] == [opinion.pk]
    before = digest()
    for missing in ("reason", "responsible"):
        given = {
            "kind": "complaint",
            "happened_on": "2026-11-10",
            "reason": "破损",
            "responsible": "carrier",
            missing: "",
        }
        with pytest.raises(Invalid) as caught:
            create(ctx, "dossiers.grievance", customer=customer, **given)
        assert set(caught.value.errors) == {missing}
    assert digest() == before
    for kind in ("complaint", "reduction", "withdrawal"):
        create(
            ctx, "dossiers.grievance", customer=customer, kind=kind, happened_on="2026-11-10", reason=f"{kind}缘由",
            responsible="carrier", opinion=opinion if kind == "complaint" else None,
        )  # fmt: skip
    found = dossier(world, customer)
    assert {(each.kind, each.responsible) for each in found.grievances} == {
        ("complaint", "carrier"), ("reduction", "carrier"), ("withdrawal", "carrier"),
    }  # fmt: skip
    assert found.unjudged == ()
    client = Client()
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")
    tab = client.get(f"/customers/customer/{customer.pk}/", {"tab": "dossiers"}).content.decode()
    assert "withdrawal缘由" in tab
    assert client.get("/dossiers/missing/").status_code == 200


def test_nobody_sees_what_another_manager_files(world: World, customer_of: Make, paper: Make) -> None:
    customer = customer_of()
    document: Document = paper(customer=customer)
    assert dossier(world, customer).classes[0].documents == (document,)
    assert dossier(world, customer, "wang_fang").classes[0].documents == ()
