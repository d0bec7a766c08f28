"""`khcn correct`, `khcn assign`, and anchors, as an officer meets them."""

import json
import re

import pytest

from tests.cli.running import khcn, refused

CODE, STEP = "NV-2019-02", "contract_signing"


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


def test_a_wrong_row_is_annulled_and_shown_with_the_row_that_did(home):
    khcn(
        home, "record", CODE, STEP, "signed", "--on", "10/06/2019",
        "--field", "ends_on=10/06/2021",
    )  # fmt: skip
    seq = json.loads(khcn(home, "show", CODE, "--json"))["entries"][-1]["seq"]
    text = khcn(home, "correct", str(seq), "--annul", "--reason", "nhầm nhiệm vụ")
    assert f"Ký hợp đồng: Hủy dòng {seq}: " in text
    assert "Chờ kết quả: Ký hợp đồng." in text
    shown = khcn(home, "show", CODE)
    assert f"[đã hủy ở dòng {seq + 1}]" in shown
    assert f"Hủy dòng {seq}: " in shown
    assert "nhầm nhiệm vụ" in khcn(home, "due", "--explain", CODE, STEP)
    assert "Sổ cái toàn vẹn" in khcn(home, "verify")
    assert f"Hãy sửa dòng {seq + 1}" in refused(
        home, "correct", str(seq), "--annul", "--reason", "lại"
    )


def test_a_wrong_day_is_corrected_and_says_what_moves(home):
    khcn(home, "suspend", CODE, "--on", "03/05/2019", "--reason", "chờ ý kiến")
    khcn(home, "resume", CODE, "--on", "03/06/2019")
    seq = json.loads(khcn(home, "show", CODE, "--json"))["entries"][-1]["seq"]
    text = khcn(home, "correct", str(seq), "--on", "04/06/2019", "--reason", "đọc nhầm công văn")
    assert "Ký hợp đồng: hạn 24/06/2019 → 25/06/2019." in text


def test_a_task_is_given_to_somebody_else(home):
    task = json.loads(khcn(home, "show", CODE, "--json"))["progress"]["task"]
    other = "cv2" if task["officer"] != "cv2" else "cv1"
    text = khcn(home, "assign", CODE, other, "--on", "10/06/2019", "--document", "3/QĐ")
    assert text.startswith(f"Đã giao: {CODE} – từ ")
    assert f"({other})." in text
    assert f"Chuyên viên: {other}" in khcn(home, "show", CODE)


def test_an_anchor_is_one_line_that_a_later_verify_is_held_against(home, tmp_path):
    anchor = khcn(home, "verify", "--anchor")
    assert re.fullmatch(r"\d+:[0-9a-f]{64} 2019-06-\S+ verify\n", anchor)
    khcn(home, "delay", CODE, STEP, "--cause", "mưa")
    assert "Khớp 2 mốc" in khcn(home, "verify", "--against", anchor.split()[0])
    file = tmp_path / "so-tay.txt"
    file.write_text(anchor * 2, encoding="utf-8")
    assert "Khớp 4 mốc" in khcn(home, "verify", "--against", str(file))
    longer = f"9999:{'a' * 64}"
    assert "Sổ cái đã mất dòng" in refused(home, "verify", "--against", longer)
    other = f"{anchor.partition(':')[0]}:{'a' * 64}"
    assert "Sổ cái đã bị viết lại" in refused(home, "verify", "--against", other)
    assert "cần SỐ_DÒNG:MÃ_BĂM" in refused(home, "verify", "--against", "12:xyz")
    assert "Không tìm thấy tệp mốc" in refused(home, "verify", "--against", "khong-co.txt")


def test_verify_freeze_and_backup_each_note_the_head_and_a_restore_gives_up_what_it_lost(
    home, tmp_path
):
    file = tmp_path / "luu.zip"
    khcn(home, "verify")
    khcn(home, "backup", str(file))
    khcn(home, "freeze", "2019-H1")
    lines = (home / "anchors.txt").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["verify", "backup", "freeze"]
    khcn(home, "restore", str(file), "--replace")
    assert "Khớp 3 mốc" in khcn(home, "verify")


def test_a_refused_verify_notes_nothing(home):
    refused(home, "verify", "--against", f"9999:{'a' * 64}")
    assert not (home / "anchors.txt").exists()
