"""Khoảng thời gian của lượt: what stood open on a day, read from the rounds without folding.

A round was open as of D when it was opened on D or before and closed after D. Where the rows
cannot tell (see `domain.standing.exact_from`), the task is named instead, to be folded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, select, text
from sqlalchemy.orm import Session

from khcn_workflow.storage.records import CLOSED_LATE, REACHES_BACK, StepRoundRow, TaskRow
from khcn_workflow.storage.statements import table_of


class Span(NamedTuple):
    """A round that was open on a day.

    Attributes:
        due_on: None where neither law nor target sets a limit.
        limit_id: The limit it follows from; empty without one.
        is_paused: The task was suspended and the limit stood still.
    """

    task_code: str
    task_title: str
    officer: str
    level: str
    rulebook: str
    stage: str
    step: str
    round: int
    opened_on: date
    due_on: date | None
    limit_id: str
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class StageCount:
    """How much waited in a stage, and since when the oldest of it did."""

    open: int
    overdue: int
    oldest: date


_ROUND, _TASK = table_of(StepRoundRow).c, table_of(TaskRow).c


class Spans:
    """Rounds as of a day, in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def inexact(self, day: date) -> Sequence[str]:
        """The tasks of which only their facts tell how they stood on a day."""
        statement = select(_ROUND.task_code).where(
            text(REACHES_BACK), _ROUND.exact_from > day, _ROUND.opened_on <= day
        )
        return sorted(set(self._session.scalars(statement)))  # DISTINCT would walk all rounds

    def by_stage(self, day: date, due_before: date) -> dict[str, StageCount]:
        """What was open in each stage, and how much of it was due before a day."""
        found: dict[str, StageCount] = {}
        late = func.coalesce(func.sum(case((_ROUND.due_on < due_before, 1), else_=0)), 0)
        oldest = func.min(_ROUND.opened_on)
        for still in (_ROUND.closed_on.is_(None), _ROUND.closed_on > day):
            statement = (
                select(_ROUND.stage, func.count(), late, oldest)
                .where(still, *_opened_by(day))
                .group_by(_ROUND.stage)
            )
            for stage, *values in self._session.execute(statement):
                found[stage] = added(found.get(stage), StageCount(*values))
        return found

    def owed(self, day: date, due_before: date | None = None) -> list[Span]:
        """What was open on a day and has a due date (before another day), soonest first."""
        due: Any = _ROUND.due_on.is_not(None)
        if due_before is not None:
            due = _ROUND.due_on < due_before
        spans: list[Span] = []
        for still in (_ROUND.closed_on.is_(None), _ROUND.closed_on > day):
            spans += self._spans(_selected().where(still, due, *_opened_by(day)))
        return sorted(spans, key=soonest)

    def overdue(self, day: date, due_before: date) -> list[Span]:
        """As `owed`, of due dates that had gone by: by the indexes of what is owed or was late."""
        spans: list[Span] = []
        closed_late = and_(text(CLOSED_LATE), _ROUND.closed_on > day)
        for still in (_ROUND.closed_on.is_(None), closed_late):
            late = _ROUND.due_on < due_before
            spans += self._spans(_selected().where(still, late, *_opened_by(day)))
        return sorted(spans, key=soonest)

    def _spans(self, statement: Select[Any]) -> list[Span]:
        return [Span(*row) for row in self._session.execute(statement)]


def soonest(span: Span) -> tuple[date, str, str]:
    """The order of lists: by due date, then task and step; those without a date last."""
    return span.due_on or date.max, span.task_code, span.step


def added(one: StageCount | None, other: StageCount) -> StageCount:
    """Two counts of a stage as one."""
    if one is None:
        return other
    oldest = min(one.oldest, other.oldest)
    return StageCount(one.open + other.open, one.overdue + other.overdue, oldest)


def _opened_by(day: date) -> tuple[Any, ...]:
    return _ROUND.opened_on <= day, _ROUND.exact_from <= day


def _selected() -> Select[Any]:
    return select(
        _ROUND.task_code,
        _TASK.title,
        _TASK.officer,
        _TASK.level,
        _TASK.rulebook,
        _ROUND.stage,
        _ROUND.step,
        _ROUND.round,
        _ROUND.opened_on,
        _ROUND.due_on,
        _ROUND.limit_id,
    ).join_from(table_of(StepRoundRow), table_of(TaskRow), _TASK.code == _ROUND.task_code)
