"""Messages to test with."""

from datetime import UTC, date, datetime

from notifications.messages import Appointment, Event, Message, Recipient, Rendered
from notifications.samples import samples

CREATED_AT = datetime(2019, 5, 13, 0, 30, tzinfo=UTC)  # 07:30 in Hà Nội
SENT_AT = datetime(2019, 5, 13, 1, 0, tzinfo=UTC)
SENDER = "Sở KH&CN tỉnh Cao Bằng <nhacviec@khcn.caobang.example>"
LAN = Recipient("lan", "Nông Thị Lan", "lan@khcn.caobang.example")
DUE = Appointment(
    uid="NV-2019-07.hop-to-tham-dinh.1",
    version=2,
    due_on=date(2019, 5, 8),
    summary="NV-2019-07: Họp tổ thẩm định kinh phí; hạn luật định, 10 ngày",
    description="Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019\nCăn cứ: Khoản 1 Điều 1",
    link="https://khcn.caobang.example/nhiem-vu/NV-2019-07",
)
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
