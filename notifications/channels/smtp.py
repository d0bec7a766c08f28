"""SMTP: hand one mail to one server, and tell exactly what became of it."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum

from notifications.channels.email_message import POLICY
from notifications.outbox import Attempt, Outcome

_START_MAIL = 354
_FOR_GOOD = 500
_TOO_BIG = 552
_LOG_IN_FIRST = (530, 534, 535, 538)
_LOCAL_NAME = "khcn-workflow"


class Mode(StrEnum):
    """How the connection is kept private."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    SSL = "ssl"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to be let in; without a `user` nobody logs in.

    Both timeouts are seconds: to connect, and to wait for each answer.
    """

    host: str
    port: int
    mode: Mode
    user: str
    password: str = field(repr=False)
    verify: bool
    connect_timeout: float
    answer_timeout: float


def send_mail(server: Server, email: EmailMessage) -> Attempt:
    """Hand `email` to `server` for its one recipient, once. Never raises for a server's fault."""
    try:
        smtp = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        return _refused_at_the_door(error)
    try:
        return _hand_over(smtp, email)
    finally:
        _hang_up(smtp)


def try_server(server: Server) -> Attempt:
    """Whether `server` greets us and lets us in now; no mail is begun."""
    try:
        smtp = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        return _refused_at_the_door(error)
    _hang_up(smtp)
    return Attempt(Outcome.SENT, "ok", f"Máy chủ thư {server.host}:{server.port} cho vào")


def _connect(server: Server) -> smtplib.SMTP:
    """A connection that is greeted, made private and logged in."""
    smtp = _dial(server)
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(server.answer_timeout)
        if server.mode is Mode.STARTTLS:
            smtp.starttls(context=_tls(server))
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _dial(server: Server) -> smtplib.SMTP:
    host, port, timeout = server.host, server.port, server.connect_timeout
    if server.mode is Mode.SSL:
        return smtplib.SMTP_SSL(host, port, _LOCAL_NAME, timeout=timeout, context=_tls(server))
    return smtplib.SMTP(host, port, _LOCAL_NAME, timeout=timeout)


def _tls(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _hand_over(smtp: smtplib.SMTP, email: EmailMessage) -> Attempt:
    """Give the mail to a server that has let us in.

    From the first byte of the mail's text until the answer nobody can tell whether it was taken.
    """
    payload = _payload(email)
    written = False
    try:
        refusal = _envelope(smtp, email)
        if refusal is not None:
            return refusal
        written = True
        smtp.send(payload)
        code, reply = smtp.getreply()
    except Exception as error:  # whatever it is, only `written` decides what it means
        return _lost(error) if written else _unreachable(error)
    if not _fine(code):
        return _refused(code, reply)
    return Attempt(Outcome.SENT, str(code), _words(reply), str(email["Message-ID"]))


def _envelope(smtp: smtplib.SMTP, email: EmailMessage) -> Attempt | None:
    """From, to, and leave to write; the refusal, if there is one.

    A server that refuses our sender refuses every mail of ours, so that is AUTH, unless it is
    this mail's size.
    """
    (sender,), (recipient,) = email["From"].addresses, email["To"].addresses
    code, reply = smtp.mail(sender.addr_spec)
    if not _fine(code):
        return _refused(code, reply, Outcome.PERMANENT if code == _TOO_BIG else Outcome.AUTH)
    code, reply = smtp.rcpt(recipient.addr_spec)
    if not _fine(code):
        return _refused(code, reply)
    code, reply = smtp.docmd("DATA")
    return None if code == _START_MAIL else _refused(code, reply)


def _refused_at_the_door(error: Exception) -> Attempt:
    """What it means that the server could not be reached, or did not let us in.

    A refusal for good here (greeting, STARTTLS, log-in) would meet every mail, so it is AUTH.
    """
    match error:
        case smtplib.SMTPResponseException(smtp_code=int(code), smtp_error=reply):
            return _refused(code, reply, Outcome.AUTH)
        case smtplib.SMTPNotSupportedError():
            return Attempt(Outcome.AUTH, "unsupported", f"Máy chủ thư không hỗ trợ: {error}")
        case ssl.SSLCertVerificationError():
            detail = f"Chứng thư số của máy chủ thư không tin được: {error.verify_message}"
            return Attempt(Outcome.AUTH, "tls", detail)
        case _:
            return _unreachable(error)


def _refused(code: int, reply: bytes | str, for_good: Outcome = Outcome.PERMANENT) -> Attempt:
    """A refusal: for now (4xx, or an answer that is none), or for good (5xx)."""
    if code in _LOG_IN_FIRST:
        for_good = Outcome.AUTH
    outcome = for_good if code >= _FOR_GOOD else Outcome.RETRY
    return Attempt(outcome, str(code), f"Máy chủ thư trả lời: {_words(reply)}")


def _unreachable(error: Exception) -> Attempt:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Attempt(Outcome.RETRY, "timeout", "Máy chủ thư không trả lời kịp")
    return Attempt(Outcome.RETRY, "connect", f"Không nối được máy chủ thư: {_words(str(error))}")


def _lost(error: Exception) -> Attempt:
    detail = f"Mất liên lạc khi chờ máy chủ xác nhận đã nhận thư: {_words(str(error))}"
    return Attempt(Outcome.UNKNOWN, "lost", detail)


def _payload(email: EmailMessage) -> bytes:
    """The mail as DATA wants it: CRLF, leading dots doubled, ended by a lone dot."""
    lines = email.as_bytes(policy=POLICY).removesuffix(b"\r\n").split(b"\r\n")
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join([*stuffed, b".", b""])


def _fine(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004 - SMTP's class of good answers


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())


def _hang_up(smtp: smtplib.SMTP) -> None:
    """End the connection; the mail's fate is known, so no fault here matters."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
