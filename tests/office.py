"""A small office on a real database, for tests of use cases and doors."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import HANOI, Clock
from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import fold, registration
from khcn_workflow.domain.science_task import (
    Kind,
    Level,
    Person,
    Role,
    ScienceTask,
    Source,
)
from khcn_workflow.services.recording import Answer, Recorded, record_outcome
from khcn_workflow.settings import Settings, read_settings
from khcn_workflow.storage.translate import person_to_data
from tests.databases import Databases, current

TODAY = date(2019, 6, 10)

PERSONS = (
    Person("cv1", "Chuyên viên 1", Role.OFFICER, "Phòng Quản lý khoa học", "cv1@so.example"),
    Person("tp", "Trưởng phòng", Role.HEAD_OF_DIVISION, "Phòng Quản lý khoa học", "tp@so.example"),
    Person("tp2", "Trưởng phòng khác", Role.HEAD_OF_DIVISION, "Thanh tra", "tp2@so.example"),
    Person("pgd", "Phó Giám đốc", Role.DIRECTOR, "Lãnh đạo Sở", "pgd@so.example"),
)


HIRED = len(PERSONS)
"""Rows of the ledger before the first that a test records."""


def a_task(code: str = "NV-2019-01", **changes: object) -> ScienceTask:
    """A provincial task of 2019 under the Cao Bằng rulebook."""
    task = ScienceTask(
        code=code,
        title=f"Nhiệm vụ minh họa {code}",
        level=Level.PROVINCIAL,
        kind=Kind.TOPIC,
        source=Source.ORDERED,
        plan_year=2019,
        host="Tổ chức chủ trì 01",
        principal_investigator="Chủ nhiệm nhiệm vụ 01",
        officer="cv1",
        rulebook="cao-bang",
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def settings_in(home: Path, today: date | None = TODAY, **more: str) -> Settings:
    """Settings of a home on a fixed day, with its database of the kind whose turn it is."""
    environment = {"KHCN_HOME": str(home), "KHCN_RULEBOOK": "cao-bang", **more}
    if "KHCN_DATABASE_URL" not in more:
        environment["KHCN_DATABASE_URL"] = current().at(home)
    if today is not None:
        environment["KHCN_TODAY"] = today.isoformat()
    return read_settings(environment)


def open_office(
    home: Path, today: date | None = TODAY, database: Databases | None = None, **more: str
) -> Application:
    """An application with people and no task, on a new database of that kind."""
    more = {"KHCN_DATABASE_URL": (database or current()).new(home), **more}
    app = Application(settings_in(home, today, **more))
    app.run(hire, PERSONS)
    return app


def on_day(app: Application, day: date) -> Application:
    """The same office on another day."""
    return Application(replace(app.settings, today=day))


@dataclass(frozen=True, slots=True)
class StoppedClock(Clock):
    """A clock that shows one instant of a real day: its hour counts."""

    instant: datetime = datetime(2019, 6, 10, tzinfo=HANOI)

    def today(self) -> date:
        return self.instant.astimezone(HANOI).date()

    def now(self) -> datetime:
        return self.instant.astimezone(UTC)


def at_hour(app: Application, instant: str) -> Application:
    """The same office at an instant in Hà Nội, "2019-06-14 20:00"."""
    other = Application(replace(app.settings, today=None))
    other.clock = StoppedClock(None, datetime.fromisoformat(instant).replace(tzinfo=HANOI))
    return other


def hire(context: Context, persons: Iterable[Person]) -> None:
    """Put people into the register, each by a row of the ledger."""
    for person in persons:
        data = person_to_data(person)
        fact = Fact(EntryKind.PERSON, person.code, context.today, "cv1", data=data)
        context.work.append(fact, context.now)
        context.work.save_person(person)


def enter(context: Context, task: ScienceTask, step: str, on: date) -> None:
    """Bring a task into the ledger at a step."""
    fact = registration(task, step, on, "cv1")
    context.work.append(fact, context.now)
    progress = fold([fact], context.rulebooks)
    assert progress is not None
    context.save(progress)


def record(
    app: Application, code: str, step: str, outcome: str, on: date, **more: object
) -> Recorded:
    """Record an outcome as the head of division."""
    answer = Answer(code, step, outcome, on, "tp", **more)  # type: ignore[arg-type]
    return app.run(record_outcome, answer)
