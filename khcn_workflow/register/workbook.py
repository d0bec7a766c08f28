"""Sổ Excel: reads a whole workbook and says everything that is wrong with it at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from khcn_workflow.domain.activities import Activity, ActivityKind
from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.domain.science_task import Person, ScienceTask
from khcn_workflow.register import crosschecks
from khcn_workflow.register.cells import CellValue, UnreadableError, read_text
from khcn_workflow.register.clock_rows import read_clock
from khcn_workflow.register.columns import SheetKind, forms
from khcn_workflow.register.grid import Grid, grids
from khcn_workflow.register.layout import BodyRow, Table, body, find_table
from khcn_workflow.register.other_rows import read_activity, read_person
from khcn_workflow.register.places import Place, Problem, Severity, Sourced
from khcn_workflow.register.result_rows import read_event
from khcn_workflow.register.row_reader import RowReader
from khcn_workflow.register.rows import ClockRow, DelayRow, EntryRow, Register, ResultRow
from khcn_workflow.register.task_rows import read_dated_results, read_entry, read_task

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"


def read_register(
    path: Path,
    rulebook: Rulebook,
    kinds: Mapping[str, ActivityKind],
    *,
    rulebooks: Mapping[str, Rulebook] | None = None,
    known_tasks: Mapping[str, str] | None = None,
    known_persons: Collection[str] = (),
) -> Register:
    """Everything a workbook holds, with every problem of it; raises nothing.

    Args:
        rulebook: Of the tasks whose row names none.
        kinds: The kinds of other work by id.
        rulebooks: Those a row may name, by id.
        known_tasks: Tasks that are registered already: code → id of its rulebook.
        known_persons: Codes of people who are registered already.
    """
    known = dict(known_tasks or {})
    reading = _Reading(rulebook, {**(rulebooks or {}), rulebook.id: rulebook}, kinds, known)
    content = _content(path)
    if isinstance(content, Problem):
        return Register(path.name, problems=(content,))
    opened = _open(path, content)
    if isinstance(opened, Problem):
        return Register(path.name, problems=(opened,))
    tables = _tables(path.name, opened, reading)
    for kind in SheetKind:
        for table in tables:
            if table.form.kind is kind:
                _read_table(table, reading)
    register = _checked(path.name, reading, [grid.sheet for grid in opened], known_persons)
    return replace(register, sha256=sha256(content).hexdigest())


@dataclass(slots=True)
class _Reading:
    """What has been read so far.

    Attributes:
        codes: Task codes of which a row was seen, sound or not: code → rulebook id.
    """

    rulebook: Rulebook
    rulebooks: Mapping[str, Rulebook]
    kinds: Mapping[str, ActivityKind]
    codes: dict[str, str]
    persons: list[Sourced[Person]] = field(default_factory=list)
    seen_persons: list[str] = field(default_factory=list)
    tasks: list[Sourced[ScienceTask]] = field(default_factory=list)
    entries: list[Sourced[EntryRow]] = field(default_factory=list)
    results: list[Sourced[ResultRow]] = field(default_factory=list)
    delays: list[Sourced[DelayRow]] = field(default_factory=list)
    clocks: list[Sourced[ClockRow]] = field(default_factory=list)
    activities: list[Sourced[Activity]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def rulebook_of(self, code: str) -> Rulebook:
        """The rulebook that the results of a task are read with."""
        pinned = crosschecks.code_index(self.codes).get(code.casefold(), "")
        return self.rulebooks.get(self.codes.get(pinned, ""), self.rulebook)


def _content(path: Path) -> bytes | Problem:
    try:
        return path.read_bytes()
    except OSError:
        return Problem(Place(path.name), "không mở được tệp; hãy kiểm tra tên và đường dẫn.")


def _open(path: Path, content: bytes) -> tuple[Grid, ...] | Problem:
    """The sheets of a file, or why it cannot be opened."""
    if content.startswith(_OLE):
        message = "tệp có mật khẩu hoặc là Excel cũ (.xls); hãy bỏ mật khẩu và lưu dạng .xlsx."
        return Problem(Place(path.name), message)
    if not content.startswith(_ZIP):
        return Problem(Place(path.name), "không phải tệp Excel .xlsx; hãy lưu lại dạng .xlsx.")
    try:
        values = load_workbook(BytesIO(content), data_only=True)
        formulas = load_workbook(BytesIO(content))
        return grids(path.name, values, formulas)
    except Exception:  # openpyxl raises whatever a damaged file leads it to
        return Problem(Place(path.name), "tệp hỏng hoặc không phải Excel .xlsx, không đọc được.")


def _tables(file: str, sheets: tuple[Grid, ...], reading: _Reading) -> list[Table]:
    known = forms(reading.rulebook)
    tables: list[Table] = []
    unknown: list[Problem] = []
    for grid in sheets:
        table = find_table(grid, known)
        if table is not None:
            tables.append(table)
        elif grid.rows:
            message = "trang này không có dòng tiêu đề nhận ra được nên không được đọc."
            unknown.append(Problem(Place(file, grid.sheet), message, Severity.WARNING))
    if not tables:
        names = ", ".join(f"«{kind}»" for kind in SheetKind)
        message = (
            f"không có trang nào nhận ra được (cần một trong các trang {names}, "
            "với dòng tiêu đề trong 20 dòng đầu)."
        )
        reading.problems.append(Problem(Place(file), message))
    else:
        reading.problems.extend(unknown)
    return tables


def _read_table(table: Table, reading: _Reading) -> None:
    for name in table.missing():
        reading.problems.append(Problem(table.place(table.header), f"thiếu cột «{name}»."))
    for title in table.repeated:
        place = Place(table.grid.file, table.grid.sheet, table.header, title.text)
        message = "cột này trùng nghĩa với một cột ở bên trái nên không được đọc."
        reading.problems.append(Problem(place, message, Severity.WARNING))
    rows = list(body(table))
    if not rows:
        message = "trang này chưa có dòng dữ liệu nào."
        reading.problems.append(Problem(table.place(0), message, Severity.WARNING))
    for row in rows:
        _read_row(row, reading)


def _read_row(row: BodyRow, reading: _Reading) -> None:
    reader = RowReader(row)
    _READERS[row.table.form.kind](reader, reading)
    reading.problems.extend(reader.problems)


def _read_person(reader: RowReader, reading: _Reading) -> None:
    reading.seen_persons.append(reader.text("code"))
    person = read_person(reader)
    reading.persons += [person] if person else []


def _read_task(reader: RowReader, reading: _Reading) -> None:
    rulebook = reader.get("rulebook", _rulebook_reader(reading)) or reading.rulebook
    if code := reader.text("code"):
        reading.codes.setdefault(code, rulebook.id)
    task = read_task(reader, rulebook)
    if task is None:
        return
    entry = read_entry(reader, task.value, rulebook)
    results = list(read_dated_results(reader, task.value, rulebook))
    if reader.is_sound:
        reading.tasks.append(task)
        reading.entries += [reader.sourced(entry)] if entry else []
        reading.results += results


def _rulebook_reader(reading: _Reading) -> Callable[[CellValue], Rulebook]:
    known = {words.casefold(): b for b in reading.rulebooks.values() for words in (b.id, b.title)}

    def read(value: CellValue) -> Rulebook:
        found = known.get(read_text(value).casefold())
        if found is None:
            raise UnreadableError(value, f"một bộ quy định: {', '.join(reading.rulebooks)}")
        return found

    return read


def _read_event(reader: RowReader, reading: _Reading) -> None:
    event = read_event(reader, reading.rulebook_of(reader.text("task")))
    if event is None:
        return
    if isinstance(event.value, ResultRow):
        reading.results.append(Sourced(event.value, event.place, event.columns))
    else:
        reading.delays.append(Sourced(event.value, event.place, event.columns))


def _read_clock(reader: RowReader, reading: _Reading) -> None:
    clock = read_clock(reader)
    reading.clocks += [clock] if clock else []


def _read_activity(reader: RowReader, reading: _Reading) -> None:
    activity = read_activity(reader, reading.kinds)
    reading.activities += [activity] if activity else []


_READERS = {
    SheetKind.PERSONS: _read_person,
    SheetKind.TASKS: _read_task,
    SheetKind.RESULTS: _read_event,
    SheetKind.CLOCKS: _read_clock,
    SheetKind.ACTIVITIES: _read_activity,
}


def _checked(
    file: str, reading: _Reading, sheets: list[str], known_persons: Collection[str]
) -> Register:
    """The register without rows that contradict each other; problems in the file's order."""
    found = reading.problems
    once = crosschecks.without_repeats
    persons = once(reading.persons, lambda p: p.code.casefold(), "code", "cán bộ này", found)
    tasks = once(reading.tasks, lambda t: t.code.casefold(), "code", "mã nhiệm vụ này", found)
    activities = once(reading.activities, lambda a: a.code.casefold(), "code", "mã này", found)
    people = crosschecks.person_index(persons, (*known_persons, *reading.seen_persons))
    codes = crosschecks.code_index(reading.codes)
    results = crosschecks.of_known_tasks(reading.results, codes, found)
    results = once(results, _same_result, "on", "kết quả này", found)
    delays = crosschecks.of_known_tasks(reading.delays, codes, found)
    clocks = crosschecks.of_known_tasks(reading.clocks, codes, found)
    clocks = once(clocks, _same_clock, "on", "việc này", found)
    return Register(
        file,
        tuple(persons),
        tuple(crosschecks.with_known_officers(tasks, people, found)),
        tuple(crosschecks.of_known_tasks(reading.entries, codes, found)),
        tuple(crosschecks.with_known_actors(results, people, found)),
        tuple(crosschecks.with_known_actors(delays, people, found)),
        tuple(crosschecks.with_known_actors(clocks, people, found)),
        tuple(activities),
        tuple(sorted(found, key=lambda p: _order(p, sheets))),
    )


def _same_result(result: ResultRow) -> object:
    return result.task, result.step, result.outcome, result.on, result.round


def _same_clock(clock: ClockRow) -> object:
    return clock.task, clock.kind, clock.on, clock.ends_on


def _order(problem: Problem, sheets: list[str]) -> tuple[int, int]:
    sheet = problem.place.sheet
    return (sheets.index(sheet) if sheet in sheets else -1, problem.place.row)
