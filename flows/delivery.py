"""Gửi thư: hands the outbox to the channels."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from khcn_workflow.bootstrap import start_unattended
from khcn_workflow.services.delivery import deliver_outbox


@flow(name="Gửi thư", flow_run_name="Gửi thư")
def delivery() -> State[Any]:
    """Gửi những thư đang chờ trong hộp thư đi; thư hỏng được thử lại theo lịch lùi dần."""
    delivered = deliver_outbox(start_unattended())
    rest = sum(delivered.counts.values()) - delivered.sent
    return Completed(message=f"Đã gửi {delivered.sent} thư, {rest} thư chưa gửi.")
