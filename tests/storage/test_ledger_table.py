import sqlite3
from datetime import date

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from khcn_workflow.domain.errors import BrokenChainError
from khcn_workflow.services.verification import ProjectionDiffersError, verify_ledger
from khcn_workflow.storage.database import HEAD, alembic_config, open_database
from khcn_workflow.storage.transactions import StorageUnavailableError
from tests.office import a_task, enter, open_office, record


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path)
    app.run(enter, a_task(), "council_meeting", date(2019, 3, 1))
    record(app, "NV-2019-01", "council_meeting", "passed", date(2019, 3, 5))
    yield app
    app.close()


def raw(office) -> sqlite3.Connection:
    return sqlite3.connect(office.settings.home / "khcn.sqlite", isolation_level=None)


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger SET note = 'x' WHERE seq = 1", "DELETE FROM ledger WHERE seq = 1"]
)
def test_the_database_refuses_to_change_or_delete_a_row(office, statement):
    with pytest.raises(sqlite3.IntegrityError, match="chi ghi them"):
        raw(office).execute(statement)


def test_an_untouched_ledger_verifies(office):
    assert office.ask(verify_ledger).rows == 2


def test_a_row_changed_behind_the_triggers_back_is_named(office):
    connection = raw(office)
    connection.execute("DROP TRIGGER ledger_no_update")
    connection.execute("UPDATE ledger SET valid_on = '2019-03-04' WHERE seq = 2")
    with pytest.raises(BrokenChainError) as caught:
        office.ask(verify_ledger)
    assert caught.value.seq == 2


def test_a_table_that_says_something_else_than_the_ledger_is_named(office):
    raw(office).execute("UPDATE step_round SET due_on = '2019-12-31' WHERE closed_on IS NULL")
    with pytest.raises(ProjectionDiffersError, match="NV-2019-01"):
        office.ask(verify_ledger)


def test_a_refused_use_case_leaves_nothing_behind(office):
    def half_done(context):
        context.save(context.progress("NV-2019-01"))
        raise StorageUnavailableError("thử")

    before = raw(office).execute("SELECT version FROM science_task").fetchone()
    with pytest.raises(StorageUnavailableError):
        office.run(half_done)
    assert raw(office).execute("SELECT version FROM science_task").fetchone() == before


def test_a_broken_database_is_told_in_vietnamese(tmp_path):
    app = open_office(tmp_path)
    app.close()
    raw(app).execute("DROP TABLE reminder")
    raw(app).execute("DROP TABLE person")
    with pytest.raises(StorageUnavailableError, match="Không ghi hoặc đọc được"):
        app.ask(lambda context: context.work.queries.persons())


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
