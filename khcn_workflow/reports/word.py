"""Tệp Word: a paper as .docx in the layout of NĐ 30/2020/NĐ-CP, with real footnotes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Mm, Pt

from khcn_workflow.reports import word_styles as looks
from khcn_workflow.reports.document import Letterhead, Paragraph, Report, Role, Signature
from khcn_workflow.reports.packing import packed
from khcn_workflow.reports.paper import Grid, Paper, report_as_paper, with_dashes
from khcn_workflow.reports.type_width import balanced, width_mm
from khcn_workflow.reports.word_footnotes import add_footnotes, add_reference, add_words
from khcn_workflow.reports.word_grid import add_grid

_TEXT_WIDTH = 165
_HEAD_COLUMNS = (73, 92)
_FOOT_COLUMNS = (82, 83)
_RULE_SHARE = 0.42
"""Of the text above it: the decree wants a third to a half."""

_PROPERTY = 255
"""Longest text of a property."""

_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering")
"""Relations of python-docx's own template that say nothing of our document."""


def to_docx(report: Report) -> bytes:
    """The report's bytes; the same report gives the same bytes."""
    return paper_to_docx(report_as_paper(report))


def paper_to_docx(paper: Paper) -> bytes:
    """The file's bytes; the same paper gives the same bytes."""
    document = Document()
    looks.dress(document)
    _letterhead(document, paper)
    _title(document, paper)
    write_body(document, paper)
    _closing(document, list(paper.recipient_lines()), paper.signature)
    _page_numbers(document.sections[0])
    add_footnotes(document, list(paper.footnotes()))
    _properties(document, paper)
    return packed(document.save)


def _letterhead(document: Any, paper: Paper) -> None:
    head: Letterhead = paper.letterhead
    _hairline(
        document
    )  # LibreOffice puts a whole line before a table that begins a file with notes
    left, right = _columns(document, _HEAD_COLUMNS)
    _fill(left, [(line, look) for line, look in
                 ((head.parent, looks.PARENT), (head.name, looks.AGENCY)) if line])  # fmt: skip
    _line(left, _HEAD_COLUMNS[0], _rule(head.name, looks.AGENCY, _HEAD_COLUMNS[0]))
    _add(left, head.number, looks.NUMBER)
    if not paper.kind:
        _add(left, paper.subject, looks.LETTER_SUBJECT)
    _fill(right, [(head.country, looks.COUNTRY), (head.motto, looks.MOTTO)])
    _line(right, _HEAD_COLUMNS[1], width_mm(head.motto, looks.MOTTO.size))
    _add(right, head.place_and_date, looks.PLACE)


def _title(document: Any, paper: Paper) -> None:
    if paper.kind:
        _add(document, paper.kind, looks.KIND)
        lines = balanced(paper.subject, looks.SUBJECT.size, _TEXT_WIDTH)
        _add(document, "\n".join(lines), looks.SUBJECT)
        longest = max(lines, key=lambda line: width_mm(line, looks.SUBJECT.size))
        _line(document, _TEXT_WIDTH, _rule(longest, looks.SUBJECT, _TEXT_WIDTH), after=14)
    if len(paper.addressees) == 1:
        _add(document, f"Kính gửi: {paper.addressees[0]}", looks.ADDRESSEE)
    elif paper.addressees:
        _addressees(document, paper.addressees)


def _addressees(document: Any, addressees: Sequence[str]) -> None:
    """Several, one below another after the words "Kính gửi:"."""
    _add(document, "Kính gửi:", looks.ADDRESSEES).paragraph_format.left_indent = Cm(3)
    for line in with_dashes(addressees):
        written = _add(document, line, looks.ADDRESSEE_LINE)
        written.paragraph_format.left_indent = Cm(5)
    written.paragraph_format.space_after = Pt(12)


def _rule(text: str, look: looks.Look, room: float) -> float:
    """The length of the rule under bold text that has so much room."""
    return min(width_mm(text, look.size), room) * _RULE_SHARE


def write_body(document: Any, paper: Paper, last_note: int = 0) -> None:
    """Write the text at the end of a document.

    Args:
        last_note: Number of the last footnote that the document has already.
    """
    number = last_note
    styles = looks.styles_by_role()
    for block in paper.blocks:
        if isinstance(block, Grid):
            add_grid(document, block)
            continue
        written = document.add_paragraph(style=styles[block.role])
        if lead := _lead(block):
            written.add_run(lead)
        for run in block.runs:
            text = written.add_run()
            add_words(text, run.text)
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
    titles = (
        "\n".join(balanced(line, looks.SIGNER.size, _FOOT_COLUMNS[1])) for line in signature.lines
    )
    _fill(right, [(title, looks.SIGNER) for title in titles])
    _add(right, signature.name, looks.SIGNED)
    _hairline(document)  # Word wants a paragraph after a table


def _hairline(document: Any) -> None:
    """An empty paragraph that takes no room to speak of."""
    _add(document, "", looks.LINE).paragraph_format.line_spacing = Pt(1)


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


def _line(place: Any, width: float, length: float, after: float = 0) -> None:
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


def _properties(document: Any, paper: Paper) -> None:
    """Title, author and times that follow from the paper alone."""
    properties = document.core_properties
    properties.title = paper.subject[:_PROPERTY]
    properties.author = paper.letterhead.name[:_PROPERTY]
    properties.comments, properties.language = "", "vi-VN"
    properties.created = properties.modified = datetime.combine(paper.dated, time())
    properties.last_modified_by, properties.revision = "", 1
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in relations.items() if rel.reltype.endswith(_UNUSED)]:
            del relations[key]
