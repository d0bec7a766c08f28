"""The workbook: one sheet a number, each row once, nothing that a spreadsheet calculates."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from khcn_workflow.reports.annex import FIRST_SHEET, LONGEST_NAME, sheet_names, to_xlsx
from khcn_workflow.reports.figures import counted
from khcn_workflow.reports.number_table import TABLE
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b

FIRST_ROW = 5


@pytest.fixture(scope="module")
def report():
    return build_report(b.seed_input())


@pytest.fixture(scope="module")
def book(report):
    return load_workbook(io.BytesIO(to_xlsx(report)))


def rows_of(sheet):
    return [row for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True) if row[0]]


def test_each_number_with_rows_has_its_sheet_with_exactly_its_rows(book, report):
    names = sheet_names(report.figures.values())
    assert book.sheetnames == [FIRST_SHEET, *names.values()]
    for key, name in names.items():
        figure = report.figures[key]
        listed = [(row[1], row[2]) for row in rows_of(book[name])]
        assert listed == [(code, figure.amount(n)) for n, code in enumerate(figure.rows)]
        assert book[name].cell(len(figure.rows) + FIRST_ROW, 3).value == figure.value


def test_the_first_sheet_has_the_55_rows_and_every_number(book, report):
    index = list(book[FIRST_SHEET].iter_rows(min_row=FIRST_ROW))
    assert {cells[1].value for cells in index} == set(report.figures)
    numbered = [int(cells[0].value) for cells in index if cells[0].value]
    assert sorted(set(numbered)) == [row.number for row in TABLE]
    for cells in index:
        if cells[4].hyperlink:
            assert cells[4].hyperlink.location.partition("!")[0].strip("'") == cells[4].value
            assert cells[4].value in book.sheetnames


def test_names_of_sheets_fit_and_differ():
    long = "Nhiệm vụ [đặt hàng] của: kế hoạch/năm trước? * đã xong Hội đồng"
    figures = [counted(f"f{n}", long, ["A"]) for n in range(120)]
    names = sheet_names(figures).values()
    assert len({name.lower() for name in names}) == len(figures)
    assert all(len(name) <= LONGEST_NAME and not set(name) & set("[]:*?/\\'") for name in names)
    assert next(iter(names)) == "01 Nhiệm vụ đặt hàng của kế"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0"])
def test_text_that_begins_like_a_formula_stays_text(text):
    report = build_report(b.report_input([b.running("A")]))
    odd = replace(report, rows={"A": text}, details={"A": text})
    book = load_workbook(io.BytesIO(to_xlsx(odd)))
    cells = [c for s in book for row in s.iter_rows() for c in row if c.value == text]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)
    assert not any(c.data_type == "f" for s in book for row in s.iter_rows() for c in row)


def test_characters_that_no_workbook_holds_are_left_out():
    report = build_report(b.report_input([b.running("A")]))
    book = load_workbook(io.BytesIO(to_xlsx(replace(report, rows={"A": "Tên\x0b lạ"}))))
    assert any(c.value == "Tên lạ" for s in book for row in s.iter_rows() for c in row)


def test_the_same_report_gives_the_same_bytes(report):
    assert to_xlsx(report) == to_xlsx(report)
