"""Thời hạn: a due date derived from a limit, an anchor and the calendar, with its proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import (
    SATURDAY,
    Day,
    DayKind,
    WorkingCalendar,
    add_months,
)
from khcn_workflow.domain.progress import Progress, StepRound, Suspension
from khcn_workflow.domain.rules import Direction, Force, Rulebook, TimeLimit, Unit

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension as it lies within a limit's time.

    Attributes:
        days: How many days of the limit's kind (working or calendar) it takes out.
    """

    since: date
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a round of a step is due, and from what that follows.

    Attributes:
        due_on: Last day on which the step is in time.
        raw_on: The same before a day off moved it (Civil Code 2015 art. 148.5).
        units: How many of the limit's units were counted (the amount, or n times it).
        provisional: It rests on days nobody has announced yet ("dự kiến").
        pauses: Suspensions that moved it.
        paused_since: The task is suspended since that day and the limit stands still;
            `due_on` is then what it would be had the task gone on.
    """

    limit: TimeLimit
    anchor_on: date
    units: int
    raw_on: date
    due_on: date
    provisional: bool
    pauses: tuple[Pause, ...] = ()
    paused_since: date | None = None

    @property
    def is_statutory(self) -> bool:
        """Whether missing it breaks the law, not only a target of the Department's own."""
        return self.limit.force is Force.STATUTORY

    def days_late(self, on: date, calendar: WorkingCalendar) -> int:
        """Working days from the due date to `on`; 0 when not after it, or while paused."""
        if self.paused_since or on <= self.due_on:
            return 0
        return max(0, calendar.count(self.due_on, on))

    def days_left(self, on: date, calendar: WorkingCalendar) -> int:
        """Working days from `on` to the due date; 0 when it has come or gone."""
        return calendar.count(on, self.due_on) if on < self.due_on else 0


class Mark(StrEnum):
    """What a day is to a limit."""

    COUNTED = "counted"
    SKIPPED = "skipped"
    ROLLED = "rolled"
    END = "end"


@dataclass(frozen=True, slots=True)
class ProofDay:
    """One day of a deadline's proof.

    Attributes:
        mark: Counted; skipped; rolled over from a day off to the due date; or the
            end of a limit in months, whose days are not counted one by one.
        number: Which unit of the limit it is; 0 when it is not counted.
        reason: Why it is skipped, or what is special about it; empty for a plain day.
        source: The document that says so.
    """

    on: date
    mark: Mark
    number: int
    reason: str
    source: str


def derive(
    limit: TimeLimit,
    anchor_on: date,
    calendar: WorkingCalendar,
    round_number: int = 1,
    suspensions: Sequence[Suspension] = (),
) -> Deadline:
    """The deadline that `limit` sets from `anchor_on`.

    The first day is not counted (Civil Code 2015 art. 147.2); calendar days and
    months that end on a day off run to the next working day (art. 148.5); a limit
    before its anchor is never later than counted. Suspended days are not counted:
    working days out of a limit in working days, calendar days out of the others.

    Raises:
        CalendarHorizonError: The calendar does not know the days in question.
    """
    units = limit.amount * round_number if limit.every else limit.amount
    if limit.direction is Direction.BEFORE:
        raw_on = _raw(limit.unit, anchor_on, -units, calendar)
        due_on = calendar.roll_back(raw_on)
        paused_since = _paused_since(suspensions, due_on)
        provisional = calendar.is_provisional(anchor_on)
        return Deadline(limit, anchor_on, units, raw_on, due_on, provisional, (), paused_since)
    raw_on = _raw(limit.unit, anchor_on, units, calendar)
    raw_on, pauses = _without_suspended(limit.unit, anchor_on, raw_on, calendar, suspensions)
    due_on = _rolled(raw_on, calendar, suspensions)
    return Deadline(
        limit,
        anchor_on,
        units,
        raw_on,
        due_on,
        calendar.is_provisional(due_on),
        pauses,
        _paused_since(suspensions, due_on),
    )


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
        and limit.governs(progress.task.level, _deciding(progress, limit, owed) or anchor_on)
    ]
    if not found:
        return None
    limit, anchor_on = min(
        found, key=lambda pair: (pair[0].force is Force.INTERNAL, not pair[0].levels)
    )
    return derive(limit, anchor_on, calendar, owed.round, progress.suspensions)


