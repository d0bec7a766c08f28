from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.minutes import OutcomeDiffersError
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.boards import boards
from khcn_workflow.services.recording import Answer, record_outcome
from khcn_workflow.services.task_pages import page_stamp, page_stamps
from tests.office import a_task, enter, hire, on_day, open_office, record

SECOND = Person("cv2", "Chuyên viên 2", Role.OFFICER, "Phòng khác", "cv2@so.example")


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(hire, [SECOND])
    app.run(enter, a_task("NV-1"), "contract_signing", date(2019, 4, 1))
    app.run(enter, a_task("NV-2"), "contract_signing", date(2019, 5, 15))
    app.run(enter, a_task("NV-3", officer="cv2"), "contract_signing", date(2019, 6, 10))
    yield app
    app.close()


def test_late_and_soon_are_told_apart_with_their_working_days(office):
    now = office.ask(boards)
    assert [(line.task_code, line.due_on, line.days_late) for line in now.late] == [
        ("NV-1", date(2019, 5, 2), 28)
    ]
    assert [(line.task_code, line.days_left) for line in now.soon] == [("NV-2", 4)]
    assert now.late[0].force == "mục tiêu nội bộ"
    assert now.late[0].officer == "Chuyên viên 1"


def test_a_step_is_late_on_the_day_off_after_its_due_date(office):
    saturday = on_day(office, date(2019, 6, 15))
    now = saturday.ask(boards)
    assert ("NV-2", 0) in [(line.task_code, line.days_late) for line in now.late]
    friday = on_day(office, date(2019, 6, 14)).ask(boards)
    assert ("NV-2", 0) in [(line.task_code, line.days_left) for line in friday.soon]


def test_loads_count_what_each_officer_carries(office):
    loads = {load.code: load for load in office.ask(boards).loads}
    assert (loads["cv1"].tasks, loads["cv1"].open, loads["cv1"].late, loads["cv1"].soon) == (
        2,
        2,
        1,
        1,
    )
    assert (loads["cv2"].open, loads["cv2"].late, loads["cv2"].division) == (1, 0, "Phòng khác")


def test_the_funnel_has_all_six_stages_and_loses_a_step_that_is_answered(office):
    before = {stage.stage: stage for stage in office.ask(boards).funnel}
    assert list(before) == [
        "proposal",
        "council_selection",
        "appraisal",
        "contract",
        "periodic_check",
        "acceptance",
    ]
    assert (before["contract"].open, before["contract"].late) == (3, 1)
    assert before["contract"].oldest_due_on == date(2019, 5, 2)
    record(
        office,
        "NV-1",
        "contract_signing",
        "signed",
        date(2019, 6, 7),
        fields={"starts_on": "07/06/2019", "ends_on": "07/06/2021"},
    )
    after = {stage.stage: stage for stage in office.ask(boards).funnel}
    assert (after["contract"].open, after["contract"].late) == (2, 0)
    assert after["periodic_check"].open > 0


def test_a_page_stamp_changes_with_the_task_and_with_lateness_only(office):
    stamps = {stamp.code: str(stamp) for stamp in office.ask(page_stamps)}
    assert stamps["NV-1"] == "NV-1, bản 2, 1 bước quá hạn ngày 10/06/2019"
    assert stamps["NV-3"] == "NV-3, bản 2"
    assert str(on_day(office, date(2019, 6, 11)).ask(page_stamp, "NV-3")) == "NV-3, bản 2"
    assert str(on_day(office, date(2019, 6, 11)).ask(page_stamp, "NV-1")) != stamps["NV-1"]


def test_a_page_is_no_longer_true_once_a_result_was_recorded_or_dates_made_anew(office):
    first = office.ask(page_stamp, "NV-2")
    fields = {"ends_on": "20/05/2021"}
    record(office, "NV-2", "contract_signing", "signed", date(2019, 6, 10), fields=fields)
    second = office.ask(page_stamp, "NV-2")
    office.run(lambda context: context.save(context.progress("NV-2")))
    third = office.ask(page_stamp, "NV-2")
    assert first.version < second.version < third.version
    assert office.ask(page_stamp, "NV-1").version == 2


COUNCIL = tuple(
    f"{seat}; TV{n}; có mặt; {mark}"
    for n, (seat, mark) in enumerate(
        [("chủ tịch", "80"), ("phản biện", "75"), ("phản biện", "82")] + [("ủy viên", "78,5")] * 4
    )
)


def test_ballots_that_decide_something_else_are_refused_and_those_that_fit_recorded(tmp_path):
    app = open_office(tmp_path, today=date(2024, 6, 10))
    task = a_task("NV-2024-01", rulebook="luat-2013", plan_year=2024)
    app.run(enter, task, "council_meeting", date(2024, 6, 3))
    said = Answer("NV-2024-01", "council_meeting", "failed", date(2024, 6, 7), "tp")
    with pytest.raises(OutcomeDiffersError):
        app.run(record_outcome, replace(said, minutes=COUNCIL))
    app.run(record_outcome, replace(said, outcome="passed", minutes=COUNCIL))
    data = app.ask(lambda context: context.entries("NV-2024-01"))[-1].fact.data
    assert data["council_present"] == "7/7"
    assert "78,71/100 của 7 phiếu" in data["council_reasons"]
