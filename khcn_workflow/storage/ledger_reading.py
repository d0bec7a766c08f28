"""Đọc sổ cái: many rows of the ledger, in pieces that fit into memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from khcn_workflow.domain.ledger import EntryKind, LedgerEntry
from khcn_workflow.storage.records import LedgerRow
from khcn_workflow.storage.translate import LEDGER_COLUMNS, entry_from

TASK_KINDS = (
    EntryKind.REGISTERED,
    EntryKind.AMENDED,
    EntryKind.OUTCOME,
    EntryKind.DELAY,
    EntryKind.SUSPENDED,
    EntryKind.RESUMED,
    EntryKind.EXTENDED,
    EntryKind.TERMINATED,
    EntryKind.ASSIGNED,
    EntryKind.CORRECTED,
)

SUBJECTS = 500
"""Tasks whose rows are read together: one query, some ten thousand rows."""

ROWS = 5000
"""Rows that are fetched together where the whole chain is read."""

NO_RESULT = "kind <> 'outcome'"
"""The condition of the index on the rarer kinds of rows; SQLite wants it spelled out."""

History = tuple[str, list[LedgerEntry]]
"""A task's code and its rows, in ledger order."""

T = TypeVar("T")


def registered(session: Session) -> list[str]:
    """The codes of all tasks that the ledger tells of, sorted."""
    statement = select(LedgerRow.subject).where(
        LedgerRow.kind == EntryKind.REGISTERED.value, text(NO_RESULT)
    )
    return sorted(set(session.scalars(statement)))


def histories(
    session: Session, codes: Sequence[str] | None = None, until: int | None = None
) -> Iterator[History]:
    """The rows of each task, task after task by code; never more than `SUBJECTS` at once.

    Args:
        codes: Only these tasks; by default all that were ever registered.
        until: Only rows up to this number.
    """
    wanted = sorted(set(codes)) if codes is not None else registered(session)
    for chunk in chunks(wanted, SUBJECTS):
        statement = _rows().where(
            LedgerRow.subject.in_(chunk), LedgerRow.kind.in_([kind.value for kind in TASK_KINDS])
        )
        if until is not None:
            statement = statement.where(LedgerRow.seq <= until)
        entries = sorted(map(entry_from, session.execute(statement)), key=_place)
        for code, told in groupby(entries, key=_subject):
            yield code, list(told)


def chain(session: Session, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
    """The rows after one row, up to another or the end, oldest first."""
    statement = _rows().where(LedgerRow.seq > after).order_by(LedgerRow.seq)
    if until is not None:
        statement = statement.where(LedgerRow.seq <= until)
    found = session.execute(statement, execution_options={"yield_per": ROWS})
    for rows in found.partitions():
        yield from map(entry_from, rows)


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of that length, the last one shorter."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def _rows() -> Select[Any]:
    """Plain rows, not objects that the session keeps."""
    return select(*(getattr(LedgerRow, name) for name in LEDGER_COLUMNS))


def _place(entry: LedgerEntry) -> tuple[str, int]:
    return entry.fact.subject, entry.seq


def _subject(entry: LedgerEntry) -> str:
    return entry.fact.subject
