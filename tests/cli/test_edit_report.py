"""`khcn edit-report` as an officer meets it."""

import pytest

from tests.cli.conftest import copied
from tests.cli.running import khcn, refused

DAY = ("--as-of", "10/06/2019")


@pytest.fixture
def home(imported, database, tmp_path):
    return copied(imported, tmp_path / "home", database)


def test_a_section_is_worded_kept_and_taken_back(home, tmp_path):
    words = tmp_path / "loi.txt"
    words.write_text("Còn {late_internal} nhiệm vụ chậm.\n", encoding="utf-8")
    said = khcn(home, "edit-report", "2019-H1", "I.2", *DAY, "--from", str(words), "--by", "tp")
    assert "Mục I.2 (Tồn tại, hạn chế): đã sửa." in said
    report = tmp_path / "a.md"
    assert "đã đổi từ khi" not in khcn(home, "report", "2019-H1", *DAY, "--out", str(report))
    assert "Còn 08 nhiệm vụ chậm." in report.read_text(encoding="utf-8")
    earlier = khcn(home, "report", "2019-H1", "--as-of", "14/05/2019", "--out", str(report))
    assert "Lời tự sinh của mục I.2 đã đổi từ khi được sửa" in earlier
    listed = khcn(home, "edit-report", "2019-H1", "--as-of", "14/05/2019")
    assert "LỜI TỰ SINH ĐÃ ĐỔI" in listed
    assert "Còn {late_internal} nhiệm vụ chậm." in listed
    assert "01 mục đã sửa." in listed
    assert "trở về lời tự sinh" in khcn(home, "edit-report", "2019-H1", "I.2", *DAY, "--undo")
    assert "00 mục đã sửa." in khcn(home, "edit-report", "2019-H1", *DAY)


def test_a_section_that_is_none_is_refused(home):
    assert "không có mục «V»" in refused(home, "edit-report", "2019-H1", "V", *DAY, "--undo")
