"""Bậc thang nhắc việc: who is told how many working days before or after a due day."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

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


def most_urgent(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """Of the rungs one step crossed at once, the latest for each audience.

    After days of downtime a step may have crossed D-3, D0 and D+1 together; telling its owner
    three times helps nobody, and overdue makes "due soon" untrue. The order is owner, head,
    director, whatever the order of `rungs`.
    """
    latest: dict[Audience, Rung] = {}
    for rung in rungs:
        known = latest.get(rung.audience)
        if known is None or rung.offset > known.offset:
            latest[rung.audience] = rung
    return tuple(latest[audience] for audience in Audience if audience in latest)
