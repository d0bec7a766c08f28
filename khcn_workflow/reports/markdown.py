"""Tệp Markdown: a report as plain text with footnotes, for reading and comparing."""

import re
from collections.abc import Iterable, Iterator

from khcn_workflow.reports.document import Paragraph, Report, Role, Run

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def to_markdown(report: Report) -> str:
    """The whole text; footnotes are `[^1]`."""
    return "\n".join([*_head(report), *_body(report), *_foot(report), *_notes(report)])


def _head(report: Report) -> Iterator[str]:
    head = report.letterhead
    yield f"{head.parent}  \n**{head.name}**  \n{head.number}\n"
    yield f"**{head.country}**  \n**{head.motto}**  \n*{head.place_and_date}*\n"
    yield f"# {report.kind}\n\n**{_escaped(report.subject)}**\n"


def _body(report: Report) -> Iterator[str]:
    number = 0
    for paragraph in report.paragraphs:
        text = _lead(paragraph)
        for stretch in _stretches(paragraph.runs):
            text += _marked(stretch)
            if stretch[-1].footnote:
                number += 1
                text += f"[^{number}]"
        yield f"{text}\n"


def _lead(paragraph: Paragraph) -> str:
    return {
        Role.PART: "## ",
        Role.SECTION: "### ",
        Role.BULLET: "- ",
        Role.NUMBERED: f"{paragraph.number}. ",
    }.get(paragraph.role, "")


def _foot(report: Report) -> Iterator[str]:
    yield "***Nơi nhận:***\n"
    yield "\n".join(report.recipient_lines()) + "\n"
    lines = [f"**{line}**" for line in (*report.signature.lines, report.signature.name)]
    yield "  \n".join(lines) + "\n"


def _notes(report: Report) -> Iterator[str]:
    for number, runs in enumerate(report.footnotes(), start=1):
        yield f"[^{number}]: {_text(runs)}"
    yield ""


def _text(runs: Iterable[Run]) -> str:
    return "".join(map(_marked, _stretches(runs)))


def _stretches(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Neighbours of one look together, so that no mark closes and opens at one place."""
    stretch: list[Run] = []
    for run in runs:
        if stretch and (stretch[-1].footnote or _mark(stretch[-1]) != _mark(run)):
            yield stretch
            stretch = []
        stretch.append(run)
    if stretch:
        yield stretch


def _marked(stretch: list[Run]) -> str:
    mark = _mark(stretch[0])
    return f"{mark}{_escaped(''.join(run.text for run in stretch))}{mark}"


def _mark(run: Run) -> str:
    return "*" * (2 * run.bold + run.italic)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
