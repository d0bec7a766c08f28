"""Where a science task stands: a fold of its ledger rows over its rulebook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from khcn_workflow.domain.errors import (
    AlreadyRecordedError,
    BeforeOpeningError,
    FutureDateError,
    MissingFieldError,
    StepNotOpenError,
    TaskEndedError,
)
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.rules import OPENED, Outcome, Rulebook, Step
from khcn_workflow.domain.science_task import ScienceTask, task_from_data, task_to_data

CONTRACT_END = "contract_signing.ends_on"
"""The anchor that an extension moves."""

TERMINATED = "chấm dứt thực hiện"

CLOCK_EVENTS = (
    EntryKind.SUSPENDED,
    EntryKind.RESUMED,
    EntryKind.EXTENDED,
    EntryKind.TERMINATED,
)

DESCRIBING = (EntryKind.AMENDED, EntryKind.ASSIGNED)
"""What says something else of the task itself, and nothing of its steps."""


REMARKED = (EntryKind.REFUSED, EntryKind.SNOOZED)
"""What is said about a task and changes nothing of it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something noted on a step that leaves it open: an interim result."""

    outcome: str
    on: date


@dataclass(frozen=True, slots=True)
class Delay:
    """Giải trình chậm: the recorded cause of a step's lateness.

    Attributes:
        on: The day the delay was explained.
        cause: A cause id of the rulebook, or free words.
        commitment: The day by which the step is promised, None without a promise.
    """

    on: date
    cause: str
    commitment: date | None
    document: str = ""


@dataclass(frozen=True, slots=True)
class StepRound:
    """Lượt: one time that a step is owed, from its opening to its result.

    Attributes:
        outcome: Id of the closing outcome; empty while open or when it fell away.
        fields: Step-specific facts given with the outcome (ISO dates, numbers, text).
    """

    step: str
    stage: str
    round: int
    opened_on: date
    closed_on: date | None = None
    outcome: str = ""
    actor: str = ""
    document: str = ""
    remarks: tuple[Remark, ...] = ()
    delays: tuple[Delay, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the result is still owed."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Tạm dừng: a time in which no limit of the task runs.

    Attributes:
        since: First day that does not count.
        until: First day that counts again, None while the task is suspended.
    """

    since: date
    until: date | None = None
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """Gia hạn: a later last day of the contract.

    Attributes:
        on: The day of the decision.
        ends_on: The new last day.
        asked_on: The day the host asked for it.
    """

    on: date
    ends_on: date
    asked_on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """One science task with every round of every step it went through.

    Attributes:
        ending: How the task ended, in Vietnamese; empty while it goes on.
        last_on: The latest date on a paper that moved the task, None while it only entered.
        settled_from: As of earlier days a paper typed late, or an amendment, tells something
            else than the rounds do; None where all came in order.
    """

    task: ScienceTask
    registered_on: date
    rounds: tuple[StepRound, ...]
    ending: str = ""
    ended_on: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    last_on: date | None = None
    settled_from: date | None = None

    def open_rounds(self) -> tuple[StepRound, ...]:
        """What is owed now."""
        return tuple(r for r in self.rounds if r.is_open)

    def open_round(self, step: str) -> StepRound | None:
        """The open round of a step, if it is owed now."""
        return next((r for r in self.rounds if r.step == step and r.is_open), None)

    def closed(self, step: str) -> StepRound | None:
        """The last round of a step that was closed by a result."""
        found = (r for r in reversed(self.rounds) if r.step == step and r.outcome)
        return next(found, None)

    def anchor(self, name: str, of: StepRound) -> date | None:
        """The date an anchor stands for, None while it has not happened.

        Args:
            name: `opened`, a step id, or `step.field`.
            of: The round whose limit asks.
        """
        if name == OPENED:
            return of.opened_on
        step, _, field_id = name.partition(".")
        closed = self.closed(step)
        if closed is None:
            return None
        if not field_id:
            return closed.closed_on
        if name == CONTRACT_END and self.extensions:
            return self.extensions[-1].ends_on
        value = closed.fields.get(field_id)
        return date.fromisoformat(value) if value else None


def register(task: ScienceTask, at_step: Step, on: date) -> Progress:
    """A task that enters the ledger at a step, owed since `on`."""
    return Progress(task, on, (StepRound(at_step.id, at_step.stage, 1, on),))


