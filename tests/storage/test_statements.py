"""What one recording costs the database stays small: each new SELECT is a decision."""

from datetime import date
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.sql.compiler import SQLCompiler

from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.inquiry import list_due
from tests.office import a_task, enter, open_office, record

MOST = {"sqlite": 12, "postgresql": 14}
"""Statements of a recording, three about people; PostgreSQL also locks task and ledger."""


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    for number in range(3):
        app.run(enter, a_task(f"NV-{number}"), "proposal_revision", date(2019, 5, 6))
    app.run(sweep)
    for number in range(2):
        receive(app, number)
    yield app
    app.close()


def receive(app, number: int) -> None:
    on, key = date(2019, 5, 20), f"r{number}"
    record(app, f"NV-{number}", "proposal_revision", "received", on, request_key=key)


def test_a_recording_asks_little_of_the_database(office, database):
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement.split("\n")[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        receive(office, 2)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == MOST[database.kind], asked


def test_a_recording_compiles_nothing_that_an_earlier_one_had(office):
    with patch.object(SQLCompiler, "__init__", side_effect=AssertionError("compiled anew")):
        receive(office, 2)


def test_a_due_date_that_stands_gets_no_second_version(office):
    def versions(context):
        return context.work.queries.deadline_versions("NV-0", "appraisal_meeting", 1)

    first = office.ask(versions)
    office.run(lambda context: context.save(context.progress("NV-0")))
    assert office.ask(versions) == first
    assert [version.version for version in first] == [1]
    assert first[0].due_on == next(d.due_on for d in office.ask(list_due) if d.task_code == "NV-0")
