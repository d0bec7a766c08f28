"""Mô hình văn bản: a report as paragraphs and runs, before any file format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from khcn_workflow.domain.report_edits import SectionEdit
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.limitations import LateStep
from khcn_workflow.reports.period import Period


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look.

    Attributes:
        footnote: What stands at the foot of the page; empty without a note.
        figure: Id of the figure this text prints; empty for other text.
    """

    text: str
    bold: bool = False
    italic: bool = False
    footnote: tuple["Run", ...] = ()
    figure: str = ""


class Role(StrEnum):
    """What a paragraph is, so that each writer can dress it.

    BASIS (căn cứ), AUTHORITY (who decides, QUYẾT ĐỊNH) and NOTE stand in other papers only.
    """

    BODY = "body"
    PART = "part"
    SECTION = "section"
    BULLET = "bullet"
    NUMBERED = "numbered"
    CLOSING = "closing"
    BASIS = "basis"
    AUTHORITY = "authority"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; headings are paragraphs of role PART and SECTION.

    Attributes:
        number: The number of a numbered item ("3"), else empty.
    """

    runs: tuple[Run, ...]
    role: Role = Role.BODY
    number: str = ""

    @property
    def text(self) -> str:
        """The words alone, without footnotes."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of an administrative document (NĐ 30/2020/NĐ-CP Phụ lục I)."""

    parent: str
    name: str
    number: str
    place_and_date: str
    country: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, in the lines above the name and the name."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class AppliedEdit:
    """An edit that stands in a report, beside the words it stands for.

    Attributes:
        generated: The section as it is generated now, in words.
    """

    edit: SectionEdit
    generated: str

    @property
    def is_stale(self) -> bool:
        """Whether the generated words changed since the edit was written over them."""
        return self.edit.over != self.generated


@dataclass(frozen=True, slots=True)
class Compared:
    """A number beside that of the year before.

    Attributes:
        figure: Id of the number.
        before: As the earlier report prints it.
        change: How much more it is now.
    """

    figure: str
    before: str
    change: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same period of the year before.

    Attributes:
        as_of: The day the earlier numbers stand for.
        is_empty: Nothing of that time stands in the ledger, so that zeros mean nothing.
    """

    period: Period
    as_of: date
    rows: tuple[Compared, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: its text, and the figures and late steps the text rests on.

    Attributes:
        kind: Tên loại ("BÁO CÁO").
        subject: Trích yếu.
        recipients: Lines of "Nơi nhận" without end marks.
        rows: What each code behind a figure is called.
        comparison: The same period of the year before, where it was asked for.
        edits: Sections that an officer worded, beside what is generated for them.
        details: What else tells the row apart: level, plan, stage, day, paper.
    """

    letterhead: Letterhead
    kind: str
    subject: str
    paragraphs: tuple[Paragraph, ...]
    recipients: tuple[str, ...]
    signature: Signature
    period: Period
    as_of: date
    figures: Mapping[str, Figure]
    late: tuple[LateStep, ...]
    rows: Mapping[str, str]
    details: Mapping[str, str]
    edits: tuple[AppliedEdit, ...] = ()
    comparison: Comparison | None = None

    def footnotes(self) -> Iterator[tuple[Run, ...]]:
        """The notes in the order of their references; the first one is number 1."""
        for paragraph in self.paragraphs:
            for run in paragraph.runs:
                if run.footnote:
                    yield run.footnote

    def recipient_lines(self) -> Iterator[str]:
        """The lines with dash and mark ("- VP UBND tỉnh;"), the last one with a full stop."""
        for place, recipient in enumerate(self.recipients, start=1):
            yield f"- {recipient}{'.' if place == len(self.recipients) else ';'}"
