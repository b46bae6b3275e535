"""What priced documents come to, worked out by hand to the 分 (CRM-30, CRM-31)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.pricing import Sums, amount_of, price_after, sums_of, tax_in

money = Decimal


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "net", "amount"),
    [
        ("3", "318.00", "0", "318.00", "954.00"),
        ("12", "318.00", "15", "270.30", "3243.60"),
        ("3", "0.99", "33.33", "0.66", "1.98"),  # 0.660033
        ("0.333", "100.00", "0", "100.00", "33.30"),
        ("1", "0.05", "50", "0.03", "0.03"),  # half a 分 rounds up
        ("5", "10.00", "100", "0.00", "0.00"),
    ],
)
def test_a_line_is_quantity_times_the_rounded_price_after_discount(quantity, price, discount, net, amount):
    assert price_after(money(price), money(discount)) == money(net)
    assert amount_of(money(quantity), money(net)) == money(amount)


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [("113.00", "13", "13.00"), ("100.00", "13", "11.50"), ("100.00", "6", "5.66"), ("100.00", "0", "0.00")],
)
def test_the_tax_is_taken_out_of_the_price_that_includes_it(amount, rate, tax):
    assert tax_in(money(amount), money(rate)) == money(tax)


def test_a_document_is_the_sum_of_its_lines():
    plain = sums_of([(money("954.00"), money(13)), (money("100.00"), money(6))])
    # 954.00 × 13/113 = 109.75; 100.00 × 6/106 = 5.66
    assert plain == Sums(money("1054.00"), money("0.00"), money("1054.00"), money("938.59"), money("115.41"))
    # 5 % of 1054.00 = 52.70; + 80.00 freight - 1.30 let go = 1080.00, shared out 954 : 100 = 977.53 : 102.47;
    # 977.53 × 13/113 = 112.46; 102.47 × 6/106 = 5.80
    more = sums_of(
        [(money("954.00"), money(13)), (money("100.00"), money(6))],
        money(5),
        money("80.00"),
        money("-1.30"),
    )
    assert more == Sums(money("1054.00"), money("52.70"), money("1080.00"), money("961.74"), money("118.26"))


def test_freight_of_gifts_is_shared_out_evenly():
    # 20.00 over two lines: 10.00 × 13/113 = 1.15, 10.00 × 6/106 = 0.57
    assert sums_of([(money(0), money(13)), (money(0), money(6))], freight=money("20.00")).tax == money("1.72")


fen = st.integers(0, 10**9).map(lambda count: money(count) / 100)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(fen, st.sampled_from([money(0), money(6), money(9), money(13)])), min_size=1, max_size=12),
    st.integers(0, 10000).map(lambda each: money(each) / 100),
    fen,
    fen,
)
def test_no_fen_is_lost_between_lines_and_totals(lines, discount, freight, adjustment):
    sums = sums_of(lines, discount, freight, adjustment)
    assert sums.goods == sum(amount for amount, _rate in lines)
    assert sums.amount == sums.goods - sums.reduction + freight + adjustment == sums.net + sums.tax
    assert all(each == each.quantize(money("0.01")) for each in (sums.goods, sums.reduction, sums.amount, sums.tax))
    highest, lowest = max(rate for _a, rate in lines), min(rate for _a, rate in lines)
    slack = money("0.01") * (len(lines) + 1)
    assert tax_in(sums.amount, lowest) - slack <= sums.tax <= tax_in(sums.amount, highest) + slack
