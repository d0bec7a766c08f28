import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from khcn_workflow.domain.calendar import (
    CalendarHorizonError,
    Day,
    DayKind,
    WorkingCalendar,
)
from khcn_workflow.domain.deadlines import derive
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit
from khcn_workflow.regulations.calendars import load_calendar

np = pytest.importorskip("numpy")

from khcn_workflow.regulations.calendar_vectors import VectorCalendar  # noqa: E402 - after numpy

ROOT = Path(__file__).parents[2]
CALENDAR = load_calendar()
VECTORS = VectorCalendar(CALENDAR)
CASES = 100_000
FIRST, LAST = np.datetime64("2016-01-01"), np.datetime64("2027-12-31")


def random_days(seed: int, cases: int = CASES):
    return FIRST + np.random.default_rng(seed).integers(0, int((LAST - FIRST).astype(int)), cases)


def random_amounts(seed: int, most: int, cases: int = CASES):
    return np.random.default_rng(seed).integers(-most, most, cases, dtype=np.int32, endpoint=True)


def january(*off: date) -> tuple[WorkingCalendar, VectorCalendar]:
    exceptions = {on: Day(on, DayKind.CLOSURE, "nghỉ", "Sở", True) for on in off}
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    calendar = WorkingCalendar("v", first, last, exceptions, last)
    return calendar, VectorCalendar(calendar)


def dates(*texts: str):
    return np.array(texts, dtype="datetime64[D]")


# --- the same as the scalar calendar, 100,000 random cases each


def test_adding_agrees_with_the_scalar_calendar():
    days, amounts = random_days(1), random_amounts(2, 400)
    scalar = [CALENDAR.add(on, n) for on, n in zip(days.tolist(), amounts.tolist(), strict=True)]
    assert VECTORS.add(days, amounts).tolist() == scalar


def test_counting_agrees_with_the_scalar_calendar():
    after, until = random_days(3), random_days(4)
    scalar = [CALENDAR.count(a, b) for a, b in zip(after.tolist(), until.tolist(), strict=True)]
    assert VECTORS.count(after, until).tolist() == scalar


def test_rolling_agrees_with_the_scalar_calendar():
    days = random_days(5)
    assert VECTORS.roll_forward(days).tolist() == [CALENDAR.roll_forward(d) for d in days.tolist()]
    assert VECTORS.roll_back(days).tolist() == [CALENDAR.roll_back(d) for d in days.tolist()]


@pytest.mark.parametrize("unit", list(Unit))
def test_due_dates_agree_with_derive(unit):
    days, amounts = random_days(6, 20_000), random_amounts(7, 120, 20_000)
    amounts[amounts == 0] = 1
    scalar = [
        derive(limit(n, unit), on, CALENDAR).due_on
        for on, n in zip(days.tolist(), amounts.tolist(), strict=True)
    ]
    assert VECTORS.due(days, amounts, unit).tolist() == scalar


def limit(amount: int, unit: Unit) -> TimeLimit:
    side = Direction.AFTER if amount > 0 else Direction.BEFORE
    return TimeLimit("", abs(amount), unit, "opened", Force.INTERNAL, "", direction=side)


# --- what may be asked, and what comes back


def test_days_come_back_as_they_were_given():
    days = dates("2026-08-20", "2026-11-20")
    due = VECTORS.add(days, np.array([5, 3]))
    numbers = VECTORS.add(days.astype(np.int32), np.array([5, 3]))
    assert (due.dtype, due.tolist()) == (np.dtype("M8[D]"), [date(2026, 8, 26), date(2026, 11, 26)])
    assert (numbers.dtype, numbers.tolist()) == (np.int32, due.astype(np.int32).tolist())


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_whole_numbers_of_any_width_are_days_since_1970(dtype):
    days = dates("2026-08-20", "2019-04-22").astype(np.int64).astype(dtype)
    assert VECTORS.add(days, 7).astype("M8[D]").tolist() == [date(2026, 8, 28), date(2019, 5, 4)]
    assert VECTORS.due(days, 6, Unit.MONTHS).astype("M8[D]").tolist() == [
        date(2027, 2, 22),
        date(2019, 10, 22),
    ]


def test_a_list_of_dates_and_instants_are_taken_as_days():
    wanted = [date(2026, 8, 26)]
    assert VECTORS.add([date(2026, 8, 20)], 5).tolist() == wanted
    assert VECTORS.add(np.array(["2026-08-20T09:30"], dtype="M8[ns]"), 5).tolist() == wanted
    assert VECTORS.add(np.array([date(2026, 8, 20)], dtype=object), 5).tolist() == wanted


