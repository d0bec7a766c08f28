"""Trang «Tạm dừng, gia hạn»: what stops, moves or ends the clocks of tasks."""

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.progress import CLOCK_EVENTS
from khcn_workflow.domain.vietnamese import folded
from khcn_workflow.register.cells import CellValue, UnreadableError, read_count, read_text
from khcn_workflow.register.days import Edge
from khcn_workflow.register.places import Sourced
from khcn_workflow.register.row_reader import RowReader
from khcn_workflow.register.rows import ClockRow

WORDS = {
    EntryKind.SUSPENDED: "Tạm dừng",
    EntryKind.RESUMED: "Tiếp tục",
    EntryKind.EXTENDED: "Gia hạn",
    EntryKind.TERMINATED: "Chấm dứt",
}
"""What stands in the sheet; the labels of the ledger are read as well."""

_KINDS = {folded(words): kind for kind in CLOCK_EVENTS for words in (WORDS[kind], kind.label)}
_NEEDED = {
    EntryKind.SUSPENDED: ("reason",),
    EntryKind.RESUMED: (),
    EntryKind.EXTENDED: ("asked_on", "ends_on"),
    EntryKind.TERMINATED: ("reason",),
}


def read_clock(reader: RowReader) -> Sourced[ClockRow] | None:
    """The clock event of a row; None when a cell keeps it out."""
    task, kind = reader.need("task", read_text), reader.need("event", _read_kind)
    on, reason = reader.need_day("on"), reader.text("reason")
    asked_on, ends_on = reader.day("asked_on"), reader.day("ends_on", Edge.LAST)
    document, actor = reader.document(), reader.text("actor")
    turn = reader.get("turn", read_count)
    if kind:
        _check_cells(reader, kind)
    if not (task and kind and on and reader.is_sound):
        return None
    return reader.sourced(
        ClockRow(task, kind, on, reason, asked_on, ends_on, document, actor, turn)
    )


def _read_kind(value: CellValue) -> EntryKind:
    kind = _KINDS.get(folded(read_text(value)))
    if kind is None:
        raise UnreadableError(value, f"một trong: {'; '.join(WORDS.values())}")
    return kind


def _check_cells(reader: RowReader, kind: EntryKind) -> None:
    """An extension needs both its days and only it has them; stopping needs a reason."""
    titles = reader.row.table.form.titles
    for key in _NEEDED[kind]:
        if not reader.has(key):
            there = key in reader.row.table.columns
            reader.refuse(
                key if there else "event",
                f"«{WORDS[kind]}» thì cần ghi «{titles[key][0]}».",
            )
    if kind is not EntryKind.EXTENDED:
        for key in ("asked_on", "ends_on"):
            if reader.has(key):
                reader.refuse(key, f"chỉ ghi cho «Gia hạn»; «{WORDS[kind]}» thì để trống.")
