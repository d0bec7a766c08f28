"""What an officer edits reads back as it was, numbers stay live, and both words are shown."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from khcn_workflow.domain.report_edits import SECTIONS, SectionEdit
from khcn_workflow.reports.document import Role, Run
from khcn_workflow.reports.editing import UnknownFigureError, from_text, to_text, to_words
from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.html import to_html
from khcn_workflow.reports.sections import build_report, generate
from tests.reports import builder as b

AT = datetime(2019, 6, 10, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts():
    return gather(b.seed_input())


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_reads_back_as_it_was(section, facts):
    paragraphs = generate(facts, b.seed_input())[section]
    back = from_text(section, to_text(paragraphs), facts.figures)
    assert to_words(back) == to_words(paragraphs)
    assert to_text(back) == to_text(paragraphs)
    assert [p.role for p in back] == [p.role for p in paragraphs]
    assert [[r.figure for r in p.runs if r.figure] for p in back] == [
        [r.figure for r in p.runs if r.figure] for p in paragraphs
    ]


def test_marks_are_read(facts):
    (item,) = from_text("I.1", r"- Đã ký **{new_contracted}**^[Ghi *chú*.] \*", facts.figures)
    assert item.role is Role.BULLET
    assert item.runs == (
        Run("Đã ký "),
        Run("01", bold=True, figure="new_contracted",
            footnote=(Run("Ghi "), Run("chú", italic=True), Run("."))),
        Run(" *"),
    )  # fmt: skip


def test_marks_that_are_not_closed_lose_nothing(facts):
    (item,) = from_text("I.2", "Một **hai ^[ba", facts.figures)
    assert "Một" in item.text
    assert "hai" in item.text
    assert to_words([item]).count("ba") == 1


def test_a_number_that_is_none_is_refused(facts):
    with pytest.raises(UnknownFigureError, match="«{la}»"):
        from_text("I.2", "Có {la} nhiệm vụ", facts.figures)


def edited(text, over, given=None):
    edit = SectionEdit("I.2", text, over, "cv1", AT)
    return build_report(replace(given or b.seed_input(), edits={"I.2": edit}))


def limitations(report):
    texts = [p.text for p in report.paragraphs]
    return texts[texts.index("2. Tồn tại, hạn chế") + 1 :]


def test_edited_words_stand_in_the_report_and_their_numbers_live(facts):
    over = to_words(generate(facts, b.seed_input())["I.2"])
    report = edited("Có {late_internal} nhiệm vụ chậm.", over)
    assert limitations(report)[0] == "Có 07 nhiệm vụ chậm."
    (applied,) = report.edits
    assert not applied.is_stale
    fewer = replace(b.seed_input(), dossiers=tuple(b.seed_dossiers()[:-6]))
    later = edited("Có {late_internal} nhiệm vụ chậm.", over, given=fewer)
    assert limitations(later)[0] == limitations(report)[0]


def test_when_the_generated_words_changed_both_are_shown():
    report = edited("Lời của chuyên viên.", "Lời tự sinh hôm qua.")
    (applied,) = report.edits
    assert applied.is_stale
    page = to_html(report)
    for words in ("Lời của chuyên viên.", "Lời tự sinh hôm qua.", "đã đổi từ khi sửa"):
        assert words in page
    assert "cv1 sửa lúc 09:00 10/06/2019" in page
    assert applied.generated.partition("\n")[0] in page.replace("&amp;", "&")


def test_empty_words_take_an_edit_back():
    assert edited("", "Lời cũ").edits == ()
    assert limitations(edited("", "Lời cũ"))[0].startswith("Việc tổ chức thẩm định")
