"""A Word template of the Department's own: filled, with real notes, or refused in a sentence."""

import io
import re
from datetime import date

import docx
import pytest
from docx.oxml import parse_xml

from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.word import to_docx
from khcn_workflow.reports.word_template import (
    WordTemplateError,
    check_template,
    starting_template,
)
from khcn_workflow.reports.writer import in_form, write
from tests.reports import builder as b
from tests.reports.test_document_form import styled

AGENCY, TODAY = load_agency(), date(2019, 6, 10)


@pytest.fixture(scope="module")
def report():
    return build_report(b.seed_input())


@pytest.fixture
def template(tmp_path):
    """What a Department begins with; `bao-cao.docx` in its folder."""
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(starting_template(AGENCY, TODAY))
    return path


def changed(path, change):
    """The template as somebody changed it in Word."""
    document = docx.Document(path)
    change(document)
    document.save(path)


def words(document):
    return [p.text for p in document.paragraphs if p.text]


def footnotes(document):
    part = next(p for p in document.part.package.iter_parts() if p.partname.endswith("notes.xml"))
    return [note.get(note.nsmap["w"].join("{}") + "id") for note in parse_xml(part.blob)]


def test_the_layout_that_one_begins_with_gives_the_report_we_give(report, template):
    ours = docx.Document(io.BytesIO(to_docx(report)))
    theirs = docx.Document(io.BytesIO(in_form(report, ".docx", template.parent)))
    assert [w.replace("\n", " ") for w in words(theirs)] == [
        w.replace("\n", " ") for w in words(ours)
    ]
    for place in (0, -1):
        mine, their = ([c.text for c in d.tables[place].rows[0].cells] for d in (ours, theirs))
        assert mine == their
    assert footnotes(theirs) == footnotes(ours)


def test_the_filled_file_fits_the_schemas(report, template, assert_valid_docx):
    changed(template, lambda document: document.add_paragraph("Người soạn: {{ nguoi_ky }}"))
    write(report, template.parent / "ra.docx", template.parent)
    assert_valid_docx(template.parent / "ra.docx")


def test_what_the_department_adds_and_styles_stays(report, template):
    def change(document):
        document.styles["Body Text"].font.size = docx.shared.Pt(13)
        document.sections[0].footer.paragraphs[0].text = "Địa chỉ: {{ co_quan }}"
        document.add_paragraph("Người soạn: {{ nguoi_ky }}")

    changed(template, change)
    document = docx.Document(io.BytesIO(in_form(report, ".docx", template.parent)))
    assert document.styles["Body Text"].font.size.pt == 13
    assert document.sections[0].footer.paragraphs[0].text == "Địa chỉ: SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert words(document)[-1] == "Người soạn: Đoàn Hải Triều"


def test_a_plain_file_of_words_own_gets_our_styles_and_notes(report, tmp_path):
    plain = docx.Document()
    plain.add_heading("{{ ten_loai }}: {{ trich_yeu }}", level=1)
    plain.add_paragraph("{{ noi_dung }}")
    plain.add_paragraph("{%p for dong in noi_nhan %}")
    plain.add_paragraph("{{ dong }}")
    plain.add_paragraph("{%p endfor %}")
    plain.save(tmp_path / "bao-cao.docx")
    document = docx.Document(io.BytesIO(in_form(report, ".docx", tmp_path)))
    assert words(document)[0].startswith("BÁO CÁO: Kết quả hoạt động")
    assert words(document)[-1] == "- Lưu: VT, VP."
    assert styled(document, "Gạch đầu dòng")
    assert len(footnotes(document)) == 2 + len(list(report.footnotes()))


def test_notes_of_the_template_stay_and_ours_come_after(report, template):
    first = in_form(report, ".docx", template.parent)
    own = len(footnotes(docx.Document(io.BytesIO(first)))) - 2
    template.write_bytes(first)
    changed(template, lambda document: document.add_paragraph("{{ noi_dung }}"))
    document = docx.Document(io.BytesIO(in_form(report, ".docx", template.parent)))
    ids = footnotes(document)
    assert ids == [*ids[:2], *map(str, range(1, 2 * own + 1))]
    body = document.element.body.xml
    assert re.findall(r'footnoteReference w:id="(\d+)"', body) == ids[2:]


def test_facts_cannot_be_read_as_a_template(template):
    from dataclasses import replace

    report = build_report(b.seed_input())
    nasty = replace(report, subject="A & B < C {{ 7 * 7 }} {% for %}")
    document = docx.Document(io.BytesIO(in_form(nasty, ".docx", template.parent)))
    assert "A & B < C {{ 7 * 7 }} {% for %}" in words(document)


def test_without_a_template_the_layout_is_ours(report, tmp_path):
    assert in_form(report, ".docx", tmp_path) == to_docx(report)
    assert in_form(report, ".docx", None) == to_docx(report)


def test_the_same_report_gives_the_same_bytes(report, template):
    first = in_form(report, ".docx", template.parent)
    assert in_form(report, ".docx", template.parent) == first


def replaced(old, new):
    def change(document):
        for paragraph in document.paragraphs:
            if old in paragraph.text:
                paragraph.text = paragraph.text.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (replaced("{{ noi_dung }}", ""), r"thiếu một đoạn chỉ có \{\{ noi_dung \}\}"),
        (replaced("{{ noi_dung }}", "Nội dung: {{ noi_dung }}"), "thiếu một đoạn"),
        (replaced("{{ trich_yeu }}", "{{ trichyeu }}"), "'trichyeu' is undefined; các tên"),
        (replaced("{{ trich_yeu }}", "{% if %}"), "sai cú pháp Jinja"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_a_sentence(template, change, named):
    changed(template, change)
    with pytest.raises(WordTemplateError, match=f"Mẫu Word bao-cao.docx chưa dùng được: .*{named}"):
        check_template(template, AGENCY, TODAY)


def test_a_file_that_is_no_word_file_is_refused(tmp_path):
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(b"x")
    with pytest.raises(WordTemplateError, match=r"không mở được như một tệp \.docx"):
        check_template(path, AGENCY, TODAY)


def test_the_template_cannot_reach_into_the_program(template):
    reach = "{{ trich_yeu.__class__.__mro__ }}"
    changed(template, replaced("{{ trich_yeu }}", reach))
    with pytest.raises(WordTemplateError):
        check_template(template, AGENCY, TODAY)
