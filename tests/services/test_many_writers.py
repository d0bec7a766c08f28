"""Real processes that record on one database at once: nothing is lost, nobody wins twice."""

import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.synchronize import Barrier
from threading import Event
from time import sleep

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.errors import AlreadyRecordedError
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.recording import Explanation, record_delay
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.settings import Settings
from tests.office import a_task, enter, open_office, record

PROCESSES = 8
EACH = 12
CONTESTED = [f"NV-CHUNG-{n}" for n in range(6)]
WRITTEN, REFUSED = "written", "refused"

_together: list[Barrier] = []


def meet_at(barrier: Barrier) -> None:
    """Give a process the barrier at which all start."""
    _together.append(barrier)


def write(settings: Settings, number: int) -> list[tuple[str, str]]:
    """Explain delays of an own task and, between them, race the others; (request, end) each."""
    app = Application(settings)
    app.ask(verify_ledger)
    _together[-1].wait()
    done = []
    for turn in range(EACH):
        explanation = Explanation(
            f"NV-RIENG-{number}",
            "proposal_revision",
            date(2019, 6, 3),
            "tp",
            "xin-y-kien",
            request_key=f"rieng-{number}-{turn}",
        )
        app.run(record_delay, explanation)
        done.append((explanation.request_key, WRITTEN))
        if turn < len(CONTESTED):
            done.append(race(app, CONTESTED[turn], number))
    app.close()
    return done


def race(app: Application, code: str, number: int) -> tuple[str, str]:
    key = f"{code}-{number}"
    try:
        record(app, code, "proposal_revision", "received", date(2019, 5, 20), request_key=key)
    except AlreadyRecordedError:
        return key, REFUSED
    return key, WRITTEN


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    for code in [*CONTESTED, *(f"NV-RIENG-{n}" for n in range(PROCESSES))]:
        app.run(enter, a_task(code), "proposal_revision", date(2019, 5, 6))
    yield app
    app.close()


def test_eight_processes_lose_nothing_that_was_acknowledged_and_the_chain_holds(office):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, meet_at, (barrier,)) as pool:
        jobs = [(office.settings, number) for number in range(PROCESSES)]
        ended = [pair for done in pool.starmap(write, jobs, chunksize=1) for pair in done]
    acknowledged = {key for key, end in ended if end == WRITTEN}
    entries = office.ask(lambda context: list(context.work.queries.ledger()))
    assert {e.fact.request_key for e in entries if e.fact.request_key} == acknowledged
    assert Counter(key.startswith("rieng") for key in acknowledged) == {
        True: PROCESSES * EACH,
        False: len(CONTESTED),
    }
    assert office.ask(verify_ledger).rows == len(entries)


def test_a_sweep_waits_for_a_recording_that_has_begun(office):
    begun, order = Event(), []

    def record_slowly(context):
        context.progress(CONTESTED[0])
        begun.set()
        sleep(1)
        order.append("recorded")

    def sweep_meanwhile():
        begun.wait()
        office.run(sweep)
        order.append("swept")

    with ThreadPoolExecutor(2) as pool:
        ended = [pool.submit(office.run, record_slowly), pool.submit(sweep_meanwhile)]
    assert [future.result() for future in ended] == [None, None]
    assert order == ["recorded", "swept"]
