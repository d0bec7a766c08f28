"""Papers from a task's facts: what they say, when they fit, and a Department's own words."""

from dataclasses import replace
from datetime import date

import docx
import pytest

from flows.answer_form import describe
from khcn_workflow.domain.errors import FieldValueError, NotFoundError, StepNotOpenError
from khcn_workflow.reports.markdown import paper_to_markdown
from khcn_workflow.reports.paper_template import PACKAGED, PaperTemplateError
from khcn_workflow.reports.writer import ReportFormatError
from khcn_workflow.services.papers import (
    PaperDoesNotFitError,
    UnknownGivenError,
    draft_paper,
    list_papers,
)
from khcn_workflow.services.reconciliation import WaitKey, question
from tests.office import a_task, enter, open_office, record

TODAY = date(2026, 6, 10)
HOST = "Trung tâm Ứng dụng tiến bộ KH&CN"


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"), TODAY)
    old = a_task(
        "NV-2024-01", title="Chọn giống *Dendrobium* | lan Kiều", host=HOST, plan_year=2024
    )
    app.run(enter, old, "contract_signing", date(2024, 5, 6))
    signed = {"ends_on": "2026-05-31"}
    record(app, "NV-2024-01", "contract_signing", "signed", date(2024, 5, 7), fields=signed)
    record(app, "NV-2024-01", "progress_report", "received", date(2024, 11, 5))
    for code, rulebook in (("NV-2026-01", "luat-2013"), ("NV-2026-02", "nd-268-2025"),
                           ("NV-2026-03", "luat-2025")):  # fmt: skip
        task = a_task(code, rulebook=rulebook, plan_year=2026, host="")
        app.run(enter, task, "council_meeting", date(2026, 5, 4))
    yield app
    app.close()


def text(office, kind, code, **given):
    """The paper as words without marks."""
    step = given.pop("step", "")
    drafted = office.ask(draft_paper, kind, code, step, given)
    return paper_to_markdown(drafted.paper).replace("*", "").replace("\\", "")


def test_a_reminder_names_what_the_host_owes_with_its_law_and_its_lateness(office):
    words = text(office, "don-doc", "NV-2024-01", han="30/06/2026")
    assert "Kính gửi: Trung tâm Ứng dụng tiến bộ KH&CN" in words
    assert "hạn luật định là ngày 07/05/2025" in words
    assert "đến nay đã quá 274 ngày làm việc" in words
    assert "Thông tư 04/2015/TT-BKHCN, Điều 26 khoản 1" in words
    assert "trước ngày 30/06/2026" in words
    assert "/SKHCN-QLKH" in words
    assert "«Chọn giống Dendrobium | lan Kiều»" in words


def test_a_reminder_leaves_out_what_the_department_owes(office):
    assert "kiểm tra định kỳ" not in text(office, "don-doc", "NV-2024-01").lower()


def test_a_latin_name_stays_italic(office):
    drafted = office.ask(draft_paper, "don-doc", "NV-2024-01")
    runs = [run for block in drafted.paper.blocks for run in block.runs]
    assert [run.text for run in runs if run.italic] == ["Dendrobium"]


@pytest.mark.parametrize(
    ("code", "title", "seats"),
    [
        ("NV-2026-01", "Hội đồng tư vấn tuyển chọn, giao trực tiếp",
         ["Chủ tịch", "Phó chủ tịch", *["Ủy viên phản biện"] * 2, *["Ủy viên"] * 3]),
        ("NV-2026-02", "Hội đồng xét duyệt", ["Chủ tịch", "Phó chủ tịch", *["Ủy viên"] * 5]),
        ("NV-2026-03", "Hội đồng xét tài trợ, đặt hàng",
         ["Chủ tịch", "Phó chủ tịch", *["Ủy viên phản biện"] * 2, *["Ủy viên"] * 2,
          "Ủy viên, thư ký khoa học"]),
    ],
)  # fmt: skip
def test_a_decision_has_the_council_of_the_tasks_own_law(office, code, title, seats):
    paper = office.ask(draft_paper, "thanh-lap-hoi-dong", code).paper
    assert paper.subject == f"Về việc thành lập {title}"
    (grid,) = [block for block in paper.blocks if hasattr(block, "rows")]
    assert [row[3] for row in grid.rows] == seats
    assert all(set(row[1]) == {"."} for row in grid.rows)


