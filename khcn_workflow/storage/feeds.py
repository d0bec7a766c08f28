"""Lịch cá nhân: whose calendar file has which sealed name, and what belongs into it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import DeadlineRow, FeedRow, StepRoundRow, TaskRow
from khcn_workflow.storage.statements import connection_of, table_of


@dataclass(frozen=True, slots=True)
class SealedFeed:
    """A person's calendar file; only who has the key can tell its name."""

    person: str
    sealed: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DueStep:
    """An open step with a due date, as a calendar shows it.

    Attributes:
        id: The row of the round; names the entry.
        version: Of the due date.
        made_at: When that version was made.
    """

    id: int
    task_code: str
    task_title: str
    officer: str
    rulebook: str
    stage: str
    step: str
    limit_id: str
    due_on: date
    version: int
    made_at: datetime


class Feeds:
    """The calendar files of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = connection_of(session)

    def all(self) -> list[SealedFeed]:
        """Everybody's, by person."""
        return [SealedFeed(*row) for row in self._connection.execute(_ALL)]

    def add(self, feed: SealedFeed) -> bool:
        """Keep a new one; False if the person has one already."""
        values = {"person": feed.person, "sealed": feed.sealed, "made_at": feed.made_at}
        return bool(insert_new(self._session, FeedRow, [values], [FeedRow.person]))

    def remove(self, person: str) -> bool:
        """Forget a person's; False if there is none."""
        statement = delete(FeedRow).where(FeedRow.person == person).returning(FeedRow.person)
        return self._session.scalar(statement) is not None

    def due_steps(self, officers: Collection[str]) -> list[DueStep]:
        """Open steps of these officers' tasks that have a due date, soonest first."""
        found = self._connection.execute(_DUE, {"officers": sorted(officers)})
        return [DueStep(*row) for row in found]


_FEED, _ROUND = table_of(FeedRow), table_of(StepRoundRow)
_TASK, _DEADLINE = table_of(TaskRow), table_of(DeadlineRow)

_ALL = select(_FEED.c.person, _FEED.c.sealed, _FEED.c.made_at).order_by(_FEED.c.person)

_DUE = (
    select(
        _ROUND.c.id,
        _ROUND.c.task_code,
        _TASK.c.title,
        _TASK.c.officer,
        _TASK.c.rulebook,
        _ROUND.c.stage,
        _ROUND.c.step,
        _ROUND.c.limit_id,
        _ROUND.c.due_on,
        _ROUND.c.deadline_version,
        _DEADLINE.c.made_at,
    )
    .join(_TASK, _TASK.c.code == _ROUND.c.task_code)
    .join(
        _DEADLINE,
        (_DEADLINE.c.step_round_id == _ROUND.c.id)
        & (_DEADLINE.c.version == _ROUND.c.deadline_version),
    )
    .where(
        _ROUND.c.closed_on.is_(None),
        _ROUND.c.due_on.is_not(None),
        _TASK.c.officer.in_(bindparam("officers", expanding=True)),
    )
    .order_by(_ROUND.c.due_on, _ROUND.c.id)
)
