"""Lựa chọn trong mẫu: dropdowns of the deployments' forms, filled from the database.

Each deploy resets a deployment's form, so the dropdowns are filled again by every
reconciliation and right after a deploy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentUpdate

from flows.desk_forms import OFFICERS, OPEN_TASKS, PERSONS, STEPS
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.domain.science_task import Role

FORM = "form"
"""The parameter that holds a deed's form; the UI would show its name."""

MARK, BETWEEN = "choices", " – "
MOST = 1000
"""Choices beyond which a dropdown is no help: the field stays a text."""

TITLE = 70
"""Letters of a title that a choice shows."""

Choices = Mapping[str, Sequence[str]]


def refresh_choices(app: Application, client: SyncPrefectClient) -> int:
    """Make every dropdown offer what stands in the database; how many forms changed."""
    choices = app.ask(_choices)
    changed = 0
    for deployment in client.read_deployments(limit=200):
        schema: dict[str, Any] = deployment.parameter_openapi_schema or {}
        filled = fill(schema, choices)
        if FORM in filled.get("properties", {}):
            filled["properties"][FORM]["title"] = "Thông tin"
        if filled != schema:
            update = DeploymentUpdate(parameter_openapi_schema=filled)
            client.update_deployment(deployment.id, update)
            changed += 1
    return changed


def fill(schema: Any, choices: Choices) -> Any:
    """The schema with the choices of each marked field; the one given stays as it is."""
    if isinstance(schema, list):
        return [fill(part, choices) for part in schema]
    if not isinstance(schema, dict):
        return schema
    filled = {key: fill(part, choices) for key, part in schema.items() if key != "enum"}
    offered = choices.get(str(schema.get(MARK)), ()) if MARK in schema else schema.get("enum", ())
    if offered and len(offered) <= MOST:
        filled["enum"] = list(offered)
    return filled


def picked(text: str) -> str:
    """The code that a choice begins with."""
    return text.partition(BETWEEN)[0].strip()


def _choices(context: Context) -> Choices:
    persons = context.work.queries.persons().values()
    steps = context.default_rulebook(context.today).steps()
    tasks = {step.task_code: step.task_title for step in context.work.queries.owed_steps()}
    return {
        OPEN_TASKS: [_choice(code, title) for code, title in sorted(tasks.items())],
        PERSONS: [_choice(p.code, p.name) for p in persons if p.role is not Role.VIEWER],
        OFFICERS: [_choice(p.code, p.name) for p in persons if p.role is Role.OFFICER],
        STEPS: ["", *(_choice(step.id, step.title) for step in steps)],
    }


def _choice(code: str, title: str) -> str:
    return f"{code}{BETWEEN}{title if len(title) <= TITLE else title[: TITLE - 1] + '…'}"
