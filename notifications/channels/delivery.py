"""Gửi: one message, one channel, one attempt. Imports Apprise; reached through the package."""

# mypy: disable-error-code="no-untyped-call"
# Apprise is typed in part.

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from threading import Lock

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.attachment.memory import AttachMemory
from apprise.manager_plugins import NotificationManager

from notifications.channels.email_message import (
    AddressError,
    Attachment,
    RecipientError,
    build_email,
    check_recipient,
)
from notifications.channels.mailbox import NotifyMailbox, try_folder
from notifications.channels.office_mail import NotifyOfficeMail
from notifications.channels.redaction import guard_logs, redact
from notifications.channels.smtp import try_server
from notifications.channels.zalo_bot import NotifyZaloBot
from notifications.channels.zalo_oa import Filled, NotifyZaloOa
from notifications.channels.zalo_tokens import Vault
from notifications.messages import Message, Rendered
from notifications.outbox import Attempt, Outcome

_PLUGINS = {
    "mailbox": NotifyMailbox,
    "officemail": NotifyOfficeMail,
    "officemails": NotifyOfficeMail,
    "zalobot": NotifyZaloBot,
    "zalooa": NotifyZaloOa,
}
_OURS = NotifyMailbox | NotifyOfficeMail | NotifyZaloBot | NotifyZaloOa
_MAILTO = ("mailto", "mailtos")
_lock = Lock()


class ChannelError(Exception):
    """A channel's URL cannot be used; the sentence names its kind only, never its secrets."""

    def __init__(self, channel_url: str, why: str) -> None:
        super().__init__(f"Địa chỉ kênh {_schema(channel_url)}:// không dùng được: {why}")


def register() -> None:
    """See `notifications.channels.register`."""
    manager = NotificationManager()
    with _lock:
        guard_logs()
        logger = logging.getLogger("apprise")
        if _without_secrets not in logger.filters:
            logger.addFilter(_without_secrets)
        for schema, plugin in _PLUGINS.items():
            if schema not in manager and not manager.add(plugin):
                raise RuntimeError(f"Apprise không nhận kênh {schema}://")
            if manager[schema] is not plugin:
                raise RuntimeError(
                    f"Kênh {schema}:// đã bị một phần mở rộng khác của Apprise chiếm"
                )


def deliver(
    message: Message,
    rendered: Rendered,
    channel_url: str,
    sender: str,
    sent_at: datetime,
    attachments: Sequence[Attachment] = (),
    vaults: Callable[[str], Vault] | None = None,
) -> Attempt:
    """See `notifications.channels.deliver`."""
    try:
        register()
        plugin = _plugin(channel_url, message.recipient.email)
    except RecipientError as error:
        return Attempt(Outcome.PERMANENT, "address", str(error))
    except Exception as error:  # nothing is sent yet, and a plugin may raise anything
        return Attempt(Outcome.AUTH, "config", _safe_words(error, channel_url))
    if isinstance(plugin, NotifyMailbox | NotifyOfficeMail):
        email = _email(message, rendered, sender, sent_at, attachments)
        if isinstance(email, Attempt):
            return email
        plugin.email = email
    elif isinstance(plugin, NotifyZaloBot):
        plugin.chat = plugin.chat or message.recipient.zalo_chat
        rendered = Rendered("", rendered.brief, "")
    elif isinstance(plugin, NotifyZaloOa):
        _prepare_oa(plugin, message, rendered, vaults)
    return _notify(plugin, rendered, attachments)


def _prepare_oa(
    plugin: NotifyZaloOa,
    message: Message,
    rendered: Rendered,
    vaults: Callable[[str], Vault] | None,
) -> None:
    if not plugin.user_id and not plugin.phone:
        plugin.user_id, plugin.phone = message.recipient.zalo_user, message.recipient.phone
    tracking_id = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]
    plugin.filled = Filled(rendered.values, tracking_id)
    plugin.vault = vaults(plugin.host or "") if vaults else None


def open_channel(channel_url: str) -> Attempt:
    """See `notifications.channels.open_channel`."""
    try:
        register()
        plugin = _plugin(channel_url, "quan-tri@localhost.example")
    except Exception as error:  # a plugin may raise anything
        return Attempt(Outcome.AUTH, "config", _safe_words(error, channel_url))
    if isinstance(plugin, NotifyMailbox):
        return try_folder(plugin.folder)
    if isinstance(plugin, NotifyOfficeMail):
        return try_server(plugin.server)
    return Attempt(Outcome.SENT, "config", "Địa chỉ kênh đúng dạng; kênh này không thử được")


