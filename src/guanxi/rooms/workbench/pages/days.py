"""How a day is written at the head of the page: in Chinese numerals where the page is Chinese."""

from __future__ import annotations

import datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_DIGITS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """A number from 1 to 99 as it is spoken: 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")


def spelled(day: datetime.date) -> str:
    """“十一月二十一日，星期六”, or “Saturday, 21 November”."""
    if (get_language() or "").startswith("zh"):
        return f"{numeral(day.month)}月{numeral(day.day)}日，{WEEKDAYS[day.weekday()]}"
    return _("%(weekday)s, %(day)s %(month)s") % {
        "weekday": WEEKDAYS[day.weekday()], "day": day.day, "month": MONTHS[day.month],
    }  # fmt: skip
