"""Tuyển chọn: from the call to the council's choice and the revised proposal."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting_run import answer_waiting_run
from khcn_workflow.services.reconciliation import WaitKey


@flow(name="Tuyển chọn")
def council_selection(task_code: str, step: str, round_number: int = 1) -> State[Any]:
    """Chờ kết quả một bước của giai đoạn tuyển chọn, ghi vào sổ, mở bước tiếp theo."""
    return answer_waiting_run(WaitKey(task_code, "council_selection", step, round_number))
