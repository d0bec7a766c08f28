"""Prefect on one machine: server, worker and deployments as child processes.

The command line never imports prefect (docs/decisions/0004): it starts its programs and
speaks to its HTTP API, as the UI does.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.settings import Settings, as_environment

POOL = "khcn"
POLL_SECONDS = 0.25
START_SECONDS = 120
STOP_SECONDS = 15
RUN_SECONDS = 240
HTTP_TIMEOUT = 100
"""Longer than the 60 seconds that Prefect's SQLite waits for a lock before it gives up."""
BUSY_TRIES = 20
BUSY_SECONDS = 0.5


class PrefectUnavailableError(KhcnError):
    """A Prefect program did not start, or its API did not answer."""

    def __init__(self, what: str, log: Path | None = None) -> None:
        where = f" Xem nhật ký: {log}" if log else ""
        super().__init__(f"Prefect chưa dùng được: {what}.{where}")


@dataclass(slots=True)
class LocalPrefect:
    """Server and worker of one machine; use as a context, so that both are stopped.

    Attributes:
        port: Where the server listens on 127.0.0.1.
        worker_query_seconds: How often the worker asks for new runs.
    """

    settings: Settings
    port: int
    worker_query_seconds: float = 5
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The UI's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the programs of this machine's Prefect, and its flows, are told."""
        home = self.settings.home
        return {
            **os.environ,
            **as_environment(self.settings),
            "KHCN_UI_URL": self.settings.ui_url or self.address,
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": f"{self.address}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_API_REQUEST_TIMEOUT": str(HTTP_TIMEOUT),
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_LOGGING_COLORS": "false",
            "PREFECT_WORKER_QUERY_SECONDS": str(self.worker_query_seconds),
            "DO_NOT_TRACK": "1",
        }

    def __enter__(self) -> "LocalPrefect":
        """From here on SIGTERM is as Ctrl-C, so that no program is left behind."""
        with contextlib.suppress(ValueError):  # only the main thread may set it
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start_server(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            PrefectUnavailableError: It ended or did not answer in time.
        """
        host = ["--host", "127.0.0.1", "--port", str(self.port)]
        child = self._start("server", ["server", "start", *host])
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise PrefectUnavailableError("máy chủ tự dừng", self.log("server"))
            if self.is_healthy():
                return
            time.sleep(POLL_SECONDS)
        raise PrefectUnavailableError("máy chủ không trả lời", self.log("server"))

    def deploy(self) -> None:
        """Make the work pool and deploy all flows of prefect.yaml.

        Raises:
            PrefectUnavailableError: Prefect's own program refused; its last lines are shown.
        """
        self._command("work-pool", "create", POOL, "--type", "process", "--overwrite")
        self._command("--no-prompt", "deploy", "--all", "--prefect-file", str(prefect_file()))

    def start_worker(self) -> None:
        """Start the worker; it is ready some seconds later."""
        self._start("worker", ["worker", "start", "--pool", POOL, "--type", "process"])

    def is_healthy(self) -> bool:
        """Whether the server answers."""
        try:
            self.call("GET", "/health")
        except (OSError, ValueError):
            return False
        return True

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask the API as the UI does; the JSON answer, None for an empty one.

        A server whose SQLite is busy answers 503 and has done nothing: it is asked again,
        as Prefect's own client does.

        Raises:
            OSError: No connection, or an HTTP error.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own server on 127.0.0.1
            f"{self.address}/api{path}",
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        for patience in range(BUSY_TRIES, -1, -1):
            try:
                with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT) as answer:  # noqa: S310
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or not patience:
                    raise
            time.sleep(BUSY_SECONDS)
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def run_deployment(self, name: str, parameters: Mapping[str, Any] | None = None) -> str:
        """Start a run of a deployment by its name, as "Quick run" does; the run's id."""
        found = self.call(
            "POST", "/deployments/filter", {"deployments": {"name": {"any_": [name]}}}
        )
        if not found:
            raise PrefectUnavailableError(f"không có bản triển khai «{name}»")
        body = {"parameters": dict(parameters or {}), "state": {"type": "SCHEDULED"}}
        run = self.call("POST", f"/deployments/{found[0]['id']}/create_flow_run", body)
        return str(run["id"])

    def wait_for_run(self, run_id: str, seconds: float = RUN_SECONDS) -> dict[str, Any]:
        """Wait until a run has ended; its last state.

        Raises:
            PrefectUnavailableError: It had not ended in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            state: dict[str, Any] = self.call("GET", f"/flow_runs/{run_id}")["state"]
            if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                return state
            time.sleep(POLL_SECONDS)
        raise PrefectUnavailableError(f"lượt chạy {run_id} chưa xong", self.log("worker"))

    def stay(self) -> None:
        """Stay until Ctrl-C, SIGTERM, or one of the programs ends."""
        with contextlib.suppress(KeyboardInterrupt):
            while all(child.poll() is None for child in self._children):
                time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End what was started, the worker first; whoever does not go is made to.

        A server that a worker still talks to ignores SIGTERM, hence the order and SIGINT.
        """
        for child in reversed(self._children):
            _end(child)
        self._children.clear()

    def log(self, name: str) -> Path:
        """The log file of one of the programs."""
        return self.settings.home / "logs" / f"{name}.log"

    def _start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, "-m", "prefect", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(child)
        return child

    def _command(self, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-m", "prefect", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last_lines = " ".join((done.stdout + done.stderr).split()[-40:])
            raise PrefectUnavailableError(f"lệnh prefect {arguments[0]} báo lỗi: {last_lines}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def _end(child: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGKILL):
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(child.pid, how)
                child.wait(STOP_SECONDS)