def _email(
    message: Message,
    rendered: Rendered,
    sender: str,
    sent_at: datetime,
    attachments: Sequence[Attachment],
) -> EmailMessage | Attempt:
    """The mail, or why there is none: the recipient's fault, the channel's, or the message's."""
    try:
        return build_email(message, rendered, sender, sent_at, attachments)
    except RecipientError as error:
        return Attempt(Outcome.PERMANENT, "address", str(error))
    except AddressError as error:
        return Attempt(Outcome.AUTH, "config", f"Người gửi: {error}")
    except Exception as error:  # headers and attachments refuse what they cannot hold
        return Attempt(Outcome.PERMANENT, "build", f"Không dựng được thư: {type(error).__name__}")


def _plugin(channel_url: str, recipient_email: str) -> NotifyBase:
    """The Apprise plugin for a channel's URL, never repeating by itself nor hiding a failure.

    A `mailto(s)` URL without a recipient would write to its own sender: ours is put in.
    """
    plugin_class = _plugin_class(channel_url)
    settings = plugin_class.parse_url(channel_url)
    if not settings:
        raise ChannelError(channel_url, "không đọc được")
    if _schema(channel_url) in _MAILTO and not settings["targets"]:
        check_recipient(recipient_email)
        settings["targets"] = [recipient_email]
    plugin = plugin_class(**settings, asset=AppriseAsset(async_mode=False))
    if not plugin.enabled:
        raise ChannelError(channel_url, "thiếu thư viện mà kênh này cần")
    plugin.retry = 0
    plugin.optional = False
    return plugin


def _plugin_class(channel_url: str) -> type[NotifyBase]:
    schema = _schema(channel_url)
    manager = NotificationManager()
    if schema not in manager:
        raise ChannelError(channel_url, "Apprise không biết loại kênh này")
    found: type[NotifyBase] = manager[schema]
    return found


def _notify(plugin: NotifyBase, rendered: Rendered, attachments: Sequence[Attachment]) -> Attempt:
    as_html = plugin.notify_format is NotifyFormat.HTML
    apprise = Apprise(plugin, asset=plugin.asset)
    try:
        accepted = apprise.notify(
            title=rendered.subject,
            body=rendered.html if as_html else rendered.text,
            body_format=NotifyFormat.HTML if as_html else NotifyFormat.TEXT,
            attach=[_in_memory(file) for file in attachments] or None,
        )
    except Exception as error:  # whatever it is, the message may be on its way
        detail = f"Kênh gửi gặp lỗi bất ngờ: {type(error).__name__}"
        return Attempt(Outcome.UNKNOWN, "unexpected", detail)
    return _results(plugin) or _from_answer(bool(accepted))


def _results(plugin: NotifyBase) -> Attempt | None:
    return plugin.results if isinstance(plugin, _OURS) else None


def _from_answer(accepted: bool) -> Attempt:
    """All that a plugin of Apprise's own tells: yes or no."""
    if accepted:
        return Attempt(Outcome.SENT, "ok", "Kênh gửi đã nhận")
    return Attempt(Outcome.RETRY, "refused", "Kênh gửi không nhận, không cho biết lý do")


def _in_memory(file: Attachment) -> AttachMemory:
    return AttachMemory(content=file.content, name=file.name, mimetype=file.mime_type)


def _safe_words(error: Exception, channel_url: str) -> str:
    """What to say of a channel that cannot be set up: a foreign plugin's words may hold secrets."""
    ours = _schema(channel_url) in _PLUGINS or isinstance(error, ChannelError)
    if ours:
        return redact(str(error))
    return f"Địa chỉ kênh {_schema(channel_url)}:// không dùng được"


def _schema(channel_url: str) -> str:
    """The part before `://`, in lower case; "" where there is none, as it may be a secret."""
    found = re.match(r"([A-Za-z0-9]+)://", channel_url)
    return found[1].lower() if found else ""


def _without_secrets(record: logging.LogRecord) -> bool:
    """Below INFO Apprise prints channel URLs and tokens as they are."""
    return record.levelno >= logging.INFO
