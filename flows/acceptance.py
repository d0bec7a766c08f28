"""Nghiệm thu: from the acceptance dossier to recognition and liquidation."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting_run import answer_waiting_run
from khcn_workflow.services.reconciliation import WaitKey


@flow(name="Nghiệm thu")
def acceptance(task_code: str, step: str, round_number: int = 1) -> State[Any]:
    """Chờ kết quả một bước của giai đoạn nghiệm thu, ghi vào sổ, mở bước tiếp theo."""
    return answer_waiting_run(WaitKey(task_code, "acceptance", step, round_number))
