from datetime import date

import pytest

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.forecast import ENOUGH, forecast
from tests.office import a_task, enter, open_office, record


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task("NV-A"), "contract_signing", date(2019, 5, 6))
    app.run(enter, a_task("NV-B"), "contract_signing", date(2019, 6, 7))
    yield app
    app.close()


def history(app, working_days: list[int]) -> None:
    for number, days in enumerate(working_days):
        code = f"NV-H{number}"
        app.run(enter, a_task(code), "contract_signing", date(2019, 1, 2))
        closed = app.calendar.add(date(2019, 1, 2), days)
        record(app, code, "contract_signing", "not_signed", closed)


def test_what_is_overdue_and_what_falls_due_is_listed_soonest_first(office):
    lines = office.ask(forecast, 1)
    assert [(line.task_code, line.is_overdue) for line in lines] == [
        ("NV-A", True),
        ("NV-B", False),
    ]


def test_what_falls_due_later_is_left_out(office):
    office.run(enter, a_task("NV-C"), "progress_report", date(2019, 6, 3))
    assert {line.task_code for line in office.ask(forecast, 0)} == {"NV-A"}


def test_history_that_is_too_thin_is_said_not_guessed(office):
    history(office, [10] * (ENOUGH - 1))
    assert all(line.expected_on is None for line in office.ask(forecast, 1))


def test_the_offices_own_pace_says_when_a_step_is_likely_answered(office):
    history(office, [10, 20, 30, 40, 50])
    late, soon = office.ask(forecast, 1)
    assert soon.expected_on == office.calendar.add(date(2019, 6, 7), 30)
    assert soon.late_by == office.calendar.count(soon.due_on, soon.expected_on) > 0
    assert late.expected_on == date(2019, 6, 17)
    assert late.rounds == 5


def test_an_answer_is_never_expected_in_the_past(office):
    history(office, [1, 1, 1, 1, 1])
    assert office.ask(forecast, 1)[0].expected_on == date(2019, 6, 10)


def test_a_suspended_task_is_left_out(office):
    office.run(
        record_clock_event,
        ClockEvent(EntryKind.SUSPENDED, "NV-B", date(2019, 6, 7), "tp", reason="chờ"),
    )
    assert {line.task_code for line in office.ask(forecast, 1)} == {"NV-A"}
