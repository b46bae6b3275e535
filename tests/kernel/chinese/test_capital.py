from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.chinese.capital import amount_in_capitals
from guanxi.kernel.errors import Invalid
from guanxi.kernel.money import from_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.30", "人民币叁角整"),
        ("0.35", "人民币叁角伍分"),
        ("10", "人民币壹拾元整"),
        ("1005.30", "人民币壹仟零伍元叁角整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元零伍角叁分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("1000100010", "人民币壹拾亿零壹拾万零壹拾元整"),
        ("100000001", "人民币壹亿零壹元整"),
        ("120000000000000", "人民币壹佰贰拾万亿元整"),
        ("100020003.00", "人民币壹亿零贰万零叁元整"),
        ("-12.5", "人民币负壹拾贰元伍角整"),
        (
            "9999999999999999.99",
            "人民币玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_amounts_by_the_rules_for_bills(amount: str, capitals: str) -> None:
    assert amount_in_capitals(Decimal(amount)) == capitals


def test_what_cannot_be_written_is_refused() -> None:
    assert amount_in_capitals(Decimal("1.50"), prefix="") == "壹元伍角整"
    with pytest.raises(ValueError, match="two decimals"):
        amount_in_capitals(Decimal("1.005"))
    with pytest.raises(Invalid, match="too large"):
        amount_in_capitals(Decimal(10**16))


def _number(words: str) -> int:
    """The inverse for whole numbers, by the largest unit present."""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾")):
        if name in words:
            high, _, low = words.rpartition(name)
            return _number(high) * unit + _number(low)
    return DIGITS.index(words.strip("零") or "零")


def _fen(capitals: str) -> int:
    words = capitals.removeprefix("人民币")
    sign = -1 if words.startswith("负") else 1
    yuan, _, rest = words.removeprefix("负").removesuffix("整").rpartition("元")
    jiao, _, cents = rest.rpartition("角")
    return sign * (_number(yuan) * 100 + _number(jiao) * 10 + _number(cents.removesuffix("分")))


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_capitals_say_the_figure(count: int) -> None:
    capitals = amount_in_capitals(from_fen(count))
    assert _fen(capitals) == count
    assert "零零" not in capitals and "零元" not in capitals.replace("币零元整", "")
    assert capitals.endswith("整") == (count % 10 == 0)
