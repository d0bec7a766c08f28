"""Thư tổng hợp: what each person has to do, once a working day; and the director's week."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import STAGE_TITLES, Force
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.domain.snoozing import Snooze
from khcn_workflow.notices import (
    agency_words,
    mail_to,
    midnight_after,
    task_link,
    waiting_link,
    with_delegates,
)
from khcn_workflow.standing import by_stage
from khcn_workflow.storage.queries import OwedStep
from notifications.ladder import Audience, By
from notifications.messages import (
    DigestContext,
    DigestLine,
    DigestSection,
    Event,
    FunnelBar,
    LateStep,
    Message,
    WeeklyContext,
)

WRITTEN_FROM = time(7, 30)
"""Hour in Hà Nội from which a working day's digests are written; the sweep's schedule."""

SOON = 3
"""Working days within which a step is in the section of what comes next."""

MOST_LINES = 30
"""Steps that a section names; of the others it says how many they are."""

MOST_LATE = 10
"""Steps that the week's summary names."""

DIGEST, WEEKLY = "digest", "weekly"
THREAD = "tong-hop"
"""Names of the marks that say for which day each was written."""

Kind = Literal["overdue", "today", "soon", "later"]
SECTIONS: Mapping[Kind, str] = {
    "overdue": "Đã quá ngày",
    "today": "Đến hạn hôm nay",
    "soon": f"Còn 1 đến {SOON} ngày làm việc",
    "later": "Sắp tới",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        in_time: False at hours and on days on which no digest is written.
        steps: Steps that the digests name.
    """

    day: date
    in_time: bool = False
    digests: int = 0
    steps: int = 0
    weekly: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A step on somebody's list, what is to be said of it, and in whose place it is on hers."""

    step: OwedStep
    days: int
    remark: str
    owner: Person
    is_own: bool


@dataclass(slots=True)
class _Lists:
    """Everybody's lists, by code."""

    persons: dict[str, Person] = field(default_factory=dict)
    lines: dict[str, list[_Line]] = field(default_factory=lambda: defaultdict(list))


def write_digests(context: Context) -> Written:
    """Write today's digests and, once a week, the directors' summary; each only once.

    After downtime the day's digest is written late, those of past days never: today's holds
    what still matters. The week's summary comes on its first working day that is not missed.
    """
    context.work.locks.whole_office()
    if not _in_time(context):
        return Written(context.today)
    told, today = context.work.sweeping, context.today
    digests, steps = (0, 0) if told.last_told(DIGEST) == today else _write_today(context)
    told.set_told(DIGEST, today)
    monday, last = today - timedelta(days=today.weekday()), told.last_told(WEEKLY)
    weekly = _write_week(context, monday) if last is None or last < monday else 0
    told.set_told(WEEKLY, today)
    return Written(today, True, digests, steps, weekly)


def _in_time(context: Context) -> bool:
    if context.quiet_until():
        return False
    return not context.hour_known or context.local_now.time() >= WRITTEN_FROM


def _write_today(context: Context) -> tuple[int, int]:
    """How many digests were new, and how many steps they name."""
    owed = list(_worth_telling(context))
    lists = _lists(context, owed)
    messages = [_digest(context, lists.persons[code], lines) for code, lines in lists.lines.items()]
    return context.work.outbox.enqueue(messages), len(owed)


def _worth_telling(context: Context) -> Iterator[tuple[OwedStep, int, str]]:
    """Open steps that are late or near, soonest first: the working days there are, a remark.

    How near, the ladder says: by the rungs told in the digest that are there for the step.
    What somebody put off is left out until that lapses, or the step is late.
    """
    snoozes = context.work.queries.snoozes()
    rungs = [r for r in context.ladder if r.by is By.DIGEST and r.audience is Audience.OWNER]
    farthest = max((-rung.offset for rung in rungs), default=0)
    last = context.calendar.add(context.today, farthest) if farthest else context.today
    for step in context.work.queries.owed_until(last):
        days = context.calendar.count(context.today, step.due_on or last)
        near = (-r.offset for r in rungs if r.scope.holds(step.stage, step.level, step.step))
        if step.due_on is None or days > max(near, default=0):
            continue
        said = snoozes.get((step.task_code, step.step))
        if said is None:
            yield step, days, ""
        elif not said.holds(context.today, step.due_on):
            lapsed = said.has_lapsed(context.today, step.due_on)
            yield step, days, _lapsed(said) if lapsed else ""


def _lapsed(said: Snooze) -> str:
    return f"đã hoãn nhắc đến {vietnamese.day(said.until)}: {said.reason}"


def _lists(context: Context, owed: Sequence[tuple[OwedStep, int, str]]) -> _Lists:
    """Each step on its owner's list and, while she is away, on those of who stands in."""
    staff, found = context.work.staffing.staff(), _Lists()
    readers: dict[str, list[Person]] = {}
    for step, days, remark in owed:
        owner = staff.person(step.officer)
        if owner.code not in readers:
            readers[owner.code] = with_delegates(context, [owner])
        for person in readers[owner.code]:
            found.persons[person.code] = person
            line = _Line(step, days, remark, owner, person.code == owner.code)
            found.lines[person.code].append(line)
    return found


def _digest(context: Context, person: Person, lines: Sequence[_Line]) -> Message:
    sections = list(_sections(context, lines))
    totals = {section["kind"]: section["total"] for section in sections}
    told = DigestContext(
        recipient_name=person.name,
        agency=agency_words(context),
        today=vietnamese.day(context.today),
        link=waiting_link(context),
        weekday=vietnamese.weekday(context.today),
        total=len(lines),
        overdue=totals.get("overdue", 0),
        due_today=totals.get("today", 0),
        sections=sections,
    )
    today = context.today
    return mail_to(
        context,
        person,
        Event.DIGEST,
        f"{today}|{DIGEST}",
        told,
        thread=THREAD,
        expires_at=midnight_after(today),
    )


def _sections(context: Context, lines: Sequence[_Line]) -> Iterator[DigestSection]:
    for kind, title in SECTIONS.items():
        alike = [line for line in lines if _kind(context, line) == kind]
        if alike:
            yield DigestSection(
                kind=kind,
                title=title,
                total=len(alike),
                lines=[_told(context, line) for line in alike[:MOST_LINES]],
            )


def _kind(context: Context, line: _Line) -> Kind:
    if line.step.due_on is not None and line.step.due_on < context.today:
        return "overdue"
    if line.days <= 0:
        return "today"
    return "soon" if line.days <= SOON else "later"


def _told(context: Context, line: _Line) -> DigestLine:
    step = line.step
    return DigestLine(
        task_code=step.task_code,
        task_title=step.task_title,
        step=context.rulebooks[step.rulebook].step(step.step).title,
        due_on=vietnamese.day(step.due_on) if step.due_on else "",
        when=_when(context, step, line.days),
        note="; ".join(filter(None, (_in_place(context, line), line.remark))),
        link=task_link(context, step.task_code),
    )


def _when(context: Context, step: OwedStep, days: int) -> str:
    legal = _is_statutory(context, step)
    if step.due_on is not None and step.due_on < context.today:
        late = f"{max(-days, 1)} ngày làm việc"
        return f"quá hạn {late}" if legal else f"chậm {late} so với mục tiêu"
    words = "hôm nay" if days <= 0 else f"còn {days} ngày làm việc"
    return words if legal else f"{words} (mục tiêu nội bộ)"


def _is_statutory(context: Context, step: OwedStep) -> bool:
    limits = context.rulebooks[step.rulebook].step(step.step).limits
    return next(
        (limit.force is Force.STATUTORY for limit in limits if limit.id == step.limit_id), True
    )


def _in_place(context: Context, line: _Line) -> str:
    if line.is_own:
        return ""
    owner = line.owner
    absence = context.work.staffing.staff().absence_of(owner.code, context.today)
    until = f", vắng đến {vietnamese.day(absence.until)}" if absence else ""
    return f"thay {owner.name}{until}"


def _write_week(context: Context, monday: date) -> int:
    """How many summaries were new; none while nothing is owed."""
    directors = context.work.queries.persons_of(Role.DIRECTOR)
    stages = _funnel(context)
    if not stages:
        return 0
    people = with_delegates(context, directors)
    week = _week(context, stages, monday)
    return context.work.outbox.enqueue([_weekly(context, p, week, monday) for p in people])


def _week(context: Context, stages: Sequence[FunnelBar], monday: date) -> WeeklyContext:
    """The week's facts, which are the same for whoever reads them."""
    sunday = monday + timedelta(days=6)
    owed = context.work.queries.owed_until(sunday)
    late = [step for step in owed if step.due_on and step.due_on < context.today]
    before = by_stage(context, context.today - timedelta(days=7))
    return WeeklyContext(
        recipient_name="",
        agency=agency_words(context),
        today=vietnamese.day(context.today),
        link=waiting_link(context),
        week=f"{monday:%d/%m}–{vietnamese.day(sunday)}",
        open=sum(stage["open"] for stage in stages),
        overdue=sum(stage["overdue"] for stage in stages),
        overdue_before=sum(stage.overdue for stage in before.values()),
        due_this_week=len(owed) - len(late),
        stages=list(stages),
        latest=[_late(context, step) for step in late[:MOST_LATE]],
    )


def _weekly(context: Context, person: Person, week: WeeklyContext, monday: date) -> Message:
    facts: WeeklyContext = {**week, "recipient_name": person.name}
    return mail_to(
        context,
        person,
        Event.WEEKLY,
        f"{monday}|{WEEKLY}",
        facts,
        thread=THREAD,
        expires_at=midnight_after(monday + timedelta(days=6)),
    )


def _funnel(context: Context) -> list[FunnelBar]:
    """The six stages as bars; none at all while nothing is owed."""
    found = by_stage(context, context.today)
    longest = max((counted.open for counted in found.values()), default=0)
    bars = []
    for stage, title in STAGE_TITLES.items() if longest else ():
        counted = found.get(stage)
        total, late = (counted.open, counted.overdue) if counted else (0, 0)
        late_share = -(-100 * late // longest)
        bars.append(
            FunnelBar(
                title=title,
                open=total,
                overdue=late,
                oldest=vietnamese.day(counted.oldest) if counted else "",
                late_share=late_share,
                open_share=max(-(-100 * total // longest) - late_share, 0),
            )
        )
    return bars


def _late(context: Context, step: OwedStep) -> LateStep:
    days = context.calendar.count(context.today, step.due_on or context.today)
    return LateStep(
        task_code=step.task_code,
        step=context.rulebooks[step.rulebook].step(step.step).title,
        officer=context.work.staffing.staff().person(step.officer).name,
        due_on=vietnamese.day(step.due_on) if step.due_on else "",
        when=_when(context, step, days),
        link=task_link(context, step.task_code),
    )
