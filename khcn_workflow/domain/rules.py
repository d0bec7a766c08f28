"""Bộ quy định: stages, steps, outcomes and time limits as data, each with its article."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import add_months
from khcn_workflow.domain.council import CouncilRule
from khcn_workflow.domain.errors import KhcnError, UnknownOutcomeError, UnknownStepError
from khcn_workflow.domain.recorders import ARRANGED, Recorders, Roles
from khcn_workflow.domain.science_task import Level

STAGE_IDS = (
    "proposal",
    "council_selection",
    "appraisal",
    "contract",
    "periodic_check",
    "acceptance",
)

STAGE_TITLES = dict(
    zip(
        STAGE_IDS,
        (
            "Đề xuất, xác định nhiệm vụ",
            "Tuyển chọn, xét giao trực tiếp",
            "Thẩm định nội dung, kinh phí",
            "Ký hợp đồng",
            "Kiểm tra định kỳ",
            "Đánh giá, nghiệm thu",
        ),
        strict=True,
    )
)
"""The stages in words that no one law has to itself."""

OPENED = "opened"
"""The anchor that means: the day the step itself was opened."""

EVENT = "event"
"""`event.<id>`: an anchor that is no step's result (a valid request received)."""


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


class LimitStatus(StrEnum):
    """What is known of the law's limit for a step: loaded, there is none, or not read yet."""

    LOADED = "loaded"
    NO_LIMIT = "no-limit"
    NOT_LOADED = "not-loaded"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    LimitStatus.LOADED: "đã nạp",
    LimitStatus.NO_LIMIT: "luật không định thời hạn",
    LimitStatus.NOT_LOADED: "chưa nạp",
}


class DecidingDate(StrEnum):
    """Ngày quyết định: the day of a task's life that a transition clause looks at."""

    ANNOUNCED = "announced"
    SUBMITTED = "submitted"
    APPROVED = "approved"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _DECIDING_LABELS[self]


