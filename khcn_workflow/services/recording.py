"""Ghi kết quả: a result of a step, or why a step is late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import NO_DOCUMENT, Document, EntryKind, Fact
from khcn_workflow.domain.minutes import (
    NoCouncilError,
    check_minutes,
    minutes_to_data,
    read_minutes,
)
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Outcome, Step
from khcn_workflow.register.field_values import read_fields
from khcn_workflow.signing import signed


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says came of a step.

    Attributes:
        on: The date on the paper.
        actor: Code of the person named at the door; empty for whoever stands there.
        cause: Why the step was late: an id of the rulebook's causes, or free words.
        fields: The step's own facts, as typed (a contract's last day).
        minutes: A council's members with their ballots, a line each (domain/minutes.py);
            none where only the conclusion is recorded.
        scale: Name of the scale of marks, where the council's rule has several.
        round: The round that is meant; 0 for the one that is open.
        day_off_confirmed: The paper really bears a date that is a day off.
        request_key: Names this request; the same one is recorded once.
        seen: Version of the task that was looked at, None to record without looking.
    """

    task_code: str
    step: str
    outcome: str
    on: date
    actor: str
    document: Document = NO_DOCUMENT
    cause: str = ""
    note: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    minutes: tuple[str, ...] = ()
    scale: str = ""
    round: int = 0
    day_off_confirmed: bool = False
    request_key: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody says a step is late.

    Attributes:
        on: The day the delay was explained.
        cause: An id of the rulebook's causes, or free words.
        commitment: The day by which the step is promised.
        request_key: Names this request; the same one is recorded once.
        seen: Version of the task that was looked at, None to record without looking.
    """

    task_code: str
    step: str
    on: date
    actor: str
    cause: str
    commitment: date | None = None
    document: Document = NO_DOCUMENT
    note: str = ""
    request_key: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording led to.

    Attributes:
        opened: Rounds that the result opened.
        repeated: The same request had been recorded before; nothing was written.
    """

    progress: Progress
    step_title: str
    outcome_title: str
    opened: tuple[StepRound, ...]
    repeated: bool = False


def record_outcome(context: Context, answer: Answer) -> Recorded:
    """Record the outcome of a step and derive what is owed next.

    In order: guard (fields, ballots, authority, rulebook, dates), ledger row, deadlines, message
    to the task's owner when somebody else recorded it.

    Raises:
        KhcnError: Refused; the sentence says why and what to do.
    """
    before = context.progress(answer.task_code)
    step = context.rulebook(before).step(answer.step)
    outcome = step.outcome(answer.outcome)
    if answer.request_key and context.work.find_request(answer.request_key):
        return Recorded(before, step.title, outcome.title, (), repeated=True)
    context.refuse_if_changed(answer.task_code, answer.seen)
    data = read_fields(outcome.fields, answer.fields)
    if answer.minutes:
        data |= _read_ballots(context, before, answer, step, outcome)
    fact = signed(context, _fact(answer, data), before)
    owed = context.check(before, fact)
    after = context.book(before, fact, day_off_confirmed=answer.day_off_confirmed)
    key = f"{answer.task_code}|{owed.step}|{owed.round}|{outcome.id}"
    context.work.outbox.enqueue(notices.outcome_recorded(context, before, after, owed, fact, key))
    return Recorded(after, step.title, outcome.title, _opened(before, after))


def record_delay(context: Context, explanation: Explanation) -> Recorded:
    """Record why a step is late and by when it is promised; the step stays open.

    Raises:
        KhcnError: The step is not owed, or the date cannot stand.
    """
    before = context.progress(explanation.task_code)
    title = context.rulebook(before).step(explanation.step).title
    if explanation.request_key and context.work.find_request(explanation.request_key):
        return Recorded(before, title, EntryKind.DELAY.label, (), repeated=True)
    context.refuse_if_changed(explanation.task_code, explanation.seen)
    fact = Fact(
        kind=EntryKind.DELAY,
        subject=explanation.task_code,
        valid_on=explanation.on,
        actor=explanation.actor,
        step=explanation.step,
        document=explanation.document,
        cause=explanation.cause,
        commitment=explanation.commitment,
        note=explanation.note,
        request_key=explanation.request_key,
    )
    after = context.book(before, signed(context, fact, before), day_off_confirmed=True)
    return Recorded(after, title, EntryKind.DELAY.label, ())


def was_recorded(context: Context, request_key: str) -> bool:
    """Whether a request stands in the ledger already."""
    return context.work.find_request(request_key) is not None


def _fact(answer: Answer, data: Mapping[str, str]) -> Fact:
    return Fact(
        kind=EntryKind.OUTCOME,
        subject=answer.task_code,
        valid_on=answer.on,
        actor=answer.actor,
        step=answer.step,
        round=answer.round,
        outcome=answer.outcome,
        document=answer.document,
        cause=answer.cause,
        note=answer.note,
        data=data,
        request_key=answer.request_key,
    )


def _read_ballots(
    context: Context, progress: Progress, answer: Answer, step: Step, outcome: Outcome
) -> Mapping[str, str]:
    """The counts of a council's meeting, which must decide what the answer says."""
    rulebook = context.rulebook(progress)
    rule = rulebook.council_of(step.id, progress.task.level, answer.on)
    if rule is None:
        raise NoCouncilError(step.title)
    minutes = read_minutes(answer.minutes)
    return minutes_to_data(minutes, check_minutes(rule, minutes, outcome, answer.scale))


def _opened(before: Progress, after: Progress) -> tuple[StepRound, ...]:
    known = {(r.step, r.round) for r in before.rounds}
    return tuple(r for r in after.open_rounds() if (r.step, r.round) not in known)
