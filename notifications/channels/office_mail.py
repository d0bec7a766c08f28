"""Thư công vụ: a channel through the office's own mail server, as an Apprise plugin.

URL: `officemail://user:password@host:port?mode=plain|starttls|ssl`, `officemails://` likewise;
without `mode`, `officemail` is plain (port 25) and `officemails` is STARTTLS (port 587).
`verify=no` accepts a certificate nobody vouches for; `cto` and `rto` are the seconds to wait
for the connection and for an answer. Signs such as `@` in the user or password are %-encoded.
"""

# mypy: disable-error-code="assignment, no-untyped-call, override"
# Apprise is typed in part, and its own plugins break those types the way ours must.

from email.message import EmailMessage
from typing import Any, NoReturn

from apprise import NotifyBase
from apprise.url import PrivacyMode

from notifications.channels.smtp import Mode, Server, send_mail
from notifications.outbox import Attempt, Outcome

_PORTS = {Mode.PLAIN: 25, Mode.STARTTLS: 587, Mode.SSL: 465}
_LAST_PORT = 65535


class NotifyOfficeMail(NotifyBase):
    """Sends one mail to its one recipient.

    Set `email` to the mail before `notify`; read `results` after it. Apprise's own title and
    body are not used.
    """

    service_name = "Office mail"
    protocol = "officemail"
    secure_protocol = "officemails"
    templates = (
        "{schema}://{host}",
        "{schema}://{host}:{port}",
        "{schema}://{user}:{password}@{host}",
        "{schema}://{user}:{password}@{host}:{port}",
    )
    template_tokens = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_tokens,
        "host": {"name": "Host", "type": "string", "required": True},
        "port": {"name": "Port", "type": "int", "min": 1, "max": _LAST_PORT},
        "user": {"name": "User", "type": "string"},
        "password": {"name": "Password", "type": "string", "private": True},
    }
    template_args = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_args,
        "mode": {"name": "Mode", "type": "choice:string", "values": tuple(map(str, Mode))},
    }
    request_rate_per_sec = 0
    socket_connect_timeout = 15.0
    socket_read_timeout = 60.0

    def __init__(self, mode: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.retry = 0
        self.email: EmailMessage | None = None
        self.results: Attempt | None = None
        self.server = self._server(_mode(mode, secure=bool(self.secure)))
        _check(self.server)

    def send(self, body: str, title: str = "", **_: Any) -> bool:  # noqa: ARG002 - Apprise's shape
        """Send the mail; True if the server took it."""
        if self.email is None:
            return False
        self.results = send_mail(self.server, self.email)
        return self.results.outcome is Outcome.SENT

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The URL this channel can be made from again; `privacy` hides the password."""
        parameters = self.url_parameters(*args, privacy=privacy, **kwargs)
        parameters["mode"] = self.server.mode.value
        where = f"{self._credentials(privacy)}{self.server.host}:{self.server.port}"
        return f"{self.schema}://{where}?{self.urlencode(parameters)}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """The constructor's arguments for `url`, or None if it cannot be read."""
        results = NotifyBase.parse_url(url, verify_host=False)
        if results:
            results["mode"] = results["qsd"].get("mode", "")
        return results

    def _server(self, mode: Mode) -> Server:
        return Server(
            host=self.host or "",
            port=_PORTS[mode] if self.port is None else self.port,
            mode=mode,
            user=self.user or "",
            password=self.password or "",
            verify=self.verify_certificate,
            connect_timeout=self.socket_connect_timeout,
            answer_timeout=self.socket_read_timeout,
        )

    def _credentials(self, privacy: bool) -> str:
        if not self.server.user:
            return ""
        secret = self.pprint(self.server.password, privacy, mode=PrivacyMode.Secret, safe="")
        return f"{self.quote(self.server.user, safe='')}:{secret}@"


def _mode(name: str, *, secure: bool) -> Mode:
    if not name:
        return Mode.STARTTLS if secure else Mode.PLAIN
    if name.lower() not in tuple(Mode):
        _refuse("mode phải là plain, starttls hoặc ssl")
    return Mode(name.lower())


def _check(server: Server) -> None:
    """Refuse settings that no server could accept; the sentences never repeat a setting."""
    if not server.host:
        _refuse("thiếu tên máy chủ")
    if not 0 < server.port <= _LAST_PORT:
        _refuse(f"cổng phải từ 1 đến {_LAST_PORT}")
    if bool(server.user) != bool(server.password):
        _refuse("cần cả tên đăng nhập và mật khẩu, hoặc không có cả hai")
    if not (server.user + server.password).isascii():
        _refuse("tên đăng nhập và mật khẩu chỉ được gồm ký tự ASCII")


def _refuse(why: str) -> NoReturn:
    raise TypeError(f"Kênh officemail: {why}")
