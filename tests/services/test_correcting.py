"""A row that was wrong is replaced by another, and all that follows is derived anew."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.clock import end_of
from khcn_workflow.domain.errors import (
    AlreadyCorrectedError,
    DayOffError,
    FutureDateError,
    LaterRowFallsError,
    MissingFieldError,
    NotCorrectableError,
    NotFoundError,
)
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.reporting import build
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.correcting import Correction, correct
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.freezing import compare_frozen, freeze, write_frozen
from khcn_workflow.services.inquiry import list_tasks, show_task
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.recording import Explanation, record_delay
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import HIRED, a_task, enter, on_day, open_office, record
from tests.sample import TASKS

CODE = "NV-2019-01"
ENTERED, COUNCIL, REVISED = HIRED + 1, HIRED + 2, HIRED + 3
"""Numbers of the rows that the office starts with."""


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path / "home", database=database)
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    record(app, CODE, "council_meeting", "passed", date(2019, 5, 13))
    yield app
    app.close()


def corrected(app, seq: int, reason: str = "gõ nhầm", **more):
    return app.run(correct, Correction(seq, reason, "tp", **more))


def owed(app):
    return {s.step: s.due_on for s in app.ask(lambda c: c.work.queries.owed_steps(CODE))}


def versions(app, step: str):
    rows = app.ask(lambda c: c.work.queries.deadline_versions(CODE, step, 1))
    return [(row.due_on, row.reason) for row in rows]


def kept(context):
    return context.work.queries.kept(list(context.work.queries.task_rulebooks()))


def follows_from_the_ledger(app) -> bool:
    """What a correction left in the tables is what the ledger alone makes of them."""
    app.ask(verify_ledger)
    before = (owed(app), app.ask(kept))
    app.run(rebuild)
    return before == (owed(app), app.ask(kept))


def test_a_corrected_day_moves_what_followed_from_it_with_the_reason(office):
    record(office, CODE, "proposal_revision", "received", date(2019, 5, 20))
    done = corrected(office, REVISED, on=date(2019, 5, 22))
    assert (done.seq, done.corrects) == (REVISED + 1, REVISED)
    assert done.what.startswith("Hoàn thiện thuyết minh theo kết luận Hội đồng: Sửa dòng")
    assert owed(office) == {"appraisal_meeting": date(2019, 6, 3)}
    assert versions(office, "appraisal_meeting") == [
        (date(2019, 5, 30), "mở bước"),
        (date(2019, 6, 3), f"sửa dòng số {REVISED}: gõ nhầm"),
    ]
    assert [(m.step, m.before, m.after) for m in done.moved] == [
        ("appraisal_meeting", date(2019, 5, 30), date(2019, 6, 3))
    ]
    assert follows_from_the_ledger(office)


def test_another_result_takes_back_what_the_wrong_one_opened(office):
    done = corrected(office, COUNCIL, outcome="failed")
    assert owed(office) == {} or "proposal_revision" not in owed(office)
    assert done.gone == ("Hoàn thiện thuyết minh theo kết luận Hội đồng",)
    assert follows_from_the_ledger(office)


def test_an_annulled_result_is_owed_again_under_a_new_version(office):
    done = corrected(office, COUNCIL, annuls=True)
    assert list(owed(office)) == ["council_meeting"]
    assert done.opened == ("Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp",)
    assert [reason for _, reason in versions(office, "council_meeting")] == [
        "mở bước",
        f"sửa dòng số {COUNCIL}: gõ nhầm",
    ]
    assert follows_from_the_ledger(office)
    record(office, CODE, "council_meeting", "passed", date(2019, 5, 15))
    assert follows_from_the_ledger(office)


def test_a_step_owed_again_behind_the_sweep_is_reminded_of(tmp_path, database):
    app = open_office(tmp_path, date(2019, 6, 28), database)
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    fields = {"ends_on": "20/05/2021"}
    record(app, CODE, "contract_signing", "signed", date(2019, 5, 20), fields=fields)
    app.run(sweep)
    assert app.run(sweep).messages == 0
    assert corrected(app, COUNCIL, annuls=True).opened == ("Ký hợp đồng",)
    assert [due_on for due_on, _ in versions(app, "contract_signing")] == [date(2019, 6, 5)] * 2
    assert app.run(sweep).messages > 0
    app.close()


def test_an_annulment_by_mistake_is_taken_back(office):
    before = owed(office)
    gone = corrected(office, COUNCIL, annuls=True)
    corrected(office, gone.seq, "không nhầm")
    assert owed(office) == before
    assert follows_from_the_ledger(office)


def test_a_row_that_was_replaced_is_refused_with_the_row_that_did(office):
    first = corrected(office, COUNCIL, on=date(2019, 5, 14))
    with pytest.raises(AlreadyCorrectedError, match=f"Hãy sửa dòng {first.seq}") as caught:
        corrected(office, COUNCIL, on=date(2019, 5, 15))
    assert caught.value.by == first.seq
    assert "do tp ghi lúc" in str(caught.value)
    second = corrected(office, first.seq, on=date(2019, 5, 15))
    assert second.corrects == first.seq
    assert office.ask(lambda c: c.progress(CODE)).rounds[0].closed_on == date(2019, 5, 15)


def test_a_correction_that_a_later_row_cannot_survive_names_it_and_writes_nothing(office):
    record(office, CODE, "proposal_revision", "received", date(2019, 5, 20))
    before = office.ask(verify_ledger)
    with pytest.raises(LaterRowFallsError, match=f"dòng {REVISED} .*Hoàn thiện thuyết minh"):
        corrected(office, COUNCIL, on=date(2019, 5, 27))
    with pytest.raises(LaterRowFallsError):
        corrected(office, COUNCIL, annuls=True)
    assert office.ask(verify_ledger) == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"on": date(2019, 7, 1)}, FutureDateError),
        ({"on": date(2019, 5, 19)}, DayOffError),
        ({"reason": "  ", "on": date(2019, 5, 14)}, MissingFieldError),
        ({}, NotCorrectableError),
        ({"fields": {"ends_on": "01/01/2020"}}, NotCorrectableError),
    ],
)
def test_what_cannot_be_is_refused(office, changes, refusal):
    with pytest.raises(refusal):
        corrected(office, COUNCIL, **changes)


@pytest.mark.parametrize(
    ("seq", "way"), [(1, "khcn import"), (ENTERED, "khcn import"), (99, "Không tìm thấy dòng")]
)
def test_rows_that_no_other_can_replace_are_refused_with_the_way_to_go(office, seq, way):
    with pytest.raises((NotCorrectableError, NotFoundError), match=way):
        corrected(office, seq, annuls=True)


def test_a_delay_gets_another_cause_and_promise(office):
    office.run(
        record_delay,
        Explanation(CODE, "proposal_revision", date(2019, 6, 3), "tp", "xin-y-kien"),
    )
    corrected(office, REVISED, cause="trời mưa", commitment=date(2019, 6, 20))
    (delay,) = office.ask(lambda c: c.progress(CODE)).open_rounds()[0].delays
    assert (delay.cause, delay.commitment) == ("trời mưa", date(2019, 6, 20))


def test_a_suspension_by_mistake_never_stopped_the_clock(office):
    before = owed(office)
    event = ClockEvent(EntryKind.SUSPENDED, CODE, date(2019, 5, 20), "tp", "chờ cấp trên")
    office.run(record_clock_event, event)
    corrected(office, REVISED, "nhầm nhiệm vụ", annuls=True)
    assert owed(office) == before
    assert follows_from_the_ledger(office)


def test_an_extension_gets_the_right_last_day(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "contract_signing", date(2018, 5, 7))
    fields = {"ends_on": "14/05/2020"}
    record(app, CODE, "contract_signing", "signed", date(2018, 5, 14), fields=fields)
    app.run(
        record_clock_event,
        ClockEvent(
            EntryKind.EXTENDED, CODE, date(2019, 6, 3), "tp",
            ends_on=date(2020, 10, 14), asked_on=date(2019, 5, 20),
        ),
    )  # fmt: skip
    corrected(app, HIRED + 3, fields={"ends_on": "14/11/2020"})
    (extension,) = app.ask(lambda c: c.progress(CODE)).extensions
    assert (extension.ends_on, extension.asked_on) == (date(2020, 11, 14), date(2019, 5, 20))
    app.close()


def test_what_was_known_before_the_correction_stays_as_it_was_known(office):
    app = on_day(office, date(2019, 6, 14))
    corrected(app, COUNCIL, on=date(2019, 5, 20))
    day, then = date(2019, 5, 15), end_of(date(2019, 6, 10))
    waiting = [app.ask(list_tasks, day, at)[0].waiting_for for at in (then, None)]
    assert waiting == [
        ("Hoàn thiện thuyết minh theo kết luận Hội đồng",),
        ("Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp",),
    ]


def test_a_report_frozen_before_stays_and_the_correction_is_among_what_came_after(office, tmp_path):
    frozen = office.run(freeze, "2019-H1", date(2019, 6, 10)).id
    paths = [tmp_path / "truoc.json", tmp_path / "sau.json"]
    office.ask(write_frozen, frozen, [paths[0]])
    app = on_day(office, date(2019, 6, 20))
    done = corrected(app, COUNCIL, on=date(2019, 6, 12))
    app.ask(write_frozen, frozen, [paths[1]])
    assert paths[0].read_bytes() == paths[1].read_bytes()
    drift = app.ask(compare_frozen, frozen)
    assert [(late.seq, late.what) for late in drift.late] == [(done.seq, done.what)]
    assert "new_council_done" in {figure.id for figure in drift.figures}
    assert app.ask(build, "2019-H1", date(2019, 6, 10)).figures["new_council_done"].value == 0


def test_show_has_the_corrected_row_and_the_one_in_its_place(office):
    done = corrected(office, COUNCIL, annuls=True)
    story = office.ask(show_task, CODE)
    assert story.replaced == {COUNCIL: done.seq}
    assert [e.seq for e in story.entries] == [ENTERED, COUNCIL, done.seq]
    assert story.version == 3


def test_the_same_request_corrects_once(office):
    first = corrected(office, COUNCIL, annuls=True, request_key="r")
    again = corrected(office, COUNCIL, annuls=True, request_key="r")
    assert (again.seq, again.what) == (first.seq, first.what)


def test_the_workbook_that_said_it_wrong_says_nothing_new(tmp_path, database):
    app = open_office(tmp_path / "home", database=database)
    app.run(import_file, TASKS)
    entry = next(
        e for e in app.ask(lambda c: c.work.entries("NV-2019-03"))
        if e.fact.kind is EntryKind.OUTCOME
    )  # fmt: skip
    corrected(app, entry.seq, document=Document("99/QĐ"))
    history = app.ask(lambda c: c.work.entries("NV-2019-03"))
    last = max(e.seq for e in history if e.fact.kind is EntryKind.OUTCOME)
    corrected(app, last, annuls=True)
    done = app.run(import_file, TASKS)
    assert done.written == 0
    assert [str(w) for w in done.warnings if "đã được sửa trong sổ cái" in str(w)]
    exported = tmp_path / "xuat.xlsx"
    app.ask(export_file, exported)
    assert app.run(import_file, exported).written == 0
    assert follows_from_the_ledger_alone(app)
    app.close()


def follows_from_the_ledger_alone(app) -> bool:
    before = app.ask(kept)
    app.run(rebuild)
    app.ask(verify_ledger)
    return app.ask(kept) == before


def test_a_correction_takes_the_paper_it_is_given_and_keeps_the_rest(office):
    paper = Document("07/BB", date(2019, 5, 13), "Hội đồng", "ab" * 32)
    done = corrected(office, COUNCIL, document=paper)
    fact = office.ask(lambda c: c.work.queries.entry(done.seq)).fact
    original = office.ask(lambda c: c.work.queries.entry(COUNCIL)).fact
    assert fact == replace(
        original,
        kind=EntryKind.CORRECTED,
        document=paper,
        note="gõ nhầm",
        corrects=COUNCIL,
        data={"kind": "outcome", "note": "", "fields": {}},
    )
