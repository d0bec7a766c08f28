"""Suspended days leave a limit; a day-by-day oracle says by how much."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.deadlines import Mark, Pause, derive, merged, proof, sentence
from khcn_workflow.domain.progress import Suspension
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit
from khcn_workflow.regulations.calendars import load_calendar

CALENDAR = load_calendar()
ONE = timedelta(days=1)
DAYS = st.dates(date(2016, 1, 4), date(2026, 6, 30))


def limit(amount: int, unit: Unit, every: bool = False) -> TimeLimit:
    return TimeLimit("A99", amount, unit, "opened", Force.STATUTORY, "Điều 1", every=every)


def spans(anchor: date, gaps: list[tuple[int, int]]) -> list[Suspension]:
    """Disjoint suspensions after `anchor`: so many days after the last, so many long."""
    found, at = [], anchor
    for gap, length in gaps:
        since = at + timedelta(days=gap)
        at = since + timedelta(days=length)
        found.append(Suspension(since, at))
    return found


GAPS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=3)


def counted_day_by_day(anchor: date, amount: int, suspended: list[Suspension]) -> date:
    """The oracle: walk on until so many working days that are not suspended have passed."""
    day, left = anchor, amount
    while left:
        day += ONE
        paused = any(s.since <= day < s.until for s in suspended)
        left -= CALENDAR.is_working_day(day) and not paused
    return day


@given(anchor=DAYS, amount=st.integers(1, 60), gaps=GAPS)
def test_a_limit_in_working_days_skips_suspended_days(anchor, amount, gaps):
    suspended = spans(anchor, gaps)
    deadline = derive(limit(amount, Unit.WORKING_DAYS), anchor, CALENDAR, 1, suspended)
    assert deadline.due_on == counted_day_by_day(anchor, amount, suspended)


@given(anchor=DAYS, amount=st.integers(1, 60), start=st.integers(1, 20), length=st.integers(1, 60))
def test_a_suspension_of_k_working_days_moves_the_deadline_by_exactly_k(
    anchor, amount, start, length
):
    plain = derive(limit(amount, Unit.WORKING_DAYS), anchor, CALENDAR)
    since = anchor + timedelta(days=start)
    if since > plain.due_on:
        return
    until = since + timedelta(days=length)
    k = CALENDAR.count(since - ONE, until - ONE)
    moved = derive(
        limit(amount, Unit.WORKING_DAYS), anchor, CALENDAR, 1, [Suspension(since, until)]
    )
    assert CALENDAR.count(plain.due_on, moved.due_on) == k


@given(anchor=DAYS, amount=st.integers(1, 60), gaps=GAPS, unit=st.sampled_from(list(Unit)))
def test_the_order_of_suspensions_does_not_matter(anchor, amount, gaps, unit):
    suspended = spans(anchor, gaps)
    amount = min(amount, 24) if unit is Unit.MONTHS else amount
    dues = {
        derive(limit(amount, unit), anchor, CALENDAR, 1, order).due_on
        for order in permutations(suspended)
    }
    assert len(dues) == 1


@given(anchor=DAYS, amount=st.integers(1, 24), gaps=GAPS, unit=st.sampled_from(list(Unit)))
def test_a_due_date_is_never_a_day_off_and_never_earlier_for_a_suspension(
    anchor, amount, gaps, unit
):
    plain = derive(limit(amount, unit), anchor, CALENDAR)
    moved = derive(limit(amount, unit), anchor, CALENDAR, 1, spans(anchor, gaps))
    assert CALENDAR.is_working_day(moved.due_on)
    assert moved.due_on >= plain.due_on


def test_calendar_days_leave_out_the_calendar_days_of_a_suspension():
    suspended = [Suspension(date(2019, 3, 11), date(2019, 3, 25))]
    deadline = derive(limit(30, Unit.CALENDAR_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended)
    assert deadline.raw_on == date(2019, 3, 31) + timedelta(days=14)
    assert deadline.due_on == date(2019, 4, 16)  # 14/4 Sunday, 15/4 compensatory


def test_months_leave_out_the_calendar_days_of_a_suspension():
    suspended = [Suspension(date(2019, 3, 11), date(2019, 4, 11))]
    deadline = derive(limit(6, Unit.MONTHS), date(2019, 1, 10), CALENDAR, 1, suspended)
    assert deadline.raw_on == date(2019, 7, 10) + timedelta(days=31)


def test_a_suspension_before_the_anchor_or_after_the_end_moves_nothing():
    suspended = [
        Suspension(date(2019, 1, 2), date(2019, 2, 1)),
        Suspension(date(2019, 12, 2), date(2019, 12, 20)),
    ]
    plain = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR)
    moved = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended)
    assert (moved.due_on, moved.pauses) == (plain.due_on, ())


def test_a_suspension_counts_from_the_day_after_the_anchor():
    astride = [Suspension(date(2019, 2, 20), date(2019, 3, 6))]
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, astride)
    assert deadline.pauses == (Pause(date(2019, 3, 2), date(2019, 3, 6), 2),)
    just_over = [Suspension(date(2019, 2, 20), date(2019, 3, 2))]
    unmoved = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, just_over)
    assert unmoved == derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR)


def test_a_suspension_that_ended_before_the_anchor_hides_no_later_one():
    suspended = [
        Suspension(date(2019, 1, 2), date(2019, 2, 1)),
        Suspension(date(2019, 3, 4), date(2019, 3, 6)),
    ]
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended)
    assert deadline.pauses == (Pause(date(2019, 3, 4), date(2019, 3, 6), 2),)


def test_a_suspension_on_the_last_day_moves_it():
    suspended = [Suspension(date(2019, 3, 15), date(2019, 3, 19))]
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended)
    assert (deadline.due_on, deadline.pauses) == (
        date(2019, 3, 19),
        (Pause(date(2019, 3, 15), date(2019, 3, 19), 2),),
    )


def test_suspensions_that_touch_or_overlap_are_one():
    suspended = [
        Suspension(date(2019, 4, 1)),
        Suspension(date(2019, 3, 11), date(2019, 3, 20)),
        Suspension(date(2019, 3, 4), date(2019, 3, 6)),
        Suspension(date(2019, 3, 6), date(2019, 3, 8)),
        Suspension(date(2019, 3, 12), date(2019, 3, 13)),
        Suspension(date(2019, 3, 9), date(2019, 3, 10)),
    ]
    assert merged(suspended) == [
        (date(2019, 3, 4), date(2019, 3, 8)),
        (date(2019, 3, 9), date(2019, 3, 10)),
        (date(2019, 3, 11), date(2019, 3, 20)),
    ]


def test_overlapping_suspensions_count_once():
    twice = [
        Suspension(date(2019, 3, 4), date(2019, 3, 11)),
        Suspension(date(2019, 3, 6), date(2019, 3, 13)),
    ]
    once = [Suspension(date(2019, 3, 4), date(2019, 3, 13))]
    assert merged(twice) == merged(once)
    dues = {
        derive(limit(10, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, s).due_on
        for s in (twice, once)
    }
    assert len(dues) == 1


def test_while_suspended_the_limit_stands_still_and_nothing_is_late():
    deadline = derive(
        limit(5, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, [Suspension(date(2019, 3, 5))]
    )
    assert deadline.paused_since == date(2019, 3, 5)
    assert deadline.days_late(date(2019, 6, 10), CALENDAR) == 0
    assert sentence(deadline, CALENDAR) == ("Hạn đang dừng tính: nhiệm vụ tạm dừng từ 05/03/2019")


def test_a_limit_stands_still_when_the_task_is_suspended_on_its_last_day():
    paused = [
        derive(limit(5, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended).paused_since
        for suspended in (
            [Suspension(date(2019, 3, 8))],
            [Suspension(date(2019, 3, 9))],
            [Suspension(date(2019, 3, 6)), Suspension(date(2019, 3, 5))],
        )
    ]
    assert paused == [date(2019, 3, 8), None, date(2019, 3, 5)]


def test_a_suspension_after_the_due_date_does_not_cure_lateness():
    deadline = derive(
        limit(5, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, [Suspension(date(2019, 4, 1))]
    )
    assert deadline.paused_since is None
    assert deadline.days_late(date(2019, 3, 11), CALENDAR) == 1


@given(anchor=DAYS, amount=st.integers(1, 40), gaps=GAPS, unit=st.sampled_from(list(Unit)))
def test_the_proof_counts_exactly_the_units_and_gives_every_other_day_a_reason(
    anchor, amount, gaps, unit
):
    amount = min(amount, 6) if unit is Unit.MONTHS else amount
    deadline = derive(limit(amount, unit), anchor, CALENDAR, 1, spans(anchor, gaps))
    days = list(proof(deadline, CALENDAR))
    assert [day.on for day in days][-1:] == [deadline.due_on]
    assert all(day.reason for day in days if day.mark is Mark.SKIPPED)
    numbers = [day.number for day in days if day.number]
    assert numbers == list(range(1, len(numbers) + 1))
    if unit is not Unit.MONTHS:
        assert len(numbers) == amount


@pytest.mark.parametrize("since", [15, 16, 17])
def test_a_suspension_up_to_the_due_day_is_never_late_in_hindsight(since):
    """12 days from 03/06/2019 end on Saturday 15/06 and roll to Monday 17/06."""
    suspended = [Suspension(date(2019, 6, since), date(2019, 6, 20))]
    deadline = derive(limit(12, Unit.CALENDAR_DAYS), date(2019, 6, 3), CALENDAR, 1, suspended)
    assert deadline.due_on == date(2019, 6, 20)


def test_a_suspension_after_the_due_day_moves_nothing_even_when_the_end_had_rolled():
    suspended = [Suspension(date(2019, 6, 18), date(2019, 6, 20))]
    deadline = derive(limit(12, Unit.CALENDAR_DAYS), date(2019, 6, 3), CALENDAR, 1, suspended)
    assert deadline.due_on == date(2019, 6, 17)


def test_a_limit_before_a_meeting_stands_still_while_the_task_is_suspended():
    before = TimeLimit(
        "A99", 10, Unit.WORKING_DAYS, "opened", Force.STATUTORY, "Điều 1",
        direction=Direction.BEFORE,
    )  # fmt: skip
    running = derive(before, date(2019, 6, 28), CALENDAR)
    paused = derive(before, date(2019, 6, 28), CALENDAR, 1, [Suspension(date(2019, 5, 2))])
    assert (running.paused_since, paused.paused_since) == (None, date(2019, 5, 2))
    assert (running.due_on, paused.due_on) == (date(2019, 6, 14), date(2019, 6, 14))
    assert paused.days_late(date(2019, 6, 20), CALENDAR) == 0
