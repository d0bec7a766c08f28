"""The whole document: it reads like the report of 2019, and adapts when facts are missing."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.reports.document import Role
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b


@pytest.fixture(scope="module")
def seed():
    return build_report(b.seed_input())


def bullets(report):
    return [p.text for p in report.paragraphs if p.role is Role.BULLET]


def items(report):
    return [p.text for p in report.paragraphs if p.role is Role.NUMBERED]


def test_the_science_bullet_reads_as_in_the_report_of_2019(seed):
    assert bullets(seed)[1] == (
        "Duy trì, theo dõi, kiểm tra và đôn đốc thực hiện đối với 01 dự án KH&CN cấp quốc gia, 01 "
        "dự án cấp thiết địa phương sử dụng kinh phí cấp quốc gia, 04 dự án thuộc chương trình "
        "nông thôn miền núi (02 dự án do Trung ương trực tiếp quản lý, 02 dự án do Trung ương ủy "
        "quyền địa phương quản lý) và 30 dự án, đề tài cấp tỉnh được chuyển tiếp; tổ chức thẩm "
        "định nội dung, kinh phí thực hiện đối với 02/02 nhiệm vụ KH&CN bổ sung năm 2018; hoàn "
        "thành công tác tổ chức Hội đồng tư vấn tuyển chọn và xét giao trực tiếp tổ chức, cá nhân "
        "chủ trì thực hiện đối với 07/08 nhiệm vụ đặt hàng thực hiện mới từ năm 2019 (01 nhiệm vụ "
        "đặt hàng không có hồ sơ tham gia tuyển chọn, xét chọn), hiện đã hoàn thành việc tổ chức "
        "thẩm định nội dung, kinh phí đối với 02/07 nhiệm vụ KH&CN cấp tỉnh thực hiện mới từ năm "
        "2019, trong đó có 01 nhiệm vụ đã được ký kết hợp đồng, 05/07 nhiệm vụ còn lại cơ bản đã "
        "hoàn thiện để chuẩn bị tổ chức thẩm định nội dung, kinh phí sau khi đã có ý kiến của các "
        "cơ quan chuyên môn trên địa bàn tỉnh; tổ chức đánh giá, nghiệm thu đối với 02 đề tài và "
        "tiến hành kiểm tra định kỳ đối với 02 đề tài; tham mưu cho UBND tỉnh đăng ký đề xuất, đặt "
        "hàng với Bộ KH&CN 02 dự án thuộc Chương trình Nông thôn miền núi bắt đầu thực hiện từ năm "
        "2020; tổng hợp danh mục các nhiệm vụ KH&CN cấp tỉnh thực hiện năm 2020 do các tổ chức, cá "
        "nhân đề xuất (03 đề xuất);"
    )


def test_all_six_bullets_of_the_seed_are_there_and_end_as_a_list_does(seed):
    texts = bullets(seed)
    assert [text.split()[0] for text in texts] == [
        "Hoàn", "Duy", "Hoàn", "Tiếp", "Tổ", "Chỉ",
    ]  # fmt: skip
    assert [text[-1] for text in texts] == [";"] * 5 + ["."]


def test_the_ten_footnotes_of_the_seed_are_there(seed):
    notes = ["".join(run.text for run in note) for note in seed.footnotes()]
    assert len(notes) == 10
    assert notes[0].startswith("Quyết định số 01/2019/QĐ-UBND ngày 30/01/2019 của UBND tỉnh quy")
    assert notes[1].count(";") == 3
    assert notes[2] == "Đề tài: Nghiên cứu CB-29; Đề tài: Nghiên cứu CB-30."
    assert notes[4] == (
        "Quyết định số 491/QĐ-UBND ngày 25/4/2019 của UBND tỉnh về việc công nhận sáng kiến cấp "
        "tỉnh đợt một, năm 2019 (17/19 hồ sơ đề nghị công nhận sáng kiến được xếp loại Đạt)."
    )
    assert notes[5].startswith(
        "03 cuộc thanh tra chuyên ngành về đo lường và an toàn bức xạ tại 09"
    )
    assert notes[6] == (
        "Xử phạt Trung tâm Y tế huyện Hạ Lang, mức phạt 06 triệu đồng về hành vi không đánh giá "
        "liều chiếu xạ cá nhân cho nhân viên bức xạ ít nhất 3 tháng/lần."
    )
    assert notes[9].startswith("Cập nhật được 88 tin, bài lên trang thông tin điện tử khcncaobang")
    assert "xuất bản 1.000 cuốn tài liệu" in notes[9]


def test_latin_names_keep_their_italics_in_a_footnote(seed):
    latin = [run.text for run in list(seed.footnotes())[3] if run.italic]
    assert latin == ["Rhynchostylis gigantea", "Dendrobium amabile", "Cymbidium sinense"]


def test_no_defect_of_the_seed_is_copied(seed):
    text = "\n".join(p.text for p in seed.paragraphs)
    text += "".join(run.text for note in seed.footnotes() for run in note)
    defects = ("dirt", "khcnaobang", ".,", "cơ sở, sản xuất", "an toàn, bức xạ", "**", "..", "  ")
    assert [defect for defect in defects if defect in text] == []


def test_the_opening_names_the_letter_that_asked(seed):
    assert seed.paragraphs[0].text.startswith(
        "Thực hiện Công văn số 729/SKHĐT-THQH ngày 15 tháng 5 năm 2019 của Sở Kế hoạch và Đầu tư "
        "về việc báo cáo tình hình"
    )


def test_every_open_item_of_part_one_appears_in_part_two(seed):
    text = " ".join(items(seed))
    assert len(items(seed)) == 4
    for owed in (
        "văn bản quy phạm pháp luật", "Đề án sáp nhập", "Kế hoạch KH&CN tỉnh Cao Bằng năm 2020",
        "ký kết hợp đồng", "01 nhiệm vụ đặt hàng không có hồ sơ", "dự án KH&CN cấp quốc gia",
        "Chương trình nông thôn miền núi", "an toàn bức xạ", "xăng dầu", "tuyên truyền",
        "ISO 9001:2015", "dự án Đầu tư xây dựng",
    ):  # fmt: skip
        assert owed in text


def test_a_plan_row_takes_the_place_of_what_was_derived():
    own = "Hoàn thành ký kết hợp đồng trong quý III"
    rows = [*b.seed_activities(), b.activity("K", "ke-hoach-ky-sau", own)]
    text = items(build_report(b.seed_input(activities=tuple(rows))))[-1]
    assert text.count("ký kết hợp đồng") == 1
    assert own in text


def test_head_and_signature_are_those_of_the_department(seed):
    head = seed.letterhead
    assert (head.parent, head.name) == ("UBND TỈNH CAO BẰNG", "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    assert head.number.split() == ["Số:", "/BC-SKHCN"]
    assert head.place_and_date == "Cao Bằng, ngày 10 tháng 6 năm 2019"
    assert seed.signature.lines == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert list(seed.recipient_lines())[-1] == "- Lưu: VT, VP."
    assert seed.paragraphs[-1].text.endswith("của Sở Khoa học và Công nghệ./.")


def test_a_register_with_nothing_in_it_makes_a_report_without_bullets():
    report = build_report(b.report_input())
    assert bullets(report) == items(report) == []
    assert [p.text for p in report.paragraphs if p.role is Role.SECTION] == [
        "1. Kết quả đạt được",
        "2. Tồn tại, hạn chế",
    ]
    assert report.paragraphs[0].text.startswith("Sở Khoa học và Công nghệ (KH&CN) báo cáo")
    assert "như sau" not in report.paragraphs[3].text


def science(*dossiers):
    return bullets(build_report(b.report_input(dossiers)))[0]


SIGNED = (b.appraised(), *b.approved(), b.signed())


@pytest.mark.parametrize(
    ("written", "dossiers"),
    [
        ("đối với 01 đề tài cấp tỉnh được chuyển tiếp.", [b.running("A")]),
        ("Triển khai công tác tuyển chọn tổ chức, cá nhân chủ trì", [b.ordered("A")]),
        ("đối với 01 nhiệm vụ đặt hàng thực hiện mới từ năm 2019.", [b.ordered("A")]),
        ("(01 nhiệm vụ đặt hàng không có hồ sơ tham gia", [b.no_dossier("A")]),
        ("đối với 01/02 nhiệm vụ đặt hàng", [b.passed_council("A"), b.ordered("B")]),
        ("(01 nhiệm vụ đang hoàn thiện thủ tục", [b.passed_council("A"), b.ordered("B")]),
        (", 01/01 nhiệm vụ đang hoàn thiện hồ sơ", [b.passed_council("A")]),
        ("đối với 01/01 nhiệm vụ KH&CN cấp tỉnh", [b.passed_council("A", b.appraised())]),
        ("Chuẩn bị thẩm định nội dung, kinh phí", [b.supplementary("A")]),
        ("đối với 01 nhiệm vụ KH&CN bổ sung năm 2018.", [b.supplementary("A")]),
        ("có 01 nhiệm vụ đã được ký kết hợp đồng.", [b.supplementary("A", *SIGNED)]),
        ("đánh giá Không đạt đối với 01 đề tài", [b.accepted("A", result="failed")]),
        ("nhiệm vụ đặt hàng năm 2018", [b.passed_council("A", plan_year=2018)]),
    ],
)
def test_a_sentence_adapts_to_its_counts(written, dossiers):
    assert written in science(*dossiers)


def test_some_opinions_are_not_said_to_be_all():
    opinion = b.outcome("appraisal_meeting", "opinions_received", date(2019, 5, 5))
    text = science(b.passed_council("A", opinion), b.passed_council("B"))
    assert "02/02 nhiệm vụ đang chuẩn bị tổ chức thẩm định" in text
    assert "(trong đó 01 nhiệm vụ đã có ý kiến" in text


def test_the_second_half_speaks_of_itself_and_of_the_next_year():
    report = build_report(b.seed_input(period=b.parse_period("2019-H2"), as_of=date(2019, 12, 10)))
    texts = [p.text for p in report.paragraphs]
    assert "I. KẾT QUẢ HOẠT ĐỘNG KH&CN ĐẠT ĐƯỢC TRONG 6 THÁNG CUỐI NĂM 2019" in texts
    assert "II. NHIỆM VỤ KH&CN TRỌNG TÂM 6 THÁNG ĐẦU NĂM 2020" in texts
    assert any(t.startswith("Trong 6 tháng cuối năm 2019, Sở KH&CN tiếp tục") for t in texts)


def test_every_printed_figure_is_a_figure_of_the_report(seed):
    printed = {run.figure for p in seed.paragraphs for run in p.runs if run.figure}
    assert printed <= set(seed.figures)
    assert len(printed) == 34


def test_every_row_behind_a_figure_has_a_name(seed):
    rows = {code for figure in seed.figures.values() for code in figure.rows}
    assert rows <= set(seed.rows)


def test_order_of_the_register_does_not_change_the_report(seed):
    given = b.seed_input()
    turned = replace(given, dossiers=given.dossiers[::-1], activities=given.activities[::-1])
    assert build_report(turned).paragraphs == seed.paragraphs
