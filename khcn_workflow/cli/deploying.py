"""Flows and automations into Prefect's server, by Prefect's own programs; `khcn deploy`."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click

from khcn_workflow.cli.prefect_api import PrefectApi, address_of, auth_of
from khcn_workflow.domain.errors import KhcnError, SettingError

POOL = "khcn"
WORKER = "khcn"
"""Type of pool and worker: flows/worker.py."""
START_SECONDS = 120


class PrefectUnavailableError(KhcnError):
    """A Prefect program did not start, or its API did not answer."""

    def __init__(self, what: str, log: Path | None = None) -> None:
        where = f" Xem nhật ký: {log}" if log else ""
        super().__init__(f"Prefect chưa dùng được: {what}.{where}")


@click.command("deploy")
def deploy_command() -> None:
    """Triển khai các luồng vào máy chủ PREFECT_API_URL.

    Cả quy tắc tự động. «khcn up» tự làm việc này; lệnh dành cho máy chủ chạy riêng.
    """
    url = os.environ.get("PREFECT_API_URL", "")
    address = address_of(url)
    if not address:
        raise SettingError(
            "PREFECT_API_URL", url, "địa chỉ máy chủ, ví dụ http://127.0.0.1:4200/api"
        )
    api = PrefectApi(address, auth_of())
    deadline = time.monotonic() + START_SECONDS
    while not api.is_healthy():
        if time.monotonic() > deadline:
            raise PrefectUnavailableError(f"máy chủ {address} không trả lời")
        time.sleep(1)
    auth = {"PREFECT_API_AUTH_STRING": auth_of()} if auth_of() else {}
    deploy_all({**os.environ, **auth})
    click.echo(f"Đã triển khai vào {address}.")


def deploy_all(environment: Mapping[str, str]) -> None:
    """Make the work pool, deploy all flows of prefect.yaml, and the automations.

    Raises:
        PrefectUnavailableError: Prefect's own program refused; its last lines are shown.
    """
    prefect = ("prefect", "--no-prompt")
    pool = (*prefect, "work-pool", "create", POOL, "--type", WORKER, "--overwrite")
    _command(environment, *pool)
    _command(environment, *prefect, "deploy", "--all", "--prefect-file", str(prefect_file()))
    _command(environment, "flows.automations")


def prefect_file() -> Path:
    """prefect.yaml: in the wheel beside the flows, in a checkout above them.

    Raises:
        PrefectUnavailableError: It is in neither place.
    """
    spec = find_spec("flows")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    for path in (folder / "prefect.yaml", folder.parent / "prefect.yaml"):
        if path.is_file():
            return path
    raise PrefectUnavailableError("không tìm thấy prefect.yaml")


def _command(environment: Mapping[str, str], module: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", module, *arguments],
        env={**environment, "PREFECT_CLI_PROMPT": "false", "PREFECT_LOGGING_COLORS": "false"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_lines = " ".join((done.stdout + done.stderr).split()[-40:])
        raise PrefectUnavailableError(f"lệnh {module} báo lỗi: {last_lines}")
