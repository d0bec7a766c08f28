"""Dòng của hộp thư đi: a message and what became of it, as rows and as values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row

from notifications.messages import Appointment, Context, Event, Message, Recipient
from notifications.outbox import Settlement, Status
from notifications.reach import TO_OWNER, Contact, reached_by

ANSWERED = "Bước đã có kết quả, không cần nhắc nữa."
MOVED = "Hạn đã đổi, lời nhắc theo hạn cũ không còn đúng."
REASSIGNED = "Nhiệm vụ đã giao cho người khác theo dõi."


@dataclass(frozen=True, slots=True)
class Owed:
    """The deadline a message speaks of: a step round and the version of its due date."""

    step_round_id: int
    deadline_version: int


@dataclass(frozen=True, slots=True)
class Owing:
    """A step round as it stands now.

    Attributes:
        readers: Who owns its task, and who was ever to stand in for her.
    """

    id: int
    closed_on: date | None
    due_on: date | None
    deadline_version: int
    readers: Collection[str]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in a worker's hands.

    Attributes:
        lease: Of this one claim; who holds another by now may not write for it.
        attempts: How often sending was tried before.
        moot: Why it need not be sent any more, or empty.
    """

    id: int
    lease: str
    message: Message
    about: Owed | None
    attempts: int
    moot: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message: its settlement, the attempt's code, attempts so far."""

    claimed: Claimed
    settlement: Settlement
    code: str
    attempts: int


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """A message that waits for a person: which, for whom, and why it stopped."""

    id: int
    channel: str
    event: str
    recipient: str
    about: str
    status: str
    code: str
    reason: str
    created_at: datetime


def moot(message: Message, about: Owed | None, owing: Mapping[int, Owing]) -> str:
    """Why a message that speaks of a deadline need not be sent any more, or empty."""
    if about is None:
        return ""
    step = owing.get(about.step_round_id)
    if step is None or step.closed_on is not None:
        return ANSWERED
    if about.deadline_version != step.deadline_version:
        return MOVED
    lost = message.event in TO_OWNER and message.recipient.code not in step.readers
    return REASSIGNED if lost else ""


def appointment_of(row: Row[Any], step: Owing | None) -> Appointment | None:
    """The due day as the reader's calendar gets it."""
    if step is None or step.due_on is None or step.closed_on is not None:
        return None
    facts = row.context
    return Appointment(
        uid=round_uid(step.id),
        version=step.deadline_version,
        due_on=step.due_on,
        summary=f"{facts.get('task_code', '')}: {facts.get('step', '')}",
        description=str(facts.get("proof", "")),
        link=str(facts.get("link", "")),
    )


def round_uid(step_round_id: int) -> str:
    """What a calendar knows the due day of a step's round by, before the office's domain."""
    return f"khcn-buoc-{step_round_id}"


def values_of(message: Message, about: Owed | None) -> dict[str, Any]:
    """The row of a new message."""
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


def message_of(row: Row[Any], contact: Contact | None, appointment: Appointment | None) -> Message:
    """The message that a row holds, to its reader as they are reached now."""
    reader = Recipient(row.recipient_code, row.recipient_name, row.recipient_email)
    return Message(
        dedupe_key=row.dedupe_key,
        event=Event(row.event),
        channel=row.channel,
        recipient=reached_by(reader, contact),
        context=cast("Context", row.context),
        created_at=row.created_at,
        expires_at=row.expires_at,
        thread=row.thread,
        appointment=appointment,
    )