_DECIDING_LABELS = {
    DecidingDate.ANNOUNCED: "ngày thông báo tuyển chọn, giao trực tiếp",
    DecidingDate.SUBMITTED: "ngày nộp hồ sơ",
    DecidingDate.APPROVED: "ngày phê duyệt nhiệm vụ",
}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Khoảng thời gian luật cho: so many units after or before an anchor.

    Attributes:
        id: The row of the source table ("A30"), unique in its rulebook.
        anchor: `opened`, a step id (the day it was last closed), `step.field` (a date
            given with that step's outcome, e.g. `contract_signing.ends_on`), or
            `event.<id>` (something that happens outside the steps).
        every: The limit comes back each `amount` units from the same anchor; round n
            is due after n times the amount, so a missed round shifts no later one.
        levels: Levels it is for; empty means all. One that names the level wins.
        in_force_from: First anchor date it governs, None without a lower bound.
        in_force_until: Last anchor date it governs, None while still in force.
        in_force_by: Anchor whose date, where known, is held against the two above instead
            of the limit's own (Thông tư 20/2023 Điều 25: the call decides); empty: its own.
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
    in_force_by: str = ""

    def governs(self, level: Level, anchor_on: date) -> bool:
        """Whether this limit is the law for a task of `level` anchored on `anchor_on`."""
        return _governs(self, level, anchor_on)


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule shown beside a step: a side limit, or a rule without a day count.

    Attributes:
        limits: The side limits that the text tells, for computing; the text stays.
    """

    id: str
    step: str
    text: str
    article: str
    owner: str = "Sở"
    levels: frozenset[Level] = frozenset()
    in_force_from: date | None = None
    in_force_until: date | None = None
    limits: tuple[TimeLimit, ...] = ()

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
        recorders: Who may record it; empty: as the step and the rulebook say.
    """

    id: str
    title: str
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    interim: bool = False
    ends: str = ""
    favourable: bool = True
    fields: tuple[Field, ...] = ()
    recorders: Roles = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Bước: one thing that has to happen, with who decides and which paper proves it.

    Attributes:
        requires: Steps that must have been closed before this one opens.
        noun: The step as it stands in a sentence ("ký hợp đồng").
        entry: A task may begin here, without an outcome that opened the step.
        recorders: Who may record its outcomes; empty: as the rulebook says.
    """

    id: str
    stage: str
    title: str
    decided_by: str
    document: str
    outcomes: tuple[Outcome, ...]
    limits: tuple[TimeLimit, ...] = ()
    requires: tuple[str, ...] = ()
    noun: str = ""
    entry: bool = False
    recorders: Roles = ()

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
class Event:
    """Sự kiện: something outside the steps from which a limit may count."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class UnreadNorm:
    """Văn bản chưa nạp: a norm in force whose limits nobody has read into the rulebook.

    Attributes:
        steps: Steps whose limit it would set; empty means any of the rulebook.
    """

    id: str
    norm: str
    note: str = ""
    steps: tuple[str, ...] = ()
    levels: frozenset[Level] = frozenset()
    in_force_from: date | None = None
    in_force_until: date | None = None

    def covers(self, step: str, level: Level, on: date) -> bool:
        """Whether it is the law for that step of a task of `level` on that day."""
        return (not self.steps or step in self.steps) and _governs(self, level, on)


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """Gia hạn: how often, how long, and how early it must be asked for.

    Attributes:
        times: How many extensions a task may have.
        asked_months_before: Least months between the request and the contract's end.
        border_months: Tasks up to this long have the short extension, longer ones the long.
        short_months: Longest extension of a task up to the border.
        long_months: Longest extension of a task beyond it.
    """

    article: str
    times: int
    asked_months_before: int
    border_months: int
    short_months: int
    long_months: int

    def longest(self, signed_on: date, ends_on: date) -> int:
        """The longest extension, in months, of a contract of these two days."""
        is_long = ends_on > add_months(signed_on, self.border_months)
        return self.long_months if is_long else self.short_months


@dataclass(frozen=True, slots=True)
class Transition:
    """Điều khoản chuyển tiếp: which day of a task's life decides what rules it."""

    decides: DecidingDate
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Bộ quy định: the whole table one task is pinned to.

    Attributes:
        family: What kind of task it is for; rulebooks of a family follow one another.
        province: Agency whose overlay it is; empty for the national rules.
        extends: The rulebook that this one is an overlay of; empty without one.
        effective_from: First deciding date it is for, None without a lower bound.
        effective_to: Last deciding date it is for, None while still in force.
        extension: What it allows, None where its rule has not been loaded.
        recorders: Which roles record what; the Department's own arrangement.
    """

    id: str
    title: str
    version: str
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...] = ()
    causes: tuple[Cause, ...] = ()
    family: str = ""
    province: str = ""
    extends: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    transition: Transition | None = None
    councils: tuple[CouncilRule, ...] = ()
    events: tuple[Event, ...] = ()
    not_loaded: tuple[UnreadNorm, ...] = ()
    extension: ExtensionRule | None = None
    recorders: Recorders = ARRANGED
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

    def council_of(self, step_id: str, level: Level, on: date) -> CouncilRule | None:
        """The council that decides a step of a task of that level on a day.

        One made for the level goes before one for all levels; None where the rulebook
        knows of no council.
        """
        found = [
            rule for rule in self.councils if rule.step == step_id and _governs(rule, level, on)
        ]
        return min(found, key=lambda rule: not rule.levels, default=None)

    def council_around(
        self, step_id: str, level: Level, on: date
    ) -> tuple[CouncilRule | None, Step]:
        """The council of a step, or of one that its results open (its establishment).

        Returns:
            Its rule, None where the rulebook has none, and the step that it decides.
        """
        step = self.step(step_id)
        following = [opened for outcome in step.outcomes for opened in outcome.opens]
        for near in (step_id, *following):
            rule = self.council_of(near, level, on)
            if rule is not None:
                return rule, self.step(near)
        return None, step

    def limit_status(self, step_id: str, level: Level, on: date) -> LimitStatus:
        """Whether the law's limit of a step is loaded, absent, or not read yet, on a day."""
        loaded = any(
            limit.force is Force.STATUTORY and limit.governs(level, on)
            for limit in self.step(step_id).limits
        )
        if loaded:
            return LimitStatus.LOADED
        unread = self.unread_norms(step_id, level, on)
        return LimitStatus.NOT_LOADED if unread else LimitStatus.NO_LIMIT

    def unread_norms(self, step_id: str, level: Level, on: date) -> tuple[UnreadNorm, ...]:
        """The norms that bear on a step on a day and have not been read."""
        return tuple(norm for norm in self.not_loaded if norm.covers(step_id, level, on))

    def recorders_of(self, step_id: str, outcome_id: str) -> Roles:
        """Who may record an outcome: its own word first, then the step's, then the rulebook's.

        Raises:
            KhcnError: The rulebook has no such step or outcome.
        """
        step = self.step(step_id)
        outcome = step.outcome(outcome_id)
        default = self.recorders.ending if outcome.ends else self.recorders.outcome
        return outcome.recorders or step.recorders or default

    def cause_phrase(self, cause: str) -> str:
        """The phrase of a recorded cause; a cause in free words is its own phrase."""
        return next((c.phrase for c in self.causes if c.id == cause), cause)

    def is_in_force(self, on: date) -> bool:
        """Whether `on`, as deciding date of a task, lies in the rulebook's time."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


class NoRulebookInForceError(KhcnError):
    """No rulebook is in force for a kind of task on its deciding date."""

    def __init__(self, family: str, anchor_on: date, known: Iterable[str]) -> None:
        self.family, self.anchor_on = family, anchor_on
        super().__init__(
            f"Không có bộ quy định «{family}» nào có hiệu lực ngày {vietnamese.day(anchor_on)}. "
            f"Hiện có: {', '.join(known) or 'không bộ nào'}."
        )


def rulebook_in_force(
    rulebooks: Iterable[Rulebook], family: str, anchor_on: date, province: str = ""
) -> Rulebook:
    """The rulebook that a new task is pinned to; a pinned task keeps the one it has.

    The province's own goes before the national one; of two in force the later one.

    Args:
        anchor_on: The deciding date, as the rulebooks' transition clauses have it.
        province: Agency whose overlays are looked at; empty for national rules only.

    Raises:
        NoRulebookInForceError: None of the family is in force on that day.
    """
    known = [rulebook for rulebook in rulebooks if rulebook.family == family]
    found = [
        rulebook
        for rulebook in known
        if rulebook.province in ("", province) and rulebook.is_in_force(anchor_on)
    ]
    if not found:
        raise NoRulebookInForceError(family, anchor_on, [rulebook.id for rulebook in known])
    return max(found, key=lambda r: (bool(r.province), r.effective_from or date.min, r.id))


BODIES = ("Hội đồng", "Tổ", "Đoàn")
"""What a body that decides or checks may be called."""


def body_named_by(step: Step) -> str:
    """The council or group that a step names itself, where no rule of it is known; or ""."""
    meeting = step.title.removeprefix("Họp ")
    found = (name for name in (meeting, step.decided_by) if name.startswith(BODIES))
    return next((name for name in found if not name.startswith("Tổ chức")), "")


def is_hosts(owner: str) -> bool:
    """Whether the party named first is the host organisation or its investigator."""
    first = owner.partition(",")[0].lower()
    return any(word in first for word in ("chủ trì", "chủ nhiệm", "tổ chức đề xuất"))


class _Scoped(Protocol):
    """A rule that is the law for some levels during some time."""

    @property
    def levels(self) -> frozenset[Level]: ...
    @property
    def in_force_from(self) -> date | None: ...
    @property
    def in_force_until(self) -> date | None: ...


def _governs(rule: _Scoped, level: Level, on: date) -> bool:
    return (
        (not rule.levels or level in rule.levels)
        and (rule.in_force_from is None or rule.in_force_from <= on)
        and (rule.in_force_until is None or on <= rule.in_force_until)
    )
