"""The clock (here) and China's working days (`guanxi.platform.calendar.working_days`)."""

from guanxi.platform.calendar.clock import CHINA, clock_at, local, now, today

__all__ = ["CHINA", "clock_at", "local", "now", "today"]
