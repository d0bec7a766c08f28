from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.calendar import (
    CalendarHorizonError,
    Day,
    DayKind,
    WorkingCalendar,
    add_months,
)
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.regulations.calendars import load_calendar

CALENDAR = load_calendar()

days = st.dates(date(2016, 1, 1), date(2027, 12, 31))
amounts = st.integers(-400, 400)
ORDINALS = date(2016, 1, 1).toordinal(), date(2027, 12, 31).toordinal()
AROUND = range(ORDINALS[0] - 400, ORDINALS[1] + 400)
CASES = 100_000


def working_day_by_the_naked_rule(on: date) -> bool:
    """The oracle: one day, looked at alone, without the index."""
    exception = CALENDAR.exceptions.get(on)
    return on.weekday() < 5 if exception is None else exception.is_working


def added_day_by_day(on: date, working_days: int) -> date:
    step = timedelta(days=1 if working_days >= 0 else -1)
    left = abs(working_days)
    while left or not working_day_by_the_naked_rule(on):
        on += step
        left -= left > 0 and working_day_by_the_naked_rule(on)
    return on


def counted_day_by_day(after: date, until: date) -> int:
    if until < after:
        return -counted_day_by_day(until, after)
    span = (after + timedelta(days=n + 1) for n in range((until - after).days))
    return sum(map(working_day_by_the_naked_rule, span))


def a_random_span(random: Random, days: int) -> tuple[date, int]:
    """A day of 2016-2027 and up to so many days forth or back from it."""
    day = date.fromordinal(random.randint(*ORDINALS))
    return day, random.randint(-days, days)


def small(*exceptions: Day) -> WorkingCalendar:
    """A calendar of January 2026, official to the 20th."""
    by_day = {day.on: day for day in exceptions}
    return WorkingCalendar("v", date(2026, 1, 1), date(2026, 1, 31), by_day, date(2026, 1, 20))


# --- the vectors of regulations.md F.3


@pytest.mark.parametrize(
    ("start", "calendar_days", "raw_end", "due"),
    [
        (date(2019, 4, 1), 30, date(2019, 5, 1), date(2019, 5, 2)),
        (date(2019, 4, 15), 15, date(2019, 4, 30), date(2019, 5, 2)),
        (date(2026, 1, 16), 30, date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 11, 14), 10, date(2026, 11, 24), date(2026, 11, 25)),
    ],
)
def test_calendar_days_that_end_on_a_day_off_run_to_the_next_working_day(
    start, calendar_days, raw_end, due
):
    end = start + timedelta(days=calendar_days)
    assert (end, CALENDAR.roll_forward(end)) == (raw_end, due)


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        (date(2019, 4, 12), 15, date(2019, 5, 8)),
        (date(2019, 4, 22), 7, date(2019, 5, 4)),
        (date(2019, 1, 31), 10, date(2019, 2, 21)),
        (date(2025, 12, 31), 7, date(2026, 1, 12)),
        (date(2026, 8, 20), 5, date(2026, 8, 26)),
        (date(2026, 8, 20), 10, date(2026, 9, 7)),
        (date(2026, 11, 20), 3, date(2026, 11, 26)),
    ],
)
def test_working_days_skip_days_off_and_count_swapped_saturdays(start, working_days, due):
    assert CALENDAR.add(start, working_days) == due
    assert CALENDAR.count(start, due) == working_days


@pytest.mark.parametrize(
    ("start", "months", "raw_end", "due"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28), date(2026, 3, 2)),
        (date(2024, 2, 29), 24, date(2026, 2, 28), date(2026, 3, 2)),
        (date(2026, 5, 24), 6, date(2026, 11, 24), date(2026, 11, 25)),
    ],
)
def test_months_end_on_the_corresponding_day_then_roll(start, months, raw_end, due):
    end = add_months(start, months)
    assert (end, CALENDAR.roll_forward(end)) == (raw_end, due)


# --- months


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_a_month_without_that_day_ends_on_its_last_day(start, months, end):
    assert add_months(start, months) == end


@given(days, st.integers(-120, 120))
def test_months_land_in_the_right_month_on_the_same_or_its_last_day(on, months):
    end = add_months(on, months)
    assert (end.year - on.year) * 12 + end.month - on.month == months
    assert end.day == on.day or (end.day < on.day and (end + timedelta(days=1)).day == 1)


# --- arithmetic


@given(days, st.integers(1, 400))
def test_adding_then_counting_gives_the_amount_back(on, amount):
    assert CALENDAR.count(on, CALENDAR.add(on, amount)) == amount


