"""Appointments of other calendars (.ics) as a table, so that they come in by the same import as any other."""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator

from guanxi.kernel import icalendar_text
from guanxi.kernel.errors import Invalid
from guanxi.kernel.icalendar_text import CHINA, Written, day_of
from guanxi.kernel.messages import Message

MOST_BYTES, MOST = 1024 * 1024, 2_000
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")
#: A series of which days were changed comes in as single appointments, and so many of them at most.
MOST_DAYS = 400
COLUMNS = (
    "subject", "kind", "starts_at", "ends_at", "all_day", "place", "details", "private", "priority", "remind_minutes",
    "repeats", "every", "until", "times",
)  # fmt: skip
Row = dict[str, object]


def table_of(content: bytes) -> bytes:
    """The appointments of a file as CSV with the names of the fields; tasks are left to their own list.

    What cannot be kept stands in the table with the reason where its rhythm would be, for the check to show. Raises
    Invalid or TooLarge for what is no calendar.
    """
    whole: dict[str, Written] = {}
    days: dict[str, dict[datetime.date, Written]] = defaultdict(dict)
    rows: list[Row] = []
    for found in icalendar_text.read_each(content, most_bytes=MOST_BYTES, most=MOST, encodings=ENCODINGS):
        if isinstance(found, tuple):
            rows.append({"subject": found[0], "repeats": str(found[1].message)})
        elif found.kind == "VEVENT" and found.status != "CANCELLED" and found.instead_of is None:
            whole[found.uid] = found
        elif found.kind == "VEVENT" and found.instead_of is not None:
            days[found.uid][found.instead_of] = found
    for uid, entry in whole.items():
        rows += _rows(entry, days.pop(uid, {}))
    rows += [_row(day) for left in days.values() for day in left.values() if day.status != "CANCELLED"]
    if not rows:
        raise Invalid({"file": [Message("There is no appointment in this file.")]})
    return _written(rows)


def _rows(entry: Written, days: dict[datetime.date, Written]) -> Iterator[Row]:
    if entry.rhythm is None or not (days or entry.left_out):
        yield _row(entry)
        return
    for number, day in enumerate(_days(entry)):
        if number >= MOST_DAYS:
            return
        if day in days:
            if days[day].status != "CANCELLED":
                yield _row(days[day])
        elif day not in entry.left_out:
            yield _row(entry, on=day)


def _days(entry: Written) -> Iterator[datetime.date]:
    assert entry.rhythm is not None and entry.starts is not None
    first, number = day_of(entry.starts), 0
    while entry.times is None or number < entry.times:
        day = entry.rhythm.day(first, number)
        if entry.until is not None and day > entry.until:
            return
        yield day
        number += 1


def _row(entry: Written, on: datetime.date | None = None) -> Row:
    """One appointment; `on`: one day of a series by itself."""
    starts, ends = entry.starts, entry.ends
    assert starts is not None and ends is not None  # the reader has looked
    if on is not None:
        shift = on - day_of(starts)
        starts, ends = starts + shift, ends + shift
    rhythm = entry.rhythm if on is None else None
    remarks = [str(remark) for remark in entry.remarks] + ([entry.link] if entry.link else [])
    return {
        "subject": entry.title, "kind": "other" if entry.all_day else "meeting", "starts_at": _moment(starts),
        "ends_at": _moment(ends if entry.starts is None or not entry.all_day else ends - datetime.timedelta(days=1),
                           late=True),
        "all_day": "yes" if entry.all_day else "no", "place": entry.place,
        "details": "\n".join(filter(None, [entry.text, *remarks])), "private": "yes" if entry.is_private else "no",
        "priority": entry.priority, "remind_minutes": entry.remind_minutes,
        "repeats": rhythm.unit if rhythm else "never", "every": rhythm.every if rhythm else 1,
        "until": entry.until.isoformat() if rhythm and entry.until else None, "times": entry.times if rhythm else None,
    }  # fmt: skip


def _moment(when: icalendar_text.When, *, late: bool = False) -> str:
    if isinstance(when, datetime.datetime):
        return f"{when.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return f"{when:%Y-%m-%d} {'23:59' if late else '00:00'}"


def _written(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")
