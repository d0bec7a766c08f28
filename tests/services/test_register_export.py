"""What was exported imports back to an equal register, and exports to equal cells."""

from collections import defaultdict
from datetime import date

import pytest
from openpyxl import load_workbook

from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.domain.science_task import Kind, Level, Person, Role, Source, Way
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.recording import Explanation, record_delay
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, hire, open_office, record
from tests.sample import ACTIVITIES, TASKS

CODE = "NV-2019-01"


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path / "first", KHCN_ACTOR="cv1")
    yield app
    app.close()


def moved(office, tmp_path):
    """A fresh home into which the export of another was imported."""
    path = tmp_path / "so.xlsx"
    office.ask(export_file, path)
    other = open_office(tmp_path / "second", KHCN_ACTOR="cv1")
    other.run(import_file, path)
    return other


def cells(office, path):
    office.ask(export_file, path)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(path)
    }


def facts(office):
    """The ledger's facts of each subject, in their order."""
    told = defaultdict(list)
    for entry in office.ask(lambda context: list(context.work.queries.ledger())):
        told[entry.fact.kind is EntryKind.PERSON, entry.fact.subject].append(entry.fact)
    return told


def test_the_sample_comes_back_with_equal_cells_and_equal_facts(tmp_path):
    first = open_office(tmp_path / "first", KHCN_ACTOR="cv1")
    for path in (TASKS, ACTIVITIES):
        first.run(import_file, path)
    second = moved(first, tmp_path)
    assert cells(second, tmp_path / "2.xlsx") == cells(first, tmp_path / "1.xlsx")
    assert facts(second) == facts(first)
    assert len(facts(first)) > 90
    second.run(import_file, tmp_path / "2.xlsx")
    assert facts(second) == facts(first)
    second.ask(verify_ledger)


@pytest.mark.parametrize("text", ["=1+1", "+84 206 3852", "-5 độ C", "@lệnh", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_is_kept_as_text_and_comes_back(office, tmp_path, text):
    office.run(enter, a_task(title=text, host=text), "council_meeting", date(2019, 5, 6))
    second = moved(office, tmp_path)
    task = second.ask(lambda context: context.progress(CODE).task)
    assert (task.title, task.host) == (text, text)
    titles = [
        cell
        for row in load_workbook(tmp_path / "so.xlsx")["Nhiệm vụ"].iter_rows()
        for cell in row
        if cell.value == text
    ]
    assert [(cell.data_type, bool(cell.quotePrefix)) for cell in titles] == [("s", True)] * 2


def all_sorts_of_tasks():
    words = [*({"level": level} for level in Level), *({"kind": kind} for kind in Kind)]
    words += [*({"source": source} for source in Source), *({"way": way} for way in Way)]
    words += [
        {"months": 24, "starts_on": date(2019, 1, 15), "ends_on": date(2021, 1, 14)},
        {"budget_vnd": 1_250_000_123, "field": "Nông nghiệp"},
        {"rulebook": "luat-2013"},
    ]
    return [a_task(f"NV-{number}", **word) for number, word in enumerate(words)]


def test_every_word_of_a_task_comes_back(office, tmp_path):
    tasks = {task.code: task for task in all_sorts_of_tasks()}
    for task in tasks.values():
        office.run(enter, task, "proposal_synthesis", date(2019, 5, 6))
    second = moved(office, tmp_path)
    assert {p.task.code: p.task for p in second.ask(lambda c: list(c.tasks()))} == tasks


def test_every_role_comes_back(office, tmp_path):
    people = [Person(f"x-{role.value}", role.label, role, "", "") for role in Role]
    office.run(hire, people)
    second = moved(office, tmp_path)
    persons = second.ask(lambda context: context.work.queries.persons())
    assert [persons[person.code] for person in people] == people


def test_a_step_answered_and_explained_on_one_day_keeps_its_order(office, tmp_path):
    office.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    day = date(2019, 6, 3)
    office.run(record_delay, Explanation(CODE, "council_meeting", day, "cv1", "chờ đủ chuyên gia"))
    paper = Document("05/BB", day, "Hội đồng")
    record(office, CODE, "council_meeting", "passed", day, document=paper, note="họp lần một")
    second = moved(office, tmp_path)
    assert facts(second)[False, CODE] == facts(office)[False, CODE]


def test_facts_without_a_column_are_named(office, tmp_path):
    office.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    office.run(enter, a_task("NV-2019-02"), "council_meeting", date(2019, 5, 6))
    event = ClockEvent(EntryKind.SUSPENDED, CODE, date(2019, 6, 3), "tp", reason="dịch bệnh")
    office.run(record_clock_event, event)
    assert office.ask(export_file, tmp_path / "x.xlsx").left_out == (CODE,)


def test_a_changed_title_is_exported_as_it_is_now(office, tmp_path):
    for path in (TASKS, ACTIVITIES):
        office.run(import_file, path)
    path = tmp_path / "x.xlsx"
    office.ask(export_file, path)
    workbook = load_workbook(path)
    cell = next(c for c in workbook["Nhiệm vụ"]["B"] if c.row == 2)
    cell.value = "Tên mới"
    workbook.save(path)
    assert office.run(import_file, path).amended == 1
    rows = cells(office, tmp_path / "y.xlsx")["Nhiệm vụ"]
    assert rows[1][1] == "Tên mới"