@given(days, amounts)
def test_subtracting_undoes_adding_from_a_working_day(on, amount):
    start = CALENDAR.roll_forward(on)
    assert CALENDAR.add(CALENDAR.add(start, amount), -amount) == start


@given(days, amounts)
def test_a_term_always_ends_on_a_working_day(on, amount):
    assert CALENDAR.is_working_day(CALENDAR.add(on, amount))


@given(days, amounts)
def test_the_index_agrees_with_walking_day_by_day(on, amount):
    assert CALENDAR.add(on, amount) == added_day_by_day(on, amount)


@given(days, days)
def test_the_count_agrees_with_walking_day_by_day(after, until):
    assert CALENDAR.count(after, until) == counted_day_by_day(after, until)


def test_the_index_agrees_with_walking_on_100_000_random_cases():
    works = {on: working_day_by_the_naked_rule(date.fromordinal(on)) for on in AROUND}
    random = Random(2016)  # noqa: S311 - the same cases on every run, not a secret
    for _ in range(CASES):
        on, amount = a_random_span(random, 120)
        assert CALENDAR.add(on, amount).toordinal() == walked(works, on.toordinal(), amount)


def test_the_count_agrees_with_walking_on_100_000_random_cases():
    works = {on: working_day_by_the_naked_rule(date.fromordinal(on)) for on in AROUND}
    random = Random(2027)  # noqa: S311 - the same cases on every run, not a secret
    for _ in range(CASES):
        on, length = a_random_span(random, 200)
        start, until = on.toordinal(), on.toordinal() + length
        first, last = sorted((start, until))
        walk = sum(works[n] for n in range(first + 1, last + 1))
        counted = CALENDAR.count(on, date.fromordinal(until))
        assert counted == (walk if length >= 0 else -walk)


def walked(works: dict[int, bool], on: int, working_days: int) -> int:
    """As `added_day_by_day`, over day numbers."""
    step, left = (1 if working_days >= 0 else -1), abs(working_days)
    while left or not works[on]:
        on += step
        left -= left > 0 and works[on]
    return on


@given(days, days)
def test_a_reversed_count_is_the_negative(after, until):
    assert CALENDAR.count(after, until) == -CALENDAR.count(until, after)


@given(days, days, days)
def test_counts_of_adjoining_spans_add_up(a, b, c):
    assert CALENDAR.count(a, b) + CALENDAR.count(b, c) == CALENDAR.count(a, c)


@given(days)
def test_rolling_goes_to_the_nearest_working_day_on_its_side(on):
    ahead, back = CALENDAR.roll_forward(on), CALENDAR.roll_back(on)
    assert back <= on <= ahead
    assert CALENDAR.is_working_day(ahead)
    assert CALENDAR.is_working_day(back)
    assert CALENDAR.count(back, ahead) == (0 if CALENDAR.is_working_day(on) else 1)


@given(days, st.integers(0, 120))
def test_the_proof_has_each_day_once_and_as_many_working_days_as_counted(after, length):
    until = after + timedelta(days=length)
    proof = list(CALENDAR.days_between(after, until))
    assert [day.on for day in proof] == [after + timedelta(days=n + 1) for n in range(length)]
    assert sum(day.is_working for day in proof) == CALENDAR.count(after, until)


def test_a_reversed_span_has_no_proof():
    assert list(CALENDAR.days_between(date(2026, 1, 5), date(2026, 1, 2))) == []


def test_the_first_day_is_not_counted_and_the_last_is():
    friday, monday = date(2026, 8, 21), date(2026, 8, 24)
    assert CALENDAR.count(friday, monday) == 2  # Saturday 22 is worked
    assert CALENDAR.count(monday, friday) == -2
    assert CALENDAR.count(friday, friday) == 0


def test_a_limit_before_a_meeting_steps_back_over_days_off():
    assert CALENDAR.add(date(2026, 9, 3), -2) == date(2026, 8, 27)


# --- days


def test_a_swapped_saturday_works_and_its_pair_rests():
    saturday, monday = CALENDAR.day(date(2019, 5, 4)), CALENDAR.day(date(2019, 4, 29))
    source = "6519/VPCP-KGVX, Văn phòng Chính phủ"
    assert saturday == Day(
        date(2019, 5, 4), DayKind.SWAPPED_IN, "làm bù cho ngày 29/04/2019", source, True
    )
    assert monday == Day(
        date(2019, 4, 29),
        DayKind.SWAPPED_OFF,
        "nghỉ hoán đổi, làm bù ngày 04/05/2019",
        source,
        True,
    )
    assert (saturday.is_working, monday.is_working) == (True, False)


