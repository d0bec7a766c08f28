"""Set-based reads and writes of the daily sweep: cost follows what is newly due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import ReminderRow, ResweepRow, StepRoundRow, SweepMarkRow


@dataclass(frozen=True, slots=True)
class Crossing:
    """A rung of the ladder that the deadline of an open round has reached.

    Attributes:
        superseded: A more urgent rung was reached with it, so nobody is told.
    """

    step_round_id: int
    task_code: str
    step: str
    due_on: date
    deadline_version: int
    rung: str
    superseded: bool = False


class Sweeping:
    """The sweep's part of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def marks(self) -> Mapping[str, date]:
        """The day up to which each rung was swept."""
        return {row.rung: row.swept_to for row in self._session.scalars(select(SweepMarkRow))}

    def swept_to(self, rungs: Sequence[str]) -> date | None:
        """The day up to which every one of these rungs was swept; None when one never was."""
        marks = self.marks()
        days = [marks.get(rung) for rung in rungs]
        known = [day for day in days if day is not None]
        return min(known) if len(known) == len(days) else None

    def set_marks(self, rungs: Sequence[str], swept_to: date) -> None:
        """Say that these rungs are swept up to that day."""
        for rung in rungs:
            self._session.merge(SweepMarkRow(rung=rung, swept_to=swept_to))
        self._session.flush()

    def newly_due(self, rung: str, after: date | None, until: date) -> list[Crossing]:
        """Open rounds due in (after, until], from the index on what is owed."""
        statement = (
            select(StepRoundRow)
            .where(StepRoundRow.closed_on.is_(None), StepRoundRow.due_on <= until)
            .order_by(StepRoundRow.due_on, StepRoundRow.id)
        )
        if after is not None:
            statement = statement.where(StepRoundRow.due_on > after)
        return [_crossing(row, rung) for row in self._session.scalars(statement)]

    def moved_behind(self, rung: str, until: date) -> list[Crossing]:
        """Open rounds that were given a due date behind the marks since the last sweep."""
        statement = (
            select(StepRoundRow)
            .join(ResweepRow, ResweepRow.step_round_id == StepRoundRow.id)
            .where(StepRoundRow.closed_on.is_(None), StepRoundRow.due_on <= until)
        )
        return [_crossing(row, rung) for row in self._session.scalars(statement)]

    def forget_moved(self) -> None:
        """Empty the list of rounds to look at again."""
        self._session.execute(delete(ResweepRow))

    def record(self, crossings: Sequence[Crossing], fired_on: date) -> list[Crossing]:
        """Write the crossings; those that no earlier sweep had written."""
        by_key = {(c.due_on, c.rung, c.step_round_id, c.deadline_version): c for c in crossings}
        rows = [
            {
                "due_on": c.due_on,
                "rung": c.rung,
                "step_round_id": c.step_round_id,
                "deadline_version": c.deadline_version,
                "fired_on": fired_on,
                "superseded": c.superseded,
            }
            for _, c in sorted(by_key.items())
        ]
        return [by_key[key] for key in insert_new(self._session, ReminderRow, rows, _KEY)]


_KEY = (
    ReminderRow.due_on,
    ReminderRow.rung,
    ReminderRow.step_round_id,
    ReminderRow.deadline_version,
)


def _crossing(row: StepRoundRow, rung: str) -> Crossing:
    assert row.due_on is not None  # noqa: S101 - the queries above ask for due_on <= until
    return Crossing(row.id, row.task_code, row.step, row.due_on, row.deadline_version, rung)
