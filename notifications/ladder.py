"""Bậc thang nhắc việc: who is told how many working days before or after a due day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from notifications.messages import Event


class Audience(StrEnum):
    """Whose task it is to act on a reminder."""

    OWNER = "owner"
    HEAD_OF_DIVISION = "head_of_division"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of the ladder.

    `offset` counts working days from the due day: negative before it, positive after it.
    `id` goes into the message's dedupe key, so it is never renamed.
    """

    id: str
    offset: int
    audience: Audience
    event: Event


DEFAULT_LADDER: tuple[Rung, ...] = (
    Rung("D-7", -7, Audience.OWNER, Event.DUE_SOON),
    Rung("D-3", -3, Audience.OWNER, Event.DUE_SOON),
    Rung("D-1", -1, Audience.OWNER, Event.DUE_SOON),
    Rung("D0", 0, Audience.OWNER, Event.DUE_TODAY),
    Rung("D+1", 1, Audience.OWNER, Event.OVERDUE),
    Rung("D+1-head", 1, Audience.HEAD_OF_DIVISION, Event.OVERDUE_HEAD),
    Rung("D+3-director", 3, Audience.DIRECTOR, Event.OVERDUE_DIRECTOR),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Due dates that have newly reached a rung: after the first day, until the second.

    Attributes:
        superseded: A more urgent rung was reached with it, so nobody is told.
    """

    rung: str
    after: date
    until: date
    superseded: bool


def reaches(newly: Mapping[Rung, tuple[date, date]]) -> list[Reach]:
    """The due dates that each rung newly reached, cut where a more urgent one begins or ends.

    After days of silence a deadline has reached D-3, D0 and D+1 at once; telling its owner
    three times helps nobody, and overdue makes "due soon" untrue. Of the rungs for one
    audience only the latest is told, the others are superseded.

    Args:
        newly: Of each rung, the due dates that reached it: after the first day, until the
            second.
    """
    return [
        Reach(rung.id, after, until, superseded=_more_urgent(rung, until, newly))
        for rung in newly
        for after, until in pairwise(sorted(_cuts(rung, newly)))
    ]


def _cuts(rung: Rung, newly: Mapping[Rung, tuple[date, date]]) -> Iterator[date]:
    first, last = newly[rung]
    if first >= last:
        return
    days = {day for other, ends in newly.items() if _outranks(other, rung) for day in ends}
    yield from {first, last} | {day for day in days if first < day < last}


def _more_urgent(rung: Rung, due_on: date, newly: Mapping[Rung, tuple[date, date]]) -> bool:
    return any(
        after < due_on <= until for other, (after, until) in newly.items() if _outranks(other, rung)
    )


def _outranks(other: Rung, rung: Rung) -> bool:
    return other.audience == rung.audience and other.offset > rung.offset
