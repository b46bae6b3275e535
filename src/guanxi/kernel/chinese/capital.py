"""Amounts in capitals (大写金额), as bills, receipts and contracts must show them beside the figures."""

from decimal import Decimal

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.money import MAXIMUM_AMOUNT, Money, fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def amount_in_capitals(amount: Decimal, prefix: str = "人民币") -> str:
    """`amount` yuan in capitals: 1005.30 is 人民币壹仟零伍元叁角整.

    After 元 and 角 follows 整, after 分 nothing; several zeros in a row are one 零; a yuan figure that ends in zero is
    followed by 零 before 角. Negative amounts have 负 after the prefix. Raises ValueError for more than two decimals,
    Invalid above MAXIMUM_AMOUNT. Source: the banks' rules for filling in bills (正确填写票据和结算凭证的基本规定).
    """
    if abs(amount) > MAXIMUM_AMOUNT:
        raise Invalid(Message("The amount is too large; the largest is %(maximum)s.", maximum=Money(MAXIMUM_AMOUNT)))
    count = fen(amount)
    yuan, rest = divmod(abs(count), 100)
    words = f"{_whole(yuan)}元" if yuan or not rest else ""
    return f"{prefix}{'负' if count < 0 else ''}{words}{_parts(yuan, *divmod(rest, 10))}"


def _parts(yuan: int, jiao: int, fen_digit: int) -> str:
    if not jiao and not fen_digit:
        return "整"
    gap = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    tenths = f"{_DIGITS[jiao]}角" if jiao else ""
    return f"{gap}{tenths}{_DIGITS[fen_digit]}分" if fen_digit else f"{gap}{tenths}整"


def _whole(number: int) -> str:
    """A whole number below 10^16; 亿 and 万 split it, and each part is written in the same way."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return f"{_whole(high)}{name}{gap}{_whole(low) if low else ''}"
    return _thousands(number)


def _thousands(number: int) -> str:
    if number == 0:
        return "零"
    written = ""
    for place, digit in zip(reversed(_PLACES[: len(str(number))]), map(int, str(number)), strict=True):
        if digit:
            written += _DIGITS[digit] + place
        elif not written.endswith("零"):
            written += "零"
    return written.rstrip("零")
