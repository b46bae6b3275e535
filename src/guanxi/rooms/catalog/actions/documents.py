"""How a priced document is completed: prices filled in, lines judged, sums worked out (CRM-31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.money import Money
from guanxi.kernel.pricing import amount_of, price_after, sums_of
from guanxi.records.context import Context
from guanxi.records.module import Lines, Section
from guanxi.records.standard import LINES
from guanxi.rooms.catalog.models import Currency, PriceBook, PricedDocument, PricedLine, Product
from guanxi.rooms.catalog.models.documents import LARGEST_AMOUNT
from guanxi.rooms.catalog.queries import is_on_sale, listed_products, prices_of
from guanxi.rooms.catalog.rules import after, conceded_percent

#: The columns of a line as every priced document shows them.
COLUMNS = ("product", "description", "quantity", "unit_price", "discount", "net_price", "tax_rate", "amount")
_NOTHING = Decimal(0)

Given = tuple[PricedLine | None, dict[str, Any]]


def priced_lines(model: type[PricedLine], parent: str) -> Lines:
    """The lines of a priced document for its Module: product picker, prices, order, sums."""
    return Lines(
        model, parent, COLUMNS, _("Products"), order="position", complete=complete, offer=offer, before=1,
        sums="catalog/document/sums.html",
    )  # fmt: skip


#: The sections of a priced document below its lines, and how confidential its addresses are.
PRICE_SECTION = Section(_("Prices and charges"), ("price_book", "discount", "freight", "adjustment", "terms"))
ADDRESS_SECTION = Section(
    _("Billing and delivery address"),
    (
        "billing_recipient", "shipping_recipient", "billing_phone", "shipping_phone", "billing_address",
        "shipping_address", "billing_postcode", "shipping_postcode",
    ),
    mirrored=("billing_", "shipping_"),
)  # fmt: skip
ADDRESS_CLASSES = dict.fromkeys(ADDRESS_SECTION.fields, DataClass.C2)


def complete(
    ctx: Context, values: dict[str, Any], record: PricedDocument | None, rows: Sequence[Given]
) -> dict[str, Any]:
    """The document's values with its currency and sums; the values of its lines get their prices and amounts.

    Raises Invalid (field "lines", with the number of the line): no line, a product that is not on sale, a price that
    cannot be filled in or stands in another currency, a total below nothing or beyond all measure.
    """
    values = _with_blanks_filled(values)
    if not rows:
        raise Invalid({LINES: [Message("Enter at least one product.")]})
    book = after(values, record, "price_book")
    currency = book.currency if book is not None else Currency.CNY
    _fill(ctx, rows, book, currency)
    _refuse_left_prices(record, currency, rows)
    lines = [_figures(line, given) for line, given in rows]
    discount, freight, adjustment = (after(values, record, name) or _NOTHING for name in _EXTRAS)
    sums = sums_of([(amount, rate) for amount, rate, _listed in lines], discount, freight, adjustment)
    _refuse_absurd(sums.amount, currency)
    listed = sum((at_list for _amount, _rate, at_list in lines), _NOTHING)
    paid = sums.goods - sums.reduction + min(adjustment, _NOTHING)
    return {
        **values,
        "currency": currency,
        "goods": sums.goods,
        "reduction": sums.reduction,
        "amount": sums.amount,
        "net": sums.net,
        "tax": sums.tax,
        "conceded": conceded_percent(listed, paid),
    }


_EXTRAS = ("discount", "freight", "adjustment")


def _with_blanks_filled(values: dict[str, Any]) -> dict[str, Any]:
    """A charge that was left empty is none."""
    return {name: _NOTHING if name in _EXTRAS and value is None else value for name, value in values.items()}


def _fill(ctx: Context, rows: Sequence[Given], book: PriceBook | None, currency: str) -> None:
    """Price, tax rate and discount of each line that came without; what is wrong with the lines, all at once."""
    products = {given["product"].pk: given["product"] for _line, given in rows if given.get("product")}
    prices = prices_of(products.values(), book, ctx.today)
    in_book = listed_products(book) if book is not None and currency != Currency.CNY else {}
    wrong = []
    for number, (line, given) in enumerate(rows, start=1):
        product = given.get("product")
        if product is None:
            continue
        if (line is None or line.product_id != product.pk) and not is_on_sale(product, ctx.today):
            wrong.append(Message("Line %(number)s: %(product)s is not on sale.", number=number, product=str(product)))
        if given.get("unit_price", getattr(line, "unit_price", None)) is None:
            if currency != Currency.CNY and product.pk not in in_book:
                wrong.append(
                    Message(
                        "Line %(number)s: %(product)s has no price in %(currency)s in this price book, and its "
                        "standard price is in yuan. Enter the price.",
                        number=number,
                        product=str(product),
                        currency=currency,
                    )
                )
                continue
            given["unit_price"] = prices[product.pk]
        if given.get("tax_rate", getattr(line, "tax_rate", None)) is None:
            given["tax_rate"] = product.tax_rate
        if given.get("discount", getattr(line, "discount", None)) is None:
            given["discount"] = _NOTHING
    if wrong:
        raise Invalid({LINES: wrong})


def _refuse_left_prices(record: PricedDocument | None, currency: str, rows: Sequence[Given]) -> None:
    """When the currency changes, no line may keep a price that was one in the former currency."""
    if record is None or record.currency == currency:
        return
    left = [
        Message(
            "Line %(number)s still has its price in %(former)s; the price book is in %(currency)s. Enter the price.",
            number=number, former=record.currency, currency=currency,
        )
        for number, (line, given) in enumerate(rows, start=1)
        if line is not None and line.unit_price and given.get("unit_price", line.unit_price) == line.unit_price
    ]  # fmt: skip
    if left:
        raise Invalid({LINES: left})


def _figures(line: PricedLine | None, given: dict[str, Any]) -> tuple[Decimal, Decimal, Decimal]:
    """Amount, tax rate and amount at list price of a line, whose price and amount are put among its values."""
    quantity, price, discount, rate = (
        given[name] if name in given else getattr(line, name)
        for name in ("quantity", "unit_price", "discount", "tax_rate")
    )
    net_price = price_after(price, discount)
    given["net_price"], given["amount"] = net_price, amount_of(quantity, net_price)
    return given["amount"], rate, amount_of(quantity, price)


def _refuse_absurd(amount: Decimal, currency: str) -> None:
    if amount < 0:
        raise Invalid(
            {
                "adjustment": [
                    Message("The total would be %(amount)s, less than nothing.", amount=Money(amount, currency))
                ]
            }
        )
    if amount > LARGEST_AMOUNT:
        raise Invalid(
            {
                LINES: [
                    Message(
                        "The total would be %(amount)s; more than %(largest)s is taken for a slip.",
                        amount=Money(amount, currency), largest=Money(LARGEST_AMOUNT, currency),
                    )
                ]
            }
        )  # fmt: skip


def offer(ctx: Context, chosen: Sequence[Product], form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Price and tax rate of products that were chosen on the form, at the price book that stands there (CRM-31).

    Nothing for the price of a product whose only price is in another currency than the document's.
    """
    book = _book_of(ctx, form.get("price_book", ""))
    prices = prices_of(chosen, book, ctx.today)
    in_book = listed_products(book) if book is not None and book.currency != Currency.CNY else prices
    return {
        str(product.pk): {
            "unit_price": f"{prices[product.pk]:.2f}" if product.pk in in_book else "",
            "tax_rate": f"{product.tax_rate.normalize():f}",
            "description": product.specification,
        }
        for product in chosen
    }


def _book_of(ctx: Context, key: str) -> PriceBook | None:
    try:
        pk = UUID(key)
    except ValueError:
        return None
    found: PriceBook | None = ctx.search("catalog.pricebook").filter(pk=pk).first()
    return found
