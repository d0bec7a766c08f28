"""Runs migrations on the connection that storage/database.py hands over."""

from alembic import context
from sqlalchemy import Connection, create_engine

from khcn_workflow.storage.records import Record


def run(connection: Connection) -> None:
    """Upgrade, or compare (`alembic check`), on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Record.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.config.get_main_option("sqlalchemy.url") or "sqlite://"
    with create_engine(url).begin() as opened:
        run(opened)
