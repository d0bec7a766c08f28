"""Hộp thư đi: the rules of the outbox, without the table that holds it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.messages import Message
from notifications.retry import MAIL_POLICY, RetryPolicy, back_off, exhausted


class Outcome(StrEnum):
    """What one attempt to send came to.

    SENT: the channel accepted it. RETRY: it surely was not sent, and may be later. LATER: the
    channel asked for patience (quota, quiet hours); costs no attempt. AUTH: the channel itself
    refuses us or cannot be set up, and so would refuse every message until a person mends it.
    PERMANENT: this message will never be accepted. UNKNOWN: the message was handed over and the
    answer was lost, so it may have been sent.
    """

    SENT = "sent"
    RETRY = "retry"
    LATER = "later"
    AUTH = "auth"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its outcome, a short code (an SMTP code or a word), the reason, the proof.

    `provider_id` is what the other side knows the message by (a mail's Message-ID), if sent;
    `quota_left` how many more it takes in this period, where it says so. Neither `code` nor
    `detail` ever holds a secret: both are shown to people.
    """

    outcome: Outcome
    code: str
    detail: str
    provider_id: str | None = None
    quota_left: int | None = None


class Status(StrEnum):
    """Where a row of the outbox stands.

    PENDING waits for its time; CLAIMED is in a worker's hands; SENT is done; DEAD needs a person
    ("send again"); CANCELLED became moot before it was sent; EXPIRED came too late to be useful;
    UNKNOWN may have been sent and waits for a person; PARKED waits for its channel to be mended.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a row becomes after an attempt: next status, when to try again, why (Vietnamese)."""

    status: Status
    next_try_at: datetime | None
    reason: str


def settle(
    attempt: Attempt,
    attempts_so_far: int,
    now: datetime,
    random: float,
    policy: RetryPolicy = MAIL_POLICY,
) -> Settlement:
    """What the row becomes after `attempt`.

    `attempts_so_far` counts this attempt too (1 after the first); LATER and AUTH should not be
    counted by the caller. `random` in [0, 1] spreads the retries.
    """
    match attempt.outcome:
        case Outcome.SENT:
            return Settlement(Status.SENT, None, "Đã gửi.")
        case Outcome.PERMANENT:
            return Settlement(Status.DEAD, None, _reason("Bị từ chối hẳn", attempt))
        case Outcome.AUTH:
            return Settlement(Status.PARKED, None, _reason("Kênh gửi cần được sửa", attempt))
        case Outcome.LATER:
            return Settlement(
                Status.PENDING, now + policy.later, _reason("Kênh gửi hẹn lúc khác", attempt)
            )
        case Outcome.UNKNOWN if not policy.resend_unknown:
            return Settlement(Status.UNKNOWN, None, _reason("Không rõ đã gửi hay chưa", attempt))
        case Outcome.RETRY | Outcome.UNKNOWN:
            return _try_again(attempt, attempts_so_far, now, random, policy)


def expired(message: Message, now: datetime) -> bool:
    """Whether the message has come too late to be worth sending at `now`."""
    return message.expires_at is not None and now >= message.expires_at


def _try_again(
    attempt: Attempt, attempts_so_far: int, now: datetime, random: float, policy: RetryPolicy
) -> Settlement:
    if exhausted(attempts_so_far, policy):
        return Settlement(
            Status.DEAD, None, _reason(f"Đã thử {attempts_so_far} lần không được", attempt)
        )
    wait = back_off(attempts_so_far, random, policy, greylisted=_greylisted(attempt))
    return Settlement(Status.PENDING, now + wait, _reason("Sẽ thử lại", attempt))


def _greylisted(attempt: Attempt) -> bool:
    return attempt.code.isdigit() and attempt.code.startswith("4")


def _reason(verdict: str, attempt: Attempt) -> str:
    return f"{verdict}: {attempt.detail} (mã {attempt.code})."
