import json
from pathlib import Path

import pytest

from tests.cli.running import khcn, refused, run


@pytest.fixture
def home(fresh_copy):
    return fresh_copy


def test_a_calendar_is_given_listed_kept_up_to_date_and_revoked(home):
    assert khcn(home, "feed") == "Chưa ai có lịch cá nhân. Cấp: khcn feed MÃ\n"
    path = Path(khcn(home, "feed", "cv1").strip())
    assert path.parent == home / "feeds"
    content = path.read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR")
    listed = khcn(home, "feed")
    assert "Chuyên viên 1" in listed
    assert path.stem not in listed
    for command in ("sweep", "deliver"):
        path.unlink()
        khcn(home, command)
        assert path.read_bytes() == content
    assert json.loads(khcn(home, "feed", "cv1", "--json"))["path"] == str(path)
    khcn(home, "verify")
    assert "Đã thu hồi lịch của cv1." in khcn(home, "feed", "cv1", "--revoke")
    assert not path.exists()


def test_what_cannot_be_is_said(home):
    assert "Không tìm thấy cán bộ" in refused(home, "feed", "khong-co")
    assert "Không tìm thấy lịch cá nhân của" in refused(home, "feed", "cv1", "--revoke")
    assert run(home, "feed", "--revoke").returncode == 2
