"""Báo cáo: the figures as of a day, written as the files that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.reports.document import Report
from khcn_workflow.reports.period import Period, parse_period
from khcn_workflow.reports.report_input import Dossier, ReportInput
from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.writer import write


@dataclass(frozen=True, slots=True)
class Written:
    """A report that lies in files."""

    report: Report
    period: Period
    as_of: date
    paths: tuple[Path, ...]


def build(context: Context, period_id: str, as_of: date | None = None) -> Report:
    """The report of a period, from what was true on `as_of` (default: its cut-off or today).

    Raises:
        KhcnError: The period cannot be read, or a figure contradicts another.
    """
    period = parse_period(period_id)
    return build_report(_input(context, period, as_of or min(period.last, context.today)))


def write_report(
    context: Context, period_id: str, as_of: date | None, paths: Sequence[Path]
) -> Written:
    """Write the report to each path, in the form that its suffix names.

    Raises:
        KhcnError: As `build`, or a suffix names no form.
    """
    period = parse_period(period_id)
    day = as_of or min(period.last, context.today)
    report = build(context, period_id, day)
    for path in paths:
        write(report, path)
    return Written(report, period, day, tuple(paths))


def announce(context: Context, written: Written) -> int:
    """Tell the Department's leaders that the report lies ready; how many messages."""
    messages = notices.report_ready(
        context,
        title=f"Báo cáo kết quả hoạt động KH&CN {written.period.label}",
        period=written.period.label,
        as_of=vietnamese.day(written.as_of),
        file_names=[path.name for path in written.paths],
        key=f"{written.period.id}|{written.as_of}",
    )
    return context.work.outbox.enqueue(messages)


def _input(context: Context, period: Period, as_of: date) -> ReportInput:
    dossiers = tuple(Dossier(p, context.rulebook(p)) for p in context.tasks(as_of))
    return ReportInput(
        period=period,
        as_of=as_of,
        dossiers=dossiers,
        activities=tuple(context.work.queries.activities()),
        kinds=load_activity_kinds(),
        calendar=context.calendar,
        agency=context.agency,
    )
