"""Bảng trong văn bản: a table with thin borders whose head is repeated on every page."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from khcn_workflow.reports import word_styles as looks
from khcn_workflow.reports.paper import Grid

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def add_grid(document: Any, grid: Grid) -> None:
    """Write the table at the end of the document, with a gap below it."""
    table = document.add_table(rows=0, cols=len(grid.columns))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr  # noqa: SLF001 - no other way to the XML
    properties.insert_element_before(parse_xml(_borders()), "w:tblLayout", "w:tblLook")
    if any(grid.columns):
        head = _row(table, grid.columns, grid.widths, looks.CELL_HEAD)
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - as above
    for cells in grid.rows:
        _row(table, cells, grid.widths, looks.CELL)
    gap = document.add_paragraph(style=looks.LINE.name)
    gap.paragraph_format.space_after = Pt(6)


def _row(table: Any, texts: Sequence[str], widths: Sequence[int], look: looks.Look) -> Any:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style = look.name
        cell.paragraphs[0].add_run(text)
    return row


def _borders() -> str:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES
    )
    return f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"
