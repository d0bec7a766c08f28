"""Quét hạn: every morning, who must be told that a deadline comes or has gone."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed

from flows.boards import publish_boards
from khcn_workflow.bootstrap import start_unattended
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.feeds import refresh_feeds


@flow(name="Quét hạn", flow_run_name="Quét hạn")
def deadline_sweep() -> State[Any]:
    """Tìm các hạn vừa tới mốc nhắc, viết lời nhắc vào hộp thư đi, làm mới các bảng."""
    app = start_unattended()
    swept = app.run(sweep)
    refresh_feeds(app)
    with SyncClientContext.get_or_create() as connection:
        publish_boards(app, connection.client)
    day = vietnamese.day(swept.day)
    return Completed(
        message=f"Ngày {day}: {swept.reached} mốc nhắc mới, {swept.messages} lời nhắc mới."
    )
