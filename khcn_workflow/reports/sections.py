"""Bố cục báo cáo: facts become the whole document, section by section."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.activity_sentences import legal_documents, other_work
from khcn_workflow.reports.comparison import compare
from khcn_workflow.reports.composing import capitalised, compose, joined, listed
from khcn_workflow.reports.document import (
    AppliedEdit,
    Letterhead,
    Paragraph,
    Report,
    Role,
    Run,
    Signature,
)
from khcn_workflow.reports.editing import edited, to_words
from khcn_workflow.reports.facts import Facts, gather
from khcn_workflow.reports.limitation_sentences import limitation_paragraphs
from khcn_workflow.reports.next_sentences import check_next, next_items
from khcn_workflow.reports.period import Period
from khcn_workflow.reports.phrases import long_day, paper, without
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.row_words import row_details, row_names
from khcn_workflow.reports.science_sentences import science_clauses
from khcn_workflow.reports.standing_sentences import events, organisation, works
from khcn_workflow.reports.vocabulary import side_by_side

Clause = tuple[Run, ...]


def build_report(report_input: ReportInput, before: ReportInput | None = None) -> Report:
    """The report of a period as of a day.

    Args:
        before: The same period of the year before, to be put beside it.

    Raises:
        InvariantError: Two numbers contradict each other; nothing is written.
    """
    facts = gather(report_input)
    check_next(facts, report_input)
    generated = generate(facts, report_input)
    agency = report_input.agency
    return Report(
        letterhead=Letterhead(
            parent=agency.parent.upper(),
            name=agency.name.upper(),
            number=f"Số:         /{agency.report_symbol}",
            place_and_date=f"{agency.place}, ngày {long_day(report_input.as_of)}",
        ),
        kind="BÁO CÁO",
        subject=_upper_first(_subject(report_input)),
        paragraphs=tuple(_paragraphs(facts, report_input, generated)),
        recipients=agency.recipients,
        signature=Signature(
            tuple(filter(None, (agency.signer_prefix, agency.signer_title))), agency.signer_name
        ),
        period=report_input.period,
        as_of=report_input.as_of,
        figures=facts.figures,
        late=facts.late.steps,
        rows=row_names(facts, report_input),
        details=row_details(facts, report_input),
        edits=tuple(
            AppliedEdit(edit, to_words(generated[key]))
            for key, edit in report_input.edits.items()
            if edit.text
        ),
        comparison=compare(facts, before) if before else None,
    )


def generate(facts: Facts, report_input: ReportInput) -> dict[str, list[Paragraph]]:
    """Each section's paragraphs as the facts word them, before anybody edits them."""
    subject, name = _subject(report_input), report_input.agency.name
    closing = compose(f"Trên đây là Báo cáo {subject} của {name}./.")
    return {
        "mo-dau": [Paragraph(_opening(facts, report_input))],
        "I.1": list(_results(facts, report_input)),
        "I.2": [Paragraph(runs) for runs in limitation_paragraphs(facts, report_input)],
        "II": list(_next(facts, report_input)),
        "ket": [Paragraph(closing, Role.CLOSING)],
    }


def _paragraphs(
    facts: Facts, report_input: ReportInput, generated: Mapping[str, Sequence[Paragraph]]
) -> Iterator[Paragraph]:
    for section, paragraphs in generated.items():
        worded = list(edited(section, paragraphs, report_input.edits, facts.figures))
        if worded:
            yield from _headings(section, report_input.period)
            yield from worded


def _headings(section: str, period: Period) -> Iterator[Paragraph]:
    match section:
        case "I.1":
            part = f"I. KẾT QUẢ HOẠT ĐỘNG KH&CN ĐẠT ĐƯỢC TRONG {period.label.upper()}"
            yield _heading(Role.PART, part)
            yield _heading(Role.SECTION, "1. Kết quả đạt được")
        case "I.2":
            yield _heading(Role.SECTION, "2. Tồn tại, hạn chế")
        case "II":
            part = f"II. NHIỆM VỤ KH&CN TRỌNG TÂM {period.next_label.upper()}"
            yield _heading(Role.PART, part)


