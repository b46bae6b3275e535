"""Hours that are worked: a period in them runs only on working days, between the beginning and the end of the day."""

from datetime import datetime, time, timedelta

from guanxi.platform.calendar.clock import local
from guanxi.platform.calendar.working_days import is_working_day

_ONE_DAY = timedelta(days=1)


def after_working_hours(moment: datetime, hours: int, begins: int, ends: int) -> datetime:
    """The moment at which so many hours have been worked since `moment`; the working day is from `begins` to `ends`.

    `begins`, `ends`: full hours of the clock in Shanghai, the first before the second.
    """
    if not 0 <= begins < ends <= 24:
        raise ValueError("a working day begins before it ends")
    here, left = local(moment), timedelta(hours=hours)
    while True:
        midnight = datetime.combine(here.date(), time(), here.tzinfo)
        opens, closes = midnight + timedelta(hours=begins), midnight + timedelta(hours=ends)
        start = max(here, opens)
        if is_working_day(here.date()) and start < closes:
            if left <= closes - start:
                return (start + left).astimezone(moment.tzinfo)
            left -= closes - start
        here = midnight + _ONE_DAY
