"""Liên kết: addresses inside the Prefect UI that operators follow."""

from datetime import date
from urllib.parse import quote

from khcn_workflow.domain.vietnamese import slug

FIRST_DAY = date(2014, 1, 1)
"""Before any run; a list without a time shows the last week only."""


OVERDUE_RUNS = f"/v2/runs?state=Suspended&tags={quote('quá hạn')}"
"""Every waiting run whose deadline has gone by."""


def board(key: str) -> str:
    """The newest version of an artifact, with its history."""
    return f"/v2/artifacts/key/{key}"


def page_key(task_code: str) -> str:
    """The artifact key of a task's page."""
    return f"nv-{slug(task_code)}"


def task_page(task_code: str) -> str:
    """The page of one task."""
    return board(page_key(task_code))


def waiting_runs(task_code: str) -> str:
    """What waits for people in one task; a filter by state has no limit in time."""
    return f"/v2/runs?state=Suspended&tags={quote(f'nv:{task_code}')}"


def all_runs(task_code: str) -> str:
    """Every run of one task, since there are runs."""
    since = f"{FIRST_DAY.isoformat()}T00:00:00Z"
    until = f"{FIRST_DAY.replace(year=2100).isoformat()}T00:00:00Z"
    return f"/v2/runs?tags={quote(f'nv:{task_code}')}&start={since}&end={until}"
