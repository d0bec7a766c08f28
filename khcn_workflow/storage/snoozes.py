"""Hoãn nhắc as the ledger tells it: rows of one kind, found by their index."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.snoozing import Snooze
from khcn_workflow.storage.ledger_reading import NO_RESULT
from khcn_workflow.storage.records import LedgerRow

Snoozes = Mapping[tuple[str, str], Snooze]
"""The last one of each step, by task and step."""

_TOLD = (
    select(
        LedgerRow.subject,
        LedgerRow.step,
        LedgerRow.commitment,
        LedgerRow.data,
        LedgerRow.note,
        LedgerRow.actor,
    )
    .where(LedgerRow.kind == EntryKind.SNOOZED.value, text(NO_RESULT))
    .order_by(LedgerRow.seq)
)


def snoozes(session: Session) -> Snoozes:
    """The last acknowledgement of each step, whether or not it still holds."""
    return {
        (row.subject, row.step): Snooze(
            row.subject,
            row.step,
            row.commitment,
            date.fromisoformat(row.data["due_on"]),
            row.note,
            row.actor,
        )
        for row in session.execute(_TOLD)
    }
