"""Sao lưu, khôi phục: the whole database in one file, which is taken back only when it is whole."""

import hashlib
import json
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
from khcn_workflow.storage.copies import chain_of, copy_database, put_in_place, sqlite_file
from khcn_workflow.storage.transactions import StorageUnavailableError

DATABASE, MANIFEST = "khcn.sqlite", "manifest.json"
"""The two members of a backup."""


class BackupUnreadableError(KhcnError):
    """A file is no backup of ours, or is damaged."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"Không khôi phục được từ «{path}»: {why}. Chưa có gì bị thay đổi.")


class DatabaseThereError(KhcnError):
    """A restore would take the place of a database that is in use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"Đã có cơ sở dữ liệu «{path}». Hãy dừng mọi chương trình đang dùng nó rồi thêm "
            "--replace; tệp cũ được giữ bên cạnh."
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
        sha256: Of the database inside.
    """

    made_at: str
    rows: int
    head: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that is the database now.

    Attributes:
        kept: Where the database that was there before lies, None without one.
    """

    backup: Backup
    kept: Path | None


def back_up(database_url: str, path: Path, now: datetime) -> Backup:
    """Copy the database, in use or not, into one file with the head of its ledger.

    Raises:
        OtherToolError: The database is no SQLite file.
        NotFoundError: There is no database yet.
        BrokenChainError: The ledger does not hold; such a state is not kept as a backup.
        BackupFileError: The file cannot be written.
    """
    source = sqlite_file(database_url)
    if not source.exists():
        raise NotFoundError("cơ sở dữ liệu", str(source))
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".khcn-") as folder:
            return _write(source, path, Path(folder), now)
    except OSError as error:
        raise BackupFileError(path, error.strerror or str(error)) from error


def restore(database_url: str, path: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Make a backup the database, after its chain and its head were checked.

    Args:
        replace: Also where a database is; that one is kept beside the new.

    Raises:
        OtherToolError: The database is no SQLite file.
        DatabaseThereError: There is a database, and it is not to be replaced.
        BackupUnreadableError: The file is no backup, is damaged, or is not what it says.
        BrokenChainError: The ledger inside does not hold.
    """
    target = sqlite_file(database_url)
    if target.exists() and not replace:
        raise DatabaseThereError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = target.with_name(f"{target.name}.cu-{now.astimezone(HANOI):%Y%m%d-%H%M%S-%f}")
    was_there = target.exists()
    with _checked(path, target.parent) as (backup, copy):
        put_in_place(copy, target, kept)
    return Restored(backup, kept if was_there else None)


def _write(source: Path, path: Path, folder: Path, now: datetime) -> Backup:
    copy, packed = folder / DATABASE, folder / "backup.zip"
    copy_database(source, copy)
    rows, head = chain_of(copy)
    backup = Backup(now.isoformat(timespec="seconds"), rows, head, _sha256(copy))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(copy, DATABASE)
        archive.writestr(MANIFEST, json.dumps(asdict(backup), indent=2))
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
            chain = chain_of(copy)
        except StorageUnavailableError as error:
            raise BackupUnreadableError(path, "bên trong không phải cơ sở dữ liệu này") from error
        if chain != (backup.rows, backup.head):
            raise BackupUnreadableError(path, "sổ cái bên trong không khớp bản kê đi kèm")
        yield backup, copy


def _unpacked(path: Path, copy: Path) -> Backup:
    try:
        with zipfile.ZipFile(path) as archive:
            backup = Backup(**json.loads(archive.read(MANIFEST)))
            with archive.open(DATABASE) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file)
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
        raise BackupUnreadableError(path, "không phải bản sao lưu, hoặc tệp đã hỏng") from error
    return backup


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
