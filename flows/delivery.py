"""Gửi thư: hands the outbox to the channels, and says what does not run as it should."""

from contextlib import suppress
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed

from flows.admin_alert import look_around
from flows.admin_channel import through_block
from flows.channel_deeds import publish_channels
from flows.events import announce_new_facts
from khcn_workflow.bootstrap import start_unattended
from khcn_workflow.services.channel_desk import LinkingError, link_waiting
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.feeds import refresh_feeds


@flow(name="Gửi thư", flow_run_name="Gửi thư")
def delivery() -> State[Any]:
    """Gửi thư đang chờ; thư hỏng được thử lại theo lịch lùi dần, kênh hỏng thì báo quản trị."""
    app = start_unattended()
    through_block(app)
    with suppress(LinkingError):  # mail goes all the same; a broken bot parks its own channel
        link_waiting(app, wait_seconds=1)
    delivered = deliver_outbox(app)
    rest = sum(delivered.counts.values()) - delivered.sent
    told = look_around(app)
    announce_new_facts(app)
    refresh_feeds(app)
    with SyncClientContext.get_or_create() as connection:
        publish_channels(app, connection.client)
    said = delivered.left_alone or f"Đã gửi {delivered.sent} thư, {rest} thư chưa gửi."
    return Completed(message=f"{said} {told}")
