"""Kiểu chữ: the named styles and the page of an administrative document (NĐ 30/2020 Phụ lục I)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from khcn_workflow.domain import vietnamese
from khcn_workflow.reports.document import Role

FONT = "Times New Roman"
BODY_SIZE = 14
HEADER_SIZE = 13
_FONT_SLOTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_INDENT = 1.27


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style.

    Attributes:
        size: In points.
        indent: First line indent in cm.
        before: Gap before the paragraph in points; `after` likewise.
        keep: It stays on one page with what follows.
    """

    name: str
    align: Any = ALIGN.JUSTIFY
    size: float = BODY_SIZE
    bold: bool = False
    italic: bool = False
    indent: float = 0
    before: float = 0
    after: float = 0
    keep: bool = False


TEXT = {
    Role.BODY: Look("Body Text", indent=_INDENT, after=6),
    Role.PART: Look(
        "Heading 1", ALIGN.LEFT, bold=True, indent=_INDENT, before=6, after=6, keep=True
    ),
    Role.SECTION: Look("Heading 2", ALIGN.LEFT, bold=True, indent=_INDENT, after=6, keep=True),
    Role.BULLET: Look("Gạch đầu dòng", indent=_INDENT, after=6),
    Role.NUMBERED: Look("Mục đánh số", indent=_INDENT, after=6),
    Role.CLOSING: Look("Kết thúc văn bản", indent=_INDENT, after=12, keep=True),
    Role.BASIS: Look("Căn cứ ban hành", italic=True, indent=_INDENT, after=6),
    Role.AUTHORITY: Look("Thẩm quyền ban hành", ALIGN.CENTER, bold=True, before=6, after=6,
                         keep=True),
    Role.NOTE: Look("Ghi chú", size=HEADER_SIZE, italic=True, before=6, after=6),
}  # fmt: skip
PARENT = Look("Cơ quan chủ quản", ALIGN.CENTER, 12)
AGENCY = Look("Cơ quan ban hành", ALIGN.CENTER, 12, bold=True)
NUMBER = Look("Số và ký hiệu", ALIGN.CENTER, HEADER_SIZE, before=6)
COUNTRY = Look("Quốc hiệu", ALIGN.CENTER, 12, bold=True)
MOTTO = Look("Tiêu ngữ", ALIGN.CENTER, HEADER_SIZE, bold=True)
PLACE = Look("Địa danh và ngày tháng", ALIGN.CENTER, HEADER_SIZE, italic=True, before=6)
KIND = Look("Tên loại văn bản", ALIGN.CENTER, BODY_SIZE, bold=True, before=18)
SUBJECT = Look("Trích yếu", ALIGN.CENTER, BODY_SIZE, bold=True)
LINE = Look("Đường kẻ", ALIGN.CENTER, 2)
LETTER_SUBJECT = Look("Trích yếu công văn", ALIGN.CENTER, 12, before=6)
ADDRESSEE = Look("Kính gửi", ALIGN.CENTER, BODY_SIZE, before=18, after=12)
ADDRESSEES = Look("Kính gửi nhiều nơi", ALIGN.LEFT, BODY_SIZE, before=18)
ADDRESSEE_LINE = Look("Nơi kính gửi", ALIGN.LEFT, BODY_SIZE)
CELL = Look("Ô bảng", ALIGN.LEFT, HEADER_SIZE, before=2, after=2)
CELL_HEAD = Look("Đầu bảng", ALIGN.CENTER, HEADER_SIZE, bold=True, before=2, after=2)
RECIPIENTS_TITLE = Look("Nơi nhận", ALIGN.LEFT, 12, bold=True, italic=True)
RECIPIENT = Look("Dòng nơi nhận", ALIGN.LEFT, 11)
SIGNER = Look("Chức vụ người ký", ALIGN.CENTER, BODY_SIZE, bold=True)
SIGNED = Look("Họ tên người ký", ALIGN.CENTER, BODY_SIZE, bold=True, before=60)
PAGE_NUMBER = Look("Header", ALIGN.CENTER, HEADER_SIZE)

