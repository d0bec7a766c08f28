"""The one place that reads the clock; `KHCN_TODAY` sets it for every door."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from khcn_workflow.domain import vietnamese

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of a day in Hà Nội, in UTC."""
    return dt.datetime.combine(day, dt.time.max, HANOI).astimezone(dt.UTC)


def told_time(at: dt.datetime) -> str:
    """An instant as an officer reads it: the time and the day in Hà Nội."""
    local = at.astimezone(HANOI)
    return f"{local:%H:%M} {vietnamese.day(local.date())}"


def read_instant(text: str) -> dt.datetime:
    """The instant of an ISO 8601 text, in UTC; without a zone it is Hà Nội's time.

    Raises:
        ValueError: It is no instant.
    """
    read = dt.datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=HANOI)).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the day in Hà Nội and the instant in UTC.

    Attributes:
        fixed_day: The day to take as today, None for the real one; the time of
            day still runs.
    """

    fixed_day: dt.date | None = None

    def today(self) -> dt.date:
        """The calendar day in Hà Nội."""
        return self.fixed_day or self._local().date()

    def now(self) -> dt.datetime:
        """The instant, in UTC; on the fixed day when one is set."""
        local = self._local()
        if self.fixed_day is not None:
            local = dt.datetime.combine(self.fixed_day, local.timetz())
        return local.astimezone(dt.UTC)

    @staticmethod
    def _local() -> dt.datetime:
        return dt.datetime.now(HANOI)  # noqa: TID251 - this is the clock
