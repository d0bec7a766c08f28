import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.calendar import calendar_command
from khcn_workflow.domain.calendar import DayKind
from khcn_workflow.domain.errors import KhcnError, SettingError

KHCN = Path(sys.executable).parent / "khcn"

CLOSURE = """
[[day]]
on = 2026-03-03
kind = "closure"
reason = "Ngày truyền thống của Sở"
document = "12/TB-SKHCN"
issuer = "Sở KH&CN"
decided_on = 2026-02-02
confidence = "SEEN"
"""

YEAR_2027 = """
year = 2027
status = "announced"
note = "Lịch nghỉ 2027"

[[day]]
on = 2027-12-31
kind = "swapped-off"
reason = "nghỉ hoán đổi, làm bù ngày 25/12/2027"
document = "1/VPCP-KGVX"
issuer = "Văn phòng Chính phủ"
confidence = "SEEN"

[[day]]
on = 2027-12-25
kind = "swapped-in"
reason = "làm bù cho ngày 31/12/2027"
document = ""
issuer = ""
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("KHCN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KHCN_HOME", str(tmp_path / "home"))


@pytest.fixture
def own_days(tmp_path, monkeypatch):
    folder = tmp_path / "lich"
    folder.mkdir()
    (folder / "so-khcn.toml").write_text(CLOSURE, encoding="utf-8")
    monkeypatch.setenv("KHCN_CALENDARS", str(folder))
    return folder


def calendar(*arguments: str) -> str:
    result = CliRunner().invoke(calendar_command, arguments, catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def as_json(*arguments: str):
    return json.loads(calendar(*arguments, "--json"))


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


# --- add


def test_a_term_is_said_in_one_sentence_with_what_was_skipped():
    assert calendar("add", "22/04/2019", "10") == (
        "Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019, trừ thứ Bảy, Chủ nhật và "
        "29/04/2019 (nghỉ hoán đổi, làm bù ngày 04/05/2019), 30/04/2019 (Ngày Chiến thắng), "
        "01/05/2019 (Ngày Quốc tế Lao động); tính cả ngày làm bù 04/05/2019.\n"
    )


def test_each_day_is_counted_or_skipped_with_reason_and_source():
    assert lines(calendar("add", "26/04/2019", "3", "--explain"))[1:] == [
        "– thứ Bảy 27/04/2019 nghỉ cuối tuần",
        "– Chủ nhật 28/04/2019 nghỉ cuối tuần",
        "– thứ Hai 29/04/2019 nghỉ hoán đổi, làm bù ngày 04/05/2019 "
        "[6519/VPCP-KGVX, Văn phòng Chính phủ]",
        "– thứ Ba 30/04/2019 Ngày Chiến thắng [Bộ luật Lao động 2012, Điều 115]",
        "– thứ Tư 01/05/2019 Ngày Quốc tế Lao động [Bộ luật Lao động 2012, Điều 115]",
        "1 thứ Năm 02/05/2019",
        "2 thứ Sáu 03/05/2019",
        "3 thứ Bảy 04/05/2019 làm bù cho ngày 29/04/2019 [6519/VPCP-KGVX, Văn phòng Chính phủ]",
    ]


def test_a_limit_before_a_meeting_counts_back_from_its_eve_to_the_due_date():
    counted = lines(calendar("add", "2019-05-06", "-3", "--explain"))
    assert counted[0].startswith("Hạn: thứ Năm 02/05/2019: 3 ngày làm việc trước 06/05/2019")
    assert [line.split(" thứ ")[0] for line in counted[1:]] == [
        "– Chủ nhật 05/05/2019 nghỉ cuối tuần",
        "1",
        "2",
        "3",
    ]


def test_days_over_which_the_end_rolled_are_shown_but_not_counted():
    shown = lines(calendar("add", "01/04/2019", "30", "--unit", "days", "--explain"))
    assert shown[-2:] == [
        "30 thứ Tư 01/05/2019 Ngày Quốc tế Lao động [Bộ luật Lao động 2012, Điều 115]",
        "→ thứ Năm 02/05/2019",
    ]


def test_months_show_their_end_and_where_it_rolled():
    shown = lines(calendar("add", "24/05/2026", "6", "--unit", "months", "--explain"))
    assert shown[1:] == [
        "thứ Ba 24/11/2026 Ngày Văn hóa Việt Nam [Nghị quyết 28/2026/QH16, Quốc hội]",
        "→ thứ Tư 25/11/2026",
    ]


def test_a_backward_limit_in_days_rolls_back():
    shown = lines(calendar("add", "02/05/2019", "-4", "--unit", "days", "--explain"))
    assert shown[-3:] == [
        "4 Chủ nhật 28/04/2019 nghỉ cuối tuần",
        "→ thứ Bảy 27/04/2019 nghỉ cuối tuần",
        "→ thứ Sáu 26/04/2019",
    ]


def test_a_term_is_given_to_programs_as_json():
    assert as_json("add", "01/04/2019", "30", "--unit", "days") == {
        "due_on": "2019-05-02",
        "raw_on": "2019-05-01",
        "days": [],
    }
    explained = as_json("add", "03/05/2019", "1", "--explain")
    assert explained["days"] == [
        {
            "on": "2019-05-04",
            "mark": "counted",
            "number": 1,
            "reason": "làm bù cho ngày 29/04/2019",
            "source": "6519/VPCP-KGVX, Văn phòng Chính phủ",
        }
    ]


# --- show


def test_a_year_is_shown_with_each_day_and_its_source():
    shown = lines(calendar("show", "2026"))
    assert shown[0] == "Ngày Thứ Loại Lý do Nguồn"
    assert (
        "10/01/2026 thứ Bảy làm bù làm bù cho ngày 02/01/2026 12729/VPCP-KGVX, Văn phòng Chính phủ"
    ) in shown
    assert shown[-1] == (
        "Năm 2026: 249 ngày làm việc, trong đó 02 ngày làm bù. Lịch nghỉ đã công bố."
    )


def test_a_year_nobody_announced_is_shown_as_provisional():
    last = lines(calendar("show", "2027"))[-1]
    assert last == (
        "Năm 2027: 249 ngày làm việc, trong đó 00 ngày làm bù. Lịch nghỉ dự kiến (chưa công bố)."
    )


def test_a_year_is_given_to_programs_as_json():
    shown = as_json("show", "1990")
    assert (shown["year"], shown["official"]) == (1990, True)
    assert shown["days"][0]["on"] == "1990-01-01"
    assert shown["working_days"] == sum(
        start().calendar.is_working_day(date.fromordinal(n))
        for n in range(date(1990, 1, 1).toordinal(), date(1991, 1, 1).toordinal())
    )


# --- check


def test_the_check_shows_where_library_and_announcement_differ_and_what_it_moves():
    shown = lines(calendar("check"))
    assert shown[0].startswith("Lịch làm việc từ 01/01/1990 đến 31/12/2100, phiên bản ")
    assert shown[0].endswith("Đã công bố đến 31/12/2026; hạn dựa vào ngày sau đó là dự kiến.")
    assert (
        "02/01/2026 thứ Sáu làm việc nghỉ hoán đổi, làm bù ngày 10/01/2026 12729/VPCP-KGVX thay đổi"
    ) in shown
    assert (
        "12/02/2016 thứ Sáu Mùng năm Tết Nguyên Đán nghỉ bù Giao thừa Tết Nguyên Đán "
        "4659/TB-LĐTBXH không đổi"
    ) in shown


def test_the_check_lists_the_years_and_the_swaps_without_a_number():
    shown = lines(calendar("check"))
    assert "2019 đã công bố 252 SEEN 3, MEM 5" in shown
    assert "2027 dự kiến (chưa công bố) 249 SEC 1" in shown
    assert "22/08/2026 thứ Bảy làm bù làm bù cho ngày 31/08/2026 Văn phòng Chính phủ" in shown


def test_the_check_is_given_to_programs_as_json():
    found = as_json("check")
    assert (found["first"], found["last"]) == ("1990-01-01", "2100-12-31")
    assert found["official_until"] == "2026-12-31"
    assert [each["on"] for each in found["differences"] if each["moves_terms"]] == [
        "2026-01-02",
        "2026-01-10",
    ]
    assert [y["year"] for y in found["years"]] == list(range(2016, 2028))
    assert [y["year"] for y in found["years"] if not y["official"]] == [2027]
    assert all(year["notes"] for year in found["years"])
    unnumbered = [day["on"] for day in found["unnumbered_swaps"] if day["on"] >= "2016"]
    assert unnumbered == ["2026-08-22", "2026-08-31"]


# --- a Department's own days


def test_days_off_of_the_departments_own_come_in_through_the_settings(own_days):
    day = start().calendar.day(date(2026, 3, 3))
    assert (day.kind, day.source) == (DayKind.CLOSURE, "12/TB-SKHCN, Sở KH&CN")
    assert as_json("add", "02/03/2026", "1")["due_on"] == "2026-03-04"
    assert (
        "03/03/2026 thứ Ba cơ quan nghỉ riêng Ngày truyền thống của Sở 12/TB-SKHCN, Sở KH&CN"
        in (lines(calendar("show", "2026")))
    )
    assert ("03/03/2026 thứ Ba làm việc Ngày truyền thống của Sở 12/TB-SKHCN thay đổi") in lines(
        calendar("check")
    )
    assert own_days.is_dir()


def test_without_the_folder_the_office_is_open():
    assert start().calendar.is_working_day(date(2026, 3, 3))


def test_a_year_announced_in_the_departments_folder_is_no_longer_provisional(own_days):
    (own_days / "2027.toml").write_text(YEAR_2027, encoding="utf-8")
    found = as_json("check")
    assert found["official_until"] == "2027-12-31"
    year = found["years"][-1]
    assert (year["year"], year["official"], len(year["notes"])) == (2027, True, 2)
    assert year["confidences"] == {"SEC": 1, "NF": 1, "SEEN": 1}
    assert found["unnumbered_swaps"][-1]["on"] == "2027-12-25"


def test_a_folder_that_is_not_there_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KHCN_CALENDARS", str(tmp_path / "khong-co"))
    with pytest.raises(SettingError, match="KHCN_CALENDARS"):
        start()


def test_a_damaged_file_is_named(own_days):
    (own_days / "xau.toml").write_text("yaer = 2026\n", encoding="utf-8")
    with pytest.raises(KhcnError, match=r"xau\.toml, dòng 1, khóa «yaer»"):
        CliRunner().invoke(calendar_command, ["check"], catch_exceptions=False)


# --- at the door


def khcn(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "KHCN_HOME": str(tmp_path)}
    return subprocess.run(
        [str(KHCN), "calendar", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_year_outside_the_calendar_is_refused_in_one_sentence(tmp_path):
    run = khcn(tmp_path, "show", "2200")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "Lỗi: Ngày 01/01/2200 nằm ngoài lịch làm việc (từ 01/01/1990 đến 31/12/2100); "
        "hãy kiểm tra lại ngày, nếu đúng thì bổ sung lịch nghỉ các năm đó rồi tính lại.\n"
    )


def test_the_check_informs_and_succeeds(tmp_path):
    run = khcn(tmp_path, "check")
    assert (run.returncode, run.stderr) == (0, "")


def test_a_negative_amount_is_no_option(tmp_path):
    run = khcn(tmp_path, "add", "2019-05-06", "-5")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Hạn: thứ Năm 25/04/2019: 5 ngày làm việc trước 06/05/2019")
