"""The .docx: real footnotes, the page of NĐ 30/2020, and the same bytes each time."""

import io
import zipfile
from xml.etree import ElementTree as ET

import docx
import pytest

from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.word import to_docx
from tests.reports import builder as b

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def report():
    return build_report(b.seed_input())


@pytest.fixture(scope="module")
def content(report):
    return to_docx(report)


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return ET.fromstring(package.read(name))  # noqa: S314 - our own file


def values(tree, tag, attribute):
    return [element.get(W + attribute) for element in tree.iter(W + tag)]


def test_the_footnotes_part_has_as_many_notes_as_the_text_has_references(content, report):
    references = values(part(content, "word/document.xml"), "footnoteReference", "id")
    notes = values(part(content, "word/footnotes.xml"), "footnote", "id")
    assert references == [str(n) for n in range(1, len(list(report.footnotes())) + 1)]
    assert notes == ["-1", "0", *references]


def test_the_footnotes_part_is_declared_and_related(content):
    types = part(content, "[Content_Types].xml")
    declared = {e.get("PartName"): e.get("ContentType") for e in types}
    assert declared["/word/footnotes.xml"].endswith("wordprocessingml.footnotes+xml")
    relations = part(content, "word/_rels/document.xml.rels")
    assert "footnotes.xml" in {e.get("Target") for e in relations}
    assert values(part(content, "word/settings.xml"), "footnote", "id") == ["-1", "0"]


def test_the_page_is_a4_with_the_margins_of_the_decree(content):
    section = part(content, "word/document.xml").find(f"{W}body/{W}sectPr")
    page, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    millimetres = {
        key: round(int(margins.get(W + key)) / 56.7) for key in ("top", "bottom", "left", "right")
    }
    assert (page.get(W + "w"), page.get(W + "h")) == ("11906", "16838")
    assert millimetres == {"top": 20, "bottom": 20, "left": 30, "right": 15}
    assert section.find(f"{W}titlePg") is not None


def test_only_pages_after_the_first_have_a_number(content):
    section = docx.Document(io.BytesIO(content)).sections[0]
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


def test_styles_are_named_and_in_times_new_roman(content):
    styles = docx.Document(io.BytesIO(content)).styles
    body = styles["Body Text"]
    assert (body.font.name, body.font.size.pt) == ("Times New Roman", 14)
    assert round(body.paragraph_format.first_line_indent.cm, 2) == 1.27
    assert body.paragraph_format.space_after.pt == 6
    assert styles["Dòng nơi nhận"].font.size.pt == 11
    assert styles["Nơi nhận"].font.size.pt == 12
    assert {"footnote text", "footnote reference"} <= {style.name for style in styles}
    assert not [style.name for style in styles if "," in style.name]


def test_python_docx_reads_back_every_paragraph(content, report):
    document = docx.Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for paragraph in report.paragraphs:
        assert any(text.endswith(paragraph.text) for text in texts)
    assert document.tables[0].cell(0, 0).text.startswith("UBND TỈNH CAO BẰNG\nSỞ KHOA HỌC")
    assert document.tables[1].cell(0, 1).text.endswith("Đoàn Hải Triều")


def test_the_tables_have_no_borders_and_no_style_that_draws_them(content):
    document = part(content, "word/document.xml")
    assert list(document.iter(f"{W}tblBorders")) == []
    assert list(document.iter(f"{W}tblStyle")) == []


def test_the_same_report_gives_the_same_bytes(report, content):
    assert to_docx(report) == content


def test_the_properties_follow_from_the_report_alone(content):
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert properties.created.date() == b.AS_OF
    assert properties.title.startswith("Kết quả hoạt động khoa học và công nghệ")


def test_a_report_without_notes_is_still_a_document():
    content = to_docx(build_report(b.report_input()))
    assert values(part(content, "word/footnotes.xml"), "footnote", "id") == ["-1", "0"]
