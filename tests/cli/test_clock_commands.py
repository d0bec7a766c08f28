"""Suspending, extending, trying out and forecasting from the command line."""

import json
import re

import pytest

from tests.cli.running import khcn, refused

CODE = "NV-2019-02"


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


def test_a_suspension_and_its_end_say_what_moves(home):
    text = khcn(home, "suspend", CODE, "--on", "03/05/2019", "--reason", "chờ ý kiến cấp trên")
    assert "Ký hợp đồng: hạn 24/05/2019 → đứng lại." in text
    text = khcn(home, "resume", CODE, "--on", "03/06/2019")
    assert "Ký hợp đồng: hạn không có → 24/06/2019." in text
    assert "không ở trạng thái tạm dừng" in refused(home, "resume", CODE, "--on", "04/06/2019")


def test_an_extension_outside_the_law_is_refused_with_its_article(home):
    error = refused(
        home, "extend", "NV-2018-20", "--until", "31/12/2022", "--asked", "03/06/2019",
        "--on", "10/06/2019",
    )  # fmt: skip
    assert "không quá 6 tháng (Thông tư 04/2015/TT-BKHCN, Điều 12" in error


def test_a_terminated_task_takes_nothing_more(home):
    khcn(home, "terminate", CODE, "--on", "10/06/2019", "--reason", "không khả thi")
    assert "đã kết thúc (chấm dứt thực hiện)" in refused(
        home, "record", CODE, "contract_signing", "signed", "--on", "10/06/2019",
        "--field", "ends_on=10/06/2021",
    )  # fmt: skip


def test_due_explains_each_day_and_each_version(home):
    text = khcn(home, "due", "--explain", "ĐX-2020-06", "council_result_review")
    assert text.startswith("Hạn: thứ Năm 13/06/2019: 7 ngày làm việc từ 04/06/2019")
    assert "Căn cứ (luật định): Thông tư 07/2014/TT-BKHCN, Điều 23" in text
    assert "  7  thứ Năm   13/06/2019" in text
    assert "–  Chủ nhật  09/06/2019  nghỉ cuối tuần" in text
    assert "mở bước" in text
    explained = json.loads(
        khcn(home, "due", "--explain", "ĐX-2020-06", "council_result_review", "--json")
    )
    assert sum(1 for day in explained["days"] if day["number"]) == 7


def test_show_counts_whose_time_was_used(home):
    assert "Thời gian đã dùng (ngày làm việc):" in khcn(home, "show", CODE)


def test_what_if_tries_a_calendar_and_changes_nothing(home, tmp_path):
    draft = tmp_path / "lich"
    draft.mkdir()
    (draft / "2019.toml").write_text(
        '[[day]]\non = 2019-06-12\nkind = "closure"\nreason = "cơ quan nghỉ riêng"\n'
        'document = "15/TB-SKHCN"\nissuer = "Sở KH&CN"\nconfidence = "SEEN"\n',
        encoding="utf-8",
    )
    text = khcn(home, "what-if", "--calendar", str(draft))
    assert "13/06/2019  14/06/2019  lịch đổi: ngày 12/06/2019" in text
    assert "00 thời hạn đã đổi" in khcn(home, "reproject")
    text = khcn(home, "reproject", KHCN_CALENDARS=str(draft))
    assert "thời hạn đã đổi" in text
    assert "thư báo chuyên viên" in text
    assert "00 thời hạn đã đổi" in khcn(home, "reproject", KHCN_CALENDARS=str(draft))


def test_what_if_tries_a_rulebook_in_the_place_of_another(home, tmp_path):
    draft = tmp_path / "nhap.toml"
    draft.write_text(
        'id = "nhap"\nextends = "luat-2013"\ntitle = "Bản nháp"\nversion = "1"\n'
        '[[target]]\nid = "X-ky"\nstep = "contract_signing"\namount = 60\nunit = "days"\n'
        'article = "Mục tiêu nháp"\n',
        encoding="utf-8",
    )
    text = khcn(home, "what-if", "--rulebook", str(draft), "--for", "cao-bang")
    assert "thời hạn đổi từ 30 ngày" in text
    assert re.search(r"không có +bỏ thời hạn", text)


def test_what_if_needs_something_to_try(home):
    assert "cần --rulebook hoặc --calendar" in refused(home, "what-if")


def test_forecast_says_when_history_is_too_thin(home):
    text = khcn(home, "forecast", "--months", "1")
    assert "08 đã quá hạn" in text
    assert "chưa đủ số liệu" in text
    lines = json.loads(khcn(home, "forecast", "--months", "1", "--json"))
    assert all(line["expected_on"] for line in lines if line["rounds"])
