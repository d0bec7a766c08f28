"""Tệp PDF: a .docx as LibreOffice prints it, where the machine has LibreOffice."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from khcn_workflow.domain.errors import KhcnError

PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 120
"""Seconds that LibreOffice may take; a report takes a few."""


class NoLibreOfficeError(KhcnError):
    """A PDF was asked for on a machine without LibreOffice."""

    def __init__(self) -> None:
        super().__init__(
            "Máy này chưa có LibreOffice nên chưa xuất được PDF. Cài (Debian, Ubuntu): "
            "apt-get install libreoffice-writer; hoặc xuất .docx rồi lưu thành PDF bằng Word."
        )


class PdfError(KhcnError):
    """LibreOffice could not make a PDF of the document."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"LibreOffice chưa xuất được PDF ({reason}). Tệp .docx không sao; hãy thử lại, hoặc "
            "mở .docx rồi lưu thành PDF."
        )


def to_pdf(docx: bytes) -> bytes:
    """The document as PDF.

    LibreOffice runs with a profile of its own, so that one open on the desktop does not
    swallow the request.

    Raises:
        NoLibreOfficeError: The machine has none.
        PdfError: It failed, or took too long.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise NoLibreOfficeError
    with tempfile.TemporaryDirectory(prefix="khcn-pdf-") as folder:
        source = Path(folder) / "van-ban.docx"
        source.write_bytes(docx)
        said = _convert(program, source)
        target = source.with_suffix(".pdf")
        if not target.is_file():
            raise PdfError(said or "không có tệp nào được ghi")
        return target.read_bytes()


def _convert(program: str, source: Path) -> str:
    """What LibreOffice says of its work."""
    command = [
        program,
        f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(source.parent),
        str(source),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a program found by name, our own file
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"quá {PATIENCE} giây") from None
    except OSError as error:
        raise PdfError(error.strerror or str(error)) from error
    return " ".join(done.stderr.split())[-200:]
