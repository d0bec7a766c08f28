"""PDF through LibreOffice where there is one; a sentence where there is none."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from khcn_workflow.reports import pdf
from khcn_workflow.reports.pdf import NoLibreOfficeError, PdfError, to_pdf
from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.word import to_docx
from khcn_workflow.reports.writer import ReportFormatError, write
from tests.reports import builder as b

needs_libreoffice = pytest.mark.skipif(
    not any(map(shutil.which, pdf.PROGRAMS)), reason="no LibreOffice on this machine"
)


@pytest.fixture(scope="module")
def report():
    return build_report(b.seed_input())


@needs_libreoffice
def test_a_report_by_the_suffix_pdf_is_paper_of_a4_with_vietnamese_words(report, tmp_path):
    path = tmp_path / "bao-cao.pdf"
    write(report, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert re.search(rb"/MediaBox ?\[ ?0 0 59[45]", content)
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in done.stdout
        assert "Đoàn Hải Triều" in done.stdout


@needs_libreoffice
def test_libreoffice_opens_what_we_write_and_keeps_its_notes_and_styles(report, tmp_path):
    source = tmp_path / "bao-cao.docx"
    source.write_bytes(to_docx(report))
    program = next(found for name in pdf.PROGRAMS if (found := shutil.which(name)))
    folder = tmp_path / "again"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run([program, profile, "--headless", "--convert-to", "docx", "--outdir", folder,
                    source], capture_output=True, check=True, timeout=120)  # fmt: skip
    again = docx.Document(folder / "bao-cao.docx")
    notes = next(p for p in again.part.package.iter_parts() if p.partname == "/word/footnotes.xml")
    assert notes.blob.count(b"w:footnote ") >= len(list(report.footnotes()))
    assert {"Quốc hiệu", "Nơi nhận"} <= {style.name for style in again.styles}


def test_a_machine_without_libreoffice_is_told_what_to_do(report, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: None)
    with pytest.raises(NoLibreOfficeError, match="apt-get install libreoffice-writer"):
        write(report, tmp_path / "bao-cao.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'source file could not be loaded' >&2", "could not be loaded"),
        ("exit 0", "không có tệp nào"),
        ("exec sleep 30", "quá 1 giây"),
    ],
)
def test_a_libreoffice_that_fails_is_a_sentence(tmp_path, monkeypatch, script, reason):
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: str(program))
    monkeypatch.setattr(pdf, "PATIENCE", 1)
    with pytest.raises(PdfError, match=reason):
        to_pdf(b"x")


def test_an_unknown_suffix_names_those_there_are(report, tmp_path):
    with pytest.raises(ReportFormatError, match=r"\.docx, \.md, \.html, \.json, \.xlsx, \.pdf"):
        write(report, tmp_path / "bao-cao.odt")
    assert io.BytesIO(to_docx(report)).read(2) == b"PK"
    assert not Path(tmp_path / "bao-cao.odt").exists()


@needs_libreoffice
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext on this machine")
def test_the_head_stands_at_the_top_margin_also_of_a_page_with_notes(report, tmp_path):
    path = tmp_path / "bao-cao.pdf"
    write(report, path)
    command = ["pdftotext", "-l", "1", "-bbox", path, "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    top = float(re.search(r'yMin="([\d.]+)"[^>]*>UBND<', done.stdout)[1])
    assert 20 * 72 / 25.4 - 2 <= top <= 20 * 72 / 25.4 + 4
