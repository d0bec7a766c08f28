"""Questions about what stands in the tables; nothing here writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from khcn_workflow.domain.activities import Activity, standing_on
from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.ledger import GENESIS, EntryKind, LedgerEntry
from khcn_workflow.domain.report_edits import SectionEdit, subject_of
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.storage import statements
from khcn_workflow.storage.documents import Named
from khcn_workflow.storage.kept import Kept, RoundKey, kept
from khcn_workflow.storage.ledger_reading import NO_RESULT, History, chain, histories
from khcn_workflow.storage.records import (
    ActivityRow,
    DeadlineRow,
    LedgerRow,
    PersonRow,
    StepRoundRow,
    TaskRow,
)
from khcn_workflow.storage.snoozes import Snoozes, snoozes
from khcn_workflow.storage.translate import (
    activity_from_data,
    activity_of,
    entry_of,
    person_from_data,
    person_of,
)


@dataclass(frozen=True, slots=True)
class OwedStep:
    """An open round of a step, as lists, reminders and waiting runs need it.

    Attributes:
        id: The row of the round; names it in reminders.
        due_on: None where neither law nor target sets a limit.
        limit_id: The limit it comes from, in the task's rulebook; empty without one.
    """

    id: int
    task_code: str
    task_title: str
    level: str
    rulebook: str
    officer: str
    stage: str
    step: str
    round: int
    opened_on: date
    due_on: date | None
    limit_id: str
    deadline_version: int


@dataclass(frozen=True, slots=True)
class DeadlineVersion:
    """One version of a round's due date, with why it was made."""

    version: int
    due_on: date | None
    anchor_on: date | None
    limit_id: str
    calendar_version: str
    reason: str
    made_at: datetime


