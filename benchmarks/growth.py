"""Growth: the sweep, recording, lists as of a day and rebuilding, on offices of growing size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import Engine

from benchmarks.filling import fill, swept_yesterday
from benchmarks.growth_bounds import Bounds
from benchmarks.prototypes import RULEBOOK, TODAY, Prototype, signed_contracts
from benchmarks.results import Bar, Report, Table, at_most
from khcn_workflow import standing
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.services.deadline_sweep import boundary, find_reached, sweep
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.recording import Answer, record_outcome
from khcn_workflow.settings import read_settings
from khcn_workflow.storage.database import open_database

SIZES = (1_000, 100_000, 1_000_000)
"""Open steps; a signed contract has three."""

DUE_NOW = 400
"""Reminders that the day's sweep writes, the same whatever the size."""

RECORDED = 40
MILLI = 1e3


@dataclass(frozen=True, slots=True)
class Office:
    """A made-up office on one kind of database."""

    kind: str
    size: int
    app: Application
    engine: Engine
    bounds: Bounds


def measure(rounds: int = 7, scale: float = 1.0) -> Report:
    """The times at each size on both databases, and what they are to their bounds."""
    taken: dict[tuple[str, int], Mapping[str, float]] = {}
    for kind in ("sqlite", "postgresql"):
        for size in SIZES:
            with _office(kind, int(size * scale)) as office:
                taken[kind, size] = _times(office, rounds)
    operations = list(next(iter(taken.values())))
    rows = tuple(
        (kind, operation, *(taken[kind, size][operation] * MILLI for size in SIZES))
        for kind in ("sqlite", "postgresql")
        for operation in operations
    )
    columns = ("database", "operation", *(f"{int(size * scale):,} open steps" for size in SIZES))
    notes = (
        f"the sweep finds about {DUE_NOW} reminders at every size",
        "spans and fold gave equal funnels and lists before they were timed",
    )
    table = Table("growth, ms", columns, rows)
    return Report("Growth", (table,), tuple(_bars(taken)), notes)


def _bars(taken: Mapping[tuple[str, int], Mapping[str, float]]) -> Iterator[Bar]:
    small, middle, large = SIZES
    for kind, bound, times in (
        ("sqlite", "executemany of the same rows", 2),
        ("postgresql", "COPY of the same rows", 3),
    ):
        at = taken[kind, middle]
        number = 4 if kind == "sqlite" else 5
        yield at_most(number, f"sweep, {kind}, to {bound}", at["sweep"] / at["bound"], times)
        growth = taken[kind, large]["sweep"] / taken[kind, small]["sweep"]
        yield at_most(6, f"sweep, {kind}, at {large:,} to at {small:,}", growth, 1.5)
        again = at["sweep again"] / at["sweep"]
        yield at_most(7, f"the same day again, {kind}, to the first run", again, 0.3)


# --- one office


def _times(office: Office, rounds: int) -> Mapping[str, float]:
    """Seconds of each operation; medians, of one run only where it is long."""
    run, ask = office.app.run, office.app.ask
    swept, again, messages, bound = [], [], [], []
    for _ in range(rounds):
        swept.append(_seconds(partial(run, find_reached)))
        again.append(_seconds(partial(run, find_reached)))
        bound.append(office.bounds.raw_insert())
        office.bounds.unsweep()
        messages.append(_seconds(partial(run, sweep)))
        office.bounds.unsweep()
    ask(_assert_rows_tell)
    as_of = [_seconds(partial(ask, _as_of)) for _ in range(rounds)]
    folding = _seconds(partial(ask, _fold))
    recording = [_seconds(partial(run, record_outcome, answer)) for answer in _answers(office)]
    return {
        "sweep": median(swept),
        "sweep again": median(again),
        "bound": median(bound),
        "sweep with its messages": median(messages),
        "as of: funnel and overdue": median(as_of),
        "as of by folding": folding,
        "record": median(recording),
        "rebuild": _seconds(partial(run, rebuild)),
    }


def _seconds(deed: Callable[[], Any]) -> float:
    started = perf_counter()
    deed()
    return perf_counter() - started


def _as_of(context: Context) -> Any:
    return standing.by_stage(context, TODAY), standing.overdue(context, TODAY)


def _fold(context: Context) -> Any:
    return list(standing.folded(context, context.tasks(TODAY)))


def _assert_rows_tell(context: Context) -> None:
    codes = [f"NV-{number:07d}" for number in range(300)]
    told = standing.owed(context, TODAY)
    folded = [s for s in standing.folded(context, context.tasks(TODAY, codes=codes)) if s.due_on]
    wanted = {(s.task_code, s.step): s for s in folded}
    assert {k: s for s in told if (k := (s.task_code, s.step)) in wanted} == wanted


def _answers(office: Office) -> Iterator[Answer]:
    random = Random(5)  # noqa: S311 - the same each run
    for number in random.sample(range(office.size // 3), min(RECORDED, office.size // 3)):
        code = f"NV-{number:07d}"
        yield Answer(code, "progress_report", "received", TODAY, "gd0000", day_off_confirmed=True)


# --- making it


@contextmanager
def _office(kind: str, size: int) -> Iterator[Office]:
    with TemporaryDirectory(prefix="khcn-growth-") as folder, database(kind, folder) as url:
        settings = read_settings(
            {"KHCN_HOME": folder, "KHCN_TODAY": TODAY.isoformat(), "KHCN_DATABASE_URL": url}
        )
        app = Application(settings)
        engine = open_database(url)
        fill(engine, app.calendar, _contracts(app.calendar, size), swept_yesterday(app.calendar))
        yield Office(kind, size, app, engine, Bounds(engine, app.calendar))
        engine.dispose()
        app.close()


@contextmanager
def database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{Path(folder) / 'khcn.sqlite'}"
        return
    import pgserver  # noqa: PLC0415 - only where it is asked for

    with pgserver.get_server(f"{folder}/pg", cleanup_mode="delete") as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _contracts(calendar: WorkingCalendar, size: int) -> list[Prototype]:
    """Signed contracts with `size` open steps, of which `DUE_NOW` reach a rung today."""
    rulebook = load_rulebooks()[RULEBOOK]
    starts = [TODAY - timedelta(days=n) for n in range(20, 1200)]
    reached = {boundary(calendar, rung, TODAY) for rung in load_ladder()}
    crossing, quiet = [], []
    for prototype in signed_contracts(rulebook, calendar, starts):
        dues = [deadline.due_on for deadline in prototype.deadlines[1:] if deadline]
        (crossing if reached & set(dues) else quiet).append(prototype)
    now = [crossing[n % len(crossing)] for n in range(_needed(calendar, crossing))]
    rest = [quiet[n % len(quiet)] for n in range(max(0, size // 3 - len(now)))]
    mixed = now + rest
    Random(2).shuffle(mixed)  # noqa: S311 - the same each run
    return mixed


def _needed(calendar: WorkingCalendar, crossing: list[Prototype]) -> int:
    """How many of them, taken in turn, reach the wanted number of rungs."""
    reached = [boundary(calendar, rung, TODAY) for rung in load_ladder()]
    found, number = 0, 0
    while found < DUE_NOW:
        deadlines = crossing[number % len(crossing)].deadlines[1:]
        found += sum(reached.count(deadline.due_on) for deadline in deadlines if deadline)
        number += 1
    return number
