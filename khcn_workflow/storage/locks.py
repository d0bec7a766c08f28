"""Who waits for whom on PostgreSQL; on SQLite BEGIN IMMEDIATE lets one writer in at a time.

Always in this order, so that no two wait for each other: office, task, ledger. All are
advisory locks that end with the transaction, however it ends.
"""

from enum import IntEnum

from sqlalchemy import Connection, bindparam, func, select


class _Key(IntEnum):
    """Numbers of our locks; "khcn" in ASCII, so that another program takes none of them."""

    OFFICE = 0x6B68636E_01
    LEDGER = 0x6B68636E_02
    TASK = 0x6B68636E
    """The first of two numbers; the second is drawn from the task's code."""


class Locks:
    """The locks of one transaction; one that only reads needs none."""

    def __init__(self, connection: Connection, *, read_only: bool) -> None:
        self._connection = connection
        self._needed = not read_only and connection.dialect.name == "postgresql"

    def whole_office(self) -> None:
        """For work on everything at once: wait for all writers, and hold off new ones.

        Must come before any other lock of the transaction.
        """
        if self._needed:
            self._connection.execute(select(func.pg_advisory_xact_lock(_Key.OFFICE)))

    def one_task(self, code: str) -> None:
        """Whoever works on the same task waits, and reads what we committed."""
        if self._needed:
            self._connection.execute(_ONE_TASK, {"code": code})

    def end_of_ledger(self) -> None:
        """Whoever else wants to append waits until we have committed."""
        if self._needed:
            self._connection.execute(_END_OF_LEDGER)


_ONE_TASK = select(
    func.pg_advisory_xact_lock_shared(_Key.OFFICE),
    func.pg_advisory_xact_lock(_Key.TASK, func.hashtext(bindparam("code"))),
)
"""The columns of a row are evaluated in their order."""

_END_OF_LEDGER = select(func.pg_advisory_xact_lock(_Key.LEDGER))
