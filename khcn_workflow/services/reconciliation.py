"""Việc chờ: which answers people owe, each as one waiting run should ask for it."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from khcn_workflow import __version__
from khcn_workflow.context import Context
from khcn_workflow.domain.council import CouncilRule
from khcn_workflow.domain.deadlines import Deadline, sentence
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Cause, Duty, Step, body_named_by, is_hosts
from khcn_workflow.domain.science_task import Person
from khcn_workflow.reports.paper_template import PaperTemplate, papers_about

OVERDUE = "quá hạn"
"""The tag of a waiting run whose deadline has gone by."""

STAMP_LETTERS = 16


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
        stamp: Of what the form is made from; another one means that the form is out of date.
    """

    key: WaitKey
    name: str
    tags: tuple[str, ...]
    is_overdue: bool
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """All that the form of a waiting run shows and offers.

    Attributes:
        without_limit: What is known of the law's limit where there is no deadline.
        council: The council that decides the step, as its rule stands today.
        asks_code: The person who answers proves herself by a one-time code.
        papers: What may be drafted for the step (`khcn paper`).
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
    council: CouncilRule | None
    causes: tuple[Cause, ...]
    persons: tuple[Person, ...]
    today: date
    asks_code: bool = False
    papers: tuple[PaperTemplate, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an answer that is owed no longer.

    Attributes:
        title: The outcome's words; empty when the step fell away.
        name: What operators read in the list of runs.
        tags: What operators filter by, the outcome among them.
    """

    title: str
    name: str
    tags: tuple[str, ...]


def desired_waits(context: Context, task_code: str | None = None) -> list[Wait]:
    """One waiting run for every open step (of one task), soonest due first."""
    persons = context.work.queries.persons()
    versions = context.work.queries.task_versions(task_code)
    common = f"{__version__}/{context.settings.totp}/{list(persons.values())}"
    waits = []
    for owed in context.work.queries.owed_steps(task_code):
        rulebook = context.rulebooks[owed.rulebook]
        key = WaitKey(owed.task_code, owed.stage, owed.step, owed.round)
        overdue = owed.due_on is not None and owed.due_on < context.today
        title, owner = rulebook.step(owed.step).title, persons[owed.officer]
        told = f"{common}/{rulebook.version}/{versions[owed.task_code]}/{overdue}"
        stamp = sha256(told.encode()).hexdigest()[:STAMP_LETTERS]
        wait = _wait(key, title, owner, owed.level, overdue=overdue)
        waits.append(replace(wait, stamp=stamp))
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
    about, _ = rulebook.council_around(step.id, progress.task.level, context.today)
    task, persons = progress.task, context.work.queries.persons()
    (wait,) = (wait for wait in desired_waits(context, key.task_code) if wait.key == key)
    return Question(
        wait=wait,
        progress=progress,
        owed=owed,
        step=step,
        stage_title=rulebook.stage(owed.stage).title,
        deadline=deadline,
        proof=sentence(deadline, context.calendar) if deadline else "",
        without_limit=rulebook.limit_status(step.id, task.level, owed.opened_on).label,
        duties=rulebook.duties_of(step.id, task.level, owed.opened_on),
        council=rulebook.council_of(step.id, task.level, context.today),
        causes=rulebook.causes,
        persons=tuple(persons.values()),
        today=context.today,
        asks_code=context.settings.totp,
        papers=papers_about(
            step.id,
            context.settings.own_templates,
            host_owes=is_hosts(deadline.limit.owner if deadline else step.decided_by),
            has_council=about is not None or bool(body_named_by(step)),
        ),
    )


def settled(context: Context, key: WaitKey) -> Settled:
    """How a round ended that is owed no longer."""
    progress = context.progress(key.task_code)
    rulebook, task = context.rulebook(progress), progress.task
    step, owner = rulebook.step(key.step), context.work.queries.person(task.officer)
    wait = _wait(key, step.title, owner, task.level.value, overdue=False)
    for done in progress.rounds:
        if (done.step, done.round) == (key.step, key.round) and done.outcome:
            title = step.outcome(done.outcome).title
            return Settled(title, wait.name, (*wait.tags, f"kq:{title}"))
    return Settled("", wait.name, wait.tags)


def _wait(key: WaitKey, step: str, owner: Person, level: str, *, overdue: bool) -> Wait:
    turn = f" · lượt {key.round}" if key.round > 1 else ""
    name = f"{key.task_code} · {step}{turn}"
    tags = (
        f"nv:{key.task_code}",
        f"gd:{key.stage}",
        f"cv:{owner.code}",
        f"phong:{owner.division}",
        f"cap:{level}",
    )
    return Wait(
        key=key,
        name=f"{name} · QUÁ HẠN" if overdue else name,
        tags=(*tags, OVERDUE) if overdue else tags,
        is_overdue=overdue,
    )
