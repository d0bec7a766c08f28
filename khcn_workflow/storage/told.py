"""Ai đã được nhắc: the reminders about a step round that left by mail."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks
from khcn_workflow.storage.records import OutboxRow
from khcn_workflow.storage.statements import connection_of, table_of
from notifications.outbox import Status
from notifications.reach import MAIL

_OUTBOX = table_of(OutboxRow).c
_TOLD = (
    select(_OUTBOX.step_round_id, _OUTBOX.created_at, _OUTBOX.recipient_name)
    .where(
        _OUTBOX.step_round_id.in_(bindparam("rounds", expanding=True)),
        _OUTBOX.channel == MAIL,
        _OUTBOX.status == Status.SENT.value,
    )
    .order_by(_OUTBOX.created_at, _OUTBOX.id)
)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder that was sent: written when, to whom."""

    at: datetime
    reader: str


class Reminded:
    """The reminders of one transaction's rounds that were sent."""

    def __init__(self, session: Session) -> None:
        self._connection = connection_of(session)

    def of(self, rounds: Collection[int]) -> Mapping[int, list[Told]]:
        """What was sent about each of these rounds, oldest first; none for the others."""
        found: dict[int, list[Told]] = {}
        for some in chunks(sorted(rounds), SUBJECTS):
            for round_id, *values in self._connection.execute(_TOLD, {"rounds": some}):
                found.setdefault(round_id, []).append(Told(*values))
        return found
