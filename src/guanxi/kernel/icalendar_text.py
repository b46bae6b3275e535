"""Appointments and tasks as other calendars write them (iCalendar, RFC 5545), as far as ours can hold them exactly.

What takes place when is never changed on the way in: a rhythm that no `Rhythm` tells is refused, not rounded. Texts of
strangers are looked through line by line before anything reads them.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from guanxi.kernel.dates import add_months
from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.kernel.recurrence import Rhythm

CHINA: Final = ZoneInfo("Asia/Shanghai")
MAKER: Final = "-//Guanxi//Guanxi//ZH"

#: What a text may hold at most.
LONGEST_LINE, MOST_LINES, DEEPEST, MOST_ALARMS = 65_536, 60_000, 3, 20
#: How far a series is followed: as far as ours may reach.
FARTHEST_MONTHS = 60
MOST_DAYS = 2_000
#: Whole days are reminded of from 9 o'clock on.
MORNING_MINUTES = 9 * 60
#: How long something lasts of which only the beginning is told.
UNSAID_LENGTH = datetime.timedelta(minutes=30)

_KEPT = frozenset({"VCALENDAR", "VEVENT", "VTODO", "VALARM"})
_UNITS = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"}
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"})
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})

#: A day, or a moment with its zone.
When = datetime.date | datetime.datetime


@dataclass(frozen=True, kw_only=True)
class Written:
    """One appointment or task as it is written; a changed day of a series is one of its own with `instead_of`.

    `starts` and `ends` are days for what takes whole days (`ends` the day after), else moments. `left_out` and
    `instead_of` are days of the series on a Chinese clock. `remarks`: what was not taken as it came.
    """

    uid: str
    kind: str = "VEVENT"
    title: str = ""
    text: str = ""
    place: str = ""
    link: str = ""
    starts: When | None = None
    ends: When | None = None
    rhythm: Rhythm | None = None
    until: datetime.date | None = None
    times: int | None = None
    left_out: tuple[datetime.date, ...] = ()
    instead_of: datetime.date | None = None
    #: Of a changed day: what the series had for it, a moment or a day.
    stood: When | None = None
    status: str = ""
    priority: str = "normal"
    is_private: bool = False
    remind_minutes: int | None = None
    people: tuple[str, ...] = ()
    changed_at: datetime.datetime | None = None
    remarks: tuple[Message, ...] = ()

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days."""
        return self.starts is not None and not isinstance(self.starts, datetime.datetime)


def day_of(when: When) -> datetime.date:
    """The day of a moment on a Chinese clock."""
    return when.astimezone(CHINA).date() if isinstance(when, datetime.datetime) else when


# ---- Reading ---------------------------------------------------------------------------------------------------------


def read(content: bytes, *, most_bytes: int, most: int, encodings: Sequence[str] = ("utf-8-sig",)) -> list[Written]:
    """Everything that a text tells, in its order.

    Raises TooLarge beyond `most_bytes` or `most` entries, Invalid for what is no calendar or cannot be held.
    """
    return [found for found in read_each(content, most_bytes=most_bytes, most=most, encodings=encodings, strict=True)
            if isinstance(found, Written)]  # fmt: skip


