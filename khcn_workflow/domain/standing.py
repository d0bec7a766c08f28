"""Đã đứng thế nào: how stored rounds tell where a task stood on an earlier day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import ONE_DAY, Deadline, deadline_of
from khcn_workflow.domain.progress import CONTRACT_END, Progress, StepRound
from khcn_workflow.domain.rules import OPENED, Rulebook


def deadline_while_owed(
    progress: Progress, owed: StepRound, rulebook: Rulebook, calendar: WorkingCalendar
) -> Deadline | None:
    """The deadline of a round: of an open one now, of a closed one on its last open day."""
    last = _last_open_day(owed)
    if last is None or not _moved_after(progress, owed, rulebook, last):
        return deadline_of(progress, owed, rulebook, calendar)
    return deadline_of(_as_of(progress, last), owed, rulebook, calendar)


def exact_from(progress: Progress, rulebook: Rulebook) -> date:
    """The first day as of which, and of every later one, the rounds tell how the task stood.

    They do so where a round was open from its opening to its closing, with the one due
    date it has. As of an earlier day something else held: a paper typed late was not yet
    dated, the task was called otherwise, was suspended, had the former contract's end, or
    an anchor had not happened. Only folding the facts of that day tells then.
    """
    days = [progress.registered_on]
    if progress.settled_from is not None:
        days.append(progress.settled_from)
    days += [suspension.until or date.max for suspension in progress.suspensions]
    for owed in progress.rounds:
        last = _last_open_day(owed)
        for on in _anchored(progress, owed, rulebook):
            if owed.opened_on < on and (last is None or on <= last):
                days.append(on)
    return max(days)


def touched_rounds(
    after: Progress, before: Progress | None, rulebook: Rulebook
) -> tuple[StepRound, ...]:
    """The rounds of which something else may be kept than before the last facts.

    Those closed long ago stay as they are while papers come in order.

    Args:
        before: What is kept now, None where that is not known.
    """
    if before is None or after.settled_from is not None or after.last_on is None:
        return after.rounds
    was, now = exact_from(before, rulebook), exact_from(after, rulebook)
    return tuple(
        r
        for r in after.rounds
        if r.closed_on is None
        or r.closed_on >= after.last_on
        or r not in before.rounds
        or max(r.opened_on, was) != max(r.opened_on, now)
    )


def _last_open_day(owed: StepRound) -> date | None:
    if owed.closed_on is None:
        return None
    return max(owed.opened_on, owed.closed_on - ONE_DAY)


def _anchored(progress: Progress, owed: StepRound, rulebook: Rulebook) -> Iterator[date]:
    """The days on which something happened that the round's limits count from."""
    limits = rulebook.step(owed.step).limits
    names = {name for limit in limits for name in (limit.anchor, limit.in_force_by)}
    steps = {name.partition(".")[0] for name in names} - {OPENED, ""}
    if steps:
        for done in progress.rounds:
            if done.outcome and done.closed_on is not None and done.step in steps:
                yield done.closed_on
    if CONTRACT_END in names:
        yield from (extension.on for extension in progress.extensions)


def _moved_after(progress: Progress, owed: StepRound, rulebook: Rulebook, last: date) -> bool:
    """Whether something that happened after a day could move the round's deadline."""
    stopped = any(
        suspension.since > last or suspension.until is None or suspension.until > last
        for suspension in progress.suspensions
    )
    return stopped or any(on > last for on in _anchored(progress, owed, rulebook))


def _as_of(progress: Progress, on: date) -> Progress:
    """What deadlines look at, as it stood on a day: results, suspensions, extensions."""
    return replace(
        progress,
        rounds=tuple(r for r in progress.rounds if r.closed_on is not None and r.closed_on <= on),
        suspensions=tuple(
            replace(s, until=s.until if s.until is not None and s.until <= on else None)
            for s in progress.suspensions
            if s.since <= on
        ),
        extensions=tuple(e for e in progress.extensions if e.on <= on),
    )
