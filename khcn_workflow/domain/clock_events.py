"""Tạm dừng, gia hạn, chấm dứt: what stops, moves or ends a task's clocks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import WorkingCalendar, add_months
from khcn_workflow.domain.deadlines import ONE_DAY, deadline_of, merged
from khcn_workflow.domain.errors import (
    AlreadySuspendedError,
    ClockEventError,
    FutureDateError,
    MissingFieldError,
    TaskEndedError,
)
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import CONTRACT_END, Progress, StepRound
from khcn_workflow.domain.rules import ExtensionRule, Rulebook


def check_clock_event(progress: Progress, rulebook: Rulebook, fact: Fact, today: date) -> None:
    """Refuse a clock event that the task's state or the rulebook does not allow.

    Raises:
        KhcnError: The sentence says why, with the article where the law decides.
    """
    if progress.ended_on is not None:
        raise TaskEndedError(progress.task.code, progress.ending, progress.ended_on)
    if fact.valid_on > today:
        raise FutureDateError(fact.valid_on, today)
    if fact.kind in (EntryKind.SUSPENDED, EntryKind.TERMINATED) and not fact.note:
        raise MissingFieldError(fact.kind.label, "Lý do")
    match fact.kind:
        case EntryKind.SUSPENDED:
            _check_suspension(progress, fact)
        case EntryKind.RESUMED:
            _check_resumption(progress, fact)
        case EntryKind.EXTENDED:
            _check_extension(progress, rulebook.extension, fact)


def is_suspended(progress: Progress) -> bool:
    """Whether the task is suspended now."""
    return any(s.until is None for s in progress.suspensions)


@dataclass(frozen=True, slots=True)
class Usage:
    """Working days that one party's clock ran on one round of a step.

    Attributes:
        owner: Whose clock it was, in Vietnamese.
        working_days: From the day after its opening to its result, or to today;
            suspended days left out.
    """

    step: str
    stage: str
    round: int
    owner: str
    working_days: int


def clock_usage(
    progress: Progress, rulebook: Rulebook, calendar: WorkingCalendar, today: date
) -> list[Usage]:
    """How long each round kept whom busy, in the order the rounds were opened."""
    return [
        Usage(
            done.step,
            done.stage,
            done.round,
            _owner(progress, done, rulebook, calendar),
            _worked(progress, done.opened_on, done.closed_on or today, calendar),
        )
        for done in progress.rounds
    ]


def by_owner(usage: list[Usage]) -> dict[str, int]:
    """Working days of each party, the busiest first."""
    total: Counter[str] = Counter()
    for line in usage:
        total[line.owner] += line.working_days
    return dict(total.most_common())


def _check_suspension(progress: Progress, fact: Fact) -> None:
    if is_suspended(progress):
        raise AlreadySuspendedError(progress.task.code, progress.suspensions[-1].since)
    _check_after_last(progress, fact.valid_on)


def _check_resumption(progress: Progress, fact: Fact) -> None:
    if not is_suspended(progress):
        raise ClockEventError(progress.task.code, "không ở trạng thái tạm dừng")
    since = progress.suspensions[-1].since
    if fact.valid_on <= since:
        raise ClockEventError(
            progress.task.code, f"ngày tiếp tục phải sau ngày tạm dừng {vietnamese.day(since)}"
        )


def _check_after_last(progress: Progress, on: date) -> None:
    last = max((s.until for s in progress.suspensions if s.until), default=progress.registered_on)
    if on < last:
        raise ClockEventError(
            progress.task.code, f"ngày tạm dừng ở trước ngày {vietnamese.day(last)} đã ghi"
        )


def _check_extension(progress: Progress, rule: ExtensionRule | None, fact: Fact) -> None:
    code = progress.task.code
    signed = progress.closed("contract_signing")
    ends_on = progress.anchor(CONTRACT_END, signed) if signed else None
    if signed is None or ends_on is None or signed.closed_on is None:
        raise ClockEventError(code, "chưa có hợp đồng để gia hạn")
    if rule is None:
        raise ClockEventError(code, "bộ quy định của nhiệm vụ chưa nạp điều khoản gia hạn")
    asked_on = date.fromisoformat(fact.data["asked_on"])
    new_end = date.fromisoformat(fact.data["ends_on"])
    longest = rule.longest(signed.closed_on, ends_on)
    if len(progress.extensions) >= rule.times:
        raise ClockEventError(code, f"chỉ được gia hạn {rule.times} lần ({rule.article})")
    if asked_on > add_months(ends_on, -rule.asked_months_before):
        raise ClockEventError(
            code,
            f"đề nghị gia hạn phải gửi ít nhất {rule.asked_months_before} tháng trước ngày kết "
            f"thúc {vietnamese.day(ends_on)} ({rule.article})",
        )
    if not ends_on < new_end <= add_months(ends_on, longest):
        raise ClockEventError(
            code,
            f"ngày kết thúc mới phải sau {vietnamese.day(ends_on)} và không quá {longest} tháng "
            f"({rule.article})",
        )


def _owner(
    progress: Progress, done: StepRound, rulebook: Rulebook, calendar: WorkingCalendar
) -> str:
    deadline = deadline_of(progress, done, rulebook, calendar)
    return deadline.limit.owner if deadline else rulebook.step(done.step).decided_by


def _worked(progress: Progress, opened_on: date, until: date, calendar: WorkingCalendar) -> int:
    if until <= opened_on:
        return 0
    total = calendar.count(opened_on, until)
    spans = merged(progress.suspensions)
    spans += [(s.since, until + ONE_DAY) for s in progress.suspensions if s.until is None]
    for since, end in spans:
        first, last = max(since, opened_on + ONE_DAY), min(end, until + ONE_DAY)
        if first < last:
            total -= calendar.count(first - ONE_DAY, last - ONE_DAY)
    return total
