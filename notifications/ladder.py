"""Bậc thang nhắc việc: who is told how many working days before or after a due day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

from notifications.messages import Event


class Audience(StrEnum):
    """Whose task it is to act on a reminder.

    HOST stands for the host organisation and the principal investigator, who owe a report.
    """

    OWNER = "owner"
    HEAD_OF_DIVISION = "head_of_division"
    DIRECTOR = "director"
    HOST = "host"


BEFORE_DUE = (Event.DUE_SOON, Event.DUE_TODAY, Event.REPORT_DUE)
"""What is told while a step is in time; whoever knows of the step may put it off."""


class By(StrEnum):
    """How a rung is told: by a mail of its own, or as a line of the reader's daily digest."""

    MAIL = "mail"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Scope:
    """The steps that a rung is there for; what is empty leaves all of its kind in."""

    stages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it leaves any step out."""
        return bool(self.stages or self.levels or self.steps)

    def holds(self, stage: str, level: str, step: str) -> bool:
        """Whether a step of a stage, of a task of a level, is in it."""
        return all(
            not named or it in named
            for named, it in ((self.stages, stage), (self.levels, level), (self.steps, step))
        )


EVERYWHERE = Scope()


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
    by: By = By.MAIL
    scope: Scope = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Reach:
    """Due dates that have newly reached a rung: after the first day, until the second.

    Attributes:
        scope: The steps that the rung is there for.
        superseded: A more urgent rung was reached with it, so nobody is told.
        superseded_in: Or was, for the steps of any of these.
    """

    rung: str
    after: date
    until: date
    superseded: bool
    scope: Scope = EVERYWHERE
    superseded_in: tuple[Scope, ...] = ()


def reaches(newly: Mapping[Rung, tuple[date, date]]) -> list[Reach]:
    """The due dates that each rung newly reached, cut where a more urgent one begins or ends.

    After days of silence a deadline has reached D-3, D0 and D+1 at once; telling its owner
    three times helps nobody, and overdue makes "due soon" untrue. Of the rungs for one
    audience only the latest is told, the others are superseded: for all steps, or for those
    that the more urgent one is there for.

    Args:
        newly: Of each rung, the due dates that reached it: after the first day, until the
            second.
    """
    return [reach for rung in newly for reach in _joined(_cut(rung, newly))]


def _cut(rung: Rung, newly: Mapping[Rung, tuple[date, date]]) -> Iterator[Reach]:
    for after, until in pairwise(sorted(_cuts(rung, newly))):
        others = _more_urgent(rung, until, newly)
        wholly = EVERYWHERE in others
        in_part = () if wholly else tuple(dict.fromkeys(others))
        yield Reach(rung.id, after, until, wholly, rung.scope, in_part)


def _joined(cut: Iterable[Reach]) -> Iterator[Reach]:
    """Neighbours of which the same is to be said are one."""
    for _, alike in groupby(cut, key=lambda reach: (reach.superseded, reach.superseded_in)):
        first, *rest = alike
        yield replace(first, until=rest[-1].until) if rest else first


def _cuts(rung: Rung, newly: Mapping[Rung, tuple[date, date]]) -> Iterator[date]:
    first, last = newly[rung]
    if first >= last:
        return
    days = {day for other, ends in newly.items() if _outranks(other, rung) for day in ends}
    yield from {first, last} | {day for day in days if first < day < last}


def _more_urgent(rung: Rung, due_on: date, newly: Mapping[Rung, tuple[date, date]]) -> list[Scope]:
    """Where a more urgent rung was reached by that due date."""
    return [
        other.scope
        for other, (after, until) in newly.items()
        if after < due_on <= until and _outranks(other, rung)
    ]


def _outranks(other: Rung, rung: Rung) -> bool:
    return other.audience == rung.audience and other.offset > rung.offset
