"""Lịch làm việc: which days count, and how terms run over them (Civil Code 2015 art. 144-148)."""

from array import array
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate, compress

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError

SATURDAY = 5
WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
"""The plain rule, Monday first: 1 works, 0 rests."""


class DayKind(StrEnum):
    """Why a day works or rests."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAPPED_OFF = "swapped-off"
    SWAPPED_IN = "swapped-in"
    CLOSURE = "closure"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _LABELS[self]


_LABELS = {
    DayKind.WORKING: "làm việc",
    DayKind.WEEKEND: "nghỉ cuối tuần",
    DayKind.HOLIDAY: "nghỉ lễ, tết",
    DayKind.COMPENSATORY: "nghỉ bù",
    DayKind.SWAPPED_OFF: "nghỉ hoán đổi",
    DayKind.SWAPPED_IN: "làm bù",
    DayKind.CLOSURE: "cơ quan nghỉ riêng",
}


class CalendarHorizonError(KhcnError, ValueError):
    """A day was asked for that the calendar does not know; it is never guessed."""

    def __init__(self, on: date, first: date, last: date, working_days: int = 0) -> None:
        self.on, self.first, self.last, self.working_days = on, first, last, working_days
        day = vietnamese.day(on)
        asked = (
            f"Đếm {abs(working_days)} ngày làm việc {'sau' if working_days > 0 else 'trước'} "
            f"ngày {day} thì vượt ra"
            if working_days
            else f"Ngày {day} nằm"
        )
        super().__init__(
            f"{asked} ngoài lịch làm việc (từ {vietnamese.day(first)} đến {vietnamese.day(last)}); "
            "hãy kiểm tra lại ngày, nếu đúng thì bổ sung lịch nghỉ các năm đó rồi tính lại."
        )


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar.

    Attributes:
        reason: What the day is, in Vietnamese; empty for a plain day.
        source: Number of the document and its issuer, or the law; empty for a plain day.
        official: It was announced, or has been; False is "dự kiến".
    """

    on: date
    kind: DayKind
    reason: str
    source: str
    official: bool

    @property
    def is_working(self) -> bool:
        """Whether it counts as a working day."""
        return self.kind in (DayKind.WORKING, DayKind.SWAPPED_IN)


@dataclass(frozen=True, slots=True, eq=False)
class WorkingCalendar:
    """Every day from `first` to `last`, with the running count of working days.

    Monday to Friday work, Saturday and Sunday rest, `exceptions` override. Adding and
    counting are look-ups, whatever the distance. Spans are (a, b]: the first day is
    not counted, the last one is (Civil Code 2015 art. 147.2).

    Attributes:
        version: Names the data; other data, other version.
        official_until: Last day whose year was announced; later ones are provisional.
        flags: A byte a day from `first` to `last`: 1 works, 0 rests.

    Raises:
        CalendarHorizonError: From every method that is asked about a day outside the
            horizon; from the constructor when an exception lies there.
    """

    version: str
    first: date
    last: date
    exceptions: Mapping[date, Day]
    official_until: date
    flags: bytes = field(init=False, repr=False)
    _base: int = field(init=False, repr=False)
    _up_to: Sequence[int] = field(init=False, repr=False)  # [i]: working days before day i
    _working: list[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        base, length = self.first.toordinal(), (self.last - self.first).days + 1
        flags = _week_from(self.first.weekday(), length)
        for on, day in self.exceptions.items():
            if not self.first <= on <= self.last:
                raise CalendarHorizonError(on, self.first, self.last)
            flags[on.toordinal() - base] = day.is_working
        object.__setattr__(self, "flags", bytes(flags))
        object.__setattr__(self, "_base", base)
        object.__setattr__(self, "_up_to", array("i", accumulate(flags, initial=0)))
        working = compress(range(base, base + length), flags)
        object.__setattr__(self, "_working", list(map(date.fromordinal, working)))

    def is_working_day(self, on: date) -> bool:
        """Whether `on` counts as a working day."""
        return self.flags[self._index(on)] == 1

    def day(self, on: date) -> Day:
        """What `on` is, and why."""
        return self._day(self._index(on))

    def add(self, on: date, working_days: int) -> date:
        """The nth working day after `on`, before it when n < 0; 0 rolls forward."""
        i = self._index(on)
        if working_days > 0:
            k = self._up_to[i + 1] - 1 + working_days
        else:
            k = self._up_to[i] + working_days
        if not 0 <= k < len(self._working):
            raise CalendarHorizonError(on, self.first, self.last, working_days or 1)
        return self._working[k]

    def count(self, after: date, until: date) -> int:
        """Working days in (after, until]; negative when `until` is the earlier one."""
        return self._up_to[self._index(until) + 1] - self._up_to[self._index(after) + 1]

    def roll_forward(self, on: date) -> date:
        """`on`, or the next working day when it is a day off (Civil Code 2015 art. 148.5)."""
        return self.add(on, 0)

    def roll_back(self, on: date) -> date:
        """`on`, or the working day before it when it is a day off."""
        k = self._up_to[self._index(on) + 1] - 1
        if k < 0:
            raise CalendarHorizonError(on, self.first, self.last, -1)
        return self._working[k]

    def days_between(self, after: date, until: date) -> Iterator[Day]:
        """Every day of (after, until] in order: the proof of a count; none when reversed."""
        span = range(self._index(after) + 1, self._index(until) + 1)
        return map(self._day, span)

    def is_provisional(self, on: date) -> bool:
        """Whether nobody has announced yet which days of `on`'s year are off ("dự kiến")."""
        return on > self.official_until

    def _index(self, on: date) -> int:
        i = on.toordinal() - self._base
        if not 0 <= i < len(self.flags):
            raise CalendarHorizonError(on, self.first, self.last)
        return i

    def _day(self, index: int) -> Day:
        on = date.fromordinal(self._base + index)
        found = self.exceptions.get(on)
        return found if found is not None else _plain(on, on <= self.official_until)


def add_months(on: date, months: int) -> date:
    """The corresponding day `months` later (earlier when negative).

    The last day of the month where there is no such day (Civil Code 2015 art. 148.3-4).
    """
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))


def _plain(on: date, official: bool) -> Day:
    kind = DayKind.WORKING if on.weekday() < SATURDAY else DayKind.WEEKEND
    return Day(on, kind, "", "", official)


def _week_from(weekday: int, length: int) -> bytearray:
    week = WEEK[weekday:] + WEEK[:weekday]
    return bytearray((week * (length // 7 + 1))[:length])
