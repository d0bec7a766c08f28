from dataclasses import replace
from datetime import date

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from khcn_workflow.domain.errors import BrokenChainError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.services.verification import ProjectionDiffersError, verify_ledger
from khcn_workflow.storage.database import HEAD, alembic_config, open_database
from khcn_workflow.storage.refusals import StorageUnavailableError
from tests.office import HIRED, PERSONS, TODAY, a_task, enter, hire, open_office, record


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "council_meeting", date(2019, 3, 1))
    record(app, "NV-2019-01", "council_meeting", "passed", date(2019, 3, 5))
    yield app
    app.close()


OFF = {
    "sqlite": "DROP TRIGGER ledger_no_update",
    "postgresql": "DROP TRIGGER ledger_append_only ON ledger",
}
"""What an attacker does first."""


@pytest.fixture
def raw(office):
    engine = open_database(office.settings.database_url)
    yield engine
    engine.dispose()


def execute(raw: Engine, statement: str) -> None:
    with raw.begin() as connection:
        connection.execute(text(statement))


def version(raw: Engine) -> int:
    with raw.connect() as connection:
        return connection.execute(text("SELECT version FROM science_task")).scalar_one()


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger SET note = 'x' WHERE seq = 1", "DELETE FROM ledger WHERE seq = 1"]
)
def test_the_database_refuses_to_change_or_delete_a_row(raw, statement):
    with pytest.raises(DatabaseError, match="chi ghi them"):
        execute(raw, statement)


def test_postgresql_refuses_to_empty_the_ledger(postgres, tmp_path):
    engine = open_database(postgres.new(tmp_path))
    with pytest.raises(DatabaseError, match="chi ghi them"):
        execute(engine, "TRUNCATE ledger")
    engine.dispose()


def test_an_untouched_ledger_verifies(office):
    assert office.ask(verify_ledger).rows == HIRED + 2


def test_a_row_changed_behind_the_triggers_back_is_named(office, raw, database):
    execute(raw, OFF[database.kind])
    execute(raw, "UPDATE ledger SET valid_on = '2019-03-04' WHERE kind = 'outcome'")
    with pytest.raises(BrokenChainError) as caught:
        office.ask(verify_ledger)
    assert caught.value.seq == HIRED + 2


def test_a_table_that_says_something_else_than_the_ledger_is_named(office, raw):
    execute(raw, "UPDATE step_round SET due_on = '2019-12-31' WHERE closed_on IS NULL")
    with pytest.raises(ProjectionDiffersError, match="NV-2019-01"):
        office.ask(verify_ledger)


def test_a_refused_use_case_leaves_nothing_behind(office, raw):
    def half_done(context):
        context.save(context.progress("NV-2019-01"))
        raise StorageUnavailableError("thử")

    before = version(raw)
    with pytest.raises(StorageUnavailableError):
        office.run(half_done)
    assert version(raw) == before


def test_a_broken_database_is_told_in_vietnamese(office, raw):
    office.close()
    for table in ("reminder", "resweep", "deadline", "step_round", "science_task", "person"):
        execute(raw, f"DROP TABLE {table}")
    with pytest.raises(StorageUnavailableError, match="Không ghi hoặc đọc được"):
        office.ask(lambda context: context.work.queries.persons())


def test_a_fact_is_found_in_its_transaction_before_its_row_is_written(office):
    def append_and_look(context):
        context.work.append(Fact(EntryKind.DELAY, "NV-2019-01", TODAY, "tp"), context.now)
        return [entry.seq for entry in context.work.queries.ledger()]

    assert office.run(append_and_look) == list(range(1, HIRED + 4))
    assert office.ask(verify_ledger).rows == HIRED + 3


def test_people_come_in_the_same_order_from_both(office):
    names = {"đ", "Z", "a", "_b"}
    office.run(hire, [replace(PERSONS[0], code=name) for name in names])
    found = office.ask(lambda context: list(context.work.queries.persons()))
    assert found == sorted(names | {person.code for person in PERSONS})


def test_head_is_what_alembic_says():
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


def test_sqlite_is_opened_with_its_guards(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.connect() as connection:
        read = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert read == ["wal", 2, 1]
