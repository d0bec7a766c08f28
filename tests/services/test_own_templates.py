"""Word templates in the Department's own folder: for reports, frozen ones, papers; looked at."""

from datetime import date

import docx
import pytest

from khcn_workflow.cli.checks import rules
from khcn_workflow.cli.findings import Level
from khcn_workflow.reports.word_template import WordTemplateError
from khcn_workflow.reports.writer import ReportFormatError
from khcn_workflow.services.freezing import freeze, write_frozen
from khcn_workflow.services.health import paper_problem
from khcn_workflow.services.papers import draft_paper, start_template
from khcn_workflow.services.report_round import write_report
from tests.office import TODAY, a_task, enter, open_office


@pytest.fixture
def office(tmp_path, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path / "home")
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    app.settings.own_templates.mkdir(parents=True)
    yield app
    app.close()


def own(office, name, words):
    """A template as one begins with it, with a line added in Word."""
    path = office.settings.own_templates / name
    office.ask(start_template, path)
    document = docx.Document(path)
    document.add_paragraph(words)
    document.save(path)
    return path


def test_reports_and_frozen_reports_have_the_departments_layout(office, tmp_path):
    own(office, "bao-cao.docx", "Mẫu của Sở: {{ ten_loai }}")
    office.ask(write_report, "2019-H1", TODAY, [tmp_path / "a.docx"])
    frozen = office.run(freeze, "2019-H1", TODAY)
    office.ask(write_frozen, frozen.id, [tmp_path / "b.docx"])
    for name in ("a.docx", "b.docx"):
        assert docx.Document(tmp_path / name).paragraphs[-1].text == "Mẫu của Sở: BÁO CÁO"
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_a_paper_has_the_layout_of_its_own_kind_only(office, tmp_path):
    own(office, "giay-moi.docx", "Mẫu của Sở: {{ kinh_gui | join(', ') }}")
    for kind in ("giay-moi", "thanh-lap-hoi-dong"):
        office.ask(draft_paper, kind, "NV-2019-01", "", {}, tmp_path / f"{kind}.docx")
    assert (
        docx.Document(tmp_path / "giay-moi.docx").paragraphs[-1].text.startswith("Mẫu của Sở: ..")
    )
    texts = [p.text for p in docx.Document(tmp_path / "thanh-lap-hoi-dong.docx").paragraphs]
    assert not any("Mẫu của Sở" in text for text in texts)


def test_a_template_that_cannot_be_used_stops_the_report_and_is_found_by_the_doctor(
    office, tmp_path
):
    path = own(office, "bao-cao.docx", "{{ nguoi_soan }}")
    with pytest.raises(WordTemplateError, match="nguoi_soan"):
        office.ask(write_report, "2019-H1", TODAY, [tmp_path / "a.docx"])
    assert not (tmp_path / "a.docx").exists()
    assert "Mẫu Word bao-cao.docx" in paper_problem(office.settings, TODAY)
    found = {finding.check: finding for finding in rules(office)}["Mẫu văn bản"]
    assert (found.level, "nguoi_soan" in found.found) == (Level.BAD, True)
    path.unlink()
    assert paper_problem(office.settings, TODAY) == ""


def test_a_starting_template_is_a_word_file(office, tmp_path):
    with pytest.raises(ReportFormatError):
        office.ask(start_template, tmp_path / "a.odt")