def read_each(
    content: bytes, *, most_bytes: int, most: int, encodings: Sequence[str] = ("utf-8-sig",), strict: bool = False
) -> Iterator[Written | tuple[str, Invalid]]:
    """The same one by one; what cannot be held comes as its title and the reason, unless `strict` raises it."""
    if len(content) > most_bytes:
        raise TooLarge(Message("A calendar file may have %(limit)s KB at most.", limit=most_bytes // 1024))
    import icalendar  # only who brings or takes a calendar needs it: it is not loaded with the rest

    text = "\r\n".join(_looked_through(_decoded(content, encodings), most))
    try:
        calendars: Any = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError):
        raise _damaged() from None
    for calendar in calendars:
        for part in calendar.subcomponents:
            if part.name not in ("VEVENT", "VTODO"):
                continue
            try:
                yield _read_part(part)
            except Invalid as problem:
                if strict:
                    raise
                yield str(part.get("SUMMARY", ""))[:160], problem


def _damaged() -> Invalid:
    return Invalid(Message("This is no calendar that can be read."))


def _decoded(content: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\x00" not in text and "BEGIN:VCALENDAR" in text[:4096].upper():
            return text
    raise _damaged()


def _looked_through(text: str, most: int) -> Iterator[str]:
    """The lines as one reads them, without zones that the text brings of its own and parts that we have no use for.

    A zone may hide a rhythm of thousands of years, and would be known to everybody who reads after it.
    """
    stack: list[str] = []
    entries = alarms = 0
    for line in _unfolded(text):
        name, _colon, value = line.partition(":")
        name, value = name.strip().upper(), value.strip().upper()
        if name == "BEGIN":
            stack.append(value)
            entries += value in ("VEVENT", "VTODO")
            alarms = alarms + 1 if value == "VALARM" else 0 if value in ("VEVENT", "VTODO") else alarms
            if len(stack) > DEEPEST or alarms > MOST_ALARMS:
                raise _damaged()
            if entries > most:
                raise TooLarge(Message("A calendar file may have %(limit)s entries at most.", limit=most))
        kept = bool(stack) and all(each in _KEPT for each in stack)
        if name == "END" and (not stack or stack.pop() != value):
            raise _damaged()
        if kept and not name.startswith("ATTACH"):
            yield line
    if stack:
        raise _damaged()


def _unfolded(text: str) -> Iterator[str]:
    whole: list[str] = []
    length = 0
    for count, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if count > MOST_LINES:
            raise TooLarge(Message("A calendar file may have %(limit)s lines at most.", limit=MOST_LINES))
        if line[:1] in (" ", "\t"):
            whole.append(line[1:])
        else:
            if whole:
                yield "".join(whole)
            whole, length = ([line] if line.strip() else []), 0
        length += len(line)
        if length > LONGEST_LINE:
            raise TooLarge(Message("A line of this calendar is too long."))
    if whole:
        yield "".join(whole)


def _read_part(part: Any) -> Written:
    wrong = {name for name, _text in part.errors} & {"DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RECURRENCE-ID"}
    if wrong:
        raise Invalid(Message("This value of the calendar cannot be read: %(names)s.", names=sorted(wrong)))
    uid = _text(part, "UID")
    if not uid or len(uid) > 255:
        raise Invalid(Message("An entry of a calendar needs a name of its own (UID) of at most 255 signs."))
    remarks: list[Message] = []
    starts = _when(part.get("DTSTART"), remarks)
    ends = _when(part.get("DUE" if part.name == "VTODO" else "DTEND"), remarks)
    if part.name == "VEVENT":
        if starts is None:
            raise Invalid(Message("An appointment begins on some day: it has no start (DTSTART)."))
        ends = _ends(part, starts, ends)
    found = Written(
        uid=uid, kind=part.name, title=_text(part, "SUMMARY"), text=_text(part, "DESCRIPTION"),
        place=_text(part, "LOCATION"), link=_text(part, "URL"), starts=starts, ends=ends,
        status=_text(part, "STATUS").upper(), is_private=_text(part, "CLASS").upper() in _PRIVATE,
        priority=_priority(part), people=tuple(_people(part)),
    )  # fmt: skip
    found = replace(found, remind_minutes=_reminder(part, found.all_day))
    return replace(_with_series(part, found, remarks), remarks=tuple(dict.fromkeys(remarks)))


def _text(part: Any, name: str) -> str:
    found = part.get(name)
    found = found[0] if isinstance(found, list) and found else found
    text = str(found) if found is not None else ""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or sign == "\t" or sign >= " ").strip()


def _when(value: Any, remarks: list[Message]) -> When | None:
    """A day, or a moment; what names no zone, or one that nobody knows, is taken on a Chinese clock."""
    if value is None or isinstance(value, list) or not hasattr(value, "dt"):
        if value is None:
            return None
        raise _damaged()
    found, zone = value.dt, str(value.params.get("TZID", ""))[:60]
    if isinstance(found, datetime.datetime):
        if found.tzinfo is None:
            if zone:
                remarks.append(Message("The time zone “%(zone)s” is not known; taken as China time.", zone=zone))
            found = found.replace(tzinfo=CHINA)
        return _near(found)
    if isinstance(found, datetime.date):
        return _near(found)
    raise _damaged()


def _near(found: Any) -> Any:
    """Days so far away that no clock could be asked of them are none."""
    if not 1900 <= found.year <= 2200:
        raise Invalid(Message("The year is too far away."))
    return found


def _ends(part: Any, starts: When, ends: When | None) -> When:
    if ends is None and part.get("DURATION") is not None:
        lasting = part["DURATION"].dt
        if not isinstance(lasting, datetime.timedelta) or abs(lasting) > datetime.timedelta(days=366):
            raise _damaged()
        ends = starts + lasting
    timed = isinstance(starts, datetime.datetime)
    if ends is not None and isinstance(ends, datetime.datetime) is not timed:
        raise Invalid(Message("Beginning and end are of different kinds: one is a day, the other a moment."))
    if ends is None or ends == starts:
        ends = starts + (UNSAID_LENGTH if timed else datetime.timedelta(days=1))
    return ends


def _priority(part: Any) -> str:
    try:
        given = int(part.get("PRIORITY", 0))
    except (TypeError, ValueError):
        return "normal"
    return "high" if 1 <= given <= 4 else "low" if 6 <= given <= 9 else "normal"


def _people(part: Any) -> Iterator[str]:
    found = part.get("ATTENDEE", [])
    for each in (found if isinstance(found, list) else [found])[:50]:
        named = str(getattr(each, "params", {}).get("CN", "")).strip()
        yield (named or str(each).removeprefix("mailto:").removeprefix("MAILTO:"))[:80]


def _reminder(part: Any, all_day: bool) -> int | None:
    """Minutes before it begins, of the first alarm that is told by them; of whole days before 9 o'clock."""
    for alarm in part.subcomponents:
        given = alarm.get("TRIGGER") if alarm.name == "VALARM" else None
        before = getattr(given, "dt", None)
        if (
            given is not None
            and isinstance(before, datetime.timedelta)
            and str(given.params.get("RELATED", "START")).upper() == "START"
        ):
            minutes = -int(before.total_seconds() // 60) + (MORNING_MINUTES if all_day else 0)
            if minutes >= 0:
                return minutes
    return None


# ---- Series ----------------------------------------------------------------------------------------------------------


def _with_series(part: Any, found: Written, remarks: list[Message]) -> Written:
    if part.get("RDATE") is not None or part.get("EXRULE") is not None:
        raise _not_held()
    rule, again = part.get("RRULE"), part.get("RECURRENCE-ID")
    if again is not None:
        if str(again.params.get("RANGE", "")):
            raise Invalid(
                Message("One day of a series can be changed, or the whole series; not this day and all after it.")
            )
        stood = _when(again, remarks)
        return replace(found, instead_of=None if stood is None else day_of(stood), stood=stood)
    if rule is None:
        return found
    if isinstance(rule, list) or found.kind != "VEVENT" or found.starts is None:
        raise _not_held()
    rhythm, until, times = _rhythm(rule, found.starts)
    if rhythm is None:
        return found
    return replace(found, rhythm=rhythm, until=until, times=times, left_out=tuple(_left_out(part, remarks)))


def _not_held() -> Invalid:
    return Invalid(
        Message(
            "This rhythm cannot be kept here. A series comes every so many days, weeks, months or years, on the day on "
            "which it begins; enter one series for each further day."
        )
    )


def _left_out(part: Any, remarks: list[Message]) -> Iterator[datetime.date]:
    found = part.get("EXDATE", [])
    for each in found if isinstance(found, list) else [found]:
        for value in getattr(each, "dts", ())[:MOST_DAYS]:
            given = value.dt
            if isinstance(given, datetime.datetime) and given.tzinfo is None:
                given = given.replace(tzinfo=CHINA)
            yield day_of(_near(given))


def _rhythm(rule: Mapping[str, Any], starts: When) -> tuple[Rhythm | None, datetime.date | None, int | None]:
    """The rhythm that falls on exactly the same days, and where it ends: by a day or by a number of times.

    A series without end is followed for as long as ours may last.
    """
    unit = _UNITS.get(str(rule.get("FREQ", [""])[0]).upper(), "")
    if not unit or set(map(str.upper, rule)) - _PARTS:
        raise _not_held()
    every, count = (_figure(rule, name) for name in ("INTERVAL", "COUNT"))
    if every == 0 or count == 0 or (every or 1) > 99:
        raise _not_held()
    first = day_of(starts)
    days = _days(rule, starts, _UNITS_OF[unit], every or 1)
    if not days or days[0] != first:
        raise _not_held()
    rhythm = Rhythm(unit, every or 1)
    if days != [rhythm.day(first, number) for number in range(len(days))]:
        raise _not_held()
    if len(days) == 1:
        return None, None, None
    if count is not None and count == len(days):
        return rhythm, None, count
    if count is not None:
        raise Invalid(Message("A series ends within five years, by %(day)s.", day=add_months(first, FARTHEST_MONTHS)))
    return rhythm, days[-1], None


_UNITS_OF = {unit: name for name, unit in _UNITS.items()}


def _figure(rule: Mapping[str, Any], name: str) -> int | None:
    given = rule.get(name)
    return int(given[0]) if given else None


def _days(rule: Mapping[str, Any], starts: When, frequency: str, every: int) -> list[datetime.date]:
    """The days on a Chinese clock on which the rule falls, as its author counts them, for five years at most."""
    from dateutil import rrule as rules

    zone = starts.tzinfo if isinstance(starts, datetime.datetime) else None
    begins = (
        starts.replace(tzinfo=None)
        if isinstance(starts, datetime.datetime)
        else datetime.datetime.combine(starts, datetime.time.min)
    )
    farthest = add_months(begins.date(), FARTHEST_MONTHS)
    last = datetime.datetime.combine(farthest, datetime.time.max)
    parts = {name.lower(): _listed(rule[name]) for name in ("BYMONTHDAY", "BYMONTH", "BYSETPOS") if rule.get(name)}
    if rule.get("BYDAY"):
        parts["byweekday"] = [_weekday(rules, str(each)) for each in _listed(rule["BYDAY"], str)]
    if rule.get("WKST"):
        parts["wkst"] = _weekday(rules, str(rule["WKST"][0]))
    until, count = _until(rule, starts), _figure(rule, "COUNT")
    try:
        found = rules.rrule(
            getattr(rules, frequency), dtstart=begins, interval=every, until=min(until or last, last), **parts
        )
        moments = list(itertools.islice(found, min(count or MOST_DAYS, MOST_DAYS)))
    except (ValueError, TypeError, OverflowError):
        raise _not_held() from None
    if zone is None:
        return [each.date() for each in moments]
    clock = starts.astimezone(CHINA).time() if isinstance(starts, datetime.datetime) else None
    local = [each.replace(tzinfo=zone).astimezone(CHINA) for each in moments]
    if any(each.time() != clock for each in local):
        raise Invalid(
            Message("Summer time would move this series to another hour in China; enter it by its Chinese time.")
        )
    return [each.date() for each in local]


def _listed(values: Any, read: Any = int) -> list[Any]:
    found = list(values) if isinstance(values, list | tuple) else [values]
    if len(found) > 31:
        raise _not_held()
    return [read(each) for each in found]


def _weekday(rules: Any, text: str) -> Any:
    day, sign = text[-2:].upper(), text[:-2]
    if day not in ("MO", "TU", "WE", "TH", "FR", "SA", "SU") or (sign and not sign.lstrip("+-").isdigit()):
        raise _not_held()
    return getattr(rules, day)(int(sign)) if sign else getattr(rules, day)


def _until(rule: Mapping[str, Any], starts: When) -> datetime.datetime | None:
    """The end on the clock of who wrote it."""
    given = rule.get("UNTIL")
    if not given:
        return None
    last = given[0]
    if not isinstance(last, datetime.datetime):
        return datetime.datetime.combine(_near(last), datetime.time.max)
    zone = starts.tzinfo if isinstance(starts, datetime.datetime) else CHINA
    return (last.astimezone(zone) if last.tzinfo is not None else last).replace(tzinfo=None)


# ---- Writing ---------------------------------------------------------------------------------------------------------


def write(entries: Iterable[Written], at: datetime.datetime, name: str = "") -> bytes:
    """A calendar with these entries, as of a moment; `name` is what programs call it."""
    import icalendar

    calendar: Any = icalendar.Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    calendar.add_component(_zone(icalendar))
    for entry in entries:
        calendar.add_component(_part(icalendar, entry, at))
    return bytes(calendar.to_ical())


def _zone(icalendar: Any) -> Any:
    """China has had one time since 1992."""
    zone, standard = icalendar.Timezone(), icalendar.TimezoneStandard()
    zone.add("tzid", CHINA.key)
    standard.add("dtstart", datetime.datetime(1992, 1, 1))  # noqa: DTZ001 - local, as the standard wants it
    standard.add("tzoffsetfrom", datetime.timedelta(hours=8))
    standard.add("tzoffsetto", datetime.timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _part(icalendar: Any, entry: Written, at: datetime.datetime) -> Any:
    part = icalendar.Event() if entry.kind == "VEVENT" else icalendar.Todo()
    part.add("uid", entry.uid)
    part.add("dtstamp", (entry.changed_at or at).astimezone(datetime.UTC))
    if entry.changed_at is not None:
        part.add("last-modified", entry.changed_at.astimezone(datetime.UTC))
    part.add("summary", entry.title)
    for label, text in (("description", entry.text), ("location", entry.place), ("url", entry.link),
                        ("status", entry.status)):  # fmt: skip
        if text:
            part.add(label, text)
    if entry.is_private:
        part.add("class", "PRIVATE")
    if entry.priority != "normal":
        part.add("priority", {"high": 1, "low": 9}[entry.priority])
    for label, when in (("dtstart", entry.starts), ("due" if entry.kind == "VTODO" else "dtend", entry.ends)):
        if when is not None:
            part.add(label, _local(when))
    if entry.instead_of is not None and entry.stood is not None:
        part.add("recurrence-id", _local(entry.stood))
    if entry.rhythm is not None:
        _add_series(part, entry)
    if entry.remind_minutes is not None:
        part.add_component(_alarm(icalendar, entry))
    return part


def _local(when: When) -> When:
    return when.astimezone(CHINA) if isinstance(when, datetime.datetime) else when


def _add_series(part: Any, entry: Written) -> None:
    assert entry.rhythm is not None and entry.starts is not None
    part.add("rrule", rule_of(entry.rhythm, entry.starts, entry.until, entry.times))
    for day in entry.left_out:
        part.add("exdate", _on(entry.starts, day))


def _on(starts: When, day: datetime.date) -> When:
    """The occurrence of a series on a day, as the series tells its beginning."""
    if not isinstance(starts, datetime.datetime):
        return day
    return datetime.datetime.combine(day, starts.astimezone(CHINA).time(), CHINA)


def rule_of(rhythm: Rhythm, starts: When, until: datetime.date | None, times: int | None) -> dict[str, Any]:
    """A rhythm as other programs tell it: what comes on the 31st comes on the last day of a shorter month."""
    rule: dict[str, Any] = {"freq": rhythm.unit, "interval": rhythm.every}
    first = day_of(starts)
    if rhythm.unit == "monthly" and first.day > 28:
        rule |= {"bymonthday": list(range(28, first.day + 1)), "bysetpos": -1}
    if rhythm.unit == "yearly" and (first.month, first.day) == (2, 29):
        rule |= {"bymonth": 2, "bymonthday": [28, 29], "bysetpos": -1}
    if times is not None:
        return {**rule, "count": times}
    assert until is not None  # a series ends
    last = _on(starts, until)
    return {**rule, "until": last.astimezone(datetime.UTC) if isinstance(last, datetime.datetime) else last}


def _alarm(icalendar: Any, entry: Written) -> Any:
    assert entry.remind_minutes is not None
    alarm = icalendar.Alarm()
    minutes = MORNING_MINUTES - entry.remind_minutes if entry.all_day else -entry.remind_minutes
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", datetime.timedelta(minutes=minutes))
    return alarm
