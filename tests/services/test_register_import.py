import re
from datetime import date
from hashlib import sha256

import pytest

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.inquiry import list_due, show_task
from khcn_workflow.services.register_import import RegisterProblemsError, import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import HIRED, TODAY, on_day, open_office, record
from tests.sample import (
    ACTIVITIES,
    TASKS,
    changed,
    with_cell,
    with_new_column,
    without_rows,
)


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path / "office", database=database)
    yield app
    app.close()


def problems(app, path) -> str:
    with pytest.raises(RegisterProblemsError) as caught:
        app.run(import_file, path)
    return str(caught.value)


def test_the_sample_comes_in_whole(office):
    done = office.run(import_file, TASKS)
    assert (done.tasks, done.results, done.delays, done.warnings) == (54, 180, 8, [])
    assert office.run(import_file, ACTIVITIES).activities == 38
    assert office.ask(verify_ledger).tasks == 54


def test_a_second_import_changes_nothing(office):
    office.run(import_file, TASKS)
    head = office.ask(verify_ledger).head
    assert office.run(import_file, TASKS).written == 0
    assert office.ask(verify_ledger).head == head


def imports_told(app):
    entries = app.ask(lambda context: list(context.work.queries.ledger()))
    return [entry for entry in entries if entry.fact.kind is EntryKind.IMPORTED]


def test_each_import_that_wrote_something_is_told_with_the_hash_of_its_file(office, tmp_path):
    office.run(import_file, TASKS)
    office.run(import_file, TASKS)
    office.ask(import_file, ACTIVITIES)
    (told,) = imports_told(office)
    digest = sha256(TASKS.read_bytes()).hexdigest()
    assert (told.fact.subject, told.fact.valid_on, told.fact.actor) == (digest, TODAY, "he-thong")
    assert told.fact.data == {
        "file": "nhiem-vu.xlsx", "sha256": digest, "persons": 7, "tasks": 54, "amended": 0,
        "results": 180, "delays": 8, "clocks": 0, "activities": 0,
    }  # fmt: skip
    assert told.seq == office.ask(verify_ledger).rows == HIRED + 7 + 54 + 180 + 8 + 1
    renamed = with_cell("Nhiệm vụ", "Tên nhiệm vụ", "Tên mới", "NV-2019-02")
    office.run(import_file, changed(TASKS, tmp_path / "sua.xlsx", renamed))
    assert imports_told(office)[-1].fact.data["amended"] == 1
    assert len(imports_told(office)) == 2


def test_a_text_that_is_too_long_is_told_with_its_cell(office, tmp_path):
    number = with_cell("Kết quả", "Số văn bản", "9" * 129, "NV-2019-02", "Đã thẩm định")
    name = with_cell("Cán bộ", "Họ và tên", "A" * 257, "cv1")
    text = problems(office, changed(TASKS, tmp_path / "dai.xlsx", number, name))
    assert re.search("trang «Kết quả», dòng .*, cột «.*»: «Số, ký hiệu văn bản» dài 129", text)
    assert re.search("trang «Cán bộ», dòng .*, cột «.*»: «Họ và tên» dài 257 ký tự", text)
    assert "02 chỗ cần sửa" in text
    assert office.ask(verify_ledger).rows == HIRED


def test_a_dry_run_counts_and_keeps_nothing(office):
    assert office.ask(import_file, TASKS).tasks == 54
    assert office.ask(verify_ledger).rows == HIRED


def test_one_bad_row_keeps_the_whole_file_out(office, tmp_path):
    path = changed(
        TASKS,
        tmp_path / "nhiem-vu.xlsx",
        with_cell("Kết quả", "Ngày", "31/02/2019", "NV-2019-02", "Đã thẩm định"),
    )
    text = problems(office, path)
    assert "nhiem-vu.xlsx, trang «Kết quả», dòng" in text
    assert "cột «Ngày»" in text
    assert office.ask(verify_ledger).rows == HIRED


def test_every_problem_is_told_at_once_with_its_place(office, tmp_path):
    path = changed(
        TASKS,
        tmp_path / "nhiem-vu.xlsx",
        with_cell("Nhiệm vụ", "Chuyên viên theo dõi", "cv9", "NV-2018-05"),
        with_cell("Nhiệm vụ", "Cấp quản lý", "cấp xã", "NV-2018-06"),
        with_cell(
            "Kết quả",
            "Ngày",
            "11/06/2019",
            "BS-2018-01",
            "Họp Tổ thẩm định nội dung, kinh phí",
            "Đã thẩm định, đề nghị phê duyệt",
        ),
    )
    text = problems(office, path)
    assert "cv9" in text
    assert "cấp xã" in text
    assert "11/06/2019 ở sau hôm nay (10/06/2019)" in text


