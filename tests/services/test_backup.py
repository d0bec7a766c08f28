"""A backup comes back whole, and one that is not whole does not come back."""

import hashlib
import json
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import make_url

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.errors import BrokenChainError, NotFoundError
from khcn_workflow.domain.ledger import Document
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
from khcn_workflow.storage.database import NewerDatabaseError, alembic_config, open_database
from khcn_workflow.storage.documents import DocumentDiffersError, Documents
from tests.databases import SQLITE, sql
from tests.office import HIRED, a_task, enter, on_day, open_office, record, settings_in

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
    back_up(office.settings, path, NOW)
    return path


@pytest.fixture
def elsewhere(database, tmp_path):
    """Settings of a home in which nothing was ever made."""
    home = tmp_path / "elsewhere"
    return settings_in(home, KHCN_DATABASE_URL=database.empty(home))


@pytest.fixture(params=["sqlite", "postgresql"])
def other_kind(request, tmp_path, postgres):
    """The same, of each kind in turn, whatever the backup was made of."""
    home, kind = tmp_path / "other", SQLITE if request.param == "sqlite" else postgres
    return settings_in(home, KHCN_DATABASE_URL=kind.empty(home))


def edited(backup, *statements, manifest=None):
    """The backup with its database or its manifest changed, and a hash of the file that fits."""
    copy = backup.with_name("x.sqlite")
    with zipfile.ZipFile(backup) as archive:
        copy.write_bytes(archive.read(DATABASE))
        said = json.loads(archive.read(MANIFEST))
    if statements:
        database = sqlite3.connect(copy, isolation_level=None)
        for statement in (*SQLITE.unguard("ledger"), *statements):
            database.execute(statement)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
    said |= {"sha256": hashlib.sha256(copy.read_bytes()).hexdigest(), **(manifest or {})}
    with zipfile.ZipFile(backup, "w") as archive:
        archive.write(copy, DATABASE)
        archive.writestr(MANIFEST, json.dumps(said))
    return backup


def test_a_backup_restores_to_the_same_ledger_and_the_same_tasks(office, backup, other_kind):
    restored = restore(other_kind, backup, NOW)
    assert restored.kept is None
    other = Application(other_kind)
    assert other.ask(verify_ledger) == office.ask(verify_ledger)
    assert other.ask(verify_ledger).head == restored.backup.head
    assert other.ask(list_tasks) == office.ask(list_tasks)
    other.close()


def test_new_rows_are_numbered_after_those_that_were_restored(backup, other_kind):
    restore(other_kind, backup, NOW)
    other = on_day(Application(other_kind), date(2019, 7, 10))
    before = sql(other_kind.database_url, "SELECT id FROM step_round ORDER BY id")
    record(other, CODE, "council_meeting", "passed", date(2019, 3, 5))
    other.ask(verify_ledger)
    numbers = sql(other_kind.database_url, "SELECT id FROM step_round ORDER BY id")
    assert len(numbers) > len(set(before))
    assert numbers[: len(before)] == before
    other.close()


def test_a_backup_of_a_restored_backup_has_the_same_head(office, backup, other_kind, tmp_path):
    restore(other_kind, backup, NOW)
    second = tmp_path / "lan-hai.zip"
    assert back_up(other_kind, second, NOW).head == office.ask(verify_ledger).head
    home = tmp_path / "back"
    settings = settings_in(home, KHCN_DATABASE_URL=SQLITE.new(home))
    restore(settings, second, NOW)
    other = Application(settings)
    assert other.ask(verify_ledger) == office.ask(verify_ledger)
    other.close()


def test_a_backup_is_taken_while_somebody_writes_and_has_only_what_was_committed(
    office, elsewhere, tmp_path
):
    path = tmp_path / "sao-luu.zip"

    def write_meanwhile(context):
        context.work.save_person(replace(context.work.queries.person("tp2"), name="Tên khác"))
        back_up(office.settings, path, NOW)

    office.run(write_meanwhile)
    restore(elsewhere, path, NOW)
    other = Application(elsewhere)
    person = other.ask(lambda context: context.work.queries.person("tp2"))
    assert person.name == "Trưởng phòng khác"
    other.close()


