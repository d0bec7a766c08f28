"""Trang tính của cơ quan: a sheet laid out as a Vietnamese office would, and a file that
comes out the same byte for byte each time it is written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from khcn_workflow.reports.packing import packed

FONT = "Times New Roman"
WRITTEN_AT = datetime(2019, 6, 10, 8, 0, 0)  # noqa: DTZ001 a zip file keeps no time zone
_THIN = Side(style="thin", color="808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="DDEBF7")
_BAND = PatternFill("solid", fgColor="F2F2F2")
_MONEY_AT_LEAST = 1_000_000
_LINE = 15.0


@dataclass(frozen=True)
class Column:
    """One column: its title, its width in characters, the title above it if it shares one."""

    title: str
    width: float
    group: str = ""
    centred: bool = False
    right: bool = False

    @property
    def side(self) -> str | None:
        """Where its cells align."""
        return "center" if self.centred else "right" if self.right else None


@dataclass(frozen=True)
class Section:
    """A row of its own across the table ("I. Nhiệm vụ cấp quốc gia")."""

    title: str


Row = Sequence[object] | Section


@dataclass(frozen=True)
class Layout:
    """What stands on a sheet besides its rows."""

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    numbered: bool = False
    total: str = ""
    merged: tuple[str, ...] = ()


def add_sheet(workbook: Workbook, layout: Layout, rows: Sequence[Row]) -> Worksheet:
    sheet = workbook.create_sheet(layout.name)
    top = _letterhead(sheet, layout)
    first = _header(sheet, layout, top)
    row = first
    for values in rows:
        if isinstance(values, Section):
            _section(sheet, row, values.title, len(layout.columns))
        else:
            _data(sheet, row, values, layout.columns)
        row += 1
    for title in layout.merged:
        _merge_repeats(sheet, _index(layout.columns, title), first, row)
    _foot(sheet, layout, row)
    _page(sheet, layout, first)
    return sheet


def _letterhead(sheet: Worksheet, layout: Layout) -> int:
    last = len(layout.columns)
    half = max(3, last // 3)
    lines = (("UBND TỈNH CAO BẰNG", False), ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", True))
    for row, (text, bold) in enumerate(lines, start=1):
        _banner(sheet, row, 1, half, text, size=12, bold=bold)
    _banner(sheet, 4, 1, last, layout.title, size=14, bold=True)
    _banner(sheet, 5, 1, last, layout.subtitle, size=12, italic=True)
    sheet.row_dimensions[4].height = 22
    return 7


def _banner(sheet: Worksheet, row: int, first: int, last: int, text: str, **font: object) -> None:
    cell = sheet.cell(row, first, text)
    cell.font = Font(name=FONT, **font)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def _header(sheet: Worksheet, layout: Layout, top: int) -> int:
    """The header from row `top`; the first row below it."""
    grouped = any(column.group for column in layout.columns)
    bottom = top + 1 if grouped else top
    for number, column in enumerate(layout.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _head_cell(sheet, top, number, column.group or column.title)
        if grouped:
            _head_cell(sheet, bottom, number, column.title if column.group else None)
            if not column.group:
                sheet.merge_cells(
                    start_row=top, end_row=bottom, start_column=number, end_column=number
                )
    _merge_groups(sheet, layout.columns, top)
    sheet.row_dimensions[top].height = sheet.row_dimensions[bottom].height = _LINE * 2
    if layout.numbered:
        bottom += 1
        for number in range(1, len(layout.columns) + 1):
            _head_cell(sheet, bottom, number, f"({number})", bold=False)
    return bottom + 1


def _head_cell(
    sheet: Worksheet, row: int, column: int, text: str | None, *, bold: bool = True
) -> None:
    cell = sheet.cell(row, column, text)
    cell.font = Font(name=FONT, size=11 if bold else 9, bold=bold, italic=not bold)
    cell.fill, cell.border = _HEAD, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _merge_groups(sheet: Worksheet, columns: Sequence[Column], row: int) -> None:
    for group in dict.fromkeys(column.group for column in columns if column.group):
        places = [n for n, column in enumerate(columns, start=1) if column.group == group]
        for number in places[1:]:
            sheet.cell(row, number).value = None
        sheet.merge_cells(start_row=row, end_row=row, start_column=places[0], end_column=places[-1])


def _section(sheet: Worksheet, row: int, title: str, last: int) -> None:
    for number in range(1, last + 1):
        cell = sheet.cell(row, number)
        cell.border, cell.fill = _BORDER, _BAND
    cell = sheet.cell(row, 1, title)
    cell.font = Font(name=FONT, size=11, bold=True)
    cell.alignment = Alignment(vertical="center")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)


def _data(sheet: Worksheet, row: int, values: Sequence[object], columns: Sequence[Column]) -> None:
    for number, (value, column) in enumerate(zip(values, columns, strict=True), start=1):
        cell = sheet.cell(row, number, None if value == "" else value)
        cell.font = Font(name=FONT, size=11)
        cell.border = _BORDER
        cell.alignment = Alignment(horizontal=column.side, vertical="center", wrap_text=True)
        if isinstance(value, date):
            cell.number_format = "d/m/yyyy"
        elif isinstance(value, int) and value >= _MONEY_AT_LEAST:
            cell.number_format = "#,##0"
        elif isinstance(value, str):
            cell.number_format = "@"
    sheet.row_dimensions[row].height = _LINE * max(map(_lines, values, columns))


def _lines(value: object, column: Column) -> int:
    """How many lines a text takes in its column, as wide letters run."""
    return math.ceil(len(str(value)) * 0.95 / column.width) if isinstance(value, str) else 1


def _merge_repeats(sheet: Worksheet, column: int, first: int, end: int) -> None:
    """Neighbouring rows that say the same in a column share one merged cell."""
    row = first
    while row < end:
        last, value = row, sheet.cell(row, column).value
        while last + 1 < end and sheet.cell(last + 1, column).value == value:
            last += 1
        if last > row and value:
            for below in range(row + 1, last + 1):
                sheet.cell(below, column).value = None
            sheet.merge_cells(start_row=row, end_row=last, start_column=column, end_column=column)
        row = last + 1


def _foot(sheet: Worksheet, layout: Layout, row: int) -> None:
    last = len(layout.columns)
    if layout.total:
        _section(sheet, row, layout.total, last)
        row += 1
    texts = (
        (row + 1, "Cao Bằng, ngày 10 tháng 6 năm 2019", {"italic": True}),
        (row + 2, "NGƯỜI LẬP BIỂU", {"bold": True}),
        (row + 3, "(Ký, ghi rõ họ tên)", {"italic": True}),
    )
    start = max(1, last - 3)
    for number, text, font in texts:
        _banner(sheet, number, start, last, text, size=11, **font)


def _page(sheet: Worksheet, layout: Layout, first: int) -> None:
    sheet.freeze_panes = f"{get_column_letter(_frozen(layout))}{first}"
    sheet.print_title_rows = f"7:{first - 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "Trang &P/&N"
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5


def _frozen(layout: Layout) -> int:
    return 3 if layout.columns[0].title == "TT" else 2


def _index(columns: Sequence[Column], title: str) -> int:
    return next(n for n, column in enumerate(columns, start=1) if column.title == title)


def save(workbook: Workbook, path: Path) -> None:
    """Write the workbook with fixed times inside, so that it never differs from itself."""
    workbook.properties.creator = "Phòng Quản lý khoa học (số liệu minh họa)"
    workbook.properties.created = WRITTEN_AT
    path.write_bytes(packed(workbook.save, WRITTEN_AT, WRITTEN_AT))
