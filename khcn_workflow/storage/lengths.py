"""Độ dài: how long a text may be, held on both databases in one Vietnamese sentence.

PostgreSQL enforces VARCHAR and says so in English; SQLite keeps whatever it is given.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import String, inspect

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.records import Record

_WORDS = {
    "code": "Mã",
    "subject": "Mã",
    "actor": "Mã người ghi",
    "on_behalf_of": "Mã người ủy quyền",
    "name": "Họ và tên",
    "division": "Phòng, đơn vị",
    "email": "Thư điện tử",
    "officer": "Mã chuyên viên theo dõi",
    "document_number": "Số, ký hiệu văn bản",
    "document_issuer": "Cơ quan ban hành",
    "rulebook": "Mã bộ quy định",
    "request_key": "Khóa của yêu cầu",
}
"""What an officer calls a column; the others are never typed."""

_SHOWN = 40


class TooLongError(KhcnError):
    """A text has more characters than its column holds."""

    def __init__(self, column: str, value: str, limit: int) -> None:
        self.column, self.value, self.limit = column, value, limit
        super().__init__(
            f"«{_WORDS.get(column, column)}» dài {vietnamese.count(len(value))} ký tự, quá "
            f"{limit} ký tự («{value[:_SHOWN]}…»); hãy viết ngắn lại."
        )


def check_lengths(record: type[Record], values: Mapping[str, Any]) -> None:
    """Refuse a text that its column cannot hold.

    Args:
        values: By the names of the record's columns; those without a limit are passed over.

    Raises:
        TooLongError: Names the field and how long it may be.
    """
    for column, limit in _limits(record).items():
        value = values.get(column)
        if isinstance(value, str) and len(value) > limit:
            raise TooLongError(column, value, limit)


@cache
def _limits(record: type[Record]) -> Mapping[str, int]:
    """Characters by column, for those that have a limit."""
    return {
        column.name: column.type.length
        for column in inspect(record).columns
        if isinstance(column.type, String) and column.type.length
    }
