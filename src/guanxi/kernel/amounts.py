"""Amounts of money as exact figures: Decimal yuan (or another currency's unit) and whole 分.

`guanxi.kernel.money` is the door: it offers everything here and reads amounts that people typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

CURRENCY_SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$"}
CENT = Decimal("0.01")
# The default precision of 28 digits would refuse to round sums of very large figures.
_WIDE = Context(prec=60)


def round_fen(amount: Decimal) -> Decimal:
    """`amount` with exactly two decimals; half a 分 rounds away from zero, also below zero."""
    if not amount.is_finite():
        raise ValueError(f"not a finite amount: {amount}")
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP, context=_WIDE)
    return rounded if rounded else abs(rounded)


def fen(amount: Decimal | int) -> int:
    """`amount` yuan as whole 分. Raises ValueError when it has a part smaller than one 分: round first, knowingly."""
    scaled = Decimal(amount).scaleb(2, context=_WIDE)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has more than two decimals")
    return whole


def from_fen(count: int) -> Decimal:
    """`count` 分 as yuan with two decimals."""
    return Decimal(count).scaleb(-2, context=_WIDE)


def format_money(amount: Decimal | int, currency: str = "CNY") -> str:
    """`amount` as people read it, ¥31,800.00 or -US$5.00; a currency without a symbol of ours is named by its code."""
    rounded = round_fen(Decimal(amount))
    symbol = CURRENCY_SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if rounded < 0 else ''}{symbol}{abs(rounded):,.2f}"


def allocate(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """`amount` shared out in proportion to `weights`, in whole 分, adding up to `amount` exactly.

    The 分 left over go to the shares that lost most by rounding down, the earlier one first. Raises ValueError when
    there is no weight, a negative one, or only zeros.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    exact = [_ratio(weight) for weight in weights]
    scale = max((denominator for _, denominator in exact), default=1)
    shares = [numerator * (scale // denominator) for numerator, denominator in exact]
    total = sum(shares)
    if total == 0:
        raise ValueError("the weights add up to nothing")
    count = abs(fen(amount))
    parts = [divmod(count * share, total) for share in shares]
    left_over = count - sum(whole for whole, _ in parts)
    lucky = set(sorted(range(len(parts)), key=lambda index: (-parts[index][1], index))[:left_over])
    sign = -1 if amount < 0 else 1
    return [from_fen(sign * (whole + (index in lucky))) for index, (whole, _) in enumerate(parts)]


def _ratio(weight: Decimal | int) -> tuple[int, int]:
    """The weight over a power of ten, so that all weights have a common denominator among theirs."""
    exponent = Decimal(weight).as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"not a finite weight: {weight}")
    denominator = 10 ** max(0, -exponent)
    return int(Decimal(weight).scaleb(max(0, -exponent), context=_WIDE)), denominator


@dataclass(frozen=True)
class Money:
    """An amount with its currency, for figures in messages: `str()` is ¥31,800.00.

    `amount`: in the currency's unit (yuan); `currency`: ISO 4217 code.
    """

    amount: Decimal
    currency: str = "CNY"

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)
