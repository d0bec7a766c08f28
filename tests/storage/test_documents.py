"""Documents are kept once, under the hash of their content, and told when they are not whole."""

import os
import re

import pytest

from khcn_workflow.storage import documents as module
from khcn_workflow.storage.documents import (
    DocumentDiffersError,
    DocumentFileError,
    Documents,
    Named,
    compare_documents,
)

SCAN = b"%PDF-1.7 bien ban"


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "Biên bản.PDF"
    path.write_bytes(SCAN)
    return path


@pytest.fixture
def kept(tmp_path):
    return Documents(tmp_path / "home")


def files(documents):
    return [path for path in documents.folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_hash_with_its_suffix(kept, scan):
    digest = kept.keep(scan)
    path = kept.find(digest)
    assert kept.name(path) == f"{digest[:2]}/{digest}.pdf"
    assert path.read_bytes() == SCAN
    assert files(kept) == [path]


def test_the_same_content_is_kept_once_whatever_it_is_called(kept, scan, tmp_path):
    other = tmp_path / "khac.docx"
    other.write_bytes(SCAN)
    assert kept.keep(scan) == kept.keep(other) == kept.keep(scan)
    assert len(files(kept)) == 1


def test_a_damaged_copy_is_replaced_when_the_file_is_given_again(kept, scan):
    digest = kept.keep(scan)
    damage(kept.find(digest))
    kept.keep(scan)
    assert kept.find(digest).read_bytes() == SCAN
    assert len(files(kept)) == 1


def damage(path):
    path.chmod(0o644)
    path.write_bytes(b"x")


@pytest.mark.parametrize("name", ["khong-duoi", "la.đuôi lạ", "dai.abcdefghijkl", ".pdf"])
def test_a_suffix_that_is_none_is_left_out(kept, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SCAN)
    assert re.fullmatch(r"[0-9a-f]{64}", kept.find(kept.keep(path)).name)


def test_a_file_that_cannot_be_taken_is_one_sentence_and_leaves_nothing(
    kept, scan, tmp_path, monkeypatch
):
    os.mkfifo(tmp_path / "ong")
    monkeypatch.setattr(module, "LARGEST", 10)
    for path, why in [
        (tmp_path / "x.pdf", "không có tệp này"),
        (tmp_path, "đây không phải một tệp"),
        (tmp_path / "ong", "đây không phải một tệp"),
        (scan, "tệp lớn hơn"),
    ]:
        with pytest.raises(DocumentFileError, match=f"{why}.*Chưa ghi gì vào sổ"):
            kept.keep(path)
    assert not kept.folder.exists() or files(kept) == []


def test_the_first_row_whose_document_is_missing_or_changed_is_named(kept, scan, tmp_path):
    digest = kept.keep(scan)
    rows = [Named(3, "NV-1", "05/BB", digest), Named(7, "NV-2", "", digest)]
    assert compare_documents(tmp_path / "home", rows) == 1
    damage(kept.find(digest))
    with pytest.raises(DocumentDiffersError, match=r"05/BB của dòng 3 .*\(NV-1\) đã bị sửa"):
        compare_documents(tmp_path / "home", rows)
    kept.find(digest).unlink()
    with pytest.raises(DocumentDiffersError, match="dòng 7 .* không còn"):
        compare_documents(tmp_path / "home", rows[1:])
