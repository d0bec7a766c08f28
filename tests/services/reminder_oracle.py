"""Who must receive what, hour by hour, worked out without any of the program's code.

Plain Python over every hour: no calendar, ladder, sweep or outbox of ours. It knows the days off
of early 2026 by heart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
TET = {date(2026, 2, day) for day in range(14, 23)}

OWNER_AT = {-7: "", -3: "", -1: "", 0: "due_today", 1: "overdue"}
"""Working days from the due day to what the owner is told by a mail of its own."""
HEAD_AT = {1 + 5 * n: "overdue_head" for n in range(13)}
DIRECTOR_AT = {3 + 10 * n: "overdue_director" for n in range(7)}


@dataclass(slots=True)
class Step:
    """A step of a task, with all that happens to it in the time looked at."""

    code: str
    owner: str
    opened: date
    entered: datetime
    answered: datetime | None = None
    put_off: tuple[datetime, date] | None = None

    @property
    def due(self) -> date:
        return forward(self.opened + 30 * DAY)

    def is_open(self, at: datetime) -> bool:
        return self.entered <= at and (self.answered is None or at < self.answered)

    def is_put_off(self, at: datetime) -> bool:
        return self.put_off is not None and self.put_off[0] <= at and at.date() <= self.put_off[1]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away and another stands in."""

    person: str
    delegate: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, order=True)
class Mail:
    """What somebody received, and when it left; `about` is the step, or a digest's steps."""

    at: datetime
    reader: str
    event: str
    about: str


@dataclass(slots=True)
class _Waiting:
    reader: str
    event: str
    about: str
    step: Step | None
    worthless_from: datetime | None


@dataclass(slots=True)
class Oracle:
    """The office as the oracle sees it."""

    steps: Sequence[Step]
    divisions: dict[str, str]
    heads: dict[str, str]
    directors: Sequence[str]
    absences: Sequence[Away]
    recorder: str
    waiting: list[_Waiting] = field(default_factory=list)
    crossed: set[tuple[str, str, int]] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    digest_of: date | None = None
    week_of: date | None = None

    def received(self, hours: Sequence[datetime]) -> list[Mail]:
        """All mails, if the machine runs at these hours and no others."""
        return sorted(mail for at in hours for mail in self._hour(at))

    def _hour(self, at: datetime) -> Iterator[Mail]:
        self._results(at)
        self._rungs(at)
        if works(at.date()) and time(7, 30) <= at.time() < time(20):
            self._digests(at)
            self._week(at)
        if not (works(at.date()) and time(7) <= at.time() < time(20)):
            return
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            moot = each.step is not None and not each.step.is_open(at)
            late = each.worthless_from is not None and at >= each.worthless_from
            if not (moot or late):
                yield Mail(at, each.reader, each.event, each.about)

    def _results(self, at: datetime) -> None:
        for step in self.steps:
            if step.answered and step.answered <= at and step.code not in self.recorded:
                self.recorded.add(step.code)
                for reader in self._with_delegates(step.owner, step.answered.date()):
                    if reader != self.recorder:
                        self._tell(reader, "outcome_recorded", step.code, None, None)

    def _rungs(self, at: datetime) -> None:
        for step in self.steps:
            if not step.is_open(at):
                continue
            end = datetime.combine(step.due + DAY, time(), at.tzinfo)
            for audience, readers, rungs in (
                ("owner", [step.owner], OWNER_AT),
                ("head", [self.heads[self.divisions[step.owner]]], HEAD_AT),
                ("director", self.directors, DIRECTOR_AT),
            ):
                new = [
                    offset
                    for offset in rungs
                    if days_between(step.due, at.date()) >= offset
                    and (step.code, audience, offset) not in self.crossed
                ]
                self.crossed |= {(step.code, audience, offset) for offset in new}
                event = rungs[max(new)] if new else ""
                if not event or (event == "due_today" and step.is_put_off(at)):
                    continue
                for reader in readers:
                    for one in self._with_delegates(reader, at.date()):
                        before = end if event == "due_today" else None
                        self._tell(one, event, step.code, step, before)

    def _digests(self, at: datetime) -> None:
        today = at.date()
        if self.digest_of == today:
            return
        self.digest_of = today
        lists: dict[str, list[Step]] = {}
        for step in sorted(self.steps, key=lambda step: (step.due, step.code)):
            near = days_between(step.due, today) >= -7
            silent = step.is_put_off(at) and today <= step.due
            if step.is_open(at) and near and not silent:
                for reader in self._with_delegates(step.owner, today):
                    lists.setdefault(reader, []).append(step)
        end = datetime.combine(today + DAY, time(), at.tzinfo)
        for reader, steps in lists.items():
            named = " ".join(f"{_section(step, today)}:{step.code}" for step in steps)
            self._tell(reader, "digest", named, None, end)

    def _week(self, at: datetime) -> None:
        monday = at.date() - at.weekday() * DAY
        if self.week_of == monday:
            return
        self.week_of = monday
        for director in self.directors:
            for reader in self._with_delegates(director, at.date()):
                self._tell(reader, "weekly", f"{monday}", None, None)

    def _with_delegates(self, person: str, on: date) -> list[str]:
        standing_in = [
            away.delegate
            for away in self.absences
            if away.person == person and away.since <= on <= away.until
        ]
        return [person, *standing_in]

    def _tell(
        self, reader: str, event: str, about: str, step: Step | None, before: datetime | None
    ) -> None:
        self.waiting.append(_Waiting(reader, event, about, step, before))


def works(day: date) -> bool:
    """Whether the office works on a day of January to March 2026."""
    return day == date(2026, 1, 10) or (
        day.weekday() < 5 and day not in TET and day not in (date(2026, 1, 1), date(2026, 1, 2))
    )


def forward(day: date) -> date:
    """The day, or the next on which the office works."""
    while not works(day):
        day += DAY
    return day


def days_between(first: date, last: date) -> int:
    """Working days after the first day up to the last; below zero when the last is earlier."""
    if last < first:
        return -days_between(last, first)
    return sum(works(first + n * DAY) for n in range(1, (last - first).days + 1))


def _section(step: Step, today: date) -> str:
    days = days_between(today, step.due)
    if step.due < today:
        return "overdue"
    return "today" if days == 0 else "soon" if days <= 3 else "later"
