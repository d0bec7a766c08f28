"""Việc chờ: which answers people owe, each as one waiting run should ask for it."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.deadlines import Deadline, sentence
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Cause, Duty, Step
from khcn_workflow.domain.science_task import Person


@dataclass(frozen=True, slots=True)
class WaitKey:
    """Names one answer that is owed: a round of a step of a task."""

    task_code: str
    stage: str
    step: str
    round: int

    def __str__(self) -> str:
        """The text form, used as idempotency key of the waiting run."""
        return f"{self.task_code}/{self.stage}/{self.step}/{self.round}"


@dataclass(frozen=True, slots=True)
class Wait:
    """A waiting run as it should be.

    Attributes:
        name: What operators read in the list of runs.
        tags: What operators filter by.
        is_overdue: The deadline has gone by.
    """

    key: WaitKey
    name: str
    tags: tuple[str, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Question:
    """All that the form of a waiting run shows and offers.

    Attributes:
        without_limit: What is known of the law's limit where there is no deadline.
    """

    wait: Wait
    progress: Progress
    owed: StepRound
    step: Step
    stage_title: str
    deadline: Deadline | None
    proof: str
    without_limit: str
    duties: tuple[Duty, ...]
    causes: tuple[Cause, ...]
    persons: tuple[Person, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an answer that is owed no longer.

    Attributes:
        title: The outcome's words; empty when the step fell away.
    """

    title: str


def desired_waits(context: Context, task_code: str | None = None) -> list[Wait]:
    """One waiting run for every open step (of one task), soonest due first."""
    waits = []
    for owed in context.work.queries.owed_steps(task_code):
        rulebook = context.rulebooks[owed.rulebook]
        key = WaitKey(owed.task_code, owed.stage, owed.step, owed.round)
        overdue = owed.due_on is not None and owed.due_on < context.today
        title = rulebook.step(owed.step).title
        waits.append(_wait(key, title, owed.officer, owed.level, overdue=overdue))
    return waits


def question(context: Context, key: WaitKey) -> Question | None:
    """What to ask for an answer that is owed; None when it is owed no longer.

    Raises:
        NotFoundError: No task has that code.
    """
    progress = context.progress(key.task_code)
    owed = progress.open_round(key.step)
    if owed is None or owed.round != key.round:
        return None
    rulebook = context.rulebook(progress)
    step, deadline = rulebook.step(key.step), context.deadline(progress, owed)
    overdue = deadline is not None and deadline.due_on < context.today
    task = progress.task
    return Question(
        wait=_wait(key, step.title, task.officer, task.level.value, overdue=overdue),
        progress=progress,
        owed=owed,
        step=step,
        stage_title=rulebook.stage(owed.stage).title,
        deadline=deadline,
        proof=sentence(deadline, context.calendar) if deadline else "",
        without_limit=rulebook.limit_status(step.id, task.level, owed.opened_on).label,
        duties=rulebook.duties_of(step.id, task.level, owed.opened_on),
        causes=rulebook.causes,
        persons=tuple(context.work.queries.persons().values()),
        today=context.today,
    )


def settled(context: Context, key: WaitKey) -> Settled:
    """How a round ended that is owed no longer."""
    progress = context.progress(key.task_code)
    for done in progress.rounds:
        if (done.step, done.round) == (key.step, key.round) and done.outcome:
            outcome = context.rulebook(progress).step(done.step).outcome(done.outcome)
            return Settled(outcome.title)
    return Settled("")


def _wait(key: WaitKey, step: str, officer: str, level: str, *, overdue: bool) -> Wait:
    turn = f" · lượt {key.round}" if key.round > 1 else ""
    tags = (f"nv:{key.task_code}", f"gd:{key.stage}", f"cv:{officer}", f"cap:{level}")
    return Wait(
        key=key,
        name=f"{key.task_code} · {step}{turn}",
        tags=(*tags, "quá hạn") if overdue else tags,
        is_overdue=overdue,
    )
