"""Documents of priced lines on paper: a quote, an order and an invoice look alike, whoever writes them.

content = draw(quote, Sheet(_("Quote"), ours, head=[...], sides=((_("Seller (seal)"), ours), ...)))
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.kernel.chinese.capital import amount_in_capitals
from guanxi.kernel.money import format_money
from guanxi.kernel.pricing import tax_in
from guanxi.platform.audit.models import Sight
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.web.detail import get_record
from guanxi.web.gate import Request

#: Room for the seals of both sides, in points.
SEAL_ROOM = 70


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper around the lines and their sums.

    `sides`: who puts his seal where, as (place, name); `notes`: further headings with their text, after the terms;
    `shows_tax`: of each line, as invoices do.
    """

    title: str
    head: Sequence[str]
    under: str = ""
    sides: Sequence[tuple[str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()
    shows_tax: bool = False


def company_name() -> str:
    """What the company is called on its papers."""
    company = Department.objects.filter(kind=DepartmentKind.COMPANY, deleted_at=None).order_by("pk").first()
    return company.name if company else ""


def told(label: str, text: object) -> str:
    """A line of the head or of the sums; "" where there is nothing to tell."""
    return _("%(label)s: %(figure)s") % {"label": label, "figure": text} if text else ""


def answer(request: Request, key: str, pk: UUID, paper_of: Callable[[Context, Any], bytes]) -> HttpResponseBase:
    """A document as a file to take along; that it was taken goes on record."""
    known = registry.entry(key)
    document = get_record(request.ctx, known, pk)
    content = paper_of(request.ctx, document)
    name = f"{document.number}.pdf"
    disclosing.taken(request.ctx, known.module, Sight.PRINT, name, rows=1)
    given = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    given.headers["Cache-Control"] = "private, no-store"
    return given


def draw(document: Any, sheet: Sheet) -> bytes:
    """Head, lines, sums with the amount in capitals, terms, notes, room for the seals."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper

    paper = Paper(f"{sheet.title} {document.number}", mark="", author=str(document.owner or ""))
    paper.opening(sheet.under)
    for line in filter(None, sheet.head):
        paper.text(line)
    columns = [
        Column(_("No."), 0.5, numeric=True), Column(_("Product"), 2.6), Column(_("Description"), 2.2),
        Column(_("Unit"), 0.7), Column(_("Quantity"), 1, numeric=True), Column(_("Price"), 1.2, numeric=True),
        Column(_("Tax rate"), 0.8, numeric=True), Column(_("Amount"), 1.4, numeric=True),
    ]  # fmt: skip
    last = ["", _("Sum of the lines"), "", "", "", "", "", f"{document.goods:,.2f}"]
    if sheet.shows_tax:
        columns.append(Column(_("Tax in it"), 1.2, numeric=True))
        last.append("")
    paper.table(columns, _rows(document, sheet.shows_tax), last)
    paper.gap(6)
    for text in _sums(document):
        paper.text(text)
    for heading, text in ((_("Terms and conditions"), document.terms), *sheet.notes):
        if text:
            paper.heading(heading)
            for line in text.splitlines():
                paper.text(line)
    if sheet.sides:
        paper.heading(_("Seals"))
        paper.table([Column(place, 1) for place, _name in sheet.sides], [[name for _place, name in sheet.sides]])
        paper.gap(SEAL_ROOM)
    return paper.content()


def _rows(document: Any, shows_tax: bool) -> list[list[Any]]:
    rows = []
    for number, line in enumerate(document.lines.select_related("product"), start=1):
        product, rate = line.product, line.tax_rate or Decimal(0)
        unit = registry.entry(product._meta.label_lower).field("unit").text(product)
        row = [
            number, product.name, line.description or product.specification, unit,
            f"{line.quantity.normalize():,f}", f"{line.net_price:,.2f}", f"{rate.normalize():f}%",
            f"{line.amount:,.2f}",
        ]  # fmt: skip
        rows.append([*row, f"{tax_in(line.amount, rate):,.2f}"] if shows_tax else row)
    return rows


def _sums(document: Any) -> list[str]:
    currency = document.currency
    charges = (
        (_("Discount on the whole"), -document.reduction),
        (_("Freight"), document.freight),
        (_("Adjustment"), document.adjustment),
    )
    capitals = f"（{amount_in_capitals(document.amount)}）" if currency == "CNY" else ""
    return [
        *(told(label, format_money(amount, currency)) for label, amount in charges if amount),
        f"{told(_('Total, tax included'), format_money(document.amount, currency))}{capitals}",
        told(_("Tax in it"), format_money(document.tax, currency)),
    ]
