"""Trang HTML: one self-contained page whose every number leads to the rows behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jinja2

from khcn_workflow.clock import told_time
from khcn_workflow.domain import vietnamese
from khcn_workflow.reports.charts import charts
from khcn_workflow.reports.document import Paragraph, Report, Run
from khcn_workflow.reports.number_table import TABLE


@dataclass(frozen=True, slots=True)
class NumberedRun:
    """A run with the number of its footnote, 0 without one."""

    run: Run
    note: int


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """A paragraph whose footnotes have their numbers."""

    paragraph: Paragraph
    runs: tuple[NumberedRun, ...]


def to_html(report: Report) -> str:
    """The whole page; nothing is loaded from elsewhere."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("khcn_workflow.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": vietnamese.day,
        "count": vietnamese.count,
        "told_time": told_time,
    }
    return environment.get_template("report.html.j2").render(
        report=report,
        paragraphs=numbered(report.paragraphs),
        notes=list(report.footnotes()),
        recipients=list(report.recipient_lines()),
        charts=charts(report.figures),
        table=[(row, [report.figures[key] for key in row.figures]) for row in TABLE],
        shown=[figure for figure in report.figures.values() if figure.rows],
        empty=[figure for figure in report.figures.values() if not figure.rows],
    )


def numbered(paragraphs: Sequence[Paragraph]) -> list[PageParagraph]:
    """The paragraphs with footnote numbers running through the document."""
    number = 0
    found = []
    for paragraph in paragraphs:
        runs = tuple(_numbered(paragraph.runs, number))
        number = max((run.note for run in runs if run.note), default=number)
        found.append(PageParagraph(paragraph, runs))
    return found


def _numbered(runs: Sequence[Run], number: int) -> Iterator[NumberedRun]:
    for run in runs:
        number += bool(run.footnote)
        yield NumberedRun(run, number if run.footnote else 0)
