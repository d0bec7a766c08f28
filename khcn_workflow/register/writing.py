"""Ghi sổ Excel: people, tasks, results and other work in the form that the reader reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from khcn_workflow.domain.activities import Activity, ActivityKind
from khcn_workflow.domain.cell_text import looks_active
from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.rules import FieldType, Rulebook
from khcn_workflow.domain.science_task import Person, ScienceTask
from khcn_workflow.register.cells import UnreadableError
from khcn_workflow.register.clock_rows import WORDS
from khcn_workflow.register.columns import DOCUMENT, FIELD, STEP, Form, SheetKind, forms
from khcn_workflow.register.rows import ClockRow, DelayRow, EntryRow, ResultRow
from khcn_workflow.register.vocabulary import DELAY, cause_reader, outcome_reader, step_reader

WritableValue = str | int | date | None
Row = Mapping[str, WritableValue]
"""The cells of a row by the keys of their columns."""

_WIDTH = 22
_DAY = "DD/MM/YYYY"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a written register holds.

    Attributes:
        tasks: Each task with where it entered the ledger, in the order of entering.
        events: Results and delays of all tasks, of each in the order of the ledger.
        clocks: What stopped, moved or ended the tasks' clocks, likewise.
        rulebooks: By id, those that the tasks are pinned to.
        kinds: The kinds of other work by id.
    """

    persons: Sequence[Person]
    tasks: Sequence[tuple[ScienceTask, EntryRow]]
    events: Sequence[ResultRow | DelayRow]
    clocks: Sequence[ClockRow]
    activities: Sequence[Activity]
    rulebooks: Mapping[str, Rulebook]
    kinds: Mapping[str, ActivityKind]


def to_workbook(contents: Contents, rulebook: Rulebook) -> bytes:
    """The register as an .xlsx file that `read_register` reads back.

    Args:
        rulebook: The one whose facts have columns, as when it is read.
    """
    rows: Mapping[SheetKind, Iterator[Row]] = {
        SheetKind.PERSONS: (_person(person) for person in contents.persons),
        SheetKind.TASKS: (_task(contents, task, entry) for task, entry in contents.tasks),
        SheetKind.RESULTS: _events(contents, rulebook),
        SheetKind.CLOCKS: (_clock(clock) for clock in contents.clocks),
        SheetKind.ACTIVITIES: (_activity(contents, activity) for activity in contents.activities),
    }
    workbook = Workbook()
    del workbook[workbook.active.title]  # type: ignore[union-attr]  # a new workbook has a sheet
    for form in forms(rulebook):
        _write_sheet(workbook.create_sheet(form.kind.value), form, rows[form.kind])
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def fields_written(rulebook: Rulebook) -> frozenset[str]:
    """The step-specific facts that have a column."""
    return frozenset(_field_types(rulebook))


def _write_sheet(sheet: Worksheet, form: Form, rows: Iterable[Row]) -> None:
    columns = [key for key in form.titles if not key.startswith((STEP, DOCUMENT))]
    for place, key in enumerate(columns, start=1):
        title = sheet.cell(1, place, form.titles[key][0])
        title.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for place, key in enumerate(columns, start=1):
            _fill(sheet.cell(number, place), row.get(key))


def _fill(cell: Cell | MergedCell, value: WritableValue) -> None:
    """Text stays text: nothing that a spreadsheet would calculate, now or when it is edited."""
    if value is None or value == "":
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = looks_active(value)
    elif isinstance(value, date):
        cell.number_format = _DAY


def _person(person: Person) -> Row:
    return {
        "code": person.code,
        "name": person.name,
        "role": person.role.label,
        "division": person.division,
        "email": person.email,
        "account": person.account,
    }


