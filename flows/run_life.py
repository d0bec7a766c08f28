"""Đời của một lượt chờ: a flow run that waits for a person, from its birth to its end.

A waiting run stands for one open step (docs/decisions/0002). It is born suspended,
without a process (DESIGN decision 3): a run in state Running, its form, then Suspended.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Completed, Crashed, Running, Scheduled

from flows.answer_form import form_for, without_code
from flows.suspension import answer_before, put_to_sleep, rewrite_form
from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import Clock
from khcn_workflow.domain.vietnamese import slug
from khcn_workflow.services.reconciliation import (
    Question,
    Settled,
    Wait,
    WaitKey,
    question,
)

LIVE = (StateType.PAUSED, StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED)
PAGE = 200
MAX_RUNS = 5
"""How often a crashed run is started again before a new one takes its place."""

PATIENCE = timedelta(minutes=10)
"""A stage flow runs for seconds; one that runs for so long has lost its process."""

NOT_RECORDED = "Chưa ghi được: "
"""How the message of a run begins that asks again after a refusal."""

FORM = "khcn.form"
"""Label of a run: the stamp of what its form was made from."""

FELL_AWAY = "Không còn chờ"
"""The state of a run whose step ended without a result of its own."""


def give_birth(
    app: Application, client: SyncPrefectClient, deployment_id: UUID, wait: Wait
) -> FlowRun | None:
    """The waiting run of `wait`: made now, finished if it was half made, or found.

    None when the answer is owed no longer.
    """
    asked = app.ask(question, wait.key)
    if asked is None:
        return None
    run = _created(client, deployment_id, wait)
    if is_half_born(run):
        put_to_sleep(
            client, run.id, form_for(asked), pause_key(wait.key, 1), waiting_message(asked)
        )
    return run


def is_half_born(run: FlowRun) -> bool:
    """Whether the pass that made the run ended before it put the run to sleep."""
    policy = run.empirical_policy
    running = run.state is not None and run.state.is_running()
    return running and bool(run.idempotency_key) and not (policy and policy.pause_keys)


def is_stuck(run: FlowRun, patience: timedelta) -> bool:
    """Whether the process of the run, or the worker that should start it, is gone.

    The automation on heartbeats ends a run that fell silent; not one whose worker died
    before its process spoke, nor one whose server was down in that minute.
    """
    state = run.state
    if state is None or not (state.is_running() or state.is_pending()) or is_half_born(run):
        return False
    return Clock().now() - state.timestamp > patience


def start_again(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Hand a run without a process to a worker once more; whether it still lives.

    Should the old process be there after all, both record under one request key: once.
    """
    if run.run_count < MAX_RUNS:
        client.set_flow_run_state(run.id, Scheduled(), force=True)
        return True
    message = f"Đã mở lại {MAX_RUNS} lần mà không xong."
    client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return False


def close(client: SyncPrefectClient, run_id: UUID, done: Settled) -> None:
    """End a waiting run whose step was answered elsewhere or fell away."""
    message = "Đã ghi qua cửa khác." if done.title else "Bước đã qua."
    client.update_flow_run(run_id, name=done.name, tags=done.tags)
    state: State[Any] = Completed(name=done.title or FELL_AWAY, message=message)
    client.set_flow_run_state(run_id, state, force=True)


def call_off(client: SyncPrefectClient, run_id: UUID) -> None:
    """Cancel a run that waits for an answer for which another run waits already."""
    message = "Lượt thừa: một lượt khác đang chờ cùng bước này."
    client.set_flow_run_state(run_id, Cancelled(message=message), force=True)


def rename(client: SyncPrefectClient, run: FlowRun, wait: Wait) -> bool:
    """Give the run the name and tags of `wait` (overdue or not); whether anything changed."""
    if run.name == wait.name and set(run.tags) == set(wait.tags):
        return False
    client.update_flow_run(run.id, name=wait.name, tags=wait.tags)
    return True


def renew_form(app: Application, client: SyncPrefectClient, run: FlowRun, wait: Wait) -> bool:
    """Write the form of a sleeping run anew if what it is made from has changed.

    A deadline that moved, a person who came: whoever opens the form sees things as they are.
    What a refusal said, and what was typed then, stays in it.
    """
    if run.labels.get(FORM) == wait.stamp or run.state is None:
        return False
    asked = app.ask(question, wait.key)
    if asked is None:
        return False
    _, refused, problem = (run.state.message or "").partition(NOT_RECORDED)
    typed = answer_before(client, run.id) if refused else {}
    rewrite_form(client, run, form_for(asked, problem, without_code(typed)))
    client.update_flow_run_labels(run.id, {FORM: wait.stamp})
    return True


def live_runs(
    client: SyncPrefectClient,
    deployments: Collection[UUID],
    task_code: str = "",
    states: Collection[StateType] = LIVE,
) -> Iterator[FlowRun]:
    """All runs of these deployments (for one task) that have not ended, or are in these states.

    Each once: runs that are made meanwhile push others from one page into the next.
    """
    seen: set[UUID] = set()
    tags = FlowRunFilterTags(all_=[f"nv:{task_code}"]) if task_code else None
    for page in count():
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))), tags=tags
            ),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(deployments))),
            sort=FlowRunSort.ID_DESC,
            limit=PAGE,
            offset=page * PAGE,
        )
        yield from (run for run in runs if run.id not in seen)
        seen.update(run.id for run in runs)
        if len(runs) < PAGE:
            return


def key_of(run: FlowRun, stage: str) -> WaitKey:
    """Which answer a run waits for."""
    given = run.parameters
    return WaitKey(str(given["task_code"]), stage, str(given["step"]), int(given["round_number"]))


def pause_key(key: WaitKey, attempt: int) -> str:
    """Names one wait of a run; Prefect allows lower-case letters, digits and hyphens."""
    return f"{slug(key.step)}-{key.round}-{attempt}"


def waiting_message(asked: Question) -> str:
    """What stands beside "Suspended" while the run waits."""
    due = f"{asked.proof}." if asked.proof else f"Không có thời hạn ({asked.without_limit})."
    return f"Chờ kết quả: {asked.step.title}. {due}"


def _created(client: SyncPrefectClient, deployment_id: UUID, wait: Wait) -> FlowRun:
    """The run of that idempotency key: the living one, or a crashed one started again.

    A crashed run may hold an answer nobody recorded, so it runs again before it is given
    up; one that was cancelled gets a successor.
    """
    for life in count(1):
        run = client.create_flow_run_from_deployment(
            deployment_id,
            parameters={
                "task_code": wait.key.task_code,
                "step": wait.key.step,
                "round_number": wait.key.round,
            },
            state=Running(),
            name=wait.name,
            tags=wait.tags,
            idempotency_key=f"{wait.key}#{life}" if life > 1 else str(wait.key),
            labels={FORM: wait.stamp},
        )
        if run.state is None or not run.state.is_final():
            return run
        if _may_run_again(run):
            client.set_flow_run_state(run.id, Scheduled(), force=True)
            return client.read_flow_run(run.id)
    raise AssertionError  # pragma: no cover - count() has no end


def _may_run_again(run: FlowRun) -> bool:
    broken = run.state is not None and (run.state.is_crashed() or run.state.is_failed())
    return broken and run.run_count < MAX_RUNS
