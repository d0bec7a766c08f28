"""A science task gets another owner, and the register does not take it back."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.errors import FutureDateError, NotFoundError, TaskEndedError
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.assigning import Assignment, SameOwnerError, assign
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.inquiry import list_tasks
from khcn_workflow.services.reconciliation import desired_waits
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, hire, open_office
from tests.sample import TASKS

CODE = "NV-2019-01"
ON = date(2019, 6, 3)
OTHER = Person("cv2", "Chuyên viên 2", Role.OFFICER, "Phòng Quản lý khoa học", "cv2@so.example")


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path / "home", database=database)
    app.run(hire, [OTHER])
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    yield app
    app.close()


def give(app, officer="cv2", on=ON, code=CODE):
    return app.run(assign, Assignment(code, officer, on, "tp"))


def owner(app, **times) -> str:
    return app.ask(list_tasks, **times)[0].officer


def test_the_new_owner_has_the_task_and_its_waiting_runs(office):
    done = give(office)
    assert (done.before.code, done.after.code) == ("cv1", "cv2")
    assert owner(office) == "cv2"
    (wait,) = office.ask(desired_waits)
    assert "cv:cv2" in wait.tags
    assert office.ask(verify_ledger).tasks == 1


def test_before_the_day_it_was_the_old_owner(office):
    give(office)
    assert owner(office, as_of=date(2019, 6, 2)) == "cv1"


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"officer": "cv9"}, NotFoundError, "cán bộ «cv9»"),
        ({"officer": "cv1"}, SameOwnerError, "đang do «cv1» theo dõi"),
        ({"on": date(2019, 6, 11)}, FutureDateError, "11/06/2019"),
        ({"code": "NV-0"}, NotFoundError, "nhiệm vụ «NV-0»"),
    ],
)
def test_what_cannot_be_is_refused(office, changes, refusal, words):
    with pytest.raises(refusal, match=words):
        give(office, **changes)
    assert owner(office) == "cv1"


def test_a_task_that_ended_keeps_its_owner(office):
    office.run(
        record_clock_event,
        ClockEvent(EntryKind.TERMINATED, CODE, ON, "tp", "không khả thi"),
    )
    with pytest.raises(TaskEndedError):
        give(office)


def test_the_workbook_that_names_the_old_owner_does_not_take_the_task_back(tmp_path, database):
    app = open_office(tmp_path / "home", database=database)
    app.run(import_file, TASKS)
    line = next(line for line in app.ask(list_tasks) if not line.ending)
    app.run(hire, [replace(OTHER, code="cv-moi")])
    give(app, "cv-moi", code=line.code)
    done = app.run(import_file, TASKS)
    assert done.written == 0
    assert [w for w in map(str, done.warnings) if "khcn assign" in w]
    exported = tmp_path / "xuat.xlsx"
    app.ask(export_file, exported)
    again = app.run(import_file, exported)
    assert again.written == 0
    assert not [w for w in map(str, again.warnings) if "khcn assign" in w]
    app.close()
