"""Bố cục báo cáo: facts become the whole document, section by section."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.activity_sentences import legal_documents, other_work
from khcn_workflow.reports.composing import capitalised, compose, joined
from khcn_workflow.reports.document import (
    Letterhead,
    Paragraph,
    Report,
    Role,
    Run,
    Signature,
)
from khcn_workflow.reports.facts import Facts, gather
from khcn_workflow.reports.limitation_sentences import limitation_paragraphs
from khcn_workflow.reports.next_sentences import next_items
from khcn_workflow.reports.phrases import long_day, paper, without
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.row_words import row_details, row_names
from khcn_workflow.reports.science_sentences import science_clauses
from khcn_workflow.reports.standing_sentences import events, organisation, works

Clause = tuple[Run, ...]


def build_report(report_input: ReportInput) -> Report:
    """The report of a period as of a day.

    Raises:
        InvariantError: Two numbers contradict each other; nothing is written.
    """
    facts = gather(report_input)
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
        paragraphs=tuple(_paragraphs(facts, report_input)),
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
    )


def _paragraphs(facts: Facts, report_input: ReportInput) -> Iterator[Paragraph]:
    period = report_input.period
    yield Paragraph(_opening(facts, report_input))
    yield _heading(Role.PART, f"I. KẾT QUẢ HOẠT ĐỘNG KH&CN ĐẠT ĐƯỢC TRONG {period.label.upper()}")
    yield _heading(Role.SECTION, "1. Kết quả đạt được")
    yield from _results(facts, report_input)
    yield _heading(Role.SECTION, "2. Tồn tại, hạn chế")
    for runs in limitation_paragraphs(facts, report_input):
        yield Paragraph(runs)
    yield from _next(facts, report_input)
    subject = _subject(report_input)
    name = report_input.agency.name
    yield Paragraph(compose(f"Trên đây là Báo cáo {subject} của {name}./."), Role.CLOSING)


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
    if not items:
        return
    label = report_input.period.next_label.upper()
    yield _heading(Role.PART, f"II. NHIỆM VỤ KH&CN TRỌNG TÂM {label}")
    for number, runs in enumerate(items, start=1):
        end = "." if number == len(items) else ";"
        yield Paragraph((*runs, Run(end)), Role.NUMBERED, str(number))


def _heading(role: Role, text: str) -> Paragraph:
    return Paragraph((Run(text),), role)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