def test_the_law_is_named_as_the_rulebook_has_it_and_unknown_numbers_are_dots(office):
    words = text(office, "thanh-lap-hoi-dong", "NV-2026-02")
    assert "Căn cứ Nghị định 268/2025/NĐ-CP, Điều 12 khoản 3;" in words
    assert "Căn cứ Quyết định số ............ của UBND tỉnh Cao Bằng" in words
    hints = office.ask(draft_paper, "thanh-lap-hoi-dong", "NV-2026-02").hints
    assert "7–9 thành viên" in hints[0]


def test_an_invitation_says_by_when_the_documents_must_go(office):
    drafted = office.ask(draft_paper, "giay-moi", "NV-2026-01", "", {"ngay": "24/06/2026"})
    assert drafted.hints[-1].startswith("Gửi tài liệu chậm nhất ngày 15/06/2026")
    with pytest.raises(FieldValueError, match="thứ Hai"):
        office.ask(draft_paper, "giay-moi", "NV-2026-01", "", {"ngay": "thứ Hai"})


def test_a_notice_of_a_check_speaks_of_the_contract_and_the_report_owed(office):
    words = text(office, "kiem-tra-dinh-ky", "NV-2024-01")
    assert "ngày ký hợp đồng 07/05/2024 đến nay" in words
    assert "(báo cáo định kỳ hạn ngày 07/05/2025)" in words


def test_a_sheet_has_the_whole_story(office):
    words = text(office, "phieu-theo-doi", "NV-2024-01")
    assert "| Tên nhiệm vụ | Chọn giống Dendrobium | lan Kiều |" in words
    assert "| 07/05/2024 | Ký hợp đồng | Đã ký hợp đồng |" in words
    assert "ngày 10 tháng 6 năm 2026" in words
    assert words.rstrip().endswith("NGƯỜI LẬP PHIẾU  \nChuyên viên 1")


def test_a_paper_that_does_not_fit_says_what_waits(office):
    with pytest.raises(
        PaperDoesNotFitError, match=r"cần bước «Kiểm tra định kỳ»; .* đang chờ «Họp"
    ):
        office.ask(draft_paper, "kiem-tra-dinh-ky", "NV-2026-01")
    with pytest.raises(PaperDoesNotFitError, match="việc mà tổ chức chủ trì còn nợ"):
        office.ask(draft_paper, "don-doc", "NV-2026-01")
    with pytest.raises(StepNotOpenError):
        office.ask(draft_paper, "giay-moi", "NV-2026-01", "appraisal_meeting")
    with pytest.raises(NotFoundError, match=r"mẫu văn bản «thu».*don-doc"):
        office.ask(draft_paper, "thu", "NV-2026-01")
    with pytest.raises(UnknownGivenError, match=r"«x». Điền được: han \(ngày"):
        office.ask(draft_paper, "don-doc", "NV-2024-01", "", {"x": "1"})


def test_a_paper_is_written_as_word_or_markdown_and_nothing_else(
    office, tmp_path, assert_valid_docx
):
    for kind, code in (("don-doc", "NV-2024-01"), ("giay-moi", "NV-2026-01"),
                       ("thanh-lap-hoi-dong", "NV-2026-03"), ("phieu-theo-doi", "NV-2026-02"),
                       ("kiem-tra-dinh-ky", "NV-2024-01")):  # fmt: skip
        path = tmp_path / f"{kind}.docx"
        office.ask(draft_paper, kind, code, "", {}, path)
        assert_valid_docx(path)
    document = docx.Document(tmp_path / "don-doc.docx")
    assert document.tables[0].cell(0, 0).text.splitlines()[-1].startswith("V/v đôn đốc")
    with pytest.raises(ReportFormatError, match=r"\.docx, \.md"):
        office.ask(draft_paper, "don-doc", "NV-2024-01", "", {}, tmp_path / "a.odt")