def _deciding(progress: Progress, limit: TimeLimit, owed: StepRound) -> date | None:
    """The date that a transition clause puts in the anchor's place (TT 20/2023 Điều 25)."""
    return progress.anchor(limit.in_force_by, owed) if limit.in_force_by else None


def sentence(deadline: Deadline, calendar: WorkingCalendar) -> str:
    """The proof in one line, as mails and forms carry it.

    "Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019, trừ …"
    """
    limit = deadline.limit
    side = "từ" if limit.direction is Direction.AFTER else "trước"
    kind = "Hạn" if deadline.is_statutory else "Mục tiêu nội bộ"
    if deadline.paused_since:
        return (
            f"{kind} đang dừng tính: nhiệm vụ tạm dừng từ {vietnamese.day(deadline.paused_since)}"
        )
    return "".join(
        [
            f"{kind}: {vietnamese.weekday(deadline.due_on)} {vietnamese.day(deadline.due_on)}: ",
            f"{deadline.units} {limit.unit.label} {side} {vietnamese.day(deadline.anchor_on)}",
            _skipped(deadline, calendar),
            *map(_pause_words, deadline.pauses),
            " (dự kiến: lịch nghỉ chưa được công bố)" if deadline.provisional else "",
        ]
    )


def proof(deadline: Deadline, calendar: WorkingCalendar) -> Iterator[ProofDay]:
    """Every day from the anchor to the due date: counted, or skipped with the reason.

    Days run away from the anchor, so those of a limit before it run backwards. Of a
    limit in months only the end is shown, and the days it rolled over.
    """
    number = 0
    for day in _span(deadline, calendar):
        mark = _mark(deadline, day)
        number += mark is Mark.COUNTED
        paused = _is_paused(deadline, day)
        reason = "tạm dừng" if paused else day.reason or _plain_reason(day)
        source = day.source if reason and not paused else ""
        yield ProofDay(day.on, mark, number if mark is Mark.COUNTED else 0, reason, source)


def _span(deadline: Deadline, calendar: WorkingCalendar) -> list[Day]:
    """The days that the limit runs over; neither the anchor nor a meeting's day is among them."""
    anchor_on, due_on = deadline.anchor_on, deadline.due_on
    if deadline.limit.direction is Direction.AFTER:
        days = list(calendar.days_between(anchor_on, due_on))
    else:
        days = list(calendar.days_between(due_on - ONE_DAY, anchor_on - ONE_DAY))[::-1]
    if deadline.limit.unit is not Unit.MONTHS:
        return days
    first, last = sorted((deadline.raw_on, due_on))
    return [day for day in days if first <= day.on <= last]


def _mark(deadline: Deadline, day: Day) -> Mark:
    first, last = sorted((deadline.anchor_on, deadline.raw_on))
    if not first <= day.on <= last:
        return Mark.ROLLED
    if deadline.limit.unit is Unit.MONTHS:
        return Mark.END
    in_working_days = deadline.limit.unit is Unit.WORKING_DAYS
    if _is_paused(deadline, day) or (in_working_days and not day.is_working):
        return Mark.SKIPPED
    return Mark.COUNTED


def _is_paused(deadline: Deadline, day: Day) -> bool:
    return any(pause.since <= day.on < pause.until for pause in deadline.pauses)


def _plain_reason(day: Day) -> str:
    return "" if day.is_working else day.kind.label


def _raw(unit: Unit, anchor_on: date, amount: int, calendar: WorkingCalendar) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.add(anchor_on, amount)
    if unit is Unit.CALENDAR_DAYS:
        return anchor_on + timedelta(days=amount)
    return add_months(anchor_on, amount)


