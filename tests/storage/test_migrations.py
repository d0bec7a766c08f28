"""Migrations lead forward from every released revision with data in the tables."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from alembic import command
from sqlalchemy import text

from khcn_workflow.storage.database import alembic_config, migrate, open_database

ROWS = [
    "INSERT INTO person VALUES ('cv1', 'Chuyên viên 1', 'chuyen-vien', 'Phòng', 'cv1@so.example')",
    "INSERT INTO science_task VALUES "
    "('NV-1', 'Nhiệm vụ', 'tinh', 'cv1', 'cao-bang', '{}', '2019-05-06', '', NULL, 1)",
    "INSERT INTO step_round VALUES (7, 'NV-1', 'contract', 'contract_signing', 1, "
    "'2019-05-06', NULL, '', '2019-06-05', 'CB-ky-hop-dong', 1)",
]


@pytest.fixture
def engine(tmp_path, database):
    """A database in which nothing was ever made."""
    engine = open_database(database.empty(tmp_path))
    yield engine
    engine.dispose()


def test_a_database_of_revision_0001_keeps_its_due_dates_as_first_versions(engine):
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        for row in ROWS:
            connection.execute(text(row))
    migrate(engine)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT step_round_id, version, due_on, limit_id, made_at FROM deadline")
        ).one()
    assert (*row[:2], str(row.due_on), row.limit_id) == (7, 1, "2019-06-05", "CB-ky-hop-dong")
    assert datetime.fromisoformat(str(row.made_at)).date() >= date(2026, 1, 1)


def test_migrating_twice_changes_nothing(engine):
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("0010",)
        ]


def test_processes_that_find_an_empty_database_at_once_migrate_it_once(engine):
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, [engine] * 4)) == [None] * 4


def test_the_migrations_make_exactly_the_tables_of_records(engine):
    migrate(engine)
    with engine.begin() as connection:
        command.check(alembic_config(connection))
