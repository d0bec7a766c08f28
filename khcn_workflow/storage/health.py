"""Looks at a database as it is: nothing is made, migrated or kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from khcn_workflow.domain.ledger import GENESIS
from khcn_workflow.storage.database import HEAD, open_database


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What was found.

    Attributes:
        kind: "sqlite" or "postgresql".
        exists: There is a file (SQLite), or the server let us in.
        problem: Why it cannot be read or written, in the database's own words; else empty.
        revision: The revision of its tables; empty before the first use.
        rows: Rows of the ledger.
        head: Hash of the last one.
        clock: What time the database's server has; None for SQLite, which has none.
    """

    kind: str
    exists: bool
    problem: str = ""
    revision: str = ""
    rows: int = 0
    head: str = GENESIS
    clock: datetime | None = None

    @property
    def is_newest(self) -> bool:
        """Whether the tables are those of this version."""
        return self.revision == HEAD


def look_at(url: str) -> DatabaseState:
    """Open, read the head of the chain, try a write and take it back.

    Raises:
        DatabaseAddressError: The address cannot be read, or its driver is not installed.
    """
    kind, file = make_url(url).get_backend_name(), make_url(url).database
    if kind == "sqlite" and file and not Path(file).is_file():
        return DatabaseState(kind, exists=False)
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            return _found(connection, kind)
    except DatabaseError as error:
        return DatabaseState(kind, exists=True, problem=" ".join(str(error.orig).split()))
    finally:
        engine.dispose()


def _found(connection: Connection, kind: str) -> DatabaseState:
    clock = None
    if kind == "postgresql":
        clock = connection.scalar(text("SELECT clock_timestamp()")).astimezone(UTC)
    if not inspect(connection).has_table("alembic_version"):
        return DatabaseState(kind, exists=True, clock=clock)
    revision = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    connection.execute(text("UPDATE sweep_mark SET swept_to = swept_to"))
    connection.rollback()
    newest = connection.execute(
        text("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
    ).one_or_none()
    rows, head = newest or (0, GENESIS)
    return DatabaseState(kind, True, "", revision, rows, head, clock)
