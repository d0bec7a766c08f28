"""New databases of both kinds: a SQLite file in the home, or a copy of a PostgreSQL template."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import pgserver
import psycopg
from sqlalchemy import make_url

from khcn_workflow.storage.database import migrate, open_database

QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""A server of tests need not survive a power cut."""


class Databases(Protocol):
    """One kind of database."""

    kind: str

    def new(self, home: Path) -> str:
        """The address of a database for a new office."""

    def empty(self, home: Path) -> str:
        """The address of a database in which nothing was ever made."""

    def copy(self, url: str, home: Path) -> str:
        """The address of a new database with what another holds."""


class SqliteFiles:
    kind = "sqlite"

    def new(self, home: Path) -> str:
        return f"sqlite:///{home / 'khcn.sqlite'}"

    def empty(self, home: Path) -> str:
        return self.new(home)

    def copy(self, url: str, home: Path) -> str:
        home.mkdir(exist_ok=True)
        shutil.copy(str(make_url(url).database), home / "khcn.sqlite")
        return self.new(home)


SQLITE = SqliteFiles()


class PostgresCopies:
    kind = "postgresql"

    def __init__(self, server: pgserver.PostgresServer) -> None:
        self._server = server
        self._numbers = count()
        for setting in QUICK:
            self.administer(f"ALTER SYSTEM SET {setting}")
        self.administer("SELECT pg_reload_conf()")
        self.bare = self.url("template1")
        self._template = self.copy(self.bare, Path())
        engine = open_database(self._template)
        migrate(engine)
        engine.dispose()

    def url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def new(self, home: Path) -> str:
        return self.copy(self._template, home)

    def empty(self, home: Path) -> str:
        return self.copy(self.bare, home)

    def copy(self, url: str, home: Path) -> str:  # noqa: ARG002 - the server has its own folder
        name = f"office_{next(self._numbers)}"
        self.administer(
            f"CREATE DATABASE {name} TEMPLATE {make_url(url).database} STRATEGY FILE_COPY"
        )
        return self.url(name)

    def hang_up(self) -> None:
        """End the connections that tests left open."""
        self.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'office_%'"
        )

    def ask_password_of(self, user: str, password: str) -> str:
        """The address, without a password, of a database that asks this user for one."""
        rules = self._server.pgdata / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.administer(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
        self.administer("SELECT pg_reload_conf()")
        return self.bare

    def administer(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server() -> Iterator[PostgresCopies]:
    """A server of its own in a temporary folder, gone at the end."""
    folder = mkdtemp(prefix="khcn-pg-")  # a short path: the socket's may have 107 bytes
    with pgserver.get_server(folder, cleanup_mode="delete") as server:
        yield PostgresCopies(server)
