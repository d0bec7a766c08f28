from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.rules import TimeLimit
from khcn_workflow.services.inquiry import explain_deadline
from khcn_workflow.services.reprojection import reproject, what_if
from khcn_workflow.services.verification import ProjectionDiffersError, verify_ledger
from tests.office import HIRED, a_task, enter, open_office, settings_in

OVERLAY = """
[[day]]
on = 2019-06-05
kind = "closure"
reason = "cơ quan nghỉ riêng"
document = "15/TB-SKHCN"
issuer = "Sở KH&CN"
confidence = "SEEN"
"""
CODES = [f"NV-{n:04}" for n in range(300)]
OPENED = [date(2019, 4, 1) + timedelta(days=n % 90) for n in range(300)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory, database):
    """Some hundred open tasks, made once."""
    app = open_office(tmp_path_factory.mktemp("home"), database=database)

    def fill(context):
        for code, opened in zip(CODES, OPENED, strict=True):
            enter(context, a_task(code), "council_result_review", opened)

    app.run(fill)
    app.close()
    return app.settings.database_url


@pytest.fixture
def office(filled, tmp_path, database):
    url = database.copy(filled, tmp_path / "home")
    app = Application(settings_in(tmp_path / "home", KHCN_DATABASE_URL=url))
    yield app
    app.close()


def with_closure(app: Application, folder, text: str = OVERLAY) -> Application:
    """The same office after somebody edited its own days off."""
    folder.mkdir(exist_ok=True)
    (folder / "2019.toml").write_text(text, encoding="utf-8")
    return Application(replace(app.settings, overlays=folder))


def dues(app) -> dict[str, date]:
    owed = app.ask(lambda context: context.work.queries.owed_steps())
    return {s.task_code: s.due_on for s in owed}


def test_what_if_names_each_move_and_changes_nothing(office, tmp_path):
    other = with_closure(office, tmp_path / "lich")
    before = dues(office)
    moves = office.ask(what_if, None, other.calendar)
    assert moves
    assert dues(office) == before
    assert all(move.reason.startswith("lịch đổi: ngày 05/06/2019") for move in moves)


def test_only_the_dates_that_must_move_move_each_with_its_reason(office, tmp_path):
    before = dues(office)
    other = with_closure(office, tmp_path / "lich")
    expected = {
        code: other.calendar.add(opened, 7) for code, opened in zip(CODES, OPENED, strict=True)
    }
    with pytest.raises(ProjectionDiffersError, match="khcn reproject"):
        other.ask(verify_ledger)
    done = other.run(reproject)
    assert dues(other) == expected
    assert {m.task_code for m in done.moves} == {c for c in CODES if before[c] != expected[c]}
    assert {m.reason for m in done.moves} == {
        "lịch đổi: ngày 05/06/2019 là cơ quan nghỉ riêng [15/TB-SKHCN, Sở KH&CN]"
    }
    assert (other.ask(verify_ledger).rows, done.messages) == (HIRED + len(CODES) + 1, 1)


def test_running_it_again_does_nothing(office, tmp_path):
    other = with_closure(office, tmp_path / "lich")
    other.run(reproject)
    again = other.run(reproject)
    assert (again.moves, again.ledger_row, again.messages) == ((), 0, 0)


def test_undoing_the_edit_brings_the_dates_back_and_keeps_three_versions(office, tmp_path):
    before = dues(office)
    other = with_closure(office, tmp_path / "lich")
    moved = other.run(reproject).moves
    undone = with_closure(office, tmp_path / "lich", "")
    assert len(undone.run(reproject).moves) == len(moved)
    assert dues(undone) == before
    code = moved[0].task_code
    versions = undone.ask(explain_deadline, code, "council_result_review").versions
    assert [v.due_on for v in versions] == [before[code], moved[0].after, before[code]]
    assert Counter(v.calendar_version for v in versions) == {
        office.calendar.version: 2,
        other.calendar.version: 1,
    }


def test_a_stricter_draft_rulebook_is_tried_with_the_words_of_both_limits(office):
    def stricter(limit: TimeLimit) -> TimeLimit:
        return replace(limit, amount=5) if limit.id == "A02" else limit

    def try_out(context):
        book = context.rulebooks["cao-bang"]
        stages = tuple(
            replace(
                stage,
                steps=tuple(
                    replace(step, limits=tuple(map(stricter, step.limits))) for step in stage.steps
                ),
            )
            for stage in book.stages
        )
        return what_if(context, {"cao-bang": replace(book, stages=stages)})

    moves = office.ask(try_out)
    assert len(moves) == len(CODES)
    assert moves[0].reason == (
        "thời hạn đổi từ 7 ngày làm việc (Thông tư 07/2014/TT-BKHCN, Điều 23) "
        "thành 5 ngày làm việc (Thông tư 07/2014/TT-BKHCN, Điều 23)"
    )
