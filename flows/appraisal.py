"""Thẩm định: from the appraisal meeting to the approval of host, budget and time."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting_run import answer_waiting_run
from khcn_workflow.services.reconciliation import WaitKey


@flow(name="Thẩm định")
def appraisal(task_code: str, step: str, round_number: int = 1) -> State[Any]:
    """Chờ kết quả một bước của giai đoạn thẩm định, ghi vào sổ, mở bước tiếp theo."""
    return answer_waiting_run(WaitKey(task_code, "appraisal", step, round_number))
