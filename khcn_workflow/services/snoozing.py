"""Hoãn nhắc: a step that is known and planned is reminded of later; when late, all the same."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import MissingFieldError, StepNotOpenError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.recorders import Roles
from khcn_workflow.domain.science_task import Role
from khcn_workflow.domain.snoozing import SnoozeError, check_snooze
from khcn_workflow.signing import signed
from khcn_workflow.storage.unit_of_work import running_due
from notifications.ladder import BEFORE_DUE

SNOOZERS: Roles = (Role.OFFICER, Role.HEAD_OF_DIVISION, Role.DIRECTOR)
"""Who answers for a step, and so may say that it is in hand."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What somebody says of a step that is to come.

    Attributes:
        step: Empty where the task waits for one step with a date only.
        until: The last day without reminders.
        actor: Code of the person named at the door; empty for whoever stands there.
        request_key: Names this request; the same one is recorded once.
    """

    task_code: str
    until: date
    reason: str
    step: str = ""
    actor: str = ""
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A step whose reminders are put off."""

    task_code: str
    step: str
    due_on: date
    until: date


def snooze(context: Context, said: Acknowledgement) -> Snoozed:
    """Put off the reminders of a step up to its due date; the ledger keeps who, until when, why.

    Reminders already written that have not left are withdrawn. What is told of a step once
    it is overdue is never touched.

    Raises:
        SnoozeError: No date runs or it is past, or the last day does not fit it.
        KhcnError: The task or the step is not open, or somebody may not say so.
    """
    if not said.reason.strip():
        raise MissingFieldError(EntryKind.SNOOZED.label, "Lý do (--reason)")
    progress = context.progress(said.task_code)
    owed = _meant(context, progress, said.step)
    title = context.rulebook(progress).step(owed.step).title
    running = running_due(context.deadline(progress, owed))
    if said.request_key and context.work.find_request(said.request_key):
        return Snoozed(said.task_code, title, running or said.until, said.until)
    due_on = check_snooze(title, running, said.until, context.today)
    fact = Fact(
        kind=EntryKind.SNOOZED,
        subject=said.task_code,
        valid_on=context.today,
        actor=said.actor,
        stage=owed.stage,
        step=owed.step,
        round=owed.round,
        commitment=said.until,
        note=said.reason.strip(),
        rulebook=progress.task.rulebook,
        data={"due_on": due_on.isoformat()},
        request_key=said.request_key,
    )
    context.work.append(signed(context, fact, progress, SNOOZERS), context.now)
    for step in context.work.queries.owed_steps(said.task_code):
        if step.step == owed.step:
            context.work.outbox.withdraw(step.id, BEFORE_DUE, "Đã hoãn nhắc.")
    return Snoozed(said.task_code, title, due_on, said.until)


def _meant(context: Context, progress: Progress, step: str) -> StepRound:
    """The open round that is meant.

    Raises:
        StepNotOpenError: The step named is not open.
        SnoozeError: None was named, and not exactly one has a date.
    """
    rulebook = context.rulebook(progress)
    waiting = [f"{r.step} ({rulebook.step(r.step).title})" for r in progress.open_rounds()]
    if step:
        owed = progress.open_round(step)
        if owed is None:
            title = rulebook.step(step).title
            raise StepNotOpenError(progress.task.code, title, waiting)
        return owed
    dated = [r for r in progress.open_rounds() if running_due(context.deadline(progress, r))]
    if len(dated) == 1:
        return dated[0]
    if not dated:
        raise SnoozeError(
            f"Nhiệm vụ {progress.task.code} không có bước nào có hạn đang chạy để hoãn nhắc."
        )
    raise SnoozeError(
        f"Nhiệm vụ {progress.task.code} đang chờ nhiều bước; hãy ghi rõ bước (--step): "
        f"{', '.join(waiting)}."
    )
