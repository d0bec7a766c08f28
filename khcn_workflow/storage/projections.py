"""Bảng suy ra từ sổ cái: what does not follow from the ledger is taken out, the rest set right."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from khcn_workflow.domain.progress import Progress
from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks
from khcn_workflow.storage.records import (
    ActivityRow,
    DeadlineRow,
    PersonRow,
    ReminderRow,
    ResweepRow,
    StepRoundRow,
    TaskRow,
)

_OF_ROUNDS = (ReminderRow, ResweepRow, DeadlineRow)
"""Tables whose rows hang on a round."""


class Projections:
    """The derived tables of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def task_codes(self) -> set[str]:
        """The codes of all tasks that have a row or a round."""
        tasks, rounds = select(TaskRow.code), select(StepRoundRow.task_code)
        return set(self._session.scalars(tasks.union(rounds)))

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
        self._drop_others(PersonRow, codes)

    def drop_other_activities(self, codes: Collection[str]) -> None:
        """Take out the activities that the ledger does not know."""
        self._drop_others(ActivityRow, codes)

    def _drop_rounds(self, ids: Collection[int]) -> None:
        for record in _OF_ROUNDS:
            self._session.execute(delete(record).where(record.step_round_id.in_(ids)))
        self._session.execute(delete(StepRoundRow).where(StepRoundRow.id.in_(ids)))

    def _drop_others(self, record: Any, codes: Collection[str]) -> None:
        others = set(self._session.scalars(select(record.code))) - set(codes)
        for some in chunks(sorted(others), SUBJECTS):
            self._session.execute(delete(record).where(record.code.in_(some)))
