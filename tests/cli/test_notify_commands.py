"""Channels and people's Zalo at the command line, against the fake Zalo."""

import json
import re
import subprocess
import sys

import pytest

from tests.cli.running import KHCN, TODAY, khcn, refused, run
from tests.databases import current
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import SEND, bot_error


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


@pytest.fixture
def zalo():
    with fake_zalo.running() as server:
        yield server


def with_bot(zalo) -> dict[str, str]:
    return {"KHCN_ZALO_URL": "zalobot://nhacviec", **zalo.environment()}


def linked(home, zalo, person: str = "cv1") -> str:
    """Ask for a code, send it to the bot as the person would; what the command says."""
    environment = with_bot(zalo) | {
        "KHCN_HOME": str(home),
        "KHCN_TODAY": "2019-06-10",
        "KHCN_DATABASE_URL": current().at(home),
        "KHCN_ACTOR": "tp",
        "PYTHONUNBUFFERED": "1",
    }
    asking = subprocess.Popen(
        [str(KHCN), "notify", "link", person, "--wait", "30"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    code = re.search(r"KHCN-\w{4}-\w{4}", asking.stdout.readline()).group()
    zalo.person_writes(code)
    return asking.communicate(timeout=60)[0]


def test_a_person_is_linked_and_a_trial_reaches_the_chat(home, zalo):
    assert "Đã liên kết Zalo của cv1." in linked(home, zalo)
    said = khcn(home, "notify", "test", "zalo", "--to", "cv1", **with_bot(zalo))
    assert said == "Kênh Zalo đã nhận tin thử.\n"
    assert [chat for _, chat, _ in zalo.sent] == ["chat-lan", "chat-lan"]
    assert "Tin thử kênh thông báo" in zalo.sent[1][2]
    khcn(home, "verify")


def test_a_code_is_good_once(home, zalo):
    linked(home, zalo)
    code = zalo.sent[0][2]
    assert "KHCN-" not in code
    zalo.chats.add("chat-khac")
    said = khcn(home, "notify", "link", "cv2", "--wait", "0", **with_bot(zalo))
    assert "lần gửi thư sau sẽ nhận tiếp" in said


def test_a_trial_that_is_refused_says_why(home, zalo):
    linked(home, zalo)
    zalo.will(SEND, bot_error(401, "Unauthorized"))
    error = refused(home, "notify", "test", "zalo", "--to", "cv1", **with_bot(zalo))
    assert "Kênh Zalo không gửi được: " in error
    assert "Chưa đặt KHCN_ZALO_URL" in refused(home, "notify", "test", "zalo", "--to", "cv1")


def test_stopped_messages_are_seen_and_sent_again(home):
    broken = {"KHCN_MAIL_URL": "khong-co://o-dau"}
    khcn(home, "sweep")
    khcn(home, "deliver", **broken)
    status = json.loads(khcn(home, "notify", "status", "--json", **broken))
    mail = next(line for line in status if line["alias"] == "mail")
    assert mail["counts"]["parked"] == 3
    assert mail["state"]["failures"] == 3
    assert "dừng đến" in khcn(home, "notify", "status", **broken)
    first = json.loads(khcn(home, "notify", "failed", "--json"))[0]
    assert first["status"] == "parked"
    assert "chờ sửa kênh gửi" in khcn(home, "notify", "failed")
    khcn(home, "notify", "test", "mail")
    assert khcn(home, "notify", "failed") == "Không có tin nào dừng.\n"
    assert "Không tìm thấy tin đã dừng số" in refused(home, "notify", "resend", "999999")
    assert "đã gửi" in khcn(home, "deliver")


def test_a_pair_of_tokens_is_kept_sealed(home, zalo):
    access, refresh = zalo.new_pair()
    done = subprocess.run(
        [str(KHCN), "notify", "tokens", "nhacviec"],
        env={
            "KHCN_HOME": str(home),
            "KHCN_TODAY": TODAY,
            "KHCN_DATABASE_URL": current().at(home),
        },
        input=f"{access}\n{refresh}\n",
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,  # no terminal to ask at
    )
    assert access not in done.stdout + done.stderr
    khcn(home, "notify", "contact", "cv1", "--zalo-user", "uid-lan", "--wants", "both")
    oa = with_bot(zalo) | {"KHCN_ZALO_URL": "zalooa://nhacviec?template=405601"}
    said = khcn(home, "notify", "test", "zalo", "--to", "cv1", **oa)
    assert said == "Kênh Zalo đã nhận tin thử. Hạn mức còn 499 tin.\n"
    assert zalo.refreshes == 1
    assert "499" in khcn(home, "notify", "status", **oa)


def test_a_template_is_seen_in_each_form(home):
    assert "NV-2019-07" in khcn(home, "notify", "preview", "overdue")
    assert "<html" in khcn(home, "notify", "preview", "overdue", "--channel", "html")
    assert len(khcn(home, "notify", "preview", "overdue", "--channel", "zalo")) <= 2001
    assert run(home, "notify", "preview", "khong-co").returncode == 2


def test_a_message_about_a_task_of_the_register_is_seen_and_why_it_does_not_go(home):
    overdue = json.loads(khcn(home, "due", "--overdue", "--json"))[0]["task_code"]
    done = run(home, "notify", "preview", "overdue", overdue)
    assert overdue in done.stdout.splitlines()[0]
    assert "Người nhận: Chuyên viên" in done.stderr
    page = run(home, "notify", "preview", "due_soon", overdue, "--channel", "html")
    assert page.stdout.startswith("<!DOCTYPE html>")
    assert "KHÔNG GỬI: Hôm nay không còn trước hạn." in page.stderr
    chat = run(home, "notify", "preview", "overdue", overdue, "--channel", "zalo")
    assert "KHÔNG GỬI: Chưa đặt KHCN_ZALO_URL; thư đi thay." in chat.stderr
    assert "Không tìm thấy nhiệm vụ" in refused(home, "notify", "preview", "overdue", "NV-0")
