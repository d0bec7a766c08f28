"""What a report is made from: dossiers and activities as they stood on one day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity, ActivityKind
from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.report_edits import SectionEdit
from khcn_workflow.domain.rules import Rulebook, TimeLimit
from khcn_workflow.domain.science_task import ScienceTask
from khcn_workflow.domain.standing import deadline_while_owed
from khcn_workflow.reports.period import Period

CONTRACT = "contract_signing"
_UNDER_CONTRACT = ("periodic_check", "acceptance")


class AsOfError(KhcnError):
    """A report was asked as of a day before its period begins."""

    def __init__(self, period: Period, as_of: date) -> None:
        self.period, self.as_of = period, as_of
        super().__init__(
            f"Ngày chốt số liệu {vietnamese.day(as_of)} ở trước ngày đầu kỳ {period.label} "
            f"({vietnamese.day(period.first)}); hãy chọn ngày khác hoặc kỳ khác."
        )


@dataclass(frozen=True, slots=True)
class Due:
    """When a round of a step is due, and by which limit."""

    on: date
    limit: TimeLimit


@dataclass(frozen=True, slots=True)
class Dossier:
    """One science task as of the report's day, with the rulebook it is pinned to.

    Attributes:
        dues: Due date and limit's id of each round that has one, by step and number, where
            they were read with the rounds; None where they follow from the facts.
    """

    progress: Progress
    rulebook: Rulebook
    dues: Mapping[tuple[str, int], tuple[date, str]] | None = None

    @property
    def task(self) -> ScienceTask:
        """The science task itself."""
        return self.progress.task

    @property
    def ended_on(self) -> date | None:
        """The day the task ended, None while it goes on."""
        return self.progress.ended_on

    @property
    def contract_on(self) -> date | None:
        """The day its contract was signed, None without one.

        A task that entered the ledger while already running has its first approved
        day, or else the day it was registered.
        """
        signed = self.progress.closed(CONTRACT)
        if signed is not None:
            return signed.closed_on if self.done(CONTRACT) else None
        entered = self.progress.rounds[0]
        if entered.stage in _UNDER_CONTRACT:
            return self.task.starts_on or self.progress.registered_on
        return None

    def done(self, step: str) -> bool:
        """Whether a step's last result counts as done, or the task entered past the step."""
        closed = self.progress.closed(step)
        if closed is not None:
            return self.rulebook.step(step).outcome(closed.outcome).favourable
        known = {s.id for s in self.rulebook.steps()}
        entered = self.progress.rounds[0].step
        return step in known and self.rulebook.order(entered) > self.rulebook.order(step)

    def due(self, owed: StepRound, calendar: WorkingCalendar) -> Due | None:
        """When a round is or was due; None without a limit, and while the limit stands still.

        Raises:
            CalendarHorizonError: The calendar does not know the days in question.
        """
        if self.dues is not None:
            kept = self.dues.get((owed.step, owed.round))
            limits = self.rulebook.step(owed.step).limits
            return kept and Due(kept[0], next(x for x in limits if x.id == kept[1]))
        deadline = deadline_while_owed(self.progress, owed, self.rulebook, calendar)
        if deadline is None or deadline.paused_since is not None:
            return None
        return Due(deadline.due_on, deadline.limit)

    def results(self, step: str, first: date, last: date) -> Iterator[StepRound]:
        """The rounds of a step that were closed by a result from `first` to `last`."""
        for done in self.progress.rounds:
            closed = done.closed_on if done.step == step and done.outcome else None
            if closed is not None and first <= closed <= last:
                yield done


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything a report says, before it is counted.

    Attributes:
        as_of: The day the figures stand for; dossiers and activities are as of it.
        kinds: The kinds of activities by id, for the words of their stages.
        edits: What officers wrote in the place of generated sections, by section.

    Raises:
        AsOfError: `as_of` is before the period's first day.
    """

    period: Period
    as_of: date
    dossiers: tuple[Dossier, ...]
    activities: tuple[Activity, ...]
    kinds: Mapping[str, ActivityKind]
    calendar: WorkingCalendar
    agency: Agency
    edits: Mapping[str, SectionEdit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a day that no event of the period can lie before."""
        if self.as_of < self.period.first:
            raise AsOfError(self.period, self.as_of)

    @property
    def until(self) -> date:
        """The last day whose events are counted."""
        return min(self.as_of, self.period.last)
