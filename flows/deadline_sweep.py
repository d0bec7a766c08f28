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
from khcn_workflow.services.digests import write_digests
from khcn_workflow.services.feeds import refresh_feeds


@flow(name="Quét hạn", flow_run_name="Quét hạn")
def deadline_sweep() -> State[Any]:
    """Viết lời nhắc của hạn vừa tới mốc, thư tổng hợp và thư tuần; làm mới các bảng."""
    app = start_unattended()
    swept = app.run(sweep)
    written = app.run(write_digests)
    refresh_feeds(app)
    with SyncClientContext.get_or_create() as connection:
        publish_boards(app, connection.client)
    day = vietnamese.day(swept.day)
    return Completed(
        message=f"Ngày {day}: {swept.reached} mốc nhắc mới, {swept.messages} lời nhắc mới, "
        f"{written.digests} thư tổng hợp."
    )
