"""The sample of 2026: two regimes in one register, through the same code as the first."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import pytest

from khcn_workflow.reporting import build
from khcn_workflow.services.inquiry import list_due
from khcn_workflow.services.papers import PaperDoesNotFitError, draft_paper
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.report_round import write_report
from khcn_workflow.services.verification import verify_ledger
from tests.office import open_office

SAMPLE = Path(__file__).parents[1] / "samples" / "son_lam_2026"
BOOKS = ("nhiem-vu.xlsx", "hoat-dong.xlsx")
TODAY = date(2026, 6, 10)
FIGURES = {
    "carried": "04",
    "rural_delegated": "01",
    "new_council_done": "08/11",
    "new_no_dossier": "02",
    "new_council_stopped": "01",
    "new_appraised": "05/08",
    "new_contracted": "03",
    "new_with_opinions": "02",
    "accepted": "01",
    "checked": "03",
    "provincial_proposals": "02",
    "news_items": "74",
    "late_statutory": "03",
    "late_internal": "00",
    "late_host": "01",
    "uncounted": "00",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    home = tmp_path_factory.mktemp("office")
    shutil.copytree(SAMPLE / "mau", home / "mau")
    more = {"KHCN_AGENCY": "son-lam", "KHCN_RULEBOOK": "theo-hieu-luc"}
    app = open_office(home, TODAY, **more)
    for name in BOOKS:
        assert not app.run(import_file, SAMPLE / name).warnings
    yield app
    app.close()


@pytest.fixture(scope="module")
def text(office, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "bao-cao.md"
    office.ask(write_report, "2026-H1", TODAY, [path])
    return path.read_text(encoding="utf-8").replace("*", "")


def test_its_numbers_come_out_of_the_ledger(office):
    figures = office.ask(build, "2026-H1", TODAY).figures
    assert {name: figures[name].text for name in FIGURES} == FIGURES


def test_each_late_step_is_late_by_the_law_of_its_own_task(office):
    late = {d.task_code: (d.due_on, d.article) for d in office.ask(list_due, only_late=True)}
    assert late == {
        "ĐT-2025-04": (
            date(2026, 5, 15),
            "Thông tư 04/2015/TT-BKHCN, Điều 26 khoản 1; Thông tư 09/2014/TT-BKHCN, Điều 9 khoản 1",
        ),
        "ĐM-2026-03": (date(2026, 5, 25), "Nghị định 268/2025/NĐ-CP, Điều 15 khoản 1"),
        "ĐM-2026-04": (date(2026, 5, 25), "Nghị định 268/2025/NĐ-CP, Điều 14 khoản 1"),
    }


def test_one_report_speaks_in_the_words_of_both_regimes(text):
    assert "Việc thẩm định kinh phí, trình phê duyệt" in text
    assert "Việc nộp báo cáo định kỳ của tổ chức chủ trì" in text
    assert "chờ Sở Tài chính cho ý kiến về kinh phí" in text
    assert "UBND TỈNH SƠN LÂM" in text
    assert "Cao Bằng" not in text


def test_its_report_is_a_valid_word_file(office, tmp_path, assert_valid_docx):
    path = tmp_path / "bao-cao.docx"
    office.ask(write_report, "2026-H1", TODAY, [path])
    assert_valid_docx(path)
    assert docx.Document(path).tables[-1].cell(0, 1).text.endswith("Hoàng Thị Minh Nguyệt")


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("thanh-lap-hoi-dong", "NV-2026-02", "Tổ thẩm định kinh phí"),
        ("giay-moi", "NV-2026-02", "Họp Tổ thẩm định kinh phí"),
        ("kiem-tra-dinh-ky", "NV-2026-01", "đánh giá trong kỳ nhiệm vụ"),
        ("don-doc", "ĐT-2025-04", "đôn đốc"),
        ("phieu-theo-doi", "ĐM-2026-02", "ĐM-2026-02"),
    ],
)
def test_its_papers_have_the_words_of_the_tasks_law(office, kind, code, words):
    paper = office.ask(draft_paper, kind, code).paper
    assert words in paper.subject
    assert paper.letterhead.parent == "UBND TỈNH SƠN LÂM"


def test_no_council_is_invented_where_the_decree_has_none(office):
    with pytest.raises(PaperDoesNotFitError) as refused:
        office.ask(draft_paper, "thanh-lap-hoi-dong", "ĐM-2026-06")
    assert "«Xét duyệt nhiệm vụ»; nhiệm vụ đang chờ «Thẩm định kinh phí»" in str(refused.value)


def test_another_signer_stands_in_its_agency_file(office):
    signed = office.ask(draft_paper, "don-doc", "ĐT-2025-04").paper.signature
    assert (signed.lines[0], signed.name) == ("TL. GIÁM ĐỐC", "Lương Văn Hiển")


def test_importing_it_again_writes_nothing_and_the_chain_holds(office):
    assert [office.run(import_file, SAMPLE / name).written for name in BOOKS] == [0, 0]
    assert office.ask(verify_ledger).tasks == 18


def test_the_workbooks_are_written_the_same_each_time(tmp_path):
    script = SAMPLE / "make_sample.py"
    subprocess.run([sys.executable, script, tmp_path], check=True, capture_output=True)
    for name in BOOKS:
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes()
