"""Quét hạn: every morning, who must be told that a deadline comes or has gone."""

from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.boards import overdue_board
from khcn_workflow.bootstrap import start
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.inquiry import list_due


@flow(name="Quét hạn", flow_run_name="Quét hạn")
def deadline_sweep() -> State[Any]:
    """Tìm các hạn vừa tới mốc nhắc, viết lời nhắc vào hộp thư đi, làm mới bảng quá hạn."""
    app = start()
    swept = app.run(sweep)
    create_markdown_artifact(
        key="qua-han",
        markdown=overdue_board(app.ask(list_due), app.clock.today()),
        description="Các bước đã quá hạn và sắp đến hạn",
    )
    day = vietnamese.day(swept.day)
    return Completed(
        message=f"Ngày {day}: {swept.reached} mốc nhắc mới, {swept.messages} lời nhắc mới."
    )
