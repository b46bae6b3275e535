import copy
import pickle
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from guanxi.kernel.messages import Message, set_translator
from guanxi.kernel.money import Money

CHINESE = {
    "%(count)d invoices overdue, %(sum)s": "逾期发票 %(count)d 张，共 %(sum)s",
    "Pay first": "请先付款",
    "To lift: %(remedy)s": "解除条件：%(remedy)s",
    ", ": "、",
    "Broken %(a)s": "坏 %(b)s",
}


@pytest.fixture
def chinese() -> Iterator[None]:
    former = set_translator(lambda msgid: CHINESE.get(msgid, msgid))
    yield
    set_translator(former)


def test_a_message_is_translated_when_it_is_read() -> None:
    message = Message("%(count)d invoices overdue, %(sum)s", count=2, sum=Money(Decimal("31800")))
    assert message.plain == "2 invoices overdue, ¥31,800.00"
    former = set_translator(lambda msgid: CHINESE.get(msgid, msgid))
    try:
        assert str(message) == "逾期发票 2 张，共 ¥31,800.00"
        assert message.plain == "2 invoices overdue, ¥31,800.00"
    finally:
        set_translator(former)


def test_figures_are_rendered_as_people_write_them(chinese: None) -> None:
    assert str(Message("To lift: %(remedy)s", remedy=Message("Pay first"))) == "解除条件：请先付款"
    assert str(Message("%(d)s", d=Decimal("1E+3"))) == "1000"
    assert str(Message("%(d)s", d=date(2026, 11, 21))) == "2026-11-21"
    assert str(Message("%(d)s", d=datetime(2026, 11, 21, 9, 5))) == "2026-11-21 09:05"  # noqa: DTZ001
    assert str(Message("%(d)s", d=["甲", Message("Pay first")])) == "甲、请先付款"


def test_a_slip_in_the_catalogue_shows_english(chinese: None) -> None:
    assert str(Message("Broken %(a)s", a=1)) == "Broken 1"
    with pytest.raises(KeyError):
        str(Message("Broken %(a)s", other=1))


def test_a_percent_sign_without_figures_stands() -> None:
    assert str(Message("100% paid")) == "100% paid"


def test_messages_are_values() -> None:
    one, same, other = Message("x %(a)s", a=[1]), Message("x %(a)s", a=[1]), Message("x %(a)s", a=[2])
    assert one == same and hash(one) == hash(same) and one != other
    assert copy.deepcopy(one) == one == pickle.loads(pickle.dumps(one))  # noqa: S301
    assert Message.of(one) is one and str(Message.of("plain 5%")) == "plain 5%"
    with pytest.raises(AttributeError):
        one.msgid = "y"  # type: ignore[misc]


def test_a_text_from_a_table_is_filled_with_its_figures_later() -> None:
    text = Message("%(count)s rows in %(name)s", name="a.csv")
    assert str(text.filled(count=3)) == "3 rows in a.csv"
    assert str(text.filled(count=3, name="b.csv")) == "3 rows in b.csv"
    assert text == Message("%(count)s rows in %(name)s", name="a.csv")
