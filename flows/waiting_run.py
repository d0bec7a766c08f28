"""Lượt chờ: what a stage flow does when a person has answered, or before anybody has."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.exceptions import Pause
from prefect.runtime import flow_run as current_run
from prefect.states import Completed, Failed

from flows.answer_form import (
    code_of,
    commitment_of,
    form_for,
    read_answer,
    require_cause,
    without_code,
)
from flows.boards import publish_boards
from flows.events import emit_recorded
from flows.reconciliation import reconcile_task
from flows.run_life import FELL_AWAY, FORM, NOT_RECORDED, pause_key, waiting_message
from flows.suspension import last_answer, put_to_sleep
from flows.task_page import publish_page
from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.one_time_codes import spend_code
from khcn_workflow.services.reconciliation import Question, WaitKey, question, settled
from khcn_workflow.services.recording import (
    Answer,
    Explanation,
    record_delay,
    record_outcome,
    was_recorded,
)

NOTHING_GIVEN = "Chưa nhận được câu trả lời nào; hãy điền mẫu rồi bấm Resume."


def answer_waiting_run(key: WaitKey) -> State[Any]:
    """The body of every stage flow: record the answer given, or wait for one.

    Ends in a state named after the outcome. A refusal asks again with the sentence on
    top and what was typed; an interim result is recorded and the run waits on. A run
    that was killed after it recorded finds its own request in the ledger and goes on.
    """
    app, run_id = start_unattended(), UUID(str(current_run.id))
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
    reconcile_task(app, client, key.task_code)
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
    form = form_for(asked, problem, without_code(typed or {}))
    message = f"{NOT_RECORDED}{problem}" if problem else waiting_message(asked)
    client.update_flow_run_labels(run_id, {FORM: asked.wait.stamp})
    raise Pause(
        state=put_to_sleep(client, run_id, form, pause_key(asked.wait.key, attempt), message)
    )


def _record(app: Application, asked: Question, given: Mapping[str, Any], key: str) -> str:
    answer = read_answer(asked, given, key)
    if asked.asks_code and not app.ask(was_recorded, key):
        refused = app.run(spend_code, answer.actor, code_of(given), answer.task_code, answer.step)
        if refused is not None:
            raise refused
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
    return Completed(name=done.title or FELL_AWAY, message=_too_late(given))


def _too_late(given: Mapping[str, Any]) -> str:
    typed = f" Câu trả lời gửi ở đây không được ghi: {without_code(given)}." if given else ""
    return f"Bước đã có kết quả qua cửa khác.{typed}"
