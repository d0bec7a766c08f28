"""Nhập sổ: a workbook into the ledger, all of it or nothing, and the same one only once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.clock_events import check_clock_event
from khcn_workflow.domain.corrections import Replaced, replaced, told
from khcn_workflow.domain.errors import (
    BeforeOpeningError,
    FutureDateError,
    KhcnError,
    StepNotOpenError,
)
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import CLOCK_EVENTS, Progress, apply, fold, registration
from khcn_workflow.domain.science_task import Person, Role, ScienceTask, task_to_data
from khcn_workflow.domain.staff import StaffError, check_change
from khcn_workflow.register.facts import fact_of, is_known, says
from khcn_workflow.register.places import Problem, Severity, Sourced
from khcn_workflow.register.rows import ClockRow, DelayRow, EntryRow, Event, Register
from khcn_workflow.register.workbook import read_register
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.signing import IMPORTERS, signed_by_office
from khcn_workflow.storage.lengths import TooLongError
from khcn_workflow.storage.translate import activity_to_data

T = TypeVar("T")

_LONGEST_NAME = 64
"""Of a file, as the ledger's column for a subject holds it."""


class RegisterProblemsError(KhcnError):
    """A workbook cannot be taken; nothing of it was."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file, self.problems = file, tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(
            f"Tệp {file} có {vietnamese.count(len(problems))} chỗ cần sửa; "
            f"chưa nhập dòng nào.\n{lines}"
        )


@dataclass(slots=True)
class Imported:
    """How much of a workbook was new.

    Attributes:
        amended: Tasks whose own facts (title, owner, …) changed.
        clocks: Suspensions, resumptions, extensions and terminations.
        warnings: What was taken but deserves a look.
    """

    file: str
    persons: int = 0
    tasks: int = 0
    amended: int = 0
    results: int = 0
    delays: int = 0
    clocks: int = 0
    activities: int = 0
    warnings: list[Problem] = field(default_factory=list)

    @property
    def written(self) -> int:
        """New rows of the ledger, without the one that tells of the import."""
        return sum(self.by_kind().values())

    def by_kind(self) -> dict[str, int]:
        """How many of each kind there are."""
        return {
            "persons": self.persons,
            "tasks": self.tasks,
            "amended": self.amended,
            "results": self.results,
            "delays": self.delays,
            "clocks": self.clocks,
            "activities": self.activities,
        }


@dataclass(frozen=True, slots=True)
class Author:
    """Who brings a workbook in, in which role and for whom."""

    actor: str
    role: str
    on_behalf_of: str

    def signs(self, fact: Fact) -> Fact:
        """The fact in her name."""
        return replace(fact, actor=self.actor, role=self.role, on_behalf_of=self.on_behalf_of)


def import_file(context: Context, path: Path, by: str = "") -> Imported:
    """Bring a workbook into the ledger; what stands there already is passed over.

    If anything was new, a last row tells of the import itself: the file's name and hash, and
    how much it brought.

    Args:
        by: Code of who brings it in; empty for whoever stands at the door.

    Raises:
        RegisterProblemsError: Names every problem by file, sheet, row and column.
        AuthorityError: Whoever speaks may not bring in workbooks.
    """
    context.work.locks.whole_office()
    author = _author(context, path, by)
    register = _read(context, path)
    problems = list(register.errors)
    done = Imported(register.file, warnings=[p for p in register.problems if not p.is_error])
    done.persons = _take_people(context, author, register.persons, problems)
    entries = {row.value.task: row.value for row in register.entries}
    histories = register.histories()
    tasks = {row.value.code: row for row in register.tasks}
    unread = {(p.place.sheet, p.place.row) for p in problems}
    for code in dict.fromkeys([*tasks, *histories]):
        lost = _has_gap(histories.get(code, ()), unread)
        story = _Story(context, author, done, problems, lost)
        story.take(code, tasks.get(code), entries.get(code), histories.get(code, ()))
    for activity in register.activities:
        done.activities += _taken(activity, problems, lambda a: _take_activity(context, author, a))
    if problems:
        raise RegisterProblemsError(register.file, problems)
    if done.written:
        data = {"file": path.name, "sha256": register.sha256, **done.by_kind()}
        fact = _registered(context, EntryKind.IMPORTED, register.sha256, data)
        context.work.append(author.signs(fact), context.now)
    return done


def _read(context: Context, path: Path) -> Register:
    known = context.work.queries.task_rulebooks()
    return read_register(
        path,
        context.default_rulebook(context.today),
        load_activity_kinds(),
        rulebooks=context.rulebooks,
        known_tasks=known,
        known_persons=list(context.work.queries.persons()),
    )


@dataclass(slots=True)
class _Story:
    """Takes one task with its history, and goes on after a refusal to find the next.

    Attributes:
        author: Who brings the workbook in.
        lost: A row of the history is missing, so that a step which seems not to be owed
            says nothing new; such refusals are not told.
    """

    context: Context
    author: Author
    done: Imported
    problems: list[Problem]
    lost: bool

    def take(
        self,
        code: str,
        row: Sourced[ScienceTask] | None,
        entry: EntryRow | None,
        history: Sequence[Sourced[Event]],
    ) -> None:
        """Register the task or find it, then record what is new of its history."""
        was_known = self.context.work.queries.has_task(code)
        progress = self._registered(code, row, entry, history)
        if progress is None:
            return
        before = progress
        corrected = replaced(told(self.context.work.entries(code))) if was_known else []
        for event in history:
            progress = self._after(progress, event, corrected)
        if progress != before or not was_known:
            self.context.save(progress)

    def _registered(
        self,
        code: str,
        row: Sourced[ScienceTask] | None,
        entry: EntryRow | None,
        history: Sequence[Sourced[Event]],
    ) -> Progress | None:
        if self.context.work.queries.has_task(code):
            progress = self.context.progress(code)
            return self._amended(progress, row) if row else progress
        start = (entry.step, entry.on) if entry else _first(history)
        if row is None or start is None:
            if row is not None:
                self._problem(row, "code", "nhiệm vụ chưa có bước nào: ghi bước đang chờ và ngày.")
            return None
        try:
            task = self._pinned(row, start[1])
        except KhcnError as refusal:
            self._problem(row, "rulebook", str(refusal))
            return None
        fact = self.author.signs(registration(task, *start, self.author.actor))
        if not self._appended(fact, row):
            return None
        self.done.tasks += 1
        return fold([fact], self.context.rulebooks)

    def _pinned(self, row: Sourced[ScienceTask], on: date) -> ScienceTask:
        """The task with the rulebook its row names, or the one in force when it enters."""
        if "rulebook" in row.columns:
            return row.value
        return replace(row.value, rulebook=self.context.default_rulebook(on).id)

    def _amended(self, progress: Progress, row: Sourced[ScienceTask]) -> Progress:
        """A registered task keeps the rulebook it is pinned to, and an owner it was given."""
        task = replace(row.value, rulebook=progress.task.rulebook)
        if task.officer != progress.task.officer and self._was_assigned(task.code):
            self._warn(
                row,
                "officer",
                f"sổ cái đã giao nhiệm vụ cho «{progress.task.officer}» theo dõi, không đổi "
                "theo dòng này; muốn giao lại, dùng: khcn assign.",
            )
            task = replace(task, officer=progress.task.officer)
        if task == progress.task:
            return progress
        fact = Fact(
            kind=EntryKind.AMENDED,
            subject=task.code,
            valid_on=self.context.today,
            actor=self.author.actor,
            rulebook=progress.task.rulebook,
            data=task_to_data(task),
        )
        if not self._appended(self.author.signs(fact), row):
            return progress
        self.done.amended += 1
        return replace(progress, task=task)

    def _was_assigned(self, code: str) -> bool:
        rows = self.context.work.entries(code)
        return any(entry.fact.kind is EntryKind.ASSIGNED for entry in rows)

    def _after(
        self, progress: Progress, event: Sourced[Event], corrected: Sequence[Replaced]
    ) -> Progress:
        row = event.value
        if is_known(progress, row):
            return progress
        if by := next((by for by, fact in corrected if says(fact, row)), None):
            why = f"dòng này đã được sửa trong sổ cái (dòng {by.seq}), giữ theo dòng sửa."
            self._warn(event, "on", why)
            return progress
        fact = fact_of(row, "")
        if not row.actor:
            fact = self.author.signs(fact)
        try:
            after = self._noted(progress, fact)
        except (FutureDateError, BeforeOpeningError, TooLongError) as refusal:
            self._problem(event, _column(refusal), str(refusal))
            return apply(progress, self.context.rulebook(progress), fact)
        except KhcnError as refusal:
            if not (self.lost and isinstance(refusal, StepNotOpenError)):
                self._problem(event, "event" if isinstance(row, ClockRow) else "step", str(refusal))
            self.lost = True
            return progress
        self._count(event)
        return after

    def _noted(self, progress: Progress, fact: Fact) -> Progress:
        if fact.kind not in CLOCK_EVENTS:
            return self.context.note(progress, fact)
        rulebook = self.context.rulebook(progress)
        check_clock_event(progress, rulebook, fact, self.context.today)
        noted = replace(fact, rulebook=rulebook.id)
        self.context.work.append(noted, self.context.now)
        return apply(progress, rulebook, noted)

    def _count(self, event: Sourced[Event]) -> None:
        match event.value:
            case ClockRow():
                self.done.clocks += 1
                return
            case DelayRow():
                self.done.delays += 1
            case _:
                self.done.results += 1
        self._warn_of_day_off(event, event.value.on)

    def _appended(self, fact: Fact, row: Sourced[ScienceTask]) -> bool:
        try:
            self.context.work.append(fact, self.context.now)
        except TooLongError as refusal:
            self._problem(row, _column(refusal), str(refusal))
            return False
        return True

    def _problem(self, row: Sourced[object], column: str, message: str) -> None:
        self.problems.append(Problem(row.at(column), message))

    def _warn_of_day_off(self, event: Sourced[Event], on: date) -> None:
        day = self.context.calendar.day(on)
        if not day.is_working:
            message = (
                f"ngày {vietnamese.day(on)} là ngày nghỉ ({day.reason or day.kind.label}); "
                "đã ghi, xin kiểm tra lại văn bản."
            )
            self._warn(event, "on", message)

    def _warn(self, row: Sourced[Any], column: str, message: str) -> None:
        self.done.warnings.append(Problem(row.at(column), message, Severity.WARNING))


def _has_gap(history: Sequence[Sourced[Event]], unread: Collection[tuple[str, int]]) -> bool:
    """Whether a row that could not be read lies among or beside the rows of a history."""
    rows = [event.place.row for event in history]
    if not rows:
        return False
    beside = range(min(rows) - 1, max(rows) + 2)
    return any((history[0].place.sheet, row) in unread for row in beside)


def _first(history: Sequence[Sourced[Event]]) -> tuple[str, date] | None:
    steps = (event.value for event in history if not isinstance(event.value, ClockRow))
    return next(((row.step, row.on) for row in steps), None)


def _column(refusal: KhcnError) -> str:
    """The column of the cell that a refusal is about."""
    if isinstance(refusal, TooLongError):
        return _COLUMNS.get(refusal.column, refusal.column)
    return "on"


_COLUMNS = {"subject": "code"}
"""Columns that are called otherwise in a sheet than in the ledger."""


def _taken(row: Sourced[T], problems: list[Problem], take: Callable[[T], bool]) -> bool:
    """Whether a row was new; a text that is too long is a problem of its cell."""
    try:
        return take(row.value)
    except TooLongError as refusal:
        problems.append(Problem(row.at(_column(refusal)), str(refusal)))
        return False


def _author(context: Context, path: Path, by: str) -> Author:
    """Whoever speaks, when she may bring in a workbook.

    Raises:
        AuthorityError: She may not.
    """
    fact = Fact(EntryKind.REGISTERED, path.name[:_LONGEST_NAME], context.today, by)
    signed = signed_by_office(context, fact, "nhập sổ Excel", IMPORTERS)
    return Author(signed.actor, signed.role, signed.on_behalf_of)


def _take_people(
    context: Context,
    author: Author,
    rows: Sequence[Sourced[Person]],
    problems: list[Problem],
) -> int:
    """People as the workbook has them; who may do what stays with the administrator."""
    staff = context.work.staffing.staff()
    by = staff.persons.get(author.actor)
    keeps_people = author.role == Role.ADMINISTRATOR or (by and by.role is Role.ADMINISTRATOR)
    may_appoint = keeps_people or not staff.has_administrator
    changed = []
    for row in rows:
        known, person = staff.persons.get(row.value.code), row.value
        if known is not None and "account" not in row.columns:
            person = replace(person, account=known.account)
        if known == person:
            continue
        if not may_appoint and _powers(known) != _powers(person):
            text = "chỉ quản trị mới thêm người, đổi vai trò, phòng, tài khoản: khcn persons set."
            problems.append(Problem(row.at("role"), text))
        changed.append(replace(row, value=person))
    try:
        check_change(staff, [row.value for row in changed], context.account)
    except StaffError as refused:
        problems.append(Problem(rows[0].at("account"), str(refused)))
    return sum(_taken(row, problems, lambda p: _take_person(context, author, p)) for row in changed)


def _take_person(context: Context, author: Author, person: Person) -> bool:
    fact = _registered(context, EntryKind.PERSON, person.code, asdict(person))
    context.work.append(author.signs(fact), context.now)
    context.work.save_person(person)
    return True


def _powers(person: Person | None) -> tuple[str, ...]:
    """What decides what somebody may do."""
    return (person.role, person.division, person.account) if person else ()


def _take_activity(context: Context, author: Author, activity: Activity) -> bool:
    if context.work.queries.activity(activity.code) == activity:
        return False
    fact = _registered(context, EntryKind.ACTIVITY, activity.code, activity_to_data(activity))
    context.work.append(author.signs(fact), context.now)
    context.work.save_activity(activity)
    return True


def _registered(context: Context, kind: EntryKind, subject: str, data: dict[str, object]) -> Fact:
    return Fact(kind, subject, context.today, "", data=data)
