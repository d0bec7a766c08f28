import re
from datetime import date

import pytest

from flows.channel_deeds import (
    channel_board,
    feed_board,
    link_zalo,
    resend_message,
    try_channel,
)
from khcn_workflow.services.channel_desk import open_invitations
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.feeds import feeds_now, open_feed
from khcn_workflow.settings import as_environment
from tests.office import a_task, enter, open_office


@pytest.fixture
def office(tmp_path, database, monkeypatch):
    app = open_office(tmp_path, database=database, KHCN_MAIL_URL="khong-co://o-dau")
    app.run(enter, a_task(), "contract_signing", date(2019, 3, 1))
    app.run(sweep)
    deliver_outbox(app)
    for name, value in as_environment(app.settings).items():
        monkeypatch.setenv(name, value)
    yield app
    app.close()


def test_the_board_shows_the_parked_channel_and_each_message_with_its_reason(office):
    text = office.ask(channel_board)
    mail = next(line for line in text.splitlines() if line.startswith("| Thư | khong-co://"))
    assert "| 0 | 3 | 0 |" in mail
    assert "DỪNG: " in mail
    assert text.count("chờ sửa kênh") == 3


def test_a_trial_and_a_resend_say_what_they_did(office, monkeypatch):
    refused = try_channel.fn("mail", "")
    assert (refused.name, "Không gửi được" in refused.message) == ("Bị từ chối", True)
    monkeypatch.setenv("KHCN_MAIL_URL", f"mailbox://{office.settings.home / 'thu'}")
    assert try_channel.fn("mail", "cv1").message == "Kênh thư đã nhận tin thử."
    assert "Không tìm thấy tin đã dừng số" in resend_message.fn(999).message
    assert "chờ sửa kênh" not in office.ask(channel_board)


def test_the_board_shows_who_has_a_calendar_and_not_what_it_is_called(office):
    assert feed_board(feeds_now(office)) == "## Lịch cá nhân\n\n*Không có.*"
    path = open_feed(office, "cv1", "cv1")
    text = feed_board(feeds_now(office))
    assert "| Chuyên viên 1 | 1 | " in text
    assert path.stem not in text


def test_a_code_for_zalo_is_given_by_hand_and_waits_for_delivery(office):
    said = link_zalo.fn("cv1 – Chuyên viên 1", "tp").message
    assert re.search(r"Mã liên kết của cv1: KHCN-\w{4}-\w{4}\. ", said)
    assert [i.person for i in office.ask(open_invitations)] == ["cv1"]
    assert "Không tìm thấy cán bộ" in link_zalo.fn("khong-co", "tp").message
