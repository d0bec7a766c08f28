"""Draining the outbox: claim and settle in batches, beside one message at a time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.interleaving import FEWEST_ROUNDS
from benchmarks.results import Bar, Report, Table, at_least
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.services.delivery import claim_messages, note
from khcn_workflow.storage.database import open_database
from khcn_workflow.storage.outbox import BATCH
from khcn_workflow.storage.outbox_rows import Claimed, Owed
from notifications.messages import Event, Message, Recipient
from notifications.outbox import Attempt, Outcome, Status
from notifications.reach import MAIL
from notifications.samples import samples
from tests.databases import SQLITE, Databases, postgres_server
from tests.office import TODAY, a_task, enter, open_office

ROWS = 10_000
"""Messages that wait when a round begins."""

ONE_BY_ONE = 200
"""Of them, how many each contender that takes one at a time drains in a round."""

SINGLY, OURS = "ours, row by row", f"ours, in batches of {BATCH}"
BARE, BARE_BATCHES = "bare SQL, row by row", f"bare SQL, in batches of {BATCH}"
MICRO = 1e6
SEVENTEEN = 17
SENT = Attempt(Outcome.SENT, "250", "2.0.0 queued")

CLAIM = """
UPDATE outbox SET status = 'claimed', lease_owner = {p}, leased_until = {p}
WHERE id IN (SELECT id FROM outbox WHERE status = 'pending' AND channel = 'mail'
    AND next_try_at <= {p} ORDER BY next_try_at, id LIMIT {limit} {lock}) RETURNING *"""
SETTLE = """
UPDATE outbox SET status = 'sent', attempts = 1, lease_owner = '', leased_until = NULL,
    result_code = '250', result_detail = 'Đã gửi.' WHERE id IN ({ids}) AND lease_owner = {p}"""


@dataclass(frozen=True, slots=True)
class Site:
    """One database with an office of ours and a bare connection beside it."""

    kind: str
    app: Application
    bare: Any

    @property
    def begin(self) -> str:
        """How a writer's transaction begins."""
        return "BEGIN IMMEDIATE" if self.kind == "sqlite" else "BEGIN"


def measure(rounds: int = 7, scale: float = 1.0) -> Report:
    """Each way to drain takes its part of the same full outbox, round after round."""
    rows, each = max(3 * BATCH, int(ROWS * scale)), max(10, int(ONE_BY_ONE * scale))
    with TemporaryDirectory(prefix="khcn-bench-") as folder, _sites(Path(folder)) as sites:
        taken = {
            site.kind: _drained(site, max(rounds, FEWEST_ROUNDS), rows, each) for site in sites
        }
    columns = ("", *(f"{kind}, {what}" for kind in taken for what in ("µs a message", "to ours")))
    lines = tuple(
        (name, *(cell for times in taken.values() for cell in _cells(times, name)))
        for name in (BARE, BARE_BATCHES, SINGLY, OURS)
    )
    title = f"claim, commit, settle, commit; {rows:,} messages wait, nothing is sent"
    return Report(
        "Draining the outbox", (Table(title, columns, lines),), tuple(_bars(taken)), NOTES
    )


NOTES = (
    "every claim and every settlement is a durable commit, as it must be before and after a send",
    "bare SQL does nothing else; ours also looks up deadline and reader and makes the message",
    "after each round every message was sent, once",
)


def _cells(times: Mapping[str, float], name: str) -> tuple[float, str]:
    return times[name] * MICRO, f"{times[name] / times[OURS]:.1f} ×"


def _bars(taken: Mapping[str, Mapping[str, float]]) -> Iterator[Bar]:
    for kind, times in taken.items():
        text = f"{OURS}, to row by row, {kind}"
        yield at_least(SEVENTEEN, text, times[SINGLY] / times[OURS], 20)


