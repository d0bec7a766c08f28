"""People at the command line: the machine's own account says who speaks."""

import json
import os
import pwd

import pytest

from tests.cli.running import khcn, refused

ME = pwd.getpwuid(os.getuid()).pw_name
ANSWER = ["record", "ĐX-2020-01", "determination_council", "recommended", "--on", "10/06/2019"]


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


def appoint(home, code: str = "qt") -> None:
    khcn(home, "persons", "set", code, "--name", "Quản trị", "--role", "quan-tri", "--account", ME)


def test_people_are_listed_with_who_is_away_and_who_stands_in(home):
    khcn(home, "persons", "absent", "cv1", "--until", "14/06/2019", "--by", "cv1")
    said = khcn(home, "persons", "delegate", "cv1", "cv2", "--until", "14/06/2019", "--by", "cv1")
    assert said == "Đã ghi UQ-001: cv1 ủy quyền cv2 10/06/2019–14/06/2019 (UQ-001).\n"
    text = khcn(home, "persons", "list")
    assert "vắng 10/06/2019–14/06/2019 (VM-001)" in text
    assert "07 cán bộ." in text
    assert "(vắng đến 14/06/2019)" in khcn(home, "due")
    assert khcn(home, "persons", "revoke", "UQ-001", "--by", "cv1") == (
        "Đã thôi UQ-001 từ hôm nay.\n"
    )
    khcn(home, "verify")


def test_before_anybody_has_an_account_the_environment_says_who_records(home):
    assert "«ai-do» không có trong danh sách cán bộ" in refused(home, *ANSWER, KHCN_ACTOR="ai-do")
    khcn(home, *ANSWER, KHCN_ACTOR="tp")
    story = json.loads(khcn(home, "show", "ĐX-2020-01", "--json"))
    kinds = [(e["fact"]["kind"], e["fact"]["actor"], e["fact"]["role"]) for e in story["entries"]]
    assert kinds[-2:] == [("refused", "ai-do", ""), ("outcome", "tp", "truong-phong")]


def test_once_somebody_has_an_account_the_machine_says_it(home):
    appoint(home)
    error = refused(home, *ANSWER, KHCN_ACTOR="tp", USER="tp", LOGNAME="tp")
    assert "Quản trị (qt, quản trị) không được ghi «Đề nghị thực hiện»" in error
    assert f"«{ME}» là của Quản trị (qt), không phải của «tp»" in refused(
        home, *ANSWER, "--by", "tp"
    )
    text = khcn(home, "show", "ĐX-2020-01")
    assert "Lần bị từ chối:" in text
    assert "không được ghi «Đề nghị thực hiện» cho bước" in text
    khcn(home, "verify")


def test_an_account_of_nobody_is_told_what_to_ask_for(home):
    for code in ("qt", "qt2"):
        appoint(home, code) if code == "qt" else khcn(
            home, "persons", "set", code, "--name", "Hai", "--role", "quan-tri",
            "--account", "may-khac",
        )  # fmt: skip
    khcn(home, "persons", "set", "qt", "--account", "")
    assert f"khcn persons set MÃ_CỦA_BẠN --account {ME}" in refused(home, *ANSWER)
    assert "chưa là của cán bộ nào" in refused(home, "freeze", "2019-H1")


def test_the_first_account_is_not_of_somebody_elses_machine(home):
    error = refused(
        home, "persons", "set", "qt", "--name", "A", "--role", "quan-tri", "--account", "khac"
    )
    assert f"Tài khoản máy đang dùng («{ME}») chưa là của ai" in error


def test_a_secret_is_shown_once_as_a_square_and_an_address(home):
    text = khcn(home, "persons", "totp", "cv1")
    assert "otpauth://totp/" in text
    assert "█" in text or "▀" in text
    assert (home / "secret.key").stat().st_mode & 0o077 == 0
    khcn(home, "verify")


def test_a_switch_that_is_neither_on_nor_off_is_said(home):
    assert "Biến KHCN_TOTP có giá trị «có» không dùng được: cần on hoặc off" in refused(
        home, "due", KHCN_TOTP="có"
    )
