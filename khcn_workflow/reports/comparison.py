"""So cùng kỳ: the numbers of a report beside those of the same period of the year before."""

from khcn_workflow.reports.document import Compared, Comparison
from khcn_workflow.reports.facts import Facts, count
from khcn_workflow.reports.number_table import TABLE
from khcn_workflow.reports.report_input import ReportInput

_OF_THE_PAPER = {"period", "recipients", "signer"}


def compare(facts: Facts, before: ReportInput) -> Comparison:
    """The numbers of the table that both periods have, in its order."""
    earlier = count(before)
    keys = dict.fromkeys(key for row in TABLE for key in row.figures)
    rows = tuple(
        Compared(
            figure=key,
            before=earlier.figures[key].text,
            change=facts.figures[key].value - earlier.figures[key].value,
        )
        for key in keys
        if key not in _OF_THE_PAPER and key in earlier.figures and key in facts.figures
    )
    is_empty = not before.dossiers and not any(earlier.activities.values())
    return Comparison(before.period, before.as_of, rows, is_empty)
