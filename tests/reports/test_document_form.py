"""The .docx against NĐ 30/2020/NĐ-CP Phụ lục I, line by line as docs/document-form.md has it."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from khcn_workflow.reports.document import Letterhead, Paragraph, Role, Run, Signature
from khcn_workflow.reports.paper import Grid, Paper, report_as_paper
from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.type_width import balanced, width_mm
from khcn_workflow.reports.word import paper_to_docx
from khcn_workflow.reports.word_footnotes import pieces
from tests.reports import builder as b

TABLE = Path(__file__).parents[2] / "docs" / "document-form.md"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
EMU_OF_MM = 36000


def a_letter(**given):
    """An official letter with everything a paper may hold."""
    blocks = (
        Paragraph((Run("Căn cứ hợp đồng;"),), Role.BASIS),
        Paragraph((Run("GIÁM ĐỐC"),), Role.AUTHORITY),
        Paragraph((Run("Lời"), Run(" có chú thích", footnote=(Run("Chú thích"),)))),
        Grid(("TT", "Việc"), (15, 150), (("1", "Nộp hồ sơ"), ("2", "Báo cáo"))),
        Paragraph((Run("Ghi chú"),), Role.NOTE),
    )
    head = Letterhead("UBND TỈNH X", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số:    /SKHCN-QLKH", "X, ngày")
    signed = Signature(("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG QUẢN LÝ KHOA HỌC"), "Nguyễn Văn A")
    letter = Paper(head, "", "V/v đôn đốc", blocks, ("Như trên", "Lưu: VT, QLKH"), signed,
                   date(2026, 6, 10), ("Trung tâm A",))  # fmt: skip
    return replace(letter, **given)


PAPERS = {
    "report": report_as_paper(build_report(b.seed_input())),
    "letter": a_letter(),
    "two addressees": a_letter(addressees=("Trung tâm A", "Viện B")),
    "long title": a_letter(kind="THÔNG BÁO", subject="Kiểm tra định kỳ " * 20),
}


@pytest.fixture(scope="module", params=PAPERS)
def paper(request):
    return PAPERS[request.param]


@pytest.fixture(scope="module")
def content(paper):
    return paper_to_docx(paper)


@pytest.fixture(scope="module")
def report():
    return opened(PAPERS["report"])


@pytest.fixture(scope="module")
def letter():
    return opened(PAPERS["letter"])


def opened(paper):
    return docx.Document(io.BytesIO(paper_to_docx(paper)))


def styled(document, name):
    """The paragraphs of a style, also those inside tables."""
    body = document.element.body
    found = [docx.text.paragraph.Paragraph(p, document) for p in body.iter(f"{W}p")]
    return [paragraph for paragraph in found if paragraph.style.name == name]


def look(document, name):
    """Size in points, bold, italic and alignment of a style."""
    style = document.styles[name]
    align = style.paragraph_format.alignment
    return style.font.size.pt, bool(style.font.bold), bool(style.font.italic), align.name


def rule_mm(paragraph):
    """Where a rule is drawn and how long: its column's width less the two sides."""
    cell = paragraph._p.getparent()
    width = cell.find(f"{W}tcPr/{W}tcW") if cell.tag == f"{W}tc" else None
    room = int(width.get(W + "w")) / 56.7 if width is not None else 165
    layout = paragraph.paragraph_format
    assert paragraph._p.find(f"{W}pPr/{W}pBdr/{W}bottom").get(W + "val") == "single"
    return room - (layout.left_indent + layout.right_indent) / EMU_OF_MM


def rules(document):
    return [p for p in styled(document, "Đường kẻ") if p._p.find(f"{W}pPr/{W}pBdr") is not None]


def test_the_paper_is_a4_upright(report):
    page = report.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == (pytest.approx(210, abs=0.1),
                                                         pytest.approx(297, abs=0.1))  # fmt: skip
    assert page.orientation.name == "PORTRAIT"


