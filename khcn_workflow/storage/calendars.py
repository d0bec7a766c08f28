"""Các phiên bản lịch: each calendar that a due date rests on, kept as it was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from khcn_workflow.domain.calendar import Day, DayKind, WorkingCalendar
from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import CalendarRow


class Calendars:
    """The stored calendar versions of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: set[str] = set()

    def remember(self, calendar: WorkingCalendar, seen_at: datetime) -> None:
        """Keep a version that is not kept yet."""
        if calendar.version in self._kept:
            return
        self._kept.add(calendar.version)
        if self._session.get(CalendarRow, calendar.version) is None:
            row = {
                "version": calendar.version,
                "first": calendar.first,
                "last": calendar.last,
                "official_until": calendar.official_until,
                "exceptions": [_to_data(day) for day in calendar.exceptions.values()],
                "seen_at": seen_at,
            }
            insert_new(self._session, CalendarRow, [row], [CalendarRow.version])

    def load(self, version: str) -> WorkingCalendar | None:
        """The calendar of a version, None if it was never kept."""
        row = self._session.get(CalendarRow, version)
        if row is None:
            return None
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
