"""Prefect on one machine: server, worker and deployments as child processes.

The command line never imports prefect (docs/decisions/0004): it starts its programs and
speaks to its HTTP API, as the UI does.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from khcn_workflow.cli.deploying import (
    POOL,
    START_SECONDS,
    WORKER,
    PrefectUnavailableError,
    deploy_all,
)
from khcn_workflow.cli.log_files import rotate
from khcn_workflow.cli.prefect_api import HTTP_TIMEOUT, PrefectApi, auth_of
from khcn_workflow.cli.processes import holder, is_free
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.settings import Settings, as_environment

POLL_SECONDS = 0.25
STOP_SECONDS = 15
RUNS_AT_ONCE = 4
"""Each run is a fork that works for half a second of processor time; the others wait their turn."""
RUN_SECONDS = 240
CARE_SECONDS = 60
"""How often `stay` looks at the size of the logs."""
MOST_RESTARTS = 5
RESTART_WINDOW = 600
"""Seconds within which a program may end `MOST_RESTARTS` times before we give up."""

HOUSEKEEPING: Mapping[str, str] = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
"""What Prefect is told unless the environment says otherwise (docs/operations.md)."""


class PortTakenError(KhcnError):
    """Another program listens where our server should."""

    def __init__(self, port: int) -> None:
        who = holder(port)
        by = f" bởi {who}" if who else ""
        super().__init__(
            f"Cổng {port} đang bị chiếm{by}. Dừng chương trình ấy, hoặc chọn cổng khác: "
            "khcn up --port 4300 (--port 0: cổng trống bất kỳ)."
        )


@dataclass(slots=True)
class Program:
    """One child process, and how to start it again."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes]


@dataclass(slots=True)
class LocalPrefect:
    """Server and worker of one machine; use as a context, so that both are stopped.

    Attributes:
        port: Where the server listens on 127.0.0.1.
        worker_query_seconds: How often the worker asks for new runs.
        on_change: Told the process ids of the programs whenever one is started.
    """

    settings: Settings
    port: int
    worker_query_seconds: float = 2
    on_change: Callable[[list[int]], None] = lambda _pids: None
    _programs: list[Program] = field(default_factory=list)
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_RESTARTS))
    _api: PrefectApi = field(init=False)

    def __post_init__(self) -> None:
        self._api = PrefectApi(self.address, auth_of())

    @property
    def address(self) -> str:
        """The UI's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the programs of this machine's Prefect, and its flows, are told."""
        home = self.settings.home
        auth = auth_of()
        return {
            **HOUSEKEEPING,
            **os.environ,
            **({"PREFECT_API_AUTH_STRING": auth} if auth else {}),
            **as_environment(self.settings),
            "KHCN_UI_URL": self.settings.ui_url or self.address,
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": f"{self.address}/api",
            "PREFECT_API_REQUEST_TIMEOUT": str(HTTP_TIMEOUT),
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_LOGGING_COLORS": "false",
            "PREFECT_WORKER_QUERY_SECONDS": str(self.worker_query_seconds),
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
            PortTakenError: Another program listens there.
            PrefectUnavailableError: It ended or did not answer in time.
        """
        if not is_free(self.port):
            raise PortTakenError(self.port)
        host = ["--host", "127.0.0.1", "--port", str(self.port)]
        process = self._start("server", ["server", "start", *host])
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise PrefectUnavailableError("máy chủ tự dừng", self.log("server"))
            if self._api.is_healthy():
                return
            time.sleep(POLL_SECONDS)
        raise PrefectUnavailableError("máy chủ không trả lời", self.log("server"))

    def deploy(self) -> None:
        """Make the work pool, deploy all flows of prefect.yaml, and the automations.

        Raises:
            PrefectUnavailableError: Prefect's own program refused; its last lines are shown.
        """
        deploy_all(self.environment)

    def start_worker(self) -> None:
        """Start the worker; it is ready some seconds later."""
        limit = ["--limit", str(RUNS_AT_ONCE)]
        self._start("worker", ["worker", "start", "--pool", POOL, "--type", WORKER, *limit])

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask the API as the UI does; see `PrefectApi.call`."""
        return self._api.call(method, path, body)

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

    def stay(self, tell: Callable[[str], None] = lambda _line: None) -> None:
        """Stay until Ctrl-C or SIGTERM; a program that ends is started again.

        Args:
            tell: Given one sentence for each program that had to be started again.

        Raises:
            PrefectUnavailableError: One ends again and again.
        """
        care = time.monotonic()
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                for program in self._programs:
                    if program.process.poll() is not None:
                        self._restart(program, tell)
                if time.monotonic() >= care:
                    care = time.monotonic() + CARE_SECONDS
                    for program in self._programs:
                        rotate(self.log(program.name))
                time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End what was started, the worker first; whoever does not go is made to.

        A server that a worker still talks to ignores SIGTERM, hence the order and SIGINT.
        It takes at most twice `STOP_SECONDS` for each program.
        """
        for program in reversed(self._programs):
            _end(program.process)
        self._programs.clear()

    def log(self, name: str) -> Path:
        """The log file of one of the programs."""
        return self.settings.home / "logs" / f"{name}.log"

    def _start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        process = self._spawn(name, arguments)
        self._programs.append(Program(name, arguments, process))
        self.on_change([program.process.pid for program in self._programs])
        return process

    def _restart(self, program: Program, tell: Callable[[str], None]) -> None:
        now = time.monotonic()
        if len(self._ends) == MOST_RESTARTS and now - self._ends[0] < RESTART_WINDOW:
            raise PrefectUnavailableError(f"{program.name} dừng liên tục", self.log(program.name))
        self._ends.append(now)
        tell(f"{program.name} đã dừng (mã {program.process.returncode}); đang mở lại.")
        program.process = self._spawn(program.name, program.arguments)
        self.on_change([each.process.pid for each in self._programs])

    def _spawn(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        rotate(log)
        with log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, "-m", "prefect", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(child: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGKILL):
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(child.pid, how)
                child.wait(STOP_SECONDS)
