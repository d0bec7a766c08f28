"""Liên kết Zalo: a person sends the bot a one-time code, and the bot learns their chat.

The office needs no public address for it: the bot is asked for what was written to it.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.channels.zalo_bot_api import Bot, ChatMessage, get_updates, send_text

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
_LENGTH = 8
_CODE = re.compile(r"\bKHCN[\s–-]*([0-9A-Z]{4})[\s–-]*([0-9A-Z]{4})\b", re.IGNORECASE)

_LINKED = "Đã liên kết Zalo với tài khoản {name}. Từ nay lời nhắc việc sẽ được gửi tại đây."
_REFUSED = "Mã liên kết không đúng, đã dùng hoặc đã hết hạn. Đề nghị xin mã mới."
_IN_A_GROUP = "Vì an toàn, hãy nhắn mã liên kết riêng cho bot, không nhắn trong nhóm."


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open code: whose it is (code and name), its digest, and until when it is good."""

    person: str
    name: str
    digest: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A person and the chat the bot reaches them in."""

    person: str
    chat_id: str


def new_code() -> str:
    """A code nobody can guess, as a person types it: `KHCN-7F3K-9QMP`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"KHCN-{letters[:4]}-{letters[4:]}"


def digest(code: str) -> str:
    """What is kept of a code; "" if the text holds none."""
    found = _CODE.search(code)
    return hashlib.sha256(f"{found[1]}{found[2]}".upper().encode()).hexdigest() if found else ""


def link_people(
    bot: Bot,
    invitations: Sequence[Invitation],
    accept: Callable[[Invitation, ChatMessage], bool],
    now: datetime,
    wait_seconds: int = 30,
) -> list[Link]:
    """Read what was written to the bot once, and link each person whose code is among it.

    `accept` spends the invitation and stores the chat in one transaction; it says False if the
    code was spent meanwhile. The person is answered in the chat; a text without a code is not.

    Raises:
        Undelivered: the bot's token is wrong, or Zalo cannot be reached.
    """
    open_now = {item.digest: item for item in invitations if item.expires_at > now}
    linked = []
    for message in get_updates(bot, wait_seconds):
        found = digest(message.text)
        if not found:
            continue
        invitation = open_now.get(found) if message.private else None
        if invitation is not None and accept(invitation, message):
            del open_now[found]
            linked.append(Link(invitation.person, message.chat_id))
            send_text(bot, message.chat_id, _LINKED.format(name=invitation.name))
        else:
            send_text(bot, message.chat_id, _REFUSED if message.private else _IN_A_GROUP)
    return linked
