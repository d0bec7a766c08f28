"""Bảng theo dõi: what is late, what comes, who carries it and where the tasks stand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import STAGE_IDS
from khcn_workflow.domain.science_task import Person
from khcn_workflow.storage.queries import OwedStep

SOON = 7
"""Working days ahead that the boards show."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """An open step with a due date.

    Attributes:
        force: Luật định or mục tiêu nội bộ.
        days_late: Working days after the due date; 0 while in time, or on the days off after it.
        days_left: Working days to the due date; 0 when it has come.
    """

    task_code: str
    task_title: str
    step: str
    officer: str
    due_on: date
    force: str
    days_late: int
    days_left: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer carries: open steps, those late, those due soon."""

    code: str
    name: str
    division: str
    tasks: int
    open: int
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class StageCount:
    """Open steps of a stage; the earliest due date among those late."""

    stage: str
    title: str
    tasks: int
    open: int
    late: int
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class Boards:
    """All boards as they stand on a day; late and soon are sorted by due date."""

    today: date
    late: tuple[BoardLine, ...]
    soon: tuple[BoardLine, ...]
    loads: tuple[Load, ...]
    funnel: tuple[StageCount, ...]


def boards(context: Context) -> Boards:
    """The boards of today, from what is stored: no ledger is folded."""
    owed = context.work.queries.owed_steps()
    persons = context.work.queries.persons()
    lines = [_line(context, persons, step, step.due_on) for step in owed if step.due_on]
    return Boards(
        today=context.today,
        late=tuple(line for line in lines if line.due_on < context.today),
        soon=tuple(
            line for line in lines if line.due_on >= context.today and line.days_left <= SOON
        ),
        loads=tuple(_loads(context, persons, owed)),
        funnel=tuple(_funnel(context, owed)),
    )


def _line(
    context: Context, persons: Mapping[str, Person], step: OwedStep, due_on: date
) -> BoardLine:
    rule = context.rulebooks[step.rulebook].step(step.step)
    force = next((limit.force.label for limit in rule.limits if limit.id == step.limit_id), "")
    days = context.calendar.count(context.today, due_on)
    return BoardLine(
        task_code=step.task_code,
        task_title=step.task_title,
        step=rule.title,
        officer=f"{persons[step.officer].name}{_away(context, step.officer)}",
        due_on=due_on,
        force=force,
        days_late=max(-days, 0),
        days_left=max(days, 0),
    )


def _away(context: Context, officer: str) -> str:
    """Until when somebody is away, after her name; empty while she is at work."""
    absence = context.work.staffing.staff().absence_of(officer, context.today)
    return f" (vắng đến {vietnamese.day(absence.until)})" if absence else ""


def _loads(
    context: Context, persons: Mapping[str, Person], owed: Sequence[OwedStep]
) -> Iterable[Load]:
    by_officer: dict[str, list[OwedStep]] = {}
    for step in owed:
        by_officer.setdefault(step.officer, []).append(step)
    soon = context.calendar.add(context.today, SOON)
    for code in sorted(by_officer, key=lambda code: (-len(by_officer[code]), code)):
        steps, person = by_officer[code], persons[code]
        due = [step.due_on for step in steps if step.due_on]
        yield Load(
            code=code,
            name=person.name,
            division=person.division,
            tasks=len({step.task_code for step in steps}),
            open=len(steps),
            late=sum(1 for on in due if on < context.today),
            soon=sum(1 for on in due if context.today <= on <= soon),
        )


def _funnel(context: Context, owed: Sequence[OwedStep]) -> Iterable[StageCount]:
    for stage in STAGE_IDS:
        steps = [step for step in owed if step.stage == stage]
        late = [step.due_on for step in steps if step.due_on and step.due_on < context.today]
        yield StageCount(
            stage=stage,
            title=_stage_title(context, stage, steps),
            tasks=len({step.task_code for step in steps}),
            open=len(steps),
            late=len(late),
            oldest_due_on=min(late, default=None),
        )


def _stage_title(context: Context, stage: str, steps: Sequence[OwedStep]) -> str:
    """The words of the rulebook that most of the stage's tasks are pinned to."""
    pinned = Counter(step.rulebook for step in steps) or Counter(list(context.rulebooks))
    return context.rulebooks[pinned.most_common(1)[0][0]].stage(stage).title
