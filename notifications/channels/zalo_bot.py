"""Bot Zalo: a channel through a bot of the Bot Platform, as an Apprise plugin.

URL: `zalobot://alias/chat`, or `zalobot://alias` where the outbox knows each person's chat. The
bot's token is the secret `TOKEN` of the alias (see `channel_secrets`). `cto` and `rto` are the
seconds to wait for the connection and for an answer.
"""

# mypy: disable-error-code="assignment, no-untyped-call, override"
# Apprise is typed in part, and its own plugins break those types the way ours must.

from typing import Any

from apprise import NotifyBase
from apprise.common import OverflowMode

from notifications.brief import CHAT_LIMIT, fit
from notifications.channels.channel_secrets import read_secret
from notifications.channels.redaction import guard_logs
from notifications.channels.zalo_bot_api import Bot, send_text
from notifications.channels.zalo_http import Patience, zalo_hosts
from notifications.outbox import Attempt, Outcome


class NotifyZaloBot(NotifyBase):
    """Sends one text to one chat.

    Read `results` after `notify`. A text that is too long is cut at a word.
    """

    service_name = "Zalo bot"
    secure_protocol = "zalobot"
    templates = ("{schema}://{host}", "{schema}://{host}/{target_chat}")
    template_tokens = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_tokens,
        "host": {"name": "Alias", "type": "string", "required": True},
        "target_chat": {"name": "Chat ID", "type": "string"},
    }
    title_maxlen = 0
    body_maxlen = CHAT_LIMIT
    overflow_mode = OverflowMode.UPSTREAM
    request_rate_per_sec = 0
    socket_connect_timeout = 10.0
    socket_read_timeout = 30.0

    def __init__(self, chat: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        guard_logs()
        self.retry = 0
        self.chat = chat
        self.results: Attempt | None = None
        patience = Patience(self.socket_connect_timeout, self.socket_read_timeout)
        token = read_secret("zalobot", self.host or "", "token")
        self.bot = Bot(token, zalo_hosts(), patience)

    def send(self, body: str, title: str = "", **_: Any) -> bool:  # noqa: ARG002 - Apprise's shape
        """Send the text; True if Zalo took it."""
        if not self.chat:
            detail = "Người nhận chưa liên kết với bot Zalo"
            self.results = Attempt(Outcome.PERMANENT, "address", detail)
        else:
            self.results = send_text(self.bot, self.chat, fit(body))
        return self.results.outcome is Outcome.SENT

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The URL this channel can be made from again; it holds no secret."""
        parameters = self.url_parameters(*args, privacy=privacy, **kwargs)
        chat = f"/{self.quote(self.chat, safe='')}" if self.chat else ""
        return f"zalobot://{self.host}{chat}?{self.urlencode(parameters)}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """The constructor's arguments for `url`, or None if it cannot be read."""
        results = NotifyBase.parse_url(url, verify_host=False)
        if results:
            results["chat"] = (results["fullpath"] or "").strip("/")
        return results
