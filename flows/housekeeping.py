"""Dọn dẹp: the runs of our own machinery leave Prefect's database after a week.

Every five minutes a delivery, every ten a reconciliation: some 450 runs a day, which tell
nothing a week later. Waiting runs and whatever failed stay until Prefect's own vacuum
(90 days); reports stay. The ledger is not touched.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed

from khcn_workflow.clock import Clock

KEPT = timedelta(days=7)
OWN = ("Quét hạn", "Gửi thư", "Đối soát", "Báo quản trị", "Dọn dẹp")
"""Deployments whose finished runs nobody looks up later."""

FINISHED = ["COMPLETED", "CANCELLED"]
MOST = 500
"""Requests of one run: 25,000 runs."""


@flow(name="Dọn dẹp", flow_run_name="Dọn dẹp")
def housekeeping() -> State[Any]:
    """Xóa khỏi Prefect các lượt chạy hệ thống đã xong quá 7 ngày; sổ cái và báo cáo không đổi."""
    with SyncClientContext.get_or_create() as connection:
        removed = remove_old_runs(connection.client, Clock().now() - KEPT)
    return Completed(message=f"Đã xóa {removed} lượt chạy hệ thống đã xong quá {KEPT.days} ngày.")


def remove_old_runs(client: SyncPrefectClient, before: datetime) -> int:
    """Delete the finished runs of `OWN` that ended before an instant; how many.

    Their logs go with them, their artifacts with the server's daily search for orphans.
    """
    own = [str(found) for found in _own_deployments(client)]
    wanted = {
        "deployment_id": {"any_": own},
        "state": {"type": {"any_": FINISHED}},
        "end_time": {"before_": before.isoformat()},
    }
    removed = 0
    for _ in range(MOST):
        answer = client.request(
            "POST",
            "/flow_runs/bulk_delete",  # type: ignore[arg-type]  # the list of paths lacks it
            json={"flow_runs": wanted},
        )
        answer.raise_for_status()
        deleted = len(answer.json()["deleted"])
        removed += deleted
        if not deleted:
            break
    return removed


def _own_deployments(client: SyncPrefectClient) -> list[UUID]:
    return [each.id for each in client.read_deployments(limit=200) if each.name in OWN]
