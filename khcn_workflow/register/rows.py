"""What a workbook holds: the rows of its sheets as values, with everything wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.ledger import NO_DOCUMENT, Document, EntryKind
from khcn_workflow.domain.science_task import Person, ScienceTask
from khcn_workflow.register.places import Problem, Sourced


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A task that waits at a step since a day, as its own row says.

    For tasks without any result yet; the others enter at their first dated result.
    """

    task: str
    step: str
    on: date


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A dated result of one step of one task.

    Attributes:
        on: The date on the paper.
        actor: Code of the person who recorded it; empty where the row names nobody.
        cause: A cause id of the rulebook, or free words; empty for a step in time.
        fields: Step-specific facts by id, as text (ISO dates, whole numbers).
        round: Which time the step was answered, None where the row does not say.
        turn: Its place among the facts of its task, None where the row does not say.
    """

    task: str
    step: str
    outcome: str
    on: date
    document: Document = NO_DOCUMENT
    actor: str = ""
    cause: str = ""
    commitment: date | None = None
    note: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    round: int | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class DelayRow:
    """Giải trình chậm: why a step is late and until when it is promised.

    Attributes:
        on: The day the delay was explained.
        cause: A cause id of the rulebook, or free words; never empty.
    """

    task: str
    step: str
    on: date
    cause: str
    commitment: date | None = None
    document: Document = NO_DOCUMENT
    note: str = ""
    actor: str = ""
    round: int | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """Tạm dừng, tiếp tục, gia hạn hoặc chấm dứt: what stops, moves or ends a task's clocks.

    Attributes:
        kind: SUSPENDED, RESUMED, EXTENDED or TERMINATED.
        on: The first day it holds.
        reason: Why; never empty for a suspension or a termination.
        asked_on: The day the host asked for an extension; None for what is none.
        ends_on: The new last day of an extended contract.
    """

    task: str
    kind: EntryKind
    on: date
    reason: str = ""
    asked_on: date | None = None
    ends_on: date | None = None
    document: Document = NO_DOCUMENT
    actor: str = ""
    turn: int | None = None


Event = ResultRow | DelayRow | ClockRow


@dataclass(frozen=True, slots=True)
class Register:
    """Everything read from one file; only sound rows, and every problem of the rest.

    Attributes:
        sha256: Hash of the file's bytes that were read.
    """

    file: str
    persons: tuple[Sourced[Person], ...] = ()
    tasks: tuple[Sourced[ScienceTask], ...] = ()
    entries: tuple[Sourced[EntryRow], ...] = ()
    results: tuple[Sourced[ResultRow], ...] = ()
    delays: tuple[Sourced[DelayRow], ...] = ()
    clocks: tuple[Sourced[ClockRow], ...] = ()
    activities: tuple[Sourced[Activity], ...] = ()
    problems: tuple[Problem, ...] = ()
    sha256: str = ""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep rows out."""
        return tuple(problem for problem in self.problems if problem.is_error)

    def histories(self) -> Mapping[str, Sequence[Sourced[Event]]]:
        """What is told of each task by its code, in the order in which it is recorded.

        That is the order which the rows themselves give, where all of a task do. Otherwise
        it is that of their dates: on one day results go before delays, these before what
        stops or ends the task, and rows keep the order of the file; only a delay that stands
        above the result of its own step goes before that result.
        """
        found: dict[str, list[Sourced[Event]]] = {}
        for result in sorted(self.results, key=lambda e: e.value.on):
            found.setdefault(result.value.task, []).append(
                Sourced(result.value, result.place, result.columns)
            )
        for delay in sorted(self.delays, key=lambda e: e.value.on):
            history = found.setdefault(delay.value.task, [])
            history.insert(_turn(delay, history), Sourced(delay.value, delay.place, delay.columns))
        for clock in sorted(self.clocks, key=lambda e: e.value.on):
            history = found.setdefault(clock.value.task, [])
            earlier = sum(event.value.on <= clock.value.on for event in history)
            history.insert(earlier, Sourced(clock.value, clock.place, clock.columns))
        return {code: _in_turn(history) for code, history in found.items()}


def _in_turn(history: Sequence[Sourced[Event]]) -> Sequence[Sourced[Event]]:
    """The order that the rows give themselves, where every one does."""
    turns = [(event.value.turn, event) for event in history]
    numbered = [(turn, event) for turn, event in turns if turn is not None]
    if len(numbered) < len(history):
        return history
    return [event for _, event in sorted(numbered, key=lambda pair: pair[0])]


def _turn(delay: Sourced[DelayRow], history: Sequence[Sourced[Event]]) -> int:
    """Where a delay comes in among the events of its task."""
    for turn, event in enumerate(history):
        if event.value.on > delay.value.on or _answers(event, delay):
            return turn
    return len(history)


def _answers(event: Sourced[Event], delay: Sourced[DelayRow]) -> bool:
    """Whether an event is the result, written below it on the same day, of a delay's step."""
    result, at = event.value, delay.place
    return (
        isinstance(result, ResultRow)
        and (result.on, result.step) == (delay.value.on, delay.value.step)
        and event.place.sheet == at.sheet
        and event.place.row > at.row
    )
