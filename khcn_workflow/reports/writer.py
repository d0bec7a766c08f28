"""Ghi báo cáo ra tệp: the suffix chooses the form, and the file appears whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.document import Report
from khcn_workflow.reports.html import to_html
from khcn_workflow.reports.json_writer import to_json
from khcn_workflow.reports.markdown import paper_to_markdown, to_markdown
from khcn_workflow.reports.paper import Paper
from khcn_workflow.reports.pdf import to_pdf

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


def write(report: Report, path: Path) -> Path:
    """Write the report as .docx, .pdf, .md, .html, .json or .xlsx, as the path's suffix says.

    Returns:
        The path written to.

    Raises:
        ReportFormatError: There is no writer for that suffix.
        ReportFileError: The folder does not exist or does not let itself be written to.
        NoLibreOfficeError: A PDF was asked for, and the machine has no LibreOffice.
        PdfError: LibreOffice could not make it.
    """
    suffix = path.suffix.lower()
    render = (lambda r: to_pdf(_docx(r))) if suffix == PDF else FORMS.get(suffix)
    if render is None:
        raise ReportFormatError(path)
    write_bytes(path, render(report))
    return path


def write_paper_file(paper: Paper, path: Path) -> None:
    """Write a paper as .docx, .pdf or .md, as the path's suffix says.

    Raises:
        KhcnError: As `write`.
    """
    suffix = path.suffix.lower()
    render = (lambda p: to_pdf(_paper_docx(p))) if suffix == PDF else PAPER_FORMS.get(suffix)
    if render is None:
        raise ReportFormatError(path, PAPER_FORMS)
    write_bytes(path, render(paper))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all.

    Raises:
        ReportFileError: The folder does not exist or does not let itself be written to.
    """
    try:
        _replace(path, content)
    except OSError as error:
        raise ReportFileError(path, error.strerror or str(error)) from error


def _docx(report: Report) -> bytes:
    from khcn_workflow.reports.word import to_docx  # noqa: PLC0415 - python-docx is slow to load

    return to_docx(report)


def _xlsx(report: Report) -> bytes:
    from khcn_workflow.reports.annex import to_xlsx  # noqa: PLC0415 - openpyxl is slow to load

    return to_xlsx(report)


def _paper_docx(paper: Paper) -> bytes:
    from khcn_workflow.reports.word import paper_to_docx  # noqa: PLC0415 - as above

    return paper_to_docx(paper)


FORMS: Mapping[str, Callable[[Report], bytes]] = {
    ".docx": _docx,
    ".md": lambda report: to_markdown(report).encode(),
    ".html": lambda report: to_html(report).encode(),
    ".json": lambda report: to_json(report).encode(),
    ".xlsx": _xlsx,
}
"""The writer of each suffix."""

PAPER_FORMS: Mapping[str, Callable[[Paper], bytes]] = {
    ".docx": _paper_docx,
    ".md": lambda paper: paper_to_markdown(paper).encode(),
}
"""The same of other papers than reports."""


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
