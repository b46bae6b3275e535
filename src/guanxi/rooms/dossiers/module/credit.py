"""Credit files, debts and repayments, complaints and reductions, as the engine knows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Section
from guanxi.rooms.dossiers.models import CreditFile, DebtEntry, Grievance

CREDIT_FILE = Module(
    model=CreditFile,
    icon="credit-card",
    data_class=DataClass.C2,
    profile="dossier",
    title="settlement",
    scope_through="customer",
    columns=("customer", "settlement", "credit_limit", "direct_export", "payment_method", "security", "owner"),
    sections=(
        Section(_("Settlement"), ("customer", "settlement", "credit_limit", "plan", "owner")),
        Section(
            _("Direct export"),
            ("direct_export", "payment_method", "granted_amount", "security", "security_details"),
        ),
    ),
    filters=("settlement", "direct_export", "customer"),
    search=("customer",),
    without=("copy", "merge", "import_rows"),
)


def _of_some_amount(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """An entry moves something; which way is said by its kind."""
    amount = values.get("amount")
    if amount is not None and amount <= Decimal(0):
        raise Invalid({"amount": [Message("Enter an amount above nought.")]})
    return values


DEBT_ENTRY = Module(
    model=DebtEntry,
    icon="coins",
    data_class=DataClass.C2,
    profile="dossier",
    title="booked_on",
    scope_through="customer",
    sort="-booked_on",
    columns=("booked_on", "customer", "movement", "amount", "document", "remarks"),
    sections=(
        Section(
            _("Debt or repayment"),
            ("customer", "booked_on", "movement", "amount", "document", "remarks", "owner"),
        ),
    ),
    filters=("movement", "customer", "booked_on"),
    search=("customer",),
    prepare=_of_some_amount,
    without=("merge", "search"),
)

GRIEVANCE = Module(
    model=Grievance,
    icon="mood-sad",
    data_class=DataClass.C2,
    profile="dossier",
    title="reason",
    scope_through="customer",
    sort="-happened_on",
    columns=("happened_on", "customer", "kind", "reason", "responsible", "amount", "owner"),
    sections=(
        Section(
            _("Complaint or reduction"),
            ("customer", "kind", "happened_on", "reason", "responsible", "determination", "amount", "opinion",
             "document", "owner"),
        ),
    ),
    filters=("kind", "responsible", "customer", "happened_on"),
    search=("customer",),
    menu=Menu("service", 40),
    without=("merge",),
)  # fmt: skip
