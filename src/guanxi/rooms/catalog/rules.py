"""What is wrong with a product, vendor or price book as entered, judged without the database."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guanxi.kernel.chinese import credit_code
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.money import round_fen


def must_end_after_start(start: datetime.date | None, end: datetime.date | None, field: str) -> None:
    """A period may be open at either side but not end before it begins; Invalid names `field`, the end's."""
    if start is not None and end is not None and end < start:
        raise Invalid({field: [Message("The last day cannot be before the first day, %(start)s.", start=start)]})


def checked_credit_code(code: str) -> str:
    """The code as it is stored, or "" for none; Invalid (field "credit_code") says what is wrong with it."""
    if not code:
        return ""
    try:
        return credit_code.check(code)
    except Invalid as problem:
        raise Invalid({"credit_code": [problem.message]}) from problem


def after(values: Mapping[str, Any], record: Any, name: str) -> Any:
    """What a field holds once the values are saved: the entered value, else the record's."""
    return values[name] if name in values else getattr(record, name, None)


def conceded_percent(listed: Decimal, paid: Decimal) -> Decimal:
    """What is paid less than at list prices, in per cent of these with two decimals; 0 where it is not less."""
    if listed <= 0 or paid >= listed:
        return Decimal("0.00")
    return round_fen((listed - paid) * 100 / listed)
