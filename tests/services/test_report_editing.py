"""Edits are facts of the ledger: they survive, are dated, and are frozen with the report."""

from datetime import date

import pytest

from khcn_workflow.reporting import build
from khcn_workflow.reports.editing import UnknownFigureError, UnknownSectionError
from khcn_workflow.services.freezing import freeze, write_frozen
from khcn_workflow.services.report_editing import edit_section, section_words
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, on_day, open_office, record

AS_OF, CODE = date(2019, 6, 10), "NV-2019-01"
WORDS = "Việc thẩm định chậm {late_internal} nhiệm vụ, do thiếu hồ sơ."


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path / "home", AS_OF)
    app.run(enter, a_task(), "appraisal_meeting", date(2019, 4, 2))
    yield app
    app.close()


def limitations(app, **times):
    report = app.ask(build, "2019-H1", AS_OF, **times)
    texts = [p.text for p in report.paragraphs]
    return texts[texts.index("2. Tồn tại, hạn chế") + 1], report.edits


def test_edited_words_survive_regeneration_and_say_when_the_facts_moved(office):
    office.run(edit_section, "2019-H1", "I.2", WORDS, AS_OF, "cv1")
    first, (applied,) = limitations(office)
    assert first == "Việc thẩm định chậm 01 nhiệm vụ, do thiếu hồ sơ."
    assert (applied.edit.by, applied.is_stale) == ("cv1", False)
    app = on_day(office, date(2019, 6, 12))
    record(app, CODE, "appraisal_meeting", "appraised", date(2019, 6, 6))
    again, (applied,) = limitations(app)
    assert again == first
    assert applied.is_stale
    assert "các bước này đã hoàn thành" in applied.generated
    assert "các bước này đã hoàn thành" not in applied.edit.over
    (words,) = app.ask(section_words, "2019-H1", "I.2", AS_OF)
    assert (words.text, words.applied) == (WORDS, applied)
    app.ask(verify_ledger)


def test_an_edit_is_taken_back_and_known_before_as_it_was(office):
    office.run(edit_section, "2019-H1", "I.2", WORDS, AS_OF, "cv1")
    edited_at = limitations(office)[1][0].edit.at
    office.run(edit_section, "2019-H1", "I.2", "", AS_OF, "tp")
    assert limitations(office)[1] == ()
    assert limitations(office, known_at=edited_at)[0].startswith("Việc thẩm định chậm 01")


def test_an_edit_belongs_to_its_period(office):
    office.run(edit_section, "2019-H1", "I.2", WORDS, AS_OF, "cv1")
    assert office.ask(build, "2019-Q2", AS_OF).edits == ()


def test_a_frozen_report_holds_the_words_of_its_hour(office, tmp_path):
    office.run(edit_section, "2019-H1", "I.2", WORDS, AS_OF, "cv1")
    frozen = office.run(freeze, "2019-H1", AS_OF)
    office.run(edit_section, "2019-H1", "I.2", "Lời khác.", AS_OF, "cv1")
    path = tmp_path / "a.md"
    office.ask(write_frozen, frozen.id, [path])
    assert "do thiếu hồ sơ" in path.read_text(encoding="utf-8")


def test_what_cannot_be_written_is_refused_before_it_is_kept(office):
    with pytest.raises(UnknownSectionError, match=r"không có mục «III»"):
        office.run(edit_section, "2019-H1", "III", WORDS, AS_OF, "cv1")
    with pytest.raises(UnknownFigureError):
        office.run(edit_section, "2019-H1", "I.2", "{x}", AS_OF, "cv1")
    assert limitations(office)[1] == ()
