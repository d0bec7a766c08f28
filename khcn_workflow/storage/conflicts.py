"""INSERT … ON CONFLICT DO NOTHING, spelled the same for both databases."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from khcn_workflow.storage.records import Record

CHUNK = 500
"""Rows a statement, below SQLite's limit on bound values."""


def insert_new(
    session: Session, record: type[Record], rows: Sequence[dict[str, Any]], returning: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Insert the rows that break no unique key; the `returning` columns of just those.

    The row count of such a statement is not to be trusted on PostgreSQL, hence RETURNING.
    """
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    inserted: list[tuple[Any, ...]] = []
    for chunk in _chunks(rows):
        statement = insert(record).values(chunk).on_conflict_do_nothing().returning(*returning)
        inserted += [tuple(row) for row in session.execute(statement)]
    return inserted


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), CHUNK):
        yield list(rows[start : start + CHUNK])
