"""INSERT … ON CONFLICT DO NOTHING, spelled the same for both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert
from sqlalchemy.orm import Session

from khcn_workflow.storage.records import Record
from khcn_workflow.storage.statements import connection_of, insert_for, run, table_of


def insert_new(
    session: Session, record: type[Record], rows: Sequence[dict[str, Any]], returning: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Insert the rows that break no unique key; the `returning` columns of just those.

    The row count of such a statement is not to be trusted on PostgreSQL, hence RETURNING.
    SQLAlchemy sends them in batches below the databases' limits on bound values.
    """
    if not rows:
        return []
    session.flush()
    connection = connection_of(session)
    statement = _insert_new(
        connection.dialect.name, record, tuple(column.key for column in returning)
    )
    return [tuple(row) for row in run(connection, statement, rows)]


@cache
def _insert_new(dialect: str, record: type[Record], returning: tuple[str, ...]) -> Insert:
    table = table_of(record)
    new = insert_for(dialect, table).on_conflict_do_nothing()
    return cast("Insert", new.returning(*(table.c[name] for name in returning)))
