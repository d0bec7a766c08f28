"""Đang đứng thế nào: what was open on a day, read from the rounds where they can tell it.

Where they cannot, for single tasks or while due dates wait to be made anew after the
calendar changed, the facts of that day are folded; both give the same.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from khcn_workflow.context import Context
from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.rules import STAGE_IDS
from khcn_workflow.storage.spans import Span, StageCount, added, soonest


def owed(
    context: Context,
    day: date,
    due_before: date | None = None,
    known_at: datetime | None = None,
) -> list[Span]:
    """What was open on a day with a due date, soonest first.

    Args:
        due_before: Only what was due before this day.
        known_at: As the ledger told it at this instant: always folded.
    """
    if not _rows_tell(context, known_at):
        return _due(folded(context, context.tasks(day, known_at)), due_before)
    spans = context.work.spans.owed(day, due_before)
    return _merged(spans, _due(_inexact(context, day), due_before))


def overdue(context: Context, day: date, known_at: datetime | None = None) -> list[Span]:
    """What was open on a day and at least one working day late, the longest late first."""
    due_before = context.calendar.roll_back(day)
    if not _rows_tell(context, known_at):
        return _late(folded(context, context.tasks(day, known_at)), due_before)
    spans = context.work.spans.overdue(day, due_before)
    return _merged(spans, _late(_inexact(context, day), due_before))


def by_stage(
    context: Context, day: date, known_at: datetime | None = None
) -> dict[str, StageCount]:
    """What was open on a day in each of the six stages that had something open."""
    due_before = context.calendar.roll_back(day)
    found: dict[str, StageCount] = {}
    if _rows_tell(context, known_at):
        found = context.work.spans.by_stage(day, due_before)
        more = _inexact(context, day)
    else:
        more = folded(context, context.tasks(day, known_at))
    for span in more:
        late = _is_late(span, due_before)
        counted = StageCount(1, int(late), span.opened_on)
        found[span.stage] = added(found.get(span.stage), counted)
    return {stage: found[stage] for stage in STAGE_IDS if stage in found}


def folded(context: Context, tasks: Iterable[Progress]) -> Iterator[Span]:
    """The open rounds of tasks, as the rows of exact ones have them."""
    for progress in tasks:
        task = progress.task
        for round_ in progress.open_rounds():
            deadline = context.deadline(progress, round_)
            yield Span(
                task_code=task.code,
                task_title=task.title,
                officer=task.officer,
                level=task.level.value,
                rulebook=task.rulebook,
                stage=round_.stage,
                step=round_.step,
                round=round_.round,
                opened_on=round_.opened_on,
                due_on=deadline.due_on if deadline else None,
                limit_id=deadline.limit.id if deadline else "",
                is_paused=deadline is not None and deadline.paused_since is not None,
            )


def _rows_tell(context: Context, known_at: datetime | None) -> bool:
    return known_at is None and context.work.calendars.carries_all(context.calendar)


def _inexact(context: Context, day: date) -> Iterator[Span]:
    codes = context.work.spans.inexact(day)
    return folded(context, context.tasks(day, codes=codes)) if codes else iter(())


def _merged(spans: list[Span], more: list[Span]) -> list[Span]:
    return sorted([*spans, *more], key=soonest) if more else spans


def _due(spans: Iterable[Span], before: date | None) -> list[Span]:
    wanted = (s for s in spans if s.due_on and (before is None or s.due_on < before))
    return sorted(wanted, key=soonest)


def _late(spans: Iterable[Span], due_before: date) -> list[Span]:
    return sorted((s for s in spans if _is_late(s, due_before)), key=soonest)


def _is_late(span: Span, due_before: date) -> bool:
    return span.due_on is not None and span.due_on < due_before and not span.is_paused
