"""Gửi thư: hands the outbox to the channels."""

from prefect import flow

from khcn_workflow.bootstrap import start
from khcn_workflow.services.delivery import deliver_outbox


@flow(name="Gửi thư", flow_run_name="Gửi thư")
def delivery() -> str:
    """Gửi những thư đang chờ trong hộp thư đi; thư hỏng được thử lại theo lịch lùi dần."""
    delivered = deliver_outbox(start())
    return f"Đã gửi {delivered.sent} thư. {delivered.counts or 'Không có thư chờ.'}"
