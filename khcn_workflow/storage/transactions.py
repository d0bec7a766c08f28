"""One transaction: committed whole, or rolled back whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session

from khcn_workflow.storage.database import migrate, open_database, transaction_options
from khcn_workflow.storage.refusals import refused_by_driver
from khcn_workflow.storage.unit_of_work import UnitOfWork


class Database:
    """Opens its tables on first use and hands out transactions."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._known_calendars: set[str] = set()

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """A unit of work that is committed at the end, unless something was raised.

        Raises:
            StorageUnavailableError: The database refused for a reason of its own.
        """
        committing = False
        try:
            bind = self._reading if read_only else self._writing
            with bind.connect() as connection, connection.begin() as transaction:
                with _Session(connection, expire_on_commit=False) as session:
                    work = UnitOfWork(session, self._known_calendars, read_only=read_only)
                    yield work
                    if not read_only:
                        work.write_facts()
                        session.flush()
                if read_only:
                    transaction.rollback()
                committing = True
        except DBAPIError as error:
            raise refused_by_driver(error, committing=committing) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        self._known_calendars.clear()

    @cached_property
    def _reading(self) -> Engine:
        return self._for_transactions(read_only=True)

    @cached_property
    def _writing(self) -> Engine:
        return self._for_transactions(read_only=False)

    def _for_transactions(self, *, read_only: bool) -> Engine:
        options = transaction_options(self._engine, read_only=read_only)
        return self._engine.execution_options(**options)

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        migrate(engine)
        return engine


class _Session(Session):
    """A session whose ledger is up to date whenever it is read."""


@event.listens_for(_Session, "do_orm_execute")
def _write_before_reading(state: ORMExecuteState) -> None:
    work: UnitOfWork = state.session.info[UnitOfWork]
    work.write_before_reading(state)
