"""The ways to count working days that are measured, all told the same calendar."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from khcn_workflow.domain.calendar import WorkingCalendar

OURS, LIBRARY, LOOP = "ours", "holidays", "day-by-day loop"
NUMPY, PANDAS = "numpy busday", "pandas CustomBusinessDay"
KNOWN_FROM, KNOWN_UNTIL = date(2015, 1, 1), date(2029, 12, 31)
"""Days told to the others, wide enough for every case."""

ONE_DAY = timedelta(days=1)
SEVEN_DAYS = "1111111"
"""A week mask that rests on no day: every day off is told one by one, so Saturdays can work."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do it.

    Attributes:
        adder: For n, the function that adds n working days to a date.
        count: Working days in (after, until].
    """

    adder: Callable[[int], Callable[[date], date]]
    count: Callable[[date, date], int]


def installed_contenders(calendar: WorkingCalendar) -> tuple[dict[str, Contender], list[str]]:
    """Those whose library is installed, and the names of those whose is not."""
    off = days_off(calendar)
    found = {OURS: Contender(lambda n: lambda on: calendar.add(on, n), calendar.count)}
    with suppress(ModuleNotFoundError):
        library = corrected_library()
        found[LIBRARY] = _by_library(library)
        found[LOOP] = _by_loop(library)
    with suppress(ModuleNotFoundError):
        found[NUMPY] = _by_numpy(off)
    with suppress(ModuleNotFoundError):
        found[PANDAS] = _by_pandas(off)
    return found, [name for name in (LIBRARY, NUMPY, PANDAS) if name not in found]


def corrected_library() -> Any:
    """`holidays` with the one swap that it misses."""
    from holidays import country_holidays  # noqa: PLC0415 - may be missing

    library = country_holidays("VN", years=range(KNOWN_FROM.year, KNOWN_UNTIL.year + 1))
    library[date(2026, 1, 2)] = "12729/VPCP-KGVX"
    library.weekend_workdays.add(date(2026, 1, 10))
    return library


def _by_library(library: Any) -> Contender:
    return Contender(
        lambda n: lambda on: library.get_nth_working_day(on, n),
        lambda after, until: library.get_working_days_count(after + ONE_DAY, until),
    )


def _by_loop(library: Any) -> Contender:
    def add(on: date, n: int) -> date:
        while n:
            on += ONE_DAY
            n -= library.is_working_day(on)
        return on

    def count(after: date, until: date) -> int:
        counted = 0
        while after < until:
            after += ONE_DAY
            counted += library.is_working_day(after)
        return counted

    return Contender(lambda n: lambda on: add(on, n), count)


def _by_numpy(off: list[date]) -> Contender:
    import numpy as np  # noqa: PLC0415 - may be missing

    told = np.busdaycalendar(SEVEN_DAYS, off)
    offset: Callable[..., Any] = np.busday_offset
    return Contender(
        lambda n: lambda on: offset(on, n, roll="backward", busdaycal=told).item(),
        lambda after, until: int(np.busday_count(after + ONE_DAY, until + ONE_DAY, busdaycal=told)),
    )


def _by_pandas(off: list[date]) -> Contender:
    import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415 - may be missing

    week = "Mon Tue Wed Thu Fri Sat Sun"
    every = pd.offsets.CustomBusinessDay(1, weekmask=week, holidays=off)

    def adder(n: int) -> Callable[[date], date]:
        offset = pd.offsets.CustomBusinessDay(n, weekmask=week, holidays=off)
        return lambda on: (pd.Timestamp(on) + offset).date()

    return Contender(
        adder, lambda after, until: len(pd.date_range(after + ONE_DAY, until, freq=every))
    )


def days_off(calendar: WorkingCalendar) -> list[date]:
    """Every day on which nobody works, weekends too, as the others must be told."""
    return [on for on in each_day(KNOWN_FROM, KNOWN_UNTIL) if not calendar.is_working_day(on)]


def each_day(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
