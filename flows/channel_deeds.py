"""Thông báo: the board of the channels, and what operators do about them by hand."""

from collections.abc import Sequence
from typing import Any, Literal

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State

from flows.admin_channel import through_block
from flows.artifacts import publish
from flows.boards import table
from flows.choices import picked
from flows.desk import perform, prove
from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import told_time
from khcn_workflow.context import Context
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services import channel_desk as desk
from khcn_workflow.services.feeds import FeedLine, feeds_now
from notifications.outbox import Outcome, Status
from notifications.reach import ADMIN

CHANNELS = "thong-bao"
"""Artifact key of the board."""

_WORDS = {"admin": "Báo quản trị", "mail": "Thư", "zalo": "Zalo"}
_WAITING = (Status.PENDING, Status.CLAIMED, Status.PARKED)
_STOPPED = {"dead": "bị từ chối", "unknown": "chưa rõ đã gửi", "parked": "chờ sửa kênh"}


class NotTakenError(KhcnError):
    """A channel did not take a trial message."""


def publish_channels(app: Application, client: SyncPrefectClient) -> None:
    """Rewrite the board of the channels as things stand now."""
    text = f"{app.ask(channel_board)}\n\n{feed_board(feeds_now(app))}"
    publish(client, CHANNELS, text, f"Kênh thông báo, {told_time(app.clock.now())}")


def channel_board(context: Context) -> str:
    """Each channel with its quota and standing; then what stopped, and why."""
    channels = []
    for line in desk.channels_now(context):
        state, counts = line.state, line.counts
        parked = state is not None and state.is_parked(context.now)
        channels.append(
            (
                _WORDS[line.alias],
                line.leads_to or "chưa đặt",
                counts.get(Status.SENT, 0),
                sum(counts.get(status, 0) for status in _WAITING),
                sum(counts.get(status, 0) for status in (Status.DEAD, Status.UNKNOWN)),
                "" if state is None or state.quota_left is None else state.quota_left,
                f"DỪNG: {state.reason}" if state and parked else "mở",
            )
        )
    stopped = [
        (
            line.id,
            _WORDS[line.channel],
            line.recipient,
            line.about,
            _STOPPED[line.status],
            line.reason,
        )
        for line in desk.stopped_messages(context)
    ]
    head = ["Kênh", "Dẫn tới", "Đã gửi", "Đang chờ", "Hỏng, chưa rõ", "Hạn mức còn", "Tình trạng"]
    return "\n\n".join(
        [
            f"# Kênh thông báo, {told_time(context.now)}",
            table(head, channels),
            "## Tin đã dừng",
            table(["Số", "Kênh", "Người nhận", "Về", "Tình trạng", "Lý do"], stopped),
        ]
    )


def feed_board(lines: Sequence[FeedLine]) -> str:
    """Who has a calendar of her own; its name is her secret and stands nowhere here."""
    rows = [
        (
            line.name,
            line.deadlines,
            told_time(line.made_at),
            told_time(line.changed_at) if line.changed_at else "không mở được, hãy cấp lại",
        )
        for line in lines
    ]
    text = table(["Cán bộ", "Số hạn", "Cấp lúc", "Đổi lần cuối"], rows)
    return f"## Lịch cá nhân\n\n{text}"


@flow(name="Gửi thử", flow_run_name="Gửi thử")
def try_channel(channel: Literal["mail", "zalo", "admin"] = "mail", person: str = "") -> State[Any]:
    """Gửi một tin thử; gửi được thì kênh đang dừng được mở lại.

    Args:
        channel: Kênh: mail (thư), zalo, admin (báo quản trị).
        person: Mã cán bộ nhận; để trống thì gửi quản trị.
    """

    def deed(app: Application) -> str:
        if channel == ADMIN:
            through_block(app)
        attempt = desk.try_channel(app, channel, picked(person))
        if attempt.outcome is not Outcome.SENT:
            raise NotTakenError(f"Không gửi được: {attempt.detail} (mã {attempt.code}).")
        return f"Kênh {_WORDS[channel].lower()} đã nhận tin thử."

    return perform(deed, writes=False)


@flow(name="Gửi lại", flow_run_name="Gửi lại")
def resend_message(number: int) -> State[Any]:
    """Đưa một tin đã dừng trở lại hàng chờ; lượt «Gửi thư» kế tiếp sẽ gửi.

    Args:
        number: Số của tin trong bảng «Kênh thông báo».
    """

    def deed(app: Application) -> str:
        app.run(desk.resend, number)
        return f"Tin {number} đã vào lại hàng chờ."

    return perform(deed, writes=False)


@flow(name="Liên kết Zalo", flow_run_name="Liên kết Zalo")
def link_zalo(person: str, recorded_by: str = "", one_time_code: str = "") -> State[Any]:
    """Cấp mã dùng một lần để một người nhắn cho bot Zalo; lượt «Gửi thư» kế tiếp nhận mã.

    Args:
        person: Mã cán bộ cần liên kết.
        recorded_by: Mã người cấp; khi đã có quản trị thì chỉ quản trị cấp được.
        one_time_code: Mã một lần của người cấp, nếu cơ quan dùng.
    """
    code, by = picked(person), picked(recorded_by)

    def deed(app: Application) -> str:
        prove(app, by, one_time_code, "")
        invitation = app.run(desk.invite, code, by)
        return (
            f"Mã liên kết của {code}: {invitation}. Người ấy nhắn riêng mã này cho bot Zalo của cơ "
            "quan trong 24 giờ; ai nhắn trước thì cuộc trò chuyện ấy được liên kết."
        )

    return perform(deed, writes=False)
