"""Sixteen processes record at once: how much, how fast, and whether all of it stands."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.results import Bar, Report, Table
from khcn_workflow.bootstrap import Application
from khcn_workflow.services.recording import Answer, record_outcome
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.settings import Settings
from khcn_workflow.storage.refusals import StorageUnavailableError
from tests.databases import SQLITE, Databases, postgres_server
from tests.office import a_task, enter, open_office

PROCESSES, SECONDS = 16, 60.0
FIRST_DAY = date(2019, 5, 6)
TURNS = (("proposal_revision", "received"), ("appraisal_meeting", "returned"))
"""A proposal goes to and fro between its authors and the appraisers."""

TURNS_A_TASK = 8
ELEVEN = 11

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Run:
    """What the processes acknowledged, and what stood afterwards.

    Attributes:
        seconds: Of each recording, as its process saw it.
        refused: How often a process was told to try again later.
        whole: Every acknowledged key stands once, nothing else does, and the chain holds.
    """

    kind: str
    duration: float
    seconds: Sequence[float]
    refused: int
    rows: int
    whole: bool


def measure(rounds: int = 7, scale: float = 1.0) -> Report:  # noqa: ARG001 - time is the measure
    """On each database in turn, sixteen processes for a minute."""
    with TemporaryDirectory(prefix="khcn-bench-") as folder, postgres_server(()) as server:
        runs = [
            write_at_once(Path(folder) / each.kind, each, PROCESSES, SECONDS * scale)
            for each in (SQLITE, server)
        ]
    title = f"{PROCESSES} processes recording outcomes for {SECONDS * scale:g} s, durable"
    columns = ("", "recordings", "per second", "median ms", "p99 ms", "refused", "ledger rows")
    bars = tuple(
        Bar(
            ELEVEN,
            f"all acknowledged stand once, the chain holds, {run.kind}",
            f"{len(run.seconds)}",
            "all" if run.whole else "NOT all",
            run.whole,
        )
        for run in runs
    )
    return Report("Many writers", (Table(title, columns, tuple(map(_row, runs))),), bars)


def write_at_once(home: Path, databases: Databases, processes: int, seconds: float) -> Run:
    """Let that many processes record for so long, and look at what stands then."""
    home.mkdir(exist_ok=True)
    app = open_office(home, database=databases)
    app.close()
    results: Any = _fork.SimpleQueue()
    barrier = _fork.Barrier(processes)
    workers = [
        _fork.Process(target=_write, args=(app.settings, number, seconds, barrier, results))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    ended = [results.get() for _ in workers]
    acknowledged = [pair for pairs, _ in ended for pair in pairs]
    for worker in workers:
        worker.join()
    entries = app.ask(lambda context: list(context.work.queries.ledger()))
    standing = sorted(e.fact.request_key for e in entries if e.fact.request_key)
    whole = standing == sorted(key for key, _ in acknowledged)
    verified = app.ask(verify_ledger)
    app.close()
    taken = [each for _, each in acknowledged]
    refused = sum(number for _, number in ended)
    return Run(databases.kind, seconds, taken, refused, verified.rows, whole)


def _write(settings: Settings, number: int, seconds: float, barrier: Any, results: Any) -> None:
    app = Application(settings)
    app.ask(lambda context: context.work.queries.persons())
    barrier.wait()
    end = perf_counter() + seconds
    acknowledged: list[tuple[str, float]] = []
    refused = 0
    for task in count():
        if perf_counter() > end:
            break
        try:
            _to_and_fro(app, f"NV-{number}-{task}", end, acknowledged)
        except StorageUnavailableError:
            refused += 1
    app.close()
    results.put((acknowledged, refused))


def _to_and_fro(
    app: Application, code: str, end: float, acknowledged: list[tuple[str, float]]
) -> None:
    app.run(enter, a_task(code), TURNS[0][0], FIRST_DAY)
    for turn in range(TURNS_A_TASK):
        if perf_counter() > end:
            break
        acknowledged.append(_record(app, code, turn))


def _record(app: Application, code: str, turn: int) -> tuple[str, float]:
    step, outcome = TURNS[turn % len(TURNS)]
    key, on = f"{code}-{turn}", FIRST_DAY + timedelta(days=turn)
    answer = Answer(code, step, outcome, on, "tp", day_off_confirmed=True, request_key=key)
    begun = perf_counter()
    app.run(record_outcome, answer)
    return key, perf_counter() - begun


def _row(run: Run) -> tuple[str | float, ...]:
    percentiles = quantiles(run.seconds, n=100)
    return (
        run.kind,
        f"{len(run.seconds):,}",
        len(run.seconds) / run.duration,
        percentiles[49] * 1e3,
        percentiles[98] * 1e3,
        str(run.refused),
        f"{run.rows:,}",
    )
