"""Sửa lời báo cáo: paragraphs as text that an officer edits, and back.

One paragraph a line. `{id}` stands for a number, which stays live; `**bold**`, `*italics*`,
`^[footnote]`; a line that begins with `- ` or `1. ` is an item. A backslash takes a mark's meaning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.report_edits import SECTIONS, SectionEdit
from khcn_workflow.reports.document import Paragraph, Role, Run
from khcn_workflow.reports.figures import Figure

_TOKEN = re.compile(
    r"\\(?P<literal>.)|(?P<bold>\*\*)|(?P<italic>\*)|\{(?P<figure>\w+)\}"
    r"|(?P<note>\^\[)|(?P<end>\])"
)
_SPECIAL = re.compile(r"([\\*{}\[\]^])")
_NUMBERED = re.compile(r"(\d+)\. +")
_BULLET = "- "


class UnknownFigureError(KhcnError):
    """Edited words name a number that the report does not have."""

    def __init__(self, section: str, figure: str) -> None:
        self.section, self.figure = section, figure
        super().__init__(
            f"Mục {section} đã sửa nhắc tới con số «{{{figure}}}» mà báo cáo không có; xem mã bằng "
            "khcn report KỲ --number all, hoặc sửa lại bằng khcn edit-report."
        )


class UnknownSectionError(KhcnError):
    """A section was named that a report does not have."""

    def __init__(self, section: str) -> None:
        self.section = section
        known = "; ".join(f"{key} ({title})" for key, title in SECTIONS.items())
        super().__init__(f"Báo cáo không có mục «{section}». Các mục: {known}.")


def to_text(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as text to edit, numbers as `{id}`."""
    return "\n".join(_lead(p) + _marked(p.runs) for p in paragraphs)


def to_words(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as they read, numbers and footnotes in full: what an edit is compared by."""
    return "\n".join(_lead(p) + "".join(map(_read, p.runs)) for p in paragraphs)


def from_text(section: str, text: str, figures: Mapping[str, Figure]) -> list[Paragraph]:
    """The paragraphs that an officer wrote.

    Raises:
        UnknownFigureError: A `{id}` names no number of the report.
    """
    plain = Role.CLOSING if section == "ket" else Role.BODY
    return [_paragraph(section, line.strip(), figures, plain) for line in text.split("\n")
            if line.strip()]  # fmt: skip


def _lead(paragraph: Paragraph) -> str:
    if paragraph.role is Role.BULLET:
        return _BULLET
    return f"{paragraph.number}. " if paragraph.number else ""


def _marked(runs: Iterable[Run]) -> str:
    """Runs with a mark wherever the look changes."""
    text, bold, italic = "", False, False
    for run in (*runs, Run("")):
        text += "**" * (run.bold is not bold) + "*" * (run.italic is not italic)
        bold, italic = run.bold, run.italic
        text += f"{{{run.figure}}}" if run.figure else _SPECIAL.sub(r"\\\1", run.text)
        text += f"^[{_marked(run.footnote)}]" if run.footnote else ""
    return text


def _read(run: Run) -> str:
    note = f" ({''.join(part.text for part in run.footnote)})" if run.footnote else ""
    return run.text + note


def _paragraph(section: str, line: str, figures: Mapping[str, Figure], plain: Role) -> Paragraph:
    numbered = _NUMBERED.match(line)
    lead = numbered[0] if numbered else _BULLET if line.startswith(_BULLET) else ""
    role = Role.NUMBERED if numbered else Role.BULLET if lead else plain
    runs = _Reading(section, line[len(lead) :], figures).runs()
    return Paragraph(_together(runs), role, numbered[1] if numbered else "")


class _Reading:
    """One line being read; the place is kept between a note and the words around it."""

    def __init__(self, section: str, line: str, figures: Mapping[str, Figure]) -> None:
        self._section, self._line, self._figures = section, line, figures
        self._place = 0

    def runs(self, *, in_note: bool = False) -> list[Run]:
        found: list[Run] = []
        look = Run("")
        while token := _TOKEN.search(self._line, self._place):
            self._take(found, self._line[self._place : token.start()], look)
            self._place = token.end()
            if token["end"] and in_note:
                return found
            if token["bold"]:
                look = replace(look, bold=not look.bold)
            elif token["italic"]:
                look = replace(look, italic=not look.italic)
            elif token["figure"]:
                found.append(replace(look, text=self._figure(token["figure"]).text,
                                     figure=token["figure"]))  # fmt: skip
            elif token["note"]:
                self._hang(found, self.runs(in_note=True))
            else:
                self._take(found, token["literal"] or token[0], look)
        self._take(found, self._line[self._place :], look)
        self._place = len(self._line)
        return found

    def _figure(self, figure_id: str) -> Figure:
        if figure_id not in self._figures:
            raise UnknownFigureError(self._section, figure_id)
        return self._figures[figure_id]

    @staticmethod
    def _take(found: list[Run], text: str, look: Run) -> None:
        if text:
            found.append(replace(look, text=text))

    @staticmethod
    def _hang(found: list[Run], note: Sequence[Run]) -> None:
        if found and note:
            found[-1] = replace(found[-1], footnote=_together(note))


def _together(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one look as one run."""
    found: list[Run] = []
    for run in runs:
        if (
            found
            and not (found[-1].footnote or found[-1].figure or run.figure)
            and ((found[-1].bold, found[-1].italic) == (run.bold, run.italic))
        ):
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def edited(
    section: str,
    generated: Sequence[Paragraph],
    edits: Mapping[str, SectionEdit],
    figures: Mapping[str, Figure],
) -> Iterator[Paragraph]:
    """The section's paragraphs: the officer's where there are some, else the generated ones."""
    edit = edits.get(section)
    if edit is None or not edit.text:
        yield from generated
    else:
        yield from from_text(section, edit.text, figures)
