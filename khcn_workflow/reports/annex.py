"""Phụ lục số liệu: a workbook with one sheet a number, and a first sheet that leads to each."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.cell_text import looks_active
from khcn_workflow.reports.document import Comparison, Report
from khcn_workflow.reports.figures import Counting, Figure
from khcn_workflow.reports.number_table import TABLE
from khcn_workflow.reports.packing import packed

LONGEST_NAME = 31
"""Characters of a sheet's name that spreadsheets allow."""

FIRST_SHEET, COMPARISON_SHEET = "Mục lục", "So cùng kỳ năm trước"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_TOTALS = {
    Counting.EACH: "Cộng (mỗi dòng là 1)",
    Counting.SUM: "Cộng",
    Counting.MOST: "Lớn nhất",
}
_WIDTHS = (6, 22, 14, 70, 60)


def to_xlsx(report: Report) -> bytes:
    """The file's bytes; the same report gives the same bytes.

    A number without rows stands on the first sheet only.
    """
    workbook = Workbook()
    index = workbook.active
    names = sheet_names(report.figures.values())
    index.title = FIRST_SHEET  # type: ignore[union-attr]  # a new workbook has a sheet
    _write_index(index, report, names)
    for key, name in names.items():
        _write_number(workbook.create_sheet(name), report, report.figures[key])
    if report.comparison:
        _write_comparison(workbook.create_sheet(COMPARISON_SHEET), report, report.comparison)
    workbook.properties.creator = report.letterhead.name
    workbook.properties.title = f"Phụ lục số liệu: {report.subject}"
    workbook.properties.created = datetime.combine(report.as_of, time())
    return packed(workbook.save, modified=datetime.combine(report.as_of, time()))


def sheet_names(figures: Iterable[Figure]) -> dict[str, str]:
    """A name for the sheet of each figure that has rows, by its id; no two alike."""
    listed = [figure for figure in figures if figure.rows]
    return {
        figure.id: _short(f"{place:02d} {_FORBIDDEN.sub(' ', figure.title)}")
        for place, figure in enumerate(listed, start=1)
    }


def _short(name: str) -> str:
    """Cut at a word where it is too long."""
    name = vietnamese.nfc(name)
    if len(name) <= LONGEST_NAME:
        return name
    cut = name[: LONGEST_NAME + 1].rpartition(" ")[0]
    return cut.rstrip(" ,(")


def _write_index(sheet: Any, report: Report, names: dict[str, str]) -> None:
    _head(sheet, f"PHỤ LỤC SỐ LIỆU: {report.subject}", _standing(report))
    _titles(sheet, 4, ("TT", "Mã con số", "Số", "Nội dung", "Trang"))
    row = 5
    tabled = [(f"{r.number}", key) for r in TABLE for key in r.figures if key in report.figures]
    others = [("", key) for key in report.figures if key not in {key for _, key in tabled}]
    for number, key in [*tabled, *others]:
        figure = report.figures[key]
        for column, value in enumerate((number, key, figure.text, figure.title), start=1):
            _put(sheet.cell(row, column), value)
        link = sheet.cell(row, 5)
        _put(link, names.get(key, "không có dòng"))
        if key in names:
            target = f"{quote_sheetname(names[key])}!A1"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=target)
            link.font = Font(color="0B4A8F", underline="single")
        row += 1
    sheet.freeze_panes = "A5"


def _write_number(sheet: Any, report: Report, figure: Figure) -> None:
    _head(sheet, f"{figure.title}: {figure.text}", f"{_standing(report)}. Mã: {figure.id}")
    _titles(sheet, 4, ("TT", "Mã", "Số lượng", "Tên", "Chi tiết"))
    for place, code in enumerate(figure.rows):
        cells: tuple[str | int, ...] = (
            place + 1,
            code,
            figure.amount(place),
            *_words(report, code),
        )
        for column, value in enumerate(cells, start=1):
            _put(sheet.cell(place + 5, column), value)
    last = len(figure.rows) + 5
    _put(sheet.cell(last, 2), _TOTALS[figure.counting])
    _put(sheet.cell(last, 3), figure.value)
    for cell in sheet[last]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A5"


def _write_comparison(sheet: Any, report: Report, found: Comparison) -> None:
    day = vietnamese.day(found.as_of)
    _head(sheet, f"So với {found.period.label}", f"{_standing(report)}; cùng kỳ đến ngày {day}")
    if found.is_empty:
        _put(sheet.cell(3, 1), "Sổ chưa có dữ liệu của cùng kỳ năm trước.")
    _titles(sheet, 4, ("TT", "Mã con số", "Tăng, giảm", "Nội dung", "Cùng kỳ → kỳ này"))
    for place, row in enumerate(found.rows):
        figure = report.figures[row.figure]
        cells: tuple[str | int, ...] = (
            place + 1,
            row.figure,
            row.change,
            figure.title,
            f"{row.before} → {figure.text}",
        )
        for column, value in enumerate(cells, start=1):
            _put(sheet.cell(place + 5, column), value)
    sheet.freeze_panes = "A5"


def _words(report: Report, code: str) -> tuple[str, str]:
    return report.rows.get(code, ""), report.details.get(code, "")


def _standing(report: Report) -> str:
    return f"Kỳ {report.period.label}, số liệu đến ngày {vietnamese.day(report.as_of)}"


def _head(sheet: Any, title: str, standing: str) -> None:
    _put(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True, size=13)
    _put(sheet.cell(2, 1), standing)
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _titles(sheet: Any, row: int, titles: Iterable[str]) -> None:
    for column, title in enumerate(titles, start=1):
        cell = sheet.cell(row, column, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)


def _put(cell: Any, value: str | int) -> None:
    """Text stays text: nothing that a spreadsheet would calculate, now or when it is edited."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = looks_active(value)