def test_the_margins_lie_within_the_decree(report):
    page = report.sections[0]
    assert 20 <= round(page.top_margin.mm) <= 25
    assert 20 <= round(page.bottom_margin.mm) <= 25
    assert 30 <= round(page.left_margin.mm) <= 35
    assert 15 <= round(page.right_margin.mm) <= 20


def test_every_style_is_black_times_new_roman(report):
    for style in report.styles:
        if style.type.name != "PARAGRAPH":
            continue
        fonts = style.element.rPr.find(f"{W}rFonts")
        assert {fonts.get(W + slot) for slot in ("ascii", "hAnsi", "eastAsia", "cs")} == {
            "Times New Roman"
        }, style.name
        assert str(style.font.color.rgb) == "000000"


def test_the_number_stands_in_the_middle_of_the_top_margin_from_page_two(report):
    section = report.sections[0]
    assert section.different_first_page_header_footer
    field = section.header._element.find(f".//{W}fldSimple")
    assert field.get(W + "instr").split() == ["PAGE"]
    assert "PAGE" not in section.first_page_header._element.xml
    assert look(report, "Header") == (13, False, False, "CENTER")
    assert section.header_distance < section.top_margin
    assert section._sectPr.find(f"{W}pgNumType") is None  # counted from 1, in Arabic numerals


