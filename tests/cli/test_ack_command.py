import json

import pytest

from tests.cli.running import khcn, refused
from tests.office import a_task, enter, open_office


@pytest.fixture
def home(tmp_path, database):
    from datetime import date

    app = open_office(tmp_path, date(2019, 6, 3), database=database)
    app.run(enter, a_task(), "contract_signing", date(2019, 6, 3))
    app.close()
    return tmp_path


def test_ack_puts_reminders_off_and_shows_in_the_ledger(home):
    said = khcn(
        home, "ack", "NV-2019-01", "--until", "20/06/2019", "--reason", "Đã có lịch", "--by", "cv1"
    )
    assert said == (
        "Đã ghi: NV-2019-01, bước «Ký hợp đồng» (hạn 03/07/2019) không nhắc đến hết 20/06/2019. "
        "Quá hạn thì vẫn báo.\n"
    )
    assert "Hoãn nhắc đến 20/06/2019" in khcn(home, "show", "NV-2019-01")


def test_ack_beyond_the_due_day_is_refused(home):
    asked = ("ack", "NV-2019-01", "--until", "04/07/2019", "--reason", "x", "--by", "cv1")
    assert "Chỉ hoãn nhắc được đến ngày hạn 03/07/2019" in refused(home, *asked)


def test_digest_says_what_it_wrote(home):
    written = json.loads(khcn(home, "digest", "--json", KHCN_TODAY="2019-07-02"))
    assert (written["digests"], written["steps"], written["weekly"]) == (1, 1, 1)
    assert "0 thư tổng hợp mới" in khcn(home, "digest", KHCN_TODAY="2019-07-02")
    assert "chỉ viết từ 07:30" in khcn(home, "digest", KHCN_TODAY="2019-07-06")


def test_the_ladder_is_shown_and_a_wrong_one_stops_every_command(home, tmp_path):
    assert "quá hạn 3 ngày" in khcn(home, "notify", "ladder")
    folder = tmp_path / "mau"
    folder.mkdir()
    (folder / "ladder.toml").write_text('[[rung]]\nid = "x"\ndays = "1"\n', encoding="utf-8")
    said = refused(home, "tasks", KHCN_MAIL_TEMPLATES=str(folder))
    assert "ladder.toml, dòng 3, khóa «rung.0.days»: phải là số nguyên" in said
