"""What was true on a day, as known at an instant: both times of the ledger."""

from datetime import UTC, date, datetime

import pytest

from khcn_workflow.clock import end_of
from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.reporting import build
from khcn_workflow.services.inquiry import explain_deadline, list_tasks, show_task
from khcn_workflow.services.register_import import import_file
from tests.office import a_task, enter, on_day, open_office, record
from tests.sample import ACTIVITIES

CODE = "NV-2019-01"
SIGNED = date(2019, 6, 3)
BETWEEN = date(2019, 6, 8)
TYPED = date(2019, 6, 12)
COUNCIL = ("Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp",)
REVISION = ("Hoàn thiện thuyết minh theo kết luận Hội đồng",)


@pytest.fixture
def office(tmp_path):
    """A council met on 3 June; its minutes were typed on 12 June."""
    app = open_office(tmp_path, date(2019, 5, 6))
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    app.close()
    typing = on_day(app, TYPED)
    record(typing, CODE, "council_meeting", "passed", SIGNED)
    yield typing
    typing.close()


def test_a_paper_typed_late_changes_the_present(office):
    (line,) = office.ask(list_tasks, BETWEEN)
    assert line.waiting_for == REVISION


def test_a_paper_typed_late_does_not_change_what_was_known_before_it_was_typed(office):
    (line,) = office.ask(list_tasks, BETWEEN, end_of(BETWEEN))
    assert line.waiting_for == COUNCIL
    story = office.ask(show_task, CODE, BETWEEN, end_of(BETWEEN))
    assert [entry.fact.kind for entry in story.entries] == ["registered"]
    explained = office.ask(explain_deadline, CODE, "council_meeting", BETWEEN, end_of(BETWEEN))
    assert len(explained.versions) == 1


def test_the_evening_of_the_day_it_was_typed_knows_it(office):
    (line,) = office.ask(list_tasks, BETWEEN, end_of(TYPED))
    assert line.waiting_for == REVISION


def test_a_day_before_the_paper_was_signed_does_not_have_it_however_much_is_known(office):
    (line,) = office.ask(list_tasks, date(2019, 6, 2), end_of(TYPED))
    assert line.waiting_for == COUNCIL


def test_a_report_counts_the_council_only_once_it_was_known(office):
    counted = [
        office.ask(build, "2019-H1", BETWEEN, known_at).figures["new_council_done"].value
        for known_at in (end_of(BETWEEN), end_of(TYPED), None)
    ]
    assert counted == [0, 1, 1]


def test_a_report_has_only_the_activities_that_were_known(office):
    without = office.ask(build, "2019-H1", TYPED, end_of(BETWEEN))
    office.run(import_file, ACTIVITIES)
    before = office.ask(build, "2019-H1", TYPED, end_of(BETWEEN))
    now = office.ask(build, "2019-H1", TYPED)
    known = office.ask(build, "2019-H1", TYPED, end_of(TYPED))
    assert CODE in before.rows
    assert set(before.rows) == set(without.rows)
    assert set(now.rows) > set(before.rows)
    assert known == now


def test_a_task_nobody_had_registered_yet_is_not_found(office):
    with pytest.raises(NotFoundError):
        office.ask(show_task, CODE, None, datetime(2019, 5, 1, tzinfo=UTC))


def test_the_end_of_a_day_is_an_hour_of_ha_noi():
    assert end_of(date(2019, 6, 8)) == datetime(2019, 6, 8, 16, 59, 59, 999999, tzinfo=UTC)
