"""Thời hạn: a due date derived from a limit, an anchor and the calendar, with its proof."""

from dataclasses import dataclass
from datetime import date, timedelta

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import SATURDAY, DayKind, WorkingCalendar, add_months
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Direction, Force, Rulebook, TimeLimit, Unit


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a round of a step is due, and from what that follows.

    Attributes:
        due_on: Last day on which the step is in time.
        raw_on: The same before a day off moved it (Civil Code 2015 art. 148.5).
        units: How many of the limit's units were counted (the amount, or n times it).
        provisional: It rests on days nobody has announced yet ("dự kiến").
    """

    limit: TimeLimit
    anchor_on: date
    units: int
    raw_on: date
    due_on: date
    provisional: bool

    @property
    def is_statutory(self) -> bool:
        """Whether missing it breaks the law, not only a target of the Department's own."""
        return self.limit.force is Force.STATUTORY

    def days_late(self, on: date, calendar: WorkingCalendar) -> int:
        """Working days from the due date to `on`; 0 when `on` is not after it."""
        return max(0, calendar.count(self.due_on, on)) if on > self.due_on else 0

    def days_left(self, on: date, calendar: WorkingCalendar) -> int:
        """Working days from `on` to the due date; 0 when it has come or gone."""
        return calendar.count(on, self.due_on) if on < self.due_on else 0


def derive(
    limit: TimeLimit, anchor_on: date, calendar: WorkingCalendar, round_number: int = 1
) -> Deadline:
    """The deadline that `limit` sets from `anchor_on`.

    The first day is not counted (Civil Code 2015 art. 147.2); calendar days and
    months that end on a day off run to the next working day (art. 148.5); a limit
    before its anchor is never later than counted.

    Raises:
        CalendarHorizonError: The calendar does not know the days in question.
    """
    units = limit.amount * round_number if limit.every else limit.amount
    sign = 1 if limit.direction is Direction.AFTER else -1
    raw_on = _raw(limit.unit, anchor_on, sign * units, calendar)
    due_on = calendar.roll_forward(raw_on) if sign > 0 else calendar.roll_back(raw_on)
    last = max(anchor_on, due_on)
    return Deadline(limit, anchor_on, units, raw_on, due_on, calendar.is_provisional(last))


def deadline_of(
    progress: Progress, owed: StepRound, rulebook: Rulebook, calendar: WorkingCalendar
) -> Deadline | None:
    """The deadline of a round, None where neither law nor target sets one.

    The law in force on the anchor date goes before an internal target, and a limit
    made for the task's level before one for all levels.
    """
    found = [
        (limit, anchor_on)
        for limit in rulebook.step(owed.step).limits
        if (anchor_on := progress.anchor(limit.anchor, owed)) is not None
        and limit.governs(progress.task.level, anchor_on)
    ]
    if not found:
        return None
    limit, anchor_on = min(
        found, key=lambda pair: (pair[0].force is Force.INTERNAL, not pair[0].levels)
    )
    return derive(limit, anchor_on, calendar, owed.round)


def sentence(deadline: Deadline, calendar: WorkingCalendar) -> str:
    """The proof in one line, as mails and forms carry it.

    >>> # Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019, trừ …
    """
    limit = deadline.limit
    side = "từ" if limit.direction is Direction.AFTER else "trước"
    kind = "Hạn" if deadline.is_statutory else "Mục tiêu nội bộ"
    text = (
        f"{kind}: {vietnamese.weekday(deadline.due_on)} {vietnamese.day(deadline.due_on)}: "
        f"{deadline.units} {limit.unit.label} {side} {vietnamese.day(deadline.anchor_on)}"
    )
    remark = _skipped(deadline, calendar)
    provisional = " (dự kiến: lịch nghỉ chưa được công bố)" if deadline.provisional else ""
    return f"{text}{remark}{provisional}"


def _raw(unit: Unit, anchor_on: date, amount: int, calendar: WorkingCalendar) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.add(anchor_on, amount)
    if unit is Unit.CALENDAR_DAYS:
        return anchor_on + timedelta(days=amount)
    return add_months(anchor_on, amount)


def _skipped(deadline: Deadline, calendar: WorkingCalendar) -> str:
    if deadline.limit.unit is not Unit.WORKING_DAYS:
        if deadline.raw_on == deadline.due_on:
            return ""
        reason = calendar.day(deadline.raw_on)
        words = reason.reason or vietnamese.weekday(reason.on)
        moved = "chuyển sang" if deadline.due_on > deadline.raw_on else "lùi về"
        return (
            f"; ngày {vietnamese.day(deadline.raw_on)} là ngày nghỉ ({words}) nên {moved} "
            f"{vietnamese.weekday(deadline.due_on)}"
        )
    first, last = sorted((deadline.anchor_on, deadline.due_on))
    days_off = [
        f"{vietnamese.day(day.on)} ({day.reason or day.kind.label})"
        for day in calendar.days_between(first, last)
        if not day.is_working and day.kind is not DayKind.WEEKEND
    ]
    made_up = [
        f"{vietnamese.day(day.on)}"
        for day in calendar.days_between(first, last)
        if day.kind is DayKind.SWAPPED_IN
    ]
    text = ", trừ thứ Bảy, Chủ nhật" if _has_weekend(first, last) else ""
    if days_off:
        text += " và " + ", ".join(days_off) if text else ", trừ " + ", ".join(days_off)
    if made_up:
        text += f"; tính cả ngày làm bù {', '.join(made_up)}"
    return text


def _has_weekend(first: date, last: date) -> bool:
    """Whether a Saturday or Sunday lies in (first, last]."""
    span = (last - first).days
    return any(
        (first + timedelta(days=n)).weekday() >= SATURDAY for n in range(1, min(span, 7) + 1)
    )
