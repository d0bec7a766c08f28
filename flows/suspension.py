"""Tạm dừng một lượt chạy: what Prefect keeps of a run that sleeps until a form is sent.

Below Prefect's tutorial level; tests/flows hold it to the real server.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateDetails
from prefect.exceptions import ObjectNotFound, Pause, PrefectHTTPStatusError
from prefect.input import RunInput, keyset_from_paused_state
from prefect.input.actions import read_flow_run_input
from prefect.states import Suspended
from prefect.utilities.engine import propose_state_sync

HTTP_CONFLICT = 409


def put_to_sleep(
    client: SyncPrefectClient, run_id: UUID, form: type[RunInput], pause_key: str, message: str
) -> State[Any]:
    """Save the form, then suspend: a run that can be resumed always has its form.

    Args:
        pause_key: Names this wait; lower-case letters, digits and hyphens.
        message: What the run's page shows beside "Suspended".
    """
    state: State[Any] = Suspended(timeout_seconds=None, pause_key=pause_key, message=message)
    keyset = keyset_from_paused_state(state)
    state.state_details.run_input_keyset = keyset  # type: ignore[assignment]
    for key, value in _kept(form, keyset).items():
        with _already_there():
            client.create_flow_run_input(run_id, key, value)
    try:
        return propose_state_sync(client=client, state=state, flow_run_id=run_id)
    except Pause as asleep:  # another pass, or the run's own process, was first
        return asleep.state or state


def rewrite_form(client: SyncPrefectClient, run: FlowRun, form: type[RunInput]) -> None:
    """Give a run that sleeps another form.

    Prefect has no way to change an input, so it is taken away and made anew; who resumes in
    between is told that there is no form, and what she typed stays before her.
    """
    keyset = (run.state.state_details.run_input_keyset if run.state else None) or {}
    for key, value in _kept(form, keyset).items():
        with suppress(ObjectNotFound):
            client.delete_flow_run_input(run.id, key)
        with _already_there():
            client.create_flow_run_input(run.id, key, value)


def schema_of(form: type[RunInput]) -> dict[str, Any]:
    """What `RunInput.save` would send; that opens a connection for each of two requests."""
    schema = form.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    return {**schema, "definitions": schema["$defs"]} if "$defs" in schema else schema


def last_answer(client: SyncPrefectClient, run_id: UUID) -> tuple[int, dict[str, Any]]:
    """Which attempt the run last waited in (0: none), and what was typed then."""
    waits = _waits(client, run_id)
    if not waits:
        return 0, {}
    attempt = int((waits[-1].pause_key or "0").rpartition("-")[2])
    return attempt, _given(run_id, waits[-1].run_input_keyset or {})


def answer_before(client: SyncPrefectClient, run_id: UUID) -> dict[str, Any]:
    """What was typed the time before the run went to sleep again."""
    waits = _waits(client, run_id)
    return _given(run_id, waits[-2].run_input_keyset or {}) if len(waits) > 1 else {}


def _waits(client: SyncPrefectClient, run_id: UUID) -> list[StateDetails]:
    """What Prefect keeps of each time the run slept, the last at the end."""
    paused = [s for s in client.read_flow_run_states(run_id) if s.is_paused()]
    return [s.state_details for s in sorted(paused, key=lambda state: state.timestamp)]


def _kept(form: type[RunInput], keyset: Mapping[Any, str]) -> dict[str, str]:
    """Schema and description as Prefect keeps them, by key."""
    described = form._description  # noqa: SLF001 - as RunInput.save does
    kept = {keyset["schema"]: schema_of(form), keyset["description"]: described}
    return {key: json.dumps(value) for key, value in kept.items()}


@contextmanager
def _already_there() -> Iterator[None]:
    """What a pass saved that died half way is as good as ours."""
    try:
        yield
    except PrefectHTTPStatusError as error:
        if error.response.status_code != HTTP_CONFLICT:
            raise


def _given(run_id: UUID, keyset: Mapping[str, str]) -> dict[str, Any]:
    if "response" not in keyset:
        return {}
    try:
        given = read_flow_run_input(keyset["response"], flow_run_id=run_id)
    except ObjectNotFound:
        return {}
    return given if isinstance(given, dict) else {}
