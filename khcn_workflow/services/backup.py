"""Sao lưu, khôi phục: database and documents in one file, taken back only when it is whole."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from khcn_workflow.clock import HANOI
from khcn_workflow.domain.errors import KhcnError, NotFoundError
from khcn_workflow.settings import Settings
from khcn_workflow.storage.copies import (
    chain_of,
    copy_database,
    holds_something,
    opened,
    put_in_place,
    sqlite_file,
)
from khcn_workflow.storage.documents import FOLDER, NAME, DamagedDocumentError, Documents
from khcn_workflow.storage.refusals import StorageUnavailableError

DATABASE, MANIFEST = "khcn.sqlite", "manifest.json"
"""The two members of every backup; documents stand beside them under their own names."""


class BackupUnreadableError(KhcnError):
    """A file is no backup of ours, or is damaged."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"Không khôi phục được từ «{path}»: {why}. Chưa có gì bị thay đổi.")


class DatabaseThereError(KhcnError):
    """A restore would take the place of a database that is in use."""

    def __init__(self) -> None:
        super().__init__(
            "Đã có cơ sở dữ liệu ở nơi khôi phục. Hãy dừng mọi chương trình đang dùng nó rồi thêm "
            "--replace; dữ liệu cũ được giữ bên cạnh."
        )


class BackupFileError(KhcnError):
    """The backup cannot be written where it was asked for."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"Không ghi được tệp «{path}» ({reason}); hãy kiểm tra thư mục và đĩa.")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself.

    Attributes:
        made_at: ISO 8601, in UTC.
        rows: Rows of the ledger.
        head: Hash of the ledger's last row.
        sha256: Of the database inside, which is SQLite whatever it was copied from.
        documents: Different documents inside.
        missing: Documents that the ledger names and that were not there to be taken.
    """

    made_at: str
    rows: int
    head: str
    sha256: str
    documents: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that is the database now.

    Attributes:
        kept: The file or schema with what was there before, None where there was nothing.
    """

    backup: Backup
    kept: str | None


def back_up(settings: Settings, path: Path, now: datetime) -> Backup:
    """Copy the database, in use or not, and the documents it names, into one file.

    Raises:
        NotFoundError: There is no database yet.
        BrokenChainError: The ledger does not hold; such a state is not kept as a backup.
        StorageUnavailableError: The database cannot be read.
        BackupFileError: The file cannot be written.
    """
    source = sqlite_file(settings.database_url)
    if source is not None and not source.exists():
        raise NotFoundError("cơ sở dữ liệu", str(source))
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".khcn-") as folder:
            return _write(settings, path, Path(folder), now)
    except OSError as error:
        raise BackupFileError(path, error.strerror or str(error)) from error


def restore(settings: Settings, path: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Make a backup the database, after its chain, its head and its documents were checked.

    Documents that are there already stay; those of the backup are added.

    Args:
        replace: Also where a database is; that one is kept beside the new.

    Raises:
        DatabaseThereError: There is a database, and it is not to be replaced.
        BackupUnreadableError: The file is no backup, is damaged, or is not what it says.
        BrokenChainError: The ledger inside does not hold.
        StorageUnavailableError: The database cannot be reached; nothing was changed in it.
    """
    if holds_something(settings.database_url) and not replace:
        raise DatabaseThereError
    target = sqlite_file(settings.database_url)
    beside = target.parent if target else settings.home
    for folder in (beside, settings.home):
        folder.mkdir(parents=True, exist_ok=True)
    kept = f"cu-{now.astimezone(HANOI):%Y%m%d-%H%M%S-%f}"
    with _checked(path, beside) as (backup, copy):
        _take_documents(path, Documents(settings.home))
        return Restored(backup, put_in_place(copy, settings.database_url, kept))


def _write(settings: Settings, path: Path, folder: Path, now: datetime) -> Backup:
    copy, packed = folder / DATABASE, folder / "backup.zip"
    copy_database(settings.database_url, copy)
    documents = Documents(settings.home)
    with opened(f"sqlite:///{copy}") as work:
        rows, head = chain_of(work)
        named = sorted({row.sha256 for row in work.queries.documents_named()})
    found = [place for sha256 in named if (place := documents.find(sha256))]
    made_at = now.isoformat(timespec="seconds")
    missing = len(named) - len(found)
    backup = Backup(made_at, rows, head, _sha256(copy), len(found), missing)
    with packed.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            for place in found:
                archive.write(place, f"{FOLDER}/{documents.name(place)}")
            archive.writestr(MANIFEST, json.dumps(asdict(backup), indent=2))
        file.flush()
        os.fsync(file.fileno())
    packed.replace(path)
    return backup


@contextmanager
def _checked(path: Path, beside: Path) -> Iterator[tuple[Backup, Path]]:
    """The manifest and the database of a backup, when each says what the other says."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".khcn-") as folder:
        copy = Path(folder) / DATABASE
        backup = _unpacked(path, copy)
        if _sha256(copy) != backup.sha256:
            raise BackupUnreadableError(path, "cơ sở dữ liệu bên trong đã bị sửa hoặc hỏng")
        try:
            with opened(f"sqlite:///{copy}") as work:
                chain = chain_of(work)
        except StorageUnavailableError as error:
            raise BackupUnreadableError(path, "bên trong không phải cơ sở dữ liệu này") from error
        if chain != (backup.rows, backup.head):
            raise BackupUnreadableError(path, "sổ cái bên trong không khớp bản kê đi kèm")
        yield backup, copy


_DAMAGED = (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError)
"""What a file that is no backup, or a damaged one, leads to."""


def _unpacked(path: Path, copy: Path) -> Backup:
    try:
        with zipfile.ZipFile(path) as archive:
            backup = Backup(**json.loads(archive.read(MANIFEST)))
            with archive.open(DATABASE) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file)
    except _DAMAGED as error:
        raise BackupUnreadableError(path, "không phải bản sao lưu, hoặc tệp đã hỏng") from error
    return backup


def _take_documents(path: Path, documents: Documents) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                name = NAME.fullmatch(member.removeprefix(f"{FOLDER}/"))
                if name is None:
                    continue
                with archive.open(member) as content:
                    documents.take(content, Path(member).suffix, expected=name["sha256"])
    except DamagedDocumentError as error:
        raise BackupUnreadableError(path, "một tệp văn bản bên trong đã hỏng") from error
    except _DAMAGED as error:
        raise BackupUnreadableError(path, "không lấy ra được tệp văn bản bên trong") from error


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
