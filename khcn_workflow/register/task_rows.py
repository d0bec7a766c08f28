"""Trang «Nhiệm vụ»: science tasks, where they wait, and the dates of results beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.rules import Outcome, Rulebook, Step
from khcn_workflow.domain.science_task import ScienceTask, Source
from khcn_workflow.register.cells import UnreadableError, read_text
from khcn_workflow.register.columns import DOCUMENT, STEP
from khcn_workflow.register.days import Edge, read_months, read_span, read_year
from khcn_workflow.register.places import Sourced
from khcn_workflow.register.row_reader import RowReader
from khcn_workflow.register.rows import EntryRow, ResultRow
from khcn_workflow.register.vocabulary import (
    read_kind,
    read_level,
    read_source,
    read_way,
    step_reader,
)

ENDS_ON = "ends_on"
"""The fact of a signed contract that stands in the task's own row."""

_EXPECTED_DURATION = "số tháng («24 tháng») hoặc khoảng tháng («8/2018-7/2020»)"
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """How long a task runs, as far as its row says."""

    months: int | None = None
    first: date | None = None
    last: date | None = None


def read_task(reader: RowReader, rulebook: Rulebook) -> Sourced[ScienceTask] | None:
    """The task of a row, pinned to `rulebook`; None when a cell keeps it out.

    A task without a word on its source counts as ordered: provincial tasks must be
    (Luật KH&CN 2013, Điều 25, Điều 26).
    """
    span = _span(reader)
    code, title = reader.need("code", read_text), reader.need("title", read_text)
    level, kind = reader.need("level", read_level), reader.need("kind", read_kind)
    plan_year, officer = reader.need("plan_year", read_year), reader.need("officer", read_text)
    source, way = reader.get("source", read_source) or Source.ORDERED, reader.get("way", read_way)
    budget = reader.money("budget_vnd")
    texts = {key: reader.text(key) for key in ("host", "principal_investigator", "field")}
    if not (code and title and level and kind and plan_year and officer and reader.is_sound):
        return None
    task = ScienceTask(
        code=code,
        title=title,
        level=level,
        kind=kind,
        source=source,
        plan_year=plan_year,
        officer=officer,
        rulebook=rulebook.id,
        way=way,
        months=span.months,
        starts_on=span.first,
        ends_on=span.last,
        budget_vnd=budget,
        **texts,
    )
    return reader.sourced(task)


def read_entry(reader: RowReader, task: ScienceTask, rulebook: Rulebook) -> EntryRow | None:
    """Where a task waits and since when; None when its row does not say."""
    step = reader.get("enters_at", step_reader(rulebook))
    on = reader.day("enters_on")
    if step and on:
        return EntryRow(task.code, step.id, on)
    if reader.is_sound and (step or on):
        missing = "enters_on" if step else "enters_at"
        title = reader.row.table.form.titles[missing][0]
        reader.refuse("enters_at" if step else "enters_on", f"ô này cần đi cùng cột «{title}».")
    return None


def read_dated_results(
    reader: RowReader, task: ScienceTask, rulebook: Rulebook
) -> Iterator[Sourced[ResultRow]]:
    """A result for each column of the row that gives the day of a step."""
    for step in rulebook.steps():
        on = reader.day(STEP + step.id)
        outcome = _only_outcome(reader, step) if on else None
        if on and outcome:
            fields = _fields(reader, task, step, outcome)
            document = Document(reader.text(DOCUMENT + step.id))
            result = ResultRow(task.code, step.id, outcome.id, on, document, fields=fields)
            yield _placed(reader, result, step)


def _placed(reader: RowReader, result: ResultRow, step: Step) -> Sourced[ResultRow]:
    cells = {"task": "code", "on": STEP + step.id, ENDS_ON: ENDS_ON}
    cells["document_number"] = DOCUMENT + step.id
    places = {key: reader.row.place(cell) for key, cell in cells.items() if reader.has(cell)}
    return Sourced(result, reader.row.place(STEP + step.id), places)


def _only_outcome(reader: RowReader, step: Step) -> Outcome | None:
    """The one good outcome of a step; where there are several a date alone does not tell."""
    good = [o for o in step.outcomes if o.favourable and not o.interim]
    good = [o for o in good if not o.ends] or good
    if len(good) == 1:
        return good[0]
    choices = "; ".join(outcome.title for outcome in good)
    reader.refuse(
        STEP + step.id,
        f"bước «{step.title}» có nhiều kết quả ({choices}); "
        "hãy ghi ngày này ở trang «Kết quả», cùng với kết quả.",
    )
    return None


def _fields(
    reader: RowReader, task: ScienceTask, step: Step, outcome: Outcome
) -> Mapping[str, str]:
    if all(wanted.id != ENDS_ON for wanted in outcome.fields):
        return {}
    if task.ends_on is None:
        reader.refuse(
            ENDS_ON if ENDS_ON in reader.row.table.columns else STEP + step.id,
            f"có ngày «{step.title}» thì cần ngày kết thúc (cột «Ngày kết thúc», "
            "hoặc khoảng tháng ở cột «Thời gian thực hiện»).",
        )
        return {}
    return {ENDS_ON: task.ends_on.isoformat()}


def _span(reader: RowReader) -> Span:
    span = reader.get("duration", lambda value: _duration(read_text(value))) or Span()
    first = reader.day("starts_on", Edge.FIRST) or span.first
    last = reader.day("ends_on", Edge.LAST) or span.last
    if first and last and last < first:
        reader.refuse("ends_on" if reader.has("ends_on") else "duration",
                      "ngày kết thúc ở trước ngày bắt đầu.")  # fmt: skip
    return Span(span.months, first, last)


def _duration(text: str) -> Span:
    """A length in months, or a range of months from which the length follows."""
    try:
        return Span(read_months(text))
    except UnreadableError:
        pass
    try:
        first, last = read_span(text)
    except UnreadableError as error:
        raise UnreadableError(text, _EXPECTED_DURATION) from error
    months = (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month + 1
    return Span(months if first.day == 1 else None, first, last)
