"""Ghi báo cáo ra tệp: the suffix chooses the form, and the file appears whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.document import Report
from khcn_workflow.reports.html import to_html
from khcn_workflow.reports.json_writer import to_json
from khcn_workflow.reports.markdown import paper_to_markdown, to_markdown
from khcn_workflow.reports.paper import Paper, report_as_paper
from khcn_workflow.reports.pdf import to_pdf

REPORT = "bao-cao"
"""The report among the kinds of paper."""

WORD, MARKDOWN = ".docx", ".md"
PDF = ".pdf"
"""Made of the .docx by LibreOffice; the bytes are its own, so that no snapshot keeps them."""


class ReportFormatError(KhcnError):
    """A report was asked in a form that there is no writer for."""

    def __init__(self, path: Path, forms: Iterable[str] = ()) -> None:
        self.path = path
        super().__init__(
            f"Không ghi được «{path.name}»: đuôi tệp phải là {', '.join([*(forms or FORMS), PDF])}."
        )


class ReportFileError(KhcnError):
    """The file cannot be written where it was asked for."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"Không ghi được tệp «{path}» ({reason}); hãy kiểm tra thư mục, quyền ghi, "
            "hoặc đóng tệp nếu đang mở."
        )


def write(report: Report, path: Path, own: Path | None = None) -> Path:
    """Write the report as .docx, .pdf, .md, .html, .json or .xlsx, as the path's suffix says.

    Args:
        own: Folder of the Department's own templates; `bao-cao.docx` there gives the layout.

    Returns:
        The path written to.

    Raises:
        WordTemplateError: The Department's own template cannot be used.
        ReportFormatError: There is no writer for that suffix.
        ReportFileError: The folder does not exist or does not let itself be written to.
        NoLibreOfficeError: A PDF was asked for, and the machine has no LibreOffice.
        PdfError: LibreOffice could not make it.
    """
    suffix = path.suffix.lower()
    if suffix not in (PDF, *FORMS):
        raise ReportFormatError(path)
    content = in_form(report, WORD if suffix == PDF else suffix, own)
    write_bytes(path, to_pdf(content) if suffix == PDF else content)
    return path


def in_form(report: Report, suffix: str, own: Path | None = None) -> bytes:
    """The report in one of the `FORMS`; Word in the Department's own layout where it has one.

    Raises:
        WordTemplateError: The Department's own template cannot be used.
    """
    if suffix == WORD:
        return _word(report_as_paper(report), REPORT, own)
    return FORMS[suffix](report)


def write_paper_file(paper: Paper, path: Path, kind: str, own: Path | None = None) -> None:
    """Write a paper as .docx, .pdf or .md, as the path's suffix says.

    Args:
        kind: Which paper it is; `<kind>.docx` in the folder `own` gives the layout.

    Raises:
        KhcnError: As `write`.
    """
    suffix = path.suffix.lower()
    if suffix == MARKDOWN:
        content = paper_to_markdown(paper).encode()
    elif suffix in (WORD, PDF):
        content = _word(paper, kind, own)
    else:
        raise ReportFormatError(path, (WORD, MARKDOWN))
    write_bytes(path, to_pdf(content) if suffix == PDF else content)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all.

    Raises:
        ReportFileError: The folder does not exist or does not let itself be written to.
    """
    try:
        _replace(path, content)
    except OSError as error:
        raise ReportFileError(path, error.strerror or str(error)) from error


def starting_layout(agency: Agency, today: date) -> bytes:
    """Our own layout as a Word template to change."""
    from khcn_workflow.reports.word_template import starting_template  # noqa: PLC0415 - as below

    return starting_template(agency, today)


def check_word_template(path: Path, agency: Agency, today: date) -> None:
    """Fill a Word template of the Department with nothing much, to see whether it can be used.

    Raises:
        WordTemplateError: It cannot.
    """
    from khcn_workflow.reports.word_template import check_template  # noqa: PLC0415 - as below

    check_template(path, agency, today)


def _word(paper: Paper, kind: str, own: Path | None) -> bytes:
    from khcn_workflow.reports import word, word_template  # noqa: PLC0415 - python-docx is slow

    template = word_template.own_template(own, kind)
    if template is not None:
        return word_template.fill_template(template, paper)
    return word.paper_to_docx(paper)


def _xlsx(report: Report) -> bytes:
    from khcn_workflow.reports.annex import to_xlsx  # noqa: PLC0415 - openpyxl is slow to load

    return to_xlsx(report)


FORMS: Mapping[str, Callable[[Report], bytes]] = {
    ".docx": lambda report: _word(report_as_paper(report), REPORT, None),
    ".md": lambda report: to_markdown(report).encode(),
    ".html": lambda report: to_html(report).encode(),
    ".json": lambda report: to_json(report).encode(),
    ".xlsx": _xlsx,
}
"""The writer of each suffix."""


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
