"""All tables as they are, out of one database and into an empty one."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.records import Record

BATCH = 1000
"""Rows that are read and written at a time."""

Rows = Sequence[dict[str, Any]]


class CopyDiffersError(KhcnError):
    """What arrived is not what was sent."""

    def __init__(self) -> None:
        super().__init__("Bản chuyển không giống bản gốc; đã bỏ bản chuyển, bản gốc còn nguyên.")


class Copying:
    """The tables of one transaction, each with what it refers to before it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            table.name: self._session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Record.metadata.sorted_tables
        }

    def rows(self) -> Iterator[tuple[str, Rows]]:
        """Every row of every table, in batches."""
        for table in Record.metadata.sorted_tables:
            statement = select(table).order_by(*table.primary_key.columns)
            found = self._session.execute(statement, execution_options={"yield_per": BATCH})
            for batch in found.mappings().partitions():
                yield table.name, [dict(row) for row in batch]

    def take(self, name: str, rows: Rows) -> None:
        """Insert rows that another database gave."""
        self._session.execute(insert(Record.metadata.tables[name]), list(rows))

    def take_all(self, source: "Copying") -> None:
        """Take every row of another database; new rows get numbers after them.

        Raises:
            CopyDiffersError: A table has not as many rows as there.
        """
        for name, rows in source.rows():
            self.take(name, rows)
        if self._session.get_bind().dialect.name == "postgresql":
            self._count_on()
        if self.counts() != source.counts():
            raise CopyDiffersError

    def _count_on(self) -> None:
        """SQLite counts on from the highest number by itself."""
        for table in Record.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                self._session.execute(text(_NEXT_NUMBER.format(table=table.name, id=column.name)))


_NEXT_NUMBER = """
SELECT setval(pg_get_serial_sequence('{table}', '{id}'), COALESCE(MAX({id}), 0) + 1, false)
FROM {table}
"""
