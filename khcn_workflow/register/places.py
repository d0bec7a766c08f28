"""Chỗ trong tệp: where a value was read, and what is wrong there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, a row, a sheet or a whole file; what is empty or 0 is left unsaid.

    >>> str(Place("nhiem-vu.xlsx", "Nhiệm vụ", 12, "Ngày ký hợp đồng"))
    'nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 12, cột «Ngày ký hợp đồng»'
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        parts += [f"trang «{self.sheet}»"] if self.sheet else []
        parts += [f"dòng {self.row}"] if self.row else []
        parts += [f"cột «{self.column}»"] if self.column else []
        return ", ".join(parts)


class Severity(StrEnum):
    """Whether a row cannot be taken as it is, or can but deserves a look."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return "lỗi" if self is Severity.ERROR else "lưu ý"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place, in a Vietnamese sentence without the place."""

    place: Place
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def is_error(self) -> bool:
        """Whether it keeps the row out."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T_co]):
    """A value with the row it was read from and the cell of each of its columns.

    Attributes:
        columns: Place of each filled cell, by the column's key ("officer", "on").
    """

    value: T_co
    place: Place
    columns: Mapping[str, Place] = field(default_factory=dict)

    def at(self, key: str) -> Place:
        """The cell of a column; the whole row where that cell is empty."""
        return self.columns.get(key, self.place)
