"""Mã lỗi Zalo: what each answer of each API means for the outbox, read from `zalo_errors.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from notifications.outbox import Outcome

_TABLES = Path(__file__).parent / "zalo_errors.toml"
_SERVER_FAULT = 500


class Api(StrEnum):
    """The APIs of Zalo; each has its own numbers."""

    BOT = "bot"
    OA = "oa"
    ZBS = "zbs"
    OAUTH = "oauth"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one number of one API means.

    `refresh`: the access token has gone, so one refresh and one more try are due. `by_phone`:
    the person cannot be reached by their id, but perhaps by their phone. `source` names the
    document the meaning comes from; "" where no table has the number.
    """

    outcome: Outcome
    words: str
    source: str
    refresh: bool = False
    by_phone: bool = False


def verdict(api: Api, code: int) -> Verdict:
    """What `code` means; a number no table has is PERMANENT, so that the mail goes instead."""
    unlisted = Verdict(Outcome.PERMANENT, "mã lỗi chưa có trong bảng", "")
    return error_table(api).get(code, unlisted)


def http_verdict(status: int) -> Verdict:
    """What an HTTP status means when the answer is none of the API's own.

    A server's fault (5xx), or anything not listed, may have come after the message was taken.
    """
    known = error_table(Api.HTTP).get(status)
    if known is not None:
        return known
    words = "máy chủ Zalo gặp lỗi" if status >= _SERVER_FAULT else "trả lời không đọc được"
    return Verdict(Outcome.UNKNOWN, words, "")


def error_table(api: Api) -> Mapping[int, Verdict]:
    """The whole table of one API."""
    return _tables()[api]


@cache
def _tables() -> dict[Api, dict[int, Verdict]]:
    document = tomllib.loads(_TABLES.read_text(encoding="utf-8"))
    return {api: _table(document[api]) for api in Api}


def _table(groups: list[dict[str, Any]]) -> dict[int, Verdict]:
    table: dict[int, Verdict] = {}
    for group in groups:
        verdict = Verdict(
            Outcome(group["outcome"]),
            group["words"],
            group["source"],
            refresh=group.get("refresh", False),
            by_phone=group.get("by_phone", False),
        )
        table |= dict.fromkeys(group["codes"], verdict)
    return table
