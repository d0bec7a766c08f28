"""Hộp thư đi: messages kept until a channel has taken them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from khcn_workflow.storage.channel_states import parked_channels
from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.contacts import Contacts
from khcn_workflow.storage.outbox_rows import (
    Claimed,
    Owed,
    Owing,
    Result,
    StoppedLine,
    appointment_of,
    message_of,
    moot,
    values_of,
)
from khcn_workflow.storage.records import DelegationRow, OutboxRow, StepRoundRow, TaskRow
from khcn_workflow.storage.statements import table_of
from notifications.messages import Event, Message
from notifications.outbox import Status
from notifications.reach import MAIL, spread

LEASE = timedelta(minutes=10)
"""How long a worker may hold claimed messages before another takes them over."""

BATCH = 200
"""Messages claimed in one transaction."""

_OUTBOX, _ROUND = table_of(OutboxRow), table_of(StepRoundRow)
_TASK, _STANDS_IN = table_of(TaskRow), table_of(DelegationRow)


class Outbox:
    """The outbox of one transaction."""

    def __init__(self, session: Session, contacts: Contacts) -> None:
        self._session = session
        self._contacts = contacts

    def enqueue(self, messages: Sequence[Message], about: Owed | None = None) -> int:
        """Add messages that are not there yet; how many were new.

        Args:
            about: The step round whose deadline they speak of; once it is answered or
                moved they are moot. None for messages that stay true.
        """
        return self.enqueue_all([(message, about) for message in messages])

    def enqueue_all(self, messages: Sequence[tuple[Message, Owed | None]]) -> int:
        """As `enqueue`, each message with what it speaks of; one statement for all.

        Each goes by the channels that its reader wants.
        """
        readers = {m.recipient.code for m, _ in messages if m.channel == MAIL}
        contacts = self._contacts.of(readers) if readers else {}
        return self.put(
            [
                (each, about)
                for message, about in messages
                for each in spread(message, contacts.get(message.recipient.code))
            ]
        )

    def put(self, messages: Sequence[tuple[Message, Owed | None]]) -> int:
        """Add messages that are not there yet, by the channels they name; how many were new."""
        rows = [values_of(message, about) for message, about in messages]
        return len(insert_new(self._session, OutboxRow, rows, [OutboxRow.id]))

    def take_back(self, channel: str, now: datetime, *, resend: bool) -> list[Claimed]:
        """Messages whose worker died: in line again, which counts as an attempt.

        Those of a channel that must not send twice are uncertain from now on: returned,
        so that they can be told by another channel.
        """
        status = Status.PENDING if resend else Status.UNKNOWN
        died = _OUTBOX.c.leased_until < now
        words = "Tiến trình gửi dừng giữa chừng, không rõ đã gửi hay chưa."
        taken = self._session.execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_(_first(channel, None, died, status=Status.CLAIMED)))
            .values(
                status=status.value,
                attempts=_OUTBOX.c.attempts + 1,
                next_try_at=now,
                lease_owner="",
                leased_until=None,
                result_code="died",
                result_detail=words,
            )
            .returning(_OUTBOX)
        ).all()
        return [] if resend else self._with_facts(taken, "")

    def claim(self, channel: str, now: datetime, limit: int = BATCH) -> list[Claimed]:
        """Take messages of a channel whose time has come; commit before sending any.

        None while the channel is parked.
        """
        ready = (
            _OUTBOX.c.next_try_at <= now,
            _OUTBOX.c.channel.not_in(parked_channels(now)),
        )
        lease = uuid4().hex
        taken = self._session.execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_(_first(channel, limit, *ready)))
            .values(status=Status.CLAIMED.value, lease_owner=lease, leased_until=now + LEASE)
            .returning(_OUTBOX)
        ).all()
        return self._with_facts(taken, lease)

    def divert(self, channel: str, limit: int = BATCH) -> list[Claimed]:
        """Messages that wait for a channel out of order, taken out of its line for good."""
        taken = self._session.execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_(_first(channel, limit)))
            .values(
                status=Status.CANCELLED.value,
                result_code="diverted",
                result_detail="Kênh này đang dừng; đã chuyển sang thư.",
            )
            .returning(_OUTBOX)
        ).all()
        return self._with_facts(taken, "")

    def renew(self, claimed: Sequence[Claimed], now: datetime) -> list[Claimed]:
        """Those still in our hands, for a whole lease more, and whether they became moot."""
        if not claimed:
            return []
        held = set(
            self._session.scalars(
                update(_OUTBOX)
                .where(_OUTBOX.c.lease_owner == claimed[0].lease, _OUTBOX.c.id.in_(_ids(claimed)))
                .values(leased_until=now + LEASE)
                .returning(_OUTBOX.c.id)
            )
        )
        owing = self._owing(c.about for c in claimed)
        return [replace(c, moot=moot(c.message, c.about, owing)) for c in claimed if c.id in held]

    def settle_all(self, results: Sequence[Result], now: datetime) -> set[int]:
        """Write what attempts of one claim came to; the ids that were still ours."""
        written: set[int] = set()
        for _, alike in groupby(sorted(results, key=_kind), key=_kind):
            written |= self._settle(list(alike), now)
        return written

    def withdraw(self, round_id: int, events: Collection[Event], reason: str) -> int:
        """Cancel messages of these events about a step round that nobody is sending; how many."""
        withdrawn = self._session.scalars(
            update(_OUTBOX)
            .where(
                _OUTBOX.c.step_round_id == round_id,
                _OUTBOX.c.event.in_([event.value for event in events]),
                _OUTBOX.c.status.in_((Status.PENDING, Status.PARKED)),
            )
            .values(status=Status.CANCELLED.value, result_detail=reason)
            .returning(_OUTBOX.c.id)
        )
        return len(list(withdrawn))

    def give_back(self, claimed: Sequence[Claimed]) -> None:
        """Put messages that were not tried back in line."""
        if claimed:
            self._session.execute(
                update(_OUTBOX)
                .where(_OUTBOX.c.lease_owner == claimed[0].lease, _OUTBOX.c.id.in_(_ids(claimed)))
                .values(status=Status.PENDING.value, lease_owner="", leased_until=None)
            )

    def release(self, now: datetime, statuses: Collection[Status], channel: str = "") -> int:
        """Put messages that stopped (of one channel) back in line; how many."""
        statement = update(_OUTBOX).where(_OUTBOX.c.status.in_(statuses))
        if channel:
            statement = statement.where(_OUTBOX.c.channel == channel)
        return self._again(statement, now)

    def resend(self, message_id: int, now: datetime) -> bool:
        """Put one message that stopped back in line; False if there is none such."""
        stopped = _OUTBOX.c.status.in_((*STOPPED, Status.CANCELLED, Status.EXPIRED))
        return bool(self._again(update(_OUTBOX).where(_OUTBOX.c.id == message_id, stopped), now))

    def parked(self, channel: str) -> tuple[int, str]:
        """How many messages wait for that channel to be mended, and the newest reason."""
        waiting = (_OUTBOX.c.status == Status.PARKED, _OUTBOX.c.channel == channel)
        number = self._session.scalar(select(func.count()).select_from(_OUTBOX).where(*waiting))
        newest = select(_OUTBOX.c.result_detail).where(*waiting).order_by(_OUTBOX.c.id.desc())
        return number or 0, self._session.scalar(newest.limit(1)) or ""

    def counts(self) -> dict[str, dict[str, int]]:
        """How many messages of each channel stand in each status."""
        counts: dict[str, dict[str, int]] = {}
        columns = (_OUTBOX.c.channel, _OUTBOX.c.status)
        grouped = select(*columns, func.count().label("number")).group_by(*columns)
        for row in self._session.execute(grouped.order_by(*columns)):
            counts.setdefault(row.channel, {})[row.status] = row.number
        return counts

    def stopped(self, limit: int = 100) -> list[StoppedLine]:
        """The newest messages that wait for a person."""
        rows = self._session.execute(
            select(_OUTBOX)
            .where(_OUTBOX.c.status.in_(STOPPED))
            .order_by(_OUTBOX.c.id.desc())
            .limit(limit)
        )
        return [
            StoppedLine(
                row.id,
                row.channel,
                row.event,
                row.recipient_name,
                row.thread,
                row.status,
                row.result_code,
                row.result_detail,
                row.created_at,
            )
            for row in rows
        ]

    def statuses_of(self, message: Message, about: Owed) -> list[Status]:
        """How such messages stand: of that event, reader, channel and version of a due date."""
        found = self._session.scalars(
            select(_OUTBOX.c.status)
            .where(
                _OUTBOX.c.step_round_id == about.step_round_id,
                _OUTBOX.c.deadline_version == about.deadline_version,
                _OUTBOX.c.event == message.event.value,
                _OUTBOX.c.recipient_code == message.recipient.code,
                _OUTBOX.c.channel == message.channel,
            )
            .order_by(_OUTBOX.c.id)
        )
        return [Status(status) for status in found]

    def overdue_for(self, span: timedelta, now: datetime) -> int:
        """How many messages should have been tried so long ago, and were not.

        Those of a dead worker count from the end of its lease; those of a parked channel wait
        for the channel.
        """
        since = now - span
        waits = and_(_OUTBOX.c.status == Status.PENDING, _OUTBOX.c.next_try_at < since)
        held = and_(_OUTBOX.c.status == Status.CLAIMED, _OUTBOX.c.leased_until < since)
        number = self._session.scalar(
            select(func.count())
            .select_from(_OUTBOX)
            .where(or_(waits, held), _OUTBOX.c.channel.not_in(parked_channels(now)))
        )
        return number or 0

    def _again(self, statement: Any, now: datetime) -> int:
        released = self._session.scalars(
            statement.values(status=Status.PENDING.value, attempts=0, next_try_at=now).returning(
                _OUTBOX.c.id
            )
        )
        return len(list(released))

    def _settle(self, alike: Sequence[Result], now: datetime) -> set[int]:
        first = alike[0]
        changed = self._session.scalars(
            update(_OUTBOX)
            .where(
                _OUTBOX.c.lease_owner == first.claimed.lease,
                _OUTBOX.c.id.in_([result.claimed.id for result in alike]),
            )
            .values(
                status=first.settlement.status.value,
                attempts=first.attempts,
                next_try_at=first.settlement.next_try_at or now,
                lease_owner="",
                leased_until=None,
                result_code=first.code,
                result_detail=first.settlement.reason,
            )
            .returning(_OUTBOX.c.id)
        )
        return set(changed)

    def _with_facts(self, rows: Sequence[Row[Any]], lease: str) -> list[Claimed]:
        """Rows as messages, in the order of their line, with what is known of them now."""
        about = {
            row.id: Owed(row.step_round_id, row.deadline_version)
            for row in rows
            if row.step_round_id is not None
        }
        owing = self._owing(about.values())
        contacts = self._contacts.of({row.recipient_code for row in rows})
        claimed = []
        for row in sorted(rows, key=lambda row: (row.next_try_at, row.id)):
            owed = about.get(row.id)
            step = owing.get(owed.step_round_id) if owed else None
            message = message_of(row, contacts.get(row.recipient_code), appointment_of(row, step))
            why = moot(message, owed, owing)
            claimed.append(Claimed(row.id, lease, message, owed, row.attempts, why))
        return claimed

    def _owing(self, about: Iterable[Owed | None]) -> Mapping[int, Owing]:
        ids = sorted({owed.step_round_id for owed in about if owed is not None})
        if not ids:
            return {}
        found = self._session.execute(_ROUNDS.where(_ROUND.c.id.in_(ids))).all()
        readers: dict[str, set[str]] = {row.officer: {row.officer} for row in found}
        for stands_in in self._session.execute(_STAND_INS.where(_STANDS_IN.c.owner.in_(readers))):
            readers[stands_in.owner].add(stands_in.delegate)
        return {
            row.id: Owing(
                row.id, row.closed_on, row.due_on, row.deadline_version, readers[row.officer]
            )
            for row in found
        }


STOPPED = (Status.PARKED, Status.DEAD, Status.UNKNOWN)
"""Where a message waits for a person."""

_ROUNDS = select(
    _ROUND.c.id, _ROUND.c.closed_on, _ROUND.c.due_on, _ROUND.c.deadline_version, _TASK.c.officer
).join(_TASK, _TASK.c.code == _ROUND.c.task_code)
_STAND_INS = select(_STANDS_IN.c.owner, _STANDS_IN.c.delegate)


def _first(
    channel: str,
    limit: int | None,
    *conditions: ColumnElement[bool],
    status: Status = Status.PENDING,
) -> Select[Any]:
    """The ids of the first messages in a channel's line that no other worker is taking."""
    pick = (
        select(_OUTBOX.c.id)
        .where(_OUTBOX.c.status == status, _OUTBOX.c.channel == channel, *conditions)
        .order_by(_OUTBOX.c.next_try_at, _OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("pick")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return select(pick.c.id)


def _kind(result: Result) -> tuple[str, ...]:
    """Results of the same kind are written by one statement."""
    settlement = result.settlement
    when = settlement.next_try_at.isoformat() if settlement.next_try_at else ""
    return (settlement.status, when, result.code, settlement.reason, f"{result.attempts}")


def _ids(claimed: Sequence[Claimed]) -> list[int]:
    return [each.id for each in claimed]
