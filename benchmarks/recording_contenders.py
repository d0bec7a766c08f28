"""Who records one transition, and what is the least it can take: ours, the floor, bare SQL."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from unittest.mock import patch

import psycopg
from sqlalchemy import make_url

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.services.recording import Answer, record_outcome
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.database import open_database
from khcn_workflow.storage.locks import Locks
from tests.databases import SQLITE, Databases, postgres_server
from tests.office import a_task, enter, open_office

OURS, FLOOR, BARE = "ours", "one-row durable commit", "raw driver, bare statements"
OPENED, SIGNED = date(2019, 5, 6), date(2019, 5, 20)
LIMIT = timedelta(days=10)
"""The target of the step that the transition opens."""

Record = Callable[[int], object]
"""Records the transition of the task of that number."""

OWNER, REQUEST = "cv1", "bench"

SCHEMA = (
    "CREATE TABLE floor (id {id}, body TEXT)",
    "CREATE TABLE bare_task (id INTEGER PRIMARY KEY, state TEXT, due_on DATE, version INTEGER)",
    """CREATE TABLE bare_audit (seq INTEGER PRIMARY KEY, task_id INTEGER, request TEXT UNIQUE,
    body TEXT, previous_hash TEXT UNIQUE, hash TEXT UNIQUE)""",
    """CREATE TABLE bare_deadline (task_id INTEGER, version INTEGER, due_on DATE, reason TEXT,
    PRIMARY KEY (task_id, version))""",
    "CREATE TABLE bare_outbox (id {id}, dedupe_key TEXT UNIQUE, body TEXT)",
)


@dataclass(frozen=True, slots=True)
class Site:
    """One database with an office of ours and `tasks` tasks that wait for the same result."""

    kind: str
    url: str
    app: Application
    tasks: int


@contextmanager
def sites(folder: Path, tasks: int) -> Iterator[list[Site]]:
    """Both databases, durable as an office has them."""
    with postgres_server(settings=()) as server:
        found = [_site(folder / each.kind, each, tasks) for each in (SQLITE, server)]
        yield found
        for site in found:
            site.app.close()


def _site(home: Path, databases: Databases, tasks: int) -> Site:
    home.mkdir()
    app = open_office(home, database=databases)
    app.run(_enter_all, tasks)
    return Site(databases.kind, app.settings.database_url, app, tasks)


def _enter_all(context: Any, tasks: int) -> None:
    for number in range(tasks):
        enter(context, a_task(code(number)), "proposal_revision", OPENED)


def code(number: int) -> str:
    return f"NV-{number}"


def due_after(calendar: WorkingCalendar, on: date) -> date:
    """The same deadline for everybody: ten days, off a day off."""
    raw = on + LIMIT
    return raw if calendar.is_working_day(raw) else calendar.add(raw, 1)


def audit_body(number: int, moved_from: str, moved_to: str, actor: str = "tp") -> str:
    """What everybody hashes."""
    body = {
        "task": number,
        "from": moved_from,
        "to": moved_to,
        "actor": actor,
        "on": SIGNED.isoformat(),
    }
    return json.dumps(body, sort_keys=True)


def message_body(number: int, to: str, due_on: date) -> str:
    """What everybody writes to the owner, whose name and address were looked up."""
    return json.dumps({"task": number, "to": to, "next": "appraisal", "due": str(due_on)})


def digest(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def our_contenders(site: Site, held: list[float]) -> Mapping[str, Record]:
    """Ours, and the two that nobody can pass by much.

    Args:
        held: Takes the seconds from the lock on the end of the ledger to after the commit.
    """
    bare = _Bare(site)
    return {FLOOR: bare.floor, BARE: bare.record, OURS: _ours(site.app, held)}


@contextmanager
def _noting_locks(locked: list[float]) -> Iterator[None]:
    original = Locks.end_of_ledger

    def noting(locks: Locks) -> None:
        original(locks)
        locked.append(perf_counter())

    with patch.object(Locks, "end_of_ledger", noting):
        yield


def _ours(app: Application, held: list[float]) -> Record:
    locked: list[float] = []

    def record(number: int) -> None:
        with _noting_locks(locked):
            deed(number)
        held.append(perf_counter() - locked[-1])

    def deed(number: int) -> object:
        key = f"bench-{number}"
        answer = Answer(
            code(number), "proposal_revision", "received", SIGNED, "tp", request_key=key
        )
        return app.run(record_outcome, answer)

    return record


def check_ours(app: Application, recorded: int, tasks: int) -> None:
    """Everything recorded stands, and follows from the chain."""
    people = len(app.ask(lambda context: context.work.queries.persons()))
    assert app.ask(verify_ledger).rows == people + tasks + recorded


class _Bare:
    """The driver alone: read, check, hash, four writes, commit."""

    def __init__(self, site: Site) -> None:
        self._postgres = site.kind == "postgresql"
        self._mark = "%s" if self._postgres else "?"
        self._calendar = site.app.calendar
        self._connection = self._open(site.url)
        number = "SERIAL PRIMARY KEY" if self._postgres else "INTEGER PRIMARY KEY"
        for statement in SCHEMA:
            self._run(statement.format(id=number))
        for task in range(site.tasks):
            self._run("INSERT INTO bare_task VALUES (?, 'revision', NULL, 1)", task)
        self._run("COMMIT") if not self._postgres else self._connection.commit()

    def floor(self, _number: int) -> None:
        self._begin()
        self._run("INSERT INTO floor (body) VALUES (?)", "x" * 200)
        self._commit()

    def record(self, number: int) -> None:
        self._begin()
        if self._postgres:
            self._run("SELECT pg_advisory_xact_lock(1)")
        state, version = self._row("SELECT state, version FROM bare_task WHERE id = ?", number)
        assert state == "revision"
        request = f"{REQUEST}-{number}"
        assert self._row("SELECT seq FROM bare_audit WHERE request = ?", request) is None
        name, email = self._row("SELECT name, email FROM person WHERE code = ?", OWNER)
        head = self._row("SELECT seq, hash FROM bare_audit ORDER BY seq DESC LIMIT 1")
        seq, previous = head or (0, "")
        due_on, body = due_after(self._calendar, SIGNED), audit_body(number, state, "appraisal")
        self._run(
            "UPDATE bare_task SET state = 'appraisal', due_on = ?, version = version + 1"
            " WHERE id = ? AND version = ?",
            due_on.isoformat(), number, version,
        )  # fmt: skip
        self._run(
            "INSERT INTO bare_audit VALUES (?, ?, ?, ?, ?, ?)",
            seq + 1, number, request, body, previous, digest(previous, body),
        )  # fmt: skip
        self._run(
            "INSERT INTO bare_deadline VALUES (?, ?, ?, 'opened')",
            number, version + 1, due_on.isoformat(),
        )  # fmt: skip
        self._run(
            "INSERT INTO bare_outbox (dedupe_key, body) VALUES (?, ?)",
            f"{SIGNED}|{number}", message_body(number, f"{name} <{email}>", due_on),
        )  # fmt: skip
        self._commit()

    def _open(self, url: str) -> Any:
        if self._postgres:
            return psycopg.connect(url.replace("+psycopg", "", 1))
        engine = open_database(url)  # with the guards of every connection of ours
        connection = cast("Any", engine.raw_connection()).driver_connection
        self._engine = engine
        connection.execute("BEGIN")
        return connection

    def _begin(self) -> None:
        if not self._postgres:
            self._connection.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._connection.commit()

    def _row(self, statement: str, *values: object) -> Any:
        return self._run(statement, *values).fetchone()

    def _run(self, statement: str, *values: object) -> Any:
        return self._connection.execute(statement.replace("?", self._mark), values)


def database_name(url: str) -> str:
    """The SQLite file or the PostgreSQL database."""
    return str(make_url(url).database)
