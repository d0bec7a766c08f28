"""New databases of both kinds: a SQLite file in the home, or a copy of a PostgreSQL template.

Every test that touches a database runs once on each kind (see conftest.py). The one whose
turn it is stands in `current()`.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol

import pgserver
import psycopg
from sqlalchemy import create_engine, make_url, text

from khcn_workflow.storage.database import migrate, open_database

QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""A server of tests need not survive a power cut."""

MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own there
"""Where a server of tests keeps its files, if this machine has it."""


class Databases(Protocol):
    """One kind of database."""

    kind: str

    def new(self, home: Path) -> str:
        """The address of a database for a new office in this home."""

    def empty(self, home: Path) -> str:
        """The address of a database in which nothing was ever made."""

    def at(self, home: Path) -> str:
        """The address of the database of an office, which is new if it has none."""

    def copy(self, url: str, home: Path) -> str:
        """The address of a new database with what another holds."""

    def drop_those_of(self, folder: Path) -> None:
        """Take away the databases of homes below a folder, so that memory suffices."""

    def unguard(self, table: str) -> list[str]:
        """What an intruder does before he changes an append-only table."""


class SqliteFiles:
    kind = "sqlite"

    def new(self, home: Path) -> str:
        return f"sqlite:///{home / 'khcn.sqlite'}"

    empty = at = new

    def copy(self, url: str, home: Path) -> str:
        home.mkdir(exist_ok=True)
        shutil.copy(str(make_url(url).database), home / "khcn.sqlite")
        return self.new(home)

    def drop_those_of(self, folder: Path) -> None:
        """Files go with their folder."""

    def unguard(self, table: str) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {table}_no_{deed}" for deed in ("update", "delete")]


SQLITE = SqliteFiles()


class PostgresCopies:
    kind = "postgresql"

    def __init__(self, server: pgserver.PostgresServer, settings: Sequence[str]) -> None:
        self._server = server
        self._numbers = count()
        self._homes: dict[Path, str] = {}
        self._connection = psycopg.connect(server.get_uri(), autocommit=True)
        self._strategy = "FILE_COPY" if MEMORY in server.pgdata.parents else "WAL_LOG"
        for setting in settings:
            self.administer(f"ALTER SYSTEM SET {setting}")
        self.administer("SELECT pg_reload_conf()")
        self.bare = self.url("template1")
        self._template = self.copy(self.bare)
        engine = open_database(self._template)
        migrate(engine)
        engine.dispose()

    def url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def new(self, home: Path) -> str:
        return self.copy(self._template, home)

    def empty(self, home: Path) -> str:
        return self.copy(self.bare, home)

    def at(self, home: Path) -> str:
        return self._homes.get(home) or self.new(home)

    def copy(self, url: str, home: Path | None = None) -> str:
        source, name = make_url(url).database, f"office_{next(self._numbers)}"
        self.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", source
        )
        self.administer(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY {self._strategy}")
        if home is not None:
            self._homes[home] = self.url(name)
        return self.url(name)

    def unguard(self, table: str) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"]

    def hang_up(self) -> None:
        """End the connections that tests left open; they would use up the server's."""
        self.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname LIKE 'office_%' AND state = 'idle'"
        )

    def drop_those_of(self, folder: Path) -> None:
        for home in [home for home in self._homes if folder in (home, *home.parents)]:
            name = make_url(self._homes.pop(home)).database
            self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    def ask_password_of(self, user: str, password: str) -> str:
        """The address, without a password, of a database that asks this user for one."""
        rules = self._server.pgdata / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.administer(f"DROP ROLE IF EXISTS {user}")
        self.administer(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
        self.administer("SELECT pg_reload_conf()")
        return self.bare

    def administer(self, statement: str, *values: Any) -> None:
        self._connection.execute(statement, values or None)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def postgres_server(
    settings: Sequence[str] = QUICK, folder: str | None = None
) -> Iterator[PostgresCopies]:
    """A server of its own in a temporary folder, gone at the end; a quick one lies in memory.

    Args:
        settings: What is not as an office has it; nothing, for a durable server.
        folder: Where, if not in memory or the system's temporary folder.
    """
    quick = settings is QUICK and MEMORY.is_dir()
    where = folder or (MEMORY if quick else None)
    data = mkdtemp(prefix="khcn-pg-", dir=where)  # short: the socket's path may have 107 bytes
    with pgserver.get_server(data, cleanup_mode="delete") as server:
        databases = PostgresCopies(server, settings)
        yield databases
        databases.close()


@dataclass(slots=True)
class _Turn:
    """Whose turn it is, and a fixture that may not ask because it outlives the turn."""

    of: Databases = field(default_factory=lambda: SQLITE)
    deaf: str = ""


_turn = _Turn()


def current() -> Databases:
    """The kind of database whose turn it is.

    Raises:
        RuntimeError: It was asked for by a fixture that would be kept for the next kind.
    """
    if _turn.deaf:
        raise RuntimeError(
            f"fixture «{_turn.deaf}» outlives a test: let it ask for the fixture «database»"
        )
    return _turn.of


def take_turns(databases: Databases) -> None:
    """From now on it is the turn of this kind."""
    _turn.of = databases


@contextmanager
def deaf(fixture: str) -> Iterator[None]:
    """While a lasting fixture is made that does not ask for the fixture `database`."""
    before, _turn.deaf = _turn.deaf, fixture
    try:
        yield
    finally:
        _turn.deaf = before


def sql(url: str, *statements: str) -> list[Any]:
    """Statements that pass by the program, as an intruder's would; the rows of the last."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            done = connection.execute(text(statement))
        found = list(done.all()) if done.returns_rows else []
    engine.dispose()
    return found
