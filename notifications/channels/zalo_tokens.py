"""Mã truy cập OA: an access token that many processes share, refreshed by one of them at a time.

Zalo's refresh token is used once: whoever uses it must be alone, and must keep the pair that
comes back. Where the pair is kept belongs to the caller; it is sealed before it leaves here.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from notifications.channels.redaction import remember
from notifications.channels.zalo_http import Undelivered
from notifications.outbox import Attempt, Outcome

LEASE = timedelta(seconds=90)
"""How long one refresh may take; longer than both of its time limits."""

COOL_DOWN = timedelta(seconds=30)
"""How long nobody asks again after a refresh that failed for now."""

MARGIN = timedelta(minutes=5)
"""How long before its end a token is no longer used."""

_POLL = 0.1
_WRITE_AGAIN = (0.2, 1.0, 5.0, 15.0)
_LONGEST_WAIT = 20.0
_ASK_ANEW = "Quản trị viên OA phải lấy cặp mã mới và nạp lại bằng lệnh cài đặt kênh"


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """The row of one OA: its version, the sealed pair (b"" before the first), who is at it.

    While `lease_until` lies ahead, one process is refreshing.
    """

    version: int
    sealed: bytes
    lease_until: datetime | None


class TokenStore(Protocol):
    """One row that many processes see. `swap` is a compare-and-swap."""

    def load(self) -> SealedTokens:
        """The row as it is committed now."""

    def swap(self, expected_version: int, new: bytes, lease_until: datetime | None) -> bool:
        """Write and commit `new` as version `expected_version` + 1.

        False, and nothing written, if the row's version is another by now.
        """


@dataclass(frozen=True, slots=True)
class Vault:
    """What a keeper needs of its house: the row, the seal, a clock and a way to wait (seconds)."""

    store: TokenStore
    seal: Callable[[bytes], bytes]
    unseal: Callable[[bytes], bytes]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The pair, when the access token ends, and why the refresh token is dead, if it is."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends_at: datetime
    dead: str = ""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh gave; `refresh` is "" where Zalo left the old one in force."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lifetime: timedelta


class DeadRefreshToken(Exception):  # noqa: N818 - a fact, told by name
    """Zalo does not know the refresh token any more; the sentence is Zalo's reason."""


class TokenKeeper:
    """Hands out the access token of one OA."""

    def __init__(self, vault: Vault, refresh: Callable[[str], Refreshed]) -> None:
        self._vault, self._refresh = vault, refresh

    def start(self, access: str, refresh: str, lifetime: timedelta = timedelta(0)) -> None:
        """Put a first pair in, or a new one after the old one died, whatever is there."""
        vault = self._vault
        sealed = self._sealed(Tokens(access, refresh, vault.now() + lifetime))
        while not vault.store.swap(vault.store.load().version, sealed, None):
            pass

    def access_token(self, rejected: str = "") -> str:
        """A token to send with; never the one in `rejected`, which Zalo has just refused.

        Raises:
            Undelivered: AUTH if there is no pair or its refresh token is dead; RETRY if the
                refresh failed for now, another process is still at it, or the row cannot be read.
        """
        try:
            return self._access_token(rejected)
        except Undelivered:
            raise
        except Exception as error:  # whatever the store raises; nothing was sent
            detail = f"Không đọc ghi được mã truy cập OA: {type(error).__name__}"
            raise Undelivered(Attempt(Outcome.RETRY, "token-store", detail)) from error

    def _access_token(self, rejected: str) -> str:
        waited = 0.0
        while True:
            row = self._vault.store.load()
            tokens = self._opened(row.sealed)
            if self._good(tokens, rejected):
                return tokens.access
            if not self._leased(row):
                fresh = self._renew(row, tokens)
                if fresh:
                    return fresh
            elif waited >= _LONGEST_WAIT:
                detail = "Một tiến trình khác đang làm mới mã truy cập OA"
                raise Undelivered(Attempt(Outcome.RETRY, "token-busy", detail))
            else:
                self._vault.sleep(_POLL)
                waited += _POLL

    def _good(self, tokens: Tokens, rejected: str) -> bool:
        if tokens.dead:
            raise Undelivered(Attempt(Outcome.AUTH, "token-dead", f"{tokens.dead}. {_ASK_ANEW}"))
        return tokens.access not in ("", rejected) and (self._vault.now() < tokens.ends_at - MARGIN)

    def _leased(self, row: SealedTokens) -> bool:
        return row.lease_until is not None and self._vault.now() < row.lease_until

    def _renew(self, row: SealedTokens, tokens: Tokens) -> str:
        """A new access token, or "" if another process was first."""
        vault = self._vault
        if not vault.store.swap(row.version, row.sealed, vault.now() + LEASE):
            return ""
        held = row.version + 1
        try:
            fresh = self._refresh(tokens.refresh)
        except DeadRefreshToken as dead:
            vault.store.swap(held, self._sealed(replace(tokens, dead=str(dead))), None)
            return ""  # read again: the row now says dead, or holds a pair put in meanwhile
        except Undelivered as failed:
            vault.store.swap(held, row.sealed, vault.now() + COOL_DOWN)
            raise Undelivered(_only_the_refresh_failed(failed.attempt)) from None
        remember(fresh.access)
        remember(fresh.refresh)
        new = Tokens(fresh.access, fresh.refresh or tokens.refresh, vault.now() + fresh.lifetime)
        self._keep(held, tokens.refresh, new)
        return fresh.access

    def _keep(self, held: int, spent: str, new: Tokens) -> None:
        """Write the new pair, however hard: it is the only one, and only an admin gets another."""
        for pause in _WRITE_AGAIN:
            try:
                return self._write(held, spent, new)
            except Exception:  # a database that is away may come back
                self._vault.sleep(pause)
        return self._write(held, spent, new)

    def _write(self, held: int, spent: str, new: Tokens) -> None:
        """Write the pair that came for the token `spent`, even over one who took the lease.

        Only a pair that came from elsewhere (an administrator's) is left alone.
        """
        store = self._vault.store
        sealed = self._sealed(new)
        while not store.swap(held, sealed, None):
            row = store.load()
            if self._opened(row.sealed).refresh != spent:
                return
            held = row.version

    def _sealed(self, tokens: Tokens) -> bytes:
        facts = {**asdict(tokens), "ends_at": tokens.ends_at.isoformat()}
        return self._vault.seal(json.dumps(facts).encode())

    def _opened(self, sealed: bytes) -> Tokens:
        if not sealed:
            detail = f"Kênh OA chưa có cặp mã truy cập. {_ASK_ANEW}"
            raise Undelivered(Attempt(Outcome.AUTH, "token-missing", detail))
        try:
            facts = json.loads(self._vault.unseal(sealed))
        except Exception:  # whatever the seal raises, its words may hold what it could not open
            detail = "Không mở được cặp mã OA: khoá niêm phong không phải khoá đã dùng khi cất"
            raise Undelivered(Attempt(Outcome.AUTH, "token-sealed", detail)) from None
        tokens = Tokens(**{**facts, "ends_at": datetime.fromisoformat(facts["ends_at"])})
        remember(tokens.access)
        remember(tokens.refresh)
        return tokens


def _only_the_refresh_failed(attempt: Attempt) -> Attempt:
    """A lost answer leaves the token's fate open, but surely no message was sent."""
    if attempt.outcome is Outcome.UNKNOWN:
        return replace(attempt, outcome=Outcome.RETRY)
    return attempt
