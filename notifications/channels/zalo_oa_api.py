"""Zalo Official Account: send one approved template (ZBS), by user id or by phone; OAuth v4."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from notifications.channels.zalo_errors import Api, verdict
from notifications.channels.zalo_http import (
    Answer,
    Hosts,
    Patience,
    Undelivered,
    as_number,
    judge,
    post,
)
from notifications.channels.zalo_tokens import DeadRefreshToken, Refreshed, TokenKeeper
from notifications.outbox import Attempt, Outcome

_OK = 200
_DEAD = -14014
_PHONE = re.compile(r"(?:\+?84|0)([1-9]\d{8})")


@dataclass(frozen=True, slots=True)
class OaApp:
    """The application of one OA; `proof` adds `appsecret_proof` to every message."""

    app_id: str
    secret: str = field(repr=False)
    proof: bool = False
    hosts: Hosts = field(default_factory=Hosts)
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class TemplateNote:
    """One approved template filled in, for one person.

    `user_id` is the OA's own id of them and `phone` their number ("" where not known).
    `tracking_id` (at most 48 characters) is the same whenever the same message is sent.
    """

    template_id: str
    values: Mapping[str, str]
    tracking_id: str
    user_id: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An attempt, and whether it asks for a new token or for the phone instead."""

    attempt: Attempt
    refresh: bool = False
    by_phone: bool = False


def zalo_phone(phone: str) -> str:
    """A Vietnamese mobile number as Zalo wants it, `84912345678`; "" if it is none."""
    found = _PHONE.fullmatch(re.sub(r"[\s.()-]", "", phone))
    return f"84{found[1]}" if found else ""


def send_template(app: OaApp, keeper: TokenKeeper, note: TemplateNote) -> Attempt:
    """By user id; by phone where there is none, or where this person cannot be reached by it.

    An answer that was lost is never followed by the phone: the person would be told twice.

    Raises:
        Undelivered: there is no access token to send with.
    """
    reply = None
    if note.user_id:
        reply = _with_token(keeper, lambda token: send_by_user_id(app, token, note))
    if note.phone and (reply is None or reply.by_phone):
        reply = _with_token(keeper, lambda token: send_by_phone(app, token, note))
    if reply is None:
        return Attempt(Outcome.PERMANENT, "address", "Người nhận chưa có mã Zalo OA")
    return reply.attempt


def send_by_user_id(app: OaApp, token: str, note: TemplateNote) -> Reply:
    """One attempt by the OA's user id. Never raises for Zalo's fault."""
    body = {
        "user_id": note.user_id,
        "template_id": note.template_id,
        "template_data": dict(note.values),
    }
    return _send(app, token, Api.OA, f"{app.hosts.oa}/v3.0/oa/message/template", body)


def send_by_phone(app: OaApp, token: str, note: TemplateNote) -> Reply:
    """One attempt by phone. Never raises for Zalo's fault."""
    body = {
        "phone": note.phone,
        "template_id": note.template_id,
        "template_data": dict(note.values),
        "tracking_id": note.tracking_id,
    }
    return _send(app, token, Api.ZBS, f"{app.hosts.zbs}/message/template", body)


def refresh_tokens(app: OaApp, refresh_token: str) -> Refreshed:
    """Spend `refresh_token` for a new pair.

    Raises:
        DeadRefreshToken: Zalo does not know it, or it was spent before (an empty 200).
        Undelivered: anything else; the token may then be spent or not.
    """
    answer = post(
        f"{app.hosts.oauth}/v4/oa/access_token",
        app.patience,
        headers={"secret_key": app.secret},
        form={
            "refresh_token": refresh_token,
            "app_id": app.app_id,
            "grant_type": "refresh_token",
        },
    )
    if answer.status == _OK and answer.empty:
        raise DeadRefreshToken("Mã làm mới của OA đã được dùng trước đó")
    body = answer.body or {}
    access, lifetime = body.get("access_token"), as_number(body.get("expires_in"))
    if not isinstance(access, str) or not access or lifetime is None:
        raise _refused(answer)
    return Refreshed(access, str(body.get("refresh_token") or ""), timedelta(seconds=lifetime))


def _with_token(keeper: TokenKeeper, send: Callable[[str], Reply]) -> Reply:
    """Send; if Zalo refuses the access token, once more with a new one."""
    token = keeper.access_token()
    reply = send(token)
    return send(keeper.access_token(rejected=token)) if reply.refresh else reply


def _send(app: OaApp, token: str, api: Api, url: str, body: Mapping[str, Any]) -> Reply:
    try:
        answer = post(url, app.patience, headers=_headers(app, token), json=body)
    except Undelivered as undelivered:
        return Reply(undelivered.attempt)
    facts = answer.body or {}
    code = as_number(facts.get("error"))
    if answer.status == _OK and code == 0:
        return Reply(_sent(facts.get("data")))
    attempt = judge(api, answer, code, facts.get("message"))
    meaning = verdict(api, code) if code is not None else None
    if meaning is None or attempt.outcome is not meaning.outcome:
        return Reply(attempt)
    return Reply(attempt, refresh=meaning.refresh, by_phone=meaning.by_phone)


def _headers(app: OaApp, token: str) -> dict[str, str]:
    headers = {"access_token": token}
    if app.proof:
        proof = hmac.new(app.secret.encode(), token.encode(), hashlib.sha256)
        headers["appsecret_proof"] = proof.hexdigest()
    return headers


def _sent(data: object) -> Attempt:
    facts = data if isinstance(data, dict) else {}
    message_id = facts.get("message_id") or facts.get("msg_id")
    quota = facts.get("quota")
    left = None
    if isinstance(quota, dict):
        left = as_number(quota.get("remainingQuota", quota.get("remain")))
    return Attempt(
        Outcome.SENT, "ok", "Zalo đã nhận", str(message_id) if message_id else None, left
    )


def _refused(answer: Answer) -> Exception:
    """A refusal of the token's renewal would meet every message, so it is never PERMANENT."""
    body = answer.body or {}
    code = as_number(body.get("error"))
    said = body.get("error_name") or body.get("error_description") or body.get("message")
    if code == _DEAD:
        return DeadRefreshToken(f"Zalo không còn nhận mã làm mới của OA (mã {code})")
    attempt = judge(Api.OAUTH, answer, code, said)
    if attempt.outcome is Outcome.PERMANENT:
        attempt = replace(attempt, outcome=Outcome.AUTH)
    return Undelivered(attempt)
