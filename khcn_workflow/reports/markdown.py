"""Tệp Markdown: a paper as plain text with footnotes, for reading and comparing."""

import re
from collections.abc import Iterable, Iterator

from khcn_workflow.reports.document import Paragraph, Report, Role, Run
from khcn_workflow.reports.paper import Grid, Paper, report_as_paper

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def to_markdown(report: Report) -> str:
    """The whole text; footnotes are `[^1]`."""
    return paper_to_markdown(report_as_paper(report))


def paper_to_markdown(paper: Paper) -> str:
    """As `to_markdown`, of any paper."""
    return "\n".join([*_head(paper), *_body(paper), *_foot(paper), *_notes(paper)])


def _head(paper: Paper) -> Iterator[str]:
    head = paper.letterhead
    yield f"{head.parent}  \n**{head.name}**  \n{head.number}\n"
    yield f"**{head.country}**  \n**{head.motto}**  \n*{head.place_and_date}*\n"
    yield f"{f'# {paper.kind}' if paper.kind else ''}\n\n**{_escaped(paper.subject)}**\n"
    if paper.addressees:
        yield f"Kính gửi: {_escaped('; '.join(paper.addressees))}\n"


def _body(paper: Paper) -> Iterator[str]:
    number = 0
    for paragraph in paper.blocks:
        if isinstance(paragraph, Grid):
            yield _table(paragraph)
            continue
        text = _lead(paragraph)
        for stretch in _stretches(paragraph.runs):
            text += _marked(stretch)
            if stretch[-1].footnote:
                number += 1
                text += f"[^{number}]"
        yield f"{text}\n"


def _table(grid: Grid) -> str:
    rows = (grid.columns, ("---",) * len(grid.columns), *grid.rows)
    return "\n".join(f"| {' | '.join(map(_escaped, row))} |" for row in rows) + "\n"


def _lead(paragraph: Paragraph) -> str:
    return {
        Role.PART: "## ",
        Role.SECTION: "### ",
        Role.BULLET: "- ",
        Role.NUMBERED: f"{paragraph.number}. ",
    }.get(paragraph.role, "")


def _foot(paper: Paper) -> Iterator[str]:
    yield "***Nơi nhận:***\n"
    yield "\n".join(paper.recipient_lines()) + "\n"
    lines = [f"**{line}**" for line in (*paper.signature.lines, paper.signature.name)]
    yield "  \n".join(lines) + "\n"


def _notes(paper: Paper) -> Iterator[str]:
    for number, runs in enumerate(paper.footnotes(), start=1):
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
