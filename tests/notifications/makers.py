"""Messages to test with."""

from datetime import UTC, datetime

from notifications.messages import Event, Message, Recipient, Rendered
from notifications.samples import samples

CREATED_AT = datetime(2019, 5, 13, 0, 30, tzinfo=UTC)  # 07:30 in Hà Nội
SENT_AT = datetime(2019, 5, 13, 1, 0, tzinfo=UTC)
SENDER = "Sở KH&CN tỉnh Cao Bằng <nhacviec@khcn.caobang.example>"
LAN = Recipient("lan", "Nông Thị Lan", "lan@khcn.caobang.example")
RENDERED = Rendered("Quá hạn 3 ngày làm việc", "Chữ thường\n", "<p>Chữ <b>đậm</b></p>\n")


def message(
    dedupe_key="NV-2019-07|tham-dinh|v1|D+1|lan|mail",
    recipient=LAN,
    thread="NV-2019-07",
    expires_at=None,
):
    return Message(
        dedupe_key=dedupe_key,
        event=Event.OVERDUE,
        channel="mail",
        recipient=recipient,
        context=samples(Event.OVERDUE)[0],
        created_at=CREATED_AT,
        expires_at=expires_at,
        thread=thread,
    )
