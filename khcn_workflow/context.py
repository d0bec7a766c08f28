"""What a use case is handed: one transaction, the day, the calendar and the rulebooks."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from khcn_workflow.clock import HANOI, told_time
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.clock_events import check_clock_event
from khcn_workflow.domain.corrections import effective, settled_by, suspended_by, told, what
from khcn_workflow.domain.deadlines import Deadline, deadline_of
from khcn_workflow.domain.errors import (
    AlreadySuspendedError,
    ChangedMeanwhileError,
    DayOffError,
    NotFoundError,
    SettledError,
)
from khcn_workflow.domain.ledger import Fact, LedgerEntry
from khcn_workflow.domain.progress import Progress, StepRound, apply, check_outcome, fold
from khcn_workflow.domain.quiet_hours import sending_opens
from khcn_workflow.domain.rules import Rulebook, rulebook_in_force
from khcn_workflow.domain.standing import deadline_while_owed, exact_from, touched_rounds
from khcn_workflow.regulations.rulebook_reader import rulebook_of
from khcn_workflow.settings import FAMILY, IN_FORCE, Settings
from khcn_workflow.storage.kept import Kept, RoundKey, to_keep
from khcn_workflow.storage.unit_of_work import UnitOfWork, Why, running_due
from notifications.ladder import Rung

OPENED = "mở bước"
"""Why the first version of a due date is there."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A due date before and after; None where none runs."""

    step: str
    title: str
    round: int
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Context:
    """The desk at which one use case works.

    Attributes:
        today: The day in Hà Nội; no paper may be dated after it.
        now: The instant in UTC; the second of a fact's two times.
        ladder: The reminders in force, repeats included.
        account: Of the machine, at the command line; empty behind other doors.
    """

    work: UnitOfWork
    calendar: WorkingCalendar
    rulebooks: Mapping[str, Rulebook]
    settings: Settings
    today: date
    now: datetime
    agency: Agency
    ladder: Sequence[Rung]
    account: str = ""

    @property
    def local_now(self) -> datetime:
        """The instant in Hà Nội."""
        return self.now.astimezone(HANOI)

    @property
    def hour_known(self) -> bool:
        """Whether the hour is that of the day: not where `KHCN_TODAY` set the day alone."""
        return self.settings.today is None

    def quiet_until(self, at: datetime | None = None) -> datetime | None:
        """When people may be told again, None while they may be; by default now."""
        local = self.local_now if at is None else at.astimezone(HANOI)
        opens = sending_opens(local, self.calendar, hour_known=self.hour_known)
        return None if opens == local else opens

    def entries(
        self, code: str, until: date | None = None, known_at: datetime | None = None
    ) -> list[LedgerEntry]:
        """The ledger rows of a task as they were written, within the same two times as `tasks`."""
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
        facts = effective(self.entries(code, known_at=known_at), until)
        progress = fold(facts, self.rulebooks)
        if progress is None:
            raise NotFoundError("nhiệm vụ", code, "Xem danh sách bằng lệnh: khcn tasks")
        return progress

    def tasks(
        self,
        until: date | None = None,
        known_at: datetime | None = None,
        codes: Sequence[str] | None = None,
    ) -> Iterator[Progress]:
        """All tasks by code, as far as the facts go; read in pieces, not held.

        Args:
            until: Only facts with a date on the paper up to this day.
            known_at: Only facts that stood in the ledger at this instant.
            codes: Only these tasks.
        """
        for _, entries in self.work.queries.histories(codes, known_at):
            progress = fold(effective(entries, until), self.rulebooks)
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

    def check(self, progress: Progress, fact: Fact) -> StepRound:
        """The open round that `fact` answers.

        Raises:
            KhcnError: The rulebook does not allow it; when the step is settled already, the
                sentence tells who recorded what and when.
        """
        with self._naming_who_was_first(fact):
            return check_outcome(progress, self.rulebook(progress), fact, self.today)

    def check_event(self, progress: Progress, fact: Fact) -> None:
        """As `check`, for a suspension and its like."""
        with self._naming_who_was_first(fact):
            check_clock_event(progress, self.rulebook(progress), fact, self.today)

    def refuse_if_changed(self, code: str, seen: int | None) -> None:
        """Let nobody record on top of what he has not seen.

        Args:
            seen: Version of the task that was looked at, None to record without looking.

        Raises:
            ChangedMeanwhileError: Lists what was recorded since.
            NotFoundError: The task never had that version.
        """
        if seen is None:
            return
        entries = self.work.entries(code)
        if not 0 < seen <= len(entries):
            hint = f"Nhiệm vụ {code} đang ở phiên bản {len(entries)}."
            raise NotFoundError("phiên bản", str(seen), hint)
        if seen < len(entries):
            rows = [self.tell(entry) for entry in entries[seen:]]
            raise ChangedMeanwhileError(code, seen, len(entries), rows)

    def tell(self, entry: LedgerEntry) -> str:
        """A ledger row in one line: its number, what it says, who recorded it and when."""
        fact = entry.fact
        return (
            f"dòng {entry.seq}: «{what(fact, self.rulebooks)}» ngày "
            f"{vietnamese.day(fact.valid_on)}, do {fact.actor} ghi lúc "
            f"{told_time(entry.recorded_at)}"
        )

    def moves(self, before: Progress, after: Progress) -> list[Moved]:
        """The open rounds of `before` whose due dates are other ones, or none, in `after`."""
        old, new = self._open_dues(before), self._open_dues(after)
        rulebook = self.rulebook(after)
        return [
            Moved(step, rulebook.step(step).title, number, due_on, new.get((step, number)))
            for (step, number), due_on in old.items()
            if due_on != new.get((step, number))
        ]

    def book(self, progress: Progress, fact: Fact, *, day_off_confirmed: bool = False) -> Progress:
        """Check a fact against the rulebook, append it, and save what follows from it.

        Args:
            day_off_confirmed: The paper really bears a date that is a day off.

        Raises:
            KhcnError: The rulebook refuses; nothing was written.
        """
        self.check(progress, fact)
        if not day_off_confirmed:
            self.refuse_day_off(fact.valid_on)
        after = self.note(progress, fact)
        self.save(after, before=progress)
        return after

    def note(self, progress: Progress, fact: Fact) -> Progress:
        """As `book`, for many facts of one task: append each, then `save` once.

        Raises:
            KhcnError: The rulebook refuses; the fact was not appended.
        """
        rulebook = self.rulebook(progress)
        owed = self.check(progress, fact)
        noted = replace(
            fact, stage=owed.stage, step=owed.step, round=owed.round, rulebook=rulebook.id
        )
        self.work.append(noted, self.now)
        return apply(progress, rulebook, noted)

    def save(
        self,
        progress: Progress,
        reason: str = OPENED,
        reasons: Mapping[RoundKey, str] | None = None,
        before: Progress | None = None,
        *,
        reopening: bool = False,
    ) -> None:
        """Write the task's projection with the deadlines of its rounds.

        Args:
            reason: Why a due date is new or moves.
            reasons: The same for single rounds, by step and number.
            before: What the projection says now, where that is known; else every round
                is looked at.
            reopening: Rounds may be owed once more, which is a reason for a new version.
        """
        self.work.calendars.remember(self.calendar, self.now)
        why = Why(reason, self.calendar.version, self.now, reasons or {}, reopening)
        rulebook = self.rulebook(progress)
        deadlines = {
            (touched.step, touched.round): self.stored_deadline(progress, touched)
            for touched in touched_rounds(progress, before, rulebook)
        }
        known_from = exact_from(progress, rulebook)
        self.work.save_task(progress, deadlines, known_from, why, before)

    def differing(self, tasks: Sequence[Progress]) -> list[Progress]:
        """Those tasks whose rows do not say what the ledger says; two queries for all."""
        kept = self.work.queries.kept([progress.task.code for progress in tasks])
        return [p for p in tasks if kept.get(p.task.code) != self._to_keep(p)]

    def stored_deadline(self, progress: Progress, owed: StepRound) -> Deadline | None:
        """The deadline that is kept of a round: of a closed one as it was while owed."""
        return deadline_while_owed(progress, owed, self.rulebook(progress), self.calendar)

    def dues(self, progress: Progress) -> dict[RoundKey, date | None]:
        """The due date that is kept of each round."""
        return {
            (owed.step, owed.round): running_due(self.stored_deadline(progress, owed))
            for owed in progress.rounds
        }

    def refuse_day_off(self, on: date) -> None:
        """Refuse a paper's date that is a day off.

        Raises:
            DayOffError: Says why it is one.
        """
        day = self.calendar.day(on)
        if not day.is_working:
            raise DayOffError(on, day.reason or day.kind.label)

    @contextmanager
    def _naming_who_was_first(self, fact: Fact) -> Iterator[None]:
        try:
            yield
        except SettledError as refusal:
            history = told(self.work.entries(fact.subject))
            if isinstance(refusal, AlreadySuspendedError):
                row = suspended_by(history)
            else:
                row = settled_by(history, fact.step, fact.round, self.rulebooks)
            refusal.row = f"Đã ghi ở {self.tell(row)}." if row else ""
            raise

    def _to_keep(self, progress: Progress) -> Kept:
        known_from = exact_from(progress, self.rulebook(progress))
        return to_keep(progress, self.dues(progress), known_from)

    def _open_dues(self, progress: Progress) -> Mapping[RoundKey, date | None]:
        return {
            (owed.step, owed.round): running_due(self.deadline(progress, owed))
            for owed in progress.open_rounds()
        }
