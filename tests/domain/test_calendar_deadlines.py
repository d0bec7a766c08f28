"""The calendar as `derive` uses it: whatever the limit, the due date obeys the Civil Code."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.calendar import Day, DayKind, WorkingCalendar, add_months
from khcn_workflow.domain.deadlines import Deadline, derive
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit
from khcn_workflow.regulations.calendars import load_calendar

CALENDAR = load_calendar()

days = st.dates(date(2016, 1, 1), date(2027, 12, 31))
units = st.sampled_from(list(Unit))
closures = st.sets(st.dates(date(2026, 1, 5), date(2026, 3, 20)), max_size=25)


def due(
    amount: int,
    unit: Unit,
    anchor_on: date,
    direction: Direction = Direction.AFTER,
    calendar: WorkingCalendar = CALENDAR,
) -> Deadline:
    limit = TimeLimit("", amount, unit, "opened", Force.STATUTORY, "", direction=direction)
    return derive(limit, anchor_on, calendar)


def closed_on(off: set[date]) -> WorkingCalendar:
    """January to June 2026, closed on the given days besides the weekends."""
    exceptions = {on: Day(on, DayKind.CLOSURE, "nghỉ", "Sở", True) for on in off}
    return WorkingCalendar("v", date(2026, 1, 1), date(2026, 6, 30), exceptions, date(2026, 6, 30))


@pytest.mark.parametrize(
    ("amount", "unit", "anchor_on", "raw_on", "due_on"),
    [
        (30, Unit.CALENDAR_DAYS, date(2019, 4, 1), date(2019, 5, 1), date(2019, 5, 2)),
        (15, Unit.CALENDAR_DAYS, date(2019, 4, 15), date(2019, 4, 30), date(2019, 5, 2)),
        (15, Unit.WORKING_DAYS, date(2019, 4, 12), date(2019, 5, 8), date(2019, 5, 8)),
        (7, Unit.WORKING_DAYS, date(2019, 4, 22), date(2019, 5, 4), date(2019, 5, 4)),
        (10, Unit.WORKING_DAYS, date(2019, 1, 31), date(2019, 2, 21), date(2019, 2, 21)),
        (30, Unit.CALENDAR_DAYS, date(2026, 1, 16), date(2026, 2, 15), date(2026, 2, 23)),
        (7, Unit.WORKING_DAYS, date(2025, 12, 31), date(2026, 1, 12), date(2026, 1, 12)),
        (5, Unit.WORKING_DAYS, date(2026, 8, 20), date(2026, 8, 26), date(2026, 8, 26)),
        (10, Unit.WORKING_DAYS, date(2026, 8, 20), date(2026, 9, 7), date(2026, 9, 7)),
        (10, Unit.CALENDAR_DAYS, date(2026, 11, 14), date(2026, 11, 24), date(2026, 11, 25)),
        (3, Unit.WORKING_DAYS, date(2026, 11, 20), date(2026, 11, 26), date(2026, 11, 26)),
        (6, Unit.MONTHS, date(2025, 8, 31), date(2026, 2, 28), date(2026, 3, 2)),
        (24, Unit.MONTHS, date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 2)),
        (6, Unit.MONTHS, date(2026, 5, 24), date(2026, 11, 24), date(2026, 11, 25)),
    ],
)
def test_every_vector_of_the_regulations_holds(amount, unit, anchor_on, raw_on, due_on):
    deadline = due(amount, unit, anchor_on)
    assert (deadline.raw_on, deadline.due_on) == (raw_on, due_on)


@given(days, st.integers(1, 60), units, st.sampled_from(list(Direction)))
def test_a_due_date_is_never_a_day_off(anchor_on, amount, unit, direction):
    assert CALENDAR.is_working_day(due(amount, unit, anchor_on, direction).due_on)


@given(days, st.integers(1, 60), units)
def test_a_limit_after_its_anchor_is_never_earlier_than_counted(anchor_on, amount, unit):
    deadline = due(amount, unit, anchor_on)
    assert anchor_on < deadline.raw_on <= deadline.due_on
    between = list(CALENDAR.days_between(deadline.raw_on, deadline.due_on))
    assert not any(day.is_working for day in between[:-1])


@given(days, st.integers(1, 60), units)
def test_a_limit_before_its_anchor_is_never_later_than_counted(anchor_on, amount, unit):
    deadline = due(amount, unit, anchor_on, Direction.BEFORE)
    assert deadline.due_on <= deadline.raw_on < anchor_on


@given(days, st.integers(1, 60))
def test_so_many_working_days_lie_before_the_meeting_the_meeting_not_counted(meeting_on, amount):
    due_on = due(amount, Unit.WORKING_DAYS, meeting_on, Direction.BEFORE).due_on
    eve = meeting_on - timedelta(days=1)
    assert CALENDAR.count(due_on - timedelta(days=1), eve) == amount


@given(days, st.integers(1, 60))
def test_a_later_anchor_is_never_due_earlier(anchor_on, amount):
    for unit in Unit:
        today, tomorrow = (due(amount, unit, anchor_on + timedelta(days=n)) for n in (0, 1))
        assert today.due_on <= tomorrow.due_on


@given(closures, st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.integers(1, 20))
def test_closing_days_never_brings_a_due_date_forward(off, anchor_on, amount):
    for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        closed = due(amount, unit, anchor_on, calendar=closed_on(off)).due_on
        assert closed >= due(amount, unit, anchor_on, calendar=closed_on(set())).due_on


@given(closures, st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.integers(1, 20))
def test_a_working_day_limit_counts_its_amount_whatever_is_closed(off, anchor_on, amount):
    calendar = closed_on(off)
    due_on = due(amount, Unit.WORKING_DAYS, anchor_on, calendar=calendar).due_on
    assert calendar.count(anchor_on, due_on) == amount


@given(days, st.integers(0, 60))
def test_months_end_on_the_corresponding_day_or_roll(anchor_on, months):
    deadline = due(months, Unit.MONTHS, anchor_on)
    assert deadline.raw_on == add_months(anchor_on, months)
    assert deadline.due_on == CALENDAR.roll_forward(deadline.raw_on)
