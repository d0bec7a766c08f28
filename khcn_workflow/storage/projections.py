"""Bảng suy ra từ sổ cái: what does not follow from the ledger is taken out, the rest set right."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Delete, delete, select, update
from sqlalchemy.orm import Session

from khcn_workflow.domain.progress import Progress
from khcn_workflow.storage.records import (
    ActivityRow,
    DeadlineRow,
    PersonRow,
    ReminderRow,
    ResweepRow,
    StepRoundRow,
    TaskRow,
)

TASK_COLUMNS = (
    "title",
    "level",
    "officer",
    "rulebook",
    "data",
    "registered_on",
    "ending",
    "ended_on",
)
"""What a task's row tells besides its code and version."""

_OF_ROUNDS = (ReminderRow, ResweepRow, DeadlineRow)
"""Tables whose rows hang on a round."""


@dataclass(frozen=True, slots=True)
class StoredRound:
    """What the row of a round tells.

    Attributes:
        due_on: Only of a round that is owed.
    """

    stage: str
    opened_on: date
    closed_on: date | None
    outcome: str
    due_on: date | None


class Projections:
    """The derived tables of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tasks(self) -> dict[str, dict[str, Any]]:
        """What the row of each task tells (as `task_values`), by code."""
        return {
            row.code: {name: getattr(row, name) for name in TASK_COLUMNS}
            for row in self._session.scalars(select(TaskRow))
        }

    def rounds(self) -> dict[str, dict[tuple[str, int], StoredRound]]:
        """Each round as its row tells it, by task, step and number."""
        rounds: dict[str, dict[tuple[str, int], StoredRound]] = defaultdict(dict)
        for row in self._session.scalars(select(StepRoundRow)):
            due_on = row.due_on if row.closed_on is None else None
            rounds[row.task_code][row.step, row.round] = StoredRound(
                row.stage, row.opened_on, row.closed_on, row.outcome, due_on
            )
        return rounds

    def correct_rounds(self, progress: Progress) -> None:
        """Set right when each stored round was opened, and take out those that never were."""
        code, known = progress.task.code, {(r.step, r.round): r for r in progress.rounds}
        rows = self._session.execute(
            select(StepRoundRow.id, StepRoundRow.step, StepRoundRow.round).where(
                StepRoundRow.task_code == code
            )
        ).all()
        for row in rows:
            owed = known.get((row.step, row.round))
            if owed is None:
                self._drop_rounds([row.id])
                continue
            values = {"stage": owed.stage, "opened_on": owed.opened_on}
            self._session.execute(
                update(StepRoundRow).where(StepRoundRow.id == row.id).values(values)
            )

    def drop_other_tasks(self, codes: Collection[str]) -> None:
        """Take out the tasks that the ledger does not know, with all that hangs on them."""
        stored = self._session.scalars(select(TaskRow.code)).all()
        for code in set(stored) - set(codes):
            rounds = select(StepRoundRow.id).where(StepRoundRow.task_code == code)
            self._drop_rounds(list(self._session.scalars(rounds)))
            self._session.execute(delete(TaskRow).where(TaskRow.code == code))

    def drop_other_persons(self, codes: Collection[str]) -> None:
        """Take out the people that the ledger does not know."""
        self._session.execute(_others(PersonRow, codes))

    def drop_other_activities(self, codes: Collection[str]) -> None:
        """Take out the activities that the ledger does not know."""
        self._session.execute(_others(ActivityRow, codes))

    def _drop_rounds(self, ids: Collection[int]) -> None:
        for record in _OF_ROUNDS:
            self._session.execute(delete(record).where(record.step_round_id.in_(ids)))
        self._session.execute(delete(StepRoundRow).where(StepRoundRow.id.in_(ids)))


def _others(record: Any, codes: Collection[str]) -> Delete:
    return delete(record).where(record.code.not_in(codes))
