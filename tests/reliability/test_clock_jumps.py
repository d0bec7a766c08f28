"""The machine's clock goes back between two recordings: the chain's order is the order."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import Clock
from khcn_workflow.domain.progress import Progress
from khcn_workflow.services.verification import verify_ledger
from tests.office import HIRED, open_office
from tests.reliability.recorder import Job, do, enter_all

CODE = "NV-2019-01"
NOON = datetime(2019, 6, 10, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@contextmanager
def at(instant: datetime):
    with patch.object(Clock, "now", lambda _clock: instant):
        yield


@pytest.fixture
def office(tmp_path, database):
    """Suspended at noon; then the clock was put back an hour, and the task went on."""
    app = open_office(tmp_path, database=database)
    with at(NOON - 2 * HOUR):
        app.run(enter_all, [CODE])
    with at(NOON):
        do(app, Job(CODE, "suspended"))
    with at(NOON - HOUR):
        do(app, Job(CODE, "resumed"))
    yield app
    app.close()


def known(app: Application, at: datetime) -> Progress:
    return app.ask(lambda context: context.progress(CODE, known_at=at))


def test_the_chain_keeps_the_order_of_recording_and_the_clock_s_word(office):
    entries = office.ask(lambda context: context.entries(CODE))
    assert [(e.seq - HIRED, e.recorded_at) for e in entries] == [
        (1, NOON - 2 * HOUR),
        (2, NOON),
        (3, NOON - HOUR),
    ]
    assert office.ask(verify_ledger).rows == HIRED + 3


@pytest.mark.parametrize(
    ("instant", "suspensions", "over"),
    [
        (NOON - HOUR - timedelta(minutes=1), 0, False),
        (NOON - HOUR, 1, True),
        (NOON - timedelta(minutes=30), 1, True),
        (NOON, 1, True),
    ],
)
def test_what_was_known_is_a_stretch_of_the_chain_without_a_gap(office, instant, suspensions, over):
    progress = known(office, instant)
    assert len(progress.suspensions) == suspensions
    assert all((pause.until is not None) is over for pause in progress.suspensions)
    (listed,) = office.ask(lambda context: list(context.tasks(known_at=instant)))
    assert listed == progress


def test_one_recording_under_a_clock_of_another_year_hides_no_later_one(office):
    with at(NOON.replace(year=2036)):
        do(office, Job(CODE, "delay"))
    with at(NOON + HOUR):
        do(office, Job(CODE, "outcome"))
    progress = known(office, NOON + HOUR)
    assert progress.closed("proposal_revision") is not None
    assert office.ask(verify_ledger).rows == HIRED + 5