def _without_suspended(
    unit: Unit,
    anchor_on: date,
    raw_on: date,
    calendar: WorkingCalendar,
    suspensions: Sequence[Suspension],
) -> tuple[date, tuple[Pause, ...]]:
    """The end after each ended suspension pushed it, earliest first."""
    pauses = []
    for since, until in merged(suspensions):
        begins = max(since, anchor_on + ONE_DAY)
        if begins > raw_on or until <= begins:
            continue
        days = _length(unit, begins, until, calendar)
        raw_on = _pushed(unit, raw_on, days, calendar)
        pauses.append(Pause(begins, until, days))
    return raw_on, tuple(pauses)


def _rolled(raw_on: date, calendar: WorkingCalendar, suspensions: Sequence[Suspension]) -> date:
    """The end itself, or the next working day that is not suspended (art. 148.5)."""
    due_on = calendar.roll_forward(raw_on)
    for since, until in merged(suspensions):
        if raw_on < due_on and since <= due_on < until:
            due_on = calendar.roll_forward(until)
    return due_on


def merged(suspensions: Sequence[Suspension]) -> list[tuple[date, date]]:
    """Ended suspensions as disjoint spans [since, until), earliest first."""
    spans: list[tuple[date, date]] = []
    for since, until in sorted((s.since, s.until) for s in suspensions if s.until):
        if spans and since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        else:
            spans.append((since, until))
    return spans


def _length(unit: Unit, begins: date, until: date, calendar: WorkingCalendar) -> int:
    """Days of the limit's kind in [begins, until)."""
    if unit is Unit.WORKING_DAYS:
        return calendar.count(begins - ONE_DAY, until - ONE_DAY)
    return (until - begins).days


def _pushed(unit: Unit, raw_on: date, days: int, calendar: WorkingCalendar) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.add(raw_on, days)
    return raw_on + timedelta(days=days)


def _paused_since(suspensions: Sequence[Suspension], due_on: date) -> date | None:
    open_ones = [s.since for s in suspensions if s.until is None and s.since <= due_on]
    return min(open_ones, default=None)


def _pause_words(pause: Pause) -> str:
    last = vietnamese.day(pause.until - ONE_DAY)
    return f"; không tính thời gian tạm dừng {vietnamese.day(pause.since)} đến {last}"


def _skipped(deadline: Deadline, calendar: WorkingCalendar) -> str:
    if deadline.limit.unit is Unit.WORKING_DAYS:
        return _skipped_days(deadline, calendar)
    if deadline.raw_on == deadline.due_on:
        return ""
    reason = calendar.day(deadline.raw_on)
    words = reason.reason or vietnamese.weekday(reason.on)
    moved = "chuyển sang" if deadline.due_on > deadline.raw_on else "lùi về"
    return (
        f"; ngày {vietnamese.day(deadline.raw_on)} là ngày nghỉ ({words}) nên {moved} "
        f"{vietnamese.weekday(deadline.due_on)}"
    )


def _skipped_days(deadline: Deadline, calendar: WorkingCalendar) -> str:
    days = sorted(_span(deadline, calendar), key=lambda day: day.on)
    days_off = [
        f"{vietnamese.day(day.on)} ({day.reason or day.kind.label})"
        for day in days
        if not day.is_working and day.kind is not DayKind.WEEKEND
    ]
    made_up = [vietnamese.day(day.on) for day in days if day.kind is DayKind.SWAPPED_IN]
    weekend = any(day.on.weekday() >= SATURDAY and not day.is_working for day in days)
    left_out = " và ".join(
        part for part in ("thứ Bảy, Chủ nhật" if weekend else "", ", ".join(days_off)) if part
    )
    text = f", trừ {left_out}" if left_out else ""
    return text + (f"; tính cả ngày làm bù {', '.join(made_up)}" if made_up else "")
