"""What was exported imports back to an equal register, and exports to equal cells."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import Document, EntryKind, Fact
from khcn_workflow.domain.science_task import Kind, Level, Person, Role, Source, Way
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.inquiry import list_due
from khcn_workflow.services.recording import Answer, Explanation, record_delay, record_outcome
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, hire, on_day, open_office, record
from tests.sample import ACTIVITIES, TASKS

CODE = "NV-2019-01"
WORDS = "=+-@ aăđ1'\"<&"
"""What cells are made of, and what a spreadsheet may take for more than text."""


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
    """The ledger's facts of each subject, in their order; not that a file was imported.

    A workbook tells no roles.
    """
    told = defaultdict(list)
    for entry in office.ask(lambda context: list(context.work.queries.ledger())):
        if entry.fact.kind is EntryKind.IMPORTED:
            continue
        fact = replace(entry.fact, role="")
        told[fact.kind is EntryKind.PERSON, fact.subject].append(fact)
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

    def tell_more(context):
        told = {"marks": "87"}  # a field that the rulebook of another Department asks for
        passed = {"step": "council_meeting", "outcome": "passed", "data": told}
        fact = Fact(EntryKind.OUTCOME, CODE, date(2019, 6, 3), "tp", **passed)
        context.work.append(fact, context.now)

    office.run(tell_more)
    assert office.ask(export_file, tmp_path / "x.xlsx").left_out == (CODE,)


STOPPED = [
    ClockEvent(EntryKind.SUSPENDED, CODE, date(2018, 8, 1), "tp", "=dịch bệnh", Document("1/QĐ")),
    ClockEvent(EntryKind.RESUMED, CODE, date(2018, 9, 3), "tp"),
    ClockEvent(
        EntryKind.EXTENDED,
        CODE,
        date(2018, 10, 1),
        "tp",
        document=Document("2/QĐ", date(2018, 10, 1), "UBND tỉnh"),
        ends_on=date(2020, 5, 30),
        asked_on=date(2018, 9, 20),
    ),
    ClockEvent(EntryKind.TERMINATED, CODE, date(2018, 10, 1), "tp", "không khả thi"),
]


def test_what_stopped_moved_and_ended_a_task_comes_back(office, tmp_path):
    office.run(enter, a_task(), "contract_signing", date(2018, 5, 7))
    fields = {"ends_on": "30/11/2019"}
    record(office, CODE, "contract_signing", "signed", date(2018, 6, 1), fields=fields)
    for event in STOPPED:
        office.run(record_clock_event, event)
    second = moved(office, tmp_path)
    assert facts(second)[False, CODE] == facts(office)[False, CODE]
    assert second.ask(story) == office.ask(story)
    assert cells(second, tmp_path / "2.xlsx") == cells(office, tmp_path / "1.xlsx")
    assert second.run(import_file, tmp_path / "2.xlsx").written == 0
    rows = load_workbook(tmp_path / "2.xlsx")["Tạm dừng, gia hạn"]
    reason = next(cell for row in rows.iter_rows() for cell in row if cell.value == "=dịch bệnh")
    assert (reason.data_type, bool(reason.quotePrefix)) == ("s", True)


def story(context):
    return context.progress(CODE)


KINDS = tuple(EntryKind(kind) for kind in ("suspended", "resumed", "extended", "terminated"))
HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 9), st.integers(0, 5), st.integers(-9, 40), st.text(WORDS)
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_whatever_was_recorded_comes_back(tmp_path_factory, database, histories):
    folder = tmp_path_factory.mktemp("x")
    first = on_day(open_office(folder / "first", KHCN_ACTOR="cv1"), date(2021, 6, 1))
    day = date(2018, 5, 7)
    for code, step in (("NV-0", "contract_signing"), ("NV-1", "council_meeting")):
        first.run(enter, a_task(code), step, day)
    for task, what, which, days, words in histories:
        day += timedelta(days)
        with suppress(KhcnError):
            first.run(record_something, f"NV-{task}", what, which, day, " ".join(words.split()))
    first.ask(export_file, folder / "so.xlsx")
    second = on_day(open_office(folder / "second", KHCN_ACTOR="cv1"), date(2021, 6, 1))
    second.run(import_file, folder / "so.xlsx")
    assert facts(second) == facts(first)
    assert second.ask(all_tasks) == first.ask(all_tasks)
    assert second.ask(list_due) == first.ask(list_due)
    for app in (first, second):
        app.ask(verify_ledger)
        app.close()
    database.drop_those_of(folder)


def all_tasks(context):
    return list(context.tasks())


def record_something(context, code, what, which, on, words):
    """Something that the rules may allow: a clock event, a delay, or some outcome."""
    if what < len(KINDS):
        days = {"ends_on": on + timedelta(590), "asked_on": on}
        event = ClockEvent(KINDS[what], code, on, "tp", words or "chờ", Document(words[:9]))
        event = replace(event, **days) if KINDS[what] is EntryKind.EXTENDED else event
        record_clock_event(context, event)
        return
    progress = context.progress(code)
    if not progress.open_rounds():
        return
    owed = progress.open_rounds()[which % len(progress.open_rounds())]
    step = context.rulebook(progress).step(owed.step)
    if what == len(KINDS):
        record_delay(context, Explanation(code, step.id, on, "tp", words or "chậm", on))
        return
    outcome = step.outcomes[which % len(step.outcomes)]
    fields = {wanted.id: (on + timedelta(500)).isoformat() for wanted in outcome.fields}
    answer = Answer(code, step.id, outcome.id, on, "tp", note=words, fields=fields)
    record_outcome(context, replace(answer, day_off_confirmed=True))


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
