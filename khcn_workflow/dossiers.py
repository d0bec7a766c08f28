"""Hồ sơ của báo cáo: the tasks that a report is about, read from the rows where they can tell.

Where they cannot (papers typed late, suspensions, corrections, an instant in the past), the
facts of the day are folded; both give the same report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from khcn_workflow.context import Context
from khcn_workflow.domain.progress import Delay, Progress, Remark, StepRound
from khcn_workflow.reports.period import Period
from khcn_workflow.reports.report_input import CONTRACT, Dossier
from khcn_workflow.reports.task_figures import APPRAISAL, COUNCIL, DOSSIERS
from khcn_workflow.storage.report_rows import Dues

_COUNTED = (CONTRACT, APPRAISAL, COUNCIL, DOSSIERS)
"""Steps whose result counts however long ago it came."""


def dossiers(
    context: Context, period: Period, day: date, known_at: datetime | None = None
) -> tuple[Dossier, ...]:
    """The tasks of a report as of a day, by code.

    Those that ended before the period and its year are left out where the rows tell of them:
    no number counts them.
    """
    if not _rows_tell(context, known_at):
        return tuple(_folded(context, context.tasks(day, known_at)))
    rows = context.work.report_rows
    inexact = set(context.work.spans.inexact(day)) | rows.corrected()
    since = min(period.first, period.new_year)
    read = [
        (progress, dues)
        for progress, dues in rows.standing(day, since, _COUNTED)
        if progress.task.code not in inexact
    ]
    found = _remembering(context, read, period, day)
    if inexact:
        found += _folded(context, context.tasks(day, codes=sorted(inexact)))
    return tuple(sorted(found, key=lambda d: d.task.code))


def _rows_tell(context: Context, known_at: datetime | None) -> bool:
    """Whether the rows are of the instant asked for, and rest on the calendar of today."""
    queries = context.work.queries
    if known_at is not None and queries.last_known(known_at) < queries.head()[0]:
        return False
    return context.work.calendars.carries_all(context.calendar)


def _folded(context: Context, tasks: Iterable[Progress]) -> Iterator[Dossier]:
    return (Dossier(progress, context.rulebook(progress)) for progress in tasks)


def _remembering(
    context: Context, read: list[tuple[Progress, Dues]], period: Period, day: date
) -> list[Dossier]:
    """The tasks as dossiers, with causes, promises and opinions where a report tells of them."""
    wanted = [
        progress.task.code
        for progress, dues in read
        if any(_is_told_of(r, dues, period, day) for r in progress.rounds)
    ]
    said: dict[tuple[str, str, int], list[Remark | Delay]] = {}
    for one in context.work.report_rows.remembered(wanted, day, APPRAISAL):
        said.setdefault((one.code, one.step, one.round), []).append(one.said)
    telling = {code for code, _, _ in said}
    return [
        Dossier(
            progress=_with_what_was_said(progress, said) if progress.task.code in telling
            else progress,
            rulebook=context.rulebook(progress),
            dues=dues,
        )
        for progress, dues in read
    ]  # fmt: skip


def _is_told_of(owed: StepRound, dues: Dues, period: Period, day: date) -> bool:
    """Whether it is late, was closed late in the period, or waits for the appraisal."""
    if owed.is_open and owed.step == APPRAISAL:
        return True
    due = dues.get((owed.step, owed.round))
    reached = owed.closed_on or day
    return due is not None and reached > due[0] and reached >= period.first


def _with_what_was_said(
    progress: Progress, said: dict[tuple[str, str, int], list[Remark | Delay]]
) -> Progress:
    code = progress.task.code
    rounds = []
    for owed in progress.rounds:
        told = said.get((code, owed.step, owed.round), [])
        remarks = tuple(one for one in told if isinstance(one, Remark)) if owed.is_open else ()
        delays = tuple(one for one in told if isinstance(one, Delay))
        rounds.append(replace(owed, remarks=remarks, delays=delays) if told else owed)
    return replace(progress, rounds=tuple(rounds))
