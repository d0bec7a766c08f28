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
    assert made["head"] in khcn(tmp_path / "home", "verify")


def test_the_paper_itself_is_kept_shown_and_saved_with_the_rest(fresh_copy, tmp_path):
    scan = tmp_path / "bien-ban.pdf"
    scan.write_bytes(b"%PDF")
    record = ["record", "NV-2019-03", "appraisal_meeting", "appraised", "--on", "10/06/2019"]
    khcn(fresh_copy, *record, "--document", "05/BB", "--file", str(scan))
    khcn(fresh_copy, "suspend", "NV-2019-03", "--on", "10/06/2019", "--reason", "x", "--file", scan)
    (kept,) = (path for path in (fresh_copy / "documents").rglob("*.pdf"))
    assert khcn(fresh_copy, "show", "NV-2019-03").count(str(kept)) == 2
    assert "Tệp văn bản nguyên vẹn: 1." in khcn(fresh_copy, "verify")
    path = str(tmp_path / "sao-luu.zip")
    assert "01 tệp văn bản" in khcn(fresh_copy, "backup", path)
    khcn(tmp_path / "other", "restore", path)
    assert "Tệp văn bản nguyên vẹn: 1." in khcn(tmp_path / "other", "verify")
    kept.chmod(0o644)
    kept.write_bytes(b"khac")
    assert "05/BB của dòng" in refused(fresh_copy, "verify")


def test_a_paper_that_is_not_there_is_one_sentence_and_nothing_is_recorded(fresh_copy):
    before = json.loads(khcn(fresh_copy, "verify", "--json"))["head"]
    record = ["record", "NV-2019-03", "appraisal_meeting", "appraised", "--on", "10/06/2019"]
    assert "không có tệp này" in refused(fresh_copy, *record, "--file", "/khong/co.pdf")
    assert json.loads(khcn(fresh_copy, "verify", "--json"))["head"] == before


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    assert "không phải bản sao lưu" in refused(tmp_path, "restore", str(tmp_path / "x.zip"))
