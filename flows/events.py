"""Sự kiện: hints to Prefect that the ledger grew; nothing is lost when they are."""

from prefect.events import emit_event

from khcn_workflow.domain.vietnamese import slug
from khcn_workflow.services.reconciliation import WaitKey

RECORDED = "khcn.task.recorded"


def emit_recorded(key: WaitKey, outcome: str) -> None:
    """Say that a result of a task was recorded."""
    emit_event(
        event=RECORDED,
        resource={
            "prefect.resource.id": f"khcn.task.{slug(key.task_code)}",
            "prefect.resource.name": key.task_code,
            "khcn.stage": key.stage,
            "khcn.step": key.step,
        },
        payload={"outcome": outcome, "round": key.round},
    )
