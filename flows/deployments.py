"""Which deployment of the server belongs to which stage."""

from collections.abc import Mapping
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName

from khcn_workflow.domain.errors import KhcnError

STAGE_FLOWS: Mapping[str, str] = {
    "proposal": "Đề xuất/Đề xuất",
    "council_selection": "Tuyển chọn/Tuyển chọn",
    "appraisal": "Thẩm định/Thẩm định",
    "contract": "Hợp đồng/Hợp đồng",
    "periodic_check": "Kiểm tra định kỳ/Kiểm tra định kỳ",
    "acceptance": "Nghiệm thu/Nghiệm thu",
}
"""Stage id → "flow name/deployment name", as prefect.yaml deploys them."""


class NotDeployedError(KhcnError):
    """The server does not know our deployments."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Máy chủ Prefect chưa có bản triển khai «{name}». Chạy: prefect deploy --all"
        )


def deployment_ids(client: SyncPrefectClient) -> Mapping[str, UUID]:
    """The deployment of each stage.

    Raises:
        NotDeployedError: `prefect deploy --all` was not run against this server.
    """
    wanted = {name.rpartition("/")[2]: stage for stage, name in STAGE_FLOWS.items()}
    by_name = DeploymentFilter(name=DeploymentFilterName(any_=list(wanted)))
    found = {
        wanted[deployment.name]: deployment.id
        for deployment in client.read_deployments(deployment_filter=by_name)
    }
    for stage, name in STAGE_FLOWS.items():
        if stage not in found:
            raise NotDeployedError(name)
    return found
