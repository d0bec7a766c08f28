"""One transaction: committed whole, or rolled back whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.database import READ_ONLY, migrate, open_database
from khcn_workflow.storage.unit_of_work import UnitOfWork


class StorageUnavailableError(KhcnError):
    """The database cannot be reached, is locked, or its disk is full."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Không ghi hoặc đọc được cơ sở dữ liệu ({reason}). Chưa có gì được ghi; "
            "hãy kiểm tra đĩa còn trống và không có chương trình khác giữ tệp, rồi thử lại."
        )


class Database:
    """Opens its tables on first use and hands out transactions."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """A unit of work that is committed at the end, unless something was raised.

        Raises:
            StorageUnavailableError: The database refused for a reason of its own.
        """
        try:
            bind = self._engine.execution_options(**{READ_ONLY: read_only})
            with Session(bind, expire_on_commit=False) as session:
                yield UnitOfWork(session)
                if not read_only:
                    session.commit()
        except DatabaseError as error:
            raise StorageUnavailableError(str(error.orig)) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        migrate(engine)
        return engine
