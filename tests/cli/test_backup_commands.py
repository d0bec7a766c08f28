"""`khcn backup` and `khcn restore` as an officer meets them."""

import json

from tests.cli.running import khcn, refused


def test_a_backup_is_restored_in_another_home(imported, tmp_path):
    path = str(tmp_path / "sao-luu.zip")
    made = json.loads(khcn(imported, "backup", path, "--json"))
    assert f"sổ cái {made['rows']} dòng" in khcn(tmp_path / "home", "restore", path)
    assert made["head"] in khcn(tmp_path / "home", "verify")
    assert "54 nhiệm vụ." in khcn(tmp_path / "home", "tasks")
    assert "thêm --replace" in refused(tmp_path / "home", "restore", path)
    assert "Cơ sở dữ liệu cũ:" in khcn(tmp_path / "home", "restore", path, "--replace")


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    assert "không phải bản sao lưu" in refused(tmp_path, "restore", str(tmp_path / "x.zip"))
