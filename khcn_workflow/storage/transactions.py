"""One transaction: committed whole, or rolled back whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import ORMExecuteState, Session

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.database import migrate, open_database, transaction_options
from khcn_workflow.storage.unit_of_work import UnitOfWork

ADVICE = {
    "sqlite": "hãy kiểm tra đĩa còn trống và không có chương trình khác giữ tệp, rồi thử lại",
    "postgresql": "hãy kiểm tra máy chủ PostgreSQL đang chạy, tên, mật khẩu và quyền của tài "
    "khoản trong KHCN_DATABASE_URL, rồi thử lại",
}
"""What to look at, by kind of database."""


class StorageUnavailableError(KhcnError):
    """The database cannot be reached, is locked, or its disk is full."""

    def __init__(self, reason: str, kind: str = "sqlite") -> None:
        super().__init__(
            f"Không ghi hoặc đọc được cơ sở dữ liệu ({' '.join(reason.split())}). "
            f"Chưa có gì được ghi; {ADVICE[kind]}."
        )


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
        try:
            bind = self._reading if read_only else self._writing
            with _Session(bind, expire_on_commit=False) as session:
                work = UnitOfWork(session, self._known_calendars, read_only=read_only)
                yield work
                if not read_only:
                    work.write_facts()
                    session.commit()
        except DatabaseError as error:
            kind = "sqlite" if self._url.startswith("sqlite") else "postgresql"
            raise StorageUnavailableError(str(error.orig), kind) from error

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
