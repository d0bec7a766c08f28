"""Tự động: what the server does by itself when a run breaks; `python -m flows.automations`.

Declared here, made or brought up to date by `khcn up` on every start. They are known by
their names, so that a second time changes nothing and an operator's own stay.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from flows.admin_channel import AdminChannel
from flows.deployments import NotDeployedError
from flows.events import PARKED

TELL = "Báo quản trị"
"""The deployment that writes to the administrator."""

HEARTBEAT = "prefect.flow-run.heartbeat"
SILENCE = timedelta(seconds=90)
"""Three heartbeats missed: the process is gone.

prefect.yaml has each run tell every 30 seconds; with Prefect's own 180 every run of more
than 90 seconds would be taken for dead.
"""

RUN = {"prefect.resource.id": "prefect.flow-run.*"}
NOT_ITSELF = {"prefect.resource.role": "deployment", "prefect.resource.name": f"!{TELL}"}


def automations(tell: UUID) -> list[AutomationCore]:
    """All of ours.

    Args:
        tell: Id of the deployment that writes to the administrator.
    """
    return [
        AutomationCore(
            name="KHCN · Lượt chạy hỏng → báo quản trị",
            description="Lượt chạy báo lỗi hoặc bị ngắt: gửi cảnh báo, mỗi lượt một ngày một lần.",
            trigger=EventTrigger(
                match=RUN,
                match_related=NOT_ITSELF,
                expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
                for_each={"prefect.resource.id"},
                posture=Posture.Reactive,
            ),
            actions=[RunDeployment(deployment_id=tell, parameters=_FACTS_OF_RUN)],
        ),
        AutomationCore(
            name="KHCN · Mất tín hiệu → bị ngắt",
            description=(
                "Tiến trình của một lượt chạy im lặng quá 90 giây mà lượt không kết thúc, "
                "không tạm dừng: coi là bị ngắt (Crashed); đối soát sẽ mở lại."
            ),
            trigger=EventTrigger(
                match=RUN,
                after={HEARTBEAT},
                expect={"prefect.flow-run.*"},
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                within=SILENCE,
            ),
            actions=[
                ChangeFlowRunState(
                    state=StateType.CRASHED,
                    name="Crashed",
                    message="Không còn tín hiệu từ tiến trình của lượt chạy.",
                )
            ],
        ),
        AutomationCore(
            name="KHCN · Kênh gửi hỏng → báo quản trị",
            description="Kênh gửi từ chối ta: gửi cảnh báo, mỗi ngày một lần.",
            trigger=EventTrigger(expect={PARKED}, posture=Posture.Reactive),
            actions=[RunDeployment(deployment_id=tell, parameters={})],
        ),
    ]


def deploy_automations(client: SyncPrefectClient) -> list[str]:
    """Make them, or bring them up to date; the names of those that are new.

    Raises:
        NotDeployedError: The deployment that they start is not there.
    """
    tell = _deployment_id(client)
    known = {found.name: found for found in client.read_automations(limit=200)}
    new = []
    for wanted in automations(tell):
        found = known.get(wanted.name)
        if found is None:
            client.create_automation(wanted)
            new.append(wanted.name)
        else:
            wanted.enabled = found.enabled
            client.update_automation(found.id, _as_update(wanted))
    return new


def _deployment_id(client: SyncPrefectClient) -> UUID:
    for deployment in client.read_deployments(limit=200):
        if deployment.name == TELL:
            return deployment.id
    raise NotDeployedError(TELL)


def _as_update(wanted: AutomationCore) -> AutomationCore:
    """With every default set, as the client sends only what is; an owner may not be sent."""
    return AutomationCore(**wanted.model_dump(exclude={"owner_resource"}))


def _from_event(template: str) -> Mapping[str, str]:
    return {"__prefect_kind": "jinja", "template": template}


_FACTS_OF_RUN = {
    "run": _from_event("{{ event.resource['prefect.resource.name'] }}"),
    "state": _from_event("{{ event.resource['prefect.state-name'] }}"),
    "message": _from_event("{{ event.resource['prefect.state-message'] }}"),
    "resource": _from_event("{{ event.resource.id }}"),
}

if __name__ == "__main__":
    with get_client(sync_client=True) as connection:
        deploy_automations(connection)
    AdminChannel.register_type_and_schema()
