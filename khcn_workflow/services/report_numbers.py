"""Tra con số: the rows behind a number of a report, also of one that its invariants refuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from khcn_workflow.context import Context
from khcn_workflow.reporting import gather
from khcn_workflow.reports.facts import Facts, count
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.number_table import TABLE, TableRow, find
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.row_words import row_details, row_names


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row behind a number, with what it adds."""

    code: str
    amount: int
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """A number with its list."""

    id: str
    title: str
    text: str
    value: int
    of: int | None
    counting: str
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One of the 55 rows of the table, with the numbers that answer it."""

    row: TableRow
    texts: tuple[str, ...]


def list_numbers(
    context: Context,
    period_id: str,
    asked: Sequence[str],
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[ListedNumber]:
    """The numbers of these ids, or of these rows of the table, each with exactly its rows.

    Raises:
        NoSuchNumberError: The report has no such number.
        KhcnError: As `reporting.gather`.
    """
    report_input = gather(context, period_id, as_of, known_at)
    facts = count(report_input)
    figures = [figure for one in asked for figure in find(facts.figures, one)]
    return [_listed(figure, facts, report_input) for figure in figures]


def number_table(
    context: Context, period_id: str, as_of: date | None = None, known_at: datetime | None = None
) -> list[TableLine]:
    """The 55 rows with their numbers.

    Raises:
        KhcnError: As `reporting.gather`.
    """
    figures = count(gather(context, period_id, as_of, known_at)).figures
    return [TableLine(row, tuple(figures[key].text for key in row.figures)) for row in TABLE]


def _listed(figure: Figure, facts: Facts, report_input: ReportInput) -> ListedNumber:
    names, details = row_names(facts, report_input), row_details(facts, report_input)
    return ListedNumber(
        id=figure.id,
        title=figure.title,
        text=figure.text,
        value=figure.value,
        of=figure.of,
        counting=figure.counting.value,
        rows=tuple(
            ListedRow(code, figure.amount(place), names.get(code, ""), details.get(code, ""))
            for place, code in enumerate(figure.rows)
        ),
    )
