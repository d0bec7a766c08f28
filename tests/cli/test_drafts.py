"""Nothing typed is lost when a recording command is refused."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import khcn, refused

CODE, STEP = "NV-2019-02", "contract_signing"
SIGNED = ("record", CODE, STEP, "signed", "--on", "10/06/2019")


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


def draft_named(refusal: str) -> Path:
    found = re.search(r"Điều đã gõ được giữ ở: (.+)", refusal)
    assert found, refusal
    return Path(found.group(1))


def command_named(refusal: str) -> list[str]:
    found = re.search(r": khcn (.+)$", refusal.strip())
    assert found, refusal
    return found.group(1).split()


def typed(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))["typed"]


def test_a_refused_result_is_kept_and_recorded_again_with_what_was_missing(home):
    refusal = refused(home, *SIGNED, "--document", "12/HĐ", "--note", "ký ngày «tốt»")
    path = draft_named(refusal)
    assert typed(path) == {
        "code": CODE, "step": STEP, "outcome": "signed", "on": "2019-06-10",
        "document": "12/HĐ", "note": "ký ngày «tốt»",
    }  # fmt: skip
    again = command_named(refusal)
    text = khcn(home, *again, "--field", "ends_on=10/06/2021")
    assert "Đã ghi: NV-2019-02 – Ký hợp đồng" in text
    assert not path.exists()
    assert "12/HĐ" in khcn(home, "show", CODE)


def test_a_draft_refused_again_stays_the_same_file(home):
    path = draft_named(refused(home, *SIGNED))
    again = refused(home, "record", "--draft", str(path), "--field", "ends_on=x")
    assert draft_named(again) == path
    assert typed(path)["fields"] == ["ends_on=x"]
    assert len(list(path.parent.iterdir())) == 1


def test_what_is_typed_wins_over_the_draft(home):
    path = draft_named(refused(home, *SIGNED))
    khcn(
        home, "record", "--draft", str(path), CODE, STEP, "signed", "--on", "07/06/2019",
        "--field", "ends_on=07/06/2021",
    )  # fmt: skip
    assert "07/06/2019" in khcn(home, "show", CODE)


@pytest.mark.parametrize(
    "command",
    [
        ("delay", "NV-0", STEP, "--cause", "mưa", "--commit", "30/06/2019"),
        ("suspend", "NV-0", "--on", "10/06/2019", "--reason", "chờ"),
        ("resume", CODE, "--on", "10/06/2019", "--document", "5/CV"),
        ("extend", CODE, "--until", "01/01/2020", "--asked", "03/06/2019", "--on", "10/06/2019"),
        ("terminate", CODE, "--on", "11/06/2019", "--reason", "dừng hẳn"),
        ("correct", "1", "--reason", "nhầm", "--annul"),
        ("assign", CODE, "cv-khong-co", "--on", "10/06/2019", "--note", "nghỉ thai sản"),
    ],
)
def test_every_command_that_records_keeps_what_was_typed(home, command):
    refusal = refused(home, *command)
    path = draft_named(refusal)
    text = path.read_text(encoding="utf-8")
    words = [word for word in command[1:] if not re.match(r"--|\d\d/", word)]
    assert all(word in text for word in words)
    assert refused(home, *command_named(refusal)) == refusal
    assert f": khcn {command[0]} --draft {path}" in refusal


def test_a_draft_of_another_command_or_no_draft_is_refused(home, tmp_path):
    path = draft_named(refused(home, *SIGNED))
    assert "là của lệnh khcn record" in refused(home, "delay", "--draft", str(path))
    bad = tmp_path / "x.json"
    bad.write_text("[1]", encoding="utf-8")
    assert "không phải bản nháp" in refused(home, "record", "--draft", str(bad))
    assert "không đọc được" in refused(home, "record", "--draft", str(tmp_path / "khong-co.json"))


def test_a_refusal_is_told_even_where_no_draft_can_be_kept(home):
    (home / "drafts").write_text("", encoding="utf-8")
    refusal = refused(home, *SIGNED, "--document", "12/HĐ")
    assert "còn thiếu «Ngày kết thúc hợp đồng»" in refusal
    assert "Không giữ được bản nháp" in refusal
    assert "12/HĐ" in refusal


def test_who_looked_before_others_recorded_is_told_what_they_did(home):
    version = re.search(r"Phiên bản: (\d+)", khcn(home, "show", CODE)).group(1)
    khcn(home, "delay", CODE, STEP, "--cause", "chờ ý kiến", KHCN_ACTOR="tp")
    refusal = refused(home, *SIGNED, "--field", "ends_on=10/06/2021", "--seen", version)
    assert f"phiên bản {version}, nay {int(version) + 1}" in refusal
    assert "«Ký hợp đồng: Giải trình chậm» ngày 10/06/2019, do tp ghi lúc" in refusal
    assert typed(draft_named(refusal))["seen"] == int(version) + 1
    assert "Đã ghi" in khcn(home, *command_named(refusal))


def test_a_version_that_never_was_is_refused(home):
    assert "Không tìm thấy phiên bản «999»" in refused(home, *SIGNED, "--seen", "999")


def test_the_second_to_record_is_told_who_was_first_and_when(home):
    signed = (*SIGNED, "--field", "ends_on=10/06/2021")
    khcn(home, *signed, KHCN_ACTOR="tp")
    refusal = refused(home, *signed)
    assert "do tp ghi; không ghi lần thứ hai. Đã ghi ở dòng" in refusal
    assert re.search(r"do tp ghi lúc \d\d:\d\d 10/06/2019\.", refusal)
