"""The sweep against an oracle: each rung once, none missed, whatever the days it ran on."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.services.deadline_sweep import Swept, boundary, sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.storage.records import OutboxRow, ReminderRow
from notifications.ladder import DEFAULT_LADDER
from tests.office import a_task, enter, on_day, open_office, record

CALENDAR = load_calendar()
OPENED = date(2019, 5, 6)
DUE = date(2019, 6, 5)  # 30 days after OPENED, the target of contract_signing


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, OPENED, database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    yield app
    app.close()


def sweep_on(app, *days: date) -> list[Swept]:
    swept = []
    for day in days:
        other = on_day(app, day)
        swept.append(other.run(sweep))
        other.close()
    return swept


def reminders(app) -> list[tuple[str, bool]]:
    def read(context):
        rows = context.work._session.scalars(select(ReminderRow))
        return sorted((row.rung, row.superseded) for row in rows)

    return app.ask(read)


def told(app) -> Counter[tuple[str, str]]:
    def read(context):
        rows = context.work._session.scalars(select(OutboxRow))
        return Counter((row.recipient_code, row.event) for row in rows)

    return app.ask(read)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_each_rung_is_told_once_on_its_day(office):
    sweep_on(office, *every_day(OPENED, date(2019, 6, 14)))
    assert told(office) == {
        ("cv1", "due_soon"): 3,
        ("cv1", "due_today"): 1,
        ("cv1", "overdue"): 1,
        ("tp", "overdue_head"): 1,
        ("pgd", "overdue_director"): 1,
    }


def test_a_sweep_run_twice_tells_nobody_twice(office):
    days = every_day(OPENED, date(2019, 6, 14))
    sweep_on(office, *[day for day in days for _ in range(2)])
    assert sum(told(office).values()) == 7


def test_a_second_sweep_of_the_day_finds_nothing(office):
    first, second = sweep_on(office, DUE, DUE)
    assert first.reached > 0
    assert (second.reached, second.messages) == (0, 0)


def test_three_days_of_silence_miss_no_rung_and_tell_the_most_urgent(office):
    sweep_on(office, date(2019, 6, 3), date(2019, 6, 10))
    recorded = reminders(office)
    assert [rung for rung, _ in recorded] == sorted(r.id for r in DEFAULT_LADDER)
    assert told(office) == {
        ("cv1", "due_soon"): 1,
        ("cv1", "overdue"): 1,
        ("tp", "overdue_head"): 1,
        ("pgd", "overdue_director"): 1,
    }


def test_only_the_head_of_the_owners_division_is_told(office):
    sweep_on(office, date(2019, 6, 14))
    assert ("tp2", "overdue_head") not in told(office)


def test_a_step_that_was_answered_is_not_swept(office):
    app = on_day(office, date(2019, 6, 4))
    record(
        app,
        "NV-2019-01",
        "contract_signing",
        "signed",
        date(2019, 6, 4),
        fields={"ends_on": "2021-06-04"},
    )
    sweep_on(office, date(2019, 6, 14))
    assert all(event == "outcome_recorded" for _, event in told(office))


def test_a_step_that_enters_already_overdue_is_found_behind_the_marks(office):
    sweep_on(office, date(2019, 6, 10))
    app = on_day(office, date(2019, 6, 10))
    app.run(enter, a_task("NV-2019-02"), "contract_signing", date(2019, 3, 1))
    before = sum(told(office).values())
    sweep_on(office, date(2019, 6, 10))
    assert sum(told(office).values()) == before + 3


def test_a_reminder_whose_step_was_answered_meanwhile_is_not_sent(office):
    sweep_on(office, date(2019, 6, 6))
    app = on_day(office, date(2019, 6, 6))
    record(
        app,
        "NV-2019-01",
        "contract_signing",
        "signed",
        date(2019, 6, 6),
        fields={"ends_on": "2021-06-04"},
    )
    assert deliver_outbox(app).counts == {"cancelled": 2, "sent": 1}


def test_a_due_soon_reminder_is_worthless_after_its_day(office):
    sweep_on(office, date(2019, 6, 4))
    assert deliver_outbox(on_day(office, date(2019, 6, 7))).counts == {"expired": 1}


@pytest.mark.parametrize("rung", DEFAULT_LADDER, ids=lambda rung: rung.id)
def test_the_boundary_is_the_latest_due_day_whose_rung_has_come(rung):
    for day in every_day(date(2019, 4, 20), date(2019, 5, 12)):
        limit = boundary(CALENDAR, rung, day)
        due_days = [d for d in every_day(date(2019, 3, 1), date(2019, 7, 1)) if _works(d)]
        come = [d for d in due_days if CALENDAR.add(d, rung.offset) <= day]
        assert max(come) == limit


@settings(max_examples=12, deadline=None)
@given(days=st.sets(st.integers(0, 50), min_size=1))
def test_whatever_days_it_ran_on_no_rung_is_doubled_or_missed(tmp_path_factory, days, database):
    app = open_office(tmp_path_factory.mktemp("office"), OPENED, database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    last = OPENED + timedelta(days=max(days))
    sweep_on(app, *(OPENED + timedelta(days=n) for n in sorted(days)))
    reached = {r.id for r in DEFAULT_LADDER if CALENDAR.add(DUE, r.offset) <= last}
    assert {rung for rung, _ in reminders(app)} == reached
    assert len(reminders(app)) == len(reached)
    assert set(told(app).values()) <= {1, 2, 3}
    app.close()


def _works(day: date) -> bool:
    return CALENDAR.is_working_day(day)