def test_a_plain_day_has_no_reason():
    assert small().day(date(2026, 1, 2)) == Day(date(2026, 1, 2), DayKind.WORKING, "", "", True)
    assert small().day(date(2026, 1, 31)) == Day(date(2026, 1, 31), DayKind.WEEKEND, "", "", False)


def test_an_exception_overrides_the_week():
    closed = Day(date(2026, 1, 7), DayKind.CLOSURE, "mất điện", "Sở", True)
    calendar = small(closed)
    assert calendar.day(closed.on) == closed
    assert calendar.add(date(2026, 1, 6), 1) == date(2026, 1, 8)


def test_a_moment_is_taken_as_its_day():
    assert CALENDAR.day(datetime(2019, 5, 4, 9)) == CALENDAR.day(date(2019, 5, 4))  # noqa: DTZ001


def test_days_after_the_announced_ones_are_provisional():
    assert small().day(date(2026, 1, 20)).official
    assert not small().day(date(2026, 1, 21)).official
    assert not small().is_provisional(date(2026, 1, 20))
    assert small().is_provisional(date(2026, 1, 21))


def test_every_kind_has_words_for_the_officer():
    assert {kind: kind.label for kind in DayKind} == {
        DayKind.WORKING: "làm việc",
        DayKind.WEEKEND: "nghỉ cuối tuần",
        DayKind.HOLIDAY: "nghỉ lễ, tết",
        DayKind.COMPENSATORY: "nghỉ bù",
        DayKind.SWAPPED_OFF: "nghỉ hoán đổi",
        DayKind.SWAPPED_IN: "làm bù",
        DayKind.CLOSURE: "cơ quan nghỉ riêng",
    }


# --- the horizon


@pytest.mark.parametrize("outside", [date(2025, 12, 31), date(2026, 2, 1)])
def test_a_day_outside_the_horizon_is_refused_by_every_method(outside):
    calendar, inside = small(), date(2026, 1, 15)
    for ask in (
        lambda: calendar.is_working_day(outside),
        lambda: calendar.day(outside),
        lambda: calendar.add(outside, 1),
        lambda: calendar.count(inside, outside),
        lambda: calendar.count(outside, inside),
        lambda: calendar.roll_forward(outside),
        lambda: calendar.roll_back(outside),
        lambda: calendar.days_between(inside, outside),
    ):
        with pytest.raises(CalendarHorizonError):
            ask()


def test_the_refusal_says_the_day_the_horizon_and_what_to_do():
    with pytest.raises(CalendarHorizonError) as refusal:
        small().day(date(2026, 2, 1))
    assert str(refusal.value) == (
        "Ngày 01/02/2026 nằm ngoài lịch làm việc (từ 01/01/2026 đến 31/01/2026); "
        "hãy kiểm tra lại ngày, nếu đúng thì bổ sung lịch nghỉ các năm đó rồi tính lại."
    )
    assert isinstance(refusal.value, KhcnError)


@pytest.mark.parametrize(
    ("working_days", "words"),
    [(30, "Đếm 30 ngày làm việc sau"), (-30, "Đếm 30 ngày làm việc trước")],
)
def test_a_term_that_runs_past_the_horizon_is_refused(working_days, words):
    with pytest.raises(CalendarHorizonError, match=f"^{words} ngày 15/01/2026 thì vượt ra ngoài"):
        small().add(date(2026, 1, 15), working_days)


def test_rolling_past_the_horizon_is_refused():
    with pytest.raises(CalendarHorizonError, match=r"^Đếm 1 ngày làm việc sau ngày 31/01/2026"):
        small().roll_forward(date(2026, 1, 31))
    closed = Day(date(2026, 1, 1), DayKind.HOLIDAY, "Tết Dương lịch", "", True)
    with pytest.raises(CalendarHorizonError, match=r"^Đếm 1 ngày làm việc trước ngày 01/01/2026"):
        small(closed).roll_back(closed.on)


def test_the_first_and_last_working_days_of_the_horizon_can_still_be_reached():
    first, last = date(2026, 1, 1), date(2026, 1, 30)
    assert small().add(date(2026, 1, 29), 1) == last
    assert small().add(date(2026, 1, 2), -1) == first
    assert small().roll_forward(first) == small().roll_back(first) == first


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 1, 31)])
def test_the_edges_of_the_horizon_may_be_exceptions(on):
    closed = Day(on, DayKind.CLOSURE, "mất điện", "", True)
    assert small(closed).day(on) == closed


def test_an_exception_outside_the_horizon_is_refused():
    with pytest.raises(CalendarHorizonError):
        small(Day(date(2026, 2, 2), DayKind.CLOSURE, "mất điện", "", True))
