"""Calendar arithmetic on plain dates. Today and working days belong to the platform's calendar."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

EARLIEST_YEAR = 1900
LATEST_YEAR = 2999


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), clipped to the month's end: 31 Jan + 1 is 28 or 29 Feb."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole months, both ends included: what reports, gradings and reconciliations are made for."""

    start: date
    end: date

    @classmethod
    def of_months(cls, day: date, months: int) -> "Period":
        """The period of `months` (1, 2, 3, 4, 6 or 12, counted from January) in which `day` lies."""
        if months not in (1, 2, 3, 4, 6, 12):
            raise ValueError(f"a year has no whole number of periods of {months} months")
        start = date(day.year, (day.month - 1) // months * months + 1, 1)
        return cls(start, add_months(start, months) - timedelta(days=1))

    @property
    def months(self) -> int:
        """How many months it covers."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def key(self) -> str:
        """A short name that sorts: 2026, 2026H2, 2026Q4, 2026-11, or 2026-11~2026-12."""
        if self != Period.of_months(self.start, self.months if 12 % self.months == 0 else 1):
            return f"{self.start:%Y-%m}~{self.end:%Y-%m}"
        number = (self.start.month - 1) // self.months + 1
        names = {12: f"{self.start:%Y}", 6: f"{self.start:%Y}H{number}", 3: f"{self.start:%Y}Q{number}"}
        if self.months == 1:
            return f"{self.start:%Y-%m}"
        return names.get(self.months, f"{self.start:%Y-%m}~{self.end:%Y-%m}")

    def shifted(self, count: int) -> "Period":
        """The period `count` periods later, -1 for the one before."""
        start = add_months(self.start, count * self.months)
        return Period(start, add_months(start, self.months) - timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def month_of(day: date) -> Period:
    """The month in which `day` lies."""
    return Period.of_months(day, 1)


def quarter_of(day: date) -> Period:
    """The quarter in which `day` lies."""
    return Period.of_months(day, 3)


def half_year_of(day: date) -> Period:
    """The half year in which `day` lies."""
    return Period.of_months(day, 6)


def year_of(day: date) -> Period:
    """The calendar year in which `day` lies."""
    return Period.of_months(day, 12)


def periods(start: date, end: date, months: int) -> list[Period]:
    """All periods of `months` that have a day between `start` and `end`, both included, in order."""
    found = []
    period = Period.of_months(start, months)
    while period.start <= end:
        found.append(period)
        period = period.shifted(1)
    return found


def age_in_years_months(since: date, day: date) -> tuple[int, int]:
    """Whole years and months from `since` to `day`: (6, 4) for a customer of 6 years and 4 months; (0, 0) before it."""
    months = (day.year - since.year) * 12 + day.month - since.month
    if add_months(since, months) > day:
        months -= 1
    years, rest = divmod(max(0, months), 12)
    return years, rest


_SEPARATED = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*([日号]?)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)
_TIME = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", re.ASCII)
# A spreadsheet's day 60 is 29 February 1900, a day that never was: the days before it are counted from one day later.
_FALSE_LEAP_DAY = 60


def parse_date(value: object) -> date:
    """The date that somebody typed or a spreadsheet holds.

    Takes 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日, 20261121, each with or without a time of day, and serial
    numbers of the 1900 system (46347, as number or text; up to five digits, lest 202611 pass for one). Raises Invalid
    for impossible dates, for years of two digits, and for years outside 1900 to 2999.
    """
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
    else:
        text = unicodedata.normalize("NFKC", str(value)[:64]).strip()
    if not text:
        raise Invalid(Message("Enter a date."))
    return _read(_TIME.sub("", text), text)


def _read(day: str, text: str) -> date:
    if match := _SEPARATED.fullmatch(day):
        year, first, month, second, number, last = match.groups()
        if (first, second) == ("年", "月") or (first == second and not last):
            return _date(int(year), int(month), int(number), text)
    if match := _COMPACT.fullmatch(re.sub(r"\.0+$", "", day)):
        year, month, number = match.groups()
        return _date(int(year), int(month), int(number), text)
    if _SERIAL.fullmatch(day) and int(float(day)) > 0:
        return _of_serial(int(float(day)), text)
    raise Invalid(Message("“%(text)s” is not a date; write it like 2026-11-21.", text=text))


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        raise Invalid(Message("There is no such day: %(text)s.", text=text)) from None


def _of_serial(serial: int, text: str) -> date:
    if serial == _FALSE_LEAP_DAY:
        raise Invalid(Message("There is no such day: %(text)s.", text=text))
    return date(1899, 12, 30 if serial > _FALSE_LEAP_DAY else 31) + timedelta(days=serial)


def _in_range(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Invalid(
            Message("The year must lie between %(first)s and %(last)s.", first=EARLIEST_YEAR, last=LATEST_YEAR)
        )
    return day
