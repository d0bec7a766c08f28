"""Xuất sổ: what the ledger holds as a workbook that imports back to an equal register."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path

from khcn_workflow.context import Context
from khcn_workflow.domain.corrections import effective
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import CLOCK_EVENTS, described
from khcn_workflow.domain.science_task import ScienceTask, task_from_data
from khcn_workflow.register.rows import ClockRow, DelayRow, EntryRow, Event, ResultRow
from khcn_workflow.register.writing import Contents, fields_written, to_workbook
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.reports.writer import write_bytes

Registered = tuple[ScienceTask, EntryRow]


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written.

    Attributes:
        clocks: Suspensions, resumptions, extensions and terminations.
        left_out: Codes of tasks with facts that the register's form has no column for:
            fields of other rulebooks.
    """

    file: str
    persons: int
    tasks: int
    results: int
    delays: int
    clocks: int
    activities: int
    left_out: tuple[str, ...]


def export_file(context: Context, path: Path) -> Exported:
    """Write everything that the register's form can hold.

    Raises:
        ReportFileError: The file cannot be written there.
    """
    facts = {code: effective(told) for code, told in context.work.queries.histories()}
    rulebook = context.default_rulebook(context.today)
    contents = _contents(context, facts)
    write_bytes(path, to_workbook(contents, rulebook))
    delays = sum(isinstance(event, DelayRow) for event in contents.events)
    return Exported(
        file=path.name,
        persons=len(contents.persons),
        tasks=len(contents.tasks),
        results=len(contents.events) - delays,
        delays=delays,
        clocks=len(contents.clocks),
        activities=len(contents.activities),
        left_out=tuple(_left_out(facts, fields_written(rulebook))),
    )


def _contents(context: Context, facts: Mapping[str, Sequence[Fact]]) -> Contents:
    queries = context.work.queries
    persons = queries.persons()
    events: list[ResultRow | DelayRow] = []
    clocks: list[ClockRow] = []
    for told in facts.values():
        rows = _without_repeats(_row(fact, persons) for fact in told if fact.kind in _ROWS)
        for turn, row in enumerate(rows, start=1):
            if isinstance(row, ClockRow):
                clocks.append(replace(row, turn=turn))
            else:
                events.append(replace(row, turn=turn))
    return Contents(
        persons=tuple(persons.values()),
        tasks=tuple(_registered(told) for told in facts.values()),
        events=tuple(events),
        clocks=tuple(clocks),
        activities=tuple(queries.activities()),
        rulebooks=context.rulebooks,
        kinds=load_activity_kinds(),
    )


_ROWS = (EntryKind.OUTCOME, EntryKind.DELAY, *CLOCK_EVENTS)


def _registered(facts: Sequence[Fact]) -> Registered:
    """The task as it is called now, with the step at which it entered."""
    entered = next(fact for fact in facts if fact.kind is EntryKind.REGISTERED)
    task = reduce(described, facts, task_from_data(entered.data))
    return task, EntryRow(entered.subject, entered.step, entered.valid_on)


def _row(fact: Fact, persons: Collection[str]) -> Event:
    """The row of a fact; who recorded it only where she stands among the people."""
    actor = fact.actor if fact.actor in persons else ""
    if fact.kind in CLOCK_EVENTS:
        return _clock(fact, actor)
    if fact.kind is EntryKind.DELAY:
        return DelayRow(
            fact.subject,
            fact.step,
            fact.valid_on,
            fact.cause,
            fact.commitment,
            fact.document,
            fact.note,
            actor,
            fact.round,
        )
    return ResultRow(
        fact.subject,
        fact.step,
        fact.outcome,
        fact.valid_on,
        fact.document,
        actor,
        fact.cause,
        fact.commitment,
        fact.note,
        fact.data,
        fact.round,
    )


def _clock(fact: Fact, actor: str) -> ClockRow:
    days = {name: date.fromisoformat(text) for name, text in fact.data.items()}
    return ClockRow(
        fact.subject,
        fact.kind,
        fact.valid_on,
        fact.note,
        days.get("asked_on"),
        days.get("ends_on"),
        fact.document,
        actor,
    )


def _without_repeats(rows: Iterable[Event]) -> list[Event]:
    """What was recorded twice for the same day stands once, as the import takes it."""
    first: dict[object, Event] = {}
    for row in rows:
        first.setdefault(_told(row), row)
    return list(first.values())


def _told(row: Event) -> object:
    match row:
        case ClockRow():
            return row.kind, row.on, row.ends_on
        case DelayRow():
            return row.step, (row.cause,), row.on, row.round
        case ResultRow():
            return row.step, row.outcome, row.on, row.round


def _left_out(facts: Mapping[str, Sequence[Fact]], columns: frozenset[str]) -> list[str]:
    return [code for code, told in facts.items() if any(_has_no_cell(f, columns) for f in told)]


def _has_no_cell(fact: Fact, columns: frozenset[str]) -> bool:
    return fact.kind is EntryKind.OUTCOME and not fact.data.keys() <= columns
