"""kill -9 in the middle of recording: what was acknowledged stands, once, and whole."""

import os
import signal
import sys
from collections import Counter
from contextlib import closing
from random import Random
from time import sleep

import psycopg
import pytest

from khcn_workflow.services.verification import verify_ledger
from tests.databases import postgres_server
from tests.office import HIRED, open_office
from tests.reliability.recorder import (
    REFUSED,
    REPEATED,
    Job,
    drained,
    enter_all,
    jobs_of,
    recording,
)

TASKS = [f"NV-{n}" for n in range(125)]
RECORDINGS = 500
MOST_BETWEEN_KILLS = 12
LONGEST_RECORDING = 0.02
"""Seconds; the kill comes at a random moment of the next one."""


@pytest.fixture
def office(tmp_path, durable):
    app = open_office(tmp_path, database=durable)
    app.run(enter_all, TASKS)
    app.close()
    yield app
    app.close()


def keys(app) -> Counter[str]:
    with closing(app):
        entries = app.ask(lambda context: list(context.work.queries.ledger()))
    return Counter(e.fact.request_key for e in entries if e.fact.request_key)


def messages(app) -> int:
    claimed = app.run(lambda context: context.work.outbox.claim("mail", context.now, 10_000))
    return len(claimed)


def killed_after(settings, jobs: list[Job], acknowledgements: int, delay: float) -> dict[str, str]:
    """What a recorder had acknowledged when SIGKILL hit it."""
    with recording(settings, jobs) as (process, said):
        heard = []
        while len(heard) < acknowledgements and said.poll(30):
            try:
                heard.append(said.recv())
            except EOFError:
                break
        sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        heard += drained(said)
    return dict(heard)


def test_what_was_acknowledged_survives_500_recordings_under_kill_9(office, capsys):
    random = Random(9)  # noqa: S311 - the same moments each run, as far as a clock allows
    jobs = [job for task in TASKS for job in jobs_of(task)]
    assert len(jobs) == RECORDINGS
    acknowledged: dict[str, str] = {}
    silent: set[str] = set()
    kills = 0
    while left := [job for job in jobs if job.key not in acknowledged]:
        until = random.randint(0, MOST_BETWEEN_KILLS)
        delay = random.uniform(0, LONGEST_RECORDING)
        acknowledged |= killed_after(office.settings, left, until, delay)
        kills += 1
        standing = keys(office)
        assert standing.keys() >= acknowledged.keys()
        unsaid = standing.keys() - acknowledged.keys()
        assert unsaid <= {next((j.key for j in jobs if j.key not in acknowledged), "")}
        silent |= unsaid
    ends = Counter(acknowledged.values())
    with capsys.disabled():
        sys.stdout.write(
            f"\n{kills} × kill -9: {len(acknowledged)} acknowledged, {len(silent)} written but "
            f"not acknowledged, {ends[REPEATED]} of them retried without doubling\n"
        )
    assert silent == {key for key, end in acknowledged.items() if end == REPEATED}
    assert kills >= RECORDINGS / MOST_BETWEEN_KILLS
    assert keys(office) == {job.key: 1 for job in jobs}
    assert office.ask(verify_ledger).rows == HIRED + RECORDINGS + len(TASKS)
    assert messages(office) == len(TASKS)


@pytest.mark.slow  # its server sometimes takes a minute to stop
def test_a_killed_server_process_costs_nothing_that_was_acknowledged(tmp_path):
    with postgres_server(settings=()) as server:
        office = open_office(tmp_path, database=server)
        office.run(enter_all, TASKS)
        office.close()
        jobs = [job for task in TASKS for job in jobs_of(task)][:200]
        done, refused = set(), 0
        with recording(office.settings, jobs) as (process, said):
            while len(done) < len(jobs):
                key, end = said.recv()
                done |= {key} if end != REFUSED else set()
                refused += end == REFUSED
                if len(done) == 50 and not refused:
                    kill_a_backend(office.settings.database_url)
            process.join(30)
            assert process.exitcode == 0
        assert refused
        assert keys(office) == {job.key: 1 for job in jobs}
        assert office.ask(verify_ledger).rows == HIRED + len(jobs) + len(TASKS)
        office.close()


def kill_a_backend(url: str) -> None:
    """SIGKILL for the server process of the recorder, after which all of them start anew."""
    address = url.replace("+psycopg", "", 1)
    with psycopg.connect(address) as connection:
        (pid,) = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchone()
        os.kill(pid, signal.SIGKILL)