def test_a_database_of_an_earlier_version_is_backed_up_and_restored(elsewhere, tmp_path):
    home = tmp_path / "old"
    settings = settings_in(home, KHCN_DATABASE_URL=SQLITE.new(home))
    engine = open_database(settings.database_url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
    engine.dispose()
    path = tmp_path / "cu.zip"
    assert back_up(settings, path, NOW).rows == 0
    assert restore(elsewhere, path, NOW).backup.rows == 0


def test_a_database_that_is_there_is_not_replaced_unasked(office, backup):
    with pytest.raises(DatabaseThereError, match="--replace"):
        restore(office.settings, backup, NOW)
    assert office.ask(verify_ledger).rows == HIRED + 1


def test_a_replaced_database_is_kept_beside_with_what_was_recorded_last(office, backup, database):
    record(office, CODE, "council_meeting", "passed", date(2019, 3, 5))
    restored = restore(office.settings, backup, NOW, replace=True)
    office.close()
    there = Application(office.settings)
    assert there.ask(verify_ledger).rows == restored.backup.rows
    record(there, CODE, "council_meeting", "passed", date(2019, 3, 6))
    there.ask(verify_ledger)
    there.close()
    kept = f"sqlite:///{restored.kept}" if database.kind == "sqlite" else None
    schema = "" if kept else f"{restored.kept}."
    ((rows,),) = sql(kept or office.settings.database_url, f"SELECT count(*) FROM {schema}ledger")  # noqa: S608 - our own name
    assert rows == restored.backup.rows + 1


def test_a_row_changed_inside_a_backup_is_named(backup, elsewhere):
    broken = edited(backup, "UPDATE ledger SET note = 'x' WHERE seq = 1")
    with pytest.raises(BrokenChainError, match="dòng 1"):
        restore(elsewhere, broken, NOW)
    assert is_untouched(elsewhere)


def is_untouched(settings):
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return not (settings.home / "khcn.sqlite").exists()
    return sql(settings.database_url, "SELECT count(*) FROM ledger") == [(0,)]


@pytest.mark.parametrize("manifest", [{"head": "0" * 64}, {"rows": 7}])
def test_a_head_that_differs_from_the_manifest_is_refused(backup, elsewhere, manifest):
    with pytest.raises(BackupUnreadableError, match="không khớp bản kê"):
        restore(elsewhere, edited(backup, manifest=manifest), NOW)


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(backup, elsewhere):
    with pytest.raises(BackupUnreadableError, match="đã bị sửa hoặc hỏng"):
        restore(elsewhere, edited(backup, manifest={"sha256": "0" * 64}), NOW)


def test_a_backup_of_a_later_version_is_refused_with_advice(backup, elsewhere):
    newer = edited(backup, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabaseError, match="hãy cập nhật phần mềm"):
        restore(elsewhere, newer, NOW)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_what_is_no_backup_is_refused_and_leaves_the_old_database(office, tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BackupUnreadableError, match="Chưa có gì bị thay đổi"):
        restore(office.settings, path, NOW, replace=True)
    assert office.ask(verify_ledger).rows >= 1


def test_a_home_without_a_database_has_nothing_to_back_up(tmp_path):
    home = tmp_path / "empty"
    with pytest.raises(NotFoundError):
        back_up(settings_in(home, KHCN_DATABASE_URL=SQLITE.new(home)), tmp_path / "x.zip", NOW)


@pytest.fixture
def with_paper(office, tmp_path):
    """A result is recorded with its scanned minutes."""
    scan = tmp_path / "bien-ban.PDF"
    scan.write_bytes(b"%PDF bien ban" * 1000)
    paper = Document("05/BB", sha256=Documents(office.settings.home).keep(scan))
    record(office, CODE, "council_meeting", "passed", date(2019, 3, 5), document=paper)
    path = tmp_path / "co-tep.zip"
    made = back_up(office.settings, path, NOW)
    assert (made.documents, made.missing) == (1, 0)
    return path


def test_documents_come_back_with_the_database(office, with_paper, other_kind):
    restore(other_kind, with_paper, NOW)
    other = Application(other_kind)
    assert other.ask(verify_ledger) == office.ask(verify_ledger)
    assert other.ask(verify_ledger).documents == 1
    other.close()


def test_a_document_changed_inside_a_backup_is_refused_before_anything_changes(
    with_paper, elsewhere, tmp_path
):
    broken = tmp_path / "hong.zip"
    with zipfile.ZipFile(with_paper) as whole, zipfile.ZipFile(broken, "w") as archive:
        for member in whole.namelist():
            content = whole.read(member)
            archive.writestr(member, b"x" if member.startswith("documents/") else content)
    with pytest.raises(BackupUnreadableError, match="tệp văn bản bên trong đã hỏng"):
        restore(elsewhere, broken, NOW)
    assert is_untouched(elsewhere)


def test_names_that_lead_out_of_the_folder_are_passed_over(with_paper, elsewhere, tmp_path):
    with zipfile.ZipFile(with_paper, "a") as archive:
        archive.writestr("documents/../../../ra-ngoai.txt", "x")
        archive.writestr("khac.txt", "x")
    restore(elsewhere, with_paper, NOW)
    assert not list(tmp_path.rglob("ra-ngoai.txt"))
    assert not list(tmp_path.rglob("khac.txt"))


@pytest.mark.usefixtures("with_paper")
def test_a_backup_without_a_document_says_so_and_verify_names_its_row(office, tmp_path):
    digest = office.ask(lambda c: next(iter(c.work.queries.documents_named()))).sha256
    Documents(office.settings.home).find(digest).unlink()
    again = back_up(office.settings, tmp_path / "thieu.zip", NOW)
    assert (again.documents, again.missing) == (0, 1)
    with pytest.raises(DocumentDiffersError, match="05/BB của dòng 6 .* không còn"):
        office.ask(verify_ledger)
