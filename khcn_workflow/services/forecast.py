"""Dự báo: what falls due if nothing moves, and at the office's own pace."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import quantiles

from khcn_workflow.context import Context
from khcn_workflow.domain.calendar import add_months
from khcn_workflow.domain.clock_events import is_suspended
from khcn_workflow.domain.progress import Progress, StepRound

ENOUGH = 5
"""Closed rounds of a step below which its history is too thin to speak of a pace."""

DECILES = 10
MEDIAN, SLOW = 4, 7
"""Places of the 50th and 80th hundredth among the nine cuts of deciles."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step took this office, in working days from opening to result."""

    rounds: int
    median: float
    slow: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """One open step in the months ahead.

    Attributes:
        days_late: Working days it would be late at the end of the time, unanswered.
        expected_on: When it would be answered at the median pace; None when history is thin.
        late_by: Working days after the due date at that pace; 0 when in time or unknown.
        rounds: How many rounds the pace rests on.
    """

    task_code: str
    step: str
    officer: str
    due_on: date
    is_overdue: bool
    days_late: int
    expected_on: date | None
    late_by: int
    rounds: int


def forecast(context: Context, months: int) -> list[Forecast]:
    """Open steps that are overdue or fall due within so many months, soonest first.

    Suspended tasks are left out: their clocks stand still.
    """
    until = add_months(context.today, months)
    tasks = list(context.tasks())
    paces = paces_of(context, tasks)
    lines = [
        _line(context, progress, owed, deadline.due_on, until, paces.get(owed.step))
        for progress in tasks
        if not is_suspended(progress)
        for owed in progress.open_rounds()
        for deadline in [context.deadline(progress, owed)]
        if deadline is not None and deadline.due_on <= until
    ]
    return sorted(lines, key=lambda line: (line.due_on, line.task_code))


def paces_of(context: Context, tasks: Sequence[Progress]) -> Mapping[str, Pace]:
    """The office's pace at each step that has history enough."""
    spans: dict[str, list[int]] = defaultdict(list)
    for progress in tasks:
        for done in progress.rounds:
            if done.outcome and done.closed_on is not None:
                spans[done.step].append(context.calendar.count(done.opened_on, done.closed_on))
    return {step: _pace(days) for step, days in spans.items() if len(days) >= ENOUGH}


def _pace(days: list[int]) -> Pace:
    cuts = quantiles(days, n=DECILES, method="inclusive")
    return Pace(len(days), cuts[MEDIAN], cuts[SLOW])


def _line(
    context: Context,
    progress: Progress,
    owed: StepRound,
    due_on: date,
    until: date,
    pace: Pace | None,
) -> Forecast:
    calendar = context.calendar
    expected = None
    if pace is not None:
        usual = calendar.add(owed.opened_on, round(pace.median))
        expected = max(usual, calendar.roll_forward(context.today))
    return Forecast(
        task_code=progress.task.code,
        step=context.rulebook(progress).step(owed.step).title,
        officer=progress.task.officer,
        due_on=due_on,
        is_overdue=due_on < context.today,
        days_late=max(0, calendar.count(due_on, until)),
        expected_on=expected,
        late_by=max(0, calendar.count(due_on, expected)) if expected else 0,
        rounds=pace.rounds if pace else 0,
    )
