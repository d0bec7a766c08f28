"""What goes wrong before the first row is one Vietnamese sentence without the password."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, make_url

from khcn_workflow.bootstrap import Application
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage import database
from khcn_workflow.storage.database import DatabaseAddressError
from khcn_workflow.storage.refusals import StorageUnavailableError
from tests.databases import SQLITE
from tests.office import PERSONS, hire, open_office, settings_in

SECRET = "bi-mat-cua-so"  # noqa: S105 - of nobody


def refusal(tmp_path, url: str, kind: type[Exception]) -> str:
    app = Application(replace(settings_in(tmp_path), database_url=url))
    with pytest.raises(kind) as caught:
        app.ask(verify_ledger)
    return str(caught.value)


def test_a_server_that_is_not_there_is_said(tmp_path):
    url = f"postgresql+psycopg://so:{SECRET}@127.0.0.1:1/khcn"
    said = refusal(tmp_path, url, StorageUnavailableError)
    assert "hãy kiểm tra máy chủ PostgreSQL đang chạy" in said
    assert SECRET not in said


def test_a_wrong_password_is_said_without_showing_it(postgres, tmp_path):
    asked = make_url(postgres.ask_password_of("khach", "dung"))
    wrong = asked.set(username="khach", password=SECRET).render_as_string(hide_password=False)
    said = refusal(tmp_path, wrong, StorageUnavailableError)
    assert 'password authentication failed for user "khach"' in said
    assert SECRET not in said


def test_a_database_that_the_server_does_not_have_is_said(postgres, tmp_path):
    assert '"khong_co" does not exist' in refusal(
        tmp_path, postgres.url("khong_co"), StorageUnavailableError
    )


@pytest.mark.parametrize(
    "url",
    [f"so:{SECRET}@may-chu", f"mysql://so:{SECRET}@may-chu/khcn", f"khong-co://so:{SECRET}@x/y"],
)
def test_an_address_that_is_none_is_said_without_showing_it(tmp_path, url):
    said = refusal(tmp_path, url, DatabaseAddressError)
    assert "postgresql+psycopg://" in said
    assert SECRET not in said


def test_a_connection_lost_in_the_commit_is_not_called_unwritten(postgres, tmp_path):
    app = open_office(tmp_path, database=postgres)

    def cut(_connection):
        postgres.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'office_%'"
        )

    event.listen(Engine, "commit", cut)
    try:
        with pytest.raises(StorageUnavailableError, match="chưa rõ đã ghi hay chưa"):
            app.run(hire, [replace(PERSONS[0], name="Tên khác")])
    finally:
        event.remove(Engine, "commit", cut)
        app.close()


def test_a_sqlite_file_that_another_holds_too_long_is_said(tmp_path, monkeypatch):
    app = open_office(tmp_path, database=SQLITE)
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    with closing(sqlite3.connect(tmp_path / "khcn.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailableError, match="chương trình khác đang giữ"):
            app.run(hire, PERSONS)
        other.execute("ROLLBACK")
    app.run(hire, PERSONS)
    app.close()


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "khcn.sqlite").write_text("không phải cơ sở dữ liệu" * 100)
    app = Application(settings_in(tmp_path, KHCN_DATABASE_URL=SQLITE.new(tmp_path)))
    with pytest.raises(StorageUnavailableError, match="không phải là cơ sở dữ liệu của"):
        app.ask(verify_ledger)
