"""No room, no right to write, no folder: one Vietnamese sentence, and nothing is lost."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from khcn_workflow.bootstrap import Application
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.database import open_database
from khcn_workflow.storage.refusals import StorageUnavailableError
from tests.databases import SQLITE, postgres_server
from tests.office import open_office, settings_in
from tests.reliability.disks import fill, home_of_nobody, in_child, quota, small_disk
from tests.reliability.recorder import Job, do, enter_all, jobs_of

TASKS = [f"NV-{n}" for n in range(150)]
JOBS = [job for task in TASKS for job in jobs_of(task)]
SQLITE_DISK, SERVER_DISK = 8, 160
"""Megabytes; an empty server takes about 60."""


def office_in(home: Path, database=SQLITE) -> Application:
    app = open_office(home, database=database)
    app.run(enter_all, TASKS)
    return app


def record_until_refused(app: Application, jobs: Iterator[Job]) -> tuple[list[Job], Job, str]:
    """What was acknowledged, what was refused, and how that was said."""
    done = []
    for job in jobs:
        try:
            do(app, job)
        except StorageUnavailableError as refusal:
            return done, job, str(refusal)
        done.append(job)
    raise AssertionError("never refused")


def stand_exactly(app: Application, jobs: list[Job]) -> None:
    entries = app.ask(lambda context: list(context.work.queries.ledger()))
    keys = Counter(e.fact.request_key for e in entries if e.fact.request_key)
    assert keys == {job.key: 1 for job in jobs}
    assert app.ask(verify_ledger).rows == len(entries)


def nothing_lost_and_on_it_goes(app: Application, filled) -> str:
    """Record until the disk is full, make room, go on; the sentence that was said."""
    jobs = iter(JOBS)
    with filled():
        done, refused, sentence = record_until_refused(app, jobs)
    stand_exactly(app, done)
    more = [refused, *(next(jobs) for _ in range(20))]
    for job in more:
        do(app, job)
    stand_exactly(app, [*done, *more])
    assert "Chưa có gì được ghi" in sentence
    return sentence


@contextmanager
def full(disk: Path):
    filler = fill(disk)
    try:
        yield
    finally:
        filler.unlink()


def test_a_full_disk_under_sqlite(tmp_path):
    with small_disk(SQLITE_DISK) as disk:
        if disk is None:
            app = office_in(tmp_path)
            sentence = nothing_lost_and_on_it_goes(app, lambda: few_pages(app))
        else:
            app = office_in(disk)
            sentence = nothing_lost_and_on_it_goes(app, lambda: full(disk))
        app.close()
    assert "đĩa chứa cơ sở dữ liệu đã đầy" in sentence
    assert "hãy dọn bớt tệp trên đĩa" in sentence


@contextmanager
def few_pages(app: Application):
    """SQLite's own quota, where no disk can be mounted: no page more than there are."""
    app.close()
    engine = open_database(app.settings.database_url)
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    engine.dispose()
    app.run(lambda context: limit_pages(context, pages))
    yield
    app.close()


def limit_pages(context, pages: int) -> None:
    context.work._session.execute(text(f"PRAGMA max_page_count = {pages}"))


def test_a_quota_of_the_account_under_sqlite():
    with home_of_nobody() as home:
        in_child(record_under_a_quota, home)


def record_under_a_quota(home: Path) -> None:
    app = office_in(home)
    wal = (home / "khcn.sqlite-wal").stat().st_size
    sentence = nothing_lost_and_on_it_goes(app, lambda: quota(wal))
    assert "hạn mức của tài khoản" in sentence
    app.close()


def test_a_full_disk_under_postgresql(tmp_path):
    with small_disk(SERVER_DISK) as disk, postgres_server((), disk and str(disk)) as server:
        app = office_in(tmp_path, server)
        room = (lambda: full(disk)) if disk else (lambda: no_room_says_the_server(app))
        sentence = nothing_lost_and_on_it_goes(app, room)
        app.close()
    assert "đĩa của máy chủ PostgreSQL đã đầy" in sentence
    assert "hãy báo người quản trị dọn đĩa" in sentence


@contextmanager
def no_room_says_the_server(app: Application):
    """Where no disk can be mounted, the server's own error at a later row of the outbox."""
    engine = open_database(app.settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$"
                                " BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full';"
                                " END $$"))  # fmt: skip
        connection.execute(text("CREATE TRIGGER no_room BEFORE INSERT ON outbox"
                                " FOR EACH ROW EXECUTE FUNCTION no_room()"))  # fmt: skip
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER no_room ON outbox"))
    engine.dispose()


def test_a_folder_that_may_only_be_read():
    with home_of_nobody() as home:
        in_child(record_where_nobody_may_write, home)


def record_where_nobody_may_write(home: Path) -> None:
    app = office_in(home)
    do(app, JOBS[0])
    app.close()
    rights = [(path, path.stat().st_mode) for path in (*home.iterdir(), home)]
    for path, mode in rights:
        path.chmod(mode & ~0o222)
    _, refused, sentence = record_until_refused(app, iter(JOBS[1:]))
    assert "chỉ cho đọc" in sentence or "không mở được tệp" in sentence
    assert "KHCN_HOME" in sentence
    app.close()
    for path, mode in rights:
        path.chmod(mode)
    do(app, refused)
    stand_exactly(app, JOBS[:2])
    app.close()


def test_a_home_that_cannot_be_made(tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    home = tmp_path / "home" / "khcn"
    url = f"sqlite:///{home / 'khcn.sqlite'}"
    app = Application(settings_in(home, KHCN_DATABASE_URL=url))
    with pytest.raises(StorageUnavailableError, match="không mở được tệp.*KHCN_HOME"):
        app.ask(verify_ledger)


@pytest.mark.parametrize("again", [True, False], ids=["put back", "gone"])
def test_a_home_taken_away_under_an_open_office(tmp_path, again):
    """SQLite alone would go on writing into the deleted file, and lose it all."""
    home = tmp_path / "home"
    app = office_in(home)
    do(app, JOBS[0])
    shutil.move(home, tmp_path / "away")
    _, refused, sentence = record_until_refused(app, iter(JOBS[1:]))
    assert "đã bị xóa, chuyển đi hoặc thay bằng tệp khác" in sentence
    if again:
        shutil.move(tmp_path / "away", home)
        do(app, refused)
        stand_exactly(app, JOBS[:2])
    else:
        *_, sentence = record_until_refused(app, iter(JOBS[1:]))
        assert "không mở được tệp cơ sở dữ liệu" in sentence
    app.close()
