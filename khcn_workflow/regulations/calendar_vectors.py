"""Lịch làm việc over arrays of days: the same look-ups as the scalar calendar, by numpy.

Whoever works on many days at once imports this module inside the function that does so:
no command that only reads loads numpy.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Never, TypeAlias

import numpy as np
from numpy.typing import NDArray

from khcn_workflow.domain.calendar import CalendarHorizonError, WorkingCalendar
from khcn_workflow.domain.rules import Unit

Days: TypeAlias = NDArray[Any] | Sequence[date]
"""Days as numpy dates, as whole days since 1970-01-01, or as a list of dates."""

Amounts: TypeAlias = int | NDArray[np.integer[Any]]
"""One number for all days, or one for each."""

DAY = np.dtype("datetime64[D]")
EPOCH = date(1970, 1, 1)
FIRST_NUMBER, LAST_NUMBER = (date.min - EPOCH).days, (date.max - EPOCH).days


class VectorCalendar:
    """A working calendar that answers for whole arrays.

    Days come back as they were given: whole numbers (int32) for whole numbers, otherwise
    datetime64[D].

    Raises:
        CalendarHorizonError: From every method, where the scalar calendar would raise it
            for one of the days; it names the first such day. NaT lies outside any horizon.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._base = (calendar.first - EPOCH).days
        flags = np.frombuffer(calendar.flags, dtype=np.uint8)
        # the narrowest type that holds the counts: the table stays in the processor's cache
        self._up_to = np.zeros(len(flags) + 1, np.min_scalar_type(int(flags.sum())))
        np.cumsum(flags, out=self._up_to[1:])
        self._numbers = (np.flatnonzero(flags) + self._base).astype(np.int32)
        self._dates = self._numbers.astype(DAY)

    def add(self, days: Days, working_days: Amounts) -> NDArray[Any]:
        """The nth working day after each day, before it when n < 0; 0 rolls forward."""
        amounts = np.asarray(working_days)
        return self._nth(_as_days(days), amounts, amounts > 0)

    def count(self, after: Days, until: Days) -> NDArray[np.int32]:
        """Working days in each (after, until]; negative when `until` is the earlier one."""
        counts: NDArray[np.int32] = self._through(until).astype(np.int32) - self._through(after)
        return counts

    def roll_forward(self, days: Days) -> NDArray[Any]:
        """Each day, or the next working day when it is a day off (Civil Code art. 148.5)."""
        return self.add(days, 0)

    def roll_back(self, days: Days) -> NDArray[Any]:
        """Each day, or the working day before it when it is a day off."""
        return self._nth(_as_days(days), np.asarray(0), np.asarray(True))

    def due(self, anchors: Days, amount: Amounts, unit: Unit) -> NDArray[Any]:
        """When limits are due that run from these anchors, as `deadlines.derive` says.

        Args:
            amount: Units after the anchor; negative: at least so many before it, never
                later than counted.
        """
        amounts = np.asarray(amount)
        if unit is Unit.WORKING_DAYS:
            return self.add(anchors, amounts)
        days = _as_days(anchors)
        raw = _months_later(days, amounts) if unit is Unit.MONTHS else days + amounts
        return self._nth(raw, np.zeros_like(amounts), amounts < 0)

    def _nth(self, days: NDArray[Any], amounts: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
        """The nth working day, counted from each day's end where `after`, else from its start."""
        ranks = self._up_to.take(self._index(days) + after, mode="clip")
        ranks = np.add(ranks, amounts - after, dtype=np.int64)
        if not _within(ranks, len(self._numbers)):
            self._refuse_term(days, amounts, after, ranks)
        table = self._dates if days.dtype == DAY else self._numbers
        found: NDArray[Any] = table.take(ranks, mode="clip")
        return found

    def _through(self, days: Days) -> NDArray[Any]:
        """Working days up to and with each day."""
        return self._up_to[1:].take(self._index(_as_days(days)), mode="clip")

    def _index(self, days: NDArray[Any]) -> NDArray[Any]:
        index = days.view(np.int64) - self._base
        length = len(self._calendar.flags)
        if not _within(index, length):
            self._refuse(days, (index < 0) | (index >= length))
        return index

    def _refuse_term(
        self,
        days: NDArray[Any],
        amounts: NDArray[Any],
        after: NDArray[Any],
        ranks: NDArray[Any],
    ) -> Never:
        bad = (ranks < 0) | (ranks >= len(self._numbers))
        steps = np.where(amounts == 0, np.where(after, -1, 1), amounts)
        self._refuse(days, bad, steps)

    def _refuse(self, days: NDArray[Any], bad: NDArray[Any], steps: Any = 0) -> Never:
        numbers, bad, steps = np.broadcast_arrays(days.view(np.int64), bad, steps)
        at = int(np.argmax(bad))
        on = min(max(int(numbers.flat[at]), FIRST_NUMBER), LAST_NUMBER)
        first, last = self._calendar.first, self._calendar.last
        named = date.fromordinal(EPOCH.toordinal() + on)
        raise CalendarHorizonError(named, first, last, int(steps.flat[at]))


def _as_days(days: Days) -> NDArray[Any]:
    """An array of datetime64[D], or of int64 when whole numbers were given.

    Raises:
        TypeError: They are neither days nor whole numbers.
    """
    if isinstance(days, np.ndarray):
        if days.dtype.kind in "iu":
            return days.astype(np.int64, copy=False)
        if days.dtype.kind not in "MO":
            raise TypeError(f"neither days nor whole numbers: {days.dtype}")
    return np.asarray(days, dtype=DAY)


def _months_later(days: NDArray[Any], months: NDArray[Any]) -> NDArray[Any]:
    """The corresponding day, or the last of a month without it (Civil Code art. 148.3-4)."""
    starts = days.astype(DAY).astype("datetime64[M]")
    wanted = starts + months
    same = wanted.astype(DAY) + (days.astype(DAY) - starts.astype(DAY))
    later: NDArray[Any] = np.minimum(same, (wanted + 1).astype(DAY) - 1)
    return later if days.dtype == DAY else later.view(np.int64)


def _within(numbers: NDArray[Any], stop: int) -> bool:
    """Whether all are in [0, stop): read without its sign, a negative one is huge."""
    return bool(np.asarray(numbers).view(np.uint64).max(initial=0) < stop)