def test_a_result_that_the_rulebook_does_not_allow_is_told_with_its_row(office, tmp_path):
    path = changed(
        TASKS,
        tmp_path / "nhiem-vu.xlsx",
        without_rows("Kết quả", "NV-2019-02", "Hoàn thiện thuyết minh theo kết luận Hội đồng"),
    )
    text = problems(office, path)
    assert "NV-2019-02 hiện không chờ kết quả bước" in text
    assert "cột «Bước»" in text
    assert text.count("NV-2019-02") == 1


def test_a_paper_of_a_day_off_is_taken_with_a_warning(office, tmp_path):
    path = changed(
        TASKS,
        tmp_path / "nhiem-vu.xlsx",
        with_cell(
            "Kết quả", "Ngày", "19/05/2019", "NV-2017-01", "Họp Hội đồng đánh giá, nghiệm thu"
        ),
    )
    warnings = [str(w) for w in office.run(import_file, path).warnings]
    assert len(warnings) == 1
    assert "19/05/2019 là ngày nghỉ" in warnings[0]


def test_new_rows_of_a_known_file_are_added_and_changed_facts_amended(office, tmp_path):
    fewer = changed(
        TASKS,
        tmp_path / "it-hon.xlsx",
        without_rows("Kết quả", "NV-2017-01", "Họp Hội đồng đánh giá, nghiệm thu"),
        with_cell("Nhiệm vụ", "Chuyên viên theo dõi", "cv3", "NV-2017-01"),
    )
    office.run(import_file, fewer)
    done = office.run(import_file, TASKS)
    assert (done.tasks, done.amended, done.results) == (0, 1, 1)
    assert office.ask(show_task, "NV-2017-01").progress.task.officer == "cv2"


def test_a_result_recorded_by_hand_meanwhile_is_not_doubled(office):
    office.run(import_file, TASKS)
    record(office, "ĐX-2020-01", "determination_council", "recommended", date(2019, 6, 10))
    assert office.run(import_file, TASKS).written == 0


def test_the_only_late_steps_of_the_sample_are_those_of_the_seed(office):
    office.run(import_file, TASKS)
    late = {(s.task_code, s.step_id) for s in office.ask(list_due) if s.days_late}
    assert late == {
        ("BS-2018-01", "contract_signing"),
        ("BS-2018-02", "contract_signing"),
        ("NV-2019-02", "contract_signing"),
        *((f"NV-2019-0{n}", "appraisal_meeting") for n in range(3, 8)),
    }


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("khong-co.xlsx", None, "không mở được tệp"),
        ("chu.xlsx", b"xin chao", "không phải tệp Excel"),
        ("cu.xls", b"\xd0\xcf\x11\xe0rest", "mật khẩu hoặc là Excel cũ"),
    ],
)
def test_a_file_that_is_no_workbook_is_one_sentence(office, tmp_path, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert says in problems(office, path)


def test_a_task_is_pinned_to_the_rulebook_in_force_when_it_enters(tmp_path, database):
    app = open_office(tmp_path / "office", KHCN_RULEBOOK="theo-hieu-luc", database=database)
    app.run(import_file, TASKS)
    assert set(app.ask(lambda c: c.work.queries.task_rulebooks()).values()) == {"cao-bang"}
    app.close()


def test_a_pinned_task_keeps_its_rulebook_after_the_law_has_changed(tmp_path, database):
    app = open_office(tmp_path / "office", KHCN_RULEBOOK="theo-hieu-luc", database=database)
    app.run(import_file, TASKS)
    later = on_day(app, date(2026, 6, 10))
    head = later.ask(verify_ledger).head
    assert later.run(import_file, TASKS).written == 0
    assert later.ask(verify_ledger).head == head
    app.close()


def test_a_rulebook_that_the_row_names_is_taken(tmp_path, database):
    path = changed(
        TASKS,
        tmp_path / "nhiem-vu.xlsx",
        with_new_column("Nhiệm vụ", "Bộ quy định", "luat-2013", "NV-2018-05"),
    )
    app = open_office(tmp_path / "office", KHCN_RULEBOOK="theo-hieu-luc", database=database)
    app.run(import_file, path)
    pinned = app.ask(lambda c: c.work.queries.task_rulebooks())
    assert (pinned["NV-2018-05"], pinned["NV-2018-06"]) == ("luat-2013", "cao-bang")
    app.close()
