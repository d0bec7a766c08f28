"""Zalo OA: a channel through approved templates of an Official Account, as an Apprise plugin.

URL: `zalooa://alias?template=ID`, or `zalooa://alias/user?phone=84…&template=ID` for one person.
The alias's secrets are `APP_ID` and `APP_SECRET` (see `channel_secrets`); the access token is in
the row that `vault` opens. `proof=yes` adds `appsecret_proof`. A person who cannot be reached by
the OA's user id is tried once by phone.
"""

# mypy: disable-error-code="assignment, no-untyped-call, override"
# Apprise is typed in part, and its own plugins break those types the way ours must.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apprise import NotifyBase
from apprise.common import OverflowMode
from apprise.utils.parse import parse_bool

from notifications.brief import CHAT_LIMIT, one_value
from notifications.channels.channel_secrets import read_secret
from notifications.channels.redaction import guard_logs
from notifications.channels.zalo_http import Patience, Undelivered, zalo_hosts
from notifications.channels.zalo_oa_api import (
    OaApp,
    TemplateNote,
    refresh_tokens,
    send_template,
    zalo_phone,
)
from notifications.channels.zalo_tokens import TokenKeeper, Vault
from notifications.outbox import Attempt, Outcome


@dataclass(frozen=True, slots=True)
class Filled:
    """What one message puts into the template, and the id it is tracked by."""

    values: Mapping[str, str]
    tracking_id: str


class NotifyZaloOa(NotifyBase):
    """Sends one approved template to one person.

    Set `vault` and `filled` before `notify`; read `results` after it. Apprise's own title and body
    are not used: an OA may send approved templates only.
    """

    service_name = "Zalo OA"
    secure_protocol = "zalooa"
    templates = ("{schema}://{host}", "{schema}://{host}/{target_user}")
    template_tokens = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_tokens,
        "host": {"name": "Alias", "type": "string", "required": True},
        "target_user": {"name": "User ID", "type": "string"},
    }
    template_args = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_args,
        "template": {"name": "Template ID", "type": "string", "required": True},
        "phone": {"name": "Phone", "type": "string"},
        "proof": {"name": "Send appsecret_proof", "type": "bool", "default": False},
    }
    title_maxlen = 0
    body_maxlen = CHAT_LIMIT
    overflow_mode = OverflowMode.UPSTREAM
    request_rate_per_sec = 0
    socket_connect_timeout = 10.0
    socket_read_timeout = 30.0

    def __init__(
        self, user_id: str = "", phone: str = "", template: str = "", proof: bool = False, **kw: Any
    ) -> None:
        super().__init__(**kw)
        guard_logs()
        self.retry = 0
        if not template.isalnum():
            message = "Kênh zalooa: thiếu ?template= là mã mẫu tin đã được Zalo duyệt"
            raise TypeError(message)
        self.user_id, self.phone, self.template_id = user_id, phone, template
        self.app = self._app(proof)
        self.vault: Vault | None = None
        self.filled: Filled | None = None
        self.results: Attempt | None = None

    def send(self, body: str, title: str = "", **_: Any) -> bool:  # noqa: ARG002 - Apprise's shape
        """Send the template; True if Zalo took it."""
        self.results = self._attempt()
        return self.results.outcome is Outcome.SENT

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The URL this channel can be made from again; it holds no secret."""
        parameters = self.url_parameters(*args, privacy=privacy, **kwargs)
        parameters["template"] = self.template_id
        if self.phone:
            parameters["phone"] = self.phone
        if self.app.proof:
            parameters["proof"] = "yes"
        user = f"/{self.quote(self.user_id, safe='')}" if self.user_id else ""
        return f"zalooa://{self.host}{user}?{self.urlencode(parameters)}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """The constructor's arguments for `url`, or None if it cannot be read."""
        results = NotifyBase.parse_url(url, verify_host=False)
        if results:
            query = results["qsd"]
            results["user_id"] = (results["fullpath"] or "").strip("/")
            results["phone"] = query.get("phone", "")
            results["template"] = query.get("template", "")
            results["proof"] = parse_bool(query.get("proof", False))
        return results

    def _app(self, proof: bool) -> OaApp:
        alias = self.host or ""
        return OaApp(
            app_id=read_secret("zalooa", alias, "app_id"),
            secret=read_secret("zalooa", alias, "app_secret"),
            proof=proof,
            hosts=zalo_hosts(),
            patience=Patience(self.socket_connect_timeout, self.socket_read_timeout),
        )

    def _attempt(self) -> Attempt:
        if self.vault is None or self.filled is None:
            return Attempt(Outcome.AUTH, "config", "Kênh zalooa chỉ gửi được qua hộp thư đi")
        phone = zalo_phone(self.phone)
        if not self.user_id and not phone:
            detail = "Người nhận chưa có mã Zalo OA, cũng chưa có số điện thoại"
            return Attempt(Outcome.PERMANENT, "address", detail)
        values = {name: one_value(value) for name, value in self.filled.values.items()}
        note = TemplateNote(self.template_id, values, self.filled.tracking_id, self.user_id, phone)
        try:
            return send_template(self.app, self._keeper(self.vault), note)
        except Undelivered as undelivered:
            return undelivered.attempt

    def _keeper(self, vault: Vault) -> TokenKeeper:
        return TokenKeeper(vault, lambda token: refresh_tokens(self.app, token))
