"""Thư tổng hợp: 10,000 due steps of 200 owners, one digest each; time and memory."""

import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import Connection, insert, select

from benchmarks.growth import database
from benchmarks.results import Bar, Report, Table
from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.digests import write_digests
from khcn_workflow.settings import read_settings
from khcn_workflow.storage.database import migrate, open_database
from khcn_workflow.storage.records import OutboxRow, PersonRow, StepRoundRow, TaskRow
from khcn_workflow.storage.translate import person_to_data
from notifications.messages import Event
from notifications.templating import render

OWNERS, STEPS_EACH = 200, 50
TODAY = date(2026, 3, 10)
MB = 1024**2


@dataclass(frozen=True, slots=True)
class Taken:
    """What a morning took, and what it wrote.

    Attributes:
        seconds: To write the digests of a morning.
        peak: Most bytes that Python held for them at once, on the next morning.
        rendering: Seconds to put all of them into words.
        most_each: Digests of the person that got the most.
        named: Steps named or counted, of all digests.
    """

    seconds: float
    peak: int
    rendering: float
    digests: int
    most_each: int
    named: int
    again: int


def measure(rounds: int = 7, scale: float = 1.0) -> Report:  # noqa: ARG001 - one morning is enough
    """A morning of a made-up office on both databases."""
    owners = max(2, int(OWNERS * scale))
    taken = {}
    for kind in ("sqlite", "postgresql"):
        with _office(kind, owners) as app:
            taken[kind] = _morning(app)
    columns = ("database", "digests", "steps", "write, s", "most memory, MB", "render all, s")
    rows = tuple(
        (
            kind,
            t.digests,
            t.named,
            round(t.seconds, 2),
            round(t.peak / MB, 1),
            round(t.rendering, 2),
        )
        for kind, t in taken.items()
    )
    table = Table(f"one morning, {owners} owners of {STEPS_EACH} due steps", columns, rows)
    return Report("Digest", (table,), tuple(_bars(taken, owners)), (_NOTE,))


_NOTE = "memory is what Python held at its peak, measured on the next morning (tracemalloc slows)"


def _bars(taken: dict[str, Taken], owners: int) -> Iterator[Bar]:
    for kind, each in taken.items():
        right = (each.digests, each.most_each, each.named) == (owners, 1, owners * STEPS_EACH)
        told = f"{each.digests}, most {each.most_each} each, {each.named:,} steps"
        yield Bar(0, f"one digest an owner, {kind}", f"{owners}, one each", told, right)
        yield Bar(0, f"a second run, {kind}", "0", str(each.again), each.again == 0)


def _morning(app: Application) -> Taken:
    started = perf_counter()
    written = app.run(write_digests)
    seconds = perf_counter() - started
    again = app.run(write_digests).digests
    contexts = _digests(app)
    started = perf_counter()
    for _, context in contexts:
        render(Event.DIGEST, context)
    rendering = perf_counter() - started
    people = [person for person, _ in contexts]
    return Taken(
        seconds,
        _peak(app),
        rendering,
        written.digests,
        max(people.count(person) for person in set(people)),
        sum(context["total"] for _, context in contexts),
        again,
    )


def _digests(app: Application) -> list[tuple[str, dict]]:
    """Everybody's digests of this morning: for whom, and with which facts."""
    engine = open_database(app.settings.database_url)
    statement = select(OutboxRow.recipient_code, OutboxRow.context)
    with engine.connect() as connection:
        found = connection.execute(statement.where(OutboxRow.event == Event.DIGEST.value))
        rows = [(row.recipient_code, row.context) for row in found]
    engine.dispose()
    return rows


def _peak(app: Application) -> int:
    tomorrow = Application(replace(app.settings, today=TODAY + timedelta(days=1)))
    tracemalloc.start()
    tomorrow.run(write_digests)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    tomorrow.close()
    return peak


@contextmanager
def _office(kind: str, owners: int) -> Iterator[Application]:
    with TemporaryDirectory(prefix="khcn-digest-") as folder, database(kind, folder) as url:
        settings = read_settings(
            {
                "KHCN_HOME": folder,
                "KHCN_TODAY": TODAY.isoformat(),
                "KHCN_DATABASE_URL": url,
                "KHCN_UI_URL": "http://may-chu.so.example:4200",
            }
        )
        Path(folder).mkdir(exist_ok=True)
        app = Application(settings)
        engine = open_database(url)
        migrate(engine)
        with engine.begin() as connection:
            _fill(connection, app, owners)
        engine.dispose()
        yield app
        app.close()


def _fill(connection: Connection, app: Application, owners: int) -> None:
    """People, tasks and open rounds due from 20 working days ago to 7 ahead."""
    people = [
        Person(
            f"cv{n:03d}", f"Chuyên viên {n}", Role.OFFICER, "Phòng QLKH", f"cv{n:03d}@so.example"
        )
        for n in range(owners)
    ]
    dues = [app.calendar.add(TODAY, days) for days in (*range(-20, 0), *range(1, 8))] + [TODAY]
    connection.execute(insert(PersonRow), [person_to_data(person) for person in people])
    connection.execute(insert(TaskRow), list(_tasks(people)))
    connection.execute(insert(StepRoundRow), list(_rounds(people, dues)))


def _tasks(people: Sequence[Person]) -> Iterator[dict]:
    for number, person in enumerate(person for person in people for _ in range(STEPS_EACH)):
        yield {
            "code": f"NV-{number:06d}",
            "title": f"Nghiên cứu, xây dựng mô hình sản xuất theo chuỗi giá trị số {number}",
            "level": "tinh",
            "officer": person.code,
            "rulebook": "cao-bang",
            "data": {},
            "registered_on": date(2026, 1, 5),
            "ending": "",
            "ended_on": None,
            "version": 1,
        }


def _rounds(people: Sequence[Person], dues: Sequence[date]) -> Iterator[dict]:
    for number in range(len(people) * STEPS_EACH):
        yield {
            "task_code": f"NV-{number:06d}",
            "stage": "contract",
            "step": "contract_signing",
            "round": 1,
            "opened_on": date(2026, 1, 5),
            "closed_on": None,
            "outcome": "",
            "due_on": dues[number % len(dues)],
            "limit_id": "",
            "deadline_version": 1,
            "exact_from": date(2026, 1, 5),
        }
