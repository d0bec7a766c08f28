"""Quét hạn: whoever must be told that a deadline comes or has gone is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.storage.sweeping import Crossing, Reminder
from notifications.ladder import BEFORE_DUE, By, Rung, reaches

Reached = tuple[Crossing, Rung]


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


def find_reached(context: Context) -> list[Reminder]:
    """Write down which rungs were newly reached: the cost follows these, not what is open."""
    sweeping = context.work.sweeping
    marks = sweeping.marks()
    until = {rung: boundary(context.calendar, rung, context.today) for rung in context.ladder}
    fresh: list[Reminder] = []
    if sweeping.any_moved():
        everything = {rung: (date.min, last) for rung, last in until.items()}
        fresh += sweeping.remind(reaches(everything), context.today, moved=True)
        sweeping.forget_moved()
    others = max(marks.values(), default=None)  # where a rung begins that is new in the ladder
    newly = {
        rung: (_swept_to(context.calendar, rung, marks.get(rung.id, others)), last)
        for rung, last in until.items()
    }
    fresh += sweeping.remind(reaches(newly), context.today)
    behind = [rung.id for rung in until if marks.get(rung.id) != context.today]
    if behind:
        sweeping.set_marks(behind, context.today)
    return fresh


def _swept_to(calendar: WorkingCalendar, rung: Rung, mark: date | None) -> date:
    return boundary(calendar, rung, mark) if mark else date.min


def boundary(calendar: WorkingCalendar, rung: Rung, day: date) -> date:
    """The latest due date whose rung has come by `day`."""
    return (
        calendar.add(calendar.roll_back(day), -rung.offset)
        if rung.offset
        else (calendar.roll_back(day))
    )


def _told(context: Context, fresh: Sequence[Reminder]) -> Swept:
    rungs = {rung.id: rung for rung in context.ladder}
    told = [reminder for reminder in fresh if not reminder.superseded]
    by_mail = [reminder for reminder in told if rungs[reminder.rung].by is By.MAIL]
    crossings = context.work.sweeping.crossings(by_mail)
    reached = [(crossing, rungs[crossing.rung]) for crossing in crossings]
    messages = context.work.outbox.enqueue_all(
        list(notices.reminders(context, _not_put_off(context, reached)))
    )
    return Swept(context.today, len(fresh), len(fresh) - len(told), messages)


def _not_put_off(context: Context, reached: Sequence[Reached]) -> list[Reached]:
    """Without what its owner knows of and wants to be reminded of later."""
    if not any(rung.event in BEFORE_DUE for _, rung in reached):
        return list(reached)
    snoozes = context.work.queries.snoozes()
    kept = []
    for crossing, rung in reached:
        said = snoozes.get((crossing.task_code, crossing.step))
        put_off = said is not None and said.holds(context.today, crossing.due_on)
        if not (put_off and rung.event in BEFORE_DUE):
            kept.append((crossing, rung))
    return kept
