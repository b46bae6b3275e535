"""What priced lines and documents come to, to the 分: one rule for quotes, orders and invoices.

Prices include the tax, as they are quoted in China. A line's price after its discount is rounded, then its amount, so
that everybody can work the paper out again; the amounts of the lines add up to the goods. What is taken off the whole
or added to it (freight, rounding) belongs to the goods for the tax too: it is shared out over the lines by their
amounts, and from each share the tax is taken out at the line's rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.kernel.amounts import allocate, round_fen

_HUNDRED = Decimal(100)
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Sums:
    """What a document comes to: `goods` - `reduction` + freight + adjustment = `amount` = `net` + `tax`."""

    goods: Decimal
    reduction: Decimal
    amount: Decimal
    net: Decimal
    tax: Decimal


def price_after(price: Decimal, discount: Decimal) -> Decimal:
    """The price of one unit after a discount in per cent."""
    return round_fen(price * (_HUNDRED - discount) / _HUNDRED)


def amount_of(quantity: Decimal, price: Decimal) -> Decimal:
    """What a line comes to at its price after the discount."""
    return round_fen(quantity * price)


def tax_in(amount: Decimal, rate: Decimal) -> Decimal:
    """The tax that an amount holds which includes it, at a rate in per cent: 113.00 at 13 % holds 13.00."""
    return round_fen(amount * rate / (_HUNDRED + rate))


def sums_of(
    lines: Sequence[tuple[Decimal, Decimal]],
    discount: Decimal = Decimal(0),
    freight: Decimal = _NOTHING,
    adjustment: Decimal = _NOTHING,
) -> Sums:
    """The sums of a document of lines, each an amount and its rate of tax; `discount` in per cent of the goods."""
    goods = sum((amount for amount, _rate in lines), _NOTHING)
    reduction = round_fen(goods * discount / _HUNDRED)
    amount = goods - reduction + freight + adjustment
    weights = [part for part, _rate in lines] if goods else [Decimal(1)] * len(lines)
    shares = allocate(amount, weights) if lines else []
    tax = sum((tax_in(share, rate) for share, (_part, rate) in zip(shares, lines, strict=True)), _NOTHING)
    return Sums(goods, reduction, amount, amount - tax, tax)
