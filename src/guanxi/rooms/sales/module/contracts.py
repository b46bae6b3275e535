"""Contracts and their texts, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.sales import actions
from guanxi.rooms.sales.models import Contract, ContractState, ContractText


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _runs_out(ctx: Context) -> dict[str, Any]:
    return {"all": [_state("signed"), {"field": "ends_on", "op": "within", "value": "next_30_days"}]}


def _days_in_order(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A contract is not in effect until a day before it comes into effect."""
    first, last = (values.get(name, getattr(record, name, None)) for name in ("begins_on", "ends_on"))
    if first and last and last < first:
        raise Invalid({"ends_on": [Message("The last day cannot be before the first day, %(start)s.", start=first)]})
    return values


CONTRACT = Module(
    model=Contract,
    icon="contract",
    data_class=DataClass.C2,
    profile="contract",
    number="HT-{year}-{seq:04}",
    scope_through="customer",
    columns=("name", "customer", "kind", "amount", "state", "signed_on", "ends_on", "owner"),
    sections=(
        Section(_("Contract"), ("name", "customer", "kind", "amount", "begins_on", "ends_on", "owner")),
        Section(_("Text"), ("content", "file", "edition", "remarks")),
        Section(
            _("Review and signature"),
            (
                "state", "submitted_by", "reviewed_by", "reviewed_at", "review", "signed_on", "signed_file", "document",
                "closed_on", "closing",
            ),
        ),
    ),
    filters=("state", "kind", "customer", "owner", "signed_on", "ends_on"),
    search=("customer",),
    related=(Related("sales.contracttext", "contract", columns=("edition", "created_at", "created_by", "file")),),
    lifecycle=Lifecycle(
        "state", ContractState.DRAFT, locked=tuple(state for state in ContractState.values if state != "draft")
    ),
    prepare=_days_in_order,
    actions=(
        actions.SUBMIT_CONTRACT, actions.SIGN_CONTRACT, actions.TAKE_UP_CONTRACT, actions.END_CONTRACT,
        actions.WITHDRAW_CONTRACT, actions.DISCARD_CONTRACT,
    ),
    menu=Menu("orders", 40),
    views=(
        View("draft", _("Drafts"), _state("draft")),
        View("review", _("Under review"), _state("review")),
        View("to_sign", _("To be signed"), _state("approved")),
        View("signed", _("Signed contracts"), _state("signed"), sort="-signed_on"),
        View("runs_out", _("Running out"), _runs_out, sort="ends_on"),
    ),
    aliases={
        "name": ("合同名称", "协议名称", "标题"),
        "customer": ("客户", "客户名称", "乙方", "对方单位"),
        "amount": ("金额", "合同金额"),
        "begins_on": ("生效日期", "开始日期"),
        "ends_on": ("到期日期", "终止日期"),
    },
    without=("merge", "copy"),
)  # fmt: skip

TEXT = Module(
    model=ContractText,
    icon="versions",
    data_class=DataClass.C2,
    profile="contract_text",
    title="edition",
    scope_through="contract",
    sort="-edition",
    columns=("contract", "edition", "created_at", "created_by", "file"),
    sections=(Section(_("Text of a contract"), ("contract", "edition", "content", "file")),),
    read_only=("contract", "edition", "content", "file"),
    filters=("contract",),
    without=(
        "create", "edit", "copy", "delete", "assign", "merge", "import_rows", "export_rows", "inline_edit", "search",
    ),
)  # fmt: skip
