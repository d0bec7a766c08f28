"""Kênh của từng người: by which channels a person is told, and what stands in for which.

Mail is the channel of record. Zalo is a nudge: what it cannot bring goes by mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from notifications.messages import Event, Message, Recipient
from notifications.retry import MAIL_POLICY, ZALO_POLICY, RetryPolicy

MAIL = "mail"
"""Alias of the channel of record."""

ADMIN = "admin"
"""Alias of the administrator's channel."""

ZALO = "zalo"
"""Alias of the channel through Zalo, be it a bot or an OA."""

CHANNELS = (ADMIN, MAIL, ZALO)
"""All channels, in the order in which they are served."""

ON_RECORD = frozenset(
    {
        Event.DUE_TODAY,
        Event.OVERDUE,
        Event.OVERDUE_HEAD,
        Event.OVERDUE_DIRECTOR,
        Event.REPORT_READY,
        Event.WEEKLY,
    }
)
"""Events that nobody can have without a mail."""


TO_OWNER = frozenset({Event.DUE_SOON, Event.DUE_TODAY, Event.OVERDUE})
"""Events told to who owns the task, and to who stands in for them."""


class Wants(StrEnum):
    """By what a person wants to be told; `ZALO` spares the mails that need not be."""

    MAIL = "mail"
    BOTH = "both"
    ZALO = "zalo"


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached besides mail ("" where unknown); see `Recipient`."""

    person: str
    wants: Wants = Wants.MAIL
    zalo_chat: str = ""
    zalo_user: str = ""
    phone: str = ""


def policy_of(channel: str) -> RetryPolicy:
    """When a channel tries again."""
    return ZALO_POLICY if channel == ZALO else MAIL_POLICY


def spread(message: Message, contact: Contact | None) -> Sequence[Message]:
    """A message of the channel of record, as it goes by each channel its reader wants."""
    if contact is None or contact.wants is Wants.MAIL or message.channel != MAIL:
        return (message,)
    nudge = by_channel(message, ZALO)
    if contact.wants is Wants.ZALO and message.event not in ON_RECORD:
        return (nudge,)
    return (message, nudge)


def by_channel(message: Message, channel: str) -> Message:
    """The same message by another channel; twice by the same one is once."""
    key = message.dedupe_key.removesuffix(f"|{message.channel}")
    return replace(message, channel=channel, dedupe_key=f"{key}|{channel}")


def reached_by(recipient: Recipient, contact: Contact | None) -> Recipient:
    """The recipient with what is known of them now."""
    if contact is None:
        return recipient
    return replace(
        recipient,
        zalo_chat=contact.zalo_chat,
        zalo_user=contact.zalo_user,
        phone=contact.phone,
    )
