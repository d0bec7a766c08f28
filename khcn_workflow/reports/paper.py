"""Văn bản hành chính: the blocks that a report and every other paper of the office share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from khcn_workflow.reports.document import Letterhead, Paragraph, Report, Run, Signature


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside the text.

    Attributes:
        widths: Of the columns, in mm.
    """

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """One administrative document (NĐ 30/2020/NĐ-CP Phụ lục I).

    Attributes:
        kind: Tên loại ("BÁO CÁO"); empty for an official letter (công văn).
        subject: Trích yếu; of a letter the words after its number ("V/v …").
        addressees: Whom "Kính gửi" names; empty for a paper that is sent to nobody.
        recipients: Lines of "Nơi nhận" without end marks.
        dated: The day its properties name; what is printed stands in the letterhead.
    """

    letterhead: Letterhead
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signature: Signature
    dated: date
    addressees: tuple[str, ...] = ()

    def footnotes(self) -> Iterator[tuple[Run, ...]]:
        """The notes in the order of their references; the first one is number 1."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from (run.footnote for run in block.runs if run.footnote)

    def recipient_lines(self) -> Iterator[str]:
        """The lines with dash and mark ("- VP UBND tỉnh;"), the last one with a full stop."""
        yield from with_dashes(self.recipients)


def with_dashes(lines: Sequence[str]) -> Iterator[str]:
    """A list as an office writes it: a dash before each line, the last with a full stop."""
    for place, line in enumerate(lines, start=1):
        yield f"- {line}{'.' if place == len(lines) else ';'}"


def report_as_paper(report: Report) -> Paper:
    """The report as the document that is signed and sent."""
    return Paper(
        letterhead=report.letterhead,
        kind=report.kind,
        subject=report.subject,
        blocks=report.paragraphs,
        recipients=report.recipients,
        signature=report.signature,
        dated=report.as_of,
    )
