"""Migrations lead forward from every released revision with data in the tables."""

from datetime import date, datetime

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


def test_a_database_of_revision_0001_keeps_its_due_dates_as_first_versions(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        for row in ROWS:
            connection.execute(text(row))
    migrate(engine)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT step_round_id, version, due_on, limit_id, made_at FROM deadline")
        ).one()
    assert tuple(row)[:4] == (7, 1, "2019-06-05", "CB-ky-hop-dong")
    assert datetime.fromisoformat(row.made_at).date() >= date(2026, 1, 1)


def test_migrating_twice_changes_nothing(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("0003",)
        ]
