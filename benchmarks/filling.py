"""Fills a database with made-up tasks: a true chain, and the tables that follow from it."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.orm import Session

from benchmarks.prototypes import TODAY, Prototype
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.ledger import GENESIS, EntryKind, Fact, chained
from khcn_workflow.domain.science_task import Person, Role, ScienceTask, task_to_data
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.storage.calendars import Calendars
from khcn_workflow.storage.database import migrate
from khcn_workflow.storage.records import (
    DeadlineRow,
    LedgerRow,
    PersonRow,
    Record,
    StepRoundRow,
    SweepMarkRow,
    TaskRow,
)
from khcn_workflow.storage.translate import entry_values, person_to_data, task_values
from khcn_workflow.storage.unit_of_work import round_values, running_due

BATCH = 5000
PROVINCES = 34
SEEN = datetime(2014, 1, 2, 2, tzinfo=UTC)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """How much was put in.

    Attributes:
        seconds: What making and writing it took.
    """

    tasks: int
    rows: int
    open_steps: int
    seconds: float


def staff() -> list[Person]:
    """Twelve officers, a head and a director for each province."""
    people = []
    for number in range(PROVINCES):
        division = f"Phòng Quản lý khoa học {number:02d}"
        for role, short, how_many in (
            (Role.OFFICER, "cv", 12),
            (Role.HEAD_OF_DIVISION, "tp", 1),
            (Role.DIRECTOR, "gd", 1 if number == 0 else 0),
        ):
            for one in range(how_many):
                code = f"{short}{number:02d}{one:02d}"
                people.append(Person(code, f"Cán bộ {code}", role, division, f"{code}@so.example"))
    return people


def fill(
    engine: Engine, calendar: WorkingCalendar, prototypes: Sequence[Prototype], swept_to: date
) -> Filled:
    """Put one task into the database for each prototype of the list.

    Args:
        swept_to: Day up to which reminders count as sent.
    """
    started = time.perf_counter()
    migrate(engine)
    people = staff()
    officers = [person.code for person in people if person.role is Role.OFFICER]
    tasks = [
        replace(
            prototype.progress.task,
            code=f"NV-{number:07d}",
            title=f"{prototype.progress.task.title} {number}",
            officer=officers[number % len(officers)],
        )
        for number, prototype in enumerate(prototypes)
    ]
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -400000")
        _write(connection, PersonRow, map(person_to_data, people))
        rows = _write(connection, LedgerRow, _ledger(people, tasks, prototypes))
        _write(connection, TaskRow, map(_task_values, tasks, prototypes))
        _write(connection, StepRoundRow, _rounds(tasks, prototypes))
        _write(connection, DeadlineRow, _deadlines(prototypes, calendar))
        marks = ({"rung": rung.id, "swept_to": swept_to} for rung in load_ladder())
        _write(connection, SweepMarkRow, marks)
        with Session(connection) as session:
            Calendars(session, set()).remember(calendar, SEEN)
            session.flush()
        if engine.dialect.name == "postgresql":
            connection.execute(text(_COUNT_ON))
    _settle(engine)
    open_steps = sum(len(p.progress.open_rounds()) for p in prototypes)
    return Filled(len(tasks), rows, open_steps, time.perf_counter() - started)


_COUNT_ON = "SELECT setval(pg_get_serial_sequence('step_round', 'id'), MAX(id)) FROM step_round"


def _ledger(
    people: Sequence[Person], tasks: Sequence[ScienceTask], prototypes: Sequence[Prototype]
) -> Iterator[Values]:
    """The chain in the order of typing, tasks mixed as they would be."""
    seq, head = 0, GENESIS
    for recorded_at, fact in _facts(people, tasks, prototypes):
        entry = chained(fact, seq + 1, recorded_at + timedelta(microseconds=seq % 10**6), head)
        seq, head = entry.seq, entry.hash
        yield entry_values(entry)


def _facts(
    people: Sequence[Person], tasks: Sequence[ScienceTask], prototypes: Sequence[Prototype]
) -> Iterator[tuple[datetime, Fact]]:
    for person in people:
        data = person_to_data(person)
        yield SEEN, Fact(EntryKind.PERSON, person.code, SEEN.date(), "quan-tri", data=data)
    order = sorted(
        (on.toordinal(), number, place)
        for number, prototype in enumerate(prototypes)
        for place, on in enumerate(prototype.typed_on)
    )
    for on, number, place in order:
        task, fact = tasks[number], prototypes[number].facts[place]
        changes: dict[str, Any] = {"subject": task.code, "actor": task.officer}
        if fact.kind is EntryKind.REGISTERED:
            changes["data"] = task_to_data(task)
        day = date.fromordinal(on)
        yield datetime(day.year, day.month, day.day, 3, tzinfo=UTC), replace(fact, **changes)


def _task_values(task: ScienceTask, prototype: Prototype) -> Values:
    values = task_values(replace(prototype.progress, task=task))
    return {"code": task.code, **values, "version": 1}


def _rounds(tasks: Sequence[ScienceTask], prototypes: Sequence[Prototype]) -> Iterator[Values]:
    numbers = count(1)
    for task, prototype in zip(tasks, prototypes, strict=True):
        for owed, deadline in zip(prototype.progress.rounds, prototype.deadlines, strict=True):
            values = round_values(task.code, owed, deadline, prototype.exact_from)
            yield {"id": next(numbers), **values}


def _deadlines(prototypes: Sequence[Prototype], calendar: WorkingCalendar) -> Iterator[Values]:
    numbers = count(1)
    for prototype in prototypes:
        for deadline in prototype.deadlines:
            yield {
                "step_round_id": next(numbers),
                "version": 1,
                "due_on": running_due(deadline),
                "anchor_on": deadline.anchor_on if deadline else None,
                "limit_id": deadline.limit.id if deadline else "",
                "calendar_version": calendar.version,
                "reason": "mở bước",
                "made_at": SEEN,
            }


def _write(connection: Connection, record: type[Record], rows: Iterable[Values]) -> int:
    """Insert the rows: COPY on PostgreSQL, executemany on SQLite; how many there were."""
    table = Record.metadata.tables[record.__tablename__]
    rest, written = iter(rows), 0
    if connection.dialect.name == "sqlite":
        while batch := list(islice(rest, BATCH)):
            connection.execute(insert(table), batch)
            written += len(batch)
        return written
    columns = [column.name for column in table.columns]
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rest:
            copy.write_row([_plain(row[column]) for column in columns])
            written += 1
    return written


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _settle(engine: Engine) -> None:
    """Statistics for the planner, as a database in use has them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
        else:
            connection.exec_driver_sql("ANALYZE")


def swept_yesterday(calendar: WorkingCalendar) -> date:
    """The working day before the day on which the made-up office stands."""
    return calendar.add(TODAY, -1)
