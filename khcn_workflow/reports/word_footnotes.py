"""Chú thích cuối trang: the footnotes part of a Word file, which python-docx does not have."""

import re
from collections.abc import Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from khcn_workflow.reports.document import Run

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
TEXT_STYLE, REFERENCE_STYLE = "FootnoteText", "FootnoteReference"

_SEPARATORS = f"""
<w:footnotes {nsdecls("w")}>
  <w:footnote w:type="separator" w:id="-1"><w:p>
    <w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
    <w:r><w:separator/></w:r></w:p></w:footnote>
  <w:footnote w:type="continuationSeparator" w:id="0"><w:p>
    <w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
    <w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>
"""
_SETTINGS = f"""
<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>
"""
_AFTER_FOOTNOTES = ("w:endnotePr", "w:compat", "w:rsids")


def add_reference(paragraph: Any, number: int) -> None:
    """Put the mark of footnote `number` at the end of a python-docx paragraph."""
    run = _run(REFERENCE_STYLE)
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    run.append(reference)
    paragraph._p.append(run)  # noqa: SLF001 - python-docx has no other way to its XML


def last_footnote(document: Any) -> int:
    """Number of the last footnote that a document has, 0 without any."""
    part = _part_of(document)
    return _last(parse_xml(part.blob)) if part is not None else 0


def add_footnotes(document: Any, notes: Sequence[Sequence[Run]]) -> None:
    """Give the document these footnotes, after those that it has already."""
    part = _part_of(document)
    if part is not None:
        _add_to(part, notes)
        return
    element = parse_xml(_SEPARATORS)
    for number, runs in enumerate(notes, start=1):
        element.append(_footnote(number, runs))
    package = document.part.package
    part = XmlPart(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, element, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    _declare(document.settings.element)


def _part_of(document: Any) -> Any:
    relations = document.part.rels.values()
    found = (r.target_part for r in relations if r.reltype == RELATIONSHIP_TYPE.FOOTNOTES)
    return next(found, None)


def _last(footnotes: Any) -> int:
    return max(0, *(int(note.get(qn("w:id"))) for note in footnotes.iter(qn("w:footnote"))))


def _add_to(part: Any, notes: Sequence[Sequence[Run]]) -> None:
    """Add to a part that python-docx keeps as bytes."""
    element = parse_xml(part.blob)
    for number, runs in enumerate(notes, start=_last(element) + 1):
        element.append(_footnote(number, runs))
    part._blob = serialize_part_xml(element)  # noqa: SLF001 - python-docx has no other way


def _footnote(number: int, runs: Sequence[Run]) -> Any:
    footnote = OxmlElement("w:footnote")
    footnote.set(qn("w:id"), str(number))
    paragraph = OxmlElement("w:p")
    properties, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    style.set(qn("w:val"), TEXT_STYLE)
    properties.append(style)
    paragraph.append(properties)
    mark = _run(REFERENCE_STYLE)
    mark.append(OxmlElement("w:footnoteRef"))
    paragraph.append(mark)
    paragraph.append(_text(Run(" ")))
    for run in runs:
        paragraph.append(_text(run))
    footnote.append(paragraph)
    return footnote


def _run(style: str) -> Any:
    run, properties, name = OxmlElement("w:r"), OxmlElement("w:rPr"), OxmlElement("w:rStyle")
    name.set(qn("w:val"), style)
    properties.append(name)
    run.append(properties)
    return run


def add_words(run: Any, words: str) -> None:
    """Write words into a run; the hyphens of a code or a paper's number end no line."""
    for place, part in enumerate(pieces(words)):
        if place:
            run._r.append(OxmlElement("w:noBreakHyphen"))  # noqa: SLF001 - as above
        run.add_text(part)


def pieces(words: str) -> list[str]:
    """The words, cut where a hyphen stands that must not end a line ("04/2015/TT-BKHCN")."""
    return _HYPHENED.sub(_kept_together, words).split(_CUT)


def _kept_together(word: re.Match[str]) -> str:
    is_code = any(letter.isdigit() or letter == "/" for letter in word[0])
    return word[0].replace("-", _CUT) if is_code else word[0]


_HYPHENED = re.compile(r"[^\s-]+(?:-[^\s-]+)+")
_CUT = "\ue002"


def _text(run: Run) -> Any:
    element = OxmlElement("w:r")
    if run.bold or run.italic:
        properties = OxmlElement("w:rPr")
        looks = (("w:b", run.bold), ("w:i", run.italic))
        for look in (tag for tag, wanted in looks if wanted):
            properties.append(OxmlElement(look))
        element.append(properties)
    for place, part in enumerate(pieces(run.text)):
        if place:
            element.append(OxmlElement("w:noBreakHyphen"))
        text = OxmlElement("w:t")
        text.set(qn("xml:space"), "preserve")
        text.text = part
        element.append(text)
    return element


def _declare(settings: Any) -> None:
    """Name the separators in the settings, at the place the schema wants."""
    declaration = parse_xml(_SETTINGS)
    for tag in _AFTER_FOOTNOTES:
        after = settings.find(qn(tag))
        if after is not None:
            after.addprevious(declaration)
            return
    settings.append(declaration)
