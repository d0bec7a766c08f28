"""The sample workbooks, as they are or with a row changed."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

SAMPLE = Path(__file__).parents[1] / "samples" / "cao_bang_2019"
LAST_HEADER_ROW = 8
TASKS, ACTIVITIES = SAMPLE / "nhiem-vu.xlsx", SAMPLE / "hoat-dong.xlsx"


def changed(source: Path, target: Path, *changes: Callable[[dict[str, Worksheet]], None]) -> Path:
    """A copy of a workbook with changes made to its sheets by name."""
    workbook = load_workbook(source)
    for sheet in workbook:
        _unmerge_body(sheet)
    for change in changes:
        change({sheet.title: sheet for sheet in workbook})
    workbook.save(target)
    return target


def without_rows(sheet: str, *words: str) -> Callable[[dict[str, Worksheet]], None]:
    """Blanks the rows that hold all of these texts."""

    def change(sheets: dict[str, Worksheet]) -> None:
        found = rows_with(sheets[sheet], *words)
        assert found, f"không có dòng {words}"
        for row in found:
            for cell in sheets[sheet][row]:
                cell.value = None

    return change


def with_cell(sheet: str, column: str, value: object, *words: str) -> Callable[..., None]:
    """Sets one column of the rows that hold all of these texts."""

    def change(sheets: dict[str, Worksheet]) -> None:
        place = next(
            cell.column for row in sheets[sheet].iter_rows() for cell in row if cell.value == column
        )
        found = rows_with(sheets[sheet], *words)
        assert found, f"không có dòng {words}"
        for row in found:
            sheets[sheet].cell(row, place).value = value

    return change


def rows_with(sheet: Worksheet, *words: str) -> list[int]:
    """Numbers of the rows in which each text stands in some cell."""
    return [
        number
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        if all(any(word in str(value) for value in row) for word in words)
    ]


def _unmerge_body(sheet: Worksheet) -> None:
    """Repeat a code that was merged over its rows, so that each row stands by itself."""
    for cells in list(sheet.merged_cells.ranges):
        if cells.min_row <= LAST_HEADER_ROW:
            continue
        value = sheet.cell(cells.min_row, cells.min_col).value
        sheet.unmerge_cells(str(cells))
        if cells.min_col == cells.max_col:
            for row in range(cells.min_row, cells.max_row + 1):
                sheet.cell(row, cells.min_col).value = value


def with_new_column(sheet: str, title: str, value: object, *words: str) -> Callable[..., None]:
    """Adds a column at the right and fills it in the rows that hold all of these texts."""

    def change(sheets: dict[str, Worksheet]) -> None:
        place = sheets[sheet].max_column + 1
        sheets[sheet].cell(LAST_HEADER_ROW, place).value = title
        for row in rows_with(sheets[sheet], *words):
            sheets[sheet].cell(row, place).value = value

    return change
