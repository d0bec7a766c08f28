"""Trang tính: the cells of a sheet as they count, with merged cells told out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from khcn_workflow.register.cells import CellValue, UnfinishedFormula, is_blank

_BANNER_COLUMNS = 3
Cells = dict[int, dict[int, CellValue]]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet without its blank cells; rows and columns count from 1.

    Attributes:
        rows: Each filled row; a cell merged downwards stands in every row it spans.
        inherited: Cells that only stand there because of such a merge, with its first row.
        parents: What a cell merged over several columns says, for the row beneath it.
        banners: Rows with a cell merged over three columns or more, as titles are.
        epoch: Where the workbook's serial numbers of days begin.
    """

    file: str
    sheet: str
    epoch: datetime
    rows: Mapping[int, Mapping[int, CellValue]]
    inherited: Mapping[tuple[int, int], int]
    parents: Mapping[tuple[int, int], str]
    banners: frozenset[int]


def grids(file: str, values: Workbook, formulas: Workbook) -> tuple[Grid, ...]:
    """Every worksheet of a workbook that was loaded twice: for its values, for its formulas."""
    return tuple(
        _grid(file, sheet, formulas[sheet.title], values.epoch) for sheet in values.worksheets
    )


def _grid(file: str, sheet: Worksheet, formulas: Worksheet, epoch: datetime) -> Grid:
    cells = _filled(sheet)
    for (row, column), formula in _formulas(formulas):
        if is_blank(cells.get(row, {}).get(column)):
            cells.setdefault(row, {})[column] = UnfinishedFormula(formula)
    inherited: dict[tuple[int, int], int] = {}
    parents: dict[tuple[int, int], str] = {}
    banners: set[int] = set()
    for merged in sheet.merged_cells.ranges:
        value = cells.get(merged.min_row, {}).get(merged.min_col)
        if value is None:
            continue
        inherited |= _told_out(cells, merged, value)
        parents |= _children(merged, value)
        banners |= _banner(merged)
    return Grid(file, sheet.title, epoch, cells, inherited, parents, frozenset(banners))


def _filled(sheet: Worksheet) -> Cells:
    cells: Cells = {}
    for row, values in _rows(sheet):
        found = {
            column: _as_typed(sheet, row, column, value)
            for column, value in enumerate(values, start=1)
            if not is_blank(value)
        }
        if found:
            cells[row] = found
    return cells


def _rows(sheet: Worksheet) -> Iterator[tuple[int, tuple[Any, ...]]]:
    yield from enumerate(sheet.iter_rows(values_only=True), start=1)


def _as_typed(sheet: Worksheet, row: int, column: int, value: CellValue) -> CellValue:
    """A value; what Excel made of a typed month ("6/2019") is the month again."""
    if isinstance(value, date) and "d" not in sheet.cell(row, column).number_format.lower():
        return f"tháng {value.month}/{value.year}"
    return value


def _formulas(sheet: Worksheet) -> Iterable[tuple[tuple[int, int], str]]:
    for row, values in _rows(sheet):
        for column, value in enumerate(values, start=1):
            if value is not None and sheet.cell(row, column).data_type == "f":
                yield (row, column), str(getattr(value, "text", value))


def _told_out(cells: Cells, merged: CellRange, value: CellValue) -> dict[tuple[int, int], int]:
    below = range(merged.min_row + 1, merged.max_row + 1)
    for row in below:
        cells.setdefault(row, {})[merged.min_col] = value
    return {(row, merged.min_col): merged.min_row for row in below}


def _children(merged: CellRange, value: CellValue) -> dict[tuple[int, int], str]:
    if merged.min_col == merged.max_col:
        return {}
    columns = range(merged.min_col, merged.max_col + 1)
    return {(merged.max_row + 1, column): str(value) for column in columns}


def _banner(merged: CellRange) -> set[int]:
    if merged.max_col - merged.min_col + 1 < _BANNER_COLUMNS:
        return set()
    return set(range(merged.min_row, merged.max_row + 1))
