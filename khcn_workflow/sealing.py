"""Niêm phong: secrets that the database keeps only sealed.

The key is `KHCN_SECRET_KEY`, or the file `secret.key` of the home, made on first use and
readable by its owner alone. It is in no backup of the database: without it what was sealed
stays sealed, and must be given anew.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet, InvalidToken

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.settings import Settings

KEY_FILE = "secret.key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SealingKeyError(KhcnError):
    """There is no key that can be used."""


class SealBrokenError(KhcnError):
    """Something was sealed with another key, or changed since."""

    def __init__(self) -> None:
        super().__init__(
            "Không mở được bí mật đã niêm phong: khóa hiện nay (KHCN_SECRET_KEY hoặc tệp "
            f"{KEY_FILE} trong KHCN_HOME) không phải khóa đã niêm phong. Hãy đặt lại đúng khóa, "
            "hoặc cấp bí mật mới."
        )


def seal(settings: Settings, secret: str) -> str:
    """The secret as it may be stored.

    Raises:
        SealingKeyError: The key cannot be read, made or used.
    """
    return Fernet(_key(settings)).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """The secret that was sealed.

    Raises:
        SealBrokenError: It was sealed with another key, or changed since.
        SealingKeyError: The key cannot be read or used.
    """
    try:
        return Fernet(_key(settings)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBrokenError from None


def _key(settings: Settings) -> bytes:
    if settings.secret_key:
        return _checked(settings.secret_key.encode(), "KHCN_SECRET_KEY")
    path = settings.home / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & _OTHERS:
            raise SealingKeyError(
                f"Người khác trên máy đọc được khóa «{path}»; hãy chạy: chmod 600 {path}"
            )
        return _checked(path.read_bytes().strip(), f"Tệp «{path}»")
    except OSError as error:
        raise SealingKeyError(
            f"Không đọc hoặc tạo được khóa «{path}» ({error.strerror}); hãy kiểm tra quyền của "
            "thư mục KHCN_HOME."
        ) from error


def _make(path: Path) -> None:
    """A new key, whole when it appears; of two made at once the first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as draft:
        draft.write(Fernet.generate_key())
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)


def _checked(key: bytes, where: str) -> bytes:
    try:
        Fernet(key)
    except ValueError:
        raise SealingKeyError(
            f"{where} không phải khóa niêm phong (32 byte viết theo base64 urlsafe); bỏ biến đi để "
            "chương trình tự tạo tệp khóa, hoặc đặt lại đúng khóa cũ."
        ) from None
    return key
