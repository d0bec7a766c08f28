"""Copies of a database of either kind as one SQLite file: taken while it is in use, put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from khcn_workflow.domain.ledger import verify
from khcn_workflow.storage.database import alembic_config, migrate, open_database
from khcn_workflow.storage.moving import CopyDiffersError, Copying
from khcn_workflow.storage.records import Record
from khcn_workflow.storage.refusals import refused_by_driver
from khcn_workflow.storage.transactions import Database
from khcn_workflow.storage.unit_of_work import UnitOfWork

_PARTS = ("", "-wal", "-shm")
"""A SQLite database is its file and, while it is in use, two more beside it."""


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, None for another kind."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def holds_something(url: str) -> bool:
    """Whether a restore would take the place of something: a file, or a table with rows.

    Raises:
        StorageUnavailableError: It cannot be reached.
    """
    file = sqlite_file(url)
    if file is not None:
        return file.exists()
    with opened(url) as work:
        return sum(work.copying.counts().values()) > 0


def copy_database(url: str, target: Path) -> None:
    """A consistent copy, also while others write.

    Of SQLite by its own online backup, of another kind row by row at one instant.

    Raises:
        StorageUnavailableError: The database cannot be read.
    """
    file = sqlite_file(url)
    if file is not None:
        with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(target)) as copy:
            ours.backup(copy)
        return
    copy_to = Database(f"sqlite:///{target}")
    try:
        with opened(url) as source, copy_to.transaction() as work:
            work.copying.take_all(source.copying)
    finally:
        copy_to.close()
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def opened(url: str) -> Iterator[UnitOfWork]:
    """A database at one instant.

    Raises:
        StorageUnavailableError: It is no database of ours, or cannot be reached.
    """
    database = Database(url)
    try:
        with database.transaction(read_only=True) as work:
            yield work
    finally:
        database.close()


def chain_of(work: UnitOfWork) -> tuple[int, str]:
    """The number of rows and the last hash of the ledger.

    Raises:
        BrokenChainError: Names the first row that does not hold.
    """
    return verify(work.queries.ledger())


def put_in_place(copy: Path, url: str, kept: str) -> str | None:
    """Make a copy the database; what is there already is kept beside under another name.

    Args:
        kept: What is put before or behind a name to make the other one.

    Returns:
        Where the database that was there lies now: a file or a schema; None without one.

    Raises:
        StorageUnavailableError: The server refused; everything is as it was.
    """
    file = sqlite_file(url)
    if file is not None:
        return _put_file(copy, file, f"{file.name}.{kept}")
    try:
        return _put_rows(copy, url, kept.replace("-", "_"))
    except DatabaseError as error:
        raise refused_by_driver(error) from error


def _put_file(copy: Path, target: Path, kept: str) -> str | None:
    was_there = target.exists()
    for part in _PARTS:
        old = target.with_name(target.name + part)
        if old.exists():
            old.rename(target.with_name(kept + part))
    copy.replace(target)
    return str(target.with_name(kept)) if was_there else None


def _put_rows(copy: Path, url: str, schema: str) -> str | None:
    """All in one transaction of the target: old tables aside, new ones made and filled."""
    engine = open_database(url)
    try:
        migrate(engine)
        with engine.begin() as connection, opened(f"sqlite:///{copy}") as source:
            with Session(bind=connection) as present:
                occupied = sum(Copying(present).counts().values()) > 0
            if occupied:
                _set_aside(connection, schema)
                command.upgrade(alembic_config(connection), "head")
            with Session(bind=connection) as session:
                work = UnitOfWork(session, set())
                work.copying.take_all(source.copying)
                if chain_of(work) != chain_of(source):
                    raise CopyDiffersError
    finally:
        engine.dispose()
    return schema if occupied else None


def _set_aside(connection: Connection, schema: str) -> None:
    """Move our tables, with what hangs on them, into another schema."""
    ours = {"ours": [*Record.metadata.tables, "alembic_version"]}
    tables = connection.scalars(text(_TABLES), ours).all()
    functions = connection.scalars(text(_FUNCTIONS), ours).all()
    connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    for table in tables:
        connection.execute(text(f'ALTER TABLE "{table}" SET SCHEMA "{schema}"'))
    for function in functions:
        connection.execute(text(f'ALTER FUNCTION {function} SET SCHEMA "{schema}"'))


_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY(:ours)
"""
_FUNCTIONS = """
SELECT DISTINCT t.tgfoid::regprocedure::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND n.nspname = current_schema() AND c.relname = ANY(:ours)
"""
