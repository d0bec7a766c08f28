"""What the growing operations are held against: bare inserts, a window query, arrays in memory."""

from datetime import date
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from benchmarks.filling import swept_yesterday
from khcn_workflow.domain.calendar import WorkingCalendar

NEVER = date.max.toordinal()


class Bounds:
    """Bounds on one database; what they need beside its tables is made once."""

    def __init__(self, engine: Engine, calendar: WorkingCalendar) -> None:
        self._engine, self._calendar = engine, calendar
        self._sqlite = engine.dialect.name == "sqlite"
        with engine.begin() as connection:
            connection.execute(text(_BARE))

    def raw_insert(self) -> float:
        """Seconds of a transaction that writes the day's reminders to a bare table."""
        with self._engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(_REMINDERS))]
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            started = perf_counter()
            if self._sqlite:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)", rows)
                cursor.execute("COMMIT")
            else:
                with cursor.copy("COPY bare FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                raw.commit()
            return perf_counter() - started
        finally:
            raw.close()

    def unsweep(self) -> None:
        """As it was before the day was swept."""
        with self._engine.begin() as connection:
            for table in ("reminder", "outbox", "bare"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
            mark = {"day": swept_yesterday(self._calendar)}
            connection.execute(text("UPDATE sweep_mark SET swept_to = :day"), mark)


class OtherWays:
    """The figures as of a day by other ways than ours: from the log, and from memory."""

    def __init__(self, engine: Engine, calendar: WorkingCalendar) -> None:
        self._engine, self._calendar = engine, calendar
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS event_log"))
            connection.execute(text(_EVENTS))
            connection.execute(text(_BY_ROUND))
            rows = connection.execute(text(_COLUMNS)).all()
            self.rounds = len(rows)
            self._columns = _arrays(rows)
            working = np.frombuffer(calendar.flags, np.uint8)
            self._up_to = np.cumsum(working, dtype=np.int32)
            if engine.dialect.name != "sqlite":
                connection.execute(text("ANALYZE event_log"))

    def by_window(self, day: date) -> tuple[Any, Any]:
        """Funnel and overdue list by row_number() over the log of openings and closings."""
        values = {"day": day.isoformat(), "late": self._calendar.roll_back(day).isoformat()}
        with self._engine.connect() as connection:
            funnel = connection.execute(text(_BY_STAGE), values).all()
            return funnel, connection.execute(text(_OVERDUE), values).all()

    def in_memory(self, day: date) -> tuple[Any, Any]:
        """Counts by stage, and the rows overdue with their days late, from four columns."""
        opened, closed, due, stage = self._columns
        on, base = day.toordinal(), self._calendar.first.toordinal()
        standing = (opened <= on) & (closed > on)
        late = np.flatnonzero(standing & (due < self._calendar.roll_back(day).toordinal()))
        days_late = self._up_to[on - base] - self._up_to[due[late] - base]
        columns = (late, stage[late], due[late], days_late)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        return np.bincount(stage[standing], minlength=6), rows


def _arrays(rows: Any) -> tuple[Any, ...]:
    stages = {stage: number for number, stage in enumerate(sorted({row[3] for row in rows}))}

    def number(value: Any) -> int:
        if value is None:
            return NEVER
        return (date.fromisoformat(value) if isinstance(value, str) else value).toordinal()

    days = (np.array([number(row[n]) for row in rows], np.int32) for n in range(3))
    return *days, np.array([stages[row[3]] for row in rows], np.int32)


_BARE = """
CREATE TABLE bare (due_on date, rung varchar(32), step_round_id int, deadline_version int,
                   fired_on date, superseded boolean)
"""
_REMINDERS = """
SELECT due_on, rung, step_round_id, deadline_version, fired_on, superseded FROM reminder
"""
_EVENTS = """
CREATE TABLE event_log AS
SELECT id AS round_id, 1 AS seq, opened_on AS on_day, 1 AS is_open, stage, due_on FROM step_round
UNION ALL
SELECT id, 2, closed_on, 0, stage, due_on FROM step_round WHERE closed_on IS NOT NULL
"""
_BY_ROUND = "CREATE INDEX ix_event_log ON event_log (round_id, seq)"
_COLUMNS = "SELECT opened_on, closed_on, due_on, stage FROM step_round"
_LATEST = """
FROM (SELECT round_id, stage, due_on, on_day, is_open,
             row_number() OVER (PARTITION BY round_id ORDER BY seq DESC) AS place
      FROM event_log WHERE on_day <= :day) latest
WHERE place = 1 AND is_open = 1
"""
_LATE = "due_on < :late"
_BY_STAGE = f"""
SELECT stage, count(*), sum(CASE WHEN {_LATE} THEN 1 ELSE 0 END), min(on_day) {_LATEST}
GROUP BY stage
"""
_OVERDUE = f"SELECT round_id, stage, due_on {_LATEST} AND {_LATE} ORDER BY due_on"