def _drained(site: Site, rounds: int, rows: int, each: int) -> Mapping[str, float]:
    """Median seconds a message."""
    ways: Mapping[str, Callable[[], int]] = {
        BARE: partial(_bare, site, each, 1),
        BARE_BATCHES: partial(_bare, site, rows // 2, BATCH),
        SINGLY: partial(_singly, site.app, each),
        OURS: partial(_in_batches, site.app),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        site.app.run(_fill, number, rows)
        for name, way in ways.items():
            begun = perf_counter()
            drained = way()
            taken[name].append((perf_counter() - begun) / drained)
        counts = site.app.ask(lambda context: context.work.outbox.counts())
        assert counts == {MAIL: {Status.SENT.value: rows * (number + 1)}}, counts
    return {name: median(times) for name, times in taken.items()}


def _in_batches(app: Application) -> int:
    drained = 0
    while batch := app.run(claim_messages, MAIL):
        app.run(note, [(claimed, SENT) for claimed in batch], ())
        drained += len(batch)
    return drained


def _singly(app: Application, number: int) -> int:
    for _ in range(number):
        claimed = app.run(_claim_one)
        app.run(note, [(claimed, SENT)], ())
    return number


def _claim_one(context: Context) -> Claimed:
    (claimed,) = context.work.outbox.claim(MAIL, context.now, limit=1)
    return claimed


def _bare(site: Site, number: int, limit: int) -> int:
    lock = "" if site.kind == "sqlite" else "FOR UPDATE SKIP LOCKED"
    sign = "?" if site.kind == "sqlite" else "%s"
    claim = CLAIM.format(p=sign, lock=lock, limit=limit)
    now = _driver_time(site, site.app.clock.now())
    until = _driver_time(site, site.app.clock.now() + timedelta(minutes=10))
    run, drained = site.bare.execute, 0
    while drained < number:
        lease = f"bare-{drained}"
        run(site.begin)
        rows = run(claim, (lease, until, now)).fetchall()
        run("COMMIT")
        run(site.begin)
        run(SETTLE.format(p=sign, ids=",".join(str(row[0]) for row in rows)), (lease,))
        run("COMMIT")
        drained += len(rows)
    return drained


def _driver_time(site: Site, moment: datetime) -> Any:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if site.kind == "sqlite" else moment


# --- making it


@contextmanager
def _sites(folder: Path) -> Iterator[list[Site]]:
    """Both databases, durable as an office has them."""
    with postgres_server(settings=()) as server:
        found = [_site(folder / each.kind, each) for each in (SQLITE, server)]
        yield found
        for site in found:
            site.bare.close()
            site.app.close()


def _site(home: Path, databases: Databases) -> Site:
    home.mkdir()
    app = open_office(home, database=databases)
    app.run(enter, a_task(), "contract_signing", date(2019, 3, 1))
    url = make_url(app.settings.database_url)
    if databases.kind == "sqlite":
        engine = open_database(app.settings.database_url)
        return Site(databases.kind, app, engine.raw_connection().driver_connection)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Site(databases.kind, app, psycopg.connect(address, autocommit=True))


def _fill(context: Context, number: int, rows: int) -> None:
    """Reminders of one open step; more officers than a province has."""
    (owed,) = context.work.queries.owed_steps("NV-2019-01")
    about = Owed(owed.id, owed.deadline_version)
    shape = Message(
        dedupe_key="",
        event=Event.OVERDUE,
        channel=MAIL,
        recipient=Recipient("", "", ""),
        context=samples(Event.OVERDUE)[0],
        created_at=context.now,
        expires_at=None,
        thread=owed.task_code,
    )
    context.work.outbox.put(
        [
            (
                replace(
                    shape,
                    dedupe_key=f"{TODAY}|D+1|{number}|{one}|{MAIL}",
                    recipient=Recipient(f"cv{one % 600}", f"Cán bộ {one % 600}", "cv@so.example"),
                ),
                about,
            )
            for one in range(rows)
        ]
    )
