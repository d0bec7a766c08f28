"""Kiểm tra định kỳ: the six-month reports and yearly checks of a running task."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting_run import answer_waiting_run
from khcn_workflow.services.reconciliation import WaitKey


@flow(name="Kiểm tra định kỳ")
def periodic_check(task_code: str, step: str, round_number: int = 1) -> State[Any]:
    """Chờ kết quả một bước của giai đoạn kiểm tra định kỳ, ghi vào sổ, mở bước tiếp theo."""
    return answer_waiting_run(WaitKey(task_code, "periodic_check", step, round_number))
