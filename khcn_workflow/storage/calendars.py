"""Các phiên bản lịch: each calendar that a due date rests on, kept as it was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
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

    def remember(self, calendar: WorkingCalendar, seen_at: datetime) -> None:
        """Keep a version that is not kept yet.

        One that an earlier transaction left behind is looked up once in the process.
        """
        if calendar.version in self._known or calendar.version in self._kept:
            return
        self._kept.add(calendar.version)
        kept = select(CalendarRow.version).where(CalendarRow.version == calendar.version)
        if self._session.scalar(kept) is not None:
            self._known.add(calendar.version)
        else:
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
