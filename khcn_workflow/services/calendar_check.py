"""Soát lịch làm việc: what the calendar rests on, year by year, and what is still unsure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.calendar import Day, DayKind, WorkingCalendar
from khcn_workflow.regulations.calendars import (
    Announcement,
    Difference,
    announcements,
    calendar_files,
    differences_from_base,
    load_calendar,
)
from khcn_workflow.settings import Settings

SWAPPED = (DayKind.SWAPPED_OFF, DayKind.SWAPPED_IN)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of the calendar.

    Attributes:
        official: Its days off were announced; False is "dự kiến".
        days: Every day that is not as its weekday says, in order.
    """

    year: int
    official: bool
    working_days: int
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class SourcedYear:
    """How well a year that has a file is known.

    Attributes:
        confidences: How many of its days are known in which way ("SEEN", "SEC" …).
    """

    year: int
    official: bool
    working_days: int
    confidences: Mapping[str, int]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarCheck:
    """What a person should look over.

    Attributes:
        official_until: Dates that rest on later days are provisional.
        differences: Days of another kind than the `holidays` library says.
        years: Those that a file speaks for.
        unnumbered_swaps: Swapped days whose document number is not known.
    """

    version: str
    first: date
    last: date
    official_until: date
    differences: tuple[Difference, ...]
    years: tuple[SourcedYear, ...]
    unnumbered_swaps: tuple[Day, ...]


def check_calendar(settings: Settings) -> CalendarCheck:
    """Compare the Department's calendar with the library and list what is unsure.

    Raises:
        CalendarFileError: A file of its own folder cannot be used.
    """
    folders = (settings.overlays,) if settings.overlays else ()
    calendar, files = load_calendar(folders), calendar_files(folders)
    told = announcements(files)
    notes = [(file.year, file.note) for file in files if file.year]
    return CalendarCheck(
        version=calendar.version,
        first=calendar.first,
        last=calendar.last,
        official_until=calendar.official_until,
        differences=differences_from_base(folders),
        years=tuple(_sourced(calendar, year, told, notes) for year in sorted(dict(notes))),
        unnumbered_swaps=tuple(_unnumbered_swaps(calendar, told)),
    )


def show_year(calendar: WorkingCalendar, year: int) -> CalendarYear:
    """The days off of a year, its made-up Saturdays, and how many days work.

    Raises:
        CalendarHorizonError: The calendar does not know that year.
    """
    days = (day for on, day in sorted(calendar.exceptions.items()) if on.year == year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    working = calendar.is_working_day(first) + calendar.count(first, last)
    return CalendarYear(year, not calendar.is_provisional(last), working, tuple(days))


def _sourced(
    calendar: WorkingCalendar,
    year: int,
    told: Mapping[date, Announcement],
    notes: Iterable[tuple[int, str]],
) -> SourcedYear:
    known = show_year(calendar, year)
    ways = Counter(each.confidence for on, each in sorted(told.items()) if on.year == year)
    said = tuple(note for of_year, note in notes if of_year == year and note)
    return SourcedYear(year, known.official, known.working_days, dict(ways), said)


def _unnumbered_swaps(
    calendar: WorkingCalendar, told: Mapping[date, Announcement]
) -> Iterable[Day]:
    for on, day in sorted(calendar.exceptions.items()):
        numbered = on in told and told[on].document
        if day.kind in SWAPPED and not numbered:
            yield day
