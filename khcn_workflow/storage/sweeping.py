"""Set-based reads and writes of the daily sweep: cost follows what is newly due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks
from khcn_workflow.storage.records import Record, ReminderRow


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


Range = tuple[str, date | None, date]
"""A rung, and the due dates that have reached it: after the first day, until the second."""

_ROUND, _MARK, _MOVED = (
    Record.metadata.tables[name] for name in ("step_round", "sweep_mark", "resweep")
)


class Sweeping:
    """The sweep's part of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def marks(self) -> Mapping[str, date]:
        """The day up to which each rung was swept."""
        found = self._session.execute(select(_MARK.c.rung, _MARK.c.swept_to))
        return {row.rung: row.swept_to for row in found}

    def swept_to(self, rungs: Sequence[str]) -> date | None:
        """The day up to which every one of these rungs was swept; None when one never was."""
        marks = self.marks()
        days = [marks.get(rung) for rung in rungs]
        known = [day for day in days if day is not None]
        return min(known) if len(known) == len(days) else None

    def set_marks(self, rungs: Sequence[str], swept_to: date) -> None:
        """Say that these rungs are swept up to that day."""
        dialect = self._session.get_bind().dialect.name
        insert = (sqlite if dialect == "sqlite" else postgresql).insert(_MARK)
        statement = insert.on_conflict_do_update(
            index_elements=[_MARK.c.rung], set_={"swept_to": insert.excluded.swept_to}
        )
        values = [{"rung": rung, "swept_to": swept_to} for rung in rungs]
        self._session.execute(statement, values)

    def newly_due(self, ranges: Sequence[Range]) -> list[Crossing]:
        """Open rounds due in (after, until] of each rung, from the index on what is owed."""
        if not ranges:
            return []
        each = [_in_range(rung, after, until) for rung, after, until in ranges]
        found = self._session.execute(union_all(*each))
        return [Crossing(*row) for row in found]

    def moved_behind(self) -> list[Crossing]:
        """Open rounds that were given a due date behind the marks since the last sweep.

        Of no rung yet: whoever asks must see which ones their dates have reached.
        """
        moved = list(self._session.scalars(select(_MOVED.c.step_round_id)))
        found: list[Crossing] = []
        for some in chunks(moved, SUBJECTS):
            rows = self._session.execute(_crossings("").where(_ROUND.c.id.in_(some)))
            found += [Crossing(*row) for row in rows if row.due_on is not None]
        return found

    def forget_moved(self) -> None:
        """Empty the list of rounds to look at again."""
        self._session.execute(delete(_MOVED))

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


def _in_range(rung: str, after: date | None, until: date) -> Select[Any]:
    statement = _crossings(rung).where(_ROUND.c.due_on <= until)
    return statement if after is None else statement.where(_ROUND.c.due_on > after)


def _crossings(rung: str) -> Select[Any]:
    return select(
        _ROUND.c.id,
        _ROUND.c.task_code,
        _ROUND.c.step,
        _ROUND.c.due_on,
        _ROUND.c.deadline_version,
        literal(rung).label("rung"),
    ).where(_ROUND.c.closed_on.is_(None))
