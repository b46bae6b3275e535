"""One clock: the present moment is asked for in platform/calendar only, so that a test can set it."""

from tests.architecture.tree import calls, name_of, python_files

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "django.utils.timezone.now",
    "django.db.models.functions.Now",
    "time.time",
}
# These read the clock only when they are given no moment.
CONVERSIONS = {"django.utils.timezone.localdate", "django.utils.timezone.localtime"}
# File (below src/guanxi) → why it needs the raw clock.
EXEMPT: dict[str, str] = {
    "platform/calendar/": "the clock itself",
    "kernel/ids.py": "an id carries the millisecond of its making",
}


def clock_readings(source: str) -> list[int]:
    """The lines that ask the machine for the time."""
    return [
        call.line for call in calls(source) if call.name in CLOCKS or (call.name in CONVERSIONS and not call.arguments)
    ]


def test_only_the_calendar_reads_the_clock():
    assert clock_readings("import datetime\ndatetime.datetime.now()") == [2]
    assert clock_readings("from django.utils import timezone\ntimezone.now()") == [2]
    assert clock_readings("from datetime import date as d\nd.today()") == [2]
    assert clock_readings("from django.utils import timezone\ntimezone.localtime(moment)\ntimezone.localtime()") == [3]
    assert clock_readings("from guanxi.platform import calendar\ncalendar.now()") == []
    found = [
        f"{name}:{line}"
        for path in python_files()
        for name in [name_of(path).removeprefix("src/guanxi/")]
        if not name.startswith(tuple(EXEMPT))
        for line in clock_readings(path.read_text())
    ]
    assert not found, "\n".join(["", *found])
