"""Đọc một dòng: typed values of a row's cells, with a problem for each that will not do."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from khcn_workflow.domain.ledger import Document
from khcn_workflow.register.cells import (
    BrokenCellError,
    CellValue,
    ImplausibleError,
    UnreadableError,
    check_whole,
    read_text,
)
from khcn_workflow.register.days import Edge, read_day
from khcn_workflow.register.layout import BodyRow
from khcn_workflow.register.money import read_money, unit_of
from khcn_workflow.register.places import Place, Problem, Severity, Sourced

T = TypeVar("T")


class RowReader:
    """Reads the cells of one row and keeps what was wrong with them.

    Attributes:
        problems: What was found so far, in the order of reading.
    """

    def __init__(self, row: BodyRow) -> None:
        self.row = row
        self.problems: list[Problem] = []

    @property
    def is_sound(self) -> bool:
        """Whether nothing read so far keeps the row out."""
        return not any(problem.is_error for problem in self.problems)

    def has(self, key: str) -> bool:
        """Whether the cell of that column is filled."""
        return key in self.row.cells

    def get(self, key: str, read: Callable[[CellValue], T]) -> T | None:
        """The value of a cell; None when it is empty or was refused."""
        if key not in self.row.cells:
            return None
        try:
            check_whole(self.row.cells[key])
            return read(self.row.cells[key])
        except (UnreadableError, ImplausibleError, BrokenCellError) as error:
            self.refuse(key, str(error))
            return None

    def need(self, key: str, read: Callable[[CellValue], T]) -> T | None:
        """As `get`, but an empty cell is a problem where its column is there at all."""
        if key in self.row.table.columns and not self.has(key):
            self.refuse(key, "ô này không được để trống.")
        return self.get(key, read)

    def text(self, key: str) -> str:
        """The text of a cell, empty when there is none."""
        return self.get(key, read_text) or ""

    def day(self, key: str, edge: Edge = Edge.NONE) -> date | None:
        """The day of a cell; None when it is empty or was refused."""
        return self.get(key, self._day_reader(edge))

    def need_day(self, key: str) -> date | None:
        """As `day`, but an empty cell is a problem where its column is there at all."""
        return self.need(key, self._day_reader(Edge.NONE))

    def money(self, key: str) -> int | None:
        """The VND of a cell, counted in what the column's title says."""
        title = self.row.table.columns[key].text if key in self.row.table.columns else ""
        return self.get(key, lambda value: read_money(value, unit_of(title)))

    def document(self) -> Document:
        """The paper that the row names."""
        number, issuer = self.text("document_number"), self.text("document_issuer")
        return Document(number, self.day("document_on"), issuer)

    def refuse(self, key: str, message: str) -> None:
        """Note that a cell keeps the row out."""
        self.problems.append(Problem(self.row.place(key), message))

    def warn(self, key: str, message: str) -> None:
        """Note something that deserves a look."""
        self.problems.append(Problem(self.row.place(key), message, Severity.WARNING))

    def sourced(self, value: T) -> Sourced[T]:
        """A value of this row with its cells."""
        places: dict[str, Place] = {key: self.row.place(key) for key in self.row.cells}
        return Sourced(value, self.row.place(), places)

    def _day_reader(self, edge: Edge) -> Callable[[CellValue], date]:
        epoch = self.row.table.grid.epoch
        return lambda value: read_day(value, edge, epoch)
