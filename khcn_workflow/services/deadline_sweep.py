"""Quét hạn: whoever must be told that a deadline comes or has gone is told once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.storage.sweeping import Crossing
from notifications.ladder import Rung, most_urgent


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did.

    Attributes:
        reached: Rungs of the ladder newly reached, one per deadline and rung.
        superseded: Of those, the ones that a more urgent rung made needless.
        messages: New messages in the outbox.
    """

    day: date
    reached: int
    superseded: int
    messages: int


def sweep(context: Context) -> Swept:
    """Find the deadlines that reached a rung since the last sweep and write the reminders.

    Running it again on the same day does nothing; after days of silence it looks at
    all that happened since, and of several rungs reached at once only the most
    urgent is told to each person.
    """
    context.work.locks.whole_office()
    return _told(context, find_reached(context))


def find_reached(context: Context) -> list[Crossing]:
    """Write down which rungs were newly reached: the cost follows these, not what is open."""
    sweeping = context.work.sweeping
    marks = sweeping.marks()
    until = {r.id: boundary(context.calendar, r, context.today) for r in context.ladder}
    ranges = [
        (rung.id, after, until[rung.id])
        for rung in context.ladder
        for after in [_swept_to(context.calendar, rung, marks.get(rung.id))]
        if after is None or after < until[rung.id]
    ]
    moved = [
        replace(crossing, rung=rung_id)
        for crossing in sweeping.moved_behind()
        for rung_id, last in until.items()
        if crossing.due_on <= last
    ]
    found = _with_most_urgent(context.ladder, [*sweeping.newly_due(ranges), *moved])
    fresh = sweeping.record(found, context.today)
    sweeping.forget_moved()
    behind = [rung for rung in until if marks.get(rung) != context.today]
    if behind:
        sweeping.set_marks(behind, context.today)
    return fresh


def _swept_to(calendar: WorkingCalendar, rung: Rung, mark: date | None) -> date | None:
    return boundary(calendar, rung, mark) if mark else None


def boundary(calendar: WorkingCalendar, rung: Rung, day: date) -> date:
    """The latest due date whose rung has come by `day`."""
    return (
        calendar.add(calendar.roll_back(day), -rung.offset)
        if rung.offset
        else (calendar.roll_back(day))
    )


def _with_most_urgent(ladder: Sequence[Rung], found: Sequence[Crossing]) -> list[Crossing]:
    rungs = {rung.id: rung for rung in ladder}
    reached: dict[int, list[Crossing]] = defaultdict(list)
    for crossing in found:
        reached[crossing.step_round_id].append(crossing)
    told = {
        (step_round_id, rung.id)
        for step_round_id, crossings in reached.items()
        for rung in most_urgent(rungs[c.rung] for c in crossings)
    }
    return [replace(c, superseded=(c.step_round_id, c.rung) not in told) for c in found]


def _told(context: Context, fresh: Sequence[Crossing]) -> Swept:
    rungs = {rung.id: rung for rung in context.ladder}
    reached = [(crossing, rungs[crossing.rung]) for crossing in fresh if not crossing.superseded]
    messages = context.work.outbox.enqueue_all(list(notices.reminders(context, reached)))
    return Swept(context.today, len(fresh), len(fresh) - len(reached), messages)
