"""Bàn làm việc: how a deed that a clerk starts by hand in the Prefect UI runs and ends.

It ends with a sentence: what was done, or why not and what to do. What was typed stands
in the run's parameters, and "Copy to new run" brings it back.
"""

from collections.abc import Callable
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.runtime import flow_run as current_run
from prefect.states import Completed, Failed

from flows.boards import publish_boards
from flows.choices import refresh_choices
from flows.reconciliation import reconcile_task
from flows.task_page import publish_page
from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.one_time_codes import spend_code
from khcn_workflow.services.recording import was_recorded

Deed = Callable[[Application], str]
"""Does something and says what."""

TaskOf = Callable[[Application], str]
"""Finds the task that a deed was about."""

REFUSED = "Bị từ chối"
"""State of a deed that the rules refuse: its doer reads why; no administrator is told."""


def perform(deed: Deed, task_code: str | TaskOf = "", *, writes: bool = True) -> State[Any]:
    """Do the deed, then bring runs, pages, boards and dropdowns up to date with it.

    Args:
        task_code: The task whose waiting runs and page change with it, or how to find it
            once the deed is done; empty for none.
        writes: Whether it writes into the ledger at all.
    """
    app = start_unattended()
    try:
        sentence = deed(app)
    except KhcnError as refusal:
        return Failed(name=REFUSED, message=str(refusal))
    if writes:
        with SyncClientContext.get_or_create() as connection:
            code = task_code if isinstance(task_code, str) else task_code(app)
            _catch_up(app, connection.client, code)
    return Completed(message=sentence)


def prove(app: Application, person: str, code: str, task_code: str) -> None:
    """Take the one-time code of who records, where the Department asks for one.

    A run that is repeated after it recorded needs no second code.

    Raises:
        OneTimeCodeError: It is not right; the ledger keeps that it was tried.
    """
    if not app.settings.totp or app.ask(was_recorded, request_key()):
        return
    refused = app.run(spend_code, person, code, task_code)
    if refused is not None:
        raise refused


def request_key() -> str:
    """Names this run's request, so that a run that is repeated records it once."""
    return f"prefect:{current_run.id}"


def _catch_up(app: Application, client: SyncPrefectClient, task_code: str) -> None:
    if task_code:
        reconcile_task(app, client, task_code)
        publish_page(app, client, task_code)
    publish_boards(app, client)
    refresh_choices(app, client)
