"""Opens the database: SQLite with the guards that make it safe, PostgreSQL as it is."""

import os
import sqlite3
from functools import partial
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.refusals import moved_away, refused_by_disk, refused_by_driver

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0010"
"""The newest revision of migrations/versions; a test holds it to Alembic's own answer."""

MIGRATIONS = Path(__file__).parent / "migrations"
READ_ONLY = "khcn_read_only"
FILE = "khcn_file"
"""Where a connection keeps which file it opened."""

BUSY_TIMEOUT_MS = 30_000
ASK_AGAIN_S = (0.001, 0.005)
"""How long a writer sleeps before it asks again whether it is its turn."""

CONNECT_TIMEOUT_S = 10
MIGRATING = 0x6B68636E_03
"""Number of the lock that lets one process at a time migrate (see locks.py)."""


class DatabaseAddressError(KhcnError):
    """`KHCN_DATABASE_URL` names no database that this program can open."""

    def __init__(self) -> None:
        super().__init__(
            "Địa chỉ cơ sở dữ liệu không dùng được: cần sqlite:///tệp hoặc "
            "postgresql+psycopg://tài-khoản:mật-khẩu@máy-chủ/tên "
            '(PostgreSQL cần cài thêm: pip install "khcn-workflow[postgresql]").'
        )


def open_database(url: str) -> Engine:
    """The engine for `url`; a folder that SQLite's file needs is made.

    Raises:
        DatabaseAddressError: The address cannot be read, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            return create_engine(parsed, pool_pre_ping=True, connect_args=_patience(parsed))
    except (ArgumentError, ImportError, ValueError):
        raise DatabaseAddressError from None  # its text may hold the password
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseAddressError
    file = parsed.database if parsed.database and parsed.database != ":memory:" else None
    if file:
        _make_folder(Path(file).parent)
    engine = create_engine(parsed)
    event.listen(engine, "connect", partial(_guard, file))
    event.listen(engine, "begin", partial(_begin, file))
    return engine


class NewerDatabaseError(KhcnError):
    """The tables were made by a later version of this program."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"Cơ sở dữ liệu do phiên bản mới hơn của phần mềm tạo ra (bản {revision}, phần mềm này "
            f"biết đến {HEAD}); hãy cập nhật phần mềm. Chưa có gì bị thay đổi."
        )


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; alembic is loaded only when it must work.

    Raises:
        NewerDatabaseError: They are newer than this program.
    """
    revision = _revision(engine)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise NewerDatabaseError(revision)
    from alembic import command  # noqa: PLC0415 - a read command never needs it

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        command.upgrade(alembic_config(connection), "head")


def transaction_options(engine: Engine, *, read_only: bool) -> dict[str, Any]:
    """How a transaction is opened: readers see one instant, and none blocks a writer."""
    options: dict[str, Any] = {READ_ONLY: read_only}
    if read_only and engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    return options


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration without a file; the connection is handed to env.py."""
    from alembic.config import Config  # noqa: PLC0415 - as in migrate

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _revision(engine: Engine) -> str | None:
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return str(found) if found else None


def _patience(url: URL) -> dict[str, Any]:
    """As patient as SQLite's busy timeout, unless the address says otherwise."""
    waits = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}",
    }
    return {name: value for name, value in waits.items() if name not in url.query}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused_by_disk(error) from error


def _guard(file: str | None, connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    except sqlite3.DatabaseError as error:
        raise refused_by_driver(error) from error
    finally:
        cursor.close()
    record.info[FILE] = _identity(file)


def _begin(file: str | None, connection: Connection) -> None:
    """Writers take the lock at once, so that none finds at its end that it was late.

    SQLite itself would go on writing into a file that was deleted or replaced meanwhile.
    """
    if _identity(file) != connection.info[FILE]:
        connection.invalidate()
        raise moved_away(str(file))
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    driver: Any = connection.connection.driver_connection
    try:
        if read_only:
            driver.execute("BEGIN")
        else:
            _take_turn(driver)
    except sqlite3.DatabaseError as error:
        raise refused_by_driver(error) from error


def _take_turn(driver: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE, for which those who wait long have the same chance as newcomers.

    SQLite's own busy handler asks ever more seldom, up to every 100 ms: with sixteen
    writers one of them waited for half a minute in vain.
    """
    give_up = monotonic() + BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(driver, is_last_try=monotonic() > give_up):
            sleep(uniform(*ASK_AGAIN_S))  # noqa: S311 - not a secret
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _begun(driver: sqlite3.Connection, *, is_last_try: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if is_last_try or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise
        return False
    return True


def _identity(file: str | None) -> tuple[int, int] | None:
    """Which file stands under that name; None where there is none."""
    try:
        found = os.stat(file) if file else None  # noqa: PTH116 - asked for every transaction
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found else None
