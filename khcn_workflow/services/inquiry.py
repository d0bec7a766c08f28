"""Tra cứu: the tasks, one task with its story, and what falls due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from khcn_workflow.context import Context
from khcn_workflow.domain.clock_events import by_owner, clock_usage
from khcn_workflow.domain.corrections import ANNULS, result
from khcn_workflow.domain.deadlines import Deadline, ProofDay, proof, sentence
from khcn_workflow.domain.errors import StepNotOpenError
from khcn_workflow.domain.ledger import LedgerEntry
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.standing import overdue, owed
from khcn_workflow.storage.documents import Documents
from khcn_workflow.storage.queries import DeadlineVersion
from khcn_workflow.storage.spans import Span


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is owed, with its deadline.

    Attributes:
        force: Luật định or mục tiêu nội bộ; without a limit what is known of the law's.
        proof: The deadline's proof in one line; empty without a limit, or in a list.
        days_late: Working days after the due date; 0 while in time.
        days_left: Working days to the due date; 0 when it has come.
        away_until: Last day of the officer's absence; None while she is at work.
    """

    task_code: str
    task_title: str
    officer: str
    stage: str
    step_id: str
    step: str
    round: int
    opened_on: date
    due_on: date | None
    force: str
    article: str
    proof: str
    days_late: int
    days_left: int
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line of the list of tasks."""

    code: str
    title: str
    level: str
    host: str
    officer: str
    waiting_for: tuple[str, ...]
    next_due_on: date | None
    days_late: int
    ending: str


@dataclass(frozen=True, slots=True)
class TaskStory:
    """One task with all that is known of it.

    Attributes:
        used: Working days that each party's clock ran, the busiest first.
        files: Where the document of a row lies, by the row's number; None where it is missing.
        results: What each ledger row says of its step, and which other row it corrects or is
            corrected by, by its number.
        replaced: Number of the row that stands in the place of a corrected one, by its number.
        version: How many rows the ledger holds about the task; 0 when the past is shown.
    """

    progress: Progress
    stage_titles: dict[str, str]
    step_titles: dict[str, str]
    outcome_titles: dict[str, str]
    due: tuple[DueStep, ...]
    entries: tuple[LedgerEntry, ...]
    used: dict[str, int]
    files: dict[int, Path | None]
    results: dict[int, str]
    replaced: dict[int, int]
    version: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A deadline with its whole proof.

    Attributes:
        days: Every day between anchor and due date.
        versions: Each time the date was made, and why.
    """

    sentence: str
    article: str
    force: str
    days: tuple[ProofDay, ...]
    versions: tuple[DeadlineVersion, ...]


