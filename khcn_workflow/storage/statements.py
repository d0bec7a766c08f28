"""Câu lệnh: what every recording asks of the database, built once and compiled once.

They go to the connection, not through the ORM: building and mapping them anew would
cost more than the database's own work.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import DeclarativeBase, Session

from khcn_workflow.storage.records import (
    AbsenceRow,
    DeadlineRow,
    DelegationRow,
    LedgerRow,
    PersonRow,
    ResweepRow,
    StepRoundRow,
    SweepMarkRow,
    TaskRow,
)


def connection_of(session: Session) -> Connection:
    """The connection of the one transaction that a session of ours works in."""
    return cast("Connection", session.get_bind())


def table_of(record: type[DeclarativeBase]) -> Table:
    """The table that a record is mapped to."""
    return cast("Table", record.__table__)


_LEDGER, _PERSON, _TASK = table_of(LedgerRow), table_of(PersonRow), table_of(TaskRow)
_DELEGATION, _ABSENCE = table_of(DelegationRow), table_of(AbsenceRow)
_ROUND, _DEADLINE, _RESWEEP = table_of(StepRoundRow), table_of(DeadlineRow), table_of(ResweepRow)

INSERT_FACTS = insert(_LEDGER)

FACTS_ABOUT: Select[Any] = (
    select(_LEDGER).where(_LEDGER.c.subject == bindparam("subject")).order_by(_LEDGER.c.seq)
)

FACT_REQUESTED: Select[Any] = select(_LEDGER).where(
    _LEDGER.c.request_key == bindparam("request_key")
)

END_OF_LEDGER: Select[Any] = (
    select(_LEDGER.c.seq, _LEDGER.c.hash).order_by(_LEDGER.c.seq.desc()).limit(1)
)

PERSON: Select[Any] = select(_PERSON).where(_PERSON.c.code == bindparam("code"))

STAFF: Select[Any] = select(_PERSON).order_by(_PERSON.c.code)
DELEGATIONS: Select[Any] = select(_DELEGATION).order_by(_DELEGATION.c.id)
ABSENCES: Select[Any] = select(_ABSENCE).order_by(_ABSENCE.c.id)
"""Who may do what is asked with every deed."""


def insert_for(dialect: str, table: Table) -> Any:
    """INSERT of the dialect, which knows ON CONFLICT; both spell it the same."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def run(
    connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """Execute an INSERT with ON CONFLICT, which SQLAlchemy 2.0 would compile each time."""
    compiled = _compiled(statement, connection.dialect, tuple(rows[0]), len(rows) > 1)
    return connection.execute(cast("Executable", compiled), rows)


@lru_cache(maxsize=128)
def _compiled(
    statement: Insert, dialect: Dialect, columns: tuple[str, ...], many: bool
) -> Compiled:
    return statement.compile(dialect=dialect, column_keys=list(columns), for_executemany=many)


@cache
def save_task(dialect: str) -> Insert:
    """The task's row, new or made to say what is given."""
    new = insert_for(dialect, _TASK)
    kept = {"code", "version"}
    changed = {column.name: new.excluded[column.name] for column in _TASK.c}
    values = {name: value for name, value in changed.items() if name not in kept}
    return cast(
        "Insert",
        new.on_conflict_do_update(
            index_elements=[_TASK.c.code], set_={**values, "version": _TASK.c.version + 1}
        ),
    )


@cache
def save_rounds(dialect: str, *, reopening: bool) -> Insert:
    """Rounds of a task, new or made to say what is given; gives back those that changed.

    A due date that is new or moves gets the next version.

    Args:
        reopening: A round that was closed and is owed again gets one too.
    """
    new = insert_for(dialect, _ROUND)
    given, stored = new.excluded, _ROUND.c
    reasons = [stored.deadline_version == 0, stored.due_on.is_distinct_from(given.due_on)]
    if reopening:
        reasons.append(and_(given.closed_on.is_(None), stored.closed_on.is_not(None)))
    moved = or_(*reasons)
    changed = or_(
        moved,
        stored.exact_from != given.exact_from,
        stored.closed_on.is_distinct_from(given.closed_on),
        stored.outcome != given.outcome,
    )
    return cast(
        "Insert",
        new.on_conflict_do_update(
            index_elements=[stored.task_code, stored.step, stored.round],
            set_={
                "closed_on": given.closed_on,
                "outcome": given.outcome,
                "due_on": case((moved, given.due_on), else_=stored.due_on),
                "limit_id": case((moved, given.limit_id), else_=stored.limit_id),
                "exact_from": given.exact_from,
                "deadline_version": stored.deadline_version + case((moved, 1), else_=0),
            },
            where=changed,
        ).returning(
            stored.id, stored.step, stored.round, stored.closed_on, stored.deadline_version
        ),
    )


@cache
def save_deadlines(dialect: str) -> Insert:
    """Versions of due dates that are not kept yet."""
    return cast("Insert", insert_for(dialect, _DEADLINE).on_conflict_do_nothing())


@cache
def note_for_resweep(dialect: str) -> Insert:
    """A due date behind the marks would be missed: the next sweep must look at it.

    Nothing is noted before the first sweep, which looks at everything.
    """
    started = exists(select(table_of(SweepMarkRow)))
    rounds = select(bindparam("round_id", type_=_RESWEEP.c.step_round_id.type)).where(started)
    new = insert_for(dialect, _RESWEEP).from_select(["step_round_id"], rounds)
    return cast("Insert", new.on_conflict_do_nothing())
