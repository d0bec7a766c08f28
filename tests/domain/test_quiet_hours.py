"""When messages may leave, against a search that looks at every minute."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.clock import HANOI
from khcn_workflow.domain.quiet_hours import sending_opens
from khcn_workflow.regulations.calendars import load_calendar

CALENDAR = load_calendar()
MINUTE = timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HANOI)


def opens(local: datetime, **more: bool) -> datetime:
    return sending_opens(local, CALENDAR, **more)


def test_a_message_of_the_working_hours_leaves_at_once():
    for local in (at(12, 7), at(12, 13, 37), at(12, 19, 59)):
        assert opens(local) == local


def test_a_message_of_the_early_morning_waits_for_seven():
    assert opens(at(12, 0)) == at(12, 7)
    assert opens(at(12, 6, 59)) == at(12, 7)


def test_a_message_of_the_evening_waits_for_the_next_working_day():
    assert opens(at(12, 20)) == at(13, 7)


def test_before_tet_it_waits_until_the_office_opens_again():
    assert opens(at(13, 20)) == at(23, 7)
    assert opens(at(17, 10)) == at(23, 7)


def test_a_saturday_that_is_worked_is_a_working_day():
    assert opens(at(22, 9, month=8)) == at(22, 9, month=8)
    assert opens(at(21, 21, month=8)) == at(22, 7, month=8)
    assert opens(at(29, 9, month=8)) == at(3, 7, month=9)


def test_on_a_day_set_by_hand_the_hour_means_nothing_but_the_day_does():
    assert opens(at(12, 2), hour_known=False) == at(12, 2)
    assert opens(at(17, 10), hour_known=False) == at(23, 7)


@given(st.integers(0, 350 * 24 * 60))
def test_it_is_the_first_open_minute_and_never_an_earlier_one(minutes):
    local = datetime(2026, 1, 1, tzinfo=HANOI) + minutes * MINUTE
    found = local
    while not (CALENDAR.is_working_day(found.date()) and time(7) <= found.time() < time(20)):
        found += MINUTE if found.minute else timedelta(hours=1)
    assert opens(local) == found
    assert opens(opens(local)) == opens(local)


def test_the_zone_is_kept():
    told = opens(at(12, 20))
    assert told.astimezone(UTC) == datetime(2026, 2, 13, 0, 0, tzinfo=UTC)
    assert told.date() == date(2026, 2, 13)
