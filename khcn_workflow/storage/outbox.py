"""Hộp thư đi: messages kept until a channel has taken them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, func, or_, select, true, update
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import OutboxRow, StepRoundRow
from notifications.messages import Context, Event, Message, Recipient
from notifications.outbox import Settlement, Status

LEASE = timedelta(minutes=10)
"""How long a worker may hold a claimed message before another takes it over."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The deadline a message speaks of: a step round and the version of its due date."""

    step_round_id: int
    deadline_version: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in a worker's hands.

    Attributes:
        attempts: How often sending was tried before.
        moot: The step it speaks of was answered or moved meanwhile.
    """

    id: int
    message: Message
    attempts: int
    moot: bool


class Outbox:
    """The outbox of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enqueue(self, messages: Sequence[Message], about: Owed | None = None) -> int:
        """Add messages that are not there yet; how many were new.

        Args:
            about: The step round whose deadline they speak of; once it is answered or
                moved they are moot. None for messages that stay true.
        """
        return self.enqueue_all([(message, about) for message in messages])

    def enqueue_all(self, messages: Sequence[tuple[Message, Owed | None]]) -> int:
        """As `enqueue`, each message with what it speaks of; one statement for all."""
        rows = [_values(message, about) for message, about in messages]
        return len(insert_new(self._session, OutboxRow, rows, [OutboxRow.id]))

    def claim(
        self, worker: str, now: datetime, limit: int = 100, channel: str = ""
    ) -> list[Claimed]:
        """Take messages whose time has come; commit before sending any of them.

        Args:
            channel: Only those of this channel's alias; all when empty.
        """
        ready = or_(
            and_(OutboxRow.status == Status.PENDING, OutboxRow.next_try_at <= now),
            and_(OutboxRow.status == Status.CLAIMED, OutboxRow.leased_until < now),
        )
        picked = list(
            self._session.scalars(
                select(OutboxRow)
                .where(ready, OutboxRow.channel == channel if channel else true())
                .order_by(OutboxRow.next_try_at, OutboxRow.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        for row in picked:
            row.status, row.lease_owner, row.leased_until = Status.CLAIMED, worker, now + LEASE
        self._session.flush()
        return [self._claimed(row) for row in picked]

    def settle(
        self, claimed: Claimed, worker: str, settlement: Settlement, code: str, now: datetime
    ) -> bool:
        """Write what an attempt came to; False when the lease was lost meanwhile."""
        tried = settlement.status not in (Status.CANCELLED, Status.EXPIRED, Status.PARKED)
        changed = self._session.scalars(
            update(OutboxRow)
            .where(OutboxRow.id == claimed.id, OutboxRow.lease_owner == worker)
            .values(
                status=settlement.status,
                attempts=OutboxRow.attempts + int(tried),
                next_try_at=settlement.next_try_at or now,
                lease_owner="",
                leased_until=None,
                result_code=code,
                result_detail=settlement.reason,
            )
            .returning(OutboxRow.id)
        )
        return changed.one_or_none() is not None

    def release(self, now: datetime) -> int:
        """Put parked and dead messages back in line; how many."""
        released = self._session.scalars(
            update(OutboxRow)
            .where(OutboxRow.status.in_([Status.PARKED, Status.DEAD, Status.UNKNOWN]))
            .values(status=Status.PENDING, attempts=0, next_try_at=now)
            .returning(OutboxRow.id)
        )
        return len(list(released))

    def parked(self, channel: str) -> tuple[int, str]:
        """How many messages wait for that channel to be mended, and the newest reason."""
        waiting = (OutboxRow.status == Status.PARKED, OutboxRow.channel == channel)
        number = self._session.scalar(select(func.count()).where(*waiting)) or 0
        newest = select(OutboxRow.result_detail).where(*waiting).order_by(OutboxRow.id.desc())
        return number, self._session.scalar(newest.limit(1)) or ""

    def _claimed(self, row: OutboxRow) -> Claimed:
        return Claimed(row.id, _message(row), row.attempts, self._moot(row))

    def _moot(self, row: OutboxRow) -> bool:
        if row.step_round_id is None:
            return False
        step = self._session.get(StepRoundRow, row.step_round_id)
        if step is None or step.closed_on is not None:
            return True
        return row.deadline_version != step.deadline_version


def _values(message: Message, about: Owed | None) -> dict[str, Any]:
    return {
        "dedupe_key": message.dedupe_key,
        "event": message.event.value,
        "channel": message.channel,
        "recipient_code": message.recipient.code,
        "recipient_name": message.recipient.name,
        "recipient_email": message.recipient.email,
        "context": dict(message.context),
        "thread": message.thread,
        "step_round_id": about.step_round_id if about else None,
        "deadline_version": about.deadline_version if about else None,
        "created_at": message.created_at,
        "expires_at": message.expires_at,
        "status": Status.PENDING.value,
        "attempts": 0,
        "next_try_at": message.created_at,
        "lease_owner": "",
        "leased_until": None,
        "result_code": "",
        "result_detail": "",
    }


def _message(row: OutboxRow) -> Message:
    return Message(
        dedupe_key=row.dedupe_key,
        event=Event(row.event),
        channel=row.channel,
        recipient=Recipient(row.recipient_code, row.recipient_name, row.recipient_email),
        context=cast("Context", row.context),
        created_at=row.created_at,
        expires_at=row.expires_at,
        thread=row.thread,
    )
