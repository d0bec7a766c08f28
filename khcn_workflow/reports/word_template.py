"""Mẫu Word của Sở: a .docx of the Department's own, filled with a paper (docxtpl)."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports import word_styles as looks
from khcn_workflow.reports.document import Letterhead, Paragraph, Run, Signature
from khcn_workflow.reports.packing import packed
from khcn_workflow.reports.paper import Paper
from khcn_workflow.reports.word import paper_to_docx, write_body
from khcn_workflow.reports.word_footnotes import add_footnotes, last_footnote

BODY = "noi_dung"
_MARK = "\ue001"
"""Stands where the text goes until it is written there."""

_LOOP = ("{{%p for dong in {0} %}}", "{{{{ dong }}}}", "{{%p endfor %}}")


class WordTemplateError(KhcnError):
    """A Word template of the Department cannot be used."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"Mẫu Word {path.name} chưa dùng được: {problem}.")


def own_template(folder: Path | None, name: str) -> Path | None:
    """The Department's own Word template of a kind of paper, None where it has none."""
    path = folder / f"{name}.docx" if folder else None
    return path if path and path.is_file() else None


def fill_template(path: Path, paper: Paper) -> bytes:
    """The paper in the Department's layout: fields filled, its text where `{{ noi_dung }}` stands.

    Styles of the text are the template's where it has them by our names, else ours.

    Raises:
        WordTemplateError: It is no .docx, its Jinja is wrong, names a field that there is
            not, or has no place for the text.
    """
    document = _rendered(path, fields(paper))
    looks.add_missing(document)
    mark = _marked(document)
    if mark is None:
        problem = f"thiếu một đoạn chỉ có {{{{ {BODY} }}}}, ngoài mọi bảng, để đặt nội dung"
        raise WordTemplateError(path, problem)
    before = set(document.element.body)
    write_body(document, paper, last_footnote(document))
    for element in [child for child in document.element.body if child not in before]:
        mark.addprevious(element)
    mark.getparent().remove(mark)
    add_footnotes(document, list(paper.footnotes()))
    return packed(document.save)


def fields(paper: Paper) -> dict[str, Any]:
    """What a Word template may name."""
    head = paper.letterhead
    return {
        "co_quan_chu_quan": head.parent,
        "co_quan": head.name,
        "so_ky_hieu": head.number,
        "dia_danh_ngay": head.place_and_date,
        "quoc_hieu": head.country,
        "tieu_ngu": head.motto,
        "ten_loai": paper.kind,
        "trich_yeu": paper.subject,
        "kinh_gui": list(paper.addressees),
        "noi_nhan": list(paper.recipient_lines()),
        "chuc_vu": list(paper.signature.lines),
        "nguoi_ky": paper.signature.name,
        BODY: _MARK,
    }


def starting_template(agency: Agency, today: date) -> bytes:
    """Our own layout as a template to change in Word: fields in the place of what varies."""
    looped = [part.format("noi_nhan") for part in _LOOP]
    signed = tuple(part.format("chuc_vu") for part in _LOOP)
    paper = Paper(
        letterhead=Letterhead(
            agency.parent.upper(), agency.name.upper(), "{{ so_ky_hieu }}", "{{ dia_danh_ngay }}"
        ),
        kind="{{ ten_loai }}",
        subject="{{ trich_yeu }}",
        blocks=(Paragraph((Run(f"{{{{ {BODY} }}}}"),)),),
        recipients=("x",) * len(looped),
        signature=Signature(signed, "{{ nguoi_ky }}"),
        dated=today,
    )
    document = Document(io.BytesIO(paper_to_docx(paper)))
    lines = [p for p in document.tables[-1].cell(0, 0).paragraphs if p.text.startswith("- x")]
    for line, text in zip(lines, looped, strict=True):
        line.text = text
    return packed(document.save)


def check_template(path: Path, agency: Agency, today: date) -> None:
    """Fill the template with a paper that says nothing much.

    Raises:
        WordTemplateError: As `fill_template`.
    """
    head = Letterhead(agency.parent, agency.name, "Số:", agency.place)
    signature = Signature((agency.signer_title,), agency.signer_name)
    text = (Paragraph((Run("Nội dung", footnote=(Run("Chú thích"),)),)),)
    fill_template(path, Paper(head, "BÁO CÁO", "Thử", text, ("Lưu: VT",), signature, today, ("A",)))


def _rendered(path: Path, values: Mapping[str, Any]) -> Any:
    """The python-docx document of the template with its fields filled."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 - only who has a template needs it
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    try:
        template = DocxTemplate(path)
        template.render(
            dict(values), SandboxedEnvironment(undefined=StrictUndefined), autoescape=True
        )
    except TemplateSyntaxError as error:
        raise WordTemplateError(path, f"sai cú pháp Jinja ({error.message})") from error
    except TemplateError as error:
        known = ", ".join(values)
        raise WordTemplateError(path, f"{error.message}; các tên dùng được: {known}") from error
    except (KeyError, ValueError, OSError, SyntaxError, BadZipFile, PackageNotFoundError) as error:
        raise WordTemplateError(path, "không mở được như một tệp .docx") from error
    return template.docx


def _marked(document: Any) -> Any:
    for paragraph in document.element.body.iterchildren(qn("w:p")):
        if "".join(text.text or "" for text in paragraph.iter(qn("w:t"))).strip() == _MARK:
            return paragraph
    return None
