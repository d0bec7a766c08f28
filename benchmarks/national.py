"""As of a day: the whole country's tasks, by spans, by the log, and from memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from benchmarks.filling import fill, swept_yesterday
from benchmarks.growth import database
from benchmarks.growth_bounds import OtherWays
from benchmarks.interleaving import interleaved
from benchmarks.prototypes import RULEBOOK, TODAY, long_histories
from benchmarks.results import Bar, Report, Table, at_least, at_most
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.storage.database import open_database
from khcn_workflow.storage.transactions import Database

TASKS = (10_000, 100_000)
HISTORIES = 2000
"""Different ones; each is folded by the rules and copied."""

DAYS = (TODAY, date(2024, 6, 30))
SPANS, LOG, MEMORY = "spans", "row_number()", "numpy in memory"
MILLI = 1e3


def measure(rounds: int = 7, scale: float = 1.0) -> Report:
    """The times of funnel and overdue list on both databases."""
    random = Random(1)  # noqa: S311 - the same each run
    calendar, rulebook = load_calendar(), load_rulebooks()[RULEBOOK]
    told = long_histories(rulebook, calendar, max(20, int(HISTORIES * scale)), random)
    histories = [h for h in told if h.exact_from == h.progress.registered_on]
    rows: list[tuple[str | float, ...]] = []
    bars: list[Bar] = []
    for kind in ("sqlite", "postgresql"):
        taken: dict[int, Mapping[str, float]] = {}
        for size in (int(tasks * scale) for tasks in TASKS):
            with TemporaryDirectory(prefix="khcn-as-of-") as folder, database(kind, folder) as url:
                engine = open_database(url)
                copied = [histories[n % len(histories)] for n in range(size)]
                filled = fill(engine, calendar, copied, swept_yesterday(calendar))
                for day in DAYS:
                    taken[size] = timed(engine, Database(url), day, rounds)
                    cells = (taken[size][name] * MILLI for name in (SPANS, LOG, MEMORY))
                    rows.append((kind, f"{size:,}", f"{filled.rows:,}", f"{day:%d/%m/%Y}", *cells))
                engine.dispose()
        bars += _bars(kind, list(taken.values()))
    columns = ("database", "tasks", "ledger rows", "as of", SPANS, LOG, MEMORY)
    table = Table("funnel and overdue list, ms", columns, tuple(rows))
    return Report(
        "As of a day",
        (table,),
        tuple(bars),
        ("all ways gave equal counts; tasks that must be folded are left out",),
    )


def timed(engine: Engine, store: Database, day: date, rounds: int) -> Mapping[str, float]:
    """Seconds of each way, after all gave as many steps and as many late ones."""
    calendar = load_calendar()
    due_before = calendar.roll_back(day)
    others = OtherWays(engine, calendar)
    with store.transaction(read_only=True) as work:
        ways: dict[str, Callable[[], Any]] = {
            SPANS: lambda: (
                work.spans.by_stage(day, due_before),
                work.spans.overdue(day, due_before),
                work.spans.inexact(day),
            ),
            LOG: lambda: others.by_window(day),
            MEMORY: lambda: others.in_memory(day),
        }
        _assert_alike(ways)
        return interleaved(ways, rounds)


def _assert_alike(ways: Mapping[str, Callable[[], Any]]) -> None:
    answers = {name: (sum(_counts(way()[0])), len(way()[1])) for name, way in ways.items()}
    assert len(set(answers.values())) == 1, answers


def _counts(funnel: Any) -> list[int]:
    if isinstance(funnel, dict):
        return [stage.open for stage in funnel.values()]
    return [int(stage[1]) if isinstance(stage, Sequence) else int(stage) for stage in funnel]


def _bars(kind: str, sizes: list[Mapping[str, float]]) -> list[Bar]:
    small, large = sizes[0], sizes[-1]
    faster = 30 if kind == "sqlite" else 12
    return [
        at_least(13, f"{kind}, to row_number()", large[LOG] / large[SPANS], faster),
        at_most(13, f"{kind}, to numpy in memory", large[SPANS] / large[MEMORY], 5),
        at_most(14, f"{kind}, ten times the tasks", large[SPANS] / small[SPANS], 12),
    ]
