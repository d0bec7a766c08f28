"""Tệp Word: a report as .docx in the layout of NĐ 30/2020/NĐ-CP, with real footnotes."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Mm, Pt

from khcn_workflow.reports import word_styles as looks
from khcn_workflow.reports.document import Letterhead, Paragraph, Report, Role, Signature
from khcn_workflow.reports.word_footnotes import add_footnotes, add_reference

_EPOCH = (1980, 1, 1, 0, 0, 0)
_TEXT_WIDTH = 165
_HEAD_COLUMNS = (73, 92)
_FOOT_COLUMNS = (82, 83)


def to_docx(report: Report) -> bytes:
    """The file's bytes; the same report gives the same bytes."""
    document = Document()
    looks.dress(document)
    _letterhead(document, report.letterhead)
    _title(document, report)
    _body(document, report.paragraphs)
    _closing(document, list(report.recipient_lines()), report.signature)
    _page_numbers(document.sections[0])
    add_footnotes(document, list(report.footnotes()))
    _properties(document, report)
    return _packed(document)


def _letterhead(document: Any, head: Letterhead) -> None:
    left, right = _columns(document, _HEAD_COLUMNS)
    _fill(left, [(head.parent, looks.PARENT), (head.name, looks.AGENCY)])
    _line(left, _HEAD_COLUMNS[0], 22)
    _add(left, head.number, looks.NUMBER)
    _fill(right, [(head.country, looks.COUNTRY), (head.motto, looks.MOTTO)])
    _line(right, _HEAD_COLUMNS[1], 56)
    _add(right, head.place_and_date, looks.PLACE)


def _title(document: Any, report: Report) -> None:
    _add(document, report.kind, looks.KIND)
    _add(document, report.subject, looks.SUBJECT)
    _line(document, _TEXT_WIDTH, 50, after=14)


def _body(document: Any, paragraphs: Iterable[Paragraph]) -> None:
    number = 0
    styles = looks.styles_by_role()
    for paragraph in paragraphs:
        written = document.add_paragraph(style=styles[paragraph.role])
        if lead := _lead(paragraph):
            written.add_run(lead)
        for run in paragraph.runs:
            text = written.add_run(run.text)
            text.bold, text.italic = run.bold or None, run.italic or None
            if run.footnote:
                number += 1
                add_reference(written, number)


def _lead(paragraph: Paragraph) -> str:
    if paragraph.role is Role.BULLET:
        return "- "
    return f"{paragraph.number}. " if paragraph.number else ""


def _closing(document: Any, recipients: Iterable[str], signature: Signature) -> None:
    left, right = _columns(document, _FOOT_COLUMNS)
    _fill(left, [("Nơi nhận:", looks.RECIPIENTS_TITLE)])
    for line in recipients:
        _add(left, line, looks.RECIPIENT)
    _fill(right, [(line, looks.SIGNER) for line in signature.lines])
    _add(right, signature.name, looks.SIGNED)
    _add(document, "", looks.LINE)


def _columns(document: Any, widths: tuple[int, int]) -> tuple[Any, Any]:
    """The two cells of a table without borders that no page break tears."""
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    properties = table._tbl.tblPr  # noqa: SLF001 - no other way to the XML
    properties.insert_element_before(parse_xml(_NO_MARGINS), "w:tblLook")
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
    for column, cell, width in zip(table.columns, row.cells, widths, strict=True):
        column.width = cell.width = Mm(width)
    return row.cells[0], row.cells[1]


_NO_MARGINS = f"""
<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>
</w:tblCellMar>
"""


def _fill(cell: Any, lines: Iterable[tuple[str, looks.Look]]) -> None:
    """Write lines into a new cell, the first into the paragraph that it comes with."""
    empty = cell.paragraphs[0]
    for text, look in lines:
        _add(cell, text, look)
    empty._p.getparent().remove(empty._p)  # noqa: SLF001 - python-docx cannot delete


def _add(place: Any, text: str, look: looks.Look) -> Any:
    return place.add_paragraph(text, style=look.name)


def _line(place: Any, width: int, length: int, after: float = 0) -> None:
    """A rule of `length` mm in the middle of `width` mm."""
    paragraph = _add(place, "", looks.LINE)
    side = Cm((width - length) / 20)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.space_after = Pt(after)
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/>'
        "</w:pBdr>"
    )
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - as above
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def _page_numbers(section: Any) -> None:
    """The page's number in the middle of the top margin, from page 2 on."""
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r>'
                      "</w:fldSimple>")  # fmt: skip
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields


def _properties(document: Any, report: Report) -> None:
    """Title, author and times that follow from the report alone."""
    properties = document.core_properties
    properties.title, properties.author = report.subject, report.letterhead.name
    properties.comments, properties.language = "", "vi-VN"
    properties.created = properties.modified = datetime.combine(report.as_of, time())
    properties.last_modified_by, properties.revision = "", 1
    relations = document.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype.endswith("/thumbnail")]:
        del relations[key]


def _packed(document: Any) -> bytes:
    """The package with fixed times on its members, so that bytes depend on content only."""
    raw, packed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w") as target:
        for name, content in _members(source):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return packed.getvalue()


def _members(source: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for name in source.namelist():
        yield name, source.read(name)
