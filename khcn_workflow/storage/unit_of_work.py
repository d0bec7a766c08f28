"""One transaction over the ledger and its projections: load, then save."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import CursorResult, Executable, Insert, Row
from sqlalchemy.orm import ORMExecuteState, Session

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.deadlines import Deadline
from khcn_workflow.domain.ledger import GENESIS, Fact, LedgerEntry, chained
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.science_task import Person
from khcn_workflow.storage import statements
from khcn_workflow.storage.calendars import Calendars
from khcn_workflow.storage.channel_states import ChannelStates
from khcn_workflow.storage.contacts import Contacts
from khcn_workflow.storage.feeds import Feeds
from khcn_workflow.storage.kept import RoundKey
from khcn_workflow.storage.lengths import check_lengths
from khcn_workflow.storage.locks import Locks
from khcn_workflow.storage.moving import Copying
from khcn_workflow.storage.one_time import OneTimeSecrets
from khcn_workflow.storage.outbox import Outbox
from khcn_workflow.storage.projections import Projections
from khcn_workflow.storage.queries import Queries
from khcn_workflow.storage.records import ActivityRow, LedgerRow, PersonRow, TaskRow
from khcn_workflow.storage.report_rows import ReportRows
from khcn_workflow.storage.snapshots import Snapshots
from khcn_workflow.storage.spans import Spans
from khcn_workflow.storage.staffing import Staffing
from khcn_workflow.storage.sweeping import Sweeping
from khcn_workflow.storage.told import Reminded
from khcn_workflow.storage.translate import (
    activity_to_data,
    entry_of,
    entry_values,
    fact_values,
    person_to_data,
    task_values,
)


@dataclass(frozen=True, slots=True)
class Why:
    """What stands beside a version of a due date.

    Attributes:
        reason: Why the date is new or moved, in Vietnamese.
        special: Rounds that have a reason of their own.
        reopening: A round that is owed once more gets a new version even of the same date.
    """

    reason: str
    calendar_version: str
    made_at: datetime
    special: Mapping[RoundKey, str] = field(default_factory=dict)
    reopening: bool = False

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
        reminded: Whom the mails about a round have reached.
        projections: What is taken out of the derived tables when they are made again.
        spans: Rounds as of a day.
        report_rows: Tasks and rounds as of a day, as reports ask for them.
        snapshots: Reports kept as they were handed over.
        locks: What other writers wait for.
        copying: All tables as they are, for moving to another database.
        staffing: People with delegations and absences.
        one_time: Secrets of one-time codes.
        contacts: How people are reached besides mail.
        channels: How channels fare, and their sealed tokens.
        feeds: Each person's calendar file.
    """

    def __init__(
        self, session: Session, known_calendars: set[str], *, read_only: bool = False
    ) -> None:
        self._session = session
        self._connection = statements.connection_of(session)
        self._unwritten: list[tuple[Fact, datetime]] = []
        self.locks = Locks(self._connection, read_only=read_only)
        self.copying = Copying(session)
        self.queries = Queries(session)
        self.calendars = Calendars(session, known_calendars)
        self.contacts = Contacts(session)
        self.outbox = Outbox(session, self.contacts)
        self.sweeping = Sweeping(session)
        self.reminded = Reminded(session)
        self.spans = Spans(session)
        self.report_rows = ReportRows(session)
        self.snapshots = Snapshots(session)
        self.staffing = Staffing(session)
        self.one_time = OneTimeSecrets(session)
        self.channels = ChannelStates(session)
        self.feeds = Feeds(session)
        session.info[UnitOfWork] = self
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
        self._run(statements.INSERT_FACTS, [entry_values(entry) for entry in entries])
        return entries

    def find_request(self, request_key: str) -> LedgerEntry | None:
        """The entry that a request made earlier, if it was recorded."""
        self.write_facts()
        found = self._run(statements.FACT_REQUESTED, {"request_key": request_key})
        row = found.one_or_none()
        return entry_of(row) if row else None

    def entries(self, subject: str) -> Sequence[LedgerEntry]:
        """All facts about one task, person or activity, oldest first.

        Where something may be written, others who work on the subject wait from here on.
        """
        self.write_facts()
        self.locks.one_task(subject)
        return [entry_of(row) for row in self._run(statements.FACTS_ABOUT, {"subject": subject})]

    def save_person(self, person: Person) -> None:
        """Make the person's row say what `person` says.

        Raises:
            TooLongError: A text is longer than its column.
        """
        self._upsert(PersonRow, {"code": person.code}, person_to_data(person))
        self.staffing.forget()

    def save_activity(self, activity: Activity) -> None:
        """Make the activity's row say what `activity` says."""
        values = {"kind": activity.kind, "data": activity_to_data(activity)}
        self._upsert(ActivityRow, {"code": activity.code}, values)

    def save_task(
        self,
        progress: Progress,
        deadlines: Mapping[RoundKey, Deadline | None],
        exact_from: date,
        why: Why,
        before: Progress | None = None,
    ) -> None:
        """Make the task's rows say what `progress` says, with these deadlines.

        Args:
            deadlines: The deadline of each round whose row may change, None where there is
                no limit.
            exact_from: See `domain.standing.exact_from`.
            why: What is written beside each due date that is new or moves.
            before: What the rows say now, None where that is not known; saves writing
                what did not change.
        """
        if before is None or _said_of_task(before) != _said_of_task(progress):
            values = {"code": progress.task.code, **task_values(progress), "version": 1}
            check_lengths(TaskRow, values)
            self._save(statements.save_task, [values])
        rounds = [
            round_values(progress.task.code, owed, deadlines[owed.step, owed.round], exact_from)
            for owed in progress.rounds
            if (owed.step, owed.round) in deadlines
        ]
        if rounds:
            save = partial(statements.save_rounds, reopening=why.reopening)
            self._save_deadlines(self._save(save, rounds), deadlines, why)

    def _save_deadlines(
        self,
        changed: CursorResult[Any],
        deadlines: Mapping[RoundKey, Deadline | None],
        why: Why,
    ) -> None:
        """Keep the version of each due date that is new or moved, and have it swept."""
        rows = changed.all()
        if rows:
            versions = [_deadline_values(r, deadlines[r.step, r.round], why) for r in rows]
            self._save(statements.save_deadlines, versions)
        dated = [
            {"round_id": row.id}
            for row in rows
            if row.closed_on is None and running_due(deadlines[row.step, row.round]) is not None
        ]
        if dated:
            self._save(statements.note_for_resweep, dated)

    def write_before_reading(self, state: ORMExecuteState) -> None:
        """Facts appended are in the ledger whenever somebody reads it through the ORM."""
        if state.is_select and any(m.class_ is LedgerRow for m in state.all_mappers):
            self.write_facts()

    def _stored_head(self) -> tuple[int, str]:
        row = self._run(statements.END_OF_LEDGER).one_or_none()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def _run(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, values)

    def _save(
        self, statement: Callable[[str], Insert], rows: Sequence[Mapping[str, Any]]
    ) -> CursorResult[Any]:
        prepared = statement(self._connection.dialect.name)
        return statements.run(self._connection, prepared, rows)

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


def _said_of_task(progress: Progress) -> tuple[Any, ...]:
    """What decides the columns of the task's row."""
    return progress.task, progress.registered_on, progress.ending, progress.ended_on


def round_values(
    code: str, owed: StepRound, deadline: Deadline | None, exact_from: date
) -> dict[str, Any]:
    """The columns of a round's row with its first due date."""
    return {
        "task_code": code,
        "stage": owed.stage,
        "step": owed.step,
        "round": owed.round,
        "opened_on": owed.opened_on,
        "closed_on": owed.closed_on,
        "outcome": owed.outcome,
        "due_on": running_due(deadline),
        "limit_id": deadline.limit.id if deadline else "",
        "deadline_version": 1,
        "exact_from": max(owed.opened_on, exact_from),
    }


def _deadline_values(row: Row[Any], deadline: Deadline | None, why: Why) -> dict[str, Any]:
    return {
        "step_round_id": row.id,
        "version": row.deadline_version,
        "due_on": running_due(deadline),
        "anchor_on": deadline.anchor_on if deadline else None,
        "limit_id": deadline.limit.id if deadline else "",
        "calendar_version": why.calendar_version,
        "reason": why.of((row.step, row.round)),
        "made_at": why.made_at,
    }