def test_one_day_meets_many_amounts_and_many_days_meet_one():
    start = dates("2026-08-20")
    assert VECTORS.add(start, np.array([5, 10])).tolist() == [date(2026, 8, 26), date(2026, 9, 7)]
    late = VECTORS.count(dates("2019-06-07", "2019-06-10"), dates("2019-06-11"))
    assert late.tolist() == [2, 1]
    assert VECTORS.count(start, dates("2026-08-21", "2026-08-24")).tolist() == [1, 3]


def test_nothing_asked_is_nothing_answered():
    none = dates()
    assert VECTORS.add(none, 5).tolist() == VECTORS.add([], 5).tolist() == []
    assert VECTORS.count(none, none).tolist() == []


def test_every_second_day_of_an_array_is_read_where_it_stands():
    days = random_days(8, 100)
    assert VECTORS.add(days[::2], 5).tolist() == VECTORS.add(days, 5)[::2].tolist()


@pytest.mark.parametrize("days", [np.array([1.5]), np.array([True]), np.array(["2026-01-01"])])
def test_what_is_no_day_is_refused(days):
    with pytest.raises(TypeError, match="neither days nor whole numbers"):
        VECTORS.add(days, 1)


# --- the horizon


@pytest.mark.parametrize("outside", ["2025-12-31", "2026-02-01", "9999-12-31", "0001-01-01"])
def test_the_first_day_outside_the_horizon_is_named_by_every_method(outside):
    calendar, vectors = january()
    inside, days = dates("2026-01-15"), dates("2026-01-15", outside, "2030-01-01")
    with pytest.raises(CalendarHorizonError) as scalar:
        calendar.day(date.fromisoformat(outside))
    for ask in (
        lambda: vectors.add(days, 1),
        lambda: vectors.add(days.astype(np.int64), -1),
        lambda: vectors.count(inside, days),
        lambda: vectors.count(days, inside),
        lambda: vectors.roll_forward(days),
        lambda: vectors.roll_back(days),
        lambda: vectors.due(days, 0, Unit.CALENDAR_DAYS),
        lambda: vectors.due(days, 0, Unit.MONTHS),
    ):
        with pytest.raises(CalendarHorizonError) as refusal:
            ask()
        assert str(refusal.value) == str(scalar.value)


@pytest.mark.parametrize("amount", [12, -12, 300, 2**31 - 1, -(2**31), 2**62])
def test_a_term_that_runs_past_the_horizon_is_refused_as_the_scalar_one(amount):
    calendar, vectors = january()
    with pytest.raises(CalendarHorizonError) as scalar:
        calendar.add(date(2026, 1, 15), amount)
    with pytest.raises(CalendarHorizonError) as refusal:
        vectors.add(dates("2026-01-14", "2026-01-15"), np.array([1, amount]))
    assert str(refusal.value) == str(scalar.value)


def test_rolling_past_the_horizon_is_refused_as_the_scalar_one():
    calendar, vectors = january(date(2026, 1, 1))
    for day, name in ((date(2026, 1, 1), "roll_back"), (date(2026, 1, 31), "roll_forward")):
        with pytest.raises(CalendarHorizonError) as scalar:
            getattr(calendar, name)(day)
        with pytest.raises(CalendarHorizonError) as refusal:
            getattr(vectors, name)([date(2026, 1, 15), day])
        assert str(refusal.value) == str(scalar.value)


def test_no_day_at_all_lies_outside():
    with pytest.raises(CalendarHorizonError):
        VECTORS.add(dates("2026-01-15", "NaT"), 1)


def test_the_edges_of_the_horizon_can_be_reached():
    calendar, vectors = january()
    working = [
        calendar.first + timedelta(days=n)
        for n in range(31)
        if calendar.is_working_day(calendar.first + timedelta(days=n))
    ]
    assert vectors.add([working[0]], np.arange(1, len(working))).tolist() == working[1:]
    assert vectors.add([working[-1]], -np.arange(1, len(working))).tolist() == working[-2::-1]


def test_loading_the_calendar_does_not_load_numpy():
    code = (
        "import sys; from khcn_workflow.bootstrap import start; import khcn_workflow.cli.calendar;"
        "start().calendar; print('numpy' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout.strip(), run.stderr) == ("False", "")
