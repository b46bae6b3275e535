"""Money: Decimal yuan everywhere, integer 分 where something is counted, never a float.

Reads what people type and paste; the figures themselves are in `guanxi.kernel.amounts`.
"""

import re
import unicodedata
from decimal import Decimal

from guanxi.kernel.amounts import (
    CENT,
    CURRENCY_SYMBOLS,
    Money,
    allocate,
    fen,
    format_money,
    from_fen,
    round_fen,
)
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

__all__ = [
    "CENT",
    "CURRENCY_SYMBOLS",
    "MAXIMUM_AMOUNT",
    "Money",
    "allocate",
    "fen",
    "format_money",
    "from_fen",
    "parse_money",
    "round_fen",
]

MAXIMUM_AMOUNT = Decimal("9999999999999999.99")
"""The largest amount accepted, just below 一亿亿: what amounts in capitals can still write."""

_LONGEST_TEXT = 64
_UNITS = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_CURRENCY = r"(?:¥|RMB|CNY|人民币)?"
_AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)\s*{_CURRENCY}\s*(?P<second_sign>[-+]?)"
    r"(?P<figure>\d+(?:\.\d*)?|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\.\d+)"
    r"\s*(?P<unit>万亿|亿|千万|百万|万|千)?\s*(?:[元圆]整?|RMB|CNY)?",
    re.ASCII,
)
_DASHES = str.maketrans(dict.fromkeys("−–—", "-"))


def parse_money(text: object, *, rounding: bool = False) -> Decimal:
    """The amount in yuan, with two decimals, that somebody typed: `31800`, `¥31,800.00`, `３．１８万元`, `(500)`.

    `rounding`: round to the 分 instead of refusing more than two decimals. An int or Decimal is checked likewise.
    Raises Invalid for what is not an amount, a float, more than two decimals, or more than MAXIMUM_AMOUNT.
    """
    amount = _amount(text)
    if abs(amount) > MAXIMUM_AMOUNT:
        raise Invalid(Message("The amount is too large; the largest is %(maximum)s.", maximum=Money(MAXIMUM_AMOUNT)))
    rounded = round_fen(amount)
    if rounded != amount and not rounding:
        raise Invalid(Message("“%(text)s” is more exact than one fen (0.01 yuan).", text=str(text).strip()))
    return rounded


def _amount(text: object) -> Decimal:
    if isinstance(text, float | bool):
        raise Invalid(Message("An amount of money must be given as text, not as a floating-point number."))
    if not isinstance(text, int | Decimal):
        return _read(str(text))
    if not Decimal(text).is_finite():
        raise _not_money(str(text))
    return Decimal(text)


def _read(text: str) -> Decimal:
    if len(text) > _LONGEST_TEXT:
        raise _not_money(text)
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    if not plain:
        raise Invalid(Message("Enter an amount of money."))
    # Bookkeepers write a negative amount in brackets.
    in_brackets = plain.startswith("(") and plain.endswith(")")
    match = _AMOUNT.fullmatch(plain[1:-1].strip() if in_brackets else plain)
    signs = match["sign"] + match["second_sign"] if match else ""
    if match is None or len(signs) + in_brackets > 1:
        raise _not_money(text)
    figure = Decimal(match["figure"].replace(",", "")).scaleb(_UNITS[match["unit"] or ""])
    return -figure if in_brackets or signs == "-" else figure


def _not_money(text: str) -> Invalid:
    return Invalid(Message("“%(text)s” is not an amount of money.", text=text.strip()[:_LONGEST_TEXT]))