def _subject(report_input: ReportInput) -> str:
    period = report_input.period
    return (
        f"kết quả hoạt động khoa học và công nghệ {period.label} "
        f"và nhiệm vụ công tác trọng tâm {period.next_label}"
    )


def _opening(facts: Facts, report_input: ReportInput) -> Clause:
    period, agency = report_input.period, report_input.agency
    letters = [a for a in facts.of_kind("van-ban-den") if a.document.number]
    letter = max(letters, key=_sent_on, default=None)
    request = ""
    if letter is not None:
        about = without(letter.title, "Về việc", "V/v")
        about = about[:1].lower() + about[1:]
        request = f"Thực hiện {paper(letter.document, long_date=True)} về việc {about}, "
    return compose(
        "{request}{name} ({field}) báo cáo kết quả hoạt động {field} {label} và nhiệm vụ công tác "
        "trọng tâm {next_label} như sau:",
        {
            "request": request,
            "name": agency.name,
            "field": agency.field,
            "label": period.label,
            "next_label": period.next_label,
        },
    )


def _sent_on(letter: Activity) -> date:
    return letter.document.on or letter.on or date.min


def _results(facts: Facts, report_input: ReportInput) -> Iterator[Paragraph]:
    sources: tuple[Callable[[], Iterable[Clause]], ...] = (
        lambda: legal_documents(facts, report_input),
        lambda: science_clauses(facts, report_input.period),
        lambda: other_work(facts, report_input),
        lambda: works(facts, report_input),
        lambda: events(facts, report_input),
        lambda: organisation(facts, report_input),
    )
    bullets = [clauses for source in sources if (clauses := list(source()))]
    yield Paragraph(compose(_lead(report_input, has_results=bool(bullets))))
    for clauses in bullets:
        end = "." if clauses is bullets[-1] else ";"
        yield Paragraph(capitalised(joined(clauses, "; ", end)), Role.BULLET)
    if facts.laws[1:]:
        yield Paragraph(_laws(facts))


def _laws(facts: Facts) -> Clause:
    """The words of the laws side by side, where tasks of both are counted together."""
    counts = listed(f"{{{law.figure}}} nhiệm vụ theo {law.title}" for law in facts.laws)
    words = "; ".join(" / ".join(_lower_first(w) for w in ws) for _, ws in side_by_side(facts.laws))
    order = " / ".join(law.title for law in facts.laws)
    return compose(
        f"Các số liệu trên gồm {counts}. Tên gọi các giai đoạn theo từng luật ({order}): {words}.",
        facts.figures,
    )


def _lead(report_input: ReportInput, *, has_results: bool) -> str:
    period, agency = report_input.period, report_input.agency
    from_new_year = period.first < period.new_year
    since = f"Ngay từ đầu năm {period.year}" if from_new_year else f"Trong {period.label}"
    how = "đã" if from_new_year else "tiếp tục"
    end = ", kết quả đạt được cụ thể như sau:" if has_results else "."
    return (
        f"{since}, {agency.short_name} {how} tập trung chỉ đạo, triển khai thực hiện các nhiệm vụ, "
        f"hoạt động {agency.field} năm {period.year} và phấn đấu hoàn thành cơ bản các nhiệm vụ "
        f"được {agency.parent_short} giao theo Chương trình công tác hàng tháng, hàng quý của "
        f"{agency.parent_short}{end}"
    )


def _next(facts: Facts, report_input: ReportInput) -> Iterator[Paragraph]:
    items = list(next_items(facts, report_input))
    for number, runs in enumerate(items, start=1):
        end = "." if number == len(items) else ";"
        yield Paragraph((*runs, Run(end)), Role.NUMBERED, str(number))


def _heading(role: Role, text: str) -> Paragraph:
    return Paragraph((Run(text),), role)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
