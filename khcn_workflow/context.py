"""What a use case is handed: one transaction, the day, the calendar and the rulebooks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import Deadline, deadline_of
from khcn_workflow.domain.errors import DayOffError, NotFoundError
from khcn_workflow.domain.ledger import Fact, LedgerEntry
from khcn_workflow.domain.progress import Progress, StepRound, apply, check_outcome, fold
from khcn_workflow.domain.rules import Rulebook, rulebook_in_force
from khcn_workflow.regulations.rulebook_reader import rulebook_of
from khcn_workflow.settings import FAMILY, IN_FORCE, Settings
from khcn_workflow.storage.unit_of_work import UnitOfWork, Why
from notifications.ladder import DEFAULT_LADDER, Rung

OPENED = "mở bước"
"""Why the first version of a due date is there."""


@dataclass(frozen=True, slots=True)
class Context:
    """The desk at which one use case works.

    Attributes:
        today: The day in Hà Nội; no paper may be dated after it.
        now: The instant in UTC; the second of a fact's two times.
    """

    work: UnitOfWork
    calendar: WorkingCalendar
    rulebooks: Mapping[str, Rulebook]
    settings: Settings
    today: date
    now: datetime
    agency: Agency
    ladder: Sequence[Rung] = DEFAULT_LADDER

    def entries(
        self, code: str, until: date | None = None, known_at: datetime | None = None
    ) -> list[LedgerEntry]:
        """The ledger rows of a task, within the same two times as `tasks`."""
        entries = self.work.entries(code)
        last = None if known_at is None else self.work.queries.last_known(known_at)
        return [
            entry
            for entry in entries
            if (until is None or entry.fact.valid_on <= until)
            and (last is None or entry.seq <= last)
        ]

    def progress(
        self, code: str, until: date | None = None, known_at: datetime | None = None
    ) -> Progress:
        """Where a task stands, now or within the same two times as `tasks`.

        Raises:
            NotFoundError: No task has that code, or none had it then.
        """
        facts = [entry.fact for entry in self.entries(code, until, known_at)]
        progress = fold(facts, self.rulebooks)
        if progress is None:
            raise NotFoundError("nhiệm vụ", code, "Xem danh sách bằng lệnh: khcn tasks")
        return progress

    def tasks(
        self, until: date | None = None, known_at: datetime | None = None
    ) -> Iterator[Progress]:
        """All tasks by code, as far as the facts go.

        Args:
            until: Only facts with a date on the paper up to this day.
            known_at: Only facts that stood in the ledger at this instant.
        """
        facts = self.work.queries.facts_by_task(until, known_at)
        for code in sorted(facts):
            progress = fold(facts[code], self.rulebooks)
            if progress is not None:
                yield progress

    def default_rulebook(self, on: date) -> Rulebook:
        """The rulebook that the setting names, or the one in force on that day.

        Raises:
            NotFoundError: There is none of the name set.
            NoRulebookInForceError: None is in force.
        """
        if self.settings.rulebook != IN_FORCE:
            return rulebook_of(self.rulebooks, self.settings.rulebook)
        return rulebook_in_force(self.rulebooks.values(), FAMILY, on, province=self.settings.agency)

    def rulebook(self, progress: Progress) -> Rulebook:
        """The rulebook the task is pinned to."""
        return self.rulebooks[progress.task.rulebook]

    def deadline(self, progress: Progress, owed: StepRound) -> Deadline | None:
        """The deadline of a round, derived now."""
        return deadline_of(progress, owed, self.rulebook(progress), self.calendar)

    def book(self, progress: Progress, fact: Fact, *, day_off_confirmed: bool = False) -> Progress:
        """Check a fact against the rulebook, append it, and save what follows from it.

        Args:
            day_off_confirmed: The paper really bears a date that is a day off.

        Raises:
            KhcnError: The rulebook refuses; nothing was written.
        """
        check_outcome(progress, self.rulebook(progress), fact, self.today)
        if not day_off_confirmed:
            self._refuse_day_off(fact.valid_on)
        after = self.note(progress, fact)
        self.save(after, before=progress)
        return after

    def note(self, progress: Progress, fact: Fact) -> Progress:
        """As `book`, for many facts of one task: append each, then `save` once.

        Raises:
            KhcnError: The rulebook refuses; the fact was not appended.
        """
        rulebook = self.rulebook(progress)
        owed = check_outcome(progress, rulebook, fact, self.today)
        noted = replace(
            fact, stage=owed.stage, step=owed.step, round=owed.round, rulebook=rulebook.id
        )
        self.work.append(noted, self.now)
        return apply(progress, rulebook, noted)

    def save(
        self,
        progress: Progress,
        reason: str = OPENED,
        reasons: Mapping[tuple[str, int], str] | None = None,
        before: Progress | None = None,
    ) -> None:
        """Write the task's projection with the deadlines of what it now owes.

        Args:
            reason: Why a due date is new or moves.
            reasons: The same for single rounds, by step and number.
            before: What the projection says now, where that is known.
        """
        deadlines = {
            (owed.step, owed.round): self.deadline(progress, owed)
            for owed in progress.open_rounds()
        }
        self.work.calendars.remember(self.calendar, self.now)
        why = Why(reason, self.calendar.version, self.now, reasons or {})
        self.work.save_task(progress, deadlines, why, before)

    def _refuse_day_off(self, on: date) -> None:
        day = self.calendar.day(on)
        if not day.is_working:
            raise DayOffError(on, day.reason or day.kind.label)
