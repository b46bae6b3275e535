import json
from decimal import Decimal
from typing import Any

import pytest

from guanxi.kernel import policy
from guanxi.kernel.errors import Invalid
from guanxi.kernel.policy import Parameter, declare, declared, parameter


@pytest.mark.parametrize(
    ("declaration", "text", "value", "stored"),
    [
        (Parameter("t.limit", int, 5, minimum=1, maximum=2000), " 1,000 ", 1000, 1000),
        (Parameter("t.grace_days", "days", 90), "15 天", 15, 15),
        (Parameter("t.grace_days", "days", 90), "2个工作日", 2, 2),
        (Parameter("t.share_percent", "percent", Decimal(30)), "12.5％", Decimal("12.5"), "12.5"),
        (Parameter("t.cap", "money", Decimal("100.00")), "3.18万元", Decimal("31800.00"), "31800.00"),
        (Parameter("t.factor", Decimal, Decimal("0.3")), "0.25", Decimal("0.25"), "0.25"),
        (Parameter("t.on", bool, False), "是", True, True),
        (Parameter("t.on", bool, True), "off", False, False),
        (Parameter("t.leading", str, "A", choices=("A", "B")), "B", "B", "B"),
    ],
)
def test_typed_values_survive_reading_and_storing(
    declaration: Parameter[Any], text: str, value: object, stored: object
) -> None:
    assert declaration.parse(text) == value
    assert json.loads(json.dumps(declaration.dump(value))) == stored
    assert declaration.load(stored) == value
    assert type(declaration.load(stored)) is type(value)


@pytest.mark.parametrize(
    ("declaration", "text", "words"),
    [
        (Parameter("t.limit", int, 5, minimum=1), "0", "at least 1"),
        (Parameter("t.limit", int, 5, maximum=9), "10", "at most 9"),
        (Parameter("t.limit", int, 5), "1.5", "not a whole number"),
        (Parameter("t.grace_days", "days", 90), "-1", "at least 0"),
        (Parameter("t.factor", Decimal, Decimal(1)), "nan", "not a number"),
        (Parameter("t.factor", Decimal, Decimal(1)), "abc", "not a number"),
        (Parameter("t.cap", "money", Decimal(1), maximum=Decimal(500)), "501", "at most ¥500.00"),
        (Parameter("t.on", bool, True), "vielleicht", "neither yes nor no"),
        (Parameter("t.leading", str, "A", choices=("A", "B")), "C", "Choose one of: A, B."),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(declaration: Parameter[Any], text: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        declaration.parse(text)
    assert words in str(caught.value)


@pytest.mark.parametrize("stored", [1.5, "x", None, True, [1]])
def test_a_stored_value_of_another_kind_is_refused(stored: object) -> None:
    with pytest.raises(Invalid):
        Parameter("t.limit", int, 5).load(stored)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "t.grace", "kind": "days", "default": 3},
        {"name": "t.share", "kind": "percent", "default": Decimal(3)},
        {"name": "Limit", "kind": int, "default": 3},
        {"name": "t.limit", "kind": "number", "default": 3},
        {"name": "t.limit", "kind": int, "default": 3, "minimum": 4},
        {"name": "t.limit", "kind": int, "default": Decimal(3)},
        {"name": "t.limit", "kind": int, "default": True},
    ],
)
def test_a_declaration_that_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Parameter(**wrong)


def test_units_follow_from_the_kind() -> None:
    assert Parameter("t.a_days", "days", 1).unit == "days"
    assert Parameter("t.a_percent", "percent", Decimal(1)).unit == "%"
    assert Parameter("t.a", int, 1, unit="rows").unit == "rows"


def test_the_register_knows_each_name_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_declared", {})
    second, first = declare(Parameter("t.b", int, 1)), declare(Parameter("t.a", int, 1))
    assert declared() == (first, second)
    assert parameter("t.a") is first
    with pytest.raises(ValueError, match="declared twice"):
        declare(Parameter("t.a", int, 2))
    with pytest.raises(LookupError):
        parameter("t.c")
