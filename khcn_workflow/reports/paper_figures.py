"""What a report says of itself, as numbers with lists: period, recipients, signer."""

from collections.abc import Iterator

from khcn_workflow.reports.figures import Figure, counted
from khcn_workflow.reports.report_input import ReportInput

PERIOD, SIGNER, RECIPIENT = "Kỳ báo cáo", "Người ký", "Nơi nhận"


def paper_figures(report_input: ReportInput) -> Iterator[Figure]:
    """The parts of the paper that the table of numbers names."""
    yield counted("period", "Kỳ báo cáo", [PERIOD])
    lines = range(1, len(report_input.agency.recipients) + 1)
    yield counted("recipients", "Dòng Nơi nhận", [f"{RECIPIENT} {line}" for line in lines])
    yield counted("signer", "Người ký", [SIGNER])


def paper_rows(report_input: ReportInput) -> dict[str, str]:
    """What stands on those rows, by their codes."""
    period, agency = report_input.period, report_input.agency
    signer = " ".join(filter(None, [agency.signer_prefix, agency.signer_title, agency.signer_name]))
    return {
        PERIOD: f"{period.label}; {period.next_label}",
        SIGNER: signer,
        **{f"{RECIPIENT} {n}": line for n, line in enumerate(agency.recipients, start=1)},
    }
