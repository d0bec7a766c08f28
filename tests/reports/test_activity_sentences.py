"""Rows of the activity register, written this way or that, read as one language."""

from datetime import date

import pytest

from khcn_workflow.domain.ledger import Document
from khcn_workflow.reports.document import Role
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b

ON = date(2019, 4, 2)


def written(*rows):
    report = build_report(b.report_input([], rows))
    bullets = [p.text for p in report.paragraphs if p.role is Role.BULLET]
    notes = ["".join(run.text for run in note) for note in report.footnotes()]
    return " ".join(bullets), " ".join(notes)


def test_the_field_of_a_penalty_ends_before_the_one_it_fell_on():
    inspection = b.activity("H1", "thanh-tra", "Thanh tra đo lường", on=ON)
    title = "Xử phạt vi phạm hành chính trong lĩnh vực an toàn bức xạ đối với Trung tâm Y tế"
    text, note = written(inspection, b.activity("H2", "xu-phat", title, on=ON, amount_vnd=500_000))
    assert "vi phạm hành chính trong lĩnh vực an toàn bức xạ đối với 01 tổ chức." in text
    assert "mức phạt 500.000 đồng." in note


def test_a_paper_that_the_note_names_is_not_named_twice():
    note = "Quyết định số 491/QĐ-UBND ngày 25/4/2019 (17/19 hồ sơ xếp loại Đạt)"
    document = Document("491/QĐ-UBND", date(2019, 4, 25), "UBND tỉnh")
    row = b.activity("H", "sang-kien", "Đánh giá sáng kiến cấp tỉnh đợt 1 năm 2019", on=ON,
                     document=document, note=note, quantity=19, subset=17)  # fmt: skip
    text, foot = written(row)
    assert (
        text == "Hoàn thành công tác tham mưu tổ chức đánh giá sáng kiến cấp tỉnh đợt 1 năm 2019."
    )
    assert foot == f"{note}."


def test_a_row_without_a_day_counts_by_the_day_of_its_paper():
    paper = Document("01/2019/QĐ-UBND", date(2019, 1, 30), "UBND tỉnh")
    row = b.activity("H", "van-ban-qppl", "Quyết định quy định mức chi", stage="da-ban-hanh",
                     document=paper)  # fmt: skip
    assert "ban hành 01 văn bản quy phạm pháp luật" in written(row)[0]


@pytest.mark.parametrize("title", ["Sáp nhập hai Trung tâm", "Đề án sáp nhập hai Trung tâm",
                                   "Xây dựng dự thảo Đề án sáp nhập hai Trung tâm"])  # fmt: skip
def test_a_merger_is_told_by_its_stage_however_its_title_begins(title):
    text, _ = written(b.activity("H", "sap-nhap", title, stage="xay-dung-du-thao"))
    assert text == "Xây dựng dự thảo Đề án sáp nhập hai Trung tâm."


def test_the_day_of_an_event_is_said_once():
    plain = b.activity("H", "su-kien", "Lễ kỷ niệm", on=date(2019, 5, 17))
    named = b.activity("H", "su-kien", "Tổ chức Lễ kỷ niệm ngày 17/5/2019", on=date(2019, 5, 17))
    assert written(plain)[0] == "Tổ chức Lễ kỷ niệm (tổ chức ngày 17/5/2019)."
    assert written(named)[0] == "Tổ chức Lễ kỷ niệm ngày 17/5/2019."


def test_advice_with_a_verb_of_its_own_is_a_clause_of_its_own():
    rows = [
        b.activity("H1", "tham-muu", "Ban hành Kế hoạch KH&CN năm 2019", on=ON),
        b.activity("H2", "tham-muu", "Tham mưu cho UBND tỉnh ban hành Quyết định B", on=ON),
        b.activity("H3", "tham-muu", "Triển khai Chỉ thị C", on=ON),
    ]
    assert written(*rows)[0] == (
        "Tham mưu cho UBND tỉnh ban hành Kế hoạch KH&CN năm 2019 và Quyết định B; "
        "triển khai Chỉ thị C."
    )


def test_goods_that_all_passed_are_not_told_of_failures():
    row = b.activity("H", "kiem-tra-hang-hoa", "Kiểm tra", on=ON, quantity=12, place_count=9)
    assert written(row)[0].endswith("đối với 12 lô hàng của 09 cơ sở sản xuất, kinh doanh.")


def test_works_tell_what_is_done_before_what_goes_on():
    rows = [
        b.activity("H1", "xay-dung", "Dự án A", stage="dang-thi-cong", note="nhà làm việc"),
        b.activity("H2", "xay-dung", "Dự án A", stage="giai-ngan-xong", quantity=25),
    ]
    assert written(*rows)[0] == (
        "Tiếp tục triển khai dự án A, trong đó đã hoàn thành giải ngân đền bù giải phóng mặt bằng "
        "đối với 25 ha, hiện đang thi công nhà làm việc."
    )


def test_a_plan_row_that_is_about_two_things_stands_once():
    title = "Ký kết hợp đồng, tiếp tục áp dụng ISO 9001 và theo dõi các dự án"
    row = b.activity("K", "ke-hoach-ky-sau", title)
    report = build_report(b.report_input([b.running("A")], [row]))
    items = [p.text for p in report.paragraphs if p.role is Role.NUMBERED]
    assert " ".join(items).count("ISO 9001") == 1
