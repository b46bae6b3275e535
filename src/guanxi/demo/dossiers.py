"""The company's dossiers: papers of a few customers, filed, under way and missing; a change that waits for consent."""

from __future__ import annotations

import datetime
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.shipping import install_rules
from guanxi.records.context import Context
from guanxi.records.standard import EDIT, action_of, create
from guanxi.rooms.dossiers.public import begin_round, install_required_papers

DOCUMENT, ORIGINAL = "dossiers.document", "dossiers.original"
#: Class, kind, title, days ago.
PAPERS: tuple[tuple[str, str, str, int], ...] = (
    ("1", "registration_form", "入会登记表", 320),
    ("1", "identity_copy", "法定代表人身份证复印件", 320),
    ("1", "background", "客户背景调查材料", 300),
    ("1", "visit_report", "首次走访调查报告", 310),
    ("2", "contract", "年度经销合同", 290),
    ("2", "contract_change", "经销合同补充协议", 60),
    ("3", "credit_contract", "信用合同与还款计划", 280),
    ("3", "credit_limit", "信用额度审批单", 280),
    ("4", "reduction_approval", "破损折价审批单", 45),
)  # fmt: skip
#: How many of these papers a manager's customers have brought, and how many are filed; the next waits for signatures.
KEPT: dict[str, tuple[tuple[int, int], ...]] = {
    "li_wei": ((9, 9), (5, 4), (2, 0)),
    "zhang_min": ((7, 6), (4, 4)),
    "wang_fang": ((4, 3),),
}


def keep_dossiers(year: WorkingYear) -> None:
    """File what a year has brought, lend an original too long, ask for a change, begin a round of revision."""
    install_rules(year.now)
    install_required_papers(year.now)
    filed: list[Any] = []
    for username, customers in KEPT.items():
        manager = Person.objects.get(username=username)
        reached = _as(manager, year).search("customers.customer").filter(owner=manager, status="dealing")
        for customer, (held, signed) in zip(reached.order_by("number"), customers, strict=False):
            _credit_of(customer, manager, year)
            papers = [_paper(customer, manager, paper, year) for paper in PAPERS[:held]]
            for document in papers[:signed]:
                filed.append(_file(document, len(filed) + 1, manager, year))
            for document in papers[signed : signed + 1]:
                _do("submit_document", _as(manager, year), document, {"is_true": True})
    if len(filed) > 4:
        _originals(filed, year)
        _ask_for_change(filed[4], year)
    _daily(year)
    begin_round(year.now)


def _as(person: Person | str, year: WorkingYear, reason: str = "") -> Context:
    who = Person.objects.get(username=person) if isinstance(person, str) else person
    return Context.of(who, now=year.lately(15), source=SOURCE, reason=reason)


def _do(name: str, ctx: Context, record: Any, data: dict[str, Any]) -> None:
    key = record._meta.label_lower
    action = action_of(registry.module(key), name)
    assert action is not None
    run(action, ctx, key, record, data)
    record.refresh_from_db()


def _credit_of(customer: Any, manager: Person, year: WorkingYear) -> None:
    ctx = _as(manager, year)
    create(
        ctx, "dossiers.creditfile", customer=customer, settlement="credit", credit_limit="80000",
        plan="每月25日结清上月货款", payment_method="transfer",
    )  # fmt: skip
    for days_ago, movement, amount in ((120, "debt", "36000"), (90, "repayment", "20000"), (30, "debt", "12500")):
        create(
            ctx, "dossiers.debtentry", customer=customer, booked_on=ctx.today - datetime.timedelta(days=days_ago),
            movement=movement, amount=amount,
        )  # fmt: skip


def _paper(customer: Any, manager: Person, paper: tuple[str, str, str, int], year: WorkingYear) -> Any:
    dossier_class, kind, title, days_ago = paper
    ctx = _as(manager, year)
    return create(
        ctx, DOCUMENT, customer=customer, dossier_class=dossier_class, kind=kind, title=title,
        signed_on=ctx.today - datetime.timedelta(days=days_ago), important=dossier_class == "2",
        content=f"{customer.name}：{title}。" if dossier_class == "2" else "",
    )  # fmt: skip


def _file(document: Any, place: int, manager: Person, year: WorkingYear) -> Any:
    ctx = _as(manager, year)
    _do("submit_document", ctx, document, {"is_true": True})
    archivist = _as("archivist", year)
    create(
        archivist, ORIGINAL, document=document, paper_number=f"CX-{document.signed_on:%y%m}-{place:03}",
        place="" if place == 6 else f"档案室甲柜{place % 5 + 1}层", owner=archivist.actor,
    )  # fmt: skip
    signed = {"customer_signer": "客户经办人", "customer_signed_on": document.signed_on}
    _do("note_customer_signature", ctx, document, signed)
    superior = superior_of(manager)
    assert superior is not None
    _do("approve_document", _as(superior, year), document, {})
    _do("file_document", archivist, document, {})
    return document


def _originals(filed: list[Any], year: WorkingYear) -> None:
    """Of the paper twins one was lent and did not come back in time, one is damaged; one has no place."""
    archivist = _as("archivist", year)
    early = archivist.at(archivist.now - datetime.timedelta(days=20))
    until = early.today + datetime.timedelta(days=10)
    lent = {"borrower": Person.objects.get(username="finance"), "purpose": "年终返利对账", "until": until}
    _do("lend_original", early, filed[2].originals.get(), lent)
    found = {"found": "damaged", "remarks": "受潮，已送修复"}
    _do("report_state", archivist, filed[4].originals.get(), found)


def _ask_for_change(document: Any, year: WorkingYear) -> None:
    ctx = _as(document.owner, year, "合同终止日抄录有误，应为次年年末")
    ends = datetime.date(ctx.today.year + 1, 12, 31)
    try:
        run(EDIT, ctx, DOCUMENT, document, {"expires_on": ends})
    except AwaitsApproval:
        return


def _daily(year: WorkingYear) -> None:
    clerk = _as("clerk", year)
    for days_ago, kind, title, important in (
        (1, "letter", "客户来函：询问明年返利政策", True), (2, "minutes", "周一销售例会记录", False),
        (3, "week_report", "销售周报", False), (5, "guest_opinion", "散客表扬门店接待", True),
    ):  # fmt: skip
        create(
            clerk, "dossiers.dailypaper", kind=kind, title=title, important=important,
            dated_on=clerk.today - datetime.timedelta(days=days_ago),
        )  # fmt: skip