def test_drafting_writes_nothing_into_the_ledger(office):
    before = office.ask(lambda context: context.work.queries.head())
    office.ask(draft_paper, "phieu-theo-doi", "NV-2024-01")
    assert office.ask(lambda context: context.work.queries.head()) == before


def own(office, name, content):
    folder = office.settings.own_templates
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def test_the_departments_own_template_goes_before_ours(office):
    ours = (PACKAGED / "don-doc.toml").read_text(encoding="utf-8")
    path = own(office, "don-doc.toml", ours.replace("quan tâm thực hiện", "khẩn trương thực hiện"))
    assert "khẩn trương thực hiện./." in text(office, "don-doc", "NV-2024-01")
    path.unlink()
    assert "quan tâm thực hiện./." in text(office, "don-doc", "NV-2024-01")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("kind =", "loai ="), "thiếu khóa «kind»; không có khóa «loai»"),
        (("role = \"closing\"", "role = \"cuoi\""), "khóa «block.4.role» có giá trị «cuoi»"),
        (("title =", "title"), "không phải TOML"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_used_names_the_key(office, change, named):
    ours = (PACKAGED / "don-doc.toml").read_text(encoding="utf-8")
    path = own(office, "don-doc.toml", ours.replace(*change))
    with pytest.raises(PaperTemplateError, match=named):
        office.ask(list_papers)
    path.unlink()


@pytest.mark.parametrize(
    ("written", "named"),
    [("{{ task.host", "sai cú pháp"), ("{{ task.nobody }}", "nobody"), ("{{ x() }}", "x")],
)
def test_a_text_that_cannot_be_filled_is_shown(office, written, named):
    ours = (PACKAGED / "don-doc.toml").read_text(encoding="utf-8")
    path = own(office, "rieng.toml", ours.replace("{{ agency.name }} đề nghị", written, 1))
    with pytest.raises(PaperTemplateError, match=f"rieng.*{named}"):
        office.ask(draft_paper, "rieng", "NV-2024-01")
    path.unlink()


def test_another_signer_is_data_of_the_department(office):
    agency = office.ask(lambda context: context.agency)
    from khcn_workflow.domain.agency import Signer

    head = Signer("TRƯỞNG PHÒNG QUẢN LÝ KHOA HỌC", "Lê Thị B", "TL. GIÁM ĐỐC")
    signed = replace(agency, signers={"don-doc": head})
    drafted = office.ask(lambda context: draft_paper(replace(context, agency=signed), "don-doc",
                                                     "NV-2024-01"))  # fmt: skip
    assert drafted.paper.signature.lines == ("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG QUẢN LÝ KHOA HỌC")
    assert office.ask(draft_paper, "don-doc", "NV-2024-01").paper.signature.name == "Đoàn Hải Triều"


def test_the_form_of_a_waiting_run_tells_how_its_draft_is_made(office):
    key = WaitKey("NV-2026-01", "council_selection", "council_meeting", 1)
    words = describe(office.ask(question, key))
    assert "Giấy mời họp Hội đồng, Tổ: `khcn paper giay-moi NV-2026-01`" in words
    assert "`khcn paper thanh-lap-hoi-dong NV-2026-01`" in words
    assert "don-doc" not in words
    host = WaitKey("NV-2024-01", "periodic_check", "progress_report", 2)
    assert "`khcn paper don-doc NV-2024-01`" in describe(office.ask(question, host))


def test_a_broken_template_of_the_department_does_not_stop_the_waiting_runs(office):
    path = own(office, "don-doc.toml", "title =")
    host = WaitKey("NV-2024-01", "periodic_check", "progress_report", 2)
    assert "`khcn paper don-doc NV-2024-01`" in describe(office.ask(question, host))
    path.unlink()
