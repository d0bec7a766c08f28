"""Báo cáo: the figures as of a day, written as the files that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.reporting import build
from khcn_workflow.reports.document import Report
from khcn_workflow.reports.period import Period
from khcn_workflow.reports.writer import write


@dataclass(frozen=True, slots=True)
class Written:
    """A report that lies in files."""

    report: Report
    period: Period
    as_of: date
    paths: tuple[Path, ...]


def write_report(
    context: Context,
    period_id: str,
    as_of: date | None,
    paths: Sequence[Path],
    known_at: datetime | None = None,
    *,
    compared: bool = False,
) -> Written:
    """Write the report to each path, in the form that its suffix names.

    Args:
        compared: Beside the same period of the year before.

    Raises:
        KhcnError: As `reporting.build`, or a suffix names no form.
    """
    report = build(context, period_id, as_of, known_at, compared=compared)
    for path in paths:
        write(report, path, context.settings.own_templates)
    return Written(report, report.period, report.as_of, tuple(paths))


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
