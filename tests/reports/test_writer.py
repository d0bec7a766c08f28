"""The suffix chooses the form; a file appears whole or not at all."""

import pytest

from khcn_workflow.reports import writer
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b

REPORT = build_report(b.report_input())


@pytest.mark.parametrize("suffix", [".docx", ".md", ".html", ".json", ".xlsx", ".DOCX"])
def test_each_suffix_writes_its_form(tmp_path, suffix):
    path = writer.write(REPORT, tmp_path / f"bao-cao{suffix}")
    assert path.stat().st_size > 500
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["bao-cao.odt", "bao-cao"])
def test_another_suffix_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(writer.ReportFormatError, match=r"\.docx, \.md, \.html, \.json"):
        writer.write(REPORT, tmp_path / name)


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(writer.ReportFileError, match="Không ghi được tệp"):
        writer.write(REPORT, tmp_path / "khong-co" / "bao-cao.md")


def test_a_write_that_fails_leaves_the_old_file_and_no_scraps(tmp_path):
    path = tmp_path / "bao-cao.md"
    path.mkdir()
    with pytest.raises(writer.ReportFileError):
        writer.write(REPORT, path)
    assert [p.name for p in tmp_path.iterdir()] == ["bao-cao.md"]