def explain_deadline(
    context: Context,
    code: str,
    step: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Explained:
    """The proof of an open step's deadline, now or within the same two times as `list_tasks`.

    Raises:
        NotFoundError: No task has that code.
        UnknownStepError: The rulebook has no such step.
        StepNotOpenError: The step is not owed.
    """
    progress = context.progress(code, as_of, known_at)
    rulebook = context.rulebook(progress)
    title = rulebook.step(step).title
    owed = progress.open_round(step)
    if owed is None:
        raise StepNotOpenError(code, title, [r.step for r in progress.open_rounds()])
    deadline = context.deadline(progress, owed)
    versions = tuple(
        version
        for version in context.work.queries.deadline_versions(code, step, owed.round)
        if known_at is None or version.made_at <= known_at
    )
    if deadline is None:
        return Explained(f"Bước «{title}» không có thời hạn", "", "", (), versions)
    return Explained(
        sentence=sentence(deadline, context.calendar),
        article=deadline.limit.article,
        force=deadline.limit.force.label,
        days=tuple(proof(deadline, context.calendar)),
        versions=versions,
    )


def list_tasks(
    context: Context, as_of: date | None = None, known_at: datetime | None = None
) -> list[TaskLine]:
    """All tasks as they stood on a day, by code.

    Args:
        known_at: As the ledger told it at this instant; by default as it tells it now.
    """
    return list(each_task(context, as_of, known_at))


def each_task(
    context: Context, as_of: date | None = None, known_at: datetime | None = None
) -> Iterator[TaskLine]:
    """As `list_tasks`, one after another while the transaction lasts."""
    day = as_of or context.today
    return (_line(context, progress, day) for progress in context.tasks(day, known_at))


def list_due(
    context: Context,
    as_of: date | None = None,
    within: int | None = None,
    known_at: datetime | None = None,
    *,
    only_late: bool = False,
) -> list[DueStep]:
    """What was owed on a day, soonest first, steps without a limit left out; without proofs.

    Args:
        within: Only what is overdue or due in so many working days.
        known_at: As in `list_tasks`.
        only_late: Only what is at least one working day late.
    """
    day = as_of or context.today
    if only_late:
        return [_as_due(context, span, day) for span in overdue(context, day, known_at)]
    due_before = None if within is None else context.calendar.add(day, within + 1)
    return [_as_due(context, span, day) for span in owed(context, day, due_before, known_at)]


def with_proofs(
    context: Context,
    steps: Sequence[DueStep],
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[DueStep]:
    """Steps of `list_due` with the proofs of their deadlines: their tasks are folded."""
    codes = list({step.task_code for step in steps})
    day = as_of or context.today
    proofs = {
        (progress.task.code, round_.step): sentence(deadline, context.calendar)
        for progress in context.tasks(day, known_at, codes)
        for round_ in progress.open_rounds()
        if (deadline := context.deadline(progress, round_)) is not None
    }
    return [replace(step, proof=proofs[step.task_code, step.step_id]) for step in steps]


def show_task(
    context: Context, code: str, as_of: date | None = None, known_at: datetime | None = None
) -> TaskStory:
    """One task: facts, what is owed with proof, and its ledger rows.

    Args:
        as_of: As it stood on this day; by default today, with every row that stands in the ledger.
        known_at: As in `list_tasks`.

    Raises:
        NotFoundError: No task has that code, or none had it then.
    """
    day = as_of or context.today
    progress = context.progress(code, as_of, known_at)
    rulebook = context.rulebook(progress)
    entries = tuple(context.entries(code, as_of, known_at))
    documents = Documents(context.settings.home)
    return TaskStory(
        progress=progress,
        stage_titles={stage.id: stage.title for stage in rulebook.stages},
        step_titles={step.id: step.title for step in rulebook.steps()},
        outcome_titles={
            f"{step.id}.{outcome.id}": outcome.title
            for step in rulebook.steps()
            for outcome in step.outcomes
        },
        due=tuple(_due_steps(context, progress, day)),
        entries=entries,
        used=by_owner(clock_usage(progress, rulebook, context.calendar, day)),
        files={e.seq: documents.find(h) for e in entries if (h := e.fact.document.sha256)},
        results=_results(context, entries),
        replaced={e.fact.corrects: e.seq for e in entries if e.fact.corrects},
        version=len(entries) if as_of is None and known_at is None else 0,
    )


def _results(context: Context, entries: Sequence[LedgerEntry]) -> dict[int, str]:
    correcting = {e.fact.corrects: e for e in entries if e.fact.corrects}
    results = {}
    for entry in entries:
        said = result(entry.fact, context.rulebooks)
        if by := correcting.get(entry.seq):
            deed = "hủy ở" if by.fact.data.get(ANNULS) else "thay bởi"
            said = f"[đã {deed} dòng {by.seq}] {said}"
        results[entry.seq] = said
    return results


def _line(context: Context, progress: Progress, day: date) -> TaskLine:
    steps = _due_steps(context, progress, day)
    dated = [s.due_on for s in steps if s.due_on]
    return TaskLine(
        code=progress.task.code,
        title=progress.task.title,
        level=progress.task.level.label,
        host=progress.task.host,
        officer=progress.task.officer,
        waiting_for=tuple(s.step for s in steps),
        next_due_on=min(dated, default=None),
        days_late=max((s.days_late for s in steps), default=0),
        ending=progress.ending,
    )


def _due_steps(context: Context, progress: Progress, day: date) -> list[DueStep]:
    return [
        _due_step(context, progress, owed, context.deadline(progress, owed), day)
        for owed in progress.open_rounds()
    ]


def _as_due(context: Context, span: Span, day: date) -> DueStep:
    rulebook, calendar, due_on = context.rulebooks[span.rulebook], context.calendar, span.due_on
    assert due_on is not None  # noqa: S101 - lists of what is due hold nothing else
    step = rulebook.step(span.step)
    limit = next(limit for limit in step.limits if limit.id == span.limit_id)
    gone = due_on < day and not span.is_paused
    away = context.work.staffing.staff().absence_of(span.officer, day)
    return DueStep(
        task_code=span.task_code,
        task_title=span.task_title,
        officer=span.officer,
        stage=rulebook.stage(span.stage).title,
        step_id=span.step,
        step=step.title,
        round=span.round,
        opened_on=span.opened_on,
        due_on=due_on,
        force=limit.force.label,
        article=limit.article,
        proof="",
        days_late=max(0, calendar.count(due_on, day)) if gone else 0,
        days_left=calendar.count(day, due_on) if day < due_on else 0,
        away_until=away.until if away else None,
    )


def _due_step(
    context: Context, progress: Progress, owed: StepRound, deadline: Deadline | None, day: date
) -> DueStep:
    rulebook, calendar = context.rulebook(progress), context.calendar
    away = context.work.staffing.staff().absence_of(progress.task.officer, day)
    return DueStep(
        task_code=progress.task.code,
        task_title=progress.task.title,
        officer=progress.task.officer,
        stage=rulebook.stage(owed.stage).title,
        step_id=owed.step,
        step=rulebook.step(owed.step).title,
        round=owed.round,
        opened_on=owed.opened_on,
        due_on=deadline.due_on if deadline else None,
        force=(
            deadline.limit.force.label
            if deadline
            else rulebook.limit_status(owed.step, progress.task.level, owed.opened_on).label
        ),
        article=deadline.limit.article if deadline else "",
        proof=sentence(deadline, calendar) if deadline else "",
        days_late=deadline.days_late(day, calendar) if deadline else 0,
        days_left=deadline.days_left(day, calendar) if deadline else 0,
        away_until=away.until if away else None,
    )
