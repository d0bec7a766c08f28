"""`khcn export` as an officer meets it."""

import json

from tests.cli.running import khcn, refused


def test_an_export_says_what_it_holds_and_imports_elsewhere(imported, tmp_path):
    path = tmp_path / "so.xlsx"
    text = khcn(imported, "export", str(path))
    assert "07 cán bộ, 54 nhiệm vụ, 180 kết quả bước, 08 giải trình chậm" in text
    khcn(tmp_path / "home", "import", str(path))
    due = [json.loads(khcn(home, "due", "--json")) for home in (imported, tmp_path / "home")]
    assert due[0] == due[1]


def test_a_name_that_is_no_workbook_is_refused(imported, tmp_path):
    assert "phải có đuôi .xlsx" in refused(imported, "export", str(tmp_path / "so.csv"))


def test_a_folder_that_is_not_there_is_one_sentence(imported, tmp_path):
    assert "Không ghi được tệp" in refused(imported, "export", str(tmp_path / "x" / "so.xlsx"))
