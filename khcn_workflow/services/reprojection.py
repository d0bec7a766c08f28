"""Thử và tính lại: which due dates another calendar or rulebook moves, and moving them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import Deadline, deadline_of
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import Rulebook, TimeLimit
from khcn_workflow.domain.standing import deadline_while_owed
from khcn_workflow.notices import Move
from khcn_workflow.signing import IMPORTERS, signed_by_office
from khcn_workflow.storage.kept import Kept, RoundKey
from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks
from khcn_workflow.storage.queries import DeadlineVersion
from khcn_workflow.storage.unit_of_work import running_due

RECALCULATED = "tính lại thời hạn"
"""Why a date moves that was set right with others of its task."""

SHOWN_DAYS = 3
"""Changed days that a reason names before it says "…"."""


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
    return [
        move
        for progress in context.tasks()
        for move in _tried(context, progress, drafts[progress.task.rulebook], other)
    ]


def reproject(context: Context) -> Reprojected:
    """Write new versions of the due dates that the calendar and rulebooks in force move.

    One ledger row names those that are open; each owner gets one message. Of closed rounds
    the date that stood while they were open is set right, and nobody is told. Nothing
    happens when nothing moves.
    """
    context.work.locks.whole_office()
    moves: list[Move] = []
    for some in chunks(context.tasks(), SUBJECTS):
        moves += _reprojected(context, some)
    context.work.calendars.carry_all(context.calendar, context.now)
    if not moves:
        return Reprojected(())
    context.work.append(_fact(context, moves), context.now)
    (entry,) = context.work.write_facts()
    return Reprojected(tuple(moves), entry.seq, _tell_owners(context, moves, entry.seq))


def _reprojected(context: Context, tasks: Sequence[Progress]) -> Iterator[Move]:
    """Save those of some tasks of which a date moves; the moves of what is open."""
    queries = context.work.queries
    kept = queries.kept([progress.task.code for progress in tasks])
    told = [p for p in tasks if p.task.code in kept]
    stale = {p.task.code: p for p in told if kept[p.task.code].dues() != context.dues(p)}
    versions = queries.last_versions(list(stale))
    for code, progress in stale.items():
        moved = list(_stale(context, progress, kept[code], versions.get(code, {})))
        reasons = {(move.step, move.round): move.reason for move in moved}
        context.save(progress, RECALCULATED, reasons)
        owed = {(r.step, r.round) for r in progress.open_rounds()}
        yield from (move for move in moved if (move.step, move.round) in owed)


def _tried(
    context: Context, progress: Progress, rulebook: Rulebook, calendar: WorkingCalendar
) -> Iterator[Move]:
    compared = (
        (owed, running_due(context.deadline(progress, owed))) for owed in progress.open_rounds()
    )

    def why(owed: StepRound, after: Deadline | None) -> str:
        return _reason(context.deadline(progress, owed), after, context.calendar, calendar)

    drafted = partial(_drafted, progress, rulebook=rulebook, calendar=calendar)
    return _moves(context, progress, compared, drafted, why)


def _stale(
    context: Context, progress: Progress, kept: Kept, versions: Mapping[RoundKey, DeadlineVersion]
) -> Iterator[Move]:
    stored = kept.dues()
    compared = ((owed, stored.get((owed.step, owed.round))) for owed in progress.rounds)
    derived = partial(context.stored_deadline, progress)
    why = partial(_reason_from, context, progress, versions)
    return _moves(context, progress, compared, derived, why)


def _moves(
    context: Context,
    progress: Progress,
    compared: Iterable[tuple[StepRound, date | None]],
    becomes: Callable[[StepRound], Deadline | None],
    why: Callable[[StepRound, Deadline | None], str],
) -> Iterator[Move]:
    """Of rounds with the dates they have, those that get another."""
    for owed, before in compared:
        after = becomes(owed)
        if before != running_due(after):
            yield _move(context, progress, owed, before, after, why(owed, after))


def _drafted(
    progress: Progress, owed: StepRound, rulebook: Rulebook, calendar: WorkingCalendar
) -> Deadline | None:
    known = {step.id for step in rulebook.steps()}
    return deadline_of(progress, owed, rulebook, calendar) if owed.step in known else None


def _reason_from(
    context: Context,
    progress: Progress,
    versions: Mapping[RoundKey, DeadlineVersion],
    owed: StepRound,
    after: Deadline | None,
) -> str:
    """Why a stored date moves: against the calendar that its last version rests on."""
    last = versions.get((owed.step, owed.round))
    earlier = context.work.calendars.load(last.calendar_version) if last else None
    if last is None or earlier is None or after is None or last.limit_id != after.limit.id:
        return "bộ quy định đổi" if earlier is not None else "lịch làm việc đổi"
    before = deadline_while_owed(progress, owed, context.rulebook(progress), earlier)
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
        theirs = [move for move in moves if move.officer == owner]
        messages.extend(notices.deadlines_moved(context, owner, theirs, f"{seq}"))
    return context.work.outbox.enqueue(messages)


def draft_rulebook(context: Context, draft: Rulebook, replaces: str = "") -> Mapping[str, Rulebook]:
    """The rulebooks with a draft in the place of the one it is tried for.

    Args:
        replaces: Id of the rulebook it stands in for; default the draft's own id.
    """
    target = replaces or draft.id
    return {**context.rulebooks, target: replace(draft, id=target)}
