"""Báo cáo của kỳ: facts within two times become the report that use cases write or keep."""

from datetime import date, datetime

from khcn_workflow.context import Context
from khcn_workflow.dossiers import dossiers
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.reports.document import Report
from khcn_workflow.reports.period import day_before, parse_period, year_before
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.sections import build_report


def gather(
    context: Context, period_id: str, as_of: date | None = None, known_at: datetime | None = None
) -> ReportInput:
    """What the report of a period is made from.

    Args:
        as_of: What was true on this day; by default the period's cut-off, or today before it.
        known_at: As the ledger told it at this instant; by default as it tells it now.

    Raises:
        KhcnError: The period cannot be read, or the day lies before it.
    """
    period = parse_period(period_id)
    day = as_of or min(period.last, context.today)
    return ReportInput(
        period=period,
        as_of=day,
        dossiers=dossiers(context, period, day, known_at),
        activities=tuple(context.work.queries.activities_on(day, known_at)),
        kinds=load_activity_kinds(),
        calendar=context.calendar,
        agency=context.agency,
        edits=context.work.queries.edits(period.name, known_at),
    )


def build(
    context: Context,
    period_id: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    *,
    compared: bool = False,
) -> Report:
    """The report of a period, from what `gather` finds.

    Args:
        compared: Beside the same period of the year before, as of the same day then.

    Raises:
        KhcnError: As `gather`, or a figure contradicts another.
    """
    report_input = gather(context, period_id, as_of, known_at)
    before = None
    if compared:
        earlier = year_before(report_input.period).id
        before = gather(context, earlier, day_before(report_input.as_of), known_at)
    return build_report(report_input, before)
