"""Kênh gửi: how each channel fares; one that refuses us is parked until it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, literal, select, update
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import ChannelRow, ChannelTokenRow, UtcDateTime
from khcn_workflow.storage.statements import table_of
from notifications.channels.zalo_tokens import SealedTokens

MOST_REFUSALS = 3
"""Refusals of the channel itself, one after the other, after which it is parked."""

PARKED_FOR = timedelta(hours=1)
"""How long before one message tries a parked channel again."""

_CHANNEL, _TOKEN = table_of(ChannelRow), table_of(ChannelTokenRow)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel fares; see `ChannelRow`."""

    alias: str
    failures: int
    parked_until: datetime | None
    reason: str
    quota_left: int | None
    last_sent_at: datetime | None

    def is_parked(self, now: datetime) -> bool:
        """Whether nothing is sent through it now."""
        return self.parked_until is not None and self.parked_until > now


def parked_channels(now: datetime) -> Select[Any]:
    """The aliases of the channels that are parked, for a part of another statement."""
    return select(_CHANNEL.c.alias).where(_CHANNEL.c.parked_until > now)


class ChannelStates:
    """The channels of one transaction, and the sealed tokens of those that need them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> dict[str, ChannelState]:
        """Every channel that was ever used, by alias."""
        rows = self._session.execute(select(_CHANNEL).order_by(_CHANNEL.c.alias))
        return {row.alias: ChannelState(*row) for row in rows}

    def is_parked(self, alias: str, now: datetime) -> bool:
        """Whether nothing is sent through it now."""
        state = self.all().get(alias)
        return state is not None and state.is_parked(now)

    def refused(self, alias: str, times: int, reason: str, now: datetime) -> None:
        """The channel itself refused us; after a few times in a row it is parked."""
        failures = _CHANNEL.c.failures + times
        until = literal(now + PARKED_FOR, UtcDateTime())
        parked = case((failures >= MOST_REFUSALS, until), else_=_CHANNEL.c.parked_until)
        self._write(alias, failures=failures, parked_until=parked, reason=reason)

    def took(self, alias: str, quota_left: int | None, now: datetime) -> None:
        """The channel took a message, so it is in order."""
        known = {} if quota_left is None else {"quota_left": quota_left}
        self._write(alias, failures=0, parked_until=None, reason="", last_sent_at=now, **known)

    def unpark(self, alias: str = "") -> None:
        """Try a channel again at once; all of them when none is named."""
        statement = update(_CHANNEL).values(failures=0, parked_until=None, reason="")
        if alias:
            statement = statement.where(_CHANNEL.c.alias == alias)
        self._session.execute(statement)

    def tokens(self, alias: str) -> SealedTokens:
        """The sealed tokens of an OA; version 0 and nothing sealed before the first."""
        row = self._session.execute(select(_TOKEN).where(_TOKEN.c.alias == alias)).one_or_none()
        if row is None:
            return SealedTokens(0, b"", None)
        return SealedTokens(row.version, row.sealed.encode(), row.lease_until)

    def swap_tokens(
        self, alias: str, expected: int, sealed: bytes, lease_until: datetime | None
    ) -> bool:
        """Write the tokens as the version after `expected`, unless another did meanwhile."""
        values = {
            "version": expected + 1,
            "sealed": sealed.decode(),
            "lease_until": lease_until,
        }
        if expected == 0:
            fresh = {"alias": alias, **values}
            return bool(
                insert_new(self._session, ChannelTokenRow, [fresh], [ChannelTokenRow.alias])
            )
        changed = self._session.execute(
            update(_TOKEN)
            .where(_TOKEN.c.alias == alias, _TOKEN.c.version == expected)
            .values(**values)
            .returning(_TOKEN.c.version)
        )
        return changed.one_or_none() is not None

    def _write(self, alias: str, **values: Any) -> None:
        insert_new(self._session, ChannelRow, [{"alias": alias, **_NEW}], [ChannelRow.alias])
        self._session.execute(update(_CHANNEL).where(_CHANNEL.c.alias == alias).values(**values))


_NEW = {
    "failures": 0,
    "parked_until": None,
    "reason": "",
    "quota_left": None,
    "last_sent_at": None,
}
