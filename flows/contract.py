"""Ký hợp đồng: the signing of the contract."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting_run import answer_waiting_run
from khcn_workflow.services.reconciliation import WaitKey


@flow(name="Hợp đồng")
def contract(task_code: str, step: str, round_number: int = 1) -> State[Any]:
    """Chờ kết quả một bước của giai đoạn ký hợp đồng, ghi vào sổ, mở bước tiếp theo."""
    return answer_waiting_run(WaitKey(task_code, "contract", step, round_number))
