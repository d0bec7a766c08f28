"""Bộ quy định: stages, steps, outcomes and time limits as data, each with its article."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from khcn_workflow.domain.errors import UnknownOutcomeError, UnknownStepError
from khcn_workflow.domain.science_task import Level

STAGE_IDS = (
    "proposal",
    "council_selection",
    "appraisal",
    "contract",
    "periodic_check",
    "acceptance",
)

OPENED = "opened"
"""The anchor that means: the day the step itself was opened."""


class Unit(StrEnum):
    """The statutory unit of a time limit; never converted into another."""

    CALENDAR_DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _UNIT_LABELS[self]


_UNIT_LABELS = {
    Unit.CALENDAR_DAYS: "ngày",
    Unit.WORKING_DAYS: "ngày làm việc",
    Unit.MONTHS: "tháng",
}


class Direction(StrEnum):
    """Which side of its anchor a limit lies on."""

    AFTER = "after"
    BEFORE = "before"


class Force(StrEnum):
    """Whether a limit is law, or the Department's own target."""

    STATUTORY = "statutory"
    INTERNAL = "internal"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return "luật định" if self is Force.STATUTORY else "mục tiêu nội bộ"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Khoảng thời gian luật cho: so many units after or before an anchor.

    Attributes:
        id: The row of the source table ("A30"), unique in its rulebook.
        anchor: `opened`, a step id (the day it was last closed), or `step.field`
            (a date given with that step's outcome, e.g. `contract_signing.ends_on`).
        every: The limit comes back each `amount` units from the same anchor; round n
            is due after n times the amount, so a missed round shifts no later one.
        levels: Levels it is for; empty means all. One that names the level wins.
        in_force_from: First anchor date it governs, None without a lower bound.
        in_force_until: Last anchor date it governs, None while still in force.
        owner: Whose clock runs, in Vietnamese ("Sở", "tổ chức chủ trì").
        article: The clause it comes from, in Vietnamese.
    """

    id: str
    amount: int
    unit: Unit
    anchor: str
    force: Force
    article: str
    owner: str = "Sở"
    direction: Direction = Direction.AFTER
    every: bool = False
    levels: frozenset[Level] = frozenset()
    in_force_from: date | None = None
    in_force_until: date | None = None

    def governs(self, level: Level, anchor_on: date) -> bool:
        """Whether this limit is the law for a task of `level` anchored on `anchor_on`."""
        return _governs(self, level, anchor_on)


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule shown beside a step: a side limit, or a rule without a day count."""

    id: str
    step: str
    text: str
    article: str
    owner: str = "Sở"
    levels: frozenset[Level] = frozenset()
    in_force_from: date | None = None
    in_force_until: date | None = None

    def governs(self, level: Level, on: date) -> bool:
        """Whether this rule is the law for a task of `level` on that day."""
        return _governs(self, level, on)


class FieldType(StrEnum):
    """What a step-specific field of an outcome holds."""

    DATE = "date"
    INTEGER = "integer"
    MONEY = "money"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A step-specific fact that comes with an outcome (a contract's last day)."""

    id: str
    title: str
    type: FieldType
    required: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Kết quả bước: what may come of a step and what it sets going.

    Attributes:
        opens: Steps that open on the outcome's date.
        closes: Stages whose open steps end without a result of their own.
        interim: The step stays open; the result is noted (an opinion received).
        ends: How the task ends, in Vietnamese; empty while it goes on.
        favourable: Whether reports count the outcome as done.
    """

    id: str
    title: str
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    interim: bool = False
    ends: str = ""
    favourable: bool = True
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Bước: one thing that has to happen, with who decides and which paper proves it."""

    id: str
    stage: str
    title: str
    decided_by: str
    document: str
    outcomes: tuple[Outcome, ...]
    limits: tuple[TimeLimit, ...] = ()
    requires: tuple[str, ...] = ()
    noun: str = ""

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome of that id.

        Raises:
            UnknownOutcomeError: The rulebook has no such outcome for this step.
        """
        for outcome in self.outcomes:
            if outcome.id == outcome_id:
                return outcome
        allowed = {o.id: o.title for o in self.outcomes}
        raise UnknownOutcomeError(self.title, outcome_id, allowed)


@dataclass(frozen=True, slots=True)
class Stage:
    """Giai đoạn: one of the six, with the words of its law."""

    id: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Nguyên nhân chậm: a phrase that fits after "còn chậm do"."""

    id: str
    title: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Bộ quy định: the whole table one task is pinned to."""

    id: str
    title: str
    version: str
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...] = ()
    causes: tuple[Cause, ...] = ()
    _steps: Mapping[str, Step] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the steps once; they are asked for by id all the time."""
        index = {step.id: step for stage in self.stages for step in stage.steps}
        object.__setattr__(self, "_steps", index)

    def steps(self) -> Iterator[Step]:
        """All steps, in the order of the regulation."""
        return iter(self._steps.values())

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            UnknownStepError: The rulebook has no such step.
        """
        try:
            return self._steps[step_id]
        except KeyError:
            raise UnknownStepError(self.title, step_id, list(self._steps)) from None

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id; the six ids are the same in every rulebook."""
        return next(stage for stage in self.stages if stage.id == stage_id)

    def order(self, step_id: str) -> int:
        """The place of a step in the regulation, for sorting."""
        return list(self._steps).index(step_id)

    def duties_of(self, step_id: str, level: Level, on: date) -> tuple[Duty, ...]:
        """What else the law asks for around a step, for a task of that level, on a day."""
        return tuple(
            duty for duty in self.duties if duty.step == step_id and duty.governs(level, on)
        )

    def cause_phrase(self, cause: str) -> str:
        """The phrase of a recorded cause; a cause in free words is its own phrase."""
        return next((c.phrase for c in self.causes if c.id == cause), cause)


def _governs(rule: TimeLimit | Duty, level: Level, on: date) -> bool:
    return (
        (not rule.levels or level in rule.levels)
        and (rule.in_force_from is None or rule.in_force_from <= on)
        and (rule.in_force_until is None or on <= rule.in_force_until)
    )
