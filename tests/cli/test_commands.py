"""The command line as an officer meets it: real processes, real files."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from khcn_workflow.cli import speak_vietnamese
from khcn_workflow.cli.commands import MODULES
from khcn_workflow.cli.commands import khcn as group
from scripts.compile_locale import SOURCE, compiled
from tests.cli.conftest import copied
from tests.cli.running import TODAY, khcn, refused
from tests.databases import current
from tests.sample import TASKS, changed, with_cell


@pytest.fixture(scope="module")
def home(imported, database, tmp_path_factory):
    return copied(imported, tmp_path_factory.mktemp("copy") / "home", database)


def test_help_is_vietnamese_and_names_every_command(tmp_path):
    assert "Cách dùng: khcn [LỰA CHỌN] LỆNH" in khcn(tmp_path, "--help")
    speak_vietnamese()
    runner = CliRunner()
    text = runner.invoke(group, ["--help"]).output
    assert "..." not in text.partition("\nLệnh:")[2]
    for command in MODULES:
        assert f"  {command} " in text
        assert "Cách dùng:" in runner.invoke(group, [command, "--help"]).output


def test_the_words_of_click_are_compiled_from_their_source():
    assert SOURCE.with_suffix(".mo").read_bytes() == compiled()


def test_tasks_lists_all_and_what_they_wait_for(home):
    text = khcn(home, "tasks")
    assert "54 nhiệm vụ." in text
    lines = json.loads(khcn(home, "tasks", "--json"))
    waiting = {line["code"]: line["waiting_for"] for line in lines}
    assert waiting["NV-2019-08"] == ["Thông báo lần hai"]


def test_due_shows_what_is_late_first(home):
    text = khcn(home, "due", "--within", "3")
    assert "08 quá hạn" in text
    steps = json.loads(khcn(home, "due", "--within", "3", "--json"))
    assert (steps[0]["task_code"], steps[0]["days_late"]) == ("BS-2018-01", 28)
    assert all(step["days_left"] <= 3 for step in steps)


def test_due_as_of_an_earlier_day_says_what_was_late_then(home):
    steps = json.loads(khcn(home, "due", "--as-of", "03/05/2019", "--within", "0", "--json"))
    late = {step["task_code"] for step in steps if step["days_late"]}
    assert late == {"BS-2018-01", "NV-2019-03"}


def test_lists_print_as_many_lines_as_asked_and_still_count_all(home):
    assert "02 nhiệm vụ đầu danh sách." in khcn(home, "tasks", "--limit", "2")
    text = khcn(home, "due", "--overdue", "--limit", "3")
    assert len(text.splitlines()) == 2 + 3 + 2
    assert "08 bước có hạn (in 03 bước đầu), 08 quá hạn." in text
    steps = json.loads(khcn(home, "due", "--overdue", "--limit", "3", "--json"))
    assert [step["days_late"] > 0 for step in steps] == [True] * 3
    assert all(step["proof"] for step in steps)


def test_the_funnel_agrees_with_the_list(home):
    stages = json.loads(khcn(home, "funnel", "--json"))
    assert [stage["stage"] for stage in stages][::5] == ["proposal", "acceptance"]
    assert sum(stage["overdue"] for stage in stages) == 8
    assert "08 quá hạn." in khcn(home, "funnel")
    earlier = json.loads(khcn(home, "funnel", "--as-of", "03/05/2019", "--json"))
    assert sum(stage["overdue"] for stage in earlier) == 2


def test_show_tells_the_story_with_the_proof(home):
    text = khcn(home, "show", "NV-2019-04")
    assert "QUÁ HẠN" in text
    assert "Mục tiêu nội bộ: thứ Sáu 03/05/2019: 10 ngày từ 23/04/2019" in text
    assert "Giải trình chậm" in text


def test_an_unknown_task_is_one_sentence(home):
    assert refused(home, "show", "NV-9999") == (
        "Lỗi: Không tìm thấy nhiệm vụ «NV-9999». Xem danh sách bằng lệnh: khcn tasks\n"
    )


def test_record_says_what_comes_next_and_the_second_time_what_happened(home):
    answer = ["record", "ĐX-2020-01", "determination_council", "recommended", "--on", "10/06/2019"]
    text = khcn(home, *answer, "--document", "05/BB-HĐTV")
    assert "Đã ghi: ĐX-2020-01" in text
    assert "Hạn: thứ Tư 19/06/2019: 7 ngày làm việc từ 10/06/2019" in text
    assert "không ghi lần thứ hai" in refused(home, *answer)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("11/06/2019", "ở sau hôm nay"),
        ("09/06/2019", "là ngày nghỉ"),
        ("01/05/2019", "ở trước ngày mở bước"),
        ("31/02/2019", "không phải ngày"),
    ],
)
def test_a_date_that_cannot_stand_is_refused(home, day, says):
    error = refused(
        home, "record", "ĐX-2020-02", "determination_council", "recommended", "--on", day
    )
    assert says in error


def test_a_delay_is_explained_and_shown(home):
    khcn(
        home, "delay", "ĐX-2020-03", "determination_council", "--cause", "xin-y-kien",
        "--commit", "28/06/2019",
    )  # fmt: skip
    story = json.loads(khcn(home, "show", "ĐX-2020-03", "--json"))
    (owed,) = [r for r in story["progress"]["rounds"] if r["closed_on"] is None]
    assert (owed["delays"][0]["cause"], owed["delays"][0]["commitment"]) == (
        "xin-y-kien",
        "2019-06-28",
    )


def test_sweep_then_deliver_puts_one_file_a_mail_in_the_folder(home):
    assert "lời nhắc mới" in khcn(home, "sweep")
    swept = json.loads(khcn(home, "sweep", "--json"))
    assert swept["messages"] == 0
    sent = json.loads(khcn(home, "deliver", "--json"))["counts"]["sent"]
    assert len(list((home / "outbox").glob("*.eml"))) == sent > 0
    assert "Không có thư chờ gửi." in khcn(home, "deliver")


@pytest.mark.parametrize("form", ["docx", "md", "html", "json", "xlsx"])
def test_report_writes_the_form_that_was_asked_for(home, tmp_path, form):
    path = tmp_path / f"bao-cao.{form}"
    assert str(path) in khcn(home, "report", "2019-H1", "--as-of", "2019-06-10", "--out", str(path))
    assert path.stat().st_size > 1000


def test_a_report_in_an_unknown_form_or_period_is_refused(home, tmp_path):
    odd = str(tmp_path / "a.odt")
    assert "đuôi tệp phải là" in refused(home, "report", "2019-H1", "--out", odd)
    fine = str(tmp_path / "a.md")
    assert "Không đọc được kỳ báo cáo" in refused(home, "report", "2019-H9", "--out", fine)


def test_report_lists_the_rows_of_a_number(home):
    day = ["report", "2019-H1", "--as-of", "2019-06-10"]
    text = khcn(home, *day, "--number", "new_contracted")
    assert "đã ký hợp đồng [new_contracted]: 01" in text
    assert "NV-2019-01" in text
    (signed,) = json.loads(khcn(home, *day, "--number", "21", "--json"))
    assert [row["code"] for row in signed["rows"]] == ["NV-2019-01"]
    assert len(json.loads(khcn(home, *day, "--number", "all", "--json"))) == 55
    assert "Báo cáo không có con số «xyz»" in refused(home, *day, "--number", "xyz")
    assert "--number ID để tra số" in refused(home, *day)


def test_a_folder_that_is_not_there_is_said(home, tmp_path):
    error = refused(home, "report", "2019-H1", "--out", str(tmp_path / "khong-co" / "a.md"))
    assert "Không ghi được tệp" in error


def test_import_names_every_problem_and_takes_nothing(tmp_path):
    path = changed(
        TASKS,
        tmp_path / "so.xlsx",
        with_cell("Nhiệm vụ", "Chuyên viên theo dõi", "cv9", "NV-2018-05"),
        with_cell("Kết quả", "Ngày", "30/02/2019", "NV-2019-02", "Đã thẩm định"),
    )
    home = tmp_path / "home"
    error = refused(home, "import", str(path))
    assert "02 chỗ cần sửa; chưa nhập dòng nào" in error
    assert "so.xlsx, trang «Nhiệm vụ», dòng" in error
    assert json.loads(khcn(home, "verify", "--json"))["rows"] == 0


def test_a_dry_run_keeps_nothing(tmp_path):
    assert "Sẽ nhập từ nhiem-vu.xlsx" in khcn(tmp_path, "import", "--dry-run", str(TASKS))
    assert json.loads(khcn(tmp_path, "verify", "--json"))["rows"] == 0


def test_calendar_add_explains_each_day(tmp_path):
    text = khcn(tmp_path, "calendar", "add", "22/04/2019", "7", "--explain")
    assert text.startswith("Hạn: thứ Bảy 04/05/2019: 7 ngày làm việc từ 22/04/2019")
    assert "nghỉ hoán đổi" in text
    assert "6519/VPCP-KGVX" in text


def test_verify_prints_the_head_of_the_chain(home):
    assert "Sổ cái toàn vẹn" in khcn(home, "verify")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KHCN_TODAY", "10/06/2019", "cần ngày viết YYYY-MM-DD"),
        ("KHCN_CALENDARS", "/khong/co", "cần một thư mục có thật"),
        ("KHCN_AGENCY", "sao-hoa", "Không tìm thấy cơ quan"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(home, name, value, says):
    assert says in refused(home, "due", **{name: value})


READ_COMMANDS = [["due"], ["tasks"], ["show", "NV-2019-04"], ["verify"]]
HEAVY = ("prefect", "apprise", "openpyxl", "docx", "holidays", "pandas", "alembic", "numpy")


@pytest.mark.parametrize("command", READ_COMMANDS, ids=lambda command: command[0])
def test_a_read_command_loads_nothing_heavy(home, command):
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('LOADED', *sorted(sys.modules)))\n"
        f"sys.argv = ['khcn', *{command!r}]\n"
        "from khcn_workflow.cli import main; main()"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "KHCN_HOME": str(home),
        "KHCN_DATABASE_URL": current().at(home),
        "KHCN_TODAY": TODAY,
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "khcn_workflow.bootstrap" in loaded
    assert loaded.isdisjoint(HEAVY)