def check_outcome(progress: Progress, rulebook: Rulebook, fact: Fact, today: date) -> StepRound:
    """The open round that `fact` answers.

    Raises:
        KhcnError: The rulebook does not allow it; the sentence says why and what to do.
    """
    step = rulebook.step(fact.step)
    owed = progress.open_round(fact.step)
    if owed is None or (fact.round and fact.round != owed.round):
        raise _not_owed(progress, rulebook, step, fact)
    if fact.valid_on > today:
        raise FutureDateError(fact.valid_on, today)
    if fact.valid_on < owed.opened_on:
        raise BeforeOpeningError(step.title, fact.valid_on, owed.opened_on)
    if fact.kind is EntryKind.OUTCOME:
        _require_fields(step, step.outcome(fact.outcome), fact)
    return owed


def apply(progress: Progress, rulebook: Rulebook, fact: Fact) -> Progress:
    """The task after a fact that was checked or read back from the ledger."""
    return _dated(_applied(progress, rulebook, fact), [fact])


def _applied(progress: Progress, rulebook: Rulebook, fact: Fact) -> Progress:
    if fact.kind in CLOCK_EVENTS:
        return _apply_clock_event(progress, fact)
    if fact.kind is EntryKind.DELAY:
        delay = Delay(fact.valid_on, fact.cause, fact.commitment, fact.document.number)
        return _with_round(progress, fact.step, lambda r: replace(r, delays=(*r.delays, delay)))
    outcome = rulebook.step(fact.step).outcome(fact.outcome)
    if outcome.interim:
        remark = Remark(outcome.id, fact.valid_on)
        return _with_round(progress, fact.step, lambda r: replace(r, remarks=(*r.remarks, remark)))
    closed = _with_round(progress, fact.step, lambda r: _answered(r, fact))
    return _consequences(closed, rulebook, outcome, fact.valid_on)


def registration(task: ScienceTask, at_step: str, on: date, actor: str) -> Fact:
    """The ledger fact that brings a task in at a step, owed since `on`."""
    return Fact(
        kind=EntryKind.REGISTERED,
        subject=task.code,
        valid_on=on,
        actor=actor,
        step=at_step,
        rulebook=task.rulebook,
        data=task_to_data(task),
    )


def assignment(code: str, officer: str, on: date, actor: str, **more: Any) -> Fact:
    """The ledger fact that gives a task another owner."""
    data = {"officer": officer}
    return Fact(EntryKind.ASSIGNED, code, on, actor, data=data, **more)


def fold(facts: Iterable[Fact], rulebooks: Mapping[str, Rulebook]) -> Progress | None:
    """The task that these facts of one subject make, in their order; None without any.

    Corrections must stand in their places already (`domain.corrections.effective`).
    """
    progress: Progress | None = None
    later: list[Fact] = []
    for fact in facts:
        if fact.kind in REMARKED:
            continue
        if progress is not None:
            later.append(fact)
        progress = _advanced(progress, fact, rulebooks)
    return _dated(progress, later) if progress is not None else None


def _dated(progress: Progress, later: Iterable[Fact]) -> Progress:
    """With the dates of facts that were applied: the latest, and where order was broken.

    A delay moves nothing. As of a day on which a paper typed later was not yet dated, but
    one typed earlier was, the facts are no beginning of the ledger.
    """
    before = progress.last_on or progress.registered_on, progress.settled_from
    last_on, settled_from = before
    for fact in later:
        if fact.kind is EntryKind.DELAY:
            continue
        if fact.valid_on < last_on or fact.kind in DESCRIBING:
            settled_from = max(settled_from or last_on, last_on, fact.valid_on)
        last_on = max(last_on, fact.valid_on)
    if (last_on, settled_from) == before:
        return progress
    return replace(progress, last_on=last_on, settled_from=settled_from)


def advance(
    progress: Progress | None, fact: Fact, rulebooks: Mapping[str, Rulebook]
) -> Progress | None:
    """The task after one fact more; None before it was registered."""
    if fact.kind in REMARKED:
        return progress
    after = _advanced(progress, fact, rulebooks)
    return _dated(after, [fact]) if progress is not None and after is not None else after


def _advanced(
    progress: Progress | None, fact: Fact, rulebooks: Mapping[str, Rulebook]
) -> Progress | None:
    if fact.kind is EntryKind.REGISTERED:
        task = task_from_data(fact.data)
        return register(task, rulebooks[task.rulebook].step(fact.step), fact.valid_on)
    if progress is None:
        return None
    if fact.kind in DESCRIBING:
        return replace(progress, task=described(progress.task, fact))
    return _applied(progress, rulebooks[progress.task.rulebook], fact)


