"""Tệp văn bản: papers as they were shown, kept under the hash that the ledger names."""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError

FOLDER = "documents"
LARGEST = 50 * 1024 * 1024
"""Bytes of a document; a scan of more is rather a mistake."""

NAME = re.compile(r"[0-9a-f]{2}/(?P<sha256>[0-9a-f]{64})(\.[a-z0-9]{1,8})?")
"""How a kept file is called within the folder."""

_PIECE = 1024 * 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Named:
    """A document as a row of the ledger names it.

    Attributes:
        number: Of the paper, as it was typed; may be empty.
    """

    seq: int
    subject: str
    number: str
    sha256: str


class DocumentFileError(KhcnError):
    """A file cannot be taken as a document."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"Không lưu được tệp văn bản «{path}»: {why}. Chưa ghi gì vào sổ.")


class DamagedDocumentError(KhcnError):
    """What was read is not what its name says."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"Tệp văn bản {sha256[:12]}… không khớp mã băm của nó.")


class DocumentDiffersError(KhcnError):
    """A document that a ledger row names is missing, or is not what it was."""

    def __init__(self, named: Named, path: Path, *, is_there: bool) -> None:
        self.seq, self.sha256 = named.seq, named.sha256
        what = "đã bị sửa hoặc hỏng" if is_there else "không còn"
        number = f" {named.number}" if named.number else ""
        super().__init__(
            f"Tệp văn bản{number} của dòng {named.seq} trong sổ cái ({named.subject}) {what}: "
            f"«{path}». Hãy lấy lại tệp ấy từ bản sao lưu."
        )


class Documents:
    """The documents of one home: `documents/<first two digits>/<SHA-256>.<suffix>`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def keep(self, path: Path) -> str:
        """Copy a file to its place, where it stays; the same content is kept once.

        Returns:
            The SHA-256 of the content.

        Raises:
            DocumentFileError: It is not there, no file, unreadable, too large, or the disk
                refuses the copy.
        """
        try:
            with _regular(path) as source:
                return self.take(source, path.suffix)
        except OSError as error:
            raise DocumentFileError(path, _reason(error)) from error

    def take(self, source: IO[bytes], suffix: str, expected: str = "") -> str:
        """As `keep`, of what is read from a stream.

        Args:
            expected: The SHA-256 that the content must have; empty for any.

        Raises:
            DamagedDocumentError: The content is not the expected one; nothing was kept.
            OSError: It cannot be read or written, or is too large (EFBIG).
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                sha256 = _copied(source, target)
            if expected and sha256 != expected:
                raise DamagedDocumentError(expected)
            self._place(fresh, sha256, suffix.lower())
        finally:
            fresh.unlink(missing_ok=True)
        return sha256

    def find(self, sha256: str) -> Path | None:
        """Where the document of that hash lies, if a file of its name is there."""
        return next(iter(sorted((self.folder / sha256[:2]).glob(f"{sha256}*"))), None)

    def name(self, path: Path) -> str:
        """What a kept file is called within the folder, on every system."""
        return path.relative_to(self.folder).as_posix()

    def _place(self, fresh: Path, sha256: str, suffix: str) -> None:
        there = self.find(sha256)
        if there is not None and is_whole(there, sha256):
            return
        usable = suffix if NAME.fullmatch(f"00/{sha256}{suffix}") else ""
        target = there or self.folder / sha256[:2] / f"{sha256}{usable}"
        target.parent.mkdir(exist_ok=True)
        fresh.chmod(0o444)
        fresh.replace(target)
        for folder in (target.parent, self.folder):
            _sync(folder)


def compare_documents(home: Path, named: Iterable[Named]) -> int:
    """How many different documents rows name; each is there and has its hash.

    Raises:
        DocumentDiffersError: Names the first row whose document is missing or was changed.
    """
    documents, seen = Documents(home), set[str]()
    for row in named:
        if row.sha256 in seen:
            continue
        seen.add(row.sha256)
        path = documents.find(row.sha256)
        if path is None or not is_whole(path, row.sha256):
            place = path or documents.folder / row.sha256[:2] / row.sha256
            raise DocumentDiffersError(row, place, is_there=path is not None)
    return len(seen)


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file has the content of that hash."""
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == sha256
    except OSError:
        return False


@contextmanager
def _regular(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file; not of a pipe or a device, which might never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise DocumentFileError(path, "đây không phải một tệp")
    with path.open("rb") as content:
        yield content


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise _TooLargeError
        digest.update(piece)
        target.write(piece)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest()


class _TooLargeError(OSError):
    """More bytes than a document may have."""


def _reason(error: OSError) -> str:
    match error:
        case _TooLargeError():
            return f"tệp lớn hơn {vietnamese.count(LARGEST // _MEGABYTE)} MB"
        case FileNotFoundError():
            return "không có tệp này; hãy kiểm tra tên và thư mục"
        case PermissionError():
            return "không có quyền đọc tệp hoặc ghi vào thư mục của phần mềm"
        case _:
            return error.strerror or "lỗi đọc, ghi đĩa"


def _sync(folder: Path) -> None:
    """The name of a new file survives a power cut only when its folder was written."""
    with suppress(OSError):  # not every file system lets a folder be synced
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
