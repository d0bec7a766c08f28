"""Copies of a SQLite database: taken while it is in use, and put in its place."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import verify
from khcn_workflow.storage.transactions import Database

_PARTS = ("", "-wal", "-shm")
"""A SQLite database is its file and, while it is in use, two more beside it."""


class OtherToolError(KhcnError):
    """A backup was asked of a database that is not a file of ours."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        super().__init__(
            f"Cơ sở dữ liệu là {backend}, không phải SQLite: "
            "hãy sao lưu bằng pg_dump và khôi phục bằng pg_restore."
        )


def sqlite_file(url: str) -> Path:
    """The file of a database.

    Raises:
        OtherToolError: The database is no SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise OtherToolError(parsed.get_backend_name())
    return Path(parsed.database)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while others write (SQLite's online backup)."""
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy)


def chain_of(file: Path) -> tuple[int, str]:
    """The number of rows and the last hash of the ledger in a file.

    Raises:
        BrokenChainError: Names the first row that does not hold.
        StorageUnavailableError: It is no database of ours.
    """
    database = Database(f"sqlite:///{file}")
    try:
        with database.transaction(read_only=True) as work:
            return verify(work.queries.ledger())
    finally:
        database.close()


def put_in_place(copy: Path, target: Path, kept: Path) -> None:
    """Make `copy` the database; one that is there already goes to `kept` with its parts."""
    for part in _PARTS:
        old = target.with_name(target.name + part)
        if old.exists():
            old.rename(kept.with_name(kept.name + part))
    copy.replace(target)