def described(task: ScienceTask, fact: Fact) -> ScienceTask:
    """The task's own facts (title, owner, …) after `fact`."""
    match fact.kind:
        case EntryKind.REGISTERED | EntryKind.AMENDED:
            return task_from_data(fact.data)
        case EntryKind.ASSIGNED:
            return replace(task, officer=fact.data["officer"])
        case _:
            return task


def _apply_clock_event(progress: Progress, fact: Fact) -> Progress:
    document = fact.document.number
    match fact.kind:
        case EntryKind.SUSPENDED:
            begun = Suspension(fact.valid_on, None, fact.note, document)
            return replace(progress, suspensions=(*progress.suspensions, begun))
        case EntryKind.RESUMED:
            ended = replace(progress.suspensions[-1], until=fact.valid_on)
            return replace(progress, suspensions=(*progress.suspensions[:-1], ended))
        case EntryKind.EXTENDED:
            ends_on, asked_on = (date.fromisoformat(fact.data[k]) for k in ("ends_on", "asked_on"))
            extended = Extension(fact.valid_on, ends_on, asked_on, document)
            return replace(progress, extensions=(*progress.extensions, extended))
        case _:
            fallen = _fallen_away(progress, None, fact.valid_on)
            return replace(fallen, ending=TERMINATED, ended_on=fact.valid_on)


def _not_owed(progress: Progress, rulebook: Rulebook, step: Step, fact: Fact) -> Exception:
    code = progress.task.code
    if progress.ended_on is not None:
        return TaskEndedError(code, progress.ending, progress.ended_on)
    answered = next(
        (
            r
            for r in progress.rounds
            if r.step == fact.step and r.outcome and fact.round in (0, r.round)
        ),
        None,
    )
    if answered is not None and answered.closed_on is not None:
        title = step.outcome(answered.outcome).title
        return AlreadyRecordedError(code, step.title, title, answered.closed_on, answered.actor)
    waiting = [f"{r.step} ({rulebook.step(r.step).title})" for r in progress.open_rounds()]
    return StepNotOpenError(code, step.title, waiting)


def _require_fields(step: Step, outcome: Outcome, fact: Fact) -> None:
    for wanted in outcome.fields:
        if wanted.required and not fact.data.get(wanted.id):
            raise MissingFieldError(step.title, wanted.title)


def _with_round(
    progress: Progress, step: str, change: Callable[[StepRound], StepRound]
) -> Progress:
    rounds = tuple(change(r) if r.step == step and r.is_open else r for r in progress.rounds)
    return replace(progress, rounds=rounds)


def _answered(owed: StepRound, fact: Fact) -> StepRound:
    delays = owed.delays
    if fact.cause:
        delays = (*delays, Delay(fact.valid_on, fact.cause, None, fact.document.number))
    return replace(
        owed,
        closed_on=fact.valid_on,
        outcome=fact.outcome,
        actor=fact.actor,
        document=fact.document.number,
        delays=delays,
        fields={key: str(value) for key, value in fact.data.items()},
    )


def _consequences(progress: Progress, rulebook: Rulebook, outcome: Outcome, on: date) -> Progress:
    if outcome.ends:
        return replace(_fallen_away(progress, None, on), ending=outcome.ends, ended_on=on)
    progress = _fallen_away(progress, outcome.closes, on)
    for step_id in outcome.opens:
        progress = _opened(progress, rulebook.step(step_id), on)
    return progress


def _fallen_away(progress: Progress, stages: tuple[str, ...] | None, on: date) -> Progress:
    """Open rounds of `stages` (None: of all) end without a result."""
    if stages == ():
        return progress
    rounds = tuple(
        replace(r, closed_on=on) if r.is_open and (stages is None or r.stage in stages) else r
        for r in progress.rounds
    )
    return replace(progress, rounds=rounds)


def _opened(progress: Progress, step: Step, on: date) -> Progress:
    met = all(progress.closed(required) for required in step.requires)
    if not met or progress.open_round(step.id):
        return progress
    earlier = sum(1 for r in progress.rounds if r.step == step.id)
    return replace(
        progress, rounds=(*progress.rounds, StepRound(step.id, step.stage, earlier + 1, on))
    )
