"""`alembic check` on a fresh database: the migrations make exactly the tables of records.py."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.util.exc import CommandError

from khcn_workflow.storage.database import alembic_config, migrate, open_database


def main() -> int:
    """0 when nothing differs."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'check.sqlite'}")
        migrate(engine)
        try:
            with engine.begin() as connection:
                command.check(alembic_config(connection))
        except CommandError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        finally:
            engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
