"""What a database refuses for reasons of its own, said in Vietnamese with what to do."""

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

from khcn_workflow.domain.errors import KhcnError

Saying = tuple[str, str]
"""What is wrong, and what to do about it."""

_KEEP_HOME_WRITABLE = (
    "hãy kiểm tra thư mục KHCN_HOME còn đó và tài khoản đang dùng được ghi vào thư mục "
    "cùng các tệp trong đó, rồi thử lại"
)

_ASK_SERVER = (
    "hãy kiểm tra máy chủ PostgreSQL đang chạy, tên, mật khẩu và quyền của tài khoản "
    "trong KHCN_DATABASE_URL, rồi thử lại"
)

_SQLITE: Mapping[str, Saying] = {
    "SQLITE_FULL": (
        "đĩa chứa cơ sở dữ liệu đã đầy",
        "hãy dọn bớt tệp trên đĩa chứa thư mục KHCN_HOME, rồi ghi lại",
    ),
    "SQLITE_IOERR": (
        "đĩa báo lỗi khi đọc hoặc ghi",
        "hãy kiểm tra đĩa còn chỗ trống, hạn mức của tài khoản và đĩa còn tốt, rồi ghi lại",
    ),
    "SQLITE_READONLY": (
        "tệp hoặc thư mục của cơ sở dữ liệu chỉ cho đọc",
        _KEEP_HOME_WRITABLE,
    ),
    "SQLITE_CANTOPEN": ("không mở được tệp cơ sở dữ liệu", _KEEP_HOME_WRITABLE),
    "SQLITE_BUSY": (
        "chương trình khác đang giữ tệp cơ sở dữ liệu",
        "hãy đợi hoặc đóng chương trình đó, rồi thử lại",
    ),
    "SQLITE_CORRUPT": (
        "tệp cơ sở dữ liệu đã hỏng",
        "hãy lấy lại từ bản sao lưu bằng lệnh: khcn restore",
    ),
    "SQLITE_NOTADB": (
        "tệp không phải là cơ sở dữ liệu của chương trình này",
        "hãy kiểm tra KHCN_HOME và KHCN_DATABASE_URL, hoặc lấy lại từ bản sao lưu: khcn restore",
    ),
    "": (
        "",
        "hãy kiểm tra đĩa còn trống và không có chương trình khác giữ tệp, rồi thử lại",
    ),
}
"""By the beginning of SQLite's name of the error."""

_POSTGRESQL: Mapping[str, Saying] = {
    "53100": (
        "đĩa của máy chủ PostgreSQL đã đầy",
        "hãy báo người quản trị dọn đĩa của máy chủ, rồi ghi lại",
    ),
    "53": (
        "máy chủ PostgreSQL đang quá tải (hết bộ nhớ hoặc quá nhiều kết nối)",
        "hãy đợi ít phút rồi thử lại",
    ),
    "25006": (
        "máy chủ PostgreSQL chỉ cho đọc",
        "hãy kiểm tra KHCN_DATABASE_URL trỏ tới máy chủ chính, không phải bản sao",
    ),
    "42501": (
        "tài khoản không có quyền trên cơ sở dữ liệu",
        "hãy nhờ người quản trị cấp quyền cho tài khoản trong KHCN_DATABASE_URL",
    ),
    "55P03": (
        "chương trình khác đang ghi quá lâu",
        "hãy đợi chương trình đó xong, rồi thử lại",
    ),
    "57P": (
        "máy chủ PostgreSQL đang dừng hoặc khởi động lại",
        "hãy đợi máy chủ chạy lại, rồi thử lại",
    ),
    "58": (
        "đĩa của máy chủ PostgreSQL báo lỗi",
        "hãy báo người quản trị kiểm tra đĩa của máy chủ, rồi thử lại",
    ),
    "": (
        "",
        _ASK_SERVER,
    ),
}
"""By the beginning of the SQLSTATE."""

NOTHING_WRITTEN = "Chưa có gì được ghi"
PERHAPS_WRITTEN = (
    "Kết nối đứt đúng lúc ghi xong nên chưa rõ đã ghi hay chưa: hãy xem lại trước khi ghi lần nữa"
)


class StorageUnavailableError(KhcnError):
    """The database cannot be reached, may not be written to, or its disk is full.

    Args:
        reason: The driver's own words.
    """

    def __init__(
        self,
        reason: str,
        saying: Saying = _SQLITE[""],
        written: str = NOTHING_WRITTEN,
    ) -> None:
        what, advice = saying
        cause = f": {what} " if what else " "
        super().__init__(
            f"Không ghi hoặc đọc được cơ sở dữ liệu{cause}({' '.join(reason.split())}). "
            f"{written}; {advice}."
        )


def refused_by_driver(error: Exception, *, committing: bool = False) -> StorageUnavailableError:
    """What the officer is told of an error that a driver raised.

    Args:
        committing: It came while the transaction was being committed.
    """
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    written = PERHAPS_WRITTEN if committing and lost else NOTHING_WRITTEN
    return StorageUnavailableError(str(original), _saying(original), written)


def refused_by_disk(error: OSError) -> StorageUnavailableError:
    """What the officer is told where the folder of the database cannot be made."""
    return StorageUnavailableError(str(error), _SQLITE["SQLITE_CANTOPEN"])


def moved_away(path: str) -> StorageUnavailableError:
    """What the officer is told where the file under an open connection is gone."""
    what = "tệp cơ sở dữ liệu đã bị xóa, chuyển đi hoặc thay bằng tệp khác"
    return StorageUnavailableError(path, (what, _KEEP_HOME_WRITABLE))


def _saying(error: BaseException) -> Saying:
    name = getattr(error, "sqlite_errorname", None)
    if name is None:
        return _longest(_POSTGRESQL, getattr(error, "sqlstate", None) or "")
    return _longest(_SQLITE, name)


def _longest(sayings: Mapping[str, Saying], code: str) -> Saying:
    return sayings[max((key for key in sayings if code.startswith(key)), key=len)]
