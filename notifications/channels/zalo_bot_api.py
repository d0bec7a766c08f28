"""Zalo Bot Platform: send a text, and read what people wrote to the bot.

The token is a part of every URL, so no error here repeats one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from notifications.channels.zalo_errors import Api
from notifications.channels.zalo_http import Answer, Hosts, Patience, Undelivered, judge, post
from notifications.outbox import Attempt, Outcome

_NOTHING_NEW = 408
_SLACK = 10.0


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot and how to reach it."""

    token: str = field(repr=False)
    hosts: Hosts = field(default_factory=Hosts)
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """What somebody wrote to the bot: the chat to answer in, their name there, the words.

    `private` is False in a group, where others read along.
    """

    message_id: str
    chat_id: str
    name: str
    text: str
    private: bool


def send_text(bot: Bot, chat_id: str, text: str) -> Attempt:
    """Send `text` as it is, without markdown, once. Never raises for Zalo's fault."""
    try:
        answer = _call(bot, "sendMessage", {"chat_id": chat_id, "text": text})
    except Undelivered as undelivered:
        return undelivered.attempt
    return _sent(answer)


def check_bot(bot: Bot) -> str:
    """The bot's own account name, which proves its token.

    Raises:
        Undelivered: the token is wrong, or Zalo cannot be reached.
    """
    result = _result(_call(bot, "getMe", {}))
    return str(result.get("account_name", "")) if isinstance(result, dict) else ""


def get_updates(bot: Bot, wait_seconds: int) -> list[ChatMessage]:
    """Texts written to the bot since the last call, waiting up to `wait_seconds` for one.

    Zalo hands each out once, and keeps none while a webhook is set.

    Raises:
        Undelivered: the token is wrong, or Zalo cannot be reached.
    """
    patience = Patience(bot.patience.connect, wait_seconds + _SLACK)
    waiting = Bot(bot.token, bot.hosts, patience)
    try:
        answer = _call(waiting, "getUpdates", {"timeout": str(wait_seconds)})
    except Undelivered as undelivered:
        if undelivered.attempt.code == "lost":
            return []  # a long poll that ended without a word asked for nothing to be done
        raise
    if _NOTHING_NEW in (answer.status, (answer.body or {}).get("error_code")):
        return []
    result = _result(answer)
    updates = result if isinstance(result, list) else [result]
    return [message for update in updates for message in _text(update)]


def _call(bot: Bot, method: str, body: dict[str, str]) -> Answer:
    return post(f"{bot.hosts.bot}/bot{bot.token}/{method}", bot.patience, json=body)


def _sent(answer: Answer) -> Attempt:
    body = answer.body or {}
    if body.get("ok") is not True:
        return judge(Api.BOT, answer, body.get("error_code"), body.get("description"))
    result = body.get("result")
    message_id = result.get("message_id") if isinstance(result, dict) else None
    return Attempt(Outcome.SENT, "ok", "Zalo đã nhận", str(message_id) if message_id else None)


def _result(answer: Answer) -> Any:
    body = answer.body or {}
    if body.get("ok") is not True:
        raise Undelivered(judge(Api.BOT, answer, body.get("error_code"), body.get("description")))
    return body.get("result")


def _text(update: Any) -> Sequence[ChatMessage]:
    """The text message in an update; updates of other kinds (photo, sticker) hold none."""
    message = update.get("message") if isinstance(update, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return ()
    chat, writer = message.get("chat") or {}, message.get("from") or {}
    if not chat.get("id") or writer.get("is_bot"):
        return ()
    return (
        ChatMessage(
            message_id=str(message.get("message_id", "")),
            chat_id=str(chat["id"]),
            name=str(writer.get("display_name") or writer.get("first_name") or ""),
            text=message["text"],
            private=chat.get("chat_type") == "PRIVATE",
        ),
    )
