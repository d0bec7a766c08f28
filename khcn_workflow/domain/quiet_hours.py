"""Giờ gửi: when people may be told; what comes at another hour waits, and is never dropped."""

from datetime import datetime, time, timedelta

from khcn_workflow.domain.calendar import WorkingCalendar

OPENS, CLOSES = time(7), time(20)
"""Hours in Hà Nội between which a working day's messages leave."""


def sending_opens(at: datetime, calendar: WorkingCalendar, *, hour_known: bool = True) -> datetime:
    """The first instant from `at` on at which a message may leave: `at` itself, or an opening.

    Messages leave on working days from 07:00 up to, not including, 20:00, whoever they are
    for and however urgent; this is the only place that says so.

    Args:
        at: In Hà Nội's zone.
        hour_known: False where only the day was set by hand: a working day is then open
            at any hour.
    """
    if calendar.is_working_day(at.date()):
        if not hour_known or OPENS <= at.time() < CLOSES:
            return at
        if at.time() < OPENS:
            return datetime.combine(at.date(), OPENS, at.tzinfo)
    next_day = calendar.roll_forward(at.date() + timedelta(days=1))
    return datetime.combine(next_day, OPENS, at.tzinfo)
