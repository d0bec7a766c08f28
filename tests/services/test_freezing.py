"""A frozen report stays as it was handed over, and tells what came after it."""

import json
from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.snapshot import SnapshotDiffersError
from khcn_workflow.services.freezing import (
    FigureChange,
    compare_frozen,
    freeze,
    list_frozen,
    write_frozen,
)
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.report_round import write_report
from khcn_workflow.services.verification import verify_ledger
from tests.databases import current, sql
from tests.office import HIRED, a_task, enter, on_day, open_office, record
from tests.sample import ACTIVITIES

CODE = "NV-2019-01"
AS_OF = date(2019, 6, 10)
ID = "CHOT-001-2019-H1"
SUFFIXES = (".docx", ".md", ".html", ".json", ".xlsx")


@pytest.fixture
def office(tmp_path):
    """Frozen on 10 June, while a council is still owed."""
    app = open_office(tmp_path / "home", AS_OF)
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    app.run(freeze, "2019-H1", AS_OF)
    yield app
    app.close()


def later(office):
    """The same office nine days on, after the council's minutes of 3 June were typed."""
    app = on_day(office, date(2019, 6, 19))
    record(app, CODE, "council_meeting", "passed", date(2019, 6, 3))
    return app


def written(app, folder, write, *what):
    folder.mkdir()
    paths = [folder / f"bao-cao{suffix}" for suffix in SUFFIXES]
    app.ask(write, *what, paths)
    return [path.read_bytes() for path in paths]


def behind(office, *statements):
    """What an intruder does to the snapshots, whose guards he has taken away."""
    unguard = current().unguard("snapshot")
    return sql(office.settings.database_url, *unguard, *statements)


def test_a_frozen_report_is_the_same_in_every_form_after_more_was_recorded(office, tmp_path):
    first = written(office, tmp_path / "first", write_frozen, ID)
    app = later(office)
    assert written(app, tmp_path / "again", write_frozen, ID) == first
    anew = written(app, tmp_path / "anew", write_report, "2019-H1", AS_OF)
    assert anew[3] != first[3]


def test_a_frozen_report_is_the_report_of_that_hour(office, tmp_path):
    frozen = written(office, tmp_path / "frozen", write_frozen, ID)
    plain = written(office, tmp_path / "plain", write_report, "2019-H1", AS_OF)
    assert frozen[1:] == plain[1:]


def test_the_list_names_what_the_figures_rest_on(office):
    (line,) = office.ask(list_frozen)
    assert (line.id, line.period, line.as_of) == (ID, "2019-H1", AS_OF)
    assert list(line.rulebooks) == ["cao-bang"]
    assert line.calendar == office.calendar.version


def test_the_figures_that_changed_and_the_fact_that_came_late_are_named(office):
    drift = later(office).ask(compare_frozen, ID)
    change = next(figure for figure in drift.figures if figure.id == "new_council_done")
    assert change == FigureChange(
        "new_council_done", change.title, "00/01", "01/01", came=(CODE,), went=()
    )
    (late,) = drift.late
    assert (late.seq, late.subject, late.on) == (HIRED + 3, CODE, date(2019, 6, 3))
    assert late.what == "Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp: Đạt, đề nghị trúng tuyển"


def test_nothing_changed_right_after_the_freeze(office):
    drift = office.ask(compare_frozen, ID)
    assert (drift.figures, drift.late) == ((), ())


def test_a_fact_after_the_cut_off_did_not_come_late(office):
    app = on_day(office, date(2019, 6, 19))
    record(app, CODE, "council_meeting", "passed", date(2019, 6, 12))
    drift = app.ask(compare_frozen, ID)
    assert (drift.figures, drift.late) == ((), ())


def test_what_came_after_the_second_snapshot_is_not_between_the_two(office):
    app = on_day(office, date(2019, 6, 19))
    second = app.run(freeze, "2019-H1", AS_OF).id
    record(app, CODE, "council_meeting", "passed", date(2019, 6, 3))
    between = app.ask(compare_frozen, ID, second)
    assert (between.figures, between.late) == ((), ())
    assert len(app.ask(compare_frozen, second).late) == 1


def test_an_activity_registered_after_the_freeze_is_late_by_its_own_day(office):
    app = on_day(office, date(2019, 6, 19))
    app.run(import_file, ACTIVITIES)
    drift = app.ask(compare_frozen, ID)
    assert len(drift.late) == 38
    assert all(late.on is None or late.on <= AS_OF for late in drift.late)


def test_an_unknown_snapshot_is_not_found(office):
    with pytest.raises(NotFoundError, match="khcn freeze --list"):
        office.ask(compare_frozen, "CHOT-009")


@pytest.mark.parametrize("statement", ["UPDATE snapshot SET sha256 = 'x'", "DELETE FROM snapshot"])
def test_the_database_refuses_to_change_or_delete_a_snapshot(office, statement):
    with pytest.raises(DatabaseError, match="chi ghi them"):
        sql(office.settings.database_url, statement)


def test_a_figure_edited_behind_the_triggers_back_is_named(office, tmp_path):
    ((body,),) = sql(office.settings.database_url, "SELECT body FROM snapshot")
    edited = json.loads(body)
    edited["figures"]["new_council_done"]["value"] = 1
    text = json.dumps(edited).replace("'", "''").replace(":", "\\:")
    behind(office, f"UPDATE snapshot SET body = '{text}'")  # noqa: S608 - our own text
    with pytest.raises(SnapshotDiffersError, match=ID):
        office.ask(verify_ledger)
    with pytest.raises(SnapshotDiffersError, match=ID):
        office.ask(write_frozen, ID, [tmp_path / "x.md"])


def test_an_edit_with_a_hash_of_its_own_is_named_by_the_ledger(office):
    behind(office, f"UPDATE snapshot SET body = '{{}}', sha256 = '{EMPTY}'")  # noqa: S608 - our own hash
    with pytest.raises(SnapshotDiffersError, match="khác với mã băm trong sổ cái"):
        office.ask(verify_ledger)


EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
"""SHA-256 of an empty JSON object."""


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM snapshot", "không còn trong cơ sở dữ liệu"),
        ("INSERT INTO snapshot VALUES ('CHOT-000', 'x', '{}')", "sổ cái không ghi bản này"),
    ],
)
def test_a_snapshot_taken_away_or_slipped_in_is_named(office, statement, why):
    behind(office, statement)
    with pytest.raises(SnapshotDiffersError, match=why):
        office.ask(verify_ledger)


def test_an_untouched_snapshot_verifies(office):
    assert office.ask(verify_ledger).snapshots == 1


def test_a_pdf_of_a_frozen_report_is_made_of_its_kept_word_file(office, tmp_path, monkeypatch):
    from khcn_workflow.services import freezing

    monkeypatch.setattr(freezing, "to_pdf", lambda content: b"%PDF" + content)
    word, pdf = tmp_path / "a.docx", tmp_path / "a.pdf"
    office.ask(write_frozen, ID, [word, pdf])
    assert pdf.read_bytes() == b"%PDF" + word.read_bytes()
