"""The derived tables are what the ledger makes of them, whatever was done to them."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.errors import BrokenChainError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.services.rebuilding import REBUILT, rebuild
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import RegisterDiffersError, verify_ledger
from tests.databases import sql
from tests.office import a_task, enter, on_day, open_office, settings_in
from tests.sample import ACTIVITIES, TASKS

TABLES = {
    "person": "code, name, role, division, email, account",
    "delegation": "*",
    "absence": "*",
    "science_task": "code, title, level, officer, rulebook, data, registered_on, ending, ended_on",
    "step_round": "*",
    "deadline": "*",
    "activity": "*",
}
"""The derived tables, without the counter of writes that each rebuild adds one to."""


def spoil(office, *statements):
    """What somebody does to the tables behind the program's back."""
    return sql(office.settings.database_url, *statements)


def stored(office):
    return {
        table: spoil(office, f"SELECT {columns} FROM {table} ORDER BY 1, 2")  # noqa: S608 - our own names
        for table, columns in TABLES.items()
    }


@pytest.fixture(scope="session")
def imports():
    """Addresses of databases with people and the sample, by kind."""
    return {}


@pytest.fixture
def office(tmp_path, database, imports, tmp_path_factory):
    if database.kind not in imports:
        app = open_office(tmp_path_factory.mktemp("sample"))
        for path in (TASKS, ACTIVITIES):
            app.run(import_file, path)
        app.close()
        imports[database.kind] = app.settings.database_url
    database.copy(imports[database.kind], tmp_path)
    app = Application(settings_in(tmp_path))
    yield app
    app.close()


def test_the_sample_is_rebuilt_to_what_was_stored(office):
    before = stored(office)
    rebuilt = office.run(rebuild)
    assert stored(office) == before
    assert (rebuilt.persons, rebuilt.tasks, rebuilt.activities) == (8, 54, 38)


QUANTITY = {
    "sqlite": "UPDATE activity SET data = json_set(data, '$.quantity', 99)",
    "postgresql": "UPDATE activity SET data = jsonb_set(data::jsonb, '{quantity}', '99')::json",
}
SPOILED = [
    "UPDATE person SET email = 'ai@khac.example'",
    "INSERT INTO person VALUES ('ma', 'Người lạ', 'chuyen-vien', '', '', '')",
    "UPDATE science_task SET title = 'x', ending = 'y' WHERE code = 'NV-2019-03'",
    "UPDATE step_round SET closed_on = NULL, outcome = '' WHERE id = 1",
    "UPDATE step_round SET closed_on = '2019-06-01' WHERE task_code = 'NV-2019-03'",
    "UPDATE step_round SET opened_on = '2000-01-01', stage = 'x'",
    QUANTITY,
    "DELETE FROM activity",
    "INSERT INTO activity SELECT 'HĐ-LẠ', kind, data FROM activity LIMIT 1",
    "INSERT INTO step_round SELECT 9999, task_code, stage, 'call', 7, opened_on, NULL, '', "
    "NULL, '', 0, opened_on FROM step_round LIMIT 1",
    "INSERT INTO science_task SELECT 'NV-LẠ', title, level, officer, rulebook, data, "
    "registered_on, ending, ended_on, 1 FROM science_task LIMIT 1",
]


def in_its_words(database, statement):
    """The statement in the words of this kind of database."""
    return [statement if isinstance(statement, str) else statement[database.kind]]


@pytest.mark.parametrize("statement", SPOILED, ids=str)
def test_whatever_was_done_to_the_tables_is_undone(office, database, statement):
    before = stored(office)
    spoil(office, *in_its_words(database, statement))
    assert stored(office) != before
    office.run(rebuild)
    assert stored(office) == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE person SET email = 'ai@khac.example' WHERE code = 'cv1'", "cán bộ .*«cv1»"),
        (QUANTITY, "hoạt động .*«HĐ-"),
        ("DELETE FROM activity", "hoạt động .*«HĐ-"),
        ("INSERT INTO activity SELECT 'A-LẠ', kind, data FROM activity LIMIT 1", "«A-LẠ»|«HĐ"),
    ],
)
def test_verify_names_who_or_what_differs_until_it_is_rebuilt(office, database, statement, named):
    office.ask(verify_ledger)
    spoil(office, *in_its_words(database, statement))
    with pytest.raises(RegisterDiffersError, match=named):
        office.ask(verify_ledger)
    office.run(rebuild)
    office.ask(verify_ledger)


def test_a_lost_due_date_comes_back_as_a_version_with_its_reason(office):
    ((code, step, due_on, version),) = spoil(
        office,
        "SELECT task_code, step, due_on, deadline_version FROM step_round "
        "WHERE closed_on IS NULL AND due_on IS NOT NULL LIMIT 1",
    )
    spoil(office, f"UPDATE step_round SET due_on = NULL WHERE task_code = '{code}'")  # noqa: S608 - our own code
    office.run(rebuild)
    versions = office.ask(lambda c: c.work.queries.deadline_versions(code, step, 1))
    assert (str(versions[-1].due_on), versions[-1].version) == (str(due_on), version + 1)
    assert versions[-1].reason == REBUILT


def test_nothing_is_derived_from_a_broken_chain(office, database):
    spoil(office, *database.unguard("ledger"), "UPDATE ledger SET note = 'x' WHERE seq = 3")
    before = stored(office)
    with pytest.raises(BrokenChainError):
        office.run(rebuild)
    assert stored(office) == before


CHOICES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 5), st.integers(0, 6)),
    min_size=1,
    max_size=12,
)


@given(CHOICES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_was_recorded_is_rebuilt_to_what_was_stored(choices):
    with tempfile.TemporaryDirectory() as folder:
        app = on_day(open_office(Path(folder)), date(2020, 6, 1))
        for number in range(3):
            app.run(enter, a_task(f"NV-{number}"), "council_meeting", date(2019, 3, 4))
        on = date(2019, 3, 4)
        for task, step, outcome, days in choices:
            on += timedelta(days)
            app.run(record_something, f"NV-{task}", step, outcome, on)
        before = stored(app)
        app.run(rebuild)
        assert stored(app) == before
        app.close()


def record_something(context, code, step, outcome, on):
    """One of the outcomes of one of the steps that are owed, if any is."""
    progress = context.progress(code)
    owed = progress.open_rounds()
    if not owed:
        return
    chosen = context.rulebook(progress).step(owed[step % len(owed)].step)
    answer = chosen.outcomes[outcome % len(chosen.outcomes)]
    fields = {wanted.id: "2021-12-31" for wanted in answer.fields}
    fact = Fact(EntryKind.OUTCOME, code, on, "tp", step=chosen.id, outcome=answer.id, data=fields)
    context.book(progress, fact, day_off_confirmed=True)
