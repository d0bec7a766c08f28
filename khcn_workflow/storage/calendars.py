"""Các phiên bản lịch: each calendar that a due date rests on, kept as it was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from khcn_workflow.domain.calendar import Day, DayKind, WorkingCalendar
from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import CalendarRow


class Calendars:
    """The stored calendar versions of one transaction.

    Args:
        known: Versions known to be stored, shared by the transactions of a database.
    """

    def __init__(self, session: Session, known: set[str]) -> None:
        self._session = session
        self._known = known
        self._kept: set[str] = set()
        self._loaded: dict[str, WorkingCalendar | None] = {}

    def remember(self, calendar: WorkingCalendar, seen_at: datetime) -> None:
        """Keep a version that is not kept yet; on the first one all due dates rest.

        One that an earlier transaction left behind is looked up once in the process.
        """
        if calendar.version in self._known or calendar.version in self._kept:
            return
        self._kept.add(calendar.version)
        kept = select(CalendarRow.version).where(CalendarRow.version == calendar.version)
        if self._session.scalar(kept) is not None:
            self._known.add(calendar.version)
        else:
            is_first = self._session.scalar(select(CalendarRow.version).limit(1)) is None
            row = {
                "version": calendar.version,
                "first": calendar.first,
                "last": calendar.last,
                "official_until": calendar.official_until,
                "exceptions": [_to_data(day) for day in calendar.exceptions.values()],
                "seen_at": seen_at,
                "projected_at": seen_at if is_first else None,
            }
            insert_new(self._session, CalendarRow, [row], [CalendarRow.version])

    def carry_all(self, calendar: WorkingCalendar, projected_at: datetime) -> None:
        """Say that from now on every due date rests on this calendar."""
        self.remember(calendar, projected_at)
        statement = update(CalendarRow).where(CalendarRow.version == calendar.version)
        self._session.execute(statement.values(projected_at=projected_at))

    def carries_all(self, calendar: WorkingCalendar) -> bool:
        """Whether every due date rests on this calendar: none waits to be made anew."""
        latest = (
            select(CalendarRow.version)
            .where(CalendarRow.projected_at.is_not(None))
            .order_by(CalendarRow.projected_at.desc())
            .limit(1)
        )
        return self._session.scalar(latest) == calendar.version

    def load(self, version: str) -> WorkingCalendar | None:
        """The calendar of a version, None if it was never kept."""
        if version not in self._loaded:
            row = self._session.get(CalendarRow, version)
            self._loaded[version] = _calendar(row) if row is not None else None
        return self._loaded[version]


def _calendar(row: CalendarRow) -> WorkingCalendar:
    days = [_from_data(data) for data in row.exceptions]
    return WorkingCalendar(
        version=row.version,
        first=row.first,
        last=row.last,
        exceptions={day.on: day for day in days},
        official_until=row.official_until,
    )


def _to_data(day: Day) -> list[Any]:
    return [day.on.isoformat(), day.kind.value, day.reason, day.source, day.official]


def _from_data(data: list[Any]) -> Day:
    on, kind, reason, source, official = data
    return Day(date.fromisoformat(on), DayKind(kind), reason, source, official)
