from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.kernel.money import (
    MAXIMUM_AMOUNT,
    Money,
    allocate,
    fen,
    format_money,
    from_fen,
    parse_money,
    round_fen,
)

AMOUNTS = st.integers(-(10**16), 10**16).map(from_fen)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("31800", "31800.00"),
        (" ¥31,800.00 ", "31800.00"),
        ("￥３１，８００．００", "31800.00"),
        ("RMB 12", "12.00"),
        ("12 rmb", "12.00"),
        ("人民币 5元整", "5.00"),
        ("3.18万元", "31800.00"),
        ("1.23456万", "12345.60"),
        ("1.5亿", "150000000.00"),
        ("2 百万", "2000000.00"),
        ("1万亿", "1000000000000.00"),
        (".5", "0.50"),
        ("7.", "7.00"),
        ("-¥5", "-5.00"),
        ("¥-5", "-5.00"),
        ("(1,000.50)", "-1000.50"),
        ("−3", "-3.00"),
        (12, "12.00"),
        (Decimal("12.3"), "12.30"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amounts_as_people_write_them(text: object, amount: str) -> None:
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter an amount"),
        ("abc", "not an amount"),
        ("1,23", "not an amount"),
        ("1e5", "not an amount"),
        ("nan", "not an amount"),
        ("Infinity", "not an amount"),
        ("--5", "not an amount"),
        ("-¥-5", "not an amount"),
        ("(-5)", "not an amount"),
        ("1 2", "not an amount"),
        ("¥", "not an amount"),
        ("1" * 65, "not an amount"),
        (Decimal("NaN"), "not an amount"),
        (1.5, "floating-point"),
        (True, "floating-point"),
        ("1.234", "more exact"),
        ("1.2345678万", "more exact"),
        (10**16, "too large"),
        ("99999万亿", "too large"),
    ],
)
def test_what_is_no_amount_is_refused(text: object, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_money(text)
    assert words in str(caught.value)


def test_rounding_must_be_asked_for() -> None:
    assert parse_money("1.235", rounding=True) == Decimal("1.24")
    with pytest.raises(Invalid):
        parse_money("1.235")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00"), ("-0.004", "0.00"), ("2", "2.00")],
)
def test_half_a_fen_rounds_away_from_zero(exact: str, rounded: str) -> None:
    assert str(round_fen(Decimal(exact))) == rounded


def test_fen_are_exact() -> None:
    assert fen(Decimal("-31800.05")) == -3180005
    assert str(from_fen(-5)) == "-0.05"
    with pytest.raises(ValueError, match="two decimals"):
        fen(Decimal("0.001"))
    with pytest.raises(ValueError, match="finite"):
        round_fen(Decimal("NaN"))


def test_amounts_are_shown_with_their_currency() -> None:
    assert format_money(Decimal("-31800.5")) == "-¥31,800.50"
    assert format_money(5, "USD") == "US$5.00"
    assert format_money(Decimal("-0.001")) == "¥0.00"
    assert format_money(Decimal(1000), "JPY") == "JPY 1,000.00"
    assert str(Money(Decimal("2"), "HKD")) == "HK$2.00"


@given(AMOUNTS.filter(lambda amount: abs(amount) <= MAXIMUM_AMOUNT))
def test_shown_amounts_read_back(amount: Decimal) -> None:
    assert parse_money(format_money(amount)) == amount == from_fen(fen(amount))


def test_allocation_by_hand() -> None:
    assert allocate(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert allocate(Decimal("-0.05"), [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")]) == [
        Decimal("-0.03"),
        Decimal("-0.01"),
        Decimal("-0.01"),
    ]
    assert allocate(Decimal("0.02"), [0, 5, Decimal("0.1")]) == [Decimal("0.00"), Decimal("0.02"), Decimal("0.00")]
    for weights in ([], [0, 0], [1, -1], [Decimal("NaN")]):
        with pytest.raises((ValueError, ArithmeticError)):
            allocate(Decimal(1), weights)


@given(AMOUNTS, st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=8).filter(any))
def test_allocation_loses_nothing_and_is_fair(amount: Decimal, weights: list[Decimal]) -> None:
    shares = allocate(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < Decimal("0.01") * sum(weights)
