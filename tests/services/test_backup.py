"""A backup comes back whole, and one that is not whole does not come back."""

import hashlib
import json
import sqlite3
import zipfile
from datetime import UTC, date, datetime

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.errors import BrokenChainError, NotFoundError
from khcn_workflow.services.backup import (
    DATABASE,
    MANIFEST,
    BackupUnreadableError,
    DatabaseThereError,
    back_up,
    restore,
)
from khcn_workflow.services.inquiry import list_tasks
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.copies import OtherToolError
from tests.office import a_task, enter, open_office, record, settings_in

CODE = "NV-2019-01"
NOW = datetime(2019, 6, 10, 1, tzinfo=UTC)


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path / "home")
    app.run(enter, a_task(), "council_meeting", date(2019, 3, 1))
    yield app
    app.close()


@pytest.fixture
def backup(office, tmp_path):
    path = tmp_path / "sao-luu.zip"
    back_up(office.settings.database_url, path, NOW)
    return path


def url_in(home):
    return settings_in(home).database_url


def edited(backup, *, statement="", manifest=None):
    """The backup with its database or its manifest changed, and a hash of the file that fits."""
    copy = backup.with_name("x.sqlite")
    with zipfile.ZipFile(backup) as archive:
        copy.write_bytes(archive.read(DATABASE))
        said = json.loads(archive.read(MANIFEST))
    if statement:
        database = sqlite3.connect(copy, isolation_level=None)
        database.execute("DROP TRIGGER ledger_no_update")
        database.execute(statement)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
    said |= {"sha256": hashlib.sha256(copy.read_bytes()).hexdigest(), **(manifest or {})}
    with zipfile.ZipFile(backup, "w") as archive:
        archive.write(copy, DATABASE)
        archive.writestr(MANIFEST, json.dumps(said))
    return backup


def test_a_backup_restores_to_the_same_ledger_and_the_same_tasks(office, backup, tmp_path):
    restored = restore(url_in(tmp_path / "elsewhere"), backup, NOW)
    assert restored.kept is None
    other = open_office_as_it_is(tmp_path / "elsewhere")
    assert other.ask(verify_ledger) == office.ask(verify_ledger)
    assert other.ask(verify_ledger).head == restored.backup.head
    assert other.ask(list_tasks) == office.ask(list_tasks)


def open_office_as_it_is(home):
    return Application(settings_in(home))


def test_a_backup_is_taken_while_somebody_writes_and_has_only_what_was_committed(office, tmp_path):
    writer = sqlite3.connect(office.settings.home / "khcn.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM person WHERE code = 'tp2'")
    path = tmp_path / "sao-luu.zip"
    back_up(office.settings.database_url, path, NOW)
    writer.execute("COMMIT")
    restore(url_in(tmp_path / "elsewhere"), path, NOW)
    persons = open_office_as_it_is(tmp_path / "elsewhere").ask(
        lambda context: context.work.queries.persons()
    )
    assert "tp2" in persons


def test_a_database_that_is_there_is_not_replaced_unasked(office, backup):
    with pytest.raises(DatabaseThereError, match="--replace"):
        restore(office.settings.database_url, backup, NOW)


def test_a_replaced_database_is_kept_beside_with_what_was_recorded_last(office, backup):
    record(office, CODE, "council_meeting", "passed", date(2019, 3, 5))
    restored = restore(office.settings.database_url, backup, NOW, replace=True)
    home = office.settings.home
    office.close()
    assert open_office_as_it_is(home).ask(verify_ledger).rows == restored.backup.rows
    kept = sqlite3.connect(restored.kept)
    (rows,) = kept.execute("SELECT count(*) FROM ledger").fetchone()
    assert rows == restored.backup.rows + 1


def test_a_row_changed_inside_a_backup_is_named(backup, tmp_path):
    broken = edited(backup, statement="UPDATE ledger SET note = 'x' WHERE seq = 1")
    with pytest.raises(BrokenChainError, match="dòng 1"):
        restore(url_in(tmp_path / "elsewhere"), broken, NOW)
    assert not (tmp_path / "elsewhere" / "khcn.sqlite").exists()


@pytest.mark.parametrize("manifest", [{"head": "0" * 64}, {"rows": 7}])
def test_a_head_that_differs_from_the_manifest_is_refused(backup, tmp_path, manifest):
    with pytest.raises(BackupUnreadableError, match="không khớp bản kê"):
        restore(url_in(tmp_path / "elsewhere"), edited(backup, manifest=manifest), NOW)


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(backup, tmp_path):
    with pytest.raises(BackupUnreadableError, match="đã bị sửa hoặc hỏng"):
        restore(url_in(tmp_path / "x"), edited(backup, manifest={"sha256": "0" * 64}), NOW)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_what_is_no_backup_is_refused_and_leaves_the_old_database(office, tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BackupUnreadableError, match="Chưa có gì bị thay đổi"):
        restore(office.settings.database_url, path, NOW, replace=True)
    assert office.ask(verify_ledger).rows >= 1


def test_a_home_without_a_database_has_nothing_to_back_up(tmp_path):
    with pytest.raises(NotFoundError):
        back_up(url_in(tmp_path / "empty"), tmp_path / "x.zip", NOW)


def test_postgresql_has_its_own_tool(tmp_path):
    url = "postgresql+psycopg://so@localhost/khcn"
    with pytest.raises(OtherToolError, match="pg_dump"):
        back_up(url, tmp_path / "x.zip", NOW)
    with pytest.raises(OtherToolError, match="pg_restore"):
        restore(url, tmp_path / "x.zip", NOW)