def _task(contents: Contents, task: ScienceTask, entry: EntryRow) -> Row:
    rulebook = contents.rulebooks[task.rulebook]
    return {
        "code": task.code,
        "title": task.title,
        "level": task.level.label,
        "kind": task.kind.label,
        "source": task.source.label,
        "plan_year": task.plan_year,
        "way": task.way.label if task.way else None,
        "host": task.host,
        "principal_investigator": task.principal_investigator,
        "officer": task.officer,
        "field": task.field,
        "duration": task.months,
        "starts_on": task.starts_on,
        "ends_on": task.ends_on,
        "budget_vnd": task.budget_vnd,
        "rulebook": task.rulebook,
        "enters_at": _step_words(rulebook, entry.step),
        "enters_on": entry.on,
    }


def _events(contents: Contents, rulebook: Rulebook) -> Iterator[Row]:
    pinned = {task.code: contents.rulebooks[task.rulebook] for task, _ in contents.tasks}
    types = _field_types(rulebook)
    for event in contents.events:
        yield _event(event, pinned[event.task], types)


def _event(event: ResultRow | DelayRow, rulebook: Rulebook, types: Mapping[str, FieldType]) -> Row:
    told: dict[str, WritableValue] = {
        "task": event.task,
        "step": _step_words(rulebook, event.step),
        "outcome": DELAY,
        "on": event.on,
        **_document(event.document),
        "actor": event.actor,
        "cause": _cause_words(rulebook, event.cause),
        "commitment": event.commitment,
        "round": event.round,
        "note": event.note,
        "turn": event.turn,
    }
    if isinstance(event, DelayRow):
        return told
    step = rulebook.step(event.step)
    title = step.outcome(event.outcome).title
    reads_back = _reads(outcome_reader(step), title, lambda o: o.id) == event.outcome
    told["outcome"] = title if reads_back else event.outcome
    written = {
        FIELD + key: _field(value, types[key])
        for key, value in event.fields.items()
        if key in types
    }
    return {**told, **written}


def _clock(clock: ClockRow) -> Row:
    return {
        "task": clock.task,
        "event": WORDS[clock.kind],
        "on": clock.on,
        **_document(clock.document),
        "actor": clock.actor,
        "reason": clock.reason,
        "asked_on": clock.asked_on,
        "ends_on": clock.ends_on,
        "turn": clock.turn,
    }


def _activity(contents: Contents, activity: Activity) -> Row:
    kind = contents.kinds[activity.kind]
    return {
        "code": activity.code,
        "kind": kind.title,
        "title": activity.title,
        "on": activity.on,
        "stage": dict(kind.stages).get(activity.stage, activity.stage),
        **_document(activity.document),
        "quantity": activity.quantity,
        "subset": activity.subset,
        "place_count": activity.place_count,
        "amount_vnd": activity.amount_vnd,
        "organisation": activity.organisation,
        "note": activity.note,
    }


def _document(document: Document) -> dict[str, WritableValue]:
    return {
        "document_number": document.number,
        "document_on": document.on,
        "document_issuer": document.issuer,
    }


def _field_types(rulebook: Rulebook) -> dict[str, FieldType]:
    return {
        wanted.id: wanted.type
        for step in rulebook.steps()
        for outcome in step.outcomes
        for wanted in outcome.fields
    }


def _field(value: str, of_type: FieldType) -> WritableValue:
    match of_type:
        case FieldType.DATE:
            return date.fromisoformat(value)
        case FieldType.INTEGER:
            return int(value)
        case FieldType.MONEY:
            return f"{value} đồng"
        case _:
            return value


def _step_words(rulebook: Rulebook, step: str) -> str:
    """The title of a step, or its id where the title would be read as another's."""
    title = rulebook.step(step).title
    return title if _reads(step_reader(rulebook), title, lambda s: s.id) == step else step


def _cause_words(rulebook: Rulebook, cause: str) -> str:
    title = next((c.title for c in rulebook.causes if c.id == cause), cause)
    return title if cause and cause_reader(rulebook)(title) == cause else cause


def _reads(read: Callable[[str], object], words: str, told: Callable[..., str]) -> str | None:
    try:
        return told(read(words))
    except UnreadableError:
        return None
