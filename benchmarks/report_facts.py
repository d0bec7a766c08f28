"""A half-year's facts as of a past day, from the rows and by folding; a whole report's files."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.filling import fill, swept_yesterday
from benchmarks.growth import database
from benchmarks.prototypes import RULEBOOK, TODAY, Prototype, long_histories
from benchmarks.results import Bar, Report, Table, at_least, at_most
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.reporting import gather
from khcn_workflow.reports.facts import Facts, count
from khcn_workflow.reports.report_input import Dossier
from khcn_workflow.reports.writer import FORMS
from khcn_workflow.services.report_round import write_report
from khcn_workflow.settings import read_settings
from khcn_workflow.storage.database import open_database

TASKS = (1_000, 10_000)
OFFICE = 300
PERIOD, DAY = "2024-H1", date(2024, 6, 10)
SECONDS = 2.0


def measure(rounds: int = 5, scale: float = 1.0) -> Report:
    """Seconds of the facts at two sizes on both databases, and of one office's report."""
    rulebook = load_rulebooks()[RULEBOOK]
    told = long_histories(rulebook, load_calendar(), 400, Random(1))  # noqa: S311 - the same each run
    histories = [h for h in told if h.exact_from == h.progress.registered_on]
    rows: list[tuple[str | float, ...]] = []
    bars: list[Bar] = []
    for kind in ("sqlite", "postgresql"):
        taken = {}
        for size in (int(tasks * scale) for tasks in TASKS):
            by_rows, by_facts, counted = _timed(kind, histories, size, rounds)
            taken[size] = by_rows / counted
            rows.append((kind, f"{size:,}", f"{counted:,}", by_rows, by_facts))
        per_row = list(taken.values())
        bars.append(
            at_most(
                14, f"{kind}, per row returned, ten times the tasks", per_row[-1] / per_row[0], 1.2
            )
        )
        bars.append(at_least(13, f"{kind}, to folding every task", by_facts / by_rows, 3))
    taken_by_report = report_seconds(histories, OFFICE)
    fits = taken_by_report < SECONDS
    found = f"{taken_by_report:.2f} s"
    bars.append(Bar(0, f"{OFFICE} tasks, all forms", f"< {SECONDS:g} s", found, fits))
    columns = ("database", "tasks", "rows in lists", "from the rows, s", "folding all, s")
    return Report(
        "Facts of a half-year as of a past day",
        (Table("facts, seconds of processor time of this process", columns, tuple(rows)),),
        tuple(bars),
        ("both ways gave equal numbers and lists",),
    )


def report_seconds(histories: list[Prototype], size: int) -> float:
    """Processor seconds that all forms of one office's report take on SQLite."""
    with TemporaryDirectory(prefix="khcn-report-") as folder, database("sqlite", folder) as url:
        app = _office(url, folder, histories, size)
        paths = [Path(folder) / f"bao-cao{suffix}" for suffix in FORMS]
        app.ask(write_report, "2026-H1", date(2026, 6, 10), paths[:1])
        started = time.process_time()
        app.ask(write_report, "2026-H1", date(2026, 6, 10), paths)
        taken = time.process_time() - started
        app.close()
        return taken


def _timed(
    kind: str, histories: list[Prototype], size: int, rounds: int
) -> tuple[float, float, int]:
    with TemporaryDirectory(prefix="khcn-facts-") as folder, database(kind, folder) as url:
        app = _office(url, folder, histories, size)
        by_rows = min(app.ask(_facts)[0] for _ in range(rounds))
        by_facts, folded = app.ask(_folded)
        _, facts = app.ask(_facts)
        app.close()
    assert dict(facts.figures) == dict(folded.figures)
    return by_rows, by_facts, sum(len(figure.rows) for figure in facts.figures.values())


def _office(url: str, folder: str, histories: list[Prototype], size: int) -> Application:
    calendar = load_calendar()
    engine = open_database(url)
    copied = [histories[n % len(histories)] for n in range(size)]
    fill(engine, calendar, copied, swept_yesterday(calendar))
    engine.dispose()
    given = {"KHCN_HOME": folder, "KHCN_DATABASE_URL": url, "KHCN_TODAY": TODAY.isoformat()}
    return Application(read_settings(given))


def _facts(context: Context) -> tuple[float, Facts]:
    started = time.process_time()
    facts = count(gather(context, PERIOD, DAY))
    return time.process_time() - started, facts


def _folded(context: Context) -> tuple[float, Facts]:
    made_of = gather(context, PERIOD, DAY)
    started = time.process_time()
    dossiers = tuple(Dossier(p, context.rulebook(p)) for p in context.tasks(DAY))
    facts = count(replace(made_of, dossiers=dossiers))
    return time.process_time() - started, facts
