"""Sửa lời báo cáo: an officer's words beside the generated ones, kept as facts of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.report_edits import SECTIONS, subject_of
from khcn_workflow.reporting import gather
from khcn_workflow.reports.document import AppliedEdit
from khcn_workflow.reports.editing import UnknownSectionError, from_text, to_text, to_words
from khcn_workflow.reports.facts import gather as facts_of
from khcn_workflow.reports.sections import generate
from khcn_workflow.signing import FREEZERS, signed_by_office


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A section as it is generated now, and as it was worded by an officer, if it was.

    Attributes:
        text: To begin an edit from: the officer's, else the generated words, with marks.
    """

    section: str
    title: str
    text: str
    generated: str
    applied: AppliedEdit | None


def section_words(
    context: Context, period_id: str, section: str = "", as_of: date | None = None
) -> Sequence[SectionWords]:
    """The sections of a report, or one of them.

    Raises:
        UnknownSectionError: There is no such section.
        KhcnError: As `reporting.build`.
    """
    if section and section not in SECTIONS:
        raise UnknownSectionError(section)
    report_input = gather(context, period_id, as_of)
    generated = generate(facts_of(report_input), report_input)
    return [
        SectionWords(
            section=key,
            title=SECTIONS[key],
            text=applied.edit.text if applied else to_text(paragraphs),
            generated=to_words(paragraphs),
            applied=applied,
        )
        for key, paragraphs in generated.items()
        if section in ("", key)
        for edit in [report_input.edits.get(key)]
        for applied in [AppliedEdit(edit, to_words(paragraphs)) if edit and edit.text else None]
    ]


def edit_section(
    context: Context,
    period_id: str,
    section: str,
    text: str,
    as_of: date | None = None,
    by: str = "",
) -> None:
    """Put words in the place of a section, over what is generated now; empty ones take them back.

    Raises:
        UnknownSectionError: There is no such section.
        UnknownFigureError: The words name a number that the report does not have.
        AuthorityError: The sentence says who may.
        KhcnError: As `reporting.build`.
    """
    if section not in SECTIONS:
        raise UnknownSectionError(section)
    report_input = gather(context, period_id, as_of)
    facts = facts_of(report_input)
    lines = [vietnamese.nfc(line) for line in text.splitlines()]
    words = "\n".join(line for line in lines if line)
    from_text(section, words, facts.figures)
    over = to_words(generate(facts, report_input)[section])
    period = report_input.period.name
    data = {"section": section, "text": words, "over": over}
    fact = Fact(EntryKind.EDITED, subject_of(period), context.today, by, data=data)
    fact = signed_by_office(context, fact, f"sửa lời báo cáo {period}", FREEZERS)
    context.work.append(fact, context.now)