class Queries:
    """Reads of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = statements.connection_of(session)

    def person(self, code: str) -> Person:
        """The person of that code.

        Raises:
            NotFoundError: Nobody has that code.
        """
        row = self._connection.execute(statements.PERSON, {"code": code}).one_or_none()
        if row is None:
            raise NotFoundError("cán bộ", code)
        return person_of(row)

    def persons(self) -> Mapping[str, Person]:
        """Everybody, by code."""
        rows = sorted(self._session.scalars(select(PersonRow)), key=lambda row: row.code)
        return {row.code: person_of(row) for row in rows}

    def persons_of(self, role: Role, division: str | None = None) -> Sequence[Person]:
        """Everybody of a role, of one division where it is given."""
        return [
            person
            for person in self.persons().values()
            if person.role is role and division in (None, person.division)
        ]

    def has_task(self, code: str) -> bool:
        """Whether a task of that code was registered."""
        return self._session.get(TaskRow, code) is not None

    def task_rulebooks(self) -> Mapping[str, str]:
        """The rulebook each task is pinned to, by the task's code."""
        rows = self._session.execute(select(TaskRow.code, TaskRow.rulebook))
        return {row.code: row.rulebook for row in rows}

    def task_versions(self, code: str | None = None) -> Mapping[str, int]:
        """A number of each task (or of one), by code, that grows with all that is said of it.

        Its ledger rows, and how often its own row was written: due dates made anew by a
        calendar are in no row about the task.
        """
        rows = func.count(LedgerRow.seq)
        statement = (
            select(TaskRow.code, TaskRow.version + rows)
            .outerjoin(LedgerRow, LedgerRow.subject == TaskRow.code)
            .group_by(TaskRow.code, TaskRow.version)
            .order_by(TaskRow.code)
        )
        if code is not None:
            statement = statement.where(TaskRow.code == code)
        return dict(self._session.execute(statement).tuples().all())

    def histories(
        self, codes: Sequence[str] | None = None, known_at: datetime | None = None
    ) -> Iterator[History]:
        """Each task's code and rows, task after task by code, read in pieces.

        Args:
            codes: Only these tasks; by default all that were ever registered.
            known_at: Only rows that stood in the ledger at this instant.
        """
        last = None if known_at is None else self.last_known(known_at)
        return histories(self._session, codes, last)

    def last_known(self, at: datetime) -> int:
        """Number of the last row recorded at or before an instant, 0 where there is none.

        What was known then is the chain up to that row, never a row without those before
        it, whatever the clock of the machine said in between.
        """
        statement = select(LedgerRow.seq).where(LedgerRow.recorded_at <= at)
        newest = statement.order_by(LedgerRow.seq.desc()).limit(1)
        return self._session.scalar(newest) or 0

    def kept(self, codes: Sequence[str]) -> Mapping[str, Kept]:
        """What is kept of these tasks, by code."""
        return kept(self._session, codes)

    def owed_steps(self, code: str | None = None) -> Sequence[OwedStep]:
        """What is owed now, soonest first; steps without a limit last."""
        statement = (
            select(StepRoundRow, TaskRow)
            .join(TaskRow, TaskRow.code == StepRoundRow.task_code)
            .where(StepRoundRow.closed_on.is_(None))
            .order_by(StepRoundRow.due_on.is_(None), StepRoundRow.due_on, StepRoundRow.id)
        )
        if code is not None:
            statement = statement.where(StepRoundRow.task_code == code)
        return [_owed(*row) for row in self._session.execute(statement)]

    def owed_until(self, last: date) -> Sequence[OwedStep]:
        """What is owed now and due on that day or before, soonest first; without entities."""
        places: dict[str, Any] = {
            f.name: getattr(StepRoundRow, f.name, None) for f in fields(OwedStep)
        }
        places |= {
            "task_title": TaskRow.title,
            "level": TaskRow.level,
            "rulebook": TaskRow.rulebook,
            "officer": TaskRow.officer,
        }
        statement = (
            select(*places.values())
            .join(TaskRow, TaskRow.code == StepRoundRow.task_code)
            .where(StepRoundRow.closed_on.is_(None), StepRoundRow.due_on <= last)
            .order_by(StepRoundRow.due_on, StepRoundRow.id)
        )
        return [OwedStep(*row) for row in self._session.execute(statement)]

    def snoozes(self) -> Snoozes:
        """The last acknowledgement of each step, whether or not it still holds."""
        return snoozes(self._session)

    def deadline_versions(self, code: str, step: str, round_number: int) -> list[DeadlineVersion]:
        """Every version of a round's due date, oldest first."""
        statement = (
            select(DeadlineRow)
            .join(StepRoundRow, StepRoundRow.id == DeadlineRow.step_round_id)
            .where(
                StepRoundRow.task_code == code,
                StepRoundRow.step == step,
                StepRoundRow.round == round_number,
            )
            .order_by(DeadlineRow.version)
        )
        return [_version(row) for row in self._session.scalars(statement)]

    def last_versions(
        self, codes: Sequence[str]
    ) -> Mapping[str, Mapping[RoundKey, DeadlineVersion]]:
        """The last version of each round's due date, by task: one query for all."""
        statement = (
            select(StepRoundRow.task_code, StepRoundRow.step, StepRoundRow.round, DeadlineRow)
            .join(DeadlineRow, DeadlineRow.step_round_id == StepRoundRow.id)
            .where(
                StepRoundRow.task_code.in_(codes),
                DeadlineRow.version == StepRoundRow.deadline_version,
            )
        )
        found: dict[str, dict[RoundKey, DeadlineVersion]] = {code: {} for code in codes}
        for code, step, number, row in self._session.execute(statement):
            found[code][step, number] = _version(row)
        return found

    def activities(self) -> Sequence[Activity]:
        """All other work, by code."""
        rows = sorted(self._session.scalars(select(ActivityRow)), key=lambda row: row.code)
        return [activity_of(row) for row in rows]

    def activities_told(self) -> Sequence[Activity]:
        """All other work as the ledger tells it, by code."""
        return [activity_from_data(data) for data in self._told(EntryKind.ACTIVITY)]

    def activities_on(self, day: date, known_at: datetime | None = None) -> Sequence[Activity]:
        """All other work as the ledger tells it, at the stages of a day, by code."""
        statement = (
            select(LedgerRow.subject, LedgerRow.valid_on, LedgerRow.data)
            .where(LedgerRow.kind == EntryKind.ACTIVITY.value, text(NO_RESULT))
            .order_by(LedgerRow.seq)
        )
        if known_at is not None:
            statement = statement.where(LedgerRow.seq <= self.last_known(known_at))
        told: dict[str, list[tuple[date, Activity]]] = {}
        for row in self._session.execute(statement):
            telling = (row.valid_on, activity_from_data(row.data))
            told.setdefault(row.subject, []).append(telling)
        found = (standing_on(told[code], day) for code in sorted(told))
        return [activity for activity in found if activity is not None]

    def edits(self, period: str, known_at: datetime | None = None) -> Mapping[str, SectionEdit]:
        """What stands in the place of generated sections of a report, by section."""
        statement = (
            select(LedgerRow.recorded_at, LedgerRow.actor, LedgerRow.data)
            .where(
                LedgerRow.kind == EntryKind.EDITED.value,
                LedgerRow.subject == subject_of(period),
                text(NO_RESULT),
            )
            .order_by(LedgerRow.seq)
        )
        if known_at is not None:
            statement = statement.where(LedgerRow.seq <= self.last_known(known_at))
        found = [
            SectionEdit(by=row.actor, at=row.recorded_at, **row.data)
            for row in self._session.execute(statement)
        ]
        return {edit.section: edit for edit in found}

    def persons_told(self) -> Sequence[Person]:
        """Everybody as the ledger tells of them, by code."""
        return [person_from_data(data) for data in self._told(EntryKind.PERSON)]

    def _told(self, kind: EntryKind) -> list[dict[str, Any]]:
        """What the last row about each subject of a kind says, by subject."""
        statement = (
            select(LedgerRow.subject, LedgerRow.data)
            .where(LedgerRow.kind == kind.value, text(NO_RESULT))
            .order_by(LedgerRow.seq)
        )
        latest = {row.subject: row.data for row in self._session.execute(statement)}
        return [latest[subject] for subject in sorted(latest)]

    def activity(self, code: str) -> Activity | None:
        """The activity of that code, if it was registered."""
        row = self._session.get(ActivityRow, code)
        return activity_of(row) if row else None

    def ledger(self) -> Iterator[LedgerEntry]:
        """The whole chain, oldest first, read in pieces."""
        return chain(self._session)

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last row; 0 and the genesis before the first."""
        statement = select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)
        row = self._session.execute(statement).one_or_none()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def entry(self, seq: int) -> LedgerEntry:
        """The row of that number.

        Raises:
            NotFoundError: The ledger has no such row.
        """
        row = self._session.get(LedgerRow, seq)
        if row is None:
            raise NotFoundError("dòng sổ cái số", str(seq))
        return entry_of(row)

    def entries_between(self, after: int, until: int | None = None) -> Iterator[LedgerEntry]:
        """The rows of the chain after one row, up to another or the end, oldest first."""
        return chain(self._session, after, until)

    def documents_named(self) -> Iterator[Named]:
        """Each row that names a document, oldest first."""
        statement = (
            select(
                LedgerRow.seq,
                LedgerRow.subject,
                LedgerRow.document_number,
                LedgerRow.document_sha256,
            )
            .where(LedgerRow.document_sha256 != "")
            .order_by(LedgerRow.seq)
        )
        for row in self._session.execute(statement):
            yield Named(*row)

    def frozen_digests(self) -> Mapping[str, str]:
        """The hash of each snapshot by its id, as the ledger names it."""
        statement = select(LedgerRow.subject, LedgerRow.data).where(
            LedgerRow.kind == EntryKind.FROZEN.value, text(NO_RESULT)
        )
        return {row.subject: row.data["sha256"] for row in self._session.execute(statement)}


def _version(row: DeadlineRow) -> DeadlineVersion:
    return DeadlineVersion(
        row.version,
        row.due_on,
        row.anchor_on,
        row.limit_id,
        row.calendar_version,
        row.reason,
        row.made_at,
    )


def _owed(step: StepRoundRow, task: TaskRow) -> OwedStep:
    return OwedStep(
        id=step.id,
        task_code=task.code,
        task_title=task.title,
        level=task.level,
        rulebook=task.rulebook,
        officer=task.officer,
        stage=step.stage,
        step=step.step,
        round=step.round,
        opened_on=step.opened_on,
        due_on=step.due_on,
        limit_id=step.limit_id,
        deadline_version=step.deadline_version,
    )
