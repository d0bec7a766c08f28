"""What a waiting run's form is made from, as its stamp tells."""

from datetime import date, timedelta

import pytest

from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.reconciliation import desired_waits, question
from tests.office import TODAY, a_task, enter, on_day, open_office

CODE, OTHER = "NV-2019-01", "NV-2019-02"


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    for code in (CODE, OTHER):
        app.run(enter, a_task(code), "contract_signing", date(2019, 5, 27))
    yield app
    app.close()


def stamps(app) -> dict[str, str]:
    return {wait.key.task_code: wait.stamp for wait in app.ask(desired_waits)}


def test_a_stamp_stays_while_nothing_changes_and_is_that_of_the_question(office):
    (wait,) = office.ask(desired_waits, CODE)
    assert stamps(office)[CODE] == wait.stamp
    assert office.ask(question, wait.key).wait == wait
    assert len(wait.stamp) == 16


def test_what_moves_one_deadline_changes_one_stamp(office):
    before = stamps(office)
    why = {"reason": "chờ kinh phí", "document": Document("12/QĐ")}
    event = ClockEvent(EntryKind.SUSPENDED, CODE, date(2019, 6, 3), "tp", **why)
    office.run(record_clock_event, event)
    after = stamps(office)
    assert (after[CODE] != before[CODE], after[OTHER]) == (True, before[OTHER])


def test_a_deadline_that_goes_by_changes_the_stamp_once(office):
    days = [stamps(on_day(office, TODAY + timedelta(n)))[CODE] for n in (0, 1, 60, 61)]
    assert days[0] == days[1] != days[2] == days[3]
