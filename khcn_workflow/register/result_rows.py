"""Trang «Kết quả»: dated results of steps, and explanations of delays."""

from collections.abc import Callable, Mapping

from khcn_workflow.domain.rules import Field, FieldType, Outcome, Rulebook, Step
from khcn_workflow.register.cells import CellValue, read_count, read_text
from khcn_workflow.register.columns import FIELD
from khcn_workflow.register.days import Edge, read_day
from khcn_workflow.register.money import read_money, unit_of
from khcn_workflow.register.places import Sourced
from khcn_workflow.register.row_reader import RowReader
from khcn_workflow.register.rows import DelayRow, ResultRow
from khcn_workflow.register.vocabulary import (
    cause_reader,
    outcome_reader,
    says_delay,
    step_reader,
)


def read_event(
    reader: RowReader, rulebook: Rulebook
) -> Sourced[ResultRow] | Sourced[DelayRow] | None:
    """The result or the delay of a row; None when a cell keeps it out."""
    step = reader.need("step", step_reader(rulebook))
    is_delay = reader.need("outcome", says_delay)
    if step is None:
        reader.need("task", read_text)
        reader.need_day("on")
        return None
    if is_delay:
        return _delay(reader, step, rulebook)
    return _result(reader, step, rulebook)


def _result(reader: RowReader, step: Step, rulebook: Rulebook) -> Sourced[ResultRow] | None:
    outcome = reader.get("outcome", outcome_reader(step))
    task, on = reader.need("task", read_text), reader.need_day("on")
    fields = _fields(reader, step, outcome) if outcome else {}
    cause = reader.get("cause", cause_reader(rulebook)) or ""
    commitment = reader.day("commitment", Edge.LAST)
    document, actor, note = reader.document(), reader.text("actor"), reader.text("note")
    number, turn = reader.get("round", read_count), reader.get("turn", read_count)
    if not (outcome and task and on and reader.is_sound):
        return None
    return reader.sourced(
        ResultRow(
            task,
            step.id,
            outcome.id,
            on,
            document,
            actor,
            cause,
            commitment,
            note,
            fields,
            number,
            turn,
        )
    )


def _delay(reader: RowReader, step: Step, rulebook: Rulebook) -> Sourced[DelayRow] | None:
    task, on = reader.need("task", read_text), reader.need_day("on")
    cause = reader.get("cause", cause_reader(rulebook))
    if not reader.has("cause"):
        causes = "; ".join(cause.title for cause in rulebook.causes)
        reader.refuse(
            "cause" if "cause" in reader.row.table.columns else "outcome",
            f"giải trình chậm thì cần ghi nguyên nhân ở cột «Nguyên nhân», ví dụ: {causes}.",
        )
    commitment = reader.day("commitment", Edge.LAST)
    document, actor, note = reader.document(), reader.text("actor"), reader.text("note")
    number, turn = reader.get("round", read_count), reader.get("turn", read_count)
    if not (task and on and cause and reader.is_sound):
        return None
    return reader.sourced(
        DelayRow(task, step.id, on, cause, commitment, document, note, actor, number, turn)
    )


def _fields(reader: RowReader, step: Step, outcome: Outcome) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for wanted in outcome.fields:
        key = FIELD + wanted.id
        value = reader.get(key, _field_reader(reader, wanted))
        if value:
            fields[wanted.id] = value
        elif wanted.required and not reader.has(key):
            there = key in reader.row.table.columns
            reader.refuse(
                key if there else "outcome",
                f"kết quả bước «{step.title}» còn thiếu «{wanted.title}».",
            )
    return fields


def _field_reader(reader: RowReader, wanted: Field) -> Callable[[CellValue], str]:
    epoch = reader.row.table.grid.epoch
    title = reader.row.table.columns.get(FIELD + wanted.id)
    unit = unit_of(title.text) if title else 1
    readers: Mapping[FieldType, Callable[[CellValue], str]] = {
        FieldType.DATE: lambda value: read_day(value, Edge.LAST, epoch).isoformat(),
        FieldType.INTEGER: lambda value: str(read_count(value)),
        FieldType.MONEY: lambda value: str(read_money(value, unit)),
        FieldType.TEXT: read_text,
    }
    return readers[wanted.type]
