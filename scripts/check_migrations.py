"""`alembic check` on fresh databases: the migrations make exactly the tables of records.py."""

import sys
import tempfile
from pathlib import Path

import pgserver
from alembic import command
from alembic.util.exc import CommandError

from khcn_workflow.storage.database import alembic_config, migrate, open_database


def main() -> int:
    """0 when nothing differs, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        differs = _differs(f"sqlite:///{Path(folder) / 'check.sqlite'}")
    with pgserver.get_server(tempfile.mkdtemp(prefix="khcn-pg-"), cleanup_mode="delete") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        differs |= _differs(url)
    return int(differs)


def _differs(url: str) -> bool:
    engine = open_database(url)
    try:
        migrate(engine)
        with engine.begin() as connection:
            command.check(alembic_config(connection))
    except CommandError as error:
        sys.stderr.write(f"{engine.dialect.name}: {error}\n")
        return True
    finally:
        engine.dispose()
    return False


if __name__ == "__main__":
    sys.exit(main())
