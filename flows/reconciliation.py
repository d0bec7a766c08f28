"""Đối soát: makes the waiting runs in Prefect those that the ledger asks for."""

from dataclasses import dataclass
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import SyncClientContext
from prefect.states import Completed

from flows.deployments import deployment_ids
from flows.waiting_run import close, give_birth, is_half_born, key_of, live_runs, retag
from khcn_workflow.bootstrap import Application, start
from khcn_workflow.services.reconciliation import WaitKey, desired_waits, settled


@dataclass(slots=True)
class Reconciled:
    """What one pass did."""

    owed: int = 0
    born: int = 0
    closed: int = 0
    retagged: int = 0

    def __str__(self) -> str:
        """The sentence an operator reads."""
        return (
            f"{self.owed} bước đang chờ: tạo {self.born} lượt chờ, "
            f"đóng {self.closed}, đổi nhãn {self.retagged}."
        )


@flow(name="Đối soát", flow_run_name="Đối soát")
def reconciliation() -> State[Any]:
    """So sổ cái với các lượt chờ: tạo lượt thiếu, đóng lượt thừa, sửa nhãn quá hạn."""
    done = reconcile(start())
    create_markdown_artifact(
        key="doi-soat", markdown=str(done), description="Lần đối soát gần nhất"
    )
    return Completed(message=str(done))


def reconcile(app: Application) -> Reconciled:
    """One pass: desired is the ledger's open steps, actual the runs that have not ended.

    Idempotent, and safe when two passes run at once: a run is named by its step.
    """
    done = Reconciled()
    with SyncClientContext.get_or_create() as connection:
        client = connection.client
        deployments = deployment_ids(client)
        stages = {deployment_id: stage for stage, deployment_id in deployments.items()}
        actual: dict[WaitKey, FlowRun] = {}
        for run in live_runs(client):
            if run.deployment_id is not None:
                actual[key_of(run, stages[run.deployment_id])] = run
        wanted = {wait.key: wait for wait in app.ask(desired_waits)}
        done.owed = len(wanted)
        for key, wait in wanted.items():
            found = actual.get(key)
            if found is None or is_half_born(found):
                done.born += give_birth(app, client, deployments[key.stage], wait) is not None
            else:
                done.retagged += retag(client, found, wait)
        for key, run in actual.items():
            if key not in wanted and run.state is not None and run.state.is_paused():
                close(client, run.id, app.ask(settled, key).title)
                done.closed += 1
    return done
