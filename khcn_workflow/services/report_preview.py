"""Soát trước báo cáo: what a report would lack if it were written today."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow import notices
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reporting import gather
from khcn_workflow.reports.limitations import LateStep, lateness
from khcn_workflow.reports.period import Period, parse_period
from khcn_workflow.reports.sections import build_report


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A number that no list stands behind."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What is missing a while before the cut-off.

    Attributes:
        as_of: The day of the preview.
        no_cause: Late steps, still owed, for whose lateness nobody recorded a cause.
        no_promise: Those with a cause, but without a day by which they are promised.
        unlisted: Numbers with no list.
        contradiction: Why the report cannot be written at all; empty when it can.
    """

    period: Period
    as_of: date
    no_cause: tuple[LateStep, ...]
    no_promise: tuple[LateStep, ...]
    unlisted: tuple[Unlisted, ...]
    contradiction: str = ""

    def sentences(self) -> list[str]:
        """What is missing, one sentence each; none when nothing is."""
        told = [f"Báo cáo chưa viết được: {self.contradiction}"] if self.contradiction else []
        told += [f"{_named(step)}: chưa ghi nguyên nhân chậm." for step in self.no_cause]
        told += [f"{_named(step)}: chưa có cam kết ngày hoàn thành." for step in self.no_promise]
        told += [f"{n.title}: {n.text}, không có danh sách đứng sau." for n in self.unlisted]
        return told


def preview_report(context: Context, period_id: str) -> Preview:
    """Look at the report of a period as it would be today; nothing is written or kept.

    Raises:
        KhcnError: The period cannot be read, or has not begun.
    """
    made_of = gather(context, period_id, min(context.today, _last(period_id)))
    late = [step for step in lateness(made_of).steps if step.is_open]
    unlisted: tuple[Unlisted, ...] = ()
    contradiction = ""
    try:
        figures = build_report(made_of).figures.values()
        unlisted = tuple(Unlisted(f.title, f.text) for f in figures if f.value and not f.rows)
    except KhcnError as error:
        contradiction = str(error)
    return Preview(
        period=made_of.period,
        as_of=made_of.as_of,
        no_cause=tuple(step for step in late if not step.causes),
        no_promise=tuple(step for step in late if step.causes and step.commitment is None),
        unlisted=unlisted,
        contradiction=contradiction,
    )


def announce_preview(context: Context, preview: Preview) -> int:
    """Tell leaders and heads of division what is missing; how many messages."""
    messages = notices.report_preview(
        context,
        title=f"Soát trước báo cáo {preview.period.label}",
        period=preview.period.label,
        as_of=vietnamese.day(preview.as_of),
        cut_off=vietnamese.day(preview.period.last),
        missing=preview.sentences(),
        key=f"soat|{preview.period.id}|{preview.as_of}",
    )
    return context.work.outbox.enqueue(messages)


def _last(period_id: str) -> date:
    return parse_period(period_id).last


def _named(step: LateStep) -> str:
    return (
        f"{step.code}, «{step.title}», chậm {vietnamese.count(step.working_days_late)} ngày làm "
        f"việc so với {step.force.label}"
    )
