"""Set-based reads and writes of the daily sweep: cost follows what is newly due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    and_,
    bindparam,
    delete,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks
from khcn_workflow.storage.records import (
    ReminderRow,
    ResweepRow,
    StepRoundRow,
    SweepMarkRow,
    TaskRow,
)
from khcn_workflow.storage.statements import connection_of, insert_for, run, table_of
from notifications.ladder import Reach, Scope


class Reminder(NamedTuple):
    """A rung that the deadline of an open round has reached."""

    due_on: date
    rung: str
    step_round_id: int
    deadline_version: int
    superseded: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """A reminder that somebody must be told of, with the step it is about."""

    step_round_id: int
    task_code: str
    step: str
    due_on: date
    deadline_version: int
    rung: str


_ROUND, _TASK, _MARK, _MOVED, _REMINDER = (
    table_of(record) for record in (StepRoundRow, TaskRow, SweepMarkRow, ResweepRow, ReminderRow)
)

AT_ONCE = 200
"""Reaches in one statement; SQLite takes no more than 500 parts."""

_Shape = tuple[Scope, tuple[Scope, ...]]
"""What of a reach stands in the statement itself: its scope, and where it is superseded."""

OTHER = "@"
"""What the marks begin with that are of no rung."""

_MARKS = select(_MARK.c.rung, _MARK.c.swept_to).where(~_MARK.c.rung.startswith(OTHER))
_ANY_MOVED = select(_MOVED.c.step_round_id).limit(1)


class Sweeping:
    """The sweep's part of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = connection_of(session)

    def marks(self) -> Mapping[str, date]:
        """The day up to which each rung was swept."""
        return {row.rung: row.swept_to for row in self._connection.execute(_MARKS)}

    def last_told(self, name: str) -> date | None:
        """The day for which something that is told on some days was last told."""
        wanted = select(_MARK.c.swept_to).where(_MARK.c.rung == f"{OTHER}{name}")
        return self._session.scalar(wanted)

    def set_told(self, name: str, day: date) -> None:
        """Say that it was told for that day."""
        self.set_marks([f"{OTHER}{name}"], day)

    def swept_to(self, rungs: Sequence[str]) -> date | None:
        """The day up to which every one of these rungs was swept; None when one never was."""
        marks = self.marks()
        days = [marks.get(rung) for rung in rungs]
        known = [day for day in days if day is not None]
        return min(known) if len(known) == len(days) else None

    def set_marks(self, rungs: Sequence[str], swept_to: date) -> None:
        """Say that these rungs are swept up to that day."""
        statement = _set_marks(self._connection.dialect.name, len(rungs))
        named = {f"rung_{number}": rung for number, rung in enumerate(rungs)}
        run(self._connection, statement, [{"day": swept_to, **named}])

    def any_moved(self) -> bool:
        """Whether a round was given a due date behind the marks since the last sweep."""
        return self._connection.execute(_ANY_MOVED).first() is not None

    def forget_moved(self) -> None:
        """Empty the list of rounds to look at again."""
        self._connection.execute(delete(_MOVED))

    def remind(
        self, reaches: Sequence[Reach], fired_on: date, *, moved: bool = False
    ) -> list[Reminder]:
        """Write a reminder for each open round that is due within one of the reaches.

        They are found by the index on what is owed and written by the database itself, in
        one statement; those that an earlier sweep wrote are left alone.

        Args:
            moved: Of the rounds moved behind the marks only.

        Returns:
            The reminders that are new.
        """
        self._session.flush()
        return [
            reminder
            for some in chunks(reaches, AT_ONCE)
            for reminder in self._remind(some, fired_on, moved=moved)
        ]

    def _remind(
        self, reaches: Sequence[Reach], fired_on: date, *, moved: bool
    ) -> Iterator[Reminder]:
        shapes = tuple((reach.scope, reach.superseded_in) for reach in reaches)
        statement = _statement(self._connection.dialect.name, shapes, moved=moved)
        values: dict[str, Any] = {"fired_on": fired_on}
        for number, reach in enumerate(reaches):
            values |= {
                f"rung_{number}": reach.rung,
                f"after_{number}": reach.after,
                f"until_{number}": reach.until,
                f"superseded_{number}": reach.superseded,
            }
        return map(Reminder._make, run(self._connection, statement, [values]).all())

    def crossings(self, reminders: Sequence[Reminder]) -> list[Crossing]:
        """These reminders with the tasks and steps they are about."""
        ids = sorted({reminder.step_round_id for reminder in reminders})
        steps: dict[int, tuple[str, str]] = {}
        for some in chunks(ids, SUBJECTS):
            rows = self._connection.execute(_STEPS.where(_ROUND.c.id.in_(some)))
            steps |= {row.id: (row.task_code, row.step) for row in rows}
        return [
            Crossing(r.step_round_id, *steps[r.step_round_id], r.due_on, r.deadline_version, r.rung)
            for r in reminders
        ]


