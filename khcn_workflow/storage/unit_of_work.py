"""One transaction over the ledger and its projections: load, then save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.deadlines import Deadline
from khcn_workflow.domain.ledger import GENESIS, Fact, LedgerEntry, chained
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.science_task import Person, ScienceTask, task_to_data
from khcn_workflow.storage.calendars import Calendars
from khcn_workflow.storage.lengths import check_lengths
from khcn_workflow.storage.locks import Locks
from khcn_workflow.storage.moving import Copying
from khcn_workflow.storage.outbox import Outbox
from khcn_workflow.storage.projections import Projections
from khcn_workflow.storage.queries import Queries
from khcn_workflow.storage.records import (
    ActivityRow,
    DeadlineRow,
    LedgerRow,
    PersonRow,
    ResweepRow,
    StepRoundRow,
    SweepMarkRow,
    TaskRow,
)
from khcn_workflow.storage.snapshots import Snapshots
from khcn_workflow.storage.sweeping import Sweeping
from khcn_workflow.storage.translate import (
    activity_to_data,
    entry_of,
    entry_values,
    fact_values,
    person_to_data,
)

RoundKey = tuple[str, int]
"""Step id and round number: what names a round within its task."""


@dataclass(frozen=True, slots=True)
class Why:
    """What stands beside a version of a due date.

    Attributes:
        reason: Why the date is new or moved, in Vietnamese.
        special: Rounds that have a reason of their own.
    """

    reason: str
    calendar_version: str
    made_at: datetime
    special: Mapping[RoundKey, str] = field(default_factory=dict)

    def of(self, key: RoundKey) -> str:
        """The reason for one round: its own, or the common one."""
        return self.special.get(key, self.reason)


class UnitOfWork:
    """What a use case may load and save in its one transaction.

    Attributes:
        queries: Questions about what stands in the tables.
        calendars: The calendar versions that due dates rest on.
        outbox: Messages written with the facts they tell of.
        sweeping: Set-based work of the daily sweep.
        projections: What is taken out of the derived tables when they are made again.
        snapshots: Reports kept as they were handed over.
        locks: What other writers wait for.
        copying: All tables as they are, for moving to another database.
    """

    def __init__(self, session: Session, *, read_only: bool = False) -> None:
        self._session = session
        self._unwritten: list[tuple[Fact, datetime]] = []
        self.locks = Locks(session, read_only=read_only)
        self.copying = Copying(session)
        self.queries = Queries(session)
        self.calendars = Calendars(session)
        self.outbox = Outbox(session)
        self.sweeping = Sweeping(session)
        self.snapshots = Snapshots(session)
        event.listen(session, "do_orm_execute", self._write_before_reading)
        self.projections = Projections(session)

    def append(self, fact: Fact, recorded_at: datetime) -> None:
        """Add a fact to the end of the chain, where it is found from now on.

        Its row is written as late as possible, since until the commit nobody else can
        append: before the ledger is read, or at the end of the transaction.

        Raises:
            TooLongError: A text is longer than its column; nothing was added.
        """
        check_lengths(LedgerRow, fact_values(fact))
        self._unwritten.append((fact, recorded_at))

    def write_facts(self) -> Sequence[LedgerEntry]:
        """Give the facts appended since the last time their places in the chain."""
        if not self._unwritten:
            return []
        facts, self._unwritten = self._unwritten, []
        self._session.flush()
        self.locks.end_of_ledger()
        seq, head = self._stored_head()
        entries = []
        for fact, recorded_at in facts:
            entries.append(chained(fact, seq + 1, recorded_at, head))
            seq, head = entries[-1].seq, entries[-1].hash
        self._session.execute(insert(LedgerRow), [entry_values(entry) for entry in entries])
        return entries

    def find_request(self, request_key: str) -> LedgerEntry | None:
        """The entry that a request made earlier, if it was recorded."""
        statement = select(LedgerRow).where(LedgerRow.request_key == request_key)
        row = self._session.scalars(statement).one_or_none()
        return entry_of(row) if row else None

    def entries(self, subject: str) -> Sequence[LedgerEntry]:
        """All facts about one task, person or activity, oldest first.

        Where something may be written, others who work on the subject wait from here on.
        """
        self.locks.one_task(subject)
        statement = select(LedgerRow).where(LedgerRow.subject == subject).order_by(LedgerRow.seq)
        return [entry_of(row) for row in self._session.scalars(statement)]

    def save_person(self, person: Person) -> None:
        """Make the person's row say what `person` says.

        Raises:
            TooLongError: A text is longer than its column.
        """
        self._upsert(PersonRow, {"code": person.code}, person_to_data(person))

    def save_activity(self, activity: Activity) -> None:
        """Make the activity's row say what `activity` says."""
        values = {"kind": activity.kind, "data": activity_to_data(activity)}
        self._upsert(ActivityRow, {"code": activity.code}, values)

    def save_task(
        self, progress: Progress, deadlines: Mapping[RoundKey, Deadline | None], why: Why
    ) -> None:
        """Make the task's rows say what `progress` says, with these deadlines.

        Args:
            deadlines: The deadline of each open round, None where there is no limit.
            why: What is written beside each due date that is new or moves.
        """
        self._save_task_row(progress)
        stored = self._stored_rounds(progress.task.code)
        for owed in progress.rounds:
            row = stored.get((owed.step, owed.round)) or self._new_round(progress.task, owed)
            row.closed_on, row.outcome = owed.closed_on, owed.outcome
            if owed.is_open:
                self._set_deadline(row, deadlines.get((owed.step, owed.round)), why)
        self._session.flush()

    def _write_before_reading(self, state: ORMExecuteState) -> None:
        if state.is_select and any(m.class_ is LedgerRow for m in state.all_mappers):
            self.write_facts()

    def _stored_head(self) -> tuple[int, str]:
        statement = select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)
        row = self._session.execute(statement).one_or_none()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def _save_task_row(self, progress: Progress) -> None:
        task = progress.task
        values = {
            "title": task.title,
            "level": task.level.value,
            "officer": task.officer,
            "rulebook": task.rulebook,
            "data": task_to_data(task),
            "registered_on": progress.registered_on,
            "ending": progress.ending,
            "ended_on": progress.ended_on,
        }
        check_lengths(TaskRow, {"code": task.code, **values})
        changed = self._session.execute(
            update(TaskRow)
            .where(TaskRow.code == task.code)
            .values({**values, "version": TaskRow.version + 1})
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has a row count
            self._session.execute(insert(TaskRow).values(code=task.code, version=1, **values))

    def _stored_rounds(self, code: str) -> dict[RoundKey, StepRoundRow]:
        statement = select(StepRoundRow).where(StepRoundRow.task_code == code)
        return {(row.step, row.round): row for row in self._session.scalars(statement)}

    def _new_round(self, task: ScienceTask, owed: StepRound) -> StepRoundRow:
        row = StepRoundRow(
            task_code=task.code,
            stage=owed.stage,
            step=owed.step,
            round=owed.round,
            opened_on=owed.opened_on,
            outcome="",
            deadline_version=0,
            limit_id="",
        )
        self._session.add(row)
        self._session.flush()
        return row

    def _set_deadline(self, row: StepRoundRow, deadline: Deadline | None, why: Why) -> None:
        """A new version of the date, unless it is the one that stands."""
        due_on = running_due(deadline)
        if row.deadline_version and due_on == row.due_on:
            return
        row.due_on = due_on
        row.limit_id = deadline.limit.id if deadline else ""
        row.deadline_version += 1
        self._session.add(
            DeadlineRow(
                step_round_id=row.id,
                version=row.deadline_version,
                due_on=due_on,
                anchor_on=deadline.anchor_on if deadline else None,
                limit_id=row.limit_id,
                calendar_version=why.calendar_version,
                reason=why.of((row.step, row.round)),
                made_at=why.made_at,
            )
        )
        if due_on is not None:
            self._note_for_resweep(row)

    def _note_for_resweep(self, stored: StepRoundRow) -> None:
        """A due date behind the marks would be missed: the next sweep must look at it."""
        started = self._session.scalar(select(func.count()).select_from(SweepMarkRow))
        if started and self._session.get(ResweepRow, stored.id) is None:
            self._session.add(ResweepRow(step_round_id=stored.id))

    def _upsert(self, record: type[Any], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        check_lengths(record, {**key, **values})
        row = self._session.get(record, tuple(key.values()))
        if row is None:
            self._session.add(record(**{**key, **values}))
        else:
            for name, value in values.items():
                setattr(row, name, value)
        self._session.flush()


def running_due(deadline: Deadline | None) -> date | None:
    """The date that is stored and swept: none without a limit, or while it stands still."""
    return deadline.due_on if deadline and deadline.paused_since is None else None
