"""Thử và tính lại: which due dates another calendar or rulebook moves, and moving them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import Deadline, deadline_of
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Rulebook, TimeLimit
from khcn_workflow.signing import IMPORTERS, signed_by_office
from khcn_workflow.storage.queries import OwedStep
from khcn_workflow.storage.unit_of_work import running_due

SHOWN_DAYS = 3
"""Changed days that a reason names before it says "…"."""


@dataclass(frozen=True, slots=True)
class Move:
    """An open deadline that moves.

    Attributes:
        reason: The days or the limit that moved it, in Vietnamese.
    """

    task_code: str
    step: str
    title: str
    round: int
    officer: str
    before: date | None
    after: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Reprojected:
    """What a recalculation did.

    Attributes:
        ledger_row: The row that tells of it; 0 when nothing moved.
        messages: New messages to owners.
    """

    moves: tuple[Move, ...]
    ledger_row: int = 0
    messages: int = 0


def what_if(
    context: Context,
    rulebooks: Mapping[str, Rulebook] | None = None,
    calendar: WorkingCalendar | None = None,
) -> list[Move]:
    """Every open deadline that a draft rulebook or calendar would move; nothing is changed.

    Args:
        rulebooks: Draft rulebooks by id; each stands in for the one of its id.
        calendar: The draft calendar, None for the one in use.
    """
    drafts = {**context.rulebooks, **(rulebooks or {})}
    other = calendar or context.calendar
    moves = []
    for progress in context.tasks():
        for owed in progress.open_rounds():
            before = context.deadline(progress, owed)
            after = _drafted(progress, owed, drafts[progress.task.rulebook], other)
            if running_due(before) != running_due(after):
                reason = _reason(before, after, context.calendar, other)
                moves.append(_move(context, progress, owed, running_due(before), after, reason))
    return moves


def reproject(context: Context) -> Reprojected:
    """Write new versions of the due dates that the calendar and rulebooks in force move.

    One ledger row names all of them; each owner gets one message. Nothing happens when
    nothing moves.
    """
    context.work.locks.whole_office()
    stored = {(s.task_code, s.step, s.round): s for s in context.work.queries.owed_steps()}
    moves: list[Move] = []
    for progress in context.tasks():
        moved = list(_stale(context, progress, stored))
        if moved:
            reasons = {(move.step, move.round): move.reason for move in moved}
            context.save(progress, "tính lại thời hạn", reasons)
            moves += moved
    if not moves:
        return Reprojected(())
    context.work.append(_fact(context, moves), context.now)
    (entry,) = context.work.write_facts()
    return Reprojected(tuple(moves), entry.seq, _tell_owners(context, moves, entry.seq))


def _drafted(
    progress: Progress, owed: StepRound, rulebook: Rulebook, calendar: WorkingCalendar
) -> Deadline | None:
    known = {step.id for step in rulebook.steps()}
    return deadline_of(progress, owed, rulebook, calendar) if owed.step in known else None


def _stale(
    context: Context, progress: Progress, stored: Mapping[tuple[str, str, int], OwedStep]
) -> Iterator[Move]:
    for owed in progress.open_rounds():
        row = stored[progress.task.code, owed.step, owed.round]
        after = context.deadline(progress, owed)
        if row.due_on != running_due(after):
            reason = _reason_from(context, progress, owed, after)
            yield _move(context, progress, owed, row.due_on, after, reason)


def _reason_from(
    context: Context, progress: Progress, owed: StepRound, after: Deadline | None
) -> str:
    """Why a stored date moves: against the calendar that its last version rests on."""
    code = progress.task.code
    last = context.work.queries.deadline_versions(code, owed.step, owed.round)[-1]
    earlier = context.work.calendars.load(last.calendar_version)
    if earlier is None or after is None or last.limit_id != after.limit.id:
        return "bộ quy định đổi" if earlier is not None else "lịch làm việc đổi"
    before = deadline_of(progress, owed, context.rulebook(progress), earlier)
    return _reason(before, after, earlier, context.calendar)


def _reason(
    before: Deadline | None,
    after: Deadline | None,
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> str:
    if before is None or after is None:
        return "thêm thời hạn" if after else "bỏ thời hạn"
    if _terms(before.limit) != _terms(after.limit):
        return f"thời hạn đổi từ {_limit(before.limit)} thành {_limit(after.limit)}"
    days = _changed_days(before, after, old, new)
    if not days:
        return "bộ quy định đổi"
    more = ", …" if len(days) > SHOWN_DAYS else ""
    return "lịch đổi: " + ", ".join(days[:SHOWN_DAYS]) + more


def _changed_days(
    before: Deadline, after: Deadline, old: WorkingCalendar, new: WorkingCalendar
) -> list[str]:
    first = min(before.anchor_on, before.due_on, after.due_on)
    last = max(before.anchor_on, before.due_on, after.due_on)
    return [
        f"ngày {vietnamese.day(day.on)} là {day.reason or day.kind.label}"
        + (f" [{day.source}]" if day.source else "")
        for day in new.days_between(first, last)
        if day.kind is not old.day(day.on).kind
    ]


def _terms(limit: TimeLimit) -> tuple[object, ...]:
    return limit.amount, limit.unit, limit.direction, limit.anchor, limit.every


def _limit(limit: TimeLimit) -> str:
    return f"{limit.amount} {limit.unit.label} ({limit.article})"


def _move(
    context: Context,
    progress: Progress,
    owed: StepRound,
    before: date | None,
    after: Deadline | None,
    reason: str,
) -> Move:
    title = context.rulebook(progress).step(owed.step).title
    return Move(
        progress.task.code,
        owed.step,
        title,
        owed.round,
        progress.task.officer,
        before,
        running_due(after),
        reason,
    )


def _fact(context: Context, moves: Sequence[Move]) -> Fact:
    rows = [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(m).items()}
        for m in moves
    ]
    fact = Fact(
        kind=EntryKind.REPROJECTED,
        subject="thoi-han",
        valid_on=context.today,
        actor="",
        note=f"{len(moves)} thời hạn đổi",
        data={"calendar": context.calendar.version, "moves": rows},
    )
    return signed_by_office(context, fact, "tính lại thời hạn", IMPORTERS)


def _tell_owners(context: Context, moves: Sequence[Move], seq: int) -> int:
    owners = dict.fromkeys(move.officer for move in moves)
    messages = []
    for owner in owners:
        lines = [
            notices.MovedLine(m.task_code, m.title, m.before, m.after, m.reason)
            for m in moves
            if m.officer == owner
        ]
        messages.extend(notices.deadlines_moved(context, owner, lines, f"{seq}"))
    return context.work.outbox.enqueue(messages)


def draft_rulebook(context: Context, draft: Rulebook, replaces: str = "") -> Mapping[str, Rulebook]:
    """The rulebooks with a draft in the place of the one it is tried for.

    Args:
        replaces: Id of the rulebook it stands in for; default the draft's own id.
    """
    target = replaces or draft.id
    return {**context.rulebooks, target: replace(draft, id=target)}