_STEPS = select(_ROUND.c.id, _ROUND.c.task_code, _ROUND.c.step)


@cache
def _set_marks(dialect: str, rungs: int) -> Insert:
    day = bindparam("day", type_=_MARK.c.swept_to.type)
    marks = [
        {"rung": bindparam(f"rung_{number}", type_=_MARK.c.rung.type), "swept_to": day}
        for number in range(rungs)
    ]
    new = insert_for(dialect, _MARK).values(marks)
    newest = {"swept_to": new.excluded.swept_to}
    return cast("Insert", new.on_conflict_do_update(index_elements=[_MARK.c.rung], set_=newest))


@cache
def _statement(dialect: str, shapes: tuple[_Shape, ...], *, moved: bool) -> Insert:
    """The INSERT … SELECT of reaches of these shapes; each is found by a range of the index."""
    source = union_all(*_sources(shapes, moved=moved))
    written = _REMINDER.c
    columns = (
        written.due_on,
        written.rung,
        written.step_round_id,
        written.deadline_version,
        written.superseded,
    )
    names = [*(column.name for column in columns), "fired_on"]
    new = insert_for(dialect, _REMINDER).from_select(names, source).on_conflict_do_nothing()
    return cast("Insert", new.returning(*columns))


def _sources(shapes: Sequence[_Shape], *, moved: bool) -> Iterator[Select[Any]]:
    for number, (scope, superseded_in) in enumerate(shapes):
        wholly = bindparam(f"superseded_{number}", type_=_REMINDER.c.superseded.type)
        in_part = [_within(other) for other in superseded_in]
        source = select(
            _ROUND.c.due_on,
            bindparam(f"rung_{number}", type_=_REMINDER.c.rung.type),
            _ROUND.c.id,
            _ROUND.c.deadline_version,
            or_(wholly, *in_part) if in_part else wholly,
            bindparam("fired_on", type_=_REMINDER.c.fired_on.type),
        ).where(
            _ROUND.c.closed_on.is_(None),
            _ROUND.c.due_on > bindparam(f"after_{number}", type_=_ROUND.c.due_on.type),
            _ROUND.c.due_on <= bindparam(f"until_{number}", type_=_ROUND.c.due_on.type),
            *([_within(scope)] if scope else []),
        )
        yield source.join(_MOVED, _MOVED.c.step_round_id == _ROUND.c.id) if moved else source


def _within(scope: Scope) -> ColumnElement[bool]:
    """Whether a round's step is in a scope."""
    named = [
        column.in_(values)
        for column, values in ((_ROUND.c.stage, scope.stages), (_ROUND.c.step, scope.steps))
        if values
    ]
    if scope.levels:
        tasks = select(_TASK.c.code).where(_TASK.c.level.in_(scope.levels))
        named.append(_ROUND.c.task_code.in_(tasks))
    return and_(*named)
