"""Nói chuyện với Zalo: one POST, and exactly what is known of it afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from notifications.channels.redaction import redact
from notifications.channels.zalo_errors import Api, http_verdict, verdict
from notifications.outbox import Attempt, Outcome

_REFUSED = 400
_SERVER_FAULT = 500
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_LONGEST_REASON = 200
_HANDSHAKE = ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER", "HANDSHAKE_FAILURE")


class Undelivered(Exception):  # noqa: N818 - the house's word; it carries the attempt's outcome
    """What was asked of Zalo came to nothing; `attempt` says why and what to do."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        super().__init__(attempt.detail)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where Zalo's APIs are."""

    bot: str = "https://bot-api.zaloplatforms.com"
    oa: str = "https://openapi.zalo.me"
    zbs: str = "https://business.openapi.zalo.me"
    oauth: str = "https://oauth.zaloapp.com"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait for a connection, and for an answer."""

    connect: float = 10.0
    answer: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: `body` is None when it is not a JSON object."""

    status: int
    body: dict[str, Any] | None
    empty: bool
    headers: Mapping[str, str]


def zalo_hosts(environment: Mapping[str, str] | None = None) -> Hosts:
    """Zalo's addresses, or those of a relay or a trial: `KHCN_ZALO_{BOT,OA,ZBS,OAUTH}_URL`.

    Raises:
        TypeError: an address is neither https nor on this machine.
    """
    env = os.environ if environment is None else environment
    usual = Hosts()
    return Hosts(
        bot=_host(env, "KHCN_ZALO_BOT_URL", usual.bot),
        oa=_host(env, "KHCN_ZALO_OA_URL", usual.oa),
        zbs=_host(env, "KHCN_ZALO_ZBS_URL", usual.zbs),
        oauth=_host(env, "KHCN_ZALO_OAUTH_URL", usual.oauth),
    )


def post(
    url: str,
    patience: Patience,
    *,
    headers: Mapping[str, str] | None = None,
    json: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """One POST, never repeated and never redirected.

    Raises:
        Undelivered: nothing came back. RETRY or AUTH if the request surely was not sent;
            UNKNOWN if it may have been.
    """
    import requests  # noqa: PLC0415 - slow to import

    try:
        response = requests.post(
            url,
            json=json,
            data=form,
            headers=headers,
            timeout=(patience.connect, patience.answer),
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise Undelivered(_no_answer(error)) from None
    return Answer(
        response.status_code, _json_object(response), not response.content, response.headers
    )


def judge(api: Api, answer: Answer, code: object, said: object) -> Attempt:
    """What a failure means: the API's own number first, else the HTTP status.

    `said` is Zalo's own reason. A server's fault (5xx) leaves everything open, whatever it says.
    """
    number = as_number(code)
    found = http_verdict(answer.status)
    shown = f"http:{answer.status}"
    if number is not None and answer.status < _SERVER_FAULT:
        listed = verdict(api, number)
        if listed.source or answer.status < _REFUSED:
            found, shown = listed, f"{api}:{number}"
    return Attempt(found.outcome, shown, f"Zalo trả lời: {found.words}{_reason(said)}")


def as_number(code: object) -> int | None:
    """An error number, which Zalo at times writes as a string; None if it is none."""
    if isinstance(code, bool) or not isinstance(code, int | str):
        return None
    try:
        return int(code)
    except ValueError:
        return None


def _no_answer(error: Exception) -> Attempt:
    """What it means that no answer came.

    Only what is known to happen before the request is written counts as not sent.
    """
    import requests  # noqa: PLC0415 - slow to import

    not_sent = _not_sent(error)
    if not_sent is not None:
        return not_sent
    if isinstance(error, requests.exceptions.ReadTimeout):
        return Attempt(Outcome.UNKNOWN, "lost", "Zalo không trả lời kịp sau khi nhận yêu cầu")
    return Attempt(Outcome.UNKNOWN, "lost", "Mất liên lạc khi chờ Zalo trả lời")


def _not_sent(error: Exception) -> Attempt | None:
    from requests import exceptions as failed  # noqa: PLC0415 - slow to import
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415 - as requests

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    match error:
        case failed.ConnectTimeout():
            return Attempt(Outcome.RETRY, "timeout", "Máy chủ Zalo không nhận kết nối kịp")
        case failed.SSLError() if any(word in str(error) for word in _HANDSHAKE):
            return Attempt(Outcome.AUTH, "tls", "Chứng thư số của máy chủ Zalo không tin được")
        case failed.ProxyError():
            return Attempt(Outcome.RETRY, "connect", "Máy chủ trung gian (proxy) không nối được")
        case failed.ConnectionError() if isinstance(reason, NewConnectionError):
            return Attempt(Outcome.RETRY, "connect", "Không nối được máy chủ Zalo")
        case failed.InvalidURL() | failed.InvalidHeader():
            return Attempt(Outcome.AUTH, "config", "Địa chỉ hoặc mã truy cập Zalo có ký tự sai")
    return None


def _json_object(response: Any) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _reason(said: object) -> str:
    text = " ".join(str(said or "").split())[:_LONGEST_REASON]
    return f" («{redact(text)}»)" if text else ""


def _host(env: Mapping[str, str], variable: str, usual: str) -> str:
    given = env.get(variable, "").strip().rstrip("/")
    if not given:
        return usual
    parts = urlsplit(given)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        return given
    raise TypeError(f"{variable} phải bắt đầu bằng https://")