_LOOKS = (
    *TEXT.values(), PARENT, AGENCY, NUMBER, COUNTRY, MOTTO, PLACE, KIND, SUBJECT, LINE,
    RECIPIENTS_TITLE, RECIPIENT, SIGNER, SIGNED, PAGE_NUMBER, LETTER_SUBJECT, ADDRESSEE,
    ADDRESSEES, ADDRESSEE_LINE, CELL, CELL_HEAD,
)  # fmt: skip


def dress(document: Any) -> None:
    """Set the page, the default font and every named style of a new document."""
    _page(document.sections[0])
    normal = document.styles["Normal"]
    _font(normal, BODY_SIZE)
    _language(normal, "vi-VN")
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for look in _LOOKS:
        _paragraph_style(document.styles, look)
    _footnote_styles(document.styles)
    _drop_unused(document.styles)


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _paragraph_style(styles: Any, look: Look) -> None:
    style = _named(styles, look.name)
    style.base_style = styles["Normal"]
    style.quick_style, style.hidden = True, False
    _font(style, look.size)
    style.font.bold, style.font.italic = look.bold, look.italic
    layout = style.paragraph_format
    layout.alignment = look.align
    layout.first_line_indent = Cm(look.indent)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = 1.0
    layout.keep_with_next = look.keep
    layout.widow_control = True


def _named(styles: Any, name: str) -> Any:
    if name in {style.name for style in styles}:
        return styles[name]
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), vietnamese.slug(name))
    return style


def _font(style: Any, size: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for slot in _FONT_SLOTS:
        fonts.set(qn(slot), FONT)


def _language(style: Any, tag: str) -> None:
    language = OxmlElement("w:lang")
    for slot in ("w:val", "w:eastAsia"):
        language.set(qn(slot), tag)
    style.element.get_or_add_rPr().append(language)


def add_missing(document: Any) -> None:
    """Give a document of another's the styles of the text that it lacks; its own stay."""
    styles = document.styles
    names = {style.name for style in styles}
    for look in (*TEXT.values(), LINE, CELL, CELL_HEAD):
        if look.name not in names:
            _paragraph_style(styles, look)
    _footnote_styles(styles)


def _footnote_styles(styles: Any) -> None:
    """By their ids, which the notes name; a Word in another language calls its own otherwise."""
    ids = {style.style_id for style in styles}
    if "FootnoteText" not in ids:
        text = _new_style(styles, "footnote text", WD_STYLE_TYPE.PARAGRAPH, "FootnoteText")
        text.base_style = styles["Normal"]
        _font(text, 10)
        text.paragraph_format.alignment = ALIGN.JUSTIFY
        text.paragraph_format.space_after = Pt(2)
    if "FootnoteReference" not in ids:
        kind = WD_STYLE_TYPE.CHARACTER
        reference = _new_style(styles, "footnote reference", kind, "FootnoteReference")
        reference.font.superscript = True


def _new_style(styles: Any, name: str, kind: Any, style_id: str) -> Any:
    taken = name in {style.name for style in styles}
    style = styles.add_style(style_id if taken else name, kind, builtin=not taken)
    style.element.set(qn("w:styleId"), style_id)
    return style


def _drop_unused(styles: Any) -> None:
    """Leave in the list of styles only those that our papers have: others confuse whoever edits."""
    wanted = {look.name for look in _LOOKS} | _KEPT
    for style in list(styles):
        if style.name not in wanted:
            style.element.getparent().remove(style.element)
        elif (linked := style.element.find(qn("w:link"))) is not None:
            style.element.remove(linked)


_KEPT = {
    "Normal", "Default Paragraph Font", "Normal Table", "No List", "footnote text",
    "footnote reference",
}  # fmt: skip
"""What Word itself rests on, and the footnotes."""


def styles_by_role() -> Mapping[Role, str]:
    """The name of the style of each kind of paragraph."""
    return {role: look.name for role, look in TEXT.items()}
