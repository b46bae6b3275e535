import json
from datetime import date
from decimal import Decimal

from guanxi.kernel.decision import Decision, Reason, refuse, warn
from guanxi.kernel.messages import Message
from guanxi.kernel.money import Money

OVERDUE = refuse(
    "REC-04",
    Message("%(count)d invoices overdue, %(sum)s", count=2, sum=Money(Decimal("31800"))),
    Message("Pay %(sum)s", sum=Money(Decimal("31800"))),
    count=2,
    total=Decimal("31800.00"),
    oldest=date(2026, 11, 9),
)
LOW = warn("WH-02", Message("Stock is low"), left=3)


def test_a_warning_allows_and_a_refusal_does_not() -> None:
    assert Decision.allow().allowed and LOW.allowed and not OVERDUE.allowed
    both = LOW & OVERDUE
    assert not both.allowed
    assert [reason.clause for reason in both.blocking] == ["REC-04"]
    assert [reason.clause for reason in both.warnings] == ["WH-02"]
    assert both.clauses == ("WH-02", "REC-04")


def test_joining_is_neutral_and_idempotent() -> None:
    assert Decision.allow() & OVERDUE == OVERDUE == OVERDUE & Decision.allow() == OVERDUE & OVERDUE


def test_a_stored_decision_reads_as_it_did() -> None:
    stored = json.loads(json.dumps((LOW & OVERDUE).as_dict()))
    assert stored["allowed"] is False
    assert stored["reasons"][1]["figures"] == {"count": 2, "total": "31800.00", "oldest": "2026-11-09"}
    again = Decision.from_dict(stored)
    assert again.as_dict() == stored
    assert str(again.blocking[0].message) == "2 invoices overdue, ¥31,800.00"
    assert str(again.blocking[0].remedy) == "Pay ¥31,800.00"


def test_other_figures_become_text_and_reasons_are_hashable() -> None:
    reason = Reason("X", Message("m"), {"who": object, "list": [Decimal("1"), None]})
    assert json.loads(json.dumps(reason.as_dict()))["figures"]["list"] == ["1", None]
    assert len({reason, Reason("X", Message("m"), {"who": object, "list": [Decimal("1"), None]})}) == 1


def test_a_program_is_told_the_reasons_in_the_readers_language() -> None:
    shares = Message("%(count)s shares", count=3)
    decision = refuse("REC-04", Message("2 overdue"), Message("Pay."), limit=Decimal("12.50"), kind=shares)
    (told,) = decision.told()["reasons"]
    assert told == {
        "clause": "REC-04", "message": "2 overdue", "remedy": "Pay.", "blocking": True,
        "figures": {"limit": "12.50", "kind": "3 shares"},
    }  # fmt: skip
    assert decision.told()["allowed"] is False
    assert warn("", Message("w")).told()["reasons"][0]["remedy"] is None
