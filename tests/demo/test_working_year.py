"""The year that the demo looks back on."""

from __future__ import annotations

import datetime

import pytest

from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import CHINA


@pytest.mark.django_db
def test_what_was_done_lately_was_done_today_even_just_after_midnight() -> None:
    morning = WorkingYear(datetime.datetime(2026, 11, 23, 9, 0, tzinfo=CHINA))
    assert morning.lately(15) == datetime.datetime(2026, 11, 23, 8, 45, tzinfo=CHINA)
    night = WorkingYear(datetime.datetime(2026, 11, 23, 0, 12, tzinfo=CHINA))
    assert night.lately(15) == datetime.datetime(2026, 11, 23, tzinfo=CHINA)
