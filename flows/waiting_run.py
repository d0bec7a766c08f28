"""Lượt chờ: a flow run that waits for a person, from its birth to its outcome.

A waiting run stands for one open step (docs/decisions/0002). It is born suspended,
without a process (DESIGN decision 3): a run in state Running, its form, then Suspended.
All that touches Prefect below its tutorial level is in this file.
"""

from collections.abc import Iterator, Mapping
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
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import SyncClientContext
from prefect.exceptions import Pause
from prefect.runtime import flow_run as current_run
from prefect.states import Cancelled, Completed, Failed, Running, Scheduled

from flows.answer_form import commitment_of, form_for, read_answer, require_cause
from flows.boards import publish_boards
from flows.deployments import deployment_ids
from flows.events import emit_recorded
from flows.suspension import last_answer, put_to_sleep
from flows.task_page import publish_page
from khcn_workflow.bootstrap import Application, start
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.vietnamese import slug
from khcn_workflow.services.reconciliation import (
    Question,
    Settled,
    Wait,
    WaitKey,
    desired_waits,
    question,
    settled,
)
from khcn_workflow.services.recording import (
    Answer,
    Explanation,
    record_delay,
    record_outcome,
    was_recorded,
)

LIVE = [StateType.PAUSED, StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED]
PAGE = 200
MAX_RUNS = 5
"""How often a crashed run is started again before a new one takes its place."""

FELL_AWAY = "Không còn chờ"
"""The state of a run whose step ended without a result of its own."""

NOTHING_GIVEN = "Chưa nhận được câu trả lời nào; hãy điền mẫu rồi bấm Resume."


def answer_waiting_run(key: WaitKey) -> State[Any]:
    """The body of every stage flow: record the answer given, or wait for one.

    Ends in a state named after the outcome. A refusal asks again with the sentence on
    top and what was typed; an interim result is recorded and the run waits on. A run
    that was killed after it recorded finds its own request in the ledger and goes on.
    """
    app, run_id = start(), UUID(str(current_run.id))
    with SyncClientContext.get_or_create() as connection:
        client = connection.client
        attempt, given = last_answer(client, run_id)
        request_key = f"prefect:{run_id}:{attempt}"
        try:
            asked = app.ask(question, key)
        except KhcnError as refusal:  # a run made by hand, of a task or step that is none
            return Failed(message=str(refusal))
        if asked is None and app.ask(was_recorded, request_key):
            return _recorded(app, client, run_id, key, app.ask(settled, key).title)
        if asked is None:
            return _settled_elsewhere(app, client, run_id, key, given)
        problem = NOTHING_GIVEN if attempt and not given else ""
        if given:
            try:
                title = _record(app, asked, given, request_key)
            except KhcnError as refusal:
                problem = str(refusal)
            else:
                return _recorded(app, client, run_id, key, title, attempt)
        return _wait(client, run_id, asked, attempt + 1, problem=problem, typed=given)


def bring_up(app: Application, client: SyncPrefectClient, task_code: str, but: WaitKey) -> None:
    """Make the waiting runs of one task, except the one that is running now."""
    deployments = deployment_ids(client)
    for wait in app.ask(desired_waits, task_code):
        if wait.key != but:
            give_birth(app, client, deployments[wait.key.stage], wait)


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
        put_to_sleep(client, run.id, form_for(asked), _pause_key(wait.key, 1), _message(asked))
    return run


def is_half_born(run: FlowRun) -> bool:
    """Whether the pass that made the run ended before it put the run to sleep."""
    policy = run.empirical_policy
    running = run.state is not None and run.state.is_running()
    return running and bool(run.idempotency_key) and not (policy and policy.pause_keys)


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


def live_runs(client: SyncPrefectClient) -> Iterator[FlowRun]:
    """All runs of the six stages that have not ended."""
    deployments = list(deployment_ids(client).values())
    for page in count():
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LIVE))
            ),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=deployments)),
            sort=FlowRunSort.ID_DESC,
            limit=PAGE,
            offset=page * PAGE,
        )
        yield from runs
        if len(runs) < PAGE:
            return


def key_of(run: FlowRun, stage: str) -> WaitKey:
    """Which answer a run waits for."""
    given = run.parameters
    return WaitKey(str(given["task_code"]), stage, str(given["step"]), int(given["round_number"]))


def _recorded(
    app: Application,
    client: SyncPrefectClient,
    run_id: UUID,
    key: WaitKey,
    title: str,
    attempt: int = 0,
) -> State[Any]:
    """After a result: the next waiting runs, then the end, or the wait goes on."""
    emit_recorded(key, title)
    bring_up(app, client, key.task_code, but=key)
    publish_page(app, client, key.task_code)
    publish_boards(app, client)
    still_owed = app.ask(question, key)
    if still_owed is not None:
        return _wait(client, run_id, still_owed, attempt + 1)
    done = app.ask(settled, key)
    client.update_flow_run(run_id, name=done.name, tags=done.tags)
    return Completed(name=title, message=f"Đã ghi vào sổ: {title}.")


def _wait(
    client: SyncPrefectClient,
    run_id: UUID,
    asked: Question,
    attempt: int,
    problem: str = "",
    typed: Mapping[str, Any] | None = None,
) -> State[Any]:
    """Suspend this run until a person answers; its process ends here."""
    form = form_for(asked, problem, typed)
    message = f"Chưa ghi được: {problem}" if problem else _message(asked)
    raise Pause(
        state=put_to_sleep(client, run_id, form, _pause_key(asked.wait.key, attempt), message)
    )


def _message(asked: Question) -> str:
    """What stands beside "Suspended" while the run waits."""
    due = f"{asked.proof}." if asked.proof else f"Không có thời hạn ({asked.without_limit})."
    return f"Chờ kết quả: {asked.step.title}. {due}"


def _pause_key(key: WaitKey, attempt: int) -> str:
    """Names one wait of a run; Prefect allows lower-case letters, digits and hyphens."""
    return f"{slug(key.step)}-{key.round}-{attempt}"


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


def _record(app: Application, asked: Question, given: Mapping[str, Any], key: str) -> str:
    answer = read_answer(asked, given, key)
    if not answer.outcome:
        return _record_delay(app, answer, given)
    return app.run(record_outcome, answer).outcome_title


def _record_delay(app: Application, answer: Answer, given: Mapping[str, Any]) -> str:
    require_cause(answer)
    explanation = Explanation(
        task_code=answer.task_code,
        step=answer.step,
        on=answer.on,
        actor=answer.actor,
        cause=answer.cause,
        commitment=commitment_of(given),
        document=answer.document,
        note=answer.note,
        request_key=answer.request_key,
    )
    return app.run(record_delay, explanation).outcome_title


def _settled_elsewhere(
    app: Application,
    client: SyncPrefectClient,
    run_id: UUID,
    key: WaitKey,
    given: Mapping[str, Any],
) -> State[Any]:
    """The step was answered through another door; what was typed here is kept in sight."""
    done = app.ask(settled, key)
    client.update_flow_run(run_id, name=done.name, tags=done.tags)
    typed = f" Câu trả lời gửi ở đây không được ghi: {dict(given)}." if given else ""
    message = f"Bước đã có kết quả qua cửa khác.{typed}"
    return Completed(name=done.title or FELL_AWAY, message=message)
