"""Cảnh báo: something of the system itself does not run as it should."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from khcn_workflow.domain.vietnamese import count, day

SWEPT_BY = time(9)
"""Hour in Hà Nội by which a working day is swept; the sweep's schedule is 07:30."""


STUCK_FOR = timedelta(hours=2)
"""How long a message whose time has come may lie untouched; delivery runs every 5 minutes."""


class AlertKind(StrEnum):
    """What went wrong; the value goes into keys and parameters."""

    SWEEP_MISSED = "chua-quet"
    CHANNEL_PARKED = "kenh-hong"
    ZALO_PARKED = "zalo-hong"
    NOTHING_LEAVES = "khong-gui"
    RUN_BROKEN = "luot-hong"
    CHECK_FAILED = "kiem-tra"
    TOLD_BY_PREFECT = "prefect"


REMEDIES = {
    AlertKind.SWEEP_MISSED: (
        "Mở bản triển khai «Quét hạn», bỏ tạm dừng nếu có và bấm Quick run; hoặc chạy: khcn sweep. "
        "Rồi chạy: khcn doctor"
    ),
    AlertKind.CHANNEL_PARKED: (
        "Sửa KHCN_MAIL_URL hoặc mật khẩu của kênh gửi, rồi chạy: khcn deliver --again"
    ),
    AlertKind.ZALO_PARKED: (
        "Sửa kênh Zalo theo lý do trên (docs/notifications.md), rồi chạy: khcn notify test zalo"
    ),
    AlertKind.NOTHING_LEAVES: (
        "Mở bản triển khai «Gửi thư», bỏ tạm dừng nếu có; hoặc chạy: khcn deliver. "
        "Rồi chạy: khcn doctor"
    ),
    AlertKind.RUN_BROKEN: (
        "Mở lượt chạy trong giao diện, đọc Logs; lượt chờ của nhiệm vụ sẽ được đối soát mở lại, "
        "điều đã ghi vào sổ cái không mất"
    ),
    AlertKind.CHECK_FAILED: "Chạy: khcn doctor",
    AlertKind.TOLD_BY_PREFECT: "Mở giao diện Prefect, xem Event Feed và Automations",
}
"""What to do, by kind."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell the administrator, once a day.

    Attributes:
        title: One sentence without its full stop.
        detail: More, or empty.
        subject: What it is about; with kind and day it makes an alert the same alert.
        path: Where in the Prefect UI it can be seen ("/runs/…"), or empty.
    """

    kind: AlertKind
    title: str
    detail: str = ""
    subject: str = ""
    path: str = ""

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.kind]


def sweep_missed(today: date, swept_to: date | None) -> Alert:
    """The sweep of a working day has not run by `SWEPT_BY`."""
    last = f"Lần quét gần nhất: {day(swept_to)}." if swept_to else "Chưa quét lần nào."
    return Alert(
        AlertKind.SWEEP_MISSED,
        f"Hạn của ngày {day(today)} chưa được quét lúc {SWEPT_BY:%H:%M}",
        f"{last} Chưa quét thì chưa có lời nhắc của hôm nay; quét muộn không làm sót lời nhắc nào.",
    )


def run_broken(name: str, state: str, message: str, path: str) -> Alert:
    """A flow run failed or crashed.

    Args:
        state: Prefect's name of the state: "Failed" or "Crashed".
        path: Where the run is in the Prefect UI.
    """
    how = "bị ngắt giữa chừng" if state == "Crashed" else "báo lỗi"
    return Alert(AlertKind.RUN_BROKEN, f"Lượt chạy «{name}» {how}", message, name, path)


def channel_parked(messages: int, reason: str) -> Alert:
    """Messages wait for their channel to be mended."""
    return Alert(
        AlertKind.CHANNEL_PARKED,
        f"Kênh gửi thư hỏng: {count(messages)} thư đang chờ sửa kênh",
        reason,
    )


def zalo_parked(reason: str) -> Alert:
    """Zalo refuses us; its messages go by mail meanwhile."""
    return Alert(AlertKind.ZALO_PARKED, "Kênh Zalo đang dừng, lời nhắc đi bằng thư", reason)


def nothing_leaves(messages: int) -> Alert:
    """Messages whose time has come are touched by nobody."""
    hours = STUCK_FOR // timedelta(hours=1)
    return Alert(
        AlertKind.NOTHING_LEAVES,
        f"{count(messages)} tin chờ gửi đã quá {hours} giờ mà không được gửi",
    )