def test_the_countrys_name_and_motto(report):
    assert look(report, "Quốc hiệu") == (12, True, False, "CENTER")
    assert look(report, "Tiêu ngữ") == (13, True, False, "CENTER")
    right = report.tables[0].cell(0, 1).text.splitlines()
    assert right[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def test_the_rule_under_the_motto_is_as_long_as_the_motto(report):
    motto = width_mm("Độc lập - Tự do - Hạnh phúc", 13)
    assert rule_mm(rules(report)[1]) == pytest.approx(motto, abs=1)


def test_the_agencies_stand_above_each_other(report):
    assert look(report, "Cơ quan chủ quản") == (12, False, False, "CENTER")
    assert look(report, "Cơ quan ban hành") == (12, True, False, "CENTER")
    left = report.tables[0].cell(0, 0).text.splitlines()
    assert left[:2] == ["UBND TỈNH CAO BẰNG", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"]


@pytest.mark.parametrize(
    "name", ["SỞ KHOA HỌC VÀ CÔNG NGHỆ", "BAN QUẢN LÝ KHU CÔNG NGHỆ CAO", "SỞ"]
)
def test_the_rule_under_the_agency_is_a_third_to_a_half_of_its_name(name):
    head = Letterhead("UBND TỈNH X", name, "Số:", "X")
    document = opened(a_letter(letterhead=head))
    text = min(width_mm(name, 12), 73)
    assert text / 3 <= rule_mm(rules(document)[0]) <= text / 2


def test_the_number_and_symbol(report, letter):
    assert look(report, "Số và ký hiệu") == (13, False, False, "CENTER")
    (number,) = styled(report, "Số và ký hiệu")
    assert re.fullmatch(r"Số: +/BC-SKHCN", number.text)
    (number,) = styled(letter, "Số và ký hiệu")
    assert re.fullmatch(r"Số: +/SKHCN-QLKH", number.text)


def test_the_place_and_the_day(report):
    assert look(report, "Địa danh và ngày tháng") == (13, False, True, "CENTER")
    (place,) = styled(report, "Địa danh và ngày tháng")
    assert place.text == "Cao Bằng, ngày 10 tháng 6 năm 2019"


def test_the_kind_and_the_subject(report):
    assert look(report, "Tên loại văn bản") == (14, True, False, "CENTER")
    assert look(report, "Trích yếu") == (14, True, False, "CENTER")
    (kind,) = styled(report, "Tên loại văn bản")
    assert kind.text == "BÁO CÁO"


def test_the_rule_under_the_subject_is_a_third_to_a_half_of_its_line(report):
    (subject,) = styled(report, "Trích yếu")
    longest = max(width_mm(line, 14) for line in subject.text.splitlines())
    assert longest / 3 <= rule_mm(rules(report)[2]) <= longest / 2


def test_a_letter_says_what_it_is_about_under_its_number(letter):
    assert look(letter, "Trích yếu công văn") == (12, False, False, "CENTER")
    assert letter.tables[0].cell(0, 0).text.splitlines()[-1] == "V/v đôn đốc"
    assert styled(letter, "Tên loại văn bản") == []


def test_addressees_stand_one_or_many():
    one = styled(opened(a_letter()), "Kính gửi")
    assert [p.text for p in one] == ["Kính gửi: Trung tâm A"]
    many = styled(opened(a_letter(addressees=("A", "B"))), "Nơi kính gửi")
    assert [p.text for p in many] == ["- A;", "- B."]


@pytest.mark.parametrize("role", [Role.BODY, Role.BULLET, Role.NUMBERED, Role.CLOSING, Role.BASIS])
def test_the_text_is_justified_with_indent_and_gap(report, role):
    from khcn_workflow.reports.word_styles import styles_by_role

    style = report.styles[styles_by_role()[role]]
    layout = style.paragraph_format
    assert 13 <= style.font.size.pt <= 14
    assert layout.alignment.name == "JUSTIFY"
    assert round(layout.first_line_indent.cm, 2) in (1, 1.27)
    assert layout.space_after.pt >= 6
    assert 1 <= layout.line_spacing <= 1.5


def test_headings_are_bold_and_stay_with_their_text(report):
    for name, first in (("Heading 1", "I. "), ("Heading 2", "1. ")):
        size, bold, italic, _ = look(report, name)
        assert (size, bold, italic) == (14, True, False)
        assert report.styles[name].paragraph_format.keep_with_next
        assert styled(report, name)[0].text.startswith(first)
    assert all(p.text == p.text.upper() for p in styled(report, "Heading 1"))


def test_the_text_ends_with_its_mark(report):
    (closing,) = styled(report, "Kết thúc văn bản")
    assert closing.text.endswith("./.")


def test_the_signature_has_its_prefix_above_the_title(report, letter):
    assert look(report, "Chức vụ người ký") == (14, True, False, "CENTER")
    assert look(report, "Họ tên người ký") == (14, True, False, "CENTER")
    assert [p.text for p in styled(report, "Chức vụ người ký")] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert [p.text for p in styled(letter, "Chức vụ người ký")] == [
        "TL. GIÁM ĐỐC",
        "TRƯỞNG PHÒNG\nQUẢN LÝ KHOA HỌC",
    ]  # fmt: skip
    (name,) = styled(report, "Họ tên người ký")
    assert name.text == "Đoàn Hải Triều"
    assert name.style.paragraph_format.space_before.pt >= 48  # room for the hand and the seal


def test_the_recipients_end_with_the_file_copy(report):
    assert look(report, "Nơi nhận") == (12, True, True, "LEFT")
    assert look(report, "Dòng nơi nhận") == (11, False, False, "LEFT")
    lines = [p.text for p in styled(report, "Dòng nơi nhận")]
    assert all(line.startswith("- ") and line.endswith(";") for line in lines[:-1])
    assert lines[-1] == "- Lưu: VT, VP."


def test_signature_and_recipients_are_not_torn_by_a_page(report):
    for table in report.tables:
        assert table.rows[0]._tr.trPr.find(f"{W}cantSplit") is not None
    assert report.styles["Kết thúc văn bản"].paragraph_format.keep_with_next


def test_a_table_repeats_its_head_and_has_thin_borders(letter):
    table = letter.tables[1]
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert len(table._tbl.tblPr.find(f"{W}tblBorders")) == 6
    assert [cell.text for cell in table.rows[1].cells] == ["1", "Nộp hồ sơ"]


def test_the_language_is_vietnamese_and_the_text_is_unicode_nfc(content):
    import unicodedata

    parts = ("document", "footnotes", "styles")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        texts = {part: package.read(f"word/{part}.xml").decode() for part in parts}
    assert all(unicodedata.is_normalized("NFC", text) for text in texts.values())
    assert 'w:val="vi-VN"' in texts["styles"]


def test_only_our_own_styles_are_in_the_list(report):
    names = {style.name for style in report.styles if style.type.name == "PARAGRAPH"}
    assert "Quote" not in names
    assert {"Quốc hiệu", "Nơi nhận", "Heading 1", "Body Text"} <= names
    assert len(list(report.styles)) < 40


def test_every_style_that_is_used_exists(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [n for n in package.namelist() if n.startswith("word/") and n.endswith(".xml")]
        trees = {name: parse_xml(package.read(name)) for name in parts}
    known = {s.get(W + "styleId") for s in trees["word/styles.xml"].iter(f"{W}style")}
    tags = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
    used = {e.get(W + "val") for t in trees.values() for tag in tags for e in t.iter(W + tag)}
    assert used <= known


def test_every_part_is_well_formed_declared_and_related(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        for name in names:
            parse_xml(package.read(name))
        types = parse_xml(package.read("[Content_Types].xml"))
        relations = parse_xml(package.read("word/_rels/document.xml.rels"))
    declared = {e.get("PartName", "").lstrip("/") for e in types}
    defaults = {e.get("Extension") for e in types if e.get("Extension")}
    for name in names - {"[Content_Types].xml"}:
        assert name in declared or name.rpartition(".")[2] in defaults
    targets = {f"word/{e.get('Target')}" for e in relations.iter(RELATION)}
    assert targets <= names
    assert "word/footnotes.xml" in targets


def test_the_open_xml_schemas_find_no_fault(content, tmp_path, assert_valid_docx):
    path = tmp_path / "paper.docx"
    path.write_bytes(content)
    assert_valid_docx(path)


def test_the_schemas_do_find_a_fault(tmp_path, openxml_validator):
    content = paper_to_docx(a_letter())
    broken = tmp_path / "broken.docx"
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(broken, "w") as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "word/document.xml":
                text = text.replace(b"<w:r><w:t>", b"<w:r><w:jc/><w:t>", 1)
            target.writestr(name, text)
    found = openxml_validator.validate(broken)
    assert any("jc" in error.description for error in found.errors)


def test_a_heading_is_broken_into_even_lines():
    text = "Kết quả hoạt động 6 tháng đầu năm 2019 và nhiệm vụ công tác 6 tháng cuối năm 2019"
    assert balanced(text, 14, 165) == [
        "Kết quả hoạt động 6 tháng đầu năm 2019",
        "và nhiệm vụ công tác 6 tháng cuối năm 2019",
    ]
    assert balanced("Kiểm tra", 14, 165) == ["Kiểm tra"]
    assert balanced("Kiểm tra " * 60, 14, 165) == ["Kiểm tra " * 60]


def test_codes_and_numbers_are_not_torn_at_their_hyphens():
    assert pieces("Thông tư 04/2015/TT-BKHCN, kinh tế - xã hội") == [
        "Thông tư 04/2015/TT",
        "BKHCN, kinh tế - xã hội",
    ]
    assert pieces("(ĐX-NTMN-2020-01);") == ["(ĐX", "NTMN", "2020", "01);"]
    assert pieces("trans-anethole") == ["trans-anethole"]
    note = (Run("Số 01/QĐ-UBND"),)
    document = opened(a_letter(blocks=(Paragraph((Run("Mã NV-01", footnote=note),)),)))
    body = next(p for p in document.paragraphs if p.text.startswith("Mã"))
    assert body.text == "Mã NV-01"
    assert len(list(body._p.iter(f"{W}noBreakHyphen"))) == 1
    notes = next(p for p in document.part.package.iter_parts() if p.partname.endswith("notes.xml"))
    assert notes.blob.count(b"noBreakHyphen") == 1


def test_marks_above_letters_take_no_room():
    assert width_mm("Độc lập", 13) == width_mm("Doc lap", 13)


def test_the_table_in_docs_names_tests_that_there_are():
    named = set(re.findall(r"`(test_\w+)`", TABLE.read_text(encoding="utf-8")))
    assert named
    assert named <= set(globals())
