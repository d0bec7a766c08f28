"""The same task under the law of 2013 and the decree of 2025: one database, one report."""

from datetime import date

import pytest

from khcn_workflow.reporting import build
from khcn_workflow.services.inquiry import list_due, show_task
from khcn_workflow.services.report_round import write_report
from tests.office import a_task, enter, open_office, record

TODAY = date(2026, 6, 10)
WALK = [
    ("call", "announced", date(2026, 1, 5)),
    ("dossier_receipt", "received", date(2026, 2, 4)),
    ("dossier_opening", "valid", date(2026, 2, 10)),
    ("council_meeting", "passed", date(2026, 3, 3)),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"), TODAY)
    for code, rulebook in (("NV-2013", "luat-2013"), ("NV-2025", "nd-268-2025")):
        app.run(enter, a_task(code, plan_year=2026, rulebook=rulebook), "call", date(2026, 1, 5))
        for step, outcome, on in WALK:
            record(app, code, step, outcome, on)
    record(app, "NV-2025", "result_notice", "notified", date(2026, 3, 5))
    for code in ("NV-2013", "NV-2025"):
        record(app, code, "proposal_revision", "received", date(2026, 3, 12))
    yield app
    app.close()


def test_each_task_has_the_limit_of_its_own_law(office):
    due = {step.task_code: (step.due_on, step.article) for step in office.ask(list_due)}
    assert due == {
        "NV-2013": (date(2026, 3, 23), "Thông tư 20/2023/TT-BKHCN, Điều 13 điểm a"),
        "NV-2025": (date(2026, 3, 13), "Nghị định 268/2025/NĐ-CP, Điều 13"),
    }


def test_each_task_keeps_the_words_of_its_own_law(office):
    titles = {code: office.ask(show_task, code).due[0].step for code in ("NV-2013", "NV-2025")}
    assert titles == {
        "NV-2013": "Họp Tổ thẩm định nội dung, kinh phí",
        "NV-2025": "Thẩm định kinh phí",
    }


def test_one_report_counts_both_and_names_each_in_its_own_words(office, tmp_path):
    report = office.ask(build, "2026-H1", TODAY)
    assert report.figures["late_statutory"].rows == ("NV-2013", "NV-2025")
    path = tmp_path / "bao-cao.md"
    office.ask(write_report, "2026-H1", TODAY, [path])
    text = path.read_text(encoding="utf-8")
    assert "thẩm định kinh phí (NV-2025); tổ chức thẩm định (NV-2013)" in text


def test_one_report_has_the_words_of_both_laws_side_by_side(office):
    report = office.ask(build, "2026-H1", TODAY)
    (words,) = [p.text for p in report.paragraphs if p.text.startswith("Các số liệu trên gồm")]
    assert (
        "01 nhiệm vụ theo Luật KH&CN 2013 và 01 nhiệm vụ theo Nghị định 268/2025/NĐ-CP, nhiệm vụ "
        "đổi mới sáng tạo"
    ) in words
    assert "kiểm tra định kỳ / kiểm tra, đánh giá trong kỳ; sửa đổi, chấm dứt hợp đồng" in words
    assert report.figures["law_luat_2013"].rows == ("NV-2013",)
    assert report.figures["law_nd_268_2025"].rows == ("NV-2025",)
